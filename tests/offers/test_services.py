"""Writing, handing in, withdrawing and opening offers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from srm_portal.audit.domain import receipt
from srm_portal.audit.queries import stream_acts
from srm_portal.audit.services import verify_streams
from srm_portal.bidding_lists import services as bidding
from srm_portal.infra import keys
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.offers import queries, services, verify_receipt
from srm_portal.offers.domain.answer import Answer, LineAnswer
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from tests.support.factories.offers import (
    ISO,
    PRICE,
    Tender,
    a_draft,
    a_submitted_offer,
    a_tender,
    after_deadline,
    an_answer,
    opened_event,
    proof,
)
from tests.support.world import World


class Upload:
    def __init__(self, name: str, data: bytes) -> None:
        self.filename: str | None = name
        self.stream = io.BytesIO(data)


@pytest.fixture
def keyring_kept(app: Flask) -> Iterator[Path]:
    """The key file, put back after the test whatever happened to it."""
    path = Path(app.config["KEYRING_FILE"])
    with app.app_context():
        keys.server_keys()
    kept = path.read_bytes()
    yield path
    path.write_bytes(kept)
    path.chmod(0o600)


def key_file() -> dict[str, object]:
    ring = keys.server_keys()
    return receipt.key_file(ring.origin, ring.verifying())


def execute(statement: str, **values: object) -> None:
    """Somebody at the database, past every service."""
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_as_it_was_written(world: World) -> None:
    tender = a_tender(world)
    said = an_answer(world, tender.event_id, {1: "8.42"})
    assert services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now) == 1
    own = queries.own_offer(tender.first, tender.event_id)
    assert own.draft == said and own.submission is None and own.changed
    assert own.blocking == ()


def test_saving_the_same_again_changes_nothing(world: World) -> None:
    tender = a_tender(world)
    said = an_answer(world, tender.event_id)
    versions = [services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now) for _ in range(2)]
    assert versions == [1, 1]


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(world: World) -> None:
    tender = a_tender(world)
    colleague = world.supplier_user(tender.suppliers[0])
    for price in ("8", "9"):
        said = an_answer(world, tender.event_id, {1: price, 2: "1"})
        services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now)
    with pytest.raises(Stale) as stale:
        mine = an_answer(world, tender.event_id, {1: "7", 2: "1"})
        services.save_draft(colleague, tender.event_id, mine, version=1, now=world.now)
    assert stale.value.differences == {"Bracket B-1": ("9", "7")}


def test_wrong_values_are_refused_and_nothing_is_saved(world: World) -> None:
    tender = a_tender(world)
    with pytest.raises(Invalid) as wrong:
        services.save_draft(
            tender.first, tender.event_id, Answer((LineAnswer("nowhere", Decimal(-1)),)), version=None, now=world.now
        )
    assert [problem.code for problem in wrong.value.problems] == ["unknown_line"]
    assert queries.own_offer(tender.first, tender.event_id).saved_at is None


def test_an_event_one_is_not_invited_to_does_not_exist(world: World) -> None:
    tender = a_tender(world)
    stranger = a_tender(world).first
    for act in (
        lambda: a_draft(world, stranger, tender.event_id),
        lambda: services.submit_offer(stranger, tender.event_id, now=world.now),
        lambda: services.withdraw_offer(stranger, tender.event_id, now=world.now),
        lambda: queries.own_offer(stranger, tender.event_id),
        lambda: queries.own_offer(world.buyer, tender.event_id),
        lambda: queries.own_proof(stranger, tender.event_id, 1),
    ):
        with pytest.raises(NotFound):
            act()


# --- handing in ----------------------------------------------------------------------------------------------------


def test_an_offer_is_handed_in_and_receipted(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    issued, offer, nonce = proof(tender.first, tender.event_id)
    found = verify_receipt.verify(issued, key_file(), offer, nonce)
    assert found == {"valid": True, "checks": dict.fromkeys(("form", "signature", "entry", "commitment"), True)}
    assert b'"8.42"' in offer and b'"24.8"' in offer
    assert verify_streams()[1] == []


def test_a_changed_byte_of_receipt_or_offer_is_refused(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    issued, offer, nonce = proof(tender.first, tender.event_id)
    for place in range(0, len(issued), 9):
        changed = issued[:place] + bytes([issued[place] ^ 1]) + issued[place + 1 :]
        assert not verify_receipt.verify(changed, key_file(), offer, nonce)["valid"], place
    for place in range(0, len(offer), 9):
        changed = offer[:place] + bytes([offer[place] ^ 1]) + offer[place + 1 :]
        assert not verify_receipt.verify(issued, key_file(), changed, nonce)["valid"], place


def test_the_receipt_is_mailed_and_the_journal_names_nobody(world: World, letters: list[tuple[str, str, str]]) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    world.run_jobs()
    issued, _offer, nonce = proof(tender.first, tender.event_id)
    mails = [body for _to, subject, body in letters if "Receipt" in subject]
    assert len(mails) == 1 and issued.decode().strip() in mails[0] and nonce not in mails[0]
    entry = stream_acts(tender.stream, ["offer.submitted"])[0]
    assert entry.actor_name == "supplier"
    assert entry.details.keys() == {"event", "supplier", "version", "commitment"}


def test_an_incomplete_offer_is_not_taken(world: World) -> None:
    tender = a_tender(world)
    with pytest.raises(Refused, match="offer_incomplete"):
        services.submit_offer(tender.first, tender.event_id, now=world.now)
    a_submitted_offer(world, tender.first, tender.event_id)


def test_only_who_may_bind_the_company_hands_in_and_withdraws(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    assistant = world.supplier_user(tender.suppliers[0], may_bid=False)
    with pytest.raises(Forbidden, match="may_not_bid"):
        services.submit_offer(assistant, tender.event_id, now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    with pytest.raises(Forbidden, match="may_not_bid"):
        services.withdraw_offer(assistant, tender.event_id, now=world.now)


def test_an_invitation_must_be_accepted_first(world: World) -> None:
    tender = a_tender(world)
    bidding.decline_invitation(tender.first, tender.event_id, "no capacity", now=world.now)
    with pytest.raises(Refused, match="invitation_not_accepted"):
        a_draft(world, tender.first, tender.event_id)


def test_a_double_click_is_one_offer(world: World) -> None:
    tender = a_tender(world)
    first = a_submitted_offer(world, tender.first, tender.event_id)
    assert services.submit_offer(tender.first, tender.event_id, now=world.now) == first
    assert len(stream_acts(tender.stream, ["offer.submitted"])) == 1


def test_a_new_version_replaces_the_old_one_and_both_are_kept(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8", 2: "9"})
    a_submitted_offer(world, tender.first, tender.event_id, {1: "7", 2: "9"})
    own = queries.own_offer(tender.first, tender.event_id)
    assert [(one.version, one.state) for one in own.versions] == [(2, "submitted"), (1, "replaced")]
    assert not own.changed
    for version in (1, 2):
        issued, offer, nonce = proof(tender.first, tender.event_id, version)
        assert verify_receipt.verify(issued, key_file(), offer, nonce)["valid"]
    assert queries.counts(tender.event_id) == {"invited": 3, "accepted": 2, "submitted": 1}


def test_at_the_deadline_it_is_late_and_the_attempt_is_noted_by_its_hash(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id, {1: "777.77", 2: "1"})
    after_deadline(world, tender)
    world.later(minutes=2)
    with pytest.raises(Refused, match="offer_late") as refusal:
        services.submit_offer(tender.first, tender.event_id, now=world.now)
    assert refusal.value.facts["by"] == timedelta(minutes=2)
    entry = stream_acts(tender.stream, ["offer.late"])[0]
    assert entry.details.keys() == {"event", "supplier", "deadline", "commitment"}
    assert "777" not in str(entry.details)
    with pytest.raises(Refused, match="offer_late"):
        a_draft(world, tender.first, tender.event_id, {1: "1", 2: "1"})
    assert queries.counts(tender.event_id)["submitted"] == 0


def test_one_millisecond_before_the_deadline_is_in_time(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    services.submit_offer(tender.first, tender.event_id, now=world.now - timedelta(milliseconds=1))
    assert queries.counts(tender.event_id)["submitted"] == 1


def test_a_withdrawn_offer_is_not_opened(world: World) -> None:
    tender = a_tender(world)
    for user in tender.users.values():
        a_submitted_offer(world, user, tender.event_id)
    services.withdraw_offer(tender.first, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="nothing_submitted"):
        services.withdraw_offer(tender.first, tender.event_id, now=world.now)
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    assert [view.supplier_id for view in queries.opened(tender.event_id)] == [tender.suppliers[1]]
    assert queries.not_opened(tender.event_id) == []


def test_nothing_is_withdrawn_after_the_deadline(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    with pytest.raises(Refused, match="offer_late"):
        services.withdraw_offer(tender.first, tender.event_id, now=world.now)


def test_a_called_off_event_takes_no_offers(world: World) -> None:
    tender = a_tender(world)
    sourcing_services.cancel_event(world.buyer, tender.event_id, reason="budget", now=world.now)
    with pytest.raises(Refused, match="event_called_off"):
        a_draft(world, tender.first, tender.event_id)


# --- files ---------------------------------------------------------------------------------------------------------


def test_an_attachment_travels_sealed_and_opens_with_the_offer(world: World) -> None:
    tender = a_tender(world)
    words = b"our secret margin is low\n" * 400
    services.attach_file(tender.first, tender.event_id, Upload("calc.txt", words), now=world.now)
    a_submitted_offer(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    opened_id = queries.opened(tender.event_id)[0].id
    _event, _view, files = queries.offer_for(world.buyer, opened_id)
    assert [(file.name, file.size) for file in files] == [("calc.txt", len(words))]
    _event, meta, plain = queries.file_of(world.buyer, opened_id, files[0].id)
    assert plain == words and meta.media_type == "text/plain"
    with pytest.raises(NotFound):
        queries.file_of(world.evaluator, opened_id, files[0].id)


def test_a_hostile_file_is_refused_and_leaves_nothing_behind(world: World, app: Flask) -> None:
    tender = a_tender(world)
    before = sorted(Path(app.config["UPLOAD_DIR"]).rglob("*"))
    with pytest.raises(Refused, match="type_not_allowed"):
        services.attach_file(tender.first, tender.event_id, Upload("virus.exe", b"MZ"), now=world.now)
    with pytest.raises(Refused, match="file_missing"):
        services.attach_file(tender.first, tender.event_id, None, now=world.now)
    assert sorted(Path(app.config["UPLOAD_DIR"]).rglob("*")) == before


def test_a_file_taken_out_of_the_draft_stays_with_the_offer_that_holds_it(world: World) -> None:
    tender = a_tender(world)
    file_id = services.attach_file(tender.first, tender.event_id, Upload("a.txt", b"plan A"), now=world.now)
    a_submitted_offer(world, tender.first, tender.event_id)
    services.remove_file(tender.first, tender.event_id, file_id, now=world.now)
    assert queries.own_offer(tender.first, tender.event_id).files == ()
    with pytest.raises(NotFound):
        services.remove_file(tender.second, tender.event_id, file_id, now=world.now)
    after_deadline(world, tender)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    view = queries.opened(tender.event_id)[0]
    files = queries.offer_for(world.buyer, view.id)[2]
    assert queries.file_of(world.buyer, view.id, files[0].id)[2] == b"plan A"


# --- opening -------------------------------------------------------------------------------------------------------


def step_fact(project_id: str) -> str:
    return queries.fact(*(db.session.scalar(column) for column in queries.fact_columns(project_id)))


def test_before_the_deadline_nothing_opens_and_only_numbers_are_known(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    with pytest.raises(Refused, match="before_deadline"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert queries.opened(tender.event_id) == [] and queries.comparison(tender.event_id) is None
    assert step_fact(tender.project_id) == "1 of 3 received"
    assert [blocker.code for blocker in queries.gate(tender.project_id, world.now)] == ["offers_not_opened"]


def test_the_opening_is_an_act_with_a_name_and_a_time(world: World) -> None:
    tender = opened_event(world, prices=[{1: "10", 2: "20"}, {1: "8", 2: None}])
    entry = stream_acts(tender.stream, ["offers.opened"])[0]
    assert (entry.actor_name, entry.at, entry.details["opened"]) == (world.buyer.name, world.now, 2)
    act = queries.opening(tender.event_id)
    assert act is not None and (act.by_name, act.count) == (world.buyer.name, 2)
    assert sourcing.event(tender.event_id).state == "opened"
    assert queries.gate(tender.project_id, world.now) == [] and step_fact(tender.project_id) == "offers opened"
    first, second = queries.opened(tender.event_id)
    assert [line.unit_price for line in first.lines] == [Decimal(10), Decimal(20)]
    assert (first.total, second.total) == (Decimal(5000), Decimal(800))
    assert second.lines[1].unit_price is None
    with pytest.raises(Refused, match="offers_already_opened"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)


def test_who_may_not_open_does_not(world: World) -> None:
    tender = a_tender(world)
    after_deadline(world, tender)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    for actor in (world.evaluator, world.auditor, world.requester, stranger, tender.first):
        with pytest.raises(NotFound):
            services.open_offers(actor, tender.event_id, now=world.now)
    assert services.open_offers(world.manager, tender.event_id, now=world.now) == 0


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("UPDATE offer SET sealed = substr(sealed, 2) WHERE supplier_id = :s", "sealed_box_damaged"),
        ("UPDATE offer SET commitment = :other WHERE supplier_id = :s", "offer_differs_from_journal"),
        ("DELETE FROM offer WHERE supplier_id = :s", "offer_missing"),
        ("UPDATE offer SET state = 'withdrawn' WHERE supplier_id = :s", "offer_missing"),
        ("UPDATE offer SET version = 9 WHERE supplier_id = :s", "offer_of_another_place"),
    ],
)
def test_a_damaged_or_missing_offer_is_named_and_the_others_open(world: World, harm: str, problem: str) -> None:
    tender = a_tender(world)
    for user in tender.users.values():
        a_submitted_offer(world, user, tender.event_id)
    values = {"s": tender.suppliers[0]} | ({"other": "0" * 64} if ":other" in harm else {})
    execute(harm, **values)
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    assert [(one.supplier_name, one.problem) for one in queries.not_opened(tender.event_id)] == [("Bidder 01", problem)]


def test_an_offer_slipped_in_past_the_journal_is_named(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    execute("UPDATE offer SET supplier_id = :s", s=tender.suppliers[1])
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 0
    problems = {one.supplier_id: one.problem for one in queries.not_opened(tender.event_id)}
    assert problems == {tender.suppliers[0]: "offer_missing", tender.suppliers[1]: "offer_not_in_journal"}


def test_without_the_key_file_nothing_opens_and_with_it_all_does(world: World, keyring_kept: Path) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    kept = keyring_kept.read_bytes()
    keyring_kept.unlink()
    with pytest.raises(Refused, match="sealing_key_missing"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert sourcing.event(tender.event_id).state == "published" and queries.opened(tender.event_id) == []
    keyring_kept.write_bytes(kept)
    keyring_kept.chmod(0o600)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1


def test_after_a_rotation_of_the_keys_old_events_open(world: World, keyring_kept: Path) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    keys.keyring().rotate(world.now)
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1


def test_the_offer_of_a_withdrawn_invitation_stays_sealed(world: World) -> None:
    from srm_portal.bidding_lists import queries as lists

    tender: Tender = a_tender(world)
    for user in tender.users.values():
        a_submitted_offer(world, user, tender.event_id)
    invitation = lists.invitation_of(tender.first, tender.event_id)
    bidding.withdraw_invitation(world.buyer, invitation.id, "sanctions", now=world.now)
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    assert [one.problem for one in queries.not_opened(tender.event_id)] == ["invitation_withdrawn"]


# --- deviations ----------------------------------------------------------------------------------------------------


def test_a_deviation_is_ruled_on_and_counts_accordingly(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "10", 2: "20"})
    a_submitted_offer(world, tender.second, tender.event_id, {1: "8", 2: "20"}, deviations={1: "other steel"})
    after_deadline(world, tender)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    second = queries.opened(tender.event_id)[1]
    line_id = second.lines[0].line_id

    def cell() -> str:
        found = queries.comparison(tender.event_id)
        assert found is not None
        return found.rows[0].cells[1].state

    assert cell() == "dev"
    services.rule_deviation(world.buyer, second.id, line_id, "accepted", note="tested", now=world.now)
    assert cell() == "best"
    services.rule_deviation(world.buyer, second.id, line_id, "rejected", now=world.now)
    assert cell() == "out"
    with pytest.raises(Refused, match="no_such_deviation"):
        services.rule_deviation(world.buyer, second.id, "payment", "accepted", now=world.now)
    with pytest.raises(NotFound):
        services.rule_deviation(world.auditor, second.id, line_id, "accepted", now=world.now)


# --- questions of the published criteria ---------------------------------------------------------------------------


def test_published_questions_are_answered_and_an_answer_can_exclude(world: World) -> None:
    tender = a_tender(world, criteria=(PRICE, ISO))
    question = queries.own_offer(tender.first, tender.event_id).asked.questions[0]
    assert question.name == ISO.name
    with pytest.raises(Refused, match="offer_incomplete"):
        a_submitted_offer(world, tender.first, tender.event_id)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "1", 2: "1"}, questions={question.id: "no"})
    a_submitted_offer(world, tender.second, tender.event_id, {1: "9", 2: "9"}, questions={question.id: "yes"})
    after_deadline(world, tender)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    first, second = queries.opened(tender.event_id)
    assert first.answers == {question.id: "no"}
    assert first.knocked_out == (ISO.name,) and second.knocked_out == ()
    found = queries.comparison(tender.event_id)
    assert found is not None and found.figures.lowest_name == second.supplier_name
