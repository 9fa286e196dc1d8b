"""Mails as a mail server receives them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from srm_portal.adapters.smtp import SmtpTransport
from srm_portal.identity import queries as identity
from srm_portal.identity.services import accounts
from srm_portal.infra import gateways
from srm_portal.infra.outbox import MailTransport
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications import services as notifications
from tests.support.factories.bidding_lists import a_published_event
from tests.support.post_office import PostOffice, free_port, open_post_office
from tests.support.world import World

SENDER = "Sourcing <portal@nordwerk.example>"


@pytest.fixture
def office(app: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        _sends_to(app, office.url)
        yield office


def _sends_to(app: Flask, url: str) -> None:
    gateways.bind(app, MailTransport, SmtpTransport(url, SENDER))  # type: ignore[type-abstract]


def _address(actor: Actor) -> str:
    person = identity.person(actor.user_id)
    assert person is not None
    return person.email


def _mails_page(world: World, actor: Actor) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", world.client_of(actor).get("/notices/mails").text))


def _tell(world: World, actor: Actor, **facts: str) -> None:
    given = {"by": "Ada", "reference": "P-2026-0001", "title": "Brackets"} | facts
    notifications.notify([actor.user_id], "need_submitted", path="/projects/x", now=world.now, **given)


def test_a_reset_arrives_with_its_link_and_the_portal_keeps_the_mail_without_it(
    world: World, office: PostOffice
) -> None:
    address = _address(world.buyer)
    with world.app.test_request_context():
        accounts.start_reset(address, now=world.now)
    world.run_jobs()
    (letter,) = office.to(address)
    assert letter["From"] == SENDER
    assert letter["Subject"] == "Choose a new password"
    assert letter["Auto-Submitted"] == "auto-generated"
    link = re.search(r"http://localhost(/password/\S+)", letter.get_content())
    assert link
    assert world.app.test_client().get(link[1]).status_code == 200
    assert "Choose a new password" in _mails_page(world, world.buyer)
    mail = re.search(r"/notices/mails/\w+", world.client_of(world.buyer).get("/notices/mails").text)
    assert mail
    assert link[1] not in world.client_of(world.buyer).get(mail[0]).text


def test_who_reads_french_gets_a_french_mail(world: World, office: PostOffice) -> None:
    reader = world.person("buyer", language="fr")
    with world.app.test_request_context():
        accounts.start_reset(_address(reader), now=world.now)
        with force_locale("fr"):
            subject = gettext("Choose a new password")
            greeting = gettext("Hello %(name)s,", name=reader.name)
    world.run_jobs()
    (letter,) = office.to(_address(reader))
    assert letter["Subject"] == subject
    assert letter.get_content().startswith(greeting)


def test_letters_of_any_script_arrive_unharmed(world: World, office: PostOffice) -> None:
    _tell(world, world.manager, by="Łucja Żółw", title="Кронштейны, зубчатые колёса №3 — «срочно»")
    world.run_jobs()
    (letter,) = office.to(_address(world.manager))
    assert "Łucja Żółw" in letter["Subject"] + letter.get_content()
    assert "Кронштейны, зубчатые колёса №3 — «срочно»" in letter["Subject"] + letter.get_content()


def test_a_name_with_a_line_break_adds_no_header(world: World, office: PostOffice) -> None:
    _tell(world, world.manager, title="Brackets\r\nBcc: everybody@example.com")
    world.run_jobs()
    (letter,) = office.letters
    assert letter["Bcc"] is None
    assert letter["To"] == _address(world.manager)


def test_an_invitation_is_mailed_to_the_contact_with_its_link(world: World, office: PostOffice) -> None:
    _project, _event, users = a_published_event(world, accepted=False)
    world.run_jobs()
    for user in users.values():
        letters = [one for one in office.to(_address(user)) if re.search(r"http://localhost/i/\S+", one.get_content())]
        assert len(letters) == 1


def test_an_address_that_does_not_exist_is_undeliverable_at_once_and_the_buyer_may_send_again(
    world: World, office: PostOffice
) -> None:
    _project, event_id, users = a_published_event(world, accepted=False)
    lost = next(iter(users.values()))
    office.refuse.add(_address(lost))
    world.run_jobs()
    office.refuse.clear()
    world.later(hours=1)
    world.run_jobs()
    assert not office.to(_address(lost))
    assert "undeliverable" in _mails_page(world, lost)

    buyer = world.client_of(world.buyer)
    page = buyer.get(f"/events/{event_id}/invitations").text
    assert "550 5.1.1 no such user here" in page
    row = page[page.index("no such user here") :]
    again = re.search(r"/invitations/\w+/resend", row)
    assert again
    form = buyer.get(again[0]).text
    values = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', form))
    assert buyer.post(again[0], data=values).status_code in (302, 303)
    world.run_jobs()
    assert len(office.to(_address(lost))) == 1


def test_a_server_that_is_down_gets_the_mail_when_it_is_back(world: World, app: Flask) -> None:
    port = free_port()
    _sends_to(app, f"smtp://127.0.0.1:{port}")
    _tell(world, world.manager)
    world.run_jobs()
    assert "trying again" in _mails_page(world, world.manager)
    with open_post_office(port) as office:
        world.run_jobs()
        assert not office.letters, "tried again before its time"
        world.later(minutes=1)
        world.run_jobs()
        assert len(office.to(_address(world.manager))) == 1
        world.later(hours=2)
        world.run_jobs()
        assert len(office.letters) == 1
    assert "sent" in _mails_page(world, world.manager)


def test_a_server_that_is_busy_is_asked_again(world: World, office: PostOffice) -> None:
    address = _address(world.manager)
    office.busy.add(address)
    _tell(world, world.manager)
    world.run_jobs()
    office.busy.clear()
    world.later(minutes=1)
    world.run_jobs()
    assert len(office.to(address)) == 1


def test_without_a_mail_server_every_mail_waits_in_the_portal(world: World) -> None:
    _tell(world, world.manager)
    assert "P-2026-0001" in _mails_page(world, world.manager) + world.client_of(world.manager).get("/notices/").text
