"""Signing an approved contract, side by side in its order; the last signature makes it active."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import BinaryIO

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.life import LIFE, SIDES
from srm_portal.contracts.models import Contract, Signature
from srm_portal.contracts.services.drafting import take_effect
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.contracts.services.running import start_daily
from srm_portal.contracts.store import contract_row, row_of_either_side
from srm_portal.documents import queries as files
from srm_portal.documents import services as documents
from srm_portal.documents.domain.inspection import inspect_file
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs, pdf_signing
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify

CODE_LENGTH = 12
"""So many signs of the content's hash stand on every page; who files a signed paper types them."""


@dataclass
class _Made:
    """A file the portal made, as the documents room takes uploads."""

    filename: str | None
    stream: BinaryIO


def _authority(actor: Actor, row: Contract) -> None:
    """Who may bind: a supplier user who may, or a manager whose limit covers the value."""
    if actor.supplier_id is not None:
        if not actor.may_bid:
            raise Forbidden("may_not_bid")
        return
    if not actor.may("contract:approve") or actor.limit is None:
        raise Forbidden("no_authority")
    if row.value > Decimal(actor.limit):
        raise Forbidden("above_limit", limit=Money(Decimal(actor.limit), row.currency))


def _paper(view: queries.ContractView, sha256: str) -> bytes:
    """What is signed next: the file with the signatures so far, checked against its recorded hash, or a fresh one."""
    standing = queries.standing(view.id)
    if not standing:
        return contract_pdf(view)
    last = standing[-1]
    held = files.file_of("contract", view.id, last.file_id)
    with files.open_bytes(held) as stream:
        data = stream.read()
    if last.sha256 != sha256 or not all(one.good for one in pdf_signing.check_pdf(data)):
        raise Refused("signed_file_changed")
    return data


def _past_standstill(row: Contract, day: date, now: datetime) -> None:
    """A contract over an award is signed when its standstill is over: the losing bidders may object until then."""
    until = queries.standstill_until(row)
    if until is not None and (now < until or day < until.date()):
        raise Refused("standstill_runs", until=until)


def _to_sign(actor: Actor, row: Contract, sha256: str, now: datetime) -> tuple[str, queries.VersionView]:
    """The side that signs and the version, when everything allows it now."""
    side = "supplier" if actor.supplier_id is not None else "buyer"
    if row.state != "approved":
        raise Refused("not_to_sign")
    _authority(actor, row)
    _past_standstill(row, now.date(), now)
    if queries.whose_turn(queries.contract(row.id)) != side:
        raise Refused("sign_not_your_turn")
    version = queries.current_version(row.id)
    if sha256 != version.sha256:
        raise Refused("content_changed")
    return side, version


def sign(
    actor: Actor,
    contract_id: str,
    sha256: str,
    *,
    now: datetime,
    pkcs12: bytes | None = None,
    passphrase: str = "",
) -> None:
    """Sign exactly the content that was read, with the portal's certificate or one's own (PKCS#12, never kept).

    The file is made before the write lock is taken, and kept only if nothing moved meanwhile. Refused: `not_to_sign`
    (not approved), `standstill_runs`, `sign_not_your_turn`, `content_changed`, `signed_file_changed`,
    `certificate_unreadable`. Forbidden: `no_authority`, `above_limit`, `may_not_bid`.
    """
    row = row_of_either_side(actor, contract_id)
    side, version = _to_sign(actor, row, sha256, now)
    view = queries.contract(row.id)
    signed, subject = pdf_signing.sign_pdf(
        _paper(view, version.sha256),
        field=side,
        name=actor.name,
        reason=f"{view.reference} SHA-256 {version.sha256}",
        now=now,
        pkcs12=pkcs12,
        passphrase=passphrase,
    )
    made = _Made(f"{view.reference}-{side}.pdf", io.BytesIO(signed))
    _keep(actor, contract_id, sha256, "portal" if pkcs12 is None else "certificate", subject, made, now)


@command
def _keep(
    actor: Actor, contract_id: str, sha256: str, method: str, subject: str, made: documents.Upload, now: datetime
) -> None:
    row = row_of_either_side(actor, contract_id)
    side, version = _to_sign(actor, row, sha256, now)
    _note(actor, row, version, side, method, subject, made, now)
    _go_on(actor, row, now)


def _note(
    actor: Actor,
    row: Contract,
    version: queries.VersionView,
    side: str,
    method: str,
    certificate: str,
    upload: documents.Upload,
    now: datetime,
    signed_on: date | None = None,
) -> None:
    stream = queries.contract(row.id).stream
    file_id = documents.store(actor, "contract", row.id, upload, now=now, note="signed", stream=stream)
    held = files.file_of("contract", row.id, file_id)
    db.session.add(
        Signature(
            contract_id=row.id,
            number=len(queries.signatures(row.id)) + 1,
            version_number=version.number,
            sha256=version.sha256,
            side=side,
            method=method,
            signer_id=actor.user_id,
            signer_name=actor.name,
            certificate=certificate[:300],
            file_id=file_id,
            file_sha256=held.sha256,
            at=now,
        )
    )
    row.touch()
    record(
        actor,
        "contract.signed",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=stream,
        file=file_id,
        file_sha256=held.sha256,
        sha256=version.sha256,
        side=side,
        method=method,
        signed_on=signed_on or now.date(),
    )
    db.session.flush()


def _go_on(actor: Actor, row: Contract, now: datetime) -> None:
    """Ask the other side, or begin once both have signed."""
    view = queries.contract(row.id)
    following = queries.whose_turn(view)
    facts = {"reference": row.reference, "title": row.title}
    if following is None:
        _begin(actor, row, now.date(), now)
    elif following == "supplier":
        people = identity.supplier_people(row.organisation_id, [row.supplier_id])[row.supplier_id]
        notify([one.id for one in people], "contract_to_sign", path=f"/s/contracts/{row.id}", now=now, **facts)
    else:
        able = [
            one.id
            for one in identity.staff(row.organisation_id, "purchasing_manager")
            if one.limit is not None and one.limit >= row.value
        ]
        notify(able, "contract_to_sign", path=f"/contracts/{row.id}/sign", now=now, **facts)


def _begin(actor: Actor, row: Contract, signed_on: date, now: datetime) -> None:
    row.state = LIFE.move(row.state, "active")
    row.signed_on = signed_on
    row.touch()
    stream = queries.contract(row.id).stream
    record(actor, "contract.began", "contract", row.id, now=now, label=row.reference, stream=stream)
    if row.relation == "amendment":
        take_effect(actor, row, now=now)
    facts = {"reference": row.reference, "title": row.title}
    notify([row.owner_id], "contract_active", path=f"/contracts/{row.id}", now=now, **facts)
    start_daily(row.organisation_id, now + timedelta(days=1))
    jobs.publish("ContractSigned", {"contract": row.id, "project": row.project_id}, now=now)


def mark_signed(
    actor: Actor,
    contract_id: str,
    *,
    signed_on: date | None,
    upload: documents.Upload | None,
    code: str,
    now: datetime,
) -> None:
    """Both sides signed elsewhere: the file is kept with its hash and the contract begins.

    `code` is the beginning of the content's hash as printed on the paper: another version's paper is refused
    (`paper_of_another_version`). A PDF with signatures inside must verify (`signature_broken`). Signed or filed before
    the standstill is over: refused (`standstill_runs`).
    """
    inside: list[pdf_signing.Checked] = []
    if upload is not None and upload.filename:
        if inspect_file(upload.filename, upload.stream).kind.code == "pdf":
            upload.stream.seek(0)
            inside = pdf_signing.check_pdf(upload.stream.read())
        upload.stream.seek(0)
    _file_signed(actor, contract_id, signed_on, upload, code, inside, now)


@command
def _file_signed(
    actor: Actor,
    contract_id: str,
    signed_on: date | None,
    upload: documents.Upload | None,
    code: str,
    inside: list[pdf_signing.Checked],
    now: datetime,
) -> None:
    row = contract_row(actor, contract_id)
    version = queries.current_version(row.id)
    if row.state != "approved":
        raise Refused("not_to_sign")
    if queries.standing(row.id):
        raise Refused("signing_under_way")
    problems = []
    if signed_on is None or signed_on > now.date():
        problems.append(FieldProblem("signed_on", "signed_in_future"))
    if upload is None:
        problems.append(FieldProblem("upload", "required"))
    if "".join(code.split()).lower() != version.sha256[:CODE_LENGTH]:
        problems.append(FieldProblem("code", "paper_of_another_version"))
    if not all(one.good for one in inside):
        problems.append(FieldProblem("upload", "signature_broken"))
    if problems:
        raise Invalid(problems)
    assert upload is not None and signed_on is not None
    _past_standstill(row, signed_on, now)
    subjects = "; ".join(one.certificate for one in inside)
    method = "electronic" if inside else "paper"
    _note(actor, row, version, SIDES[0], method, subjects, upload, now, signed_on)
    _same_file(actor, row, SIDES[1], now)
    _begin(actor, row, signed_on, now)


def _same_file(actor: Actor, row: Contract, side: str, now: datetime) -> None:
    """The other side's signature stands on the same paper."""
    last = queries.standing(row.id)[-1]
    db.session.add(
        Signature(
            contract_id=row.id,
            number=len(queries.signatures(row.id)) + 1,
            version_number=last.version_number,
            sha256=last.sha256,
            side=side,
            method=last.method,
            signer_id=actor.user_id,
            signer_name=queries.contract(row.id).supplier_name,
            certificate=last.certificate,
            file_id=last.file_id,
            file_sha256=last.file_sha256,
            at=now,
        )
    )
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the portal finds when it looks at the signed file now."""

    file_id: str
    same_file: bool
    same_content: bool
    inside: tuple[pdf_signing.Checked, ...]

    @property
    def good(self) -> bool:
        return self.same_file and self.same_content and all(one.good for one in self.inside)


def proof(view: queries.ContractView) -> Proof | None:
    """Check the newest signed file: its recorded hash, the content's hash, every signature inside. None: not signed."""
    import hashlib

    standing = queries.standing(view.id)
    if not standing:
        return None
    last = standing[-1]
    try:
        with files.open_bytes(files.file_of("contract", view.id, last.file_id)) as stream:
            data = stream.read()
    except NotFound:
        return Proof(last.file_id, False, False, ())
    content = queries.version(view.id, last.version_number).sha256
    return Proof(
        last.file_id,
        hashlib.sha256(data).hexdigest() == last.file_sha256,
        content == last.sha256,
        tuple(pdf_signing.check_pdf(data)),
    )
