"""Setting an auction up: from a profile, for a project's lots, with its suppliers; publishing; the terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from srm_portal.auctions import store
from srm_portal.auctions.domain.codec import canonical
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.rules_writing import lot_to_json, rules_sha256, rules_to_json
from srm_portal.auctions.models import Auction, AuctionParticipant, AuctionPulse
from srm_portal.auctions.services.planning import Planned, needs_a_reason, plan_auction
from srm_portal.auctions.services.settings import Problems, Settings
from srm_portal.auctions.services.writer import writer
from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import live as sockets
from srm_portal.infra.db import db, new_id
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing


@command
def create_auction(
    actor: Actor, project_id: str, given: Settings, *, now: datetime, supplier_ids: Sequence[str] | None = None
) -> str:
    """A draft auction over all lots of the project; returns its id.

    Without `supplier_ids` the suppliers with opened offers take part, with their offers as starting prices where the
    project has one lot. Raises Invalid with every wrong value, Refused("project_is_closed").
    """
    planned = plan_auction(actor, project_id, given, now=now, supplier_ids=supplier_ids)
    problems = Problems()
    if not given.override_reason.strip():
        for code in needs_a_reason(planned.warned):
            problems.add("override_reason", code)
    problems.stop()
    return store_planned(actor, planned, given, now)


def store_planned(actor: Actor, planned: Planned, given: Settings, now: datetime) -> str:
    """The rows of a planned auction, as a draft; inside a command."""
    assert given.opens_at is not None
    auction_id = new_id()
    seal_public, seal_private = store.new_seal(auction_id)
    row = Auction(
        id=auction_id,
        seal_public=seal_public,
        seal_private=seal_private,
        organisation_id=actor.organisation_id,
        project_id=planned.project.id,
        event_id=planned.event_id,
        reference=next_reference(actor.organisation_id, "AU", now),
        title=given.title.strip() or planned.project.title,
        profile=given.profile,
        rules=canonical(rules_to_json(planned.rules)),
        rules_sha256=rules_sha256(planned.rules),
        lots=list(planned.lots),
        opens_at=given.opens_at,
        closes_at=given.opens_at + timedelta(minutes=given.minutes),
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
    for place, (supplier_id, bidder) in enumerate(zip(planned.suppliers, planned.bidders, strict=True)):
        db.session.add(
            AuctionParticipant(
                auction_id=row.id,
                supplier_id=supplier_id,
                position=place,
                alias=bidder.id,
                factor=bidder.factor,
                addition=bidder.addition,
                quality=bidder.quality,
                start_price=bidder.start_price,
            )
        )
    db.session.flush()
    known = store.live(row.id)
    row.closes_at = max(lot.close for lot in known.state.lots.values())
    store.forget(row.id)
    record(
        actor, "auction.created", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        reason=row.override_reason, stream=f"project:{row.project_id}", profile=row.profile,
    )  # fmt: skip
    return row.id


@command
def publish_auction(actor: Actor, auction_id: str, *, now: datetime) -> None:
    """Freeze the rules and tell everybody invited, by notice and mail. Raises Refused for a past opening."""
    _publish(actor, store.auction_row(actor, auction_id, lock=True), now)


def _publish(actor: Actor, row: Auction, now: datetime) -> None:
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


@command
def practice_run(
    actor: Actor, auction_id: str, title: str, *, now: datetime, in_s: int = 600, minutes: int = 10
) -> str:
    """A practice auction with the rules, lots and bidders of a published one (R64), opening soon; returns its id."""
    row = store.auction_row(actor, auction_id)
    if not actor.may("auction:run"):
        raise NotFound
    if row.state != "published" or row.practice:
        raise Refused("practice_needs_auction")
    known = store.live(row.id, row.seq)
    opens = (now + timedelta(seconds=in_s)).replace(microsecond=0)
    lots = []
    for lot, facts in zip(known.lots, known.lot_facts.values(), strict=True):
        moved = replace(lot, open=opens, close=opens + timedelta(minutes=minutes))
        lots.append(facts | {"engine": lot_to_json(moved)})
    staying = {person.alias: person.supplier_id for person in store.participants(row.id) if not person.withdrawn_at}
    planned = Planned(
        sourcing.project_for(actor, row.project_id), row.event_id, replace(known.initial, practice=True), tuple(lots),
        tuple(each for each in known.bidders if each.id in staying), tuple(staying.values()), (),
    )  # fmt: skip
    given = Settings(
        title=title, profile=row.profile, opens_at=opens, minutes=minutes, practice=True, contact=row.contact,
        phone=row.phone, override_reason=row.override_reason,
    )  # fmt: skip
    made = store_planned(actor, planned, given, now)
    _publish(actor, store.auction_row(actor, made, lock=True), now)
    return made


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
