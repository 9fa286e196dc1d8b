"""Letters: what winner and losers are told, on the page, by mail and on paper; questions afterwards."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from srm_portal.awards import queries, services
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.notifications.queries import notices
from tests.support.factories.contracts import a_ranked_project, an_award, propose
from tests.support.factories.offers import Tender
from tests.support.factories.suppliers import a_qualified_supplier
from tests.support.world import World


def decided(world: World, **words: Any) -> tuple[Tender, str, str, str]:
    """A tender, its approved award, the winner and the loser."""
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id, **words)
    services.approve_award(world.manager, award_id, queries.award_by_id(award_id).sha256, now=world.now)
    winner = queries.award_by_id(award_id).lines[0].supplier_id
    return tender, award_id, winner, next(one for one in tender.suppliers if one != winner)


def text_of(letter: queries.LetterView) -> str:
    return "\n".join(letter.text["paragraphs"])


def test_winner_and_loser_each_get_their_own_letter(world: World) -> None:
    _tender, award_id, winner, loser = decided(world)
    letters = {one.supplier_id: one for one in queries.letters(award_id)}
    assert (letters[winner].kind, letters[loser].kind) == ("won", "lost")
    assert "to be awarded lot 1" in text_of(letters[winner])
    assert "not chosen" in text_of(letters[loser]) and letters[winner].supplier_name in text_of(letters[loser])
    assert "not signed before" in text_of(letters[loser])
    assert "100 points: rank" in text_of(letters[loser])


def test_the_winning_price_is_told_only_where_the_award_says_so(world: World) -> None:
    _tender, award_id, _winner, loser = decided(world)
    assert "€" not in text_of(queries.letter_for(world.buyer, award_id, loser))
    _tender, award_id, _winner, loser = decided(world, telling={"price": True})
    assert "€" in text_of(queries.letter_for(world.buyer, award_id, loser))


def test_a_winner_that_stays_unnamed_is_named_nowhere(world: World) -> None:
    tender, award_id, winner, loser = decided(world, telling={"winner": False, "scores": False})
    letter = queries.letter_for(world.buyer, award_id, loser)
    name = queries.letter_for(world.buyer, award_id, winner).supplier_name
    page = world.client_of(tender.users[loser]).get(f"/s/awards/{award_id}").text
    told = notices(tender.users[loser])[0]
    assert name not in text_of(letter) and name not in page and all(name not in one.text for one in told)
    assert letter.text["table"] is None


def test_a_sentence_of_reasons_reaches_only_its_bidder(world: World) -> None:
    tender = a_ranked_project(world)
    first, second = tender.suppliers[:2]
    award_id = propose(world, tender.project_id, reasons={first: "For the first alone.", second: "For the second."})
    services.approve_award(world.manager, award_id, queries.award_by_id(award_id).sha256, now=world.now)
    assert "For the first alone." in text_of(queries.letter_for(world.buyer, award_id, first))
    assert "For the first alone." not in text_of(queries.letter_for(world.buyer, award_id, second))


def test_the_letter_is_mailed_in_the_bidders_language(world: World, letters: Any) -> None:
    tender, _award_id, _winner, loser = decided(world)
    world.run_jobs()
    person = tender.users[loser]
    address = identity.people({person.user_id})[person.user_id].email
    mailed = [body for to, subject, body in letters if to == address and "Award decision" in subject]
    assert len(mailed) == 1 and "not chosen" in mailed[0] and "/s/awards/" in mailed[0]


def test_the_preview_is_what_is_sent(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id)
    page = world.client_of(world.manager).get(f"/awards/{award_id}/letters").text
    assert "Preview" in page and "not chosen" in page
    services.approve_award(world.manager, award_id, queries.award_by_id(award_id).sha256, now=world.now)
    page = world.client_of(world.manager).get(f"/awards/{award_id}/letters").text
    assert "Preview" not in page and "not chosen" in page


def test_each_bidder_reads_only_their_own_letter(world: World) -> None:
    tender, award_id, winner, loser = decided(world)
    client = world.client_of(tender.users[loser])
    assert client.get(f"/s/awards/{award_id}").status_code == 200
    paper = client.get(f"/s/awards/{award_id}/letter.pdf")
    assert "not chosen" in PdfReader(BytesIO(paper.data)).pages[0].extract_text()
    assert client.get(f"/awards/{award_id}/letters/{winner}.pdf").status_code == 404
    outsider = world.supplier_user(_another(world))
    assert world.client_of(outsider).get(f"/s/awards/{award_id}").status_code == 404
    other = world.person("purchasing_manager", organisation_id=world.other_organisation())
    assert world.client_of(other).get(f"/awards/{award_id}/letters").status_code == 404


def _another(world: World) -> str:
    return a_qualified_supplier(world, "Nobody Ltd")


def test_the_same_letter_gives_the_same_pages(world: World) -> None:
    _tender, award_id, winner, _loser = decided(world)
    client = world.client_of(world.buyer)
    first = client.get(f"/awards/{award_id}/letters/{winner}.pdf").data
    world.later(minutes=20)
    assert client.get(f"/awards/{award_id}/letters/{winner}.pdf").data == first


def test_a_bidder_asks_and_is_answered_alone(world: World) -> None:
    tender, award_id, winner, loser = decided(world)
    client = world.client_of(tender.users[loser])
    assert client.post(f"/s/awards/{award_id}", data={"text": ""}).status_code == 422
    assert client.post(f"/s/awards/{award_id}", data={"text": "Why was our lead time worse?"}).status_code == 302
    db.session.rollback()
    question = queries.questions(award_id)[0]
    buyer = world.client_of(world.buyer)
    answer = {"text": "Thirty days against twenty."}
    assert buyer.post(f"/debrief-questions/{question.id}/answer", data=answer).status_code == 302
    assert "Thirty days" in client.get(f"/s/awards/{award_id}").text
    assert "Thirty days" not in world.client_of(tender.users[winner]).get(f"/s/awards/{award_id}").text
    with pytest.raises(Refused, match="already_answered"):
        services.answer_question(world.buyer, question.id, "Again", now=world.now)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.answer_question(stranger, question.id, "Hello", now=world.now)


def test_questions_end_after_ten(world: World) -> None:
    tender, award_id, _winner, loser = decided(world)
    for _number in range(10):
        services.ask_question(tender.users[loser], award_id, "Why?", now=world.now)
    with pytest.raises(Refused, match="too_many_questions"):
        services.ask_question(tender.users[loser], award_id, "Why?", now=world.now)


def test_no_letter_goes_out_before_the_decision(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id)
    assert queries.letters(award_id) == []
    assert world.client_of(tender.first).get(f"/s/awards/{award_id}").status_code == 404
    assert "Read the letter" not in world.client_of(tender.first).get(f"/s/events/{tender.event_id}").text


def test_the_event_page_leads_to_the_letter(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = an_award(world, tender.project_id)
    assert f"/s/awards/{award_id}" in world.client_of(tender.first).get(f"/s/events/{tender.event_id}").text
