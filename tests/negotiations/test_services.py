"""Talks face to face: the ledger, private goals, minutes that both sides confirm."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from srm_portal.contracts import queries as contract_queries
from srm_portal.contracts import services as contracts
from srm_portal.documents import queries as documents
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.negotiations import queries, services
from srm_portal.negotiations.domain import Move, concessions, curve, last_by_supplier
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.contracts import a_ranked_project
from tests.support.factories.offers import Tender
from tests.support.world import World

D = Decimal
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _talk(world: World, tender: Tender) -> str:
    return services.plan(
        world.buyer,
        tender.project_id,
        tender.suppliers[0],
        title="Price",
        held_at=world.now,
        target=D(900),
        walk_away=D(980),
        now=world.now,
    )


def test_the_last_amount_of_the_supplier_stands() -> None:
    moves = [Move("l", "supplier", D(100), AT), Move("l", "buyer", D(80), AT), Move("l", "supplier", D(90), AT)]
    assert last_by_supplier(moves) == {"l": D(90)}
    assert concessions(moves)[0].share == D("0.1000")


def test_goals_never_leave_the_buyers_side(world: World) -> None:
    tender = a_ranked_project(world)
    talk = _talk(world, tender)
    assert queries.negotiation_for(world.buyer, talk).target == D(900)
    seen = queries.negotiation_for(tender.first, talk)
    assert seen.target is None and seen.walk_away is None
    page = world.client_of(tender.first).get(f"/s/negotiations/{talk}")
    assert page.status_code == 200 and "980" not in page.text


def test_another_supplier_does_not_find_the_talk(world: World) -> None:
    tender = a_ranked_project(world)
    talk = _talk(world, tender)
    with pytest.raises(NotFound):
        queries.negotiation_for(tender.second, talk)
    assert world.client_of(tender.second).get(f"/s/negotiations/{talk}").status_code == 404


def test_minutes_are_confirmed_as_they_were_read(world: World) -> None:
    tender = a_ranked_project(world)
    talk = _talk(world, tender)
    lot = sourcing.lots(tender.project_id)[0].id
    services.add_move(world.buyer, talk, lot_id=lot, side="supplier", amount=D(950), now=world.now)
    services.write_minutes(world.buyer, talk, "950 it is", version=None, now=world.now)
    old = queries.negotiation_for(tender.first, talk).minutes_sha256
    services.write_minutes(world.buyer, talk, "949 it is", version=None, now=world.now)
    with pytest.raises(Refused, match="minutes_changed"):
        services.confirm_minutes(tender.first, talk, old, now=world.now)
    new = queries.negotiation_for(tender.first, talk).minutes_sha256
    services.confirm_minutes(tender.first, talk, new, now=world.now)
    with pytest.raises(Refused, match="minutes_are_written"):
        services.add_move(world.buyer, talk, lot_id=lot, side="buyer", amount=D(1), now=world.now)
    assert queries.results(tender.project_id)[0].amounts == {lot: D("950.00")}


def test_a_supplier_writes_only_their_own_offers_and_only_who_may_bid(world: World) -> None:
    tender = a_ranked_project(world)
    talk = _talk(world, tender)
    lot = sourcing.lots(tender.project_id)[0].id
    services.add_move(tender.first, talk, lot_id=lot, side="supplier", amount=D(960), now=world.now)
    with pytest.raises(Forbidden):
        services.add_move(tender.first, talk, lot_id=lot, side="buyer", amount=D(1), now=world.now)
    reader = world.supplier_user(tender.suppliers[0], may_bid=False)
    with pytest.raises(Forbidden):
        services.add_move(reader, talk, lot_id=lot, side="supplier", amount=D(1), now=world.now)


def test_an_amount_is_more_than_zero(world: World) -> None:
    tender = a_ranked_project(world)
    talk, lot = _talk(world, tender), sourcing.lots(tender.project_id)[0].id
    for amount in (None, D(0), D(-5)):
        with pytest.raises(Invalid):
            services.add_move(world.buyer, talk, lot_id=lot, side="supplier", amount=amount, now=world.now)


def test_a_talk_is_planned_and_kept_through_its_pages(world: World) -> None:
    tender = a_ranked_project(world)
    client = world.client_of(world.buyer)
    data = {"supplier_id": tender.suppliers[0], "title": "Price", "held_at": "2026-03-20T10:00", "target": "900"}
    made = client.post(f"/projects/{tender.project_id}/negotiations/new", data=data)
    assert made.status_code == 302
    lot = sourcing.lots(tender.project_id)[0].id
    url = made.headers["Location"]
    wrong = client.post(f"{url}/moves", data={"about": lot, "side": "supplier", "amount": "much"})
    assert wrong.status_code == 422 and "much" in wrong.text
    assert client.post(f"{url}/moves", data={"about": lot, "side": "supplier", "amount": "950"}).status_code == 302
    assert client.post(f"{url}/minutes", data={"minutes": "950 it is"}).status_code == 302
    assert "950" in client.get(url).text


def test_other_points_have_goals_of_their_own_and_count_in_the_score(world: World) -> None:
    tender = a_ranked_project(world)
    talk, lot = _talk(world, tender), sourcing.lots(tender.project_id)[0].id
    with pytest.raises(Invalid):
        services.add_point(world.buyer, talk, title="x", kind="smell", target=None, walk_away=None, now=world.now)
    point = services.add_point(
        world.buyer, talk, title="Delivery", kind="lead_days", target=D(10), walk_away=D(31), now=world.now
    )
    services.add_move(tender.first, talk, point_id=point, side="supplier", amount=D(20), now=world.now)
    services.add_move(world.buyer, talk, lot_id=lot, side="buyer", amount=D(1), now=world.now)
    services.add_move(tender.first, talk, lot_id=lot, side="supplier", amount=D(2), now=world.now)
    with pytest.raises(NotFound):
        services.add_move(world.buyer, talk, lot_id=lot, point_id=point, side="buyer", amount=D(1), now=world.now)
    view = queries.negotiation_for(world.buyer, talk)
    assert view.points[0].target == D(10) and queries.negotiation_for(tender.first, talk).points[0].target is None
    effects = queries.effects(view, queries.moves(talk))
    assert [effects[number].total for number in (2, 3)] == [D(1), D(2)]
    assert effects[3].rank == 1 and effects[3].score is not None
    ours, theirs = world.client_of(world.buyer), world.client_of(tender.first)
    page = ours.get(f"/negotiations/{talk}").text
    assert "concession" in page and "31" in page and "Score, rank" in page
    page = theirs.get(f"/s/negotiations/{talk}").text
    assert "Delivery" in page and "Score, rank" not in page and "goal" not in page and ">31<" not in page


def test_the_curve_shows_both_sides_and_needs_two_offers() -> None:
    moves = [Move("l", "supplier", D(100), AT), Move("l", "buyer", D(80), AT), Move("l", "supplier", D(90), AT)]
    assert curve(moves[:1], {}) is None
    drawn = curve(moves, {"target": D(70), "walk_away": None})
    assert drawn is not None and (drawn.low, drawn.high) == (D(70), D(100))
    assert drawn.lines["supplier"] == ((4.0, 4.0), (96.0, 21.33)) and drawn.goals == {"target": 56.0}


def test_the_supplier_answers_from_the_page_and_both_attach_files(world: World) -> None:
    tender = a_ranked_project(world)
    talk = _talk(world, tender)
    theirs, ours = world.client_of(tender.first), world.client_of(world.buyer)
    url = f"/s/negotiations/{talk}"
    assert theirs.post(f"{url}/answer", data={"coming": "yes", "note": "Two of us"}).status_code == 302
    assert "Two of us" in ours.get(f"/negotiations/{talk}").text
    file = {"upload": (BytesIO(b"Agenda in words\n"), "agenda.txt")}
    assert theirs.post(f"/negotiations/{talk}/files", data=file).status_code == 302
    assert theirs.post(f"/negotiations/{talk}/files", data={}).status_code == 422
    db.session.rollback()
    (held,) = documents.files_of("negotiation", [talk])[talk]
    assert ours.get(f"/negotiations/{talk}/files/{held.id}").data == b"Agenda in words\n"
    assert world.client_of(tender.second).get(f"/negotiations/{talk}/files/{held.id}").status_code == 404
    point = {"title": "Payment", "kind": "payment_days", "target": "60"}
    assert ours.post(f"/negotiations/{talk}/points", data=point).status_code == 302
    assert ours.post(f"/negotiations/{talk}/points", data=point | {"title": ""}).status_code == 422


def test_a_talk_is_called_off_only_before_an_offer(world: World) -> None:
    tender = a_ranked_project(world)
    talk, lot = _talk(world, tender), sourcing.lots(tender.project_id)[0].id
    with pytest.raises(Refused, match="reason_needed"):
        services.cancel(world.buyer, talk, reason=" ", now=world.now)
    services.add_move(world.buyer, talk, lot_id=lot, side="buyer", amount=D(1), now=world.now)
    with pytest.raises(Refused, match="wrong_state"):
        services.cancel(world.buyer, talk, reason="Strike", now=world.now)
    with pytest.raises(Refused, match="talk_has_begun"):
        services.answer_invitation(tender.first, talk, coming=True, note="", now=world.now)
    other = _talk(world, tender)
    services.cancel(world.buyer, other, reason="Strike", now=world.now)
    assert queries.negotiation_for(world.buyer, other).state == "cancelled"


def test_a_confirmed_talk_drafts_a_contract(world: World) -> None:
    tender = a_ranked_project(world)
    talk, lot = _talk(world, tender), sourcing.lots(tender.project_id)[0].id
    services.add_move(tender.first, talk, lot_id=lot, side="supplier", amount=D(940), now=world.now)
    with pytest.raises(Refused, match="talk_not_confirmed"):
        contracts.draft_from_negotiation(world.buyer, talk, now=world.now)
    services.write_minutes(world.buyer, talk, "940 it is", version=None, now=world.now)
    minutes = queries.negotiation_for(tender.first, talk).minutes_sha256
    services.confirm_minutes(tender.first, talk, minutes, now=world.now)
    answer = world.client_of(world.buyer).post(f"/negotiations/{talk}/contract")
    db.session.rollback()
    contract = contract_queries.contract(answer.headers["Location"].rsplit("/", 1)[1])
    assert (contract.value, contract.supplier_id) == (D("940.00"), tender.suppliers[0])
