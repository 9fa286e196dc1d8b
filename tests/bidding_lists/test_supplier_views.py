"""The supplier's side: from the mail through the one-time code to the event."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from srm_portal.bidding_lists import ports, queries, services
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as steps
from tests.support.factories.bidding_lists import (
    a_bidder,
    a_need_for_castings,
    a_published_event,
    an_event_to_publish,
)
from tests.support.factories.suppliers import a_contact
from tests.support.statements import count_statements
from tests.support.world import World

LINK = re.compile(r"http://localhost(/i/\S+)")
CODE = re.compile(r"\b(\d{8})\b")
TERMS = "Delivery DAP Lyon, no price increase."
Event = tuple[str, str, dict[str, Actor]]


@pytest.fixture
def event(world: World) -> Event:
    return a_published_event(world, accepted=False, terms=TERMS, instructions="Quote every line.")


def _actor(event: Event) -> Actor:
    return next(iter(event[2].values()))


def _first(world: World, event: Event) -> queries.InvitationView:
    """As it stands now: a session of its own, as another request would have."""
    with world.app.app_context():
        return queries.invited(event[1])[0]


def _link(letters: Any, address: str) -> str:
    return next(LINK.search(body)[1] for to, _s, body in reversed(letters) if to == address and LINK.search(body))  # type: ignore[index]


def _code(letters: Any, address: str) -> str:
    return next(CODE.search(body)[1] for to, subject, body in reversed(letters) if to == address and "code" in subject)  # type: ignore[index]


def _no_token(text: str) -> str:
    return re.sub(r'(name="csrf-token" content|href|action)="[^"]*"', "", text)


def test_a_new_supplier_comes_in_by_mail_and_code_reads_the_terms_and_takes_part(
    world: World, letters: Any, client: FlaskClient
) -> None:
    project_id, event_id, found = an_event_to_publish(world, terms=TERMS)
    supplier_id = next(iter(found))
    fresh = a_contact(world, supplier_id, "Nina New", email="nina@example.com")
    services.choose_contact(world.buyer, project_id, supplier_id, contact_id=fresh, language="en", now=world.now)
    services.publish_event(world.buyer, event_id, now=world.now)
    world.run_jobs()
    address = _link(letters, "nina@example.com")
    path = address.partition("?")[0]
    page = client.get(address).text
    for text in ("Nordwerk invites Bidder 1 to offer", "09:00 UTC", "10:00 CET", "Europe/Paris", "n…@example.com"):
        assert text in page
    assert TERMS not in page and "Bracket B-1" not in page
    assert client.post(path).headers["Location"].endswith(f"{path}/code")
    world.run_jobs()
    wrong = client.post(f"{path}/code", data={"code": "00000000"})
    assert wrong.status_code == 422 and "This code is wrong" in wrong.text
    entered = client.post(f"{path}/code", data={"code": _code(letters, "nina@example.com")})
    assert entered.headers["Location"] == f"/s/events/{event_id}"
    page = client.get(f"/s/events/{event_id}").text
    assert TERMS in page and "Bracket B-1" not in page
    accepted = client.post(f"/s/events/{event_id}/accept")
    page = client.get(accepted.headers["Location"]).text
    assert "Bracket B-1" in page and "200" in page and "Offers are encrypted on arrival" in page
    assert "Go to the event" in client.get(path).text


def test_a_code_works_once(world: World, event: Event, letters: Any, client: FlaskClient) -> None:
    world.run_jobs()
    address = next(one.email for one in queries.invited(event[1]))
    path = _link(letters, address).partition("?")[0]
    client.post(path)
    world.run_jobs()
    code = _code(letters, address)
    assert client.post(f"{path}/code", data={"code": code}).status_code == 302
    assert world.app.test_client().post(f"{path}/code", data={"code": code}).status_code == 422


def test_looking_at_the_link_marks_the_invitation_seen(
    world: World, event: Event, letters: Any, client: FlaskClient
) -> None:
    world.run_jobs()
    first = _first(world, event)
    client.head(_link(letters, first.email))
    assert _first(world, event).state == "sent"
    client.get(_link(letters, first.email))
    seen = _first(world, event)
    assert seen.state == "seen" and seen.seen_at == world.now


def test_unknown_replaced_and_withdrawn_links_are_the_same_absence(
    world: World, event: Event, letters: Any, client: FlaskClient
) -> None:
    world.run_jobs()
    first, second = queries.invited(event[1])[:2]
    replaced, withdrawn = _link(letters, first.email), _link(letters, second.email)
    services.resend_invitation(world.buyer, first.id, now=world.now)
    services.withdraw_invitation(world.buyer, second.id, "conflict", now=world.now)
    answers = [client.get(one) for one in ("/i/nothing?lang=en", replaced, withdrawn)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({_no_token(answer.text) for answer in answers}) == 1
    path = withdrawn.partition("?")[0]
    assert client.post(path).status_code == client.get(f"{path}/code").status_code == 404


def test_the_link_speaks_the_language_of_the_invitation(
    world: World, event: Event, letters: Any, client: FlaskClient
) -> None:
    world.run_jobs()
    address = _link(letters, queries.invited(event[1])[0].email)
    assert address.endswith("?lang=en")
    assert 'hreflang="fr"' in client.get(address).text
    assert '<html lang="fr"' in client.get(address.replace("lang=en", "lang=fr")).text


def test_after_the_deadline_the_link_says_so(world: World, event: Event, letters: Any, client: FlaskClient) -> None:
    world.run_jobs()
    world.later(days=8)
    assert "The deadline has passed" in client.get(_link(letters, queries.invited(event[1])[0].email)).text


def test_home_lists_what_waits_with_the_time_left(world: World, event: Event) -> None:
    page = world.client_of(_actor(event)).get("/s").text
    assert "Machined brackets 2027" in page and "Answer now" in page and "please answer" in page and "1 week" in page
    _id, idle = a_bidder(world, "Idle")
    assert "No open invitations" in world.client_of(idle).get("/s").text
    world.later(days=8)
    assert "No open invitations" in world.client_of(_actor(event)).get("/s").text


def test_declining_says_why_and_may_be_taken_back(world: World, event: Event) -> None:
    client, page = world.client_of(_actor(event)), f"/s/events/{event[1]}"
    assert client.post(f"{page}/decline", data={"reason": ""}).status_code == 409
    assert client.post(f"{page}/decline", data={"reason": "no capacity"}).status_code == 302
    shown = client.get(page).text
    assert "no capacity" in shown and "Accept the terms" in shown
    assert client.post(f"{page}/accept").status_code == 302
    assert "takes part" in client.get(page).text


def test_a_colleague_who_may_not_bid_reads_the_terms_only(world: World, event: Event) -> None:
    colleague = world.supplier_user(_actor(event).supplier_id or "", may_bid=False)
    client, page = world.client_of(colleague), f"/s/events/{event[1]}"
    shown = client.get(page).text
    assert TERMS in shown and "Only colleagues who may bind" in shown and "Accept the terms" not in shown
    assert client.post(f"{page}/accept").status_code == 403


def test_another_supplier_gets_the_same_404_as_for_an_absent_event(world: World, event: Event) -> None:
    _id, stranger = a_bidder(world, "Stranger")
    client = world.client_of(stranger)
    for end in ("", "/accept", "/decline", "/questions", "/information"):
        answers = []
        for event_id in (event[1], "0123456789abcdef0123"):
            address = f"/s/events/{event_id}{end}"
            data = {"reason": "x", "question": "x", "text": "x"}
            answers.append(client.get(address) if not end else client.post(address, data=data))
        assert {answer.status_code for answer in answers} == {404}, end
        assert len({_no_token(answer.text) for answer in answers}) == 1
    assert world.client_of(world.buyer).get(f"/s/events/{event[1]}").status_code == 404
    assert world.client_of(world.buyer).get("/s").status_code == 404


def test_suppliers_do_not_reach_the_buyers_pages(world: World, event: Event) -> None:
    client, (project_id, event_id, _found) = world.client_of(_actor(event)), event
    for address in (f"/projects/{project_id}/suppliers", f"/projects/{project_id}/bidding-list"):
        assert client.get(address).status_code == 404
    assert client.get(f"/events/{event_id}/invitations").status_code == 404


def test_questions_are_asked_and_answers_read_without_the_asker(world: World) -> None:
    _project, event_id, found = a_published_event(world)
    first, second = list(found.values())[:2]
    asking, reading = world.client_of(first), world.client_of(second)
    page = f"/s/events/{event_id}"
    empty = asking.post(f"{page}/questions", data={"question": ""})
    assert empty.status_code == 422 and "Please fill this in" in empty.text
    assert asking.post(f"{page}/questions", data={"question": "Which alloy?"}).status_code == 302
    assert "Which alloy?" in asking.get(page).text and "Which alloy?" not in reading.get(page).text
    question = sourcing.clarifications(event_id)[0]
    steps.answer_question(world.buyer, question.id, "AL-7075", to_all=True, now=world.now)
    steps.amend_event(world.buyer, event_id, "Line 2 is thicker.", now=world.now)
    shown = reading.get(page).text
    assert "AL-7075" in shown and "Line 2 is thicker." in shown and first.name not in shown


def test_later_rooms_show_their_panels_to_who_takes_part(world: World, event: Event) -> None:
    panels = world.app.extensions.setdefault("srm_supplier_panels", [])
    kept, client, page = list(panels), world.client_of(_actor(event)), f"/s/events/{event[1]}"
    panels[:] = []
    ports.register_supplier_panel(world.app, lambda actor, view, now: None)
    ports.register_supplier_panel(
        world.app,
        lambda actor, view, now: {"title": "A later room", "template": "bidding_lists/_asked.html", "of": view.id},
    )
    try:
        assert "A later room" not in client.get(page).text
        services.accept_invitation(_actor(event), event[1], now=world.now)
        assert "A later room" in client.get(page).text
    finally:
        panels[:] = kept


def test_information_is_given_in_words_and_a_file(world: World) -> None:
    project_id, (supplier_id, actor) = a_need_for_castings(world), a_bidder(world, "Asked SA")
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    event_id = services.publish_rfi(
        world.buyer, project_id, title="Alloys", questions="List your alloys.", supplier_ids=[supplier_id],
        deadline_at=world.now + timedelta(days=1), now=world.now,
    )  # fmt: skip
    client, buyer, page = world.client_of(actor), world.client_of(world.buyer), f"/s/events/{event_id}"
    assert "List your alloys." in client.get(page).text
    hostile = {"text": "see file", "file": (BytesIO(b"MZ\x90"), "alloys.exe")}
    refused = client.post(f"{page}/information", data=hostile)
    assert refused.status_code == 422 and "see file" in refused.text
    good = {"text": "AL-7075", "file": (BytesIO(b"alloy;price\nAL-7075;3\n"), "alloys.csv")}
    assert client.post(f"{page}/information", data=good).status_code == 302
    assert "AL-7075" in client.get(page).text
    rfi = f"/projects/{project_id}/suppliers/rfi"
    shown = buyer.get(rfi).text
    assert "AL-7075" in shown and "1 of 1" in shown
    file = re.search(r'href="(/information-answers/[^"]+)"', shown)
    assert file is not None
    download = buyer.get(file[1])
    assert download.status_code == 200 and "attachment" in download.headers["Content-Disposition"]
    _id, stranger = a_bidder(world, "Stranger")
    assert world.client_of(stranger).get(file[1]).status_code == 404
    with count_statements() as found:
        buyer.get(rfi)
    assert len(found) <= 12, str(found)
    world.later(days=1)
    late = world.client_of(actor).post(f"{page}/information", data={"text": "late"})
    assert late.status_code == 422 and "The deadline has passed" in late.text


def test_supplier_pages_need_as_many_statements_for_many_lines_and_invitations(world: World) -> None:
    small, large = a_published_event(world, lines=2), a_published_event(world, lines=40)
    counts = []
    for one in (small, large):
        client, page = world.client_of(_actor(one)), f"/s/events/{one[1]}"
        for _ in range(5 if one is large else 1):
            services.ask(_actor(one), one[1], "Which alloy?", now=world.now)
        client.get(page)
        with count_statements() as found:
            assert client.get(page).status_code == 200
        assert len(found) <= 12, str(found)
        with count_statements() as home:
            assert client.get("/s").status_code == 200
        assert len(home) <= 12, str(home)
        counts.append((len(found), len(home)))
    assert counts[0] == counts[1]
