"""The whole demonstration company, in one go."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from srm_portal.contracts import queries as contract_queries
from srm_portal.contracts import services as contracts
from srm_portal.demonstration import agreements, openings, parties, people, projects, relations
from srm_portal.demonstration.auctions import finished_auction, live_auction
from srm_portal.demonstration.people import Team
from srm_portal.demonstration.projects import Story
from srm_portal.infra.transaction import command
from srm_portal.negotiations import services as negotiations
from srm_portal.notifications.services import mark_read
from srm_portal.sourcing import queries as sourcing

SEED = 20260302
Say = Callable[[str], None]


def load(now: datetime, say: Say) -> Team:
    """Everything that `make demo` shows. The same seed gives the same company; only the dates follow `now`."""
    chance = random.Random(SEED)
    team = command(people.hire)(now - timedelta(days=800))
    say("60 suppliers in six countries ...")
    registry = command(parties.register_suppliers)(team, now, chance)
    say("what buyers and suppliers know of each other ...")
    command(relations.relate)(team, registry, now, random.Random(SEED + 1))
    say("25 customers ...")
    open_ones = command(parties.register_customers)(team, now, chance)

    def story(category: str, days_ago: float) -> Story:
        return Story(team, registry, category, now - timedelta(days=days_ago), chance)

    say("sourcing projects in every step ...")
    command(_early)(story, open_ones)
    command(_middle)(story, open_ones)
    command(_late)(story)
    say("contracts in every state ...")
    command(_old_contracts)(team, registry, now)
    command(agreements.show)(team, registry, now)
    say("auctions ...")
    finished_auction(story("44470000", 46))
    live_auction(story("42670000", 30), open_ones[0], now)
    for actor in team.by_name.values():
        mark_read(actor, None, now=now, before=now - timedelta(days=4))
    return team


def _early(story: Callable[[str, float], Story], customers: list[tuple[str, str]]) -> None:
    """Steps 1 to 4: a draft, one that waits for approval, candidates, a bidding list, criteria."""
    projects.need(story("30192000", 3), submit=False)
    projects.need(story("44617100", 2), customer_id=customers[2][0], opportunity_id=customers[2][1])
    second = story("14721000", 6)
    projects.carry(second, "potential")
    third = story("60100000", 8)
    projects.carry(third, "bidding_list")
    fourth = story("31711000", 9)
    projects.carry(fourth, "criteria", customer=customers[1])


def _middle(story: Callable[[str, float], Story], customers: list[tuple[str, str]]) -> None:
    """Step 5: offers coming in, a passed deadline with sealed offers, marks half in."""
    running = story("14622000", 9)
    projects.carry(running, "selection", answer_days=9)
    projects.answer(running, count=3, at=7)
    sealed = story("90919200", 18)
    projects.carry(sealed, "selection", answer_days=12)
    projects.answer(sealed, count=4, at=9)
    openings.sealed_to_openers(story("44617100", 18))
    marking = story("72500000", 22)
    projects.carry(marking, "selection", answer_days=12)
    projects.answer(marking, count=4, at=9)
    projects.evaluate(marking, at=18, finish=False)


def _late(story: Callable[[str, float], Story]) -> None:
    """Step 6: an award that waits, a contract in approval, a talk face to face, a finished project."""
    waiting = story("50530000", 26)
    waiting.promise = {"kind": "cheapest"}
    projects.carry(waiting, "contract")
    projects.scenarios(waiting)
    projects.award(waiting, at=22, approve_it=False)
    approval = story("31711000", 40)
    projects.carry(approval, "contract")
    projects.award(approval, at=25)
    projects.report(approval)
    projects.contract(approval, at=30, upto="in_approval")
    talk = story("14721000", 28)
    projects.carry(talk, "contract")
    _face_to_face(talk)
    for category, days in (("09310000", 120), ("44617100", 200), ("60100000", 290)):
        done = story(category, days)
        projects.carry(done, "contract")
        projects.award(done, at=25)
        projects.contract(done, at=28)


def _face_to_face(story: Story) -> None:
    buyer, supplier_id = story.team["buyer"], story.suppliers[0]
    lots = sourcing.lots(story.project_id)
    held = story.day(24)
    talk = negotiations.plan(
        buyer,
        story.project_id,
        supplier_id,
        title="Price and call-off quantities",
        held_at=held,
        place="Plant Ulm, room 2",
        participants="Bruno Keller, sales and production of the supplier",
        agenda="Alloy surcharge; safety stock; price for two years",
        target=(story.baseline * Decimal("0.90")).quantize(Decimal("0.01")),
        walk_away=(story.baseline * Decimal("0.98")).quantize(Decimal("0.01")),
        now=story.day(22),
    )
    payment = negotiations.add_point(
        buyer,
        talk,
        title="Payment",
        kind="payment_days",
        target=Decimal(60),
        walk_away=Decimal(30),
        now=held,
    )
    for minute, (side, days) in enumerate((("supplier", 14), ("buyer", 60), ("supplier", 45))):
        negotiations.add_move(
            buyer, talk, point_id=payment, side=side, amount=Decimal(days), now=held + timedelta(minutes=5 + minute)
        )
    for minute, (side, share) in enumerate(
        (("supplier", "1.00"), ("buyer", "0.88"), ("supplier", "0.96"), ("buyer", "0.91"), ("supplier", "0.93"))
    ):
        amount = (story.baseline * Decimal(share)).quantize(Decimal("0.01"))
        negotiations.add_move(
            buyer, talk, lot_id=lots[0].id, side=side, amount=amount, now=held + timedelta(minutes=10 * minute)
        )
    text = "The supplier keeps two weeks of safety stock; the last amount holds for both years."
    negotiations.write_minutes(buyer, talk, text, version=None, now=held + timedelta(hours=2))


def _old_contracts(team: Team, registry: parties.Registry, now: datetime) -> None:
    """By hand, from before the portal: expired, about to end, long running."""
    for number, (title, begins, ends) in enumerate(
        (
            ("Tooling maintenance", -760, -40),
            ("Forklift rental", -700, 35),
            ("Calibration services", -330, 60),
            ("Pallet pooling", -200, 520),
        )
    ):
        supplier_id = registry.by_category["50530000"][number % len(registry.by_category["50530000"])]
        moment = now + timedelta(days=begins - 20)
        first: date = (now + timedelta(days=begins)).date()
        contract_id = contracts.draft_for_supplier(
            team["buyer2"],
            supplier_id,
            title=title,
            kind="purchase",
            value=Decimal(28000 + 17000 * number),
            starts_on=first,
            ends_on=(now + timedelta(days=ends)).date(),
            now=moment,
        )
        contracts.submit_for_approval(team["buyer2"], contract_id, now=moment)
        version = contract_queries.current_version(contract_id)
        contracts.approve(team["manager"], contract_id, version.sha256, now=moment + timedelta(days=1))
        view = contract_queries.contract(contract_id)
        paper = projects.FileStorage(projects.BytesIO(projects.contract_pdf(view)), filename=f"{view.reference}.pdf")
        signed = moment + timedelta(days=10)
        contracts.mark_signed(
            team["buyer2"],
            contract_id,
            signed_on=signed.date(),
            upload=paper,
            code=version.sha256[:12],
            now=signed,
        )
        contracts.add_obligation(
            team["buyer2"], contract_id, title="Yearly review of prices", party="supplier",
            due_on=(now + timedelta(days=20 + 15 * number)).date(), now=signed,
        )  # fmt: skip
