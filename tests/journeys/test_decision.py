"""From opened offers to letters and report: evaluators, consensus, locked marks, scenarios, a manager's decision."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from srm_portal.awards import services as awards
from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.identity import queries as identity
from srm_portal.infra import migrate
from srm_portal.kernel.clock import FixedClock, SystemClock
from srm_portal.kernel.permissions import Actor
from tests.journeys.people import PASSWORD, Person
from tests.journeys.portal import Portal, serving
from tests.support.factories.offers import a_submitted_offer, a_tender
from tests.support.installation import Installation
from tests.support.world import World
from tests.web.browser import chromium, launched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

D = Decimal
ADDRESS = "http://127.0.0.1"
CRITERIA = (
    CriterionValue("", "Total cost", "price", D(50), "Commercial", worst=D(60_000), best=D(1)),
    CriterionValue("", "Lead time", "lead_time", D(10), "Commercial", worst=D(60), best=D(1)),
    CriterionValue("", "Quality system", "points", D(25), "Technical", minimum=D(1)),
    CriterionValue("", "Technical fit", "points", D(15), "Technical"),
)
PRICES = ({1: "10", 2: "20", 3: "30"}, {1: "8", 2: "25", 3: "31"}, {1: "12", 2: "18", 3: "33"})


@dataclass
class Cast:
    """Who acts, by the names with which they sign in."""

    project: str
    emails: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    expect.set_options(timeout=60_000)
    with launched() as browser:
        yield browser


def sealed_offers(folder: Path) -> Cast:
    """A published event whose three bidders have handed in, and whose deadline is a day away."""
    clock = FixedClock(SystemClock().now())
    with Installation(folder, {"SRM_PUBLIC_URL": ADDRESS}).inside(clock) as app:
        migrate.upgrade()
        world = World(app, clock)
        evaluators = [world.person("evaluator", name=name) for name in ("Evita", "Emil", "Enzo")]

        def prepare(project_id: str) -> None:
            awards.save_promise(world.buyer, project_id, {"kind": "cheapest"}, version=None, now=world.now)

        tender = a_tender(
            world,
            suppliers=3,
            lines=3,
            lots=3,
            days=1,
            criteria=CRITERIA,
            evaluators=evaluators,
            prepare=prepare,
            envelopes="two",
        )
        for supplier_id, prices in zip(tender.suppliers, PRICES, strict=True):
            a_submitted_offer(world, tender.users[supplier_id], tender.event_id, prices)
        named = dict(zip(("evita", "emil", "enzo"), evaluators, strict=True))
        named |= {"buyer": world.buyer, "manager": world.manager, "loser": tender.users[tender.suppliers[0]]}
        return Cast(f"/projects/{tender.project_id}", {name: _email(one) for name, one in named.items()})


def _email(actor: Actor) -> str:
    return identity.people({actor.user_id})[actor.user_id].email


def enter(chrome: Browser, portal: Portal, cast: Cast, name: str, width: int = 1440) -> Person:
    """In a browser of their own, signed in."""
    person = Person(chrome, portal, cast.emails[name].partition("@")[0], width)
    person.page.set_default_timeout(180_000)
    person.go("/sign-in")
    person.fill("E-mail address", person.email)
    if person.page.get_by_label("Password").count():
        person.fill("Password", PASSWORD)
    person.press("Sign in")
    return person


def open_technical(buyer: Person, project: str) -> None:
    """The first envelope; prices stay shut, and nobody is offered to open them."""
    buyer.go(project + "/selection")
    buyer.button("Open the technical envelopes").first.click()
    with buyer.page.expect_navigation():
        buyer.page.locator("dialog[open]").get_by_role("button", name=re.compile("^Open")).click()
    buyer.calm()
    buyer.sees("Prices stay encrypted until then")
    assert not buyer.button("Open the prices").count()


def open_prices(buyer: Person, project: str) -> None:
    """The scores are locked with their fingerprint, then the second envelope opens."""
    buyer.go(project + "/selection")
    assert not buyer.button("Open the prices").count()
    buyer.confirm("Lock the scores", "Lock the scores")
    buyer.sees("Technical scores locked")
    buyer.confirm("Open the prices", "Open the prices")
    buyer.sound()


def mark(evaluator: Person, project: str, marks: str, conflict_with: str = "") -> None:
    """Declare, mark by keyboard, hand in; with a conflict the offers of that supplier are left out."""
    evaluator.go(project + "/scorecard")
    if conflict_with:
        evaluator.fill("Conflict of interest", "My brother works there.")
        evaluator.page.get_by_role("checkbox", name=conflict_with).check()
    evaluator.sound()
    evaluator.press("Declare")
    grid = evaluator.page.locator("score-grid:defined")
    expect(grid.locator("input.cell")).to_have_count(len(marks))
    grid.locator("input.cell").first.focus()
    evaluator.page.keyboard.type(marks)
    evaluator.sound()
    evaluator.press("Hand in the scorecard")
    evaluator.sees("Handed in.")
    if conflict_with:
        evaluator.sees(f"You do not mark the offers of {conflict_with}.")
    assert not evaluator.page.locator("score-grid thead", has_text=conflict_with or "nobody").count()


def agree(buyer: Person, project: str) -> None:
    """The consensus meeting: one moderated mark with its reason, then the marks are locked."""
    buyer.go(project + "/consensus")
    buyer.sees("conflict declared")
    buyer.sound()
    buyer.sees("Agreement on the order")
    buyer.page.locator("main summary", has_text="Agree").first.click()
    form = buyer.page.locator("main details[open] form").first
    form.locator("[name=points]").fill("4")
    form.locator("[name=reason]").fill("Both read the certificate together.")
    with buyer.page.expect_navigation():
        form.get_by_role("button").click()
    buyer.calm()
    buyer.go(project + "/consensus")
    buyer.confirm("Lock the marks", "Lock the marks")
    buyer.sees("locked")
    assert not buyer.page.locator("main summary", has_text="Agree").count()


def rank(buyer: Person, project: str, folder: Path) -> None:
    """The ranking, what moves it, and the same from the exported file; then a recommendation."""
    buyer.go(project + "/ranking")
    buyer.press("Run the ranking")
    buyer.sees("How each number came about")
    buyer.sees("Second opinions")
    buyer.sound()
    exported = buyer.page.request.get(buyer.portal.url + project + "/ranking.json").body()
    (folder / "ranking.json").write_bytes(exported)
    first, second = (buyer.portal.command("score", str(folder / "ranking.json")) for _turn in range(2))
    assert first.returncode == 0 and first.stdout == second.stdout, first.stderr
    assert json.loads(first.stdout)["ranking"].count(1) == 1
    buyer.go(project + "/sensitivity")
    for part in ("The smallest change that matters", "Places in 100,000 random weightings", "Without each evaluator"):
        buyer.sees(part)
    buyer.sees("Published weights")
    buyer.page.locator("weight-sliders:defined input[data-weight]").first.focus()
    buyer.page.keyboard.press("Home")
    buyer.sees("What-if weights")
    buyer.sound()
    buyer.go(project + "/ranking")
    buyer.field("Recommended supplier").select_option(index=0)
    buyer.fill("Why", "First by the published weights.")
    buyer.press("Recommend")
    buyer.press("Go on to step 6")


def wait_for_answer(buyer: Person) -> None:
    """The solver works in a process of its own; the page moves on by itself."""
    expect(buyer.page.get_by_text("Looking for the best award")).to_have_count(0, timeout=120_000)


def scenarios(buyer: Person, project: str) -> str:
    """The promised rule, one supplier only, and lots split between two; the side-by-side page. Returns the first."""
    buyer.go(project + "/scenarios")
    buyer.press("Solve the promised rule")
    wait_for_answer(buyer)
    buyer.sees("best possible, proved")
    promised = buyer.page.url
    buyer.picture("scenario")
    buyer.go(project + "/scenarios/new?kind=best_of")
    buyer.fill("Name of the scenario", "One source")
    buyer.field("At most so many suppliers").fill("1")
    buyer.sound()
    buyer.press("Solve")
    wait_for_answer(buyer)
    buyer.go(project + "/scenarios/new?kind=cheapest")
    buyer.fill("Name of the scenario", "Two sources for each lot")
    buyer.page.get_by_label("A lot may be split between suppliers").check()
    buyer.page.get_by_label("Constraint, row 1").select_option("min_suppliers_per_lot")
    buyer.page.get_by_label("Value, row 1").fill("2")
    buyer.press("Solve")
    wait_for_answer(buyer)
    buyer.sees("At least 2 suppliers for each lot")
    buyer.go(project + "/scenarios")
    for name in ("The promised rule", "One source", "Two sources for each lot"):
        buyer.sees(name)
    buyer.picture("scenarios")
    return promised


def propose(buyer: Person, promised: str) -> None:
    buyer.go(promised)
    buyer.follow("Propose this award")
    buyer.fill("Justification", "The promised rule's award; every bidder is within the stated quality.")
    buyer.fill("Standstill (days)", "10")
    buyer.press("Propose the award")
    buyer.sees("The promised rule was kept.")
    buyer.picture("award")


def report(buyer: Person, project: str) -> None:
    """Made, kept, fetched twice in three formats, and made again from its inputs."""
    buyer.go(project + "/award-report")
    buyer.press("Make the report")
    buyer.sound()
    for kind in ("PDF", "DOCX", "XLSX"):
        address = buyer.page.get_by_role("link", name=kind, exact=True).first.get_attribute("href")
        first, second = (buyer.page.request.get(buyer.portal.url + str(address)).body() for _turn in range(2))
        assert first == second and len(first) > 1000, kind
    buyer.follow("Make it again")
    buyer.sees("byte for byte")
    buyer.sound()


def test_a_decision_explains_itself_to_everybody(chrome: Browser, tmp_path: Path) -> None:
    cast = sealed_offers(tmp_path)
    with serving(tmp_path, SRM_PUBLIC_URL=ADDRESS) as portal:
        portal.advance(86_400 + 60)
        project = cast.project
        buyer = enter(chrome, portal, cast, "buyer")
        open_technical(buyer, project)
        mark(enter(chrome, portal, cast, "enzo", 390), project, "3434", conflict_with="Bidder 01")
        mark(enter(chrome, portal, cast, "evita"), project, "433342")
        mark(enter(chrome, portal, cast, "emil", 820), project, "344333")
        agree(buyer, project)
        open_prices(buyer, project)
        rank(buyer, project, tmp_path)
        propose(buyer, scenarios(buyer, project))
        manager = enter(chrome, portal, cast, "manager", 390)
        manager.go(project + "/scenarios")
        manager.sound()
        manager.go(project + "/award")
        manager.follow("Letters")
        manager.sees("Preview")
        manager.sound()
        manager.go(project + "/award")
        manager.confirm("Approve", "Approve")
        buyer.go(project + "/award")
        buyer.follow("Letters")
        buyer.sees("Sent")
        report(buyer, project)
        loser = enter(chrome, portal, cast, "loser", 390)
        loser.go("/notices")
        loser.go(str(loser.page.get_by_role("link", name=re.compile("awarded")).first.get_attribute("href")))
        loser.sees("Ask how your offer was judged")
        loser.sound()
        checked = portal.command("audit", "verify")
        assert checked.returncode == 0, checked.stdout + checked.stderr
