"""The contract as a PDF, from exactly the version that is current."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries
from srm_portal.documents import services as documents
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.pdf import render_pdf
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.web import formats, names


def _price_row(row: dict[str, Any], currency: str, language: str) -> dict[str, str]:
    def money(text: str | None) -> str:
        return "–" if text is None else formats.money(Decimal(text), currency, language)

    if "lot_total" in row:
        part = formats.percent(Decimal(row["share"]), language) if "share" in row else ""
        return {"number": "", "title": f"Σ {row['title']}", "quantity": part, "price": money(row["lot_total"])}
    quantity = f"{formats.number(Decimal(row['quantity']), language)} {UNITS.get(row['unit'], row['unit'])}"
    return {
        "number": str(row["number"]),
        "title": row["title"],
        "quantity": quantity,
        "price": money(row["unit_price"]),
    }


def contract_pdf(contract: queries.ContractView, version: queries.VersionView | None = None) -> bytes:
    """A version (the current one unless told) with its approvals as PDF/A-2b, in the contract's language."""
    version = version or queries.version(contract.id, contract.current_version)
    language = contract.language
    organisation = identity.organisation(contract.organisation_id)
    taken = (
        [one for one in queries.steps(contract.id) if one.state == "approved"] if _approved(contract, version) else []
    )
    with force_locale(language):
        labels = {
            "version": _("version"),
            "kind": str(names.CONTRACT_KINDS[contract.kind]),
            "buyer": _("Buyer"),
            "supplier": _("Supplier"),
            "value": _("Value"),
            "term": _("Term"),
            "annex": _("Annex 1: price list"),
            "annex_note": _(
                "Unit prices are those of the offer. Where a lower sum was agreed for a lot, its unit prices fall in the "
                "same proportion."
            ),
            "number": _("No."),
            "item": _("Item"),
            "quantity": _("Quantity"),
            "price": _("Price"),
            "approvals": _("Approved by"),
            "sign_buyer": _("For the buyer: name, date, signature"),
            "sign_supplier": _("For the supplier: name, date, signature"),
        }
        states = {
            "draft": _("draft"),
            "in_approval": _("in approval"),
            "approved": _("approved"),
            "active": _("active"),
        }
        state = states.get(contract.state, contract.state)
    return render_pdf(
        "contract",
        {
            "labels": labels,
            "language": language,
            "title": contract.title,
            "reference": contract.reference,
            "version": str(version.number),
            "state": state,
            "sha256": version.sha256,
            "buyer": organisation.name,
            "supplier": contract.supplier_name,
            "value": formats.money(contract.value, contract.currency, language),
            "term": f"{formats.day(contract.starts_on, language)} – {formats.day(contract.ends_on, language)}",
            "clauses": [{"title": one.title, "text": one.text} for one in version.clauses],
            "prices": [_price_row(row, contract.currency, language) for row in version.prices],
            "approvals": [
                {
                    "name": f"{said.name} ({said.on_behalf_name})" if said.on_behalf_name else said.name,
                    "at": formats.moment(said.at, language, organisation.zone),
                }
                for one in taken
                for said in one.decisions
            ],
        },
        archive=True,
    )


def _approved(contract: queries.ContractView, version: queries.VersionView) -> bool:
    """Approvals stand on the version they were given for, and on no other."""
    return contract.state in ("approved", "active", "terminated") and version.number == contract.current_version


PDF_JOB = "contracts.pdf"


@command
def ask_pdf(actor: Actor, contract_id: str, *, now: datetime) -> str:
    """Queue the PDF of the current version; returns the job's id. The caller has authorised the actor."""
    job_id = jobs.enqueue(PDF_JOB, {"contract": contract_id, "user": actor.user_id}, now=now)
    assert job_id is not None
    return job_id


def make_pdf(work: jobs.Work) -> None:
    """Job: render, keep the file with the contract, tell who asked."""
    view = queries.contract(work.args["contract"])
    version = queries.version(view.id, view.current_version)
    work.progress(1, 3)
    data = contract_pdf(view, version)
    work.progress(2, 3)
    actor = identity.active_actor(work.args["user"])
    if actor is not None:
        _keep_pdf(actor, view, version.number, data, now=work.now)
    work.progress(3, 3)


@command
def _keep_pdf(actor: Actor, view: queries.ContractView, number: int, data: bytes, *, now: datetime) -> None:
    made = FileStorage(io.BytesIO(data), filename=f"{view.reference}-v{number}.pdf")
    documents.store(actor, "contract", view.id, made, now=now, note="pdf", stream=view.stream)
    facts = {"reference": view.reference, "title": view.title}
    notify([actor.user_id], "contract_pdf_ready", path=f"/contracts/{view.id}#files", now=now, mail=False, **facts)


def pdf_progress(contract_id: str, job_id: str) -> dict[str, Any]:
    """How far the job is, as `<job-progress>` asks for it."""
    job = jobs.job_view(job_id)
    if job is None or job.kind != PDF_JOB or job.args.get("contract") != contract_id:
        raise NotFound
    states = {"done": "done", "failed": "failed"}
    shown = {"state": states.get(job.state, "running"), "done": job.done, "total": job.total or 3, "text": ""}
    return shown | {"next_url": f"/contracts/{contract_id}#files"}
