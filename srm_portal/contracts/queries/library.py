"""The clause library as it holds for one organisation, and its document templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.contracts.domain import library
from srm_portal.contracts.domain.clauses import Entry, Wording
from srm_portal.contracts.models import ContractTemplate, LibraryClause, LibraryText
from srm_portal.contracts.queries.contracts import ContractView, VersionView
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class TextView:
    language: str
    variant: str
    number: int
    title: str
    text: str
    author_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class TemplateView:
    id: str
    name: str
    kind: str
    file_id: str
    sha256: str
    author_name: str
    at: datetime


@once
def entries(organisation_id: str) -> tuple[Entry, ...]:
    """The built-in clauses, replaced and completed by the organisation's own newest texts."""
    rows = list(db.session.scalars(select(LibraryClause).where(LibraryClause.organisation_id == organisation_id)))
    if not rows:
        return library.overlaid(())
    wordings: dict[str, dict[tuple[str, str], Wording]] = {}
    texts = select(LibraryText).where(LibraryText.organisation_id == organisation_id).order_by(LibraryText.number)
    for text in db.session.scalars(texts):
        held = wordings.setdefault(text.key, {})
        held[(text.language, text.variant)] = Wording(text.number, text.title, text.text)
    own = [
        Entry(
            row.key,
            frozenset(row.kinds),
            wordings.get(row.key, {}),
            row.position,
            row.value_from,
            row.category,
            row.risk,
            own=True,
        )
        for row in rows
        if row.active
    ]
    return library.overlaid(own, frozenset(row.key for row in rows if not row.active))


def entry(organisation_id: str, key: str) -> Entry:
    found = next((one for one in entries(organisation_id) if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def texts(organisation_id: str, key: str) -> list[TextView]:
    """Every version of every wording of one clause, the newest first; built-in ones have no author."""
    query = select(LibraryText).where(LibraryText.organisation_id == organisation_id, LibraryText.key == key)
    own = [
        TextView(row.language, row.variant, row.number, row.title, row.text, row.author_name, row.at)
        for row in db.session.scalars(query.order_by(LibraryText.at.desc(), LibraryText.number.desc()))
    ]
    known = {(one.language, one.variant, one.number) for one in own}
    built_in = next((one for one in library.LIBRARY if one.key == key), None)
    for (language, variant), wording in sorted(built_in.wordings.items()) if built_in else ():
        if (language, variant, wording.number) not in known:
            own.append(TextView(language, variant, wording.number, wording.title, wording.text, "", None))
    return own


def missing_clauses(view: ContractView, text: VersionView) -> list[str]:
    """Titles of the clauses that the library asks for and the text lacks; an amendment leaves the rest in force."""
    if view.relation == "amendment":
        return []
    asked = library.needed(entries(view.organisation_id), view.kind, view.value, view.category, view.risk)
    return library.missing(asked, text.clauses, view.language)


def templates(actor: Actor) -> list[TemplateView]:
    query = select(ContractTemplate).where(
        ContractTemplate.organisation_id == actor.organisation_id, ContractTemplate.retired_at.is_(None)
    )
    return [_template(row) for row in db.session.scalars(query.order_by(ContractTemplate.name, ContractTemplate.id))]


def template_for(actor: Actor, template_id: str) -> TemplateView:
    row = db.session.get(ContractTemplate, template_id)
    if row is None or row.organisation_id != actor.organisation_id or row.retired_at is not None:
        raise NotFound
    return _template(row)


def _template(row: ContractTemplate) -> TemplateView:
    return TemplateView(row.id, row.name, row.kind, row.file_id, row.sha256, row.author_name, row.at)
