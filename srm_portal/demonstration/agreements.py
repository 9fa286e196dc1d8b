"""Contracts that show what can be done with them: a text under way with the supplier, electronic signatures, a framework
with call-offs and spend, a route with a stand-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from srm_portal.contracts import queries, services
from srm_portal.demonstration.parties import Registry
from srm_portal.demonstration.people import Team
from srm_portal.kernel.permissions import Actor

_CATEGORY = "50530000"


def _partner(registry: Registry) -> tuple[str, Actor]:
    """A supplier with a person who may sign for them."""
    for supplier_id, person in registry.users.items():
        if person.may_bid:
            return supplier_id, person
    raise LookupError("no supplier of the demonstration has a user")


def _draft(team: Team, supplier_id: str, title: str, kind: str, value: str, now: datetime, days: int = 720) -> str:
    return services.draft_for_supplier(
        team["buyer"],
        supplier_id,
        title=title,
        kind=kind,
        value=Decimal(value),
        starts_on=(now + timedelta(days=5)).date(),
        ends_on=(now + timedelta(days=days)).date(),
        category=_CATEGORY,
        now=now,
    )


def under_way(team: Team, registry: Registry, now: datetime) -> None:
    """The supplier proposed two wordings and gave the text back; one was answered."""
    supplier_id, seller = _partner(registry)
    made = _draft(team, supplier_id, "Machine maintenance, all plants", "purchase", "185000", now - timedelta(days=6))
    services.pass_pen(team["buyer"], made, now=now - timedelta(days=5))
    text = queries.current_version(made)
    wishes = {
        "price": ("thirty days", "Our bank asks for thirty days at most.", "Invoices are paid within thirty days."),
        "liability": ("half", "Insured up to this sum.", "Liability is limited to half the value of the contract."),
    }
    for key, (_what, note, sentence) in wishes.items():
        clause = text.clause(key)
        if clause is not None:
            wording = f"{clause.text.split('. ')[0]}. {sentence}"
            at = now - timedelta(days=4)
            services.propose(seller, made, key, title=clause.title, text=wording, note=note, version=None, now=at)
    services.comment(seller, made, "confidentiality", "Five years is fine for us.", now=now - timedelta(days=4))
    services.pass_pen(seller, made, now=now - timedelta(days=3))
    first = next(one for one in queries.proposals(made) if one.key == "price")
    services.accept_proposal(team["buyer"], made, first.id, now=now - timedelta(days=2))


def framework(team: Team, registry: Registry, now: datetime) -> None:
    """Signed by both sides in the portal, with an index, a call-off, obligations and invoices."""
    supplier_id, seller = _partner(registry)
    then = now - timedelta(days=200)
    made = _draft(team, supplier_id, "Spare parts framework", "framework", "240000", then, 800)
    services.change_terms(
        team["buyer"],
        made,
        value=Decimal(240000),
        category=_CATEGORY,
        risk="medium",
        sign_first="supplier",
        index_name="Producer prices, machinery",
        index_base=Decimal("118.4"),
        index_share=70,
        index_cap=4,
        version=None,
        now=then,
    )
    services.submit_for_approval(team["buyer"], made, now=then)
    content = queries.current_version(made).sha256
    services.approve(team["manager"], made, content, now=then + timedelta(days=1), reason="Within budget")
    services.sign(seller, made, content, now=then + timedelta(days=2))
    services.sign(team["manager2"], made, content, now=then + timedelta(days=3))
    owner = team["buyer2"].user_id
    due = (now + timedelta(days=12)).date()
    later = now - timedelta(days=150)
    services.add_obligation(
        team["buyer"],
        made,
        title="Stock report",
        kind="report",
        party="supplier",
        owner_id=owner,
        due_on=due,
        now=later,
    )
    services.adjust_prices(
        team["buyer"], made, index_value=Decimal("121.9"), effective_on=(now - timedelta(days=20)).date(), now=now
    )
    services.draft_for_supplier(
        team["buyer"],
        supplier_id,
        title="Spare parts, second half-year",
        kind="call_off",
        value=Decimal(62000),
        starts_on=(now - timedelta(days=100)).date(),
        ends_on=(now + timedelta(days=80)).date(),
        framework_id=made,
        now=now - timedelta(days=110),
    )
    reference = queries.contract(made).reference
    rows = "".join(
        f"{reference},RE-{4700 + n},{(now - timedelta(days=140 - 25 * n)).date()},{6200 + 431 * n}.50,Parts\n"
        for n in range(5)
    )
    services.import_spend(team["buyer"], f"contract,number,date,amount,text\n{rows}".encode(), now=now)


def stand_in(team: Team, now: datetime) -> None:
    """One manager lends the other their authority for the holidays."""
    first, last = (now + timedelta(days=20)).date(), (now + timedelta(days=34)).date()
    services.delegate(
        team["manager"], team["manager2"].user_id, from_on=first, until_on=last, reason="Winter holidays", now=now
    )


def show(team: Team, registry: Registry, now: datetime) -> None:
    under_way(team, registry, now)
    framework(team, registry, now)
    stand_in(team, now)
