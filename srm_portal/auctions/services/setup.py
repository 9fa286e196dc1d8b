"""Setting an auction up: from a profile, for a project's lots, with its suppliers; publishing; the terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions import store
from srm_portal.auctions.domain.codec import canonical
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.linter import lint
from srm_portal.auctions.domain.rules import Lot, Rules, Weighted
from srm_portal.auctions.domain.rules_writing import lot_to_json, rules_sha256, rules_to_json
from srm_portal.auctions.models import Auction, AuctionParticipant, AuctionPulse
from srm_portal.auctions.services.settings import Problems, Settings, rules_of
from srm_portal.auctions.services.writer import writer
from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import live as sockets
from srm_portal.infra.db import db, new_id
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import LineView, LotView, ProjectView
from srm_portal.suppliers import queries as suppliers

PARTICIPANTS_MAX = 1000
OVERRIDDEN = ("rank_needs_bidders", "lead_price_needs_bidders")


@command
def create_auction(
    actor: Actor, project_id: str, given: Settings, *, now: datetime, supplier_ids: Sequence[str] | None = None
) -> str:
    """A draft auction over all lots of the project; returns its id.

    Without `supplier_ids` the suppliers with opened offers take part, with their offers as starting prices where the
    project has one lot. Raises Invalid with every wrong value, Refused("project_is_closed").
    """
    project = sourcing.project_for(actor, project_id)
    if project.archived or project.cancelled_at is not None:
        raise Refused("project_is_closed")
    event = sourcing.main_event(project_id)
    chosen, prices = _participants(actor, project_id, event.id if event else None, supplier_ids)
    rules = rules_of(given, project.currency)
    problems = Problems()
    opens = given.opens_at
    if opens is None:
        problems.add("opens_at", "required")
    elif opens < now:
        problems.add("opens_at", "opening_is_past")
    if not 1 <= len(chosen) <= PARTICIPANTS_MAX:
        problems.add("suppliers", "no_participants")
    warned = {each.code for each in lint(rules, len(chosen))} & set(OVERRIDDEN)
    if warned and not given.override_reason.strip():
        problems.add("override_reason", min(warned))
    problems.stop()
    assert opens is not None
    lots = _lots(project, sourcing.lots(project_id), sourcing.lines(project_id), given, rules)
    auction_id = new_id()
    seal_public, seal_private = store.new_seal(auction_id)
    row = Auction(
        id=auction_id,
        seal_public=seal_public,
        seal_private=seal_private,
        organisation_id=actor.organisation_id,
        project_id=project_id,
        event_id=event.id if event else None,
        reference=next_reference(actor.organisation_id, "AU", now),
        title=given.title.strip() or project.title,
        profile=given.profile,
        rules=canonical(rules_to_json(rules)),
        rules_sha256=rules_sha256(rules),
        lots=lots,
        opens_at=opens,
        closes_at=opens + timedelta(minutes=given.minutes),
        head=store.GENESIS,
        practice=given.practice,
        simulated=given.simulated,
        blind=given.blind,
        contact=given.contact.strip(),
        phone=given.phone.strip(),
        override_reason=given.override_reason.strip(),
        created_by=actor.user_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    for place, supplier_id in enumerate(chosen):
        db.session.add(
            AuctionParticipant(
                auction_id=row.id,
                supplier_id=supplier_id,
                position=place,
                alias=alias(place),
                factor=given.factors.get(supplier_id, Decimal(0)),
                quality=given.qualities.get(supplier_id, Decimal(0)),
                start_price=None if rules.has_clock else {**prices, **given.start_prices}.get(supplier_id),
            )
        )
    db.session.flush()
    known = store.live(row.id)
    row.closes_at = max(lot.close for lot in known.state.lots.values())
    store.forget(row.id)
    record(
        actor, "auction.created", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        reason=row.override_reason, stream=f"project:{project_id}", profile=row.profile,
    )  # fmt: skip
    return row.id


def alias(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _participants(
    actor: Actor, project_id: str, event_id: str | None, given: Sequence[str] | None
) -> tuple[list[str], dict[str, Decimal]]:
    opened = offers.opened(event_id) if event_id else []
    lots = sourcing.lots(project_id)
    prices = {each.supplier_id: each.total for each in opened if each.total is not None and len(lots) == 1}
    if given is None:
        return [each.supplier_id for each in opened if not each.knocked_out], prices
    cards = suppliers.suppliers(set(given))
    wrong = [each for each in given if each not in cards or cards[each].organisation_id != actor.organisation_id]
    if wrong or len(set(given)) != len(given):
        raise Invalid([FieldProblem("suppliers", "unknown_supplier", value=", ".join(wrong))])
    return list(given), prices


def baseline(lot_id: str, lines: Sequence[LineView]) -> Decimal | None:
    """What the lot costs today: quantity times price of its lines; None where a price is missing."""
    own = [line for line in lines if line.lot_id == lot_id]
    if not own or any(line.baseline_price is None for line in own):
        return None
    return sum((line.quantity * (line.baseline_price or Decimal(0)) for line in own), Decimal(0))


def _lots(
    project: ProjectView, lots: Sequence[LotView], lines: Sequence[LineView], given: Settings, rules: Rules
) -> list[dict[str, Any]]:
    """Each lot with its engine facts; a project without lots is one lot of its own."""
    assert given.opens_at is not None
    close = given.opens_at + timedelta(minutes=given.minutes)
    made = []
    for number, lot in enumerate(lots, 1):
        today = baseline(lot.id, lines)
        scale = None
        if rules.metric == "weighted":
            top = given.ceiling or today or Decimal(100)
            scale = Weighted(top, top / 2)
        engine = Lot(f"L{number}", given.opens_at, close, given.ceiling, given.reserve, Decimal(1), scale)
        made.append(
            {
                "engine": lot_to_json(engine),
                "lot_id": lot.id,
                "number": lot.number,
                "title": lot.title or project.title,
                "baseline": None if today is None else format(today, "f"),
            }
        )
    if not made:
        raise Invalid([FieldProblem("title", "no_lots")])
    return made


@command
def publish_auction(actor: Actor, auction_id: str, *, now: datetime) -> None:
    """Freeze the rules and tell everybody invited, by notice and mail. Raises Refused for a past opening."""
    row = store.auction_row(actor, auction_id, lock=True)
    if row.state != "draft":
        raise Refused("auction_is_published")
    if row.opens_at < now:
        raise Refused("opening_is_past")
    row.state, row.published_at = "published", now
    row.touch()
    if row.simulated:
        _puppets_accept(row, now)
    db.session.add(AuctionPulse(auction_id=row.id, beat_at=now))
    store.forget(row.id)
    record(
        actor, "auction.published", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}", rules=row.rules_sha256,
    )  # fmt: skip
    ids = store.told(row.id)
    people = identity.supplier_people(row.organisation_id, ids)
    told = [person.id for group in people.values() for person in group]
    notify(told, "auction_invited", path=f"/s/auctions/{row.id}", now=now, about=row.id, title=row.title)


def _puppets_accept(row: Auction, now: datetime) -> None:
    """Simulated bidders, companies nobody can sign in for, have no one to read the rules."""
    people = store.participants(row.id)
    users = identity.supplier_people(row.organisation_id, [person.supplier_id for person in people])
    for person in people:
        if not any(user.state == "active" for user in users.get(person.supplier_id, [])):
            person.accepted_terms_at, person.accepted_by, person.accepted_sha256 = now, "system", row.rules_sha256


@command
def discard_draft(actor: Actor, auction_id: str, *, now: datetime) -> None:
    """A draft that is not wanted goes; its creation stays in the trail."""
    row = store.auction_row(actor, auction_id, lock=True)
    if row.state != "draft":
        raise Refused("auction_is_published")
    row.state = "discarded"
    row.touch()
    record(
        actor, "auction.discarded", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}",
    )  # fmt: skip


def accept_terms(actor: Actor, auction_id: str, *, sha256: str, now: datetime) -> None:
    """The bidder's company accepts the rules with this hash; after a change of the rules, the newest ones."""
    if not actor.may_bid:
        raise Refused("may_not_bind")
    _accept(actor, auction_id, sha256, now)
    known = store.live(auction_id)
    name = known.alias_of(actor.supplier_id)
    if name is None:
        raise NotFound
    if known.state.bidders[name].accepted_version < known.state.required_version:
        writer().submit(actor, auction_id, Command("accept_terms", name, version=known.state.version))


@command
def _accept(actor: Actor, auction_id: str, sha256: str, now: datetime) -> None:
    row, person = store.participant_row(actor, auction_id)
    held = rules_sha256(store.live(row.id, row.seq).state.rules)
    if sha256 != held:
        raise Refused("rules_changed")
    if person.accepted_sha256 == sha256:
        return
    person.accepted_terms_at, person.accepted_by, person.accepted_sha256 = now, actor.user_id, sha256
    record(
        actor, "auction.terms_accepted", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}", rules=sha256,
    )  # fmt: skip


def kick(auction_id: str, supplier_id: str) -> None:
    """End a company's sockets in this auction."""
    sockets.kick_scope(f"auction:{auction_id}:{supplier_id}")
