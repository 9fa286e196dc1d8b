"""The contract as a PDF, from exactly the version that is current."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from srm_portal.contracts import queries
from srm_portal.identity import queries as identity
from srm_portal.infra.pdf import render_pdf
from srm_portal.kernel.measure import UNITS
from srm_portal.web import formats, names


def _price_row(row: dict[str, Any], currency: str, language: str) -> dict[str, str]:
    def money(text: str | None) -> str:
        return "–" if text is None else formats.money(Decimal(text), currency, language)

    if "lot_total" in row:
        return {"number": "", "title": f"Σ {row['title']}", "quantity": "", "price": money(row["lot_total"])}
    quantity = f"{formats.number(Decimal(row['quantity']), language)} {UNITS.get(row['unit'], row['unit'])}"
    return {
        "number": str(row["number"]),
        "title": row["title"],
        "quantity": quantity,
        "price": money(row["unit_price"]),
    }


def contract_pdf(contract: queries.ContractView) -> bytes:
    """The current version with its approvals, in the contract's language."""
    version = queries.current_version(contract.id)
    language = contract.language
    organisation = identity.organisation(contract.organisation_id)
    taken = [one for one in queries.steps(contract.id) if one.state == "approved"]
    with force_locale(language):
        labels = {
            "version": _("version"),
            "kind": str(names.ENGAGEMENT_NAMES[contract.kind]),
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
                    "name": one.decided_by_name,
                    "at": formats.moment(one.decided_at, language, organisation.zone) if one.decided_at else "",
                }
                for one in taken
            ],
        },
    )
