"""Signing in and administering people, as a browser does it."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient

from srm_portal.identity import queries
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db
from tests.support.world import PASSWORD, World


def _sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password})


def _email(user_id: str) -> str:
    person = queries.person(user_id)
    assert person is not None
    return person.email


def test_the_first_visit_makes_the_first_administrator(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Location"] == "/first"
    answer = client.post(
        "/first",
        data={
            "organisation": "Nordwerk",
            "currency": "eur",
            "zone": "Europe/Paris",
            "name": "Ada",
            "email": "ada@example.com",
            "password": "seven swans on the lake",
        },
    )
    assert answer.status_code == 302
    assert _sign_in(client, "ada@example.com", "seven swans on the lake").headers["Location"].endswith("/enrol")


def test_a_weak_password_keeps_what_was_typed_and_says_why(client: FlaskClient) -> None:
    answer = client.post("/first", data={"organisation": "Nordwerk", "password": "short", "email": "ada@example.com"})
    assert answer.status_code == 422
    assert "Nordwerk" in answer.text


def test_the_right_password_signs_in_and_the_wrong_one_does_not(world: World) -> None:
    email, client = _email(world.buyer.user_id), world.app.test_client()
    assert "do not go together" in _sign_in(client, email, "wrong").text
    assert _sign_in(client, email).status_code == 302
    assert client.get("/profile").status_code == 200


def test_known_and_unknown_addresses_get_the_same_answer(world: World) -> None:
    email, client = _email(world.buyer.user_id), world.app.test_client()
    tokens = re.compile(r'(value|content)="[^"]*"')  # they hold the second they were made in
    texts = [tokens.sub("", _sign_in(client, one, "wrong").text) for one in (email, "nobody@example.com")]
    assert texts[0] == texts[1]


def test_five_failures_lock_the_account_for_a_while(world: World) -> None:
    email, client = _email(world.buyer.user_id), world.app.test_client()
    for _ in range(5):
        _sign_in(client, email, "wrong")
    assert _sign_in(client, email).status_code == 422
    world.later(minutes=2)
    assert _sign_in(client, email).status_code == 302


def test_signing_out_ends_the_session_whatever_the_cookie_says(world: World) -> None:
    client = world.app.test_client()
    _sign_in(client, _email(world.buyer.user_id))
    cookie = client.get_cookie("srm_session")
    assert cookie is not None
    client.post("/sign-out")
    client.set_cookie("srm_session", cookie.value)
    assert client.get("/profile").status_code == 302


def test_a_new_token_is_given_at_sign_in(world: World) -> None:
    email, client = _email(world.buyer.user_id), world.app.test_client()
    client.get("/sign-in?next=/profile")
    before = client.get_cookie("srm_session")
    assert _sign_in(client, email).headers["Location"] == "/profile"
    after = client.get_cookie("srm_session")
    assert before and after and before.value != after.value


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_host(world: World, target: str) -> None:
    client = world.app.test_client()
    client.get("/sign-in", query_string={"next": target})
    assert _sign_in(client, _email(world.buyer.user_id)).headers["Location"] == "/"


def test_staff_set_up_a_second_factor_and_need_it_from_then_on(world: World) -> None:
    accounts.change_organisation(world.administrator, version=None, now=world.now, second_factor_needed=True)
    email, client = _email(world.buyer.user_id), world.app.test_client()
    assert _sign_in(client, email).headers["Location"] == "/sign-in/enrol"
    page = client.get("/sign-in/enrol").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret is not None
    totp = pyotp.TOTP(secret[1])
    assert client.post("/sign-in/enrol", data={"code": "000000"}).status_code == 422
    shown = client.post("/sign-in/enrol", data={"code": totp.at(world.now)}).text
    recovery = re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", shown)
    assert len(recovery) == 10

    world.later(minutes=1)
    second = world.app.test_client()
    assert _sign_in(second, email).headers["Location"] == "/sign-in/second-factor"
    code = totp.at(world.now)
    assert second.post("/sign-in/second-factor", data={"code": code}).status_code == 302

    third = world.app.test_client()
    _sign_in(third, email)
    assert third.post("/sign-in/second-factor", data={"code": code}).status_code == 422, "each code works once"
    assert third.post("/sign-in/second-factor", data={"code": recovery[0].lower()}).status_code == 302
    fourth = world.app.test_client()
    _sign_in(fourth, email)
    assert fourth.post("/sign-in/second-factor", data={"code": recovery[0]}).status_code == 422


def test_an_invitation_leads_to_a_password_once(world: World, letters: list[tuple[str, str, str]]) -> None:
    administrator = world.client_of(world.administrator)
    answer = administrator.post(
        "/admin/users/new",
        data={"name": "Eve", "email": "eve@example.com", "roles": ["evaluator"], "language": "fr"},
    )
    assert answer.status_code == 302
    world.run_jobs()
    recipient, subject, body = letters[-1]
    assert recipient == "eve@example.com"
    link = re.search(r"http://localhost(/password/\S+)", body)
    assert link is not None and subject
    client = world.app.test_client()
    assert client.post(link[1], data={"password": "seven swans on the lake"}).status_code == 302
    assert client.post(link[1], data={"password": "eight swans on the lake"}).status_code == 422
    assert _sign_in(client, "eve@example.com", "seven swans on the lake").status_code == 302


def test_a_secret_mail_loses_its_text_once_delivered(world: World) -> None:
    world.client_of(world.administrator).post(f"/admin/users/{world.buyer.user_id}/invite")
    world.run_jobs()
    from srm_portal.notifications.queries import mails

    assert mails(world.buyer)[0].body == "—"


def test_reset_answers_the_same_for_every_address(world: World, letters: list[Any]) -> None:
    client = world.app.test_client()
    known = client.post("/reset", data={"email": _email(world.buyer.user_id)}).text
    unknown = client.post("/reset", data={"email": "nobody@example.com"}).text
    assert known == unknown
    world.run_jobs()
    assert len(letters) == 1


def test_changed_rights_end_open_sessions(world: World) -> None:
    client = world.client_of(world.buyer)
    assert client.get("/profile").status_code == 200
    data = {"name": "Bo", "email": "x@example.com", "roles": ["evaluator"], "language": "en"}
    assert (
        world.client_of(world.administrator).post(f"/admin/users/{world.buyer.user_id}", data=data).status_code == 302
    )
    db.session.rollback()
    assert client.get("/profile").status_code == 302


def test_nobody_changes_their_own_rights(world: World) -> None:
    data = {"name": "Me", "email": "x@example.com", "roles": ["administrator", "buyer"], "language": "en"}
    answer = world.client_of(world.administrator).post(f"/admin/users/{world.administrator.user_id}", data=data)
    assert answer.status_code == 422
    assert "Nobody changes their own rights" in answer.text


def test_a_stale_form_shows_both_versions(world: World) -> None:
    client, url = world.client_of(world.administrator), f"/admin/users/{world.buyer.user_id}"
    data = {"name": "First", "email": "x@example.com", "roles": ["buyer"], "language": "en", "version": "1"}
    assert client.post(url, data=data).status_code == 302
    answer = client.post(url, data=data | {"name": "Second"})
    assert answer.status_code == 422
    assert "First" in answer.text and "Second" in answer.text


def test_people_of_another_organisation_are_not_found(world: World) -> None:
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    client = world.client_of(world.administrator)
    assert client.get(f"/admin/users/{stranger.user_id}").status_code == 404
    assert client.get("/admin/users/absent").status_code == 404


def test_a_supplier_signs_in_with_a_mailed_code(world: World, letters: list[tuple[str, str, str]]) -> None:
    user = world.supplier_user("s" * 20)
    client = world.app.test_client()
    client.post("/supplier/sign-in", data={"email": _email(user.user_id)})
    world.run_jobs()
    code = re.search(r"[0-9]{8}", letters[-1][2])
    assert code is not None
    assert client.post("/supplier/code", data={"code": "00000000"}).status_code == 422
    assert client.post("/supplier/code", data={"code": code[0]}).status_code == 302
    assert client.get("/profile").status_code == 200


def test_a_mailed_code_ends_after_five_wrong_ones(world: World, letters: list[tuple[str, str, str]]) -> None:
    user = world.supplier_user("s" * 20)
    client = world.app.test_client()
    client.post("/supplier/sign-in", data={"email": _email(user.user_id)})
    world.run_jobs()
    code = re.search(r"[0-9]{8}", letters[-1][2])
    assert code is not None
    for _ in range(5):
        client.post("/supplier/code", data={"code": "00000000"})
    assert client.post("/supplier/code", data={"code": code[0]}).status_code == 422


def test_a_token_lets_a_program_act_until_it_is_revoked(world: World) -> None:
    from srm_portal.identity.services import tokens

    text = tokens.create_token(world.administrator, "ERP", days=30, now=world.now)
    client, headers = world.app.test_client(), {"Authorization": f"Bearer {text}"}
    assert client.get("/admin/users", headers=headers).status_code == 200
    tokens.revoke_token(world.administrator, tokens.tokens_of(world.administrator)[0].id, now=world.now)
    assert client.get("/admin/users", headers=headers).status_code == 302


@pytest.mark.parametrize(
    "path", ["/profile", "/profile/security", "/notices/", "/notices/mails", "/admin/organisation"]
)
def test_the_pages_of_an_account_open(world: World, path: str) -> None:
    assert world.client_of(world.administrator).get(path).status_code == 200


def test_the_audit_page_is_for_auditors(world: World) -> None:
    assert world.client_of(world.auditor).get("/audit/").status_code == 200
    assert world.client_of(world.buyer).get("/audit/").status_code == 404
