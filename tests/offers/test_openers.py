"""Level S2: k of n people with keys of their own, from the rehearsal to the opening."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from srm_portal.audit.domain.receipt import key_file
from srm_portal.audit.queries import stream_acts
from srm_portal.bidding_lists import services as bidding
from srm_portal.cli import cli, load_commands
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db
from srm_portal.infra.keys import server_keys
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.offers import queries, services, verify_receipt
from srm_portal.sourcing import queries as sourcing
from tests.offers.test_canary import Upload
from tests.support.factories.offers import a_draft, a_submitted_offer, a_tender, after_deadline, an_answer
from tests.support.factories.openers import a_sealed_tender, an_opener, rehearse, some_openers
from tests.support.world import World


def test_two_of_three_open_after_the_deadline(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    after_deadline(world, tender)
    assert people[2].act(world, tender.event_id) == 1
    world.later(minutes=1)
    with pytest.raises(Refused, match="too_few_openers"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert people[0].act(world, tender.event_id) == 2
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    [view] = queries.opened(tender.event_id)
    assert [line.unit_price for line in view.lines] == [Decimal("8.42"), Decimal("24.8")]
    acts = stream_acts(tender.stream, ["opening.share_given"])
    assert [line.actor_name for line in acts] == ["Opener 3", "Opener 1"]
    assert stream_acts(tender.stream, ["offers.opened"])[0].details["openers"] == ["Opener 3", "Opener 1"]
    assert db.session.execute(text("SELECT count(*) FROM opening_share WHERE wrapped IS NOT NULL")).scalar() == 0


def test_an_event_is_not_published_before_each_opener_has_opened_the_test_value(world: World) -> None:
    people = some_openers(world)

    def only_two(event_id: str) -> None:
        names = [one.actor.user_id for one in people]
        services.name_openers(world.buyer, event_id, names, 2, now=world.now)
        for one in people[:2]:
            services.answer_rehearsal(one.actor, event_id, one.answer(world, event_id), now=world.now)

    with pytest.raises(Refused, match="step_blocked"):
        a_tender(world, level="S2", before_publication=only_two)
    event = sourcing.open_events(world.buyer)
    assert event == []
    assert not stream_acts("", ["event.key_split"])


def test_without_openers_an_s2_event_is_not_published(world: World) -> None:
    with pytest.raises(Refused, match="step_blocked"):
        a_tender(world, level="S2")


def test_a_wrong_answer_is_no_rehearsal(world: World) -> None:
    people, seen = some_openers(world), {}

    def wrong(event_id: str) -> None:
        services.name_openers(world.buyer, event_id, [one.actor.user_id for one in people], 2, now=world.now)
        seen["event"] = event_id
        with pytest.raises(Refused, match="rehearsal_failed"):
            services.answer_rehearsal(people[0].actor, event_id, bytes(32), now=world.now)
        with pytest.raises(Refused, match="sealed_box_damaged"):
            boxes.unseal(people[1].private, bytes.fromhex(queries.task(people[0].actor, event_id, world.now)["box"]))

    with pytest.raises(Refused, match="step_blocked"):
        a_tender(world, level="S2", before_publication=wrong)
    assert queries.duty(people[0].actor, seen["event"], world.now).state == "rehearse"


def test_openers_are_distinct_people_with_keys(world: World) -> None:
    people = some_openers(world)
    keyless = world.person("auditor", name="No Key")

    def named(event_id: str) -> None:
        first, second = people[0].actor.user_id, people[1].actor.user_id
        for names, threshold, code in (
            ([first, first], 2, "same_opener_twice"),
            ([first, second], 3, "openers_out_of_range"),
            ([first], 2, "openers_out_of_range"),
            ([first, keyless.user_id], 2, "opener_without_key"),
        ):
            with pytest.raises(Refused, match=code):
                services.name_openers(world.buyer, event_id, names, threshold, now=world.now)
        with pytest.raises(NotFound):
            services.name_openers(world.buyer, event_id, [first, "nobody"], 2, now=world.now)
        rehearse(world, event_id, people)

    assert a_tender(world, level="S2", before_publication=named).event_id


def test_a_key_registered_twice_or_malformed_is_refused(world: World) -> None:
    one = an_opener(world)
    public = boxes.public_of(one.private)
    with pytest.raises(Refused, match="key_known_already"):
        services.register_opener_key(world.buyer, public, now=world.now)
    for wrong in (b"", bytes(32), public[:31], public + b"x"):
        with pytest.raises(Invalid):
            services.register_opener_key(world.buyer, wrong, now=world.now)


def test_a_share_before_the_deadline_of_a_stranger_a_false_one_or_a_second_one_is_refused(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_submitted_offer(world, tender.first, tender.event_id)
    early = people[0].answer(world, tender.event_id)
    with pytest.raises(Refused, match="before_deadline"):
        services.give_share(people[0].actor, tender.event_id, early, now=world.now)
    after_deadline(world, tender)
    with pytest.raises(NotFound):
        services.give_share(world.buyer, tender.event_id, early, now=world.now)
    with pytest.raises(Refused, match="false_share") as refused:
        services.give_share(people[1].actor, tender.event_id, early, now=world.now)
    assert refused.value.facts["name"] == "Opener 2"
    people[0].act(world, tender.event_id)
    with pytest.raises(Refused, match="already_acted"):
        services.give_share(people[0].actor, tender.event_id, early, now=world.now)
    assert db.session.execute(text("SELECT count(*) FROM opening_share")).scalar() == 1


def test_a_lost_key_is_told_and_blocks_only_what_needs_it(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_submitted_offer(world, tender.first, tender.event_id)
    services.report_lost_key(people[0].actor, now=world.now)
    found = queries.ceremony(sourcing.event(tender.event_id))
    assert found is not None and found.possible and [one.lost for one in found.openers] == [True, False, False]
    services.report_lost_key(people[1].actor, now=world.now)
    found = queries.ceremony(sourcing.event(tender.event_id))
    assert found is not None and not found.possible
    after_deadline(world, tender)
    page = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/selection").text
    assert "cannot be opened by anybody" in page
    with pytest.raises(Refused, match="no_opener_key"):
        services.report_lost_key(people[0].actor, now=world.now)


def test_a_new_key_does_not_open_what_was_sealed_to_the_old_one(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_submitted_offer(world, tender.first, tender.event_id)
    _private, public = boxes.new_pair()
    services.register_opener_key(people[0].actor, public, now=world.now)
    after_deadline(world, tender)
    people[0].act(world, tender.event_id)
    people[1].act(world, tender.event_id)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1


def test_the_supplier_alone_keeps_what_was_handed_in_and_proves_it(world: World) -> None:
    tender = a_sealed_tender(world, some_openers(world))
    a_draft(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    done = services.hand_in(tender.first, tender.event_id, now=world.now)
    assert done.kept is not None
    kept = from_canonical(done.kept)
    issued, offer, nonce = queries.own_proof(tender.first, tender.event_id, 1)
    assert (offer, nonce) == (b"", "")
    keys = key_file(server_keys().origin, server_keys().verifying())
    assert verify_receipt.verify(issued, keys, kept["offer"].encode(), kept["nonce"])["valid"]
    own = queries.own_offer(tender.first, tender.event_id)
    assert not own.changed and own.draft == type(own.draft)(own.draft.lines) and own.submission is not None
    again = services.hand_in(tender.first, tender.event_id, now=world.now)
    assert (again.offer_id, again.kept, again.nonce) == (done.offer_id, None, "")


def test_a_kept_offer_comes_back_with_its_files_to_be_changed(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_draft(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    services.attach_file(tender.first, tender.event_id, Upload(), now=world.now)
    first = services.hand_in(tender.first, tender.event_id, now=world.now)
    assert queries.own_offer(tender.first, tender.event_id).files == () and first.kept is not None
    version = queries.own_offer(tender.first, tender.event_id).draft_version
    kept = from_canonical(first.kept)
    with pytest.raises(Refused, match="kept_file_of_another"):
        services.restore_draft(tender.second, tender.event_id, kept, version=None, now=world.now)
    with pytest.raises(Refused, match="not_a_kept_file"):
        services.restore_draft(tender.first, tender.event_id, {"event": 1}, version=version, now=world.now)
    services.restore_draft(tender.first, tender.event_id, kept, version=version, now=world.now)
    own = queries.own_offer(tender.first, tender.event_id)
    assert [line.unit_price for line in own.draft.lines] == [Decimal("8.42"), Decimal("24.8")] and own.changed
    said = an_answer(world, tender.event_id, {1: "8.00", 2: "24.80"})
    services.save_draft(tender.first, tender.event_id, said, version=own.draft_version, now=world.now)
    second = services.hand_in(tender.first, tender.event_id, now=world.now)
    assert second.kept is not None and from_canonical(second.kept)["version"] == 2
    after_deadline(world, tender)
    people[0].act(world, tender.event_id)
    people[1].act(world, tender.event_id)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    [view] = queries.opened(tender.event_id)
    assert view.lines[0].unit_price == Decimal("8")
    _event, _view, files = queries.offer_for(world.buyer, view.id)
    _event, _meta, plain = queries.file_of(world.buyer, view.id, files[0].id)
    assert b"margin of the canary" in plain


def test_the_pages_lead_an_opener_through_rehearsal_and_act(world: World) -> None:
    people = some_openers(world)
    browsers = [world.client_of(one.actor) for one in people]

    def through_pages(event_id: str) -> None:
        buyer, place = world.client_of(world.buyer), f"/events/{event_id}/openers"
        assert buyer.get(place).status_code == 200
        assert buyer.post(place, data={"people": [people[0].actor.user_id], "threshold": "2"}).status_code == 422
        named = {"people": [one.actor.user_id for one in people], "threshold": "2"}
        assert buyer.post(place, data=named).status_code == 302
        for one, browser in zip(people, browsers, strict=True):
            page = f"/openings/{event_id}"
            assert "Open the test value" in browser.get(page).text
            assert browser.post(page, data={"answer": "zz"}).status_code == 422
            assert browser.post(page, data={"answer": "00" * 32}).status_code == 422
            db.session.rollback()
            assert browser.post(page, data={"answer": one.answer(world, event_id).hex()}).status_code == 302
            assert "Your key works" in browser.get(page).text
        db.session.rollback()

    tender = a_tender(world, level="S2", before_publication=through_pages)
    a_submitted_offer(world, tender.first, tender.event_id)
    page = f"/openings/{tender.event_id}"
    assert world.client_of(world.buyer).get(page).status_code == 404
    after_deadline(world, tender)
    browsers = [world.client_of(one.actor) for one in people]
    assert "act now" in browsers[0].get("/openings").text
    for one, browser in zip(people[:2], browsers, strict=False):
        task = browser.get(page + "/task.json").json
        assert task is not None and task["purpose"] == "share"
        answer = boxes.unseal(one.private, bytes.fromhex(task["box"])).hex()
        assert browser.post(page, data={"answer": answer}).status_code == 302
        assert browser.post(page, data={"answer": answer}).status_code == 422
    buyer = world.client_of(world.buyer)
    assert "2 of 2 have acted" in buyer.get(f"/projects/{tender.project_id}/selection").text
    assert buyer.post(f"/projects/{tender.project_id}/selection/open").status_code == 302


def test_a_key_is_made_and_used_on_the_command_line(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_commands()
    monkeypatch.setenv("SRM_OPENER_PASSPHRASE", "a long walk by the river")
    file = str(tmp_path / "key.json")
    made = CliRunner().invoke(cli, ["openers", "key", file])
    public = json.loads(made.stdout)["public"]
    assert CliRunner().invoke(cli, ["openers", "key", file]).exit_code != 0
    person = world.person("auditor", name="Terminal")
    browser = world.client_of(person)
    assert browser.post("/openings/key", data={"public": public[:10]}).status_code == 422
    assert browser.post("/openings/key", data={"public": public}).status_code == 302
    other = an_opener(world)

    def rehearsed(event_id: str) -> None:
        names = [person.user_id, other.actor.user_id]
        services.name_openers(world.buyer, event_id, names, 2, now=world.now)
        (tmp_path / "task.json").write_bytes(browser.get(f"/openings/{event_id}/task.json").data)
        done = CliRunner().invoke(cli, ["openers", "answer", file, str(tmp_path / "task.json")])
        answer = json.loads(done.stdout)["answer"]
        assert browser.post(f"/openings/{event_id}", data={"answer": answer}).status_code == 302
        services.answer_rehearsal(other.actor, event_id, other.answer(world, event_id), now=world.now)

    tender = a_tender(world, level="S2", before_publication=rehearsed)
    monkeypatch.setenv("SRM_OPENER_PASSPHRASE", "another phrase altogether")
    after_deadline(world, tender)
    task = world.client_of(person).get(f"/openings/{tender.event_id}/task.json")
    (tmp_path / "task.json").write_bytes(task.data)
    refused = CliRunner().invoke(cli, ["openers", "answer", file, str(tmp_path / "task.json")])
    assert refused.exit_code != 0 and "wrong_passphrase" in repr(refused.exception)


def test_a_late_supplier_at_s2_is_refused_as_everywhere(world: World) -> None:
    tender = a_sealed_tender(world, some_openers(world))
    a_draft(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    with pytest.raises(Refused, match="offer_late"):
        services.hand_in(tender.first, tender.event_id, now=world.now)


def test_an_invited_supplier_may_still_withdraw_at_s2(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_submitted_offer(world, tender.first, tender.event_id)
    services.withdraw_offer(tender.first, tender.event_id, now=world.now)
    bidding.decline_invitation(tender.second, tender.event_id, "no capacity", now=world.now)
    after_deadline(world, tender)
    people[0].act(world, tender.event_id)
    people[1].act(world, tender.event_id)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 0
