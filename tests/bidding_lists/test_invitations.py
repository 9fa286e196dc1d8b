"""Publication, invitations and what suppliers answer."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from srm_portal.bidding_lists import queries, services
from srm_portal.documents.queries import download
from srm_portal.identity import queries as identity
from srm_portal.infra import gateways
from srm_portal.infra.outbox import MailRefused, MailTransport
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.queries import deliveries, notices
from srm_portal.sourcing import ports
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as steps
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers import services as supplier_services
from tests.support.factories.bidding_lists import (
    a_bidder,
    a_need_for_castings,
    a_published_event,
    an_event_to_publish,
)
from tests.support.factories.sourcing import an_event
from tests.support.factories.suppliers import CASTINGS, a_contact, a_qualified_supplier, a_supplier
from tests.support.world import World

LINK = re.compile(r"http://localhost/i/(\S+)\?lang=\w+")


class RefusingServer:
    """A mail server that takes nothing."""

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        raise MailRefused("550 no such user")


class Sockets:
    """Remembers whose sockets were ended."""

    def __init__(self) -> None:
        self.scopes: list[str | None] = []

    def kick(self, *, session_id: str | None = None, user_id: str | None = None, scope: str | None = None) -> int:
        self.scopes.append(scope)
        return 0


def _states(event_id: str) -> dict[str, str]:
    return {one.supplier_id: one.state for one in queries.invited(event_id)}


def _one(event_id: str, supplier_id: str) -> queries.InvitationView:
    return next(one for one in queries.invited(event_id) if one.supplier_id == supplier_id)


def _first(found: dict[str, Actor]) -> tuple[str, Actor]:
    return next(iter(found.items()))


def test_publishing_freezes_the_list_opens_the_event_and_mails_everybody(world: World, letters: Any) -> None:
    project_id, event_id, found = an_event_to_publish(world)
    services.publish_event(world.buyer, event_id, now=world.now)
    assert sourcing.event(event_id).state == "published"
    assert sourcing.project(project_id).stage == "selection"
    assert {(one.supplier_id, one.basis) for one in queries.entries(sourcing.event(event_id))} == {
        (s, "panel") for s in found
    }
    assert set(_states(event_id).values()) == {"queued"}
    world.run_jobs()
    mails = [letter for letter in letters if LINK.search(letter[2])]
    assert len(mails) == 3 and len({LINK.search(body)[1] for _to, _subject, body in mails}) == 3  # type: ignore[index]
    assert mails[0][1] == "Nordwerk invites you to offer: Machined brackets 2027"
    assert "09:00 UTC" in mails[0][2] and "10:00 CET (Europe/Paris)" in mails[0][2]
    assert set(_states(event_id).values()) == {"sent"}


def test_the_link_is_kept_nowhere_once_it_left(world: World, letters: Any) -> None:
    _project, event_id, _found = a_published_event(world, accepted=False)
    world.run_jobs()
    kept = deliveries([one.id for one in queries.invited(event_id)])
    assert {mail.body for mail in kept.values()} == {"—"}


def test_a_second_publication_is_refused(world: World) -> None:
    _project, event_id, _found = a_published_event(world)
    with pytest.raises(Refused, match="already_done"):
        services.publish_event(world.buyer, event_id, now=world.now)


def test_an_event_without_a_deadline_ahead_is_not_published(world: World) -> None:
    _project, event_id, _found = an_event_to_publish(world, days=1)
    world.later(days=2)
    with pytest.raises(Refused, match="step_blocked"):
        services.publish_event(world.buyer, event_id, now=world.now)
    assert queries.invited(event_id) == [] and queries.entries(sourcing.event(event_id)) == []


def test_a_qualification_that_ran_out_blocks_the_publication(world: World) -> None:
    _project, event_id, found = an_event_to_publish(world, days=500)
    supplier_services.block_supplier(world.buyer, next(iter(found)), reason="fraud", now=world.now)
    with pytest.raises(Refused, match="step_blocked"):
        services.publish_event(world.buyer, event_id, now=world.now)
    world.later(days=400)
    with pytest.raises(Refused, match="step_blocked"):
        services.publish_event(world.buyer, event_id, now=world.now)


def test_the_event_is_published_from_step_four_only(world: World) -> None:
    project_id = a_need_for_castings(world)
    event_id = an_event(world, project_id)
    with pytest.raises(Refused, match="not_current_step"):
        services.publish_event(world.buyer, event_id, now=world.now)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.publish_event(stranger, event_id, now=world.now)


@pytest.mark.parametrize("failing", range(3))
def test_one_invitation_that_fails_leaves_nothing_published(world: World, failing: int) -> None:
    project_id, event_id, found = an_event_to_publish(world)
    foreign = a_contact(world, a_supplier(world, "Elsewhere"), "Eve", email="eve@example.com")
    supplier_services.invite_contact(world.buyer, foreign, may_bid=True, now=world.now)
    supplier_id = list(found)[failing]
    taken = a_contact(world, supplier_id, "Eve", email="eve@example.com")
    services.choose_contact(world.buyer, project_id, supplier_id, contact_id=taken, language="en", now=world.now)
    with pytest.raises(Refused, match="contact_address_taken"):
        services.publish_event(world.buyer, event_id, now=world.now)
    assert queries.invited(event_id) == [] and queries.entries(sourcing.event(event_id)) == []
    assert sourcing.event(event_id).state == "draft" and sourcing.project(project_id).stage == "criteria"


def test_a_contact_without_account_gets_one_that_may_bid(world: World) -> None:
    project_id, event_id, found = an_event_to_publish(world)
    supplier_id, _actor = _first(found)
    fresh = a_contact(world, supplier_id, "Nina New", email="nina@example.com")
    services.choose_contact(world.buyer, project_id, supplier_id, contact_id=fresh, language="fr", now=world.now)
    services.publish_event(world.buyer, event_id, now=world.now)
    invitation = _one(event_id, supplier_id)
    person = identity.person(invitation.user_id or "")
    assert person and (person.supplier_id, person.may_bid, person.state) == (supplier_id, True, "invited")
    assert suppliers.contact(fresh).user_id == person.id  # type: ignore[union-attr]
    assert invitation.language == "fr"


def test_an_undeliverable_invitation_is_told_to_the_buyer_and_sent_again(world: World, letters: Any) -> None:
    transport = gateways.gateway(MailTransport)  # type: ignore[type-abstract]
    _project, event_id, found = a_published_event(world, accepted=False)
    gateways.bind(world.app, MailTransport, RefusingServer())  # type: ignore[type-abstract]
    world.run_jobs()
    assert set(_states(event_id).values()) == {"undeliverable"}
    assert any("could not be delivered" in notice.text for notice in notices(world.buyer)[0])
    gateways.bind(world.app, MailTransport, transport)  # type: ignore[type-abstract]
    supplier_id, _actor = _first(found)
    other = a_contact(world, supplier_id, "Olga", email="olga@example.com")
    services.resend_invitation(world.buyer, _one(event_id, supplier_id).id, contact_id=other, now=world.now)
    world.run_jobs()
    assert _one(event_id, supplier_id).state == "sent"
    assert [to for to, _s, body in letters if LINK.search(body)] == ["olga@example.com"]


def test_a_fresh_link_ends_the_one_before(world: World, letters: Any) -> None:
    _project, event_id, found = a_published_event(world, suppliers=3, accepted=False)
    world.run_jobs()
    supplier_id, _actor = _first(found)
    invitation = _one(event_id, supplier_id)
    old = next(LINK.search(body)[1] for to, _s, body in letters if to == invitation.email and LINK.search(body))  # type: ignore[index]
    assert queries.landing(old).supplier_id == supplier_id
    services.resend_invitation(world.buyer, invitation.id, now=world.now)
    with pytest.raises(NotFound):
        queries.landing(old)


def test_who_takes_part_is_asked_no_more(world: World) -> None:
    _project, event_id, found = a_published_event(world)
    with pytest.raises(Refused, match="wrong_state"):
        services.resend_invitation(world.buyer, _one(event_id, next(iter(found))).id, now=world.now)


def test_accepting_is_done_once_and_declining_needs_a_reason(world: World) -> None:
    _project, event_id, found = a_published_event(world, accepted=False)
    (_one_id, first), (_two_id, second), _third = found.items()
    services.accept_invitation(first, event_id, now=world.now)
    services.accept_invitation(first, event_id, now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.decline_invitation(second, event_id, "", now=world.now)
    services.decline_invitation(second, event_id, "no capacity", now=world.now)
    assert queries.bidders(event_id) == [first.supplier_id]
    assert second.supplier_id not in queries.supplier_ids(event_id)
    services.accept_invitation(second, event_id, now=world.now)
    assert set(queries.bidders(event_id)) == {first.supplier_id, second.supplier_id}
    told = [notice.text for notice in notices(world.buyer)[0]]
    assert any("no capacity" in text for text in told) and any("takes part" in text for text in told)


def test_only_who_may_bid_answers_for_the_company(world: World) -> None:
    _project, event_id, found = a_published_event(world, accepted=False)
    colleague = world.supplier_user(next(iter(found)), may_bid=False)
    with pytest.raises(Forbidden, match="may_not_bind"):
        services.accept_invitation(colleague, event_id, now=world.now)
    with pytest.raises(Forbidden, match="may_not_bind"):
        services.decline_invitation(colleague, event_id, "no", now=world.now)


def test_the_deadline_ends_accepting(world: World) -> None:
    _project, event_id, found = a_published_event(world, accepted=False, days=1)
    world.later(days=1)
    with pytest.raises(Refused, match="deadline_has_passed"):
        services.accept_invitation(_first(found)[1], event_id, now=world.now)


def test_who_is_not_invited_finds_nothing(world: World) -> None:
    _project, event_id, _found = a_published_event(world)
    _other_id, stranger = a_bidder(world, "Stranger")
    for act in (services.accept_invitation, lambda a, e, now: services.decline_invitation(a, e, "x", now=now)):
        with pytest.raises(NotFound):
            act(stranger, event_id, now=world.now)
    for actor in (stranger, world.buyer):
        with pytest.raises(NotFound):
            queries.invitation_of(actor, event_id)
    assert queries.my_invitations(stranger) == []


def test_a_withdrawn_invitation_is_gone_for_the_supplier_and_ends_their_sockets(world: World) -> None:
    _project, event_id, found = a_published_event(world)
    supplier_id, actor = _first(found)
    before = world.app.extensions.get("srm_sockets")
    sockets = world.app.extensions["srm_sockets"] = Sockets()
    try:
        with pytest.raises(Refused, match="reason_needed"):
            services.withdraw_invitation(world.buyer, _one(event_id, supplier_id).id, "", now=world.now)
        services.withdraw_invitation(world.buyer, _one(event_id, supplier_id).id, "conflict", now=world.now)
    finally:
        world.app.extensions["srm_sockets"] = before
    assert sockets.scopes == [f"event:{event_id}:{supplier_id}"]
    with pytest.raises(NotFound):
        queries.invitation_of(actor, event_id)
    assert any("conflict" in notice.text for notice in notices(actor)[0])
    assert supplier_id not in queries.bidders(event_id) and actor.user_id not in ports.audience(event_id)


def test_a_withdrawn_supplier_may_be_invited_again(world: World) -> None:
    _project, event_id, found = a_published_event(world)
    supplier_id, actor = _first(found)
    services.withdraw_invitation(world.buyer, _one(event_id, supplier_id).id, "mistake", now=world.now)
    services.invite_late(world.buyer, event_id, supplier_id, "it was a mistake", now=world.now)
    assert queries.invitation_of(actor, event_id).state == "queued"


def test_inviting_late_needs_panel_or_waiver_and_a_reason(world: World) -> None:
    project_id, event_id, _found = a_published_event(world)
    late, _actor = a_bidder(world, "Late")
    unknown = a_supplier(world, "Unknown")
    a_contact(world, unknown)
    with pytest.raises(Refused, match="reason_needed"):
        services.invite_late(world.buyer, event_id, late, " ", now=world.now)
    services.invite_late(world.buyer, event_id, late, "found today", now=world.now)
    with pytest.raises(Refused, match="already_invited"):
        services.invite_late(world.buyer, event_id, late, "found today", now=world.now)
    with pytest.raises(Refused, match="waiver_needed"):
        services.invite_late(world.buyer, event_id, unknown, "found today", now=world.now)
    services.add_candidate(world.buyer, project_id, unknown, now=world.now)
    waiver_id = services.ask_waiver(world.buyer, project_id, unknown, reason="sole maker", now=world.now)
    services.decide_waiver(world.manager, waiver_id, approve=True, now=world.now)
    services.invite_late(world.buyer, event_id, unknown, "waived", now=world.now)
    kept = {one.supplier_id: (one.basis, one.late_reason) for one in queries.entries(sourcing.event(event_id))}
    assert kept[late] == ("panel", "found today") and kept[unknown] == ("waiver", "waived")


def test_nobody_is_invited_after_the_deadline(world: World) -> None:
    _project, event_id, _found = a_published_event(world, days=1)
    late = a_qualified_supplier(world, category=CASTINGS)
    world.later(days=1)
    with pytest.raises(Refused, match="deadline_has_passed"):
        services.invite_late(world.buyer, event_id, late, "too late", now=world.now)


def test_everybody_who_takes_part_is_told_of_an_amendment(world: World) -> None:
    _project, event_id, found = a_published_event(world)
    (_a, first), (_b, second), _c = found.items()
    colleague = world.supplier_user(first.supplier_id or "")
    services.decline_invitation(second, event_id, "no capacity", now=world.now)
    steps.amend_event(world.buyer, event_id, "line 2 is thicker", now=world.now)
    for actor, told in ((first, True), (colleague, True), (second, False)):
        assert any("was amended" in notice.text for notice in notices(actor)[0]) is told


def test_questions_are_for_those_who_take_part(world: World) -> None:
    _project, event_id, found = a_published_event(world, accepted=False)
    _id, actor = _first(found)
    with pytest.raises(Refused, match="accept_first"):
        services.ask(actor, event_id, "Which alloy?", now=world.now)
    services.accept_invitation(actor, event_id, now=world.now)
    services.ask(actor, event_id, "Which alloy?", now=world.now)
    assert [one.question for one in sourcing.clarifications(event_id)] == ["Which alloy?"]


def _an_rfi(world: World) -> tuple[str, str, dict[str, Actor]]:
    project_id, found = a_need_for_castings(world), dict(a_bidder(world, f"Asked {n}") for n in range(2))
    for supplier_id in found:
        services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    event_id = services.publish_rfi(
        world.buyer, project_id, title="Which alloys?", questions="List your alloys.", supplier_ids=list(found),
        deadline_at=world.now + timedelta(days=3), now=world.now,
    )  # fmt: skip
    return project_id, event_id, found


def test_candidates_are_asked_for_information_and_answer(world: World, letters: Any) -> None:
    project_id, event_id, found = _an_rfi(world)
    world.run_jobs()
    assert sum("asks you for information" in subject for _to, subject, _body in letters) == 2
    (first, actor), _other = found.items()
    services.answer_rfi(actor, event_id, "AL-7075", now=world.now)
    services.answer_rfi(actor, event_id, "AL-7075 and AL-6061", now=world.now)
    request = queries.requests(project_id)[0]
    answers = {one.supplier_id: answer.text if answer else None for one, answer in request.asked}
    assert request.answered == 1 and answers[first] == "AL-7075 and AL-6061"
    assert sourcing.project(project_id).stage == "potential"


def test_a_file_of_an_answer_is_for_the_buyer_and_its_giver_only(world: World) -> None:
    from werkzeug.datastructures import FileStorage

    _project, event_id, found = _an_rfi(world)
    (_first_id, giver), (_second_id, other) = found.items()
    upload = FileStorage(BytesIO(b"alloy;price\nAL-7075;3\n"), filename="alloys.csv")
    answer_id = services.answer_rfi(giver, event_id, "see the file", upload=upload, now=world.now)
    own = queries.own_answer(giver, event_id)
    assert own is not None
    file_id = own.files[0].id
    with world.app.test_request_context():
        assert download(queries.answer_file(world.buyer, answer_id, file_id)).status_code == 200
    assert queries.answer_file(giver, answer_id, file_id).name == "alloys.csv"
    with pytest.raises(NotFound):
        queries.answer_file(other, answer_id, file_id)


def test_a_request_for_information_names_candidates_and_questions(world: World) -> None:
    project_id = a_need_for_castings(world)
    with pytest.raises(Invalid) as caught:
        services.publish_rfi(
            world.buyer, project_id, title="", questions=" ", supplier_ids=[a_supplier(world)],
            deadline_at=world.now + timedelta(days=1), now=world.now,
        )  # fmt: skip
    assert {p.code for p in caught.value.problems} == {"required", "choose_candidates"}
    assert queries.requests(project_id) == []


def test_information_is_answered_before_its_deadline_and_offers_are_not_information(world: World) -> None:
    _project, event_id, found = _an_rfi(world)
    _id, actor = _first(found)
    world.later(days=3)
    with pytest.raises(Refused, match="deadline_has_passed"):
        services.answer_rfi(actor, event_id, "late", now=world.now)
    _other_project, offers, bidders = a_published_event(world)
    with pytest.raises(Refused, match="event_asks_offers"):
        services.answer_rfi(_first(bidders)[1], offers, "x", now=world.now)
    with pytest.raises(Refused, match="event_asks_information"):
        services.publish_event(world.buyer, event_id, now=world.now)
