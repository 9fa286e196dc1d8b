"""Webhooks out and in, over real connections on this machine."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from srm_portal.adapters.outbound import Outbound
from srm_portal.infra import gateways
from srm_portal.infra.db import db
from srm_portal.integrations.domain import retries, signing
from srm_portal.integrations.ports import Unreachable, WebhookTransport
from srm_portal.integrations.queries import webhooks as queries
from srm_portal.integrations.services import inbox, webhooks
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.web.paging import Page
from tests.support.factories.customers import a_customer, an_opportunity
from tests.support.receiver import Receiver, a_receiver
from tests.support.world import World


@pytest.fixture
def receiver(world: World) -> Iterator[Receiver]:
    before = world.app.extensions["srm_gateways"][WebhookTransport]
    with a_receiver() as one:
        outbound = Outbound({f"127.0.0.1:{one.port}"}, timeout_s=1)
        gateways.bind(world.app, WebhookTransport, outbound)  # type: ignore[type-abstract]
        yield one
    gateways.bind(world.app, WebhookTransport, before)  # type: ignore[type-abstract]


def a_target(world: World, url: str, *events: str) -> tuple[str, str]:
    wanted = events or ("customer.changed",)
    return webhooks.add_target(world.administrator, url=url, wanted=wanted, now=world.now)


def messages(target_id: str) -> list[queries.DeliveryView]:
    db.session.rollback()
    return queries.deliveries(target_id, "", Page(1))[0]


def verified(secret: str, headers: dict[str, str], body: bytes, now: datetime) -> Any:
    """By the standard's own package; its clock is the real one, so the signature is compared without the age."""
    signed = Webhook(secret).sign(headers["webhook-id"], now, body.decode())
    assert signed in headers["webhook-signature"].split(" ")
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    return json.loads(body)


def test_what_happens_is_told_signed_with_ids_and_states_only(world: World, receiver: Receiver) -> None:
    target, secret = a_target(world, receiver.url(), "customer.changed", "opportunity.changed")
    customer = a_customer(world, "Secret Name SA")
    opportunity = an_opportunity(world, customer)
    world.run_jobs()
    arrived = [verified(secret, headers, body, world.now) for _path, headers, body in receiver.got]
    told = sorted(arrived, key=lambda one: one["type"])  # no order is promised
    assert [one["type"] for one in told] == ["customer.changed", "opportunity.changed"]
    assert told[0]["data"] == {"act": "added", "customer": customer}
    assert told[1]["data"] == {"act": "added", "customer": customer, "opportunity": opportunity, "stage": "lead"}
    assert all(b"Secret" not in body and b"10000" not in body for _path, _headers, body in receiver.got)
    assert [one.state for one in messages(target)] == ["delivered", "delivered"]


def test_who_did_not_ask_for_an_event_or_is_of_another_house_hears_nothing(world: World, receiver: Receiver) -> None:
    a_target(world, receiver.url(), "orders.recorded")
    foreign = world.person("administrator", organisation_id=world.other_organisation())
    webhooks.add_target(foreign, url=receiver.url("/foreign"), wanted=["customer.changed"], now=world.now)
    a_customer(world)
    world.run_jobs()
    assert receiver.got == []


def test_a_failure_is_tried_again_later_under_the_same_id_until_it_arrives(world: World, receiver: Receiver) -> None:
    target, secret = a_target(world, receiver.url())
    receiver.answers = [500, 0, 204]
    a_customer(world)
    world.run_jobs()
    (message,) = messages(target)
    assert (message.state, message.attempts, message.status) == ("queued", 1, 500)
    world.run_jobs()
    assert len(receiver.got) == 1, "not before its time"
    world.later(seconds=5)
    world.run_jobs()
    assert messages(target)[0].last_error == "no_connection"
    world.later(minutes=5)
    world.run_jobs()
    (message,) = messages(target)
    assert (message.state, message.attempts) == ("delivered", 3)
    assert {headers["webhook-id"] for _path, headers, _body in receiver.got} == {message.id}
    verified(secret, receiver.got[-1][1], receiver.got[-1][2], world.now)


def test_a_message_that_never_arrives_is_given_up_and_can_be_sent_again(world: World, receiver: Receiver) -> None:
    target, _secret = a_target(world, receiver.url())
    receiver.answers = [503]
    a_customer(world)
    for _attempt in range(len(retries.DELAYS) + 1):
        world.run_jobs()
        world.later(days=2)
    (message,) = messages(target)
    assert (message.state, message.attempts, message.next_at) == ("dead", len(retries.DELAYS) + 1, None)
    receiver.answers = [200]
    webhooks.replay(world.administrator, message.id, now=world.now)
    with pytest.raises(Refused, match="already_queued"):
        webhooks.replay(world.administrator, message.id, now=world.now)
    world.run_jobs()
    assert messages(target)[0].state == "delivered"
    with pytest.raises(NotFound):
        webhooks.replay(
            world.person("administrator", organisation_id=world.other_organisation()), message.id, now=world.now
        )


def test_gone_is_given_up_at_once_and_a_redirect_is_not_followed(world: World, receiver: Receiver) -> None:
    target, _secret = a_target(world, receiver.url())
    receiver.answers = [302, 410]
    a_customer(world)
    world.run_jobs()
    assert [path for path, _headers, _body in receiver.got] == ["/hook"]
    assert messages(target)[0].last_error == "HTTP 302"
    world.later(seconds=5)
    world.run_jobs()
    assert messages(target)[0].state == "dead"


def test_an_event_whose_job_runs_twice_is_told_once(world: World, receiver: Receiver) -> None:
    a_target(world, receiver.url())
    for _time in range(2):
        webhooks.announce(world.organisation_id, "customer.changed", {"customer": "c"}, cause="job", now=world.now)
    world.run_jobs()
    assert len(receiver.got) == 1


def test_a_paused_or_removed_target_gets_nothing(world: World, receiver: Receiver) -> None:
    paused, _one = a_target(world, receiver.url("/paused"))
    removed, _two = a_target(world, receiver.url("/removed"))
    webhooks.announce(world.organisation_id, "customer.changed", {"customer": "c"}, cause="job", now=world.now)
    webhooks.edit_target(
        world.administrator, paused, url=receiver.url(), wanted=["customer.changed"], description="", active=False,
        now=world.now,
    )  # fmt: skip
    webhooks.remove_target(world.administrator, removed, now=world.now)
    world.run_jobs()
    assert receiver.got == []
    assert messages(paused)[0].last_error == "target_paused"
    with pytest.raises(NotFound):
        queries.target_for(world.administrator, removed)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "address_internal"),
        ("https://169.254.169.254/latest/meta-data", "address_internal"),
        ("https://[::1]/", "address_internal"),
        ("http://example.com/", "https_needed"),
        ("gopher://example.com/", "url_wrong"),
    ],
)
def test_a_target_inside_the_network_is_refused_when_it_is_typed(world: World, url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_target(world, url)
    assert [(one.field, one.code) for one in refused.value.problems] == [("url", code)]


def test_a_name_that_leads_inside_is_refused_when_it_is_sent_to(world: World) -> None:
    a_target(world, "https://localhost/hook")
    a_customer(world)
    world.run_jobs()
    (target,) = queries.targets(world.administrator)
    assert messages(target.id)[0].last_error == "address_internal"


def test_a_server_that_drips_or_never_ends_is_given_up(receiver: Receiver) -> None:
    outbound = Outbound({f"127.0.0.1:{receiver.port}"}, timeout_s=0.3)
    receiver.answers, receiver.body = [200], b"x" * 20_000
    with pytest.raises(Unreachable, match="answer_too_long"):
        outbound.post(receiver.url(), {}, b"")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(Unreachable, match="too_slow"):
            Outbound({f"127.0.0.1:{port}"}, timeout_s=0.3).post(f"http://127.0.0.1:{port}/", {}, b"")
    with pytest.raises(Unreachable, match="no_connection"):
        Outbound({f"127.0.0.1:{port}"}, timeout_s=0.3).post(f"http://127.0.0.1:{port}/", {}, b"")


class Sender:
    """Another system that sends us messages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.source, self.secret = inbox.add_source(
            world.administrator, name="ERP", user_id=world.buyer.user_id, now=world.now
        )
        self.client = world.app.test_client()

    def __call__(self, kind: str, data: Any, message: str = "m1", **headers: str) -> tuple[int, Any]:
        body = json.dumps({"type": kind, "data": data}).encode()
        signed = signing.headers(signing.secret_bytes(self.secret), message, body, self.world.now)
        answer = self.client.post(f"/api/v1/hooks/{self.source}", data=body, headers=signed | headers)
        db.session.rollback()
        return answer.status_code, answer.json


def test_a_customer_with_opportunity_and_orders_comes_in_once(world: World) -> None:
    send = Sender(world)
    status, made = send("customer.upsert", {"name": "Acme", "country": "FR"})
    assert (status, made["replayed"]) == (200, False)
    assert send("customer.upsert", {"name": "Acme", "country": "FR"}) == (200, made | {"replayed": True})
    status, changed = send("customer.upsert", {"reference": made["reference"], "city": "Lyon"}, "m2")
    assert (status, changed["customer"]) == (200, made["customer"])
    line = {"title": "Pump", "quantity": "3"}
    wish = {"customer": made["customer"], "title": "Pumps", "amount": "1200.50", "lines": [line]}
    assert send("opportunity.upsert", wish, "m3")[0] == 200
    order = {"customer": made["customer"], "number": "SO-1", "ordered_on": "2026-02-01", "net": "-5", "currency": "EUR"}
    assert send("orders.recorded", {"orders": [order]}, "m4") == (200, {"recorded": 1, "replayed": False})


def test_a_known_id_with_other_content_is_refused_and_changes_nothing(world: World) -> None:
    send = Sender(world)
    send("customer.upsert", {"name": "Acme", "country": "FR"})
    status, answer = send("customer.upsert", {"name": "Bolt", "country": "FR"})
    assert (status, answer["code"]) == (409, "message_changed")


@pytest.mark.parametrize(
    ("kind", "data", "status", "field"),
    [
        ("customer.delete", {}, 422, "type"),
        ("customer.upsert", {"name": "Acme"}, 422, "data.country"),
        ("customer.upsert", {"name": "Acme", "country": "FR", "evil": 1}, 422, "data.evil"),
        ("customer.upsert", [], 422, "data."),
        ("customer.upsert", {"reference": "C-0"}, 422, "data.reference"),
        ("opportunity.upsert", {"title": "x"}, 422, "data.customer"),
        ("orders.recorded", {"orders": [{}]}, 422, "orders.currency"),
        ("crm.changed", {}, 404, ""),
    ],
)
def test_rubbish_is_refused_by_field_and_may_be_sent_again(
    world: World, kind: str, data: Any, status: int, field: str
) -> None:
    send = Sender(world)
    for _time in range(2):
        got, answer = send(kind, data)
        assert got == status
        assert field == "" or answer["problems"][0]["field"] == field
    assert send("customer.upsert", {"name": "Acme", "country": "FR"})[0] == 200, "the id is still free"


def test_an_unsigned_stale_or_unknown_sender_is_refused_alike(world: World) -> None:
    send = Sender(world)
    assert send("customer.upsert", {}, **{"webhook-signature": "v1,AAAA"})[0] == 401
    old = str(int((world.now - timedelta(minutes=6)).timestamp()))
    assert send("customer.upsert", {}, **{"webhook-timestamp": old})[1]["code"] == "too_old"
    inbox.remove_source(world.administrator, send.source, now=world.now)
    assert send("customer.upsert", {"name": "Acme", "country": "FR"})[1]["code"] == "signature_wrong"


def test_nothing_comes_in_for_somebody_who_left(world: World) -> None:
    send = Sender(world)
    from srm_portal.identity.services import accounts

    accounts.disable_user(world.administrator, world.buyer.user_id, reason="left", now=world.now)
    status, answer = send("customer.upsert", {"name": "Acme", "country": "FR"})
    assert (status, answer["code"]) == (409, "source_without_person")
