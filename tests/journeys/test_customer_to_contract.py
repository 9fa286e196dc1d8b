"""What a customer asked for in a running Tryton, to a contract with two signatures, and back to Tryton's own records."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import test_six_steps as six
from tests.journeys.people import Person
from tests.journeys.portal import Mailbox, Portal, post_office, serving
from tests.support.tryton import PASSWORD, Tryton, a_tryton
from tests.web.browser import chromium, launched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CATEGORY = "42131000"
ASKED = (("Gate valve DN50", 100.0), ("Ball valve DN80", 40.0))
TITLE = "Valves for hall 7"
LAW = "The law of the Supplier’s seat applies."


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    with a_tryton(tmp_path_factory.mktemp("tryton"), "GBP") as server:
        yield server


@pytest.fixture
def mailbox_and_portal(tmp_path: Path, tryton: Tryton) -> Iterator[tuple[Mailbox, Portal]]:
    inside = f"127.0.0.1:{tryton.port}"
    with (
        post_office() as (mailbox, smtp),
        serving(tmp_path, SRM_SMTP_URL=smtp, SRM_INTERNAL_HOSTS=inside) as portal,
    ):
        yield mailbox, portal


def wish_in(tryton: Tryton) -> int:
    """A customer and what they ask for, made in Tryton as its own client makes them."""
    country = next(one["id"] for one in tryton.all("country.country", "code") if one["code"] == "FR")
    address = [["create", [{"city": "Lyon", "country": country}]]]
    party = tryton.model("party.party", "create", [{"name": "Bolt SA", "addresses": address}])[0]
    lines = [{"description": title, "quantity": quantity} for title, quantity in ASKED]
    values = {
        "party": party,
        "description": TITLE,
        "comment": "They build in spring.",
        "amount": {"__class__": "Decimal", "decimal": "15000"},
        "lines": [["create", lines]],
    }
    made: int = tryton.model("sale.opportunity", "create", [values])[0]
    return made


def read_back(tryton: Tryton, wish: int) -> str:
    row: dict[str, str] = tryton.model("sale.opportunity", "read", [wish], ["comment"])[0]
    return row["comment"]


def run_crm(admin: Person) -> None:
    """A run by hand, followed to its end on its page."""
    admin.go("/admin/systems/crm")
    admin.press("Run now")
    end = admin.page.locator("main").get_by_text(re.compile("^(done|failed)$")).first
    for _turn in range(120):
        if end.is_visible():
            break
        admin.page.wait_for_timeout(500)
        admin.go(admin.page.url)
    expect(end).to_have_text("done")


def connect(admin: Person, tryton: Tryton, buyer: Person) -> None:
    admin.go("/admin/systems/crm/connect")
    for label, value in (
        ("Address", tryton.url),
        ("Database", "crm"),
        ("User name", "admin"),
        ("Password", PASSWORD),
    ):
        admin.fill(label, value)
    admin.field("Acts in the name of").select_option(label=buyer.name.title())
    admin.sound()
    admin.press("Save")
    run_crm(admin)
    admin.sound()


def need_of_the_wish(buyer: Person) -> str:
    """The opportunity is here with its lines; it becomes a need that carries them. Returns the project's address."""
    buyer.go("/customers/opportunities")
    buyer.sees(TITLE)
    buyer.sound()
    buyer.follow(TITLE)
    for title, _quantity in ASKED:
        buyer.sees(title)
    buyer.picture("opportunity")
    buyer.press("Start a need")
    found = re.search(r"/projects/\w+", buyer.page.url)
    assert found
    project = found[0]
    buyer.go(project + "/need")
    for label, text in (
        ("Category (CPV code)", CATEGORY),
        ("Product or service", "As the customer asked"),
        ("Market", "Regional, about ten suppliers"),
        ("Strategic aim", "The customer's date at a fair price"),
        ("Sector", "Private"),
        ("Budget", "12,000"),
        ("Needed by", six.local(buyer.portal, days=120)[:10]),
    ):
        buyer.fill(label, text)
    buyer.press("Save and continue to the lines")
    for number, ((title, quantity), price) in enumerate(zip(ASKED, ("60", "90"), strict=True), start=1):
        expect(buyer.page.get_by_label(f"Item, row {number}")).to_have_value(title)
        expect(buyer.page.get_by_label(f"Quantity, row {number}")).to_have_value(f"{quantity:g}")
        buyer.page.get_by_label(f"Price today, row {number}").fill(price)
    buyer.press("Save the lines")
    buyer.go(project)
    buyer.press("Ask for approval")
    return project


def face_to_face(buyer: Person, supplier: Person, mailbox: Mailbox, project: str) -> None:
    """One round more with the best bidder, who sits in front of a phone: offers on both sides, minutes both confirm."""
    buyer.go(project + "/negotiations/new")
    buyer.field("Supplier").select_option(label=six.SUPPLIERS[0])
    buyer.fill("Subject", "The last round")
    buyer.fill("When", six.local(buyer.portal, minutes=5))
    buyer.fill("Where", "Room 2")
    buyer.fill("Your target", "7,800")
    buyer.fill("Where you walk away", "8,100")
    buyer.press("Plan and invite")
    talk = re.search(r"/negotiations/\w+", buyer.page.url)
    assert talk
    supplier.go("/s" + talk[0])
    supplier.choose("Will you take part?", "yes")
    supplier.press("Answer the invitation")
    supplier.fill("Amount", "8,050")
    supplier.press("Write into the ledger")
    buyer.go(talk[0])
    buyer.choose("Who offers", "buyer")
    buyer.fill("Amount", "7,800")
    buyer.fill("Note", "With payment after 14 days")
    buyer.press("Write into the ledger")
    supplier.go("/s" + talk[0])
    supplier.fill("Amount", "7,900")
    supplier.press("Write into the ledger")
    assert "8,100" not in supplier.page.locator("main").inner_text(), "where the buyer walks away stays theirs"
    supplier.sound()
    buyer.go(talk[0])
    buyer.picture("negotiation")
    buyer.fill("What was agreed", "7,900 in all, payment after 14 days.")
    buyer.press("Ask the supplier to confirm")
    supplier.go("/s" + talk[0])
    supplier.press("Confirm the minutes")
    buyer.go(talk[0])
    buyer.sees("Confirmed by")


def award(buyer: Person, manager: Person, project: str) -> str:
    """The amount of the talk is awarded; the contract drafts itself. Returns its address."""
    buyer.go(project + "/award")
    line = buyer.page.get_by_role("row").filter(has_text=six.SUPPLIERS[0])
    expect(line.first).to_contain_text("7,900")
    buyer.page.get_by_label(six.SUPPLIERS[0]).first.check()
    buyer.fill("Justification", "Best ranked, lowest in the auction and better still in the talk.")
    buyer.fill("Standstill (days)", "0")
    buyer.press("Propose the award")
    manager.go(project + "/award")
    manager.confirm("Approve", "Approve")
    for _turn in range(120):
        buyer.go(project + "/contract")
        if buyer.page.locator("main a[href^='/contracts/']").count():
            break
        buyer.page.wait_for_timeout(250)
    buyer.page.locator("main a[href^='/contracts/']").first.click()
    buyer.page.wait_for_url(re.compile(r"/contracts/\w+"))
    found = re.search(r"/contracts/\w+", buyer.page.url)
    assert found
    return found[0]


def redline(buyer: Person, supplier: Person, contract: str) -> None:
    buyer.go(contract + "/redline")
    buyer.press("Give the pen to the supplier")
    supplier.go("/s" + contract)
    supplier.sound()
    with supplier.page.expect_navigation():
        supplier.page.locator("#clause-law").get_by_role("link", name="Propose another text").click()
    supplier.page.get_by_label(re.compile("^Text")).fill(LAW)
    supplier.page.get_by_label("Why").fill("Our insurer asks for it.")
    supplier.press("Propose")
    supplier.press("Give the text back to the buyer")
    buyer.go(contract + "/redline")
    buyer.sees("Our insurer asks for it.")
    buyer.press("Accept")
    buyer.go(contract + "/compare")
    expect(buyer.page.locator("ins").first).to_be_visible()
    buyer.sound()


def approve_and_sign(buyer: Person, supplier: Person, managers: tuple[Person, ...], contract: str) -> bytes:
    """Two managers one after the other on phones, then both signatures. Returns the signed file."""
    buyer.go(contract)
    buyer.press("Ask for approval")
    for place, manager in enumerate(managers):
        assert manager.width == 390
        manager.go("/approvals/contracts")
        manager.sound()
        manager.go(contract + "/approval")
        manager.sees(LAW)
        manager.sound()
        manager.page.get_by_role("link", name="To your decision").click()
        manager.press("Approve")
        buyer.go(contract)
        steps = buyer.page.locator("main ol.plain b")
        expect(steps.get_by_text("approved", exact=True)).to_have_count(place + 1)
        expect(steps.get_by_text("waits", exact=True)).to_have_count(1 - place)
    supplier.go(contract + "/sign")
    supplier.sound()
    supplier.page.set_default_timeout(60_000)  # the first signature loads its libraries
    supplier.press("Sign now")
    signer = managers[0]
    signer.page.set_default_timeout(60_000)
    signer.go(contract + "/sign")
    signer.press("Sign now")
    signer.sees("every signature in it holds")
    signer.sound()
    with signer.page.expect_download() as download:
        signer.page.get_by_role("link", name="Signed file").last.click()
    return Path(download.value.path()).read_bytes()


def test_a_wish_in_tryton_is_sourced_signed_and_read_back_there(
    chrome: Browser, mailbox_and_portal: tuple[Mailbox, Portal], tryton: Tryton, tmp_path: Path
) -> None:
    mailbox, portal = mailbox_and_portal
    admin, buyer, evita, emil = (Person(chrome, portal, name) for name in ("admin", "buyer", "evita", "emil"))
    managers = tuple(Person(chrome, portal, name, width=390) for name in ("maren", "milan"))
    bidders = tuple(Person(chrome, portal, name, width) for name, width in (("ann", 390), ("bob", 1440), ("cy", 390)))
    wish = wish_in(tryton)
    six.set_up(admin)
    six.hire(admin, mailbox, buyer, "Buyer")
    for manager in managers:
        six.hire(admin, mailbox, manager, "Purchasing manager", "500,000")
    for evaluator in (evita, emil):
        six.hire(admin, mailbox, evaluator, "Evaluator")
    connect(admin, tryton, buyer)
    categories = tmp_path / "categories.csv"
    categories.write_text(
        "code,parent,en\n42000000,,Machinery\n42130000,42000000,Taps and valves\n42131000,42130000,Valves\n"
    )
    done = portal.command("import", "categories", str(categories), "--scheme", "CPV", "--as", admin.email)
    assert done.returncode == 0, done.stdout + done.stderr
    for company, person in zip(six.SUPPLIERS, bidders, strict=True):
        six.register(buyer, managers[0], company, person.email, CATEGORY, qualified=company != six.SUPPLIERS[2])
    project = need_of_the_wish(buyer)
    managers[0].go(project)
    managers[0].press("Approve the need")
    six.bidding_list(buyer, managers[0], project)
    six.criteria(buyer, project, ("Evita", "Emil"))
    deadline = six.publish(buyer, project)
    for person, prices in zip(bidders, (("58", "82"), ("57", "85"), ("61", "80")), strict=True):
        six.offer(person, mailbox, prices)
        assert "Bolt" not in person.page.content(), "suppliers never see the customer"
    portal.advance(six.seconds_until(portal, deadline) + 1)
    buyer.go(project + "/selection")
    buyer.confirm("Open the offers", "Open the offers")
    six.mark(evita, project, "434343")
    six.mark(emil, project, "443343")
    buyer.go(project + "/ranking")
    buyer.press("Run the ranking")
    buyer.page.get_by_label(re.compile("^Recommended supplier")).select_option(label=six.SUPPLIERS[0])
    buyer.fill("Why", "First by the published weights.")
    buyer.press("Recommend")
    buyer.press("Go on to step 6")
    six.live_auction(buyer, bidders, project)
    face_to_face(buyer, bidders[0], mailbox, project)
    contract = award(buyer, managers[0], project)
    redline(buyer, bidders[0], contract)
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(approve_and_sign(buyer, bidders[0], managers, contract))
    program = shutil.which("pdfsig")
    assert program, "poppler's pdfsig is needed (the package poppler-utils)"
    said = subprocess.run([program, str(paper)], capture_output=True, text=True, check=True).stdout
    assert said.count("Signature is Valid") == 2, said
    the_customer_sees_it(buyer, contract)
    run_crm(admin)
    told = read_back(tryton, wish)
    print(told)
    today = six.local(portal)[:7]
    assert told.startswith("They build in spring.")
    assert re.search(rf"award {today}-\d\d", told), told
    dates = r"\d{4}-\d\d-\d\d"
    assert re.search(rf"contract \S+ active signed {dates} {dates}/{dates}", told), told


def the_customer_sees_it(buyer: Person, contract: str) -> None:
    """The customer's page leads to the need, its award and its contract."""
    buyer.go("/customers")
    buyer.follow("Bolt SA")
    buyer.sound()
    buyer.follow("Business")
    expect(buyer.page.locator(f"main a[href='{contract}']").first).to_be_visible()
    buyer.picture("customer_business")
