"""The bidding list of a project as it stands, and what still blocks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from srm_portal.bidding_lists.domain import bidding_list as rules
from srm_portal.bidding_lists.domain.bidding_list import Listed
from srm_portal.bidding_lists.models import Candidate, ListEntry
from srm_portal.bidding_lists.queries import waivers as waiver_queries
from srm_portal.bidding_lists.queries.candidates import CandidateView, candidates, considered
from srm_portal.bidding_lists.queries.waivers import WaiverView
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.queries import EventView, ProjectView
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.domain.gates import Gate
from srm_portal.suppliers.queries import ContactView, PanelEntry, SupplierCard


@dataclass(frozen=True, slots=True)
class ListRow:
    """A candidate with what decides whether it may be invited."""

    candidate: CandidateView
    supplier: SupplierCard
    panel: PanelEntry | None
    waiver: WaiverView | None
    contact: ContactView | None
    contacts: tuple[ContactView, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def gated(self) -> bool:
        return any(gate.blocks for gate in self.gates)

    @property
    def listed(self) -> Listed:
        return Listed(
            self.supplier.id,
            self.supplier.name,
            self.panel is not None,
            self.waiver.state if self.waiver else "",
            self.contact is not None,
            self.supplier.state in ("blocked", "archived"),
            self.gated,
        )

    @property
    def language(self) -> str:
        """The language of the invitation: chosen, else the contact's."""
        return self.candidate.language or (self.contact.language if self.contact else "en")


@dataclass(frozen=True, slots=True)
class BiddingList:
    """Shortlisted and other candidates, the rest of the panel, and the competition rule."""

    shortlisted: tuple[ListRow, ...]
    others: tuple[ListRow, ...]
    panel: tuple[PanelEntry, ...]
    minimum: int
    competition: WaiverView | None

    @property
    def waived_down_to(self) -> int | None:
        waiver = self.competition
        return waiver.covers if waiver is not None and waiver.state == "approved" else None

    @property
    def competition_met(self) -> bool:
        return rules.competition_met(len(self.shortlisted), self.minimum, self.waived_down_to)

    def blockers(self) -> list[Blocker]:
        return rules.list_blockers([row.listed for row in self.shortlisted], self.minimum, self.waived_down_to)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of a frozen list."""

    supplier_id: str
    basis: str
    waiver_id: str | None
    late_reason: str


def contact_of(candidate: CandidateView | None, contacts: list[ContactView]) -> ContactView | None:
    """The contact chosen for the invitation, else the first one with an address."""
    reachable = [one for one in contacts if one.email]
    chosen = candidate.contact_id if candidate else None
    return next((one for one in reachable if one.id == chosen), reachable[0] if reachable else None)


def bidding_list(project: ProjectView, on: date) -> BiddingList:
    """The list on a day."""
    kept = considered(candidates(project.id))
    ids = [one.supplier_id for one in kept]
    panel = suppliers.panel(project.organisation_id, project.category, project.region, on)
    on_panel = {entry.supplier.id: entry for entry in panel}
    known = suppliers.cards_with_contacts(ids)
    asked = waiver_queries.waivers(project.id)
    waived = waiver_queries.by_supplier(asked)
    gates = suppliers.gates(project.organisation_id, {one: known[one][0].score for one in ids}, on)
    rows = [
        ListRow(
            one,
            known[one.supplier_id][0],
            on_panel.get(one.supplier_id),
            waived.get(one.supplier_id),
            contact_of(one, known[one.supplier_id][1]),
            tuple(known[one.supplier_id][1]),
            tuple(gates[one.supplier_id]),
        )
        for one in kept
    ]
    return BiddingList(
        tuple(row for row in rows if row.candidate.state == "shortlisted"),
        tuple(row for row in rows if row.candidate.state == "candidate"),
        tuple(entry for entry in panel if entry.supplier.id not in set(ids)),
        identity.organisation(project.organisation_id).competition_min,
        waiver_queries.competition(asked),
    )


def entries(event: EventView) -> list[EntryView]:
    """The frozen list of an event, in the order in which its suppliers became candidates."""
    query = (
        select(ListEntry)
        .join(
            Candidate,
            and_(Candidate.supplier_id == ListEntry.supplier_id, Candidate.project_id == event.project_id),
        )
        .where(ListEntry.event_id == event.id)
        .order_by(Candidate.added_at, Candidate.id)
    )
    rows = db.session.scalars(query)
    return [EntryView(row.supplier_id, row.basis, row.waiver_id, row.late_reason) for row in rows]
