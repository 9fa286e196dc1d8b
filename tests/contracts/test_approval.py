"""The route, delegation, reminders, and every way to approve one's own contract refused."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.audit.queries import actors_of
from srm_portal.contracts import queries, services
from srm_portal.contracts.domain import approval
from srm_portal.contracts.domain.approval import Hat, Rule, Step
from srm_portal.contracts.store import contract_row
from srm_portal.identity.queries import active_actor
from srm_portal.identity.services import accounts, tokens
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Forbidden, Invalid, Refused
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

D = Decimal
RACES = 100 if os.environ.get("SRM_FULL") else 20


def submitted(world: World, value: str = "50000") -> str:
    contract_id = a_contract_by_hand(world, a_supplier(world), value)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    return contract_id


def sha(contract_id: str) -> str:
    return queries.current_version(contract_id).sha256


def manager(world: World, limit: str = "10000000") -> Actor:
    return world.person("purchasing_manager", limit=limit)


def become_manager(world: World, actor: Actor) -> Actor:
    accounts.change_user(
        world.administrator,
        actor.user_id,
        roles=["purchasing_manager", "buyer"],
        limit=D(10_000_000),
        may_bid=False,
        name=actor.name,
        version=None,
        now=world.now,
    )
    promoted = active_actor(actor.user_id)
    assert promoted is not None
    return promoted


def test_lines_of_the_route_apply_by_value_category_risk_and_deviations() -> None:
    rules = (
        Rule(1, "budget"),
        Rule(2, "it", category="72"),
        Rule(2, "legal", deviations=True, needed=2, people=("a", "b", "c")),
        Rule(3, "board", value_from=D(1_000_000)),
    )
    plain = approval.route(D(1000), [], category="03", rules=rules)
    assert [one.purpose for one in plain] == ["budget"]
    full = approval.route(D(2_000_000), ["Law"], category="7226", rules=rules)
    assert [(one.stage, one.purpose, one.state) for one in full] == [
        (1, "budget", "waiting"),
        (2, "it", "later"),
        (2, "legal", "later"),
        (3, "board", "later"),
    ]
    assert len(approval.route(D(1), [], risk="high")) == 2
    assert len(approval.route(D(1), [], rules=(Rule(4, "board", value_from=D(9)),))) == 1, "never without a step"


def test_parallel_steps_take_different_people_in_any_order() -> None:
    steps = [Step(1, "it", people=frozenset({"a"})), Step(2, "legal", people=frozenset({"b", "c"}), needed=2)]

    def check(actor: str) -> approval.Taking:
        return approval.check(
            steps,
            actor_id=actor,
            hats=[Hat(actor, D(9))],
            value=Money(D(1), "EUR"),
            authors=(),
            seen="h",
            content="h",
        )

    assert check("b").step.purpose == "legal" and not check("b").completes
    assert check("a").completes
    with pytest.raises(Forbidden, match="not_asked"):
        check("d")


def test_two_of_three_named_people_in_a_second_stage(world: World) -> None:
    three = [manager(world) for _ in range(3)]
    first = manager(world)
    values = {"category": "", "risk": "", "deviations": False, "value_from": None, "now": world.now}
    services.save_rule(world.administrator, stage=1, purpose="Budget", needed=1, people=[first.user_id], **values)
    names = [one.user_id for one in three]
    services.save_rule(world.administrator, stage=2, purpose="Board", needed=2, people=names, **values)
    with pytest.raises(Invalid):
        services.save_rule(world.administrator, stage=2, purpose="Board", needed=4, people=names, **values)
    contract_id = submitted(world)
    with pytest.raises(Forbidden, match="not_asked"):
        services.approve(three[0], contract_id, sha(contract_id), now=world.now)
    services.approve(first, contract_id, sha(contract_id), now=world.now)
    services.approve(three[0], contract_id, sha(contract_id), now=world.now)
    with pytest.raises(Forbidden, match="approved_before"):
        services.approve(three[0], contract_id, sha(contract_id), now=world.now)
    assert queries.contract(contract_id).state == "in_approval"
    assert [one.id for one in queries.desk(three[2], world.now).waiting] == [contract_id]
    services.approve(three[2], contract_id, sha(contract_id), now=world.now)
    assert queries.contract(contract_id).state == "approved"


def test_a_stand_in_uses_the_lent_limit_within_its_days(world: World) -> None:
    chief, deputy = manager(world, "100000"), manager(world, "10")
    contract_id = submitted(world)
    today = world.now.date()
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve(deputy, contract_id, sha(contract_id), now=world.now)
    until = today + timedelta(days=7)
    services.delegate(chief, deputy.user_id, from_on=today, until_on=until, reason="Holiday", now=world.now)
    assert [one.id for one in queries.desk(deputy, world.now).waiting] == [contract_id]
    late = world.now + timedelta(days=9)
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve(deputy, contract_id, sha(contract_id), now=late)
    services.approve(deputy, contract_id, sha(contract_id), now=world.now)
    said = queries.steps(contract_id)[0].decisions[0]
    assert (said.name, said.on_behalf_name) == (deputy.name, chief.name)


def test_a_lender_who_left_lends_nothing_and_nobody_lends_on(world: World) -> None:
    chief, deputy, third = manager(world), manager(world, "10"), manager(world, "10")
    contract_id = submitted(world)
    today = world.now.date()
    days = {"from_on": today, "until_on": today, "reason": "Trip", "now": world.now}
    services.delegate(chief, deputy.user_id, **days)
    services.delegate(deputy, third.user_id, **days)
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve(third, contract_id, sha(contract_id), now=world.now)
    accounts.disable_user(world.administrator, chief.user_id, reason="left", now=world.now)
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve(deputy, contract_id, sha(contract_id), now=world.now)
    with pytest.raises(Invalid):
        services.delegate(deputy, world.buyer.user_id, **days)


def test_one_voice_is_not_used_twice_through_a_stand_in(world: World) -> None:
    chief, deputy = manager(world), manager(world)
    contract_id = submitted(world, "300000")
    today = world.now.date()
    services.delegate(chief, deputy.user_id, from_on=today, until_on=today, reason="Trip", now=world.now)
    services.approve(chief, contract_id, sha(contract_id), now=world.now)
    services.approve(deputy, contract_id, sha(contract_id), now=world.now)
    said = queries.steps(contract_id)[1].decisions[0]
    assert said.on_behalf_name == "", "the deputy's own voice; the chief's was used"


def test_a_silent_approver_is_reminded_then_others_may(world: World) -> None:
    named, other = manager(world), manager(world)
    rule = {"category": "", "risk": "", "deviations": False, "value_from": None, "needed": 1, "now": world.now}
    services.save_rule(world.administrator, stage=1, purpose="Budget", people=[named.user_id], **rule)
    contract_id = submitted(world)
    world.later(days=3, minutes=1)
    world.run_jobs()
    assert queries.steps(contract_id)[0].escalated is False
    with pytest.raises(Forbidden, match="not_asked"):
        services.approve(other, contract_id, sha(contract_id), now=world.now)
    world.later(days=2, minutes=1)
    world.run_jobs()
    assert queries.steps(contract_id)[0].escalated is True
    services.approve(other, contract_id, sha(contract_id), now=world.now, reason="Named person is away")
    assert queries.contract(contract_id).state == "approved"


def test_a_named_person_who_left_does_not_block(world: World) -> None:
    named, other = manager(world), manager(world)
    rule = {"category": "", "risk": "", "deviations": False, "value_from": None, "needed": 1, "now": world.now}
    services.save_rule(world.administrator, stage=1, purpose="Budget", people=[named.user_id], **rule)
    accounts.disable_user(world.administrator, named.user_id, reason="left", now=world.now)
    contract_id = submitted(world)
    services.approve(other, contract_id, sha(contract_id), now=world.now)


class Own:
    """A contract that waits, whose author became a manager with every authority meanwhile."""

    def __init__(self, world: World, letters: list[tuple[str, str, str]]) -> None:
        self.world, self.letters = world, letters
        self.id = submitted(world)
        self.author = become_manager(world, world.buyer)
        self.sha256 = sha(self.id)
        self.client = world.client_of(self.author)

    def refused(self, person: Actor) -> None:
        with pytest.raises(Forbidden, match="own_work"):
            services.approve(person, self.id, self.sha256, now=self.world.now)

    def by_token(self, person: Actor, contract_id: str, sha256: str, **token: Any) -> Any:
        text = tokens.create_token(person, "raw", days=1, now=self.world.now, **token)
        headers = {"Authorization": f"Bearer {text}"}
        url = f"/api/v1/contracts/{contract_id}/approve"
        return self.world.app.test_client().post(url, json={"sha256": sha256}, headers=headers)


def on_the_page(own: Own) -> None:
    answer = own.client.post(f"/contracts/{own.id}/approve", data={"sha256": own.sha256})
    assert answer.status_code == 403 and "somebody else" in answer.text
    assert "This step is not yours" in own.client.get(f"/contracts/{own.id}/approval").text


def in_bulk(own: Own) -> None:
    chosen = {"chosen": f"{own.id}:{own.sha256}"}
    page = own.client.post("/contracts/approve", data=chosen, follow_redirects=True)
    assert "somebody else has to approve" in page.text
    assert f"{own.id}:" not in own.client.get("/approvals/contracts").text, "it is not even offered"


def by_the_link_of_a_mail(own: Own) -> None:
    """The link that others get is an address, not a key: who follows it is asked who they are."""
    world = own.world
    world.manager  # noqa: B018  (somebody who is asked)
    other = submitted(world)
    world.run_jobs()
    path = f"/contracts/{other}/approval"
    (body,) = {body for _to, _subject, body in own.letters if path in body}
    link = re.search(r"https?://[^/\s]+(/\S*)", body)
    assert link and link[1] == path
    assert world.app.test_client().get(path).status_code == 302, "the link alone signs nobody in"
    answer = own.client.post(f"/contracts/{other}/approve", data={"sha256": sha(other)})
    assert answer.status_code == 403


def by_the_interface(own: Own) -> None:
    answer = own.by_token(own.author, own.id, own.sha256)
    assert answer.status_code == 403 and answer.json["code"] == "own_work"


def by_a_token_made_before_the_role(own: Own) -> None:
    """A token carries no rights of its own: what its owner may now counts, and whose work it is."""
    text = tokens.create_token(own.world.buyer, "old", days=1, now=own.world.now)
    headers = {"Authorization": f"Bearer {text}"}
    url = f"/api/v1/contracts/{own.id}/approve"
    answer = own.world.app.test_client().post(url, json={"sha256": own.sha256}, headers=headers)
    assert answer.status_code == 403 and answer.json["code"] == "own_work"
    narrow = own.by_token(own.author, own.id, own.sha256, scopes=["read"])
    assert narrow.status_code in (403, 404)


def after_a_change_of_role(own: Own) -> None:
    """No buyer any longer, a manager only: it stays their work."""
    accounts.change_user(
        own.world.administrator,
        own.author.user_id,
        roles=["purchasing_manager"],
        limit=D(10_000_000),
        may_bid=False,
        name=own.author.name,
        version=None,
        now=own.world.now,
    )
    changed = active_actor(own.author.user_id)
    assert changed is not None and "buyer" not in changed.roles
    own.refused(changed)


def after_a_change_of_owner(own: Own) -> None:
    """Whom it is handed to owns it, and whoever had it before still wrote it."""
    second = own.world.person("buyer", "purchasing_manager", limit="10000000")
    services.hand_over(own.author, own.id, second.user_id, now=own.world.now)
    third = own.world.person("buyer", "purchasing_manager", limit="10000000")
    services.hand_over(own.author, own.id, third.user_id, now=own.world.now)
    for person in (own.author, second, third):
        own.refused(person)


def by_having_changed_one_clause(own: Own) -> None:
    helper = own.world.person("buyer", "purchasing_manager", limit="10000000")
    services.take_back(own.author, own.id, reason="a word", now=own.world.now)
    services.edit_clause(helper, own.id, "law", title="Law", text="Lyon.", version=None, now=own.world.now)
    services.submit_for_approval(own.author, own.id, now=own.world.now)
    own.sha256 = sha(own.id)
    own.refused(helper)


def by_having_asked_for_the_approval(own: Own) -> None:
    asker = own.world.person("buyer", "purchasing_manager", limit="10000000")
    services.take_back(own.author, own.id, reason="once more", now=own.world.now)
    services.submit_for_approval(asker, own.id, now=own.world.now)
    own.refused(asker)


def through_a_stand_in(own: Own) -> None:
    """The author's authority, lent, is still the author's; and nobody lends one to the author for their own work."""
    today, world = own.world.now.date(), own.world
    helper, chief = manager(world, "10"), manager(world)
    services.delegate(own.author, helper.user_id, from_on=today, until_on=today, reason="x", now=world.now)
    with pytest.raises(Forbidden):
        services.approve(helper, own.id, own.sha256, now=world.now)
    services.delegate(chief, own.author.user_id, from_on=today, until_on=today, reason="x", now=world.now)
    own.refused(own.author)


def by_a_rule_that_names_the_author(own: Own) -> None:
    rule = {"category": "", "risk": "", "deviations": False, "value_from": None, "needed": 1, "now": own.world.now}
    services.take_back(own.author, own.id, reason="new rule", now=own.world.now)
    services.save_rule(own.world.administrator, stage=1, purpose="Own", people=[own.author.user_id], **rule)
    services.submit_for_approval(own.author, own.id, now=own.world.now)
    own.refused(own.author)


def by_the_service(own: Own) -> None:
    own.refused(own.author)
    assert services.approve_many(own.author, [(own.id, own.sha256)], now=own.world.now) == [(own.id, "own_work")]


OWN_WAYS = (
    on_the_page,
    in_bulk,
    by_the_link_of_a_mail,
    by_the_interface,
    by_a_token_made_before_the_role,
    after_a_change_of_role,
    after_a_change_of_owner,
    by_having_changed_one_clause,
    by_having_asked_for_the_approval,
    through_a_stand_in,
    by_a_rule_that_names_the_author,
    by_the_service,
)


@pytest.mark.parametrize("way", OWN_WAYS, ids=lambda way: way.__name__)
def test_no_way_leads_to_approving_ones_own(
    world: World, way: Callable[[Own], None], letters: list[tuple[str, str, str]]
) -> None:
    own = Own(world, letters)
    way(own)
    assert queries.contract(own.id).state == "in_approval"
    assert not actors_of(own.id, ["contract.step_approved"])
    services.approve(manager(world), own.id, sha(own.id), now=world.now)
    assert actors_of(own.id, ["contract.step_approved"]), "somebody else may"


def test_a_draft_taken_back_starts_a_new_round(world: World) -> None:
    contract_id = submitted(world, "300000")
    code = sha(contract_id)
    services.approve(world.manager, contract_id, code, now=world.now)
    with pytest.raises(Invalid):
        services.take_back(world.buyer, contract_id, reason=" ", now=world.now)
    services.take_back(world.buyer, contract_id, reason="One more change", now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    assert [one.state for one in queries.steps(contract_id)] == ["waiting", "later"]
    assert not queries.steps(contract_id)[0].decisions, "what was given before does not count"


def test_what_changed_since_last_time_is_shown(world: World) -> None:
    contract_id = submitted(world)
    services.send_back(world.manager, contract_id, reason="Paris law, please", now=world.now)
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="Paris law.", version=None, now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    page = world.client_of(world.manager).get(f"/contracts/{contract_id}/approval").text
    assert "Changed since version 1" in page and "Paris law." in page and "<del>" in page
    assert "Paris law, please" in page, "the history with the reason"


def test_an_inbox_is_cleared_one_after_the_other(world: World) -> None:
    first, second = submitted(world), submitted(world)
    client = world.client_of(world.manager)
    page = client.get("/approvals/contracts")
    assert page.status_code == 200 and page.text.count('name="chosen"') == 2
    answer = client.post(f"/contracts/{first}/approve", data={"sha256": sha(first)})
    assert answer.headers["Location"].endswith(f"/contracts/{second}/approval")
    both = {"chosen": [f"{first}:{sha(first)}", f"{second}:{sha(second)}"]}
    page = client.post("/contracts/approve", data=both, follow_redirects=True)
    assert "1 contract approved." in page.text and "Not approved" in page.text
    db.session.rollback()
    assert queries.contract(second).state == "approved"


def test_the_pages_of_authority(world: World) -> None:
    chief, deputy = manager(world), manager(world)
    client = world.client_of(chief)
    assert client.get("/approvals/authority").status_code == 200
    today = world.now.date().isoformat()
    data = {"to_id": deputy.user_id, "from_on": today, "until_on": "2026-01-01", "reason": "Trip"}
    assert client.post("/approvals/delegations", data=data).status_code == 422
    assert client.post("/approvals/delegations", data=data | {"until_on": today}).status_code == 302
    db.session.rollback()
    held = queries.delegations(world.organisation_id, world.now.date())[0]
    assert client.post(f"/approvals/delegations/{held.id}/end").status_code == 302
    db.session.rollback()
    assert not queries.delegations(world.organisation_id, world.now.date())
    boss = world.client_of(world.administrator)
    rule = {"stage": "1", "purpose": "Board", "needed": "1", "value_from": "1000", "risk": "", "people": []}
    assert boss.post("/approvals/rules", data=rule | {"stage": "0"}).status_code == 422
    assert boss.post("/approvals/rules", data=rule).status_code == 302
    db.session.rollback()
    kept = queries.rule_views(world.organisation_id)[0]
    assert boss.post(f"/approvals/rules/{kept.id}/remove").status_code == 302
    db.session.rollback()
    assert queries.rules(world.organisation_id) == approval.BUILT_IN


@command
def _next_version(actor: Actor, contract_id: str, at_work: threading.Event, world: World) -> None:
    """Take back, save, ask again, in one transaction that lets the other side try meanwhile."""
    contract_row(actor, contract_id)
    at_work.set()
    services.take_back(actor, contract_id, reason="change", now=world.now)
    text = f"Version {queries.current_version(contract_id).number + 1}."
    services.edit_clause(actor, contract_id, "law", title="Law", text=text, version=None, now=world.now)
    services.submit_for_approval(actor, contract_id, now=world.now)


def test_whoever_approves_what_is_being_changed_loses_every_race(world: World) -> None:
    author, judge, contract_id = world.buyer, world.manager, submitted(world)
    accounts.change_profile(judge, now=world.now, mail_notices=False)
    outcomes: list[str] = []

    def approve(old: str, at_work: threading.Event) -> None:
        with world.app.app_context():
            at_work.wait(20)
            try:
                services.approve(judge, contract_id, old, now=world.now)
            except Refused as refusal:
                outcomes.append(refusal.code)
            else:
                outcomes.append("approved")
            finally:
                db.session.remove()

    for _ in range(RACES):
        at_work = threading.Event()
        old = sha(contract_id)
        db.session.rollback()
        rival = threading.Thread(target=approve, args=(old, at_work))
        rival.start()
        _next_version(author, contract_id, at_work, world)
        rival.join(20)
    assert outcomes == ["content_changed"] * RACES
    assert queries.contract(contract_id).state == "in_approval"
