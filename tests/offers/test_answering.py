"""What makes answering easier: a calendar file, a way to ask for help, settings that are copied."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.offers import services
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.calendar import calendar
from tests.support.factories.offers import a_tender, after_deadline
from tests.support.factories.sourcing import an_approved_need
from tests.support.world import World


def test_a_calendar_is_folded_escaped_and_in_utc(world: World) -> None:
    made = calendar("A; b, c", [("u", "Ä" * 60 + "\r\nBEGIN:VEVENT\x00", world.now)], world.now)
    lines = made.split("\r\n")
    assert lines.pop() == "" and all(len(line.encode()) <= 75 for line in lines)
    assert lines[3] == "X-WR-CALNAME:A\\; b\\, c" and "DTSTART:20260302T090000Z" in lines
    assert lines.count("BEGIN:VEVENT") == 1 and "\x00" not in made


def test_the_timetable_is_for_who_may_see_the_event(world: World) -> None:
    tender, other = a_tender(world), a_tender(world)
    staff = world.client_of(world.buyer).get(f"/events/{tender.event_id}/timetable.ics")
    assert staff.mimetype == "text/calendar" and "DTSTART:20260309T090000Z" in staff.text
    place = f"/s/events/{tender.event_id}/timetable.ics"
    assert world.client_of(tender.first).get(place).status_code == 200
    assert world.client_of(other.first).get(place).status_code == 404


def test_who_needs_help_is_heard_by_name(world: World) -> None:
    tender, other = a_tender(world), a_tender(world)
    browser = world.client_of(tender.first)
    place = f"/s/events/{tender.event_id}/offer"
    assert "I need help" in browser.get(place).text
    assert browser.post(place + "/help", data={"reason": "The sheet does not open."}).status_code == 302
    db.session.rollback()
    [facts] = db.session.execute(text("SELECT facts FROM notice WHERE kind = 'help_asked'")).scalars()
    assert tender.first.name in str(facts) and "The sheet does not open." in str(facts)
    with pytest.raises(Refused, match="reason_needed"):
        services.ask_for_help(tender.first, tender.event_id, " ", now=world.now)
    with pytest.raises(NotFound):
        services.ask_for_help(other.first, tender.event_id, "x", now=world.now)
    after_deadline(world, tender)
    with pytest.raises(Refused, match="offer_late"):
        services.ask_for_help(tender.first, tender.event_id, "x", now=world.now)


def test_a_new_event_takes_over_the_settings_of_an_earlier_one(world: World) -> None:
    tender = a_tender(world, terms="Incoterms DAP, penalty 0.5 % a week", envelopes="two")
    fresh = an_approved_need(world)
    buyer, place = world.client_of(world.buyer), f"/projects/{fresh}/event"
    assert sourcing.event(tender.event_id).reference in buyer.get(place).text
    page = buyer.get(f"{place}?copy={tender.event_id}").text
    assert "penalty 0.5 % a week" in page and '<option selected value="two">' in page
    assert buyer.get(f"{place}?copy=nobodys").status_code == 404
