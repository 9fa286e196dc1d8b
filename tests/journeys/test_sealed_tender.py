"""A sealed tender of two lots from a stranger's registration to the comparison: S2, two envelopes, five answers."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from srm_portal.offers import verify_receipt
from tests.documents.corpus import pdf
from tests.journeys.people import Person
from tests.journeys.portal import Mailbox, Portal, free_port, post_office, serving
from tests.journeys.test_six_steps import hire, local, register, seconds_until, set_up
from tests.offers.test_canary import encoded, spellings
from tests.web.browser import chromium, launched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 90_000
"""Milliseconds that a page may take on a busy machine."""
CATEGORY, PHRASE = "42131000", "three herons over the weir"
STRANGER, SHEET, CALM, LATE, WAIVED = "Ardent Works", "Brook and Sons", "Cobalt Group", "Dune Metals", "Elm Foundry"
PRICES = {
    STRANGER: ("58.173951", "82.640283"),
    SHEET: ("57.918264", "85.371049"),
    CALM: ("61.402857", "80.915736"),
    LATE: ("49.260517", "71.834906"),
    WAIVED: ("63.758149", "79.146528"),
}
SPARE = ("7.381946", "12.604857")
CATEGORIES = "code,parent,en\n42000000,,Machinery\n42130000,42000000,Taps and valves\n42131000,42130000,Valves\n"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    expect.set_options(timeout=PATIENCE)
    with launched() as browser:
        yield browser
    expect.set_options(timeout=5_000)


@dataclass
class Cast:
    """Everybody in the tender, and the key files of the three who open it."""

    admin: Person
    buyer: Person
    maren: Person
    evita: Person
    emil: Person
    vera: Person
    bidders: dict[str, Person]
    keys: dict[str, Path] = field(default_factory=dict)

    @property
    def openers(self) -> tuple[Person, ...]:
        return self.maren, self.emil, self.vera

    def move_to(self, portal: Portal) -> None:
        for one in (self.admin, self.buyer, self.maren, self.evita, self.emil, self.vera, *self.bidders.values()):
            one.portal = portal


def the_cast(chrome: Browser, portal: Portal) -> Cast:
    staff = [Person(chrome, portal, name) for name in ("admin", "buyer", "maren", "evita", "emil", "vera")]
    widths = {STRANGER: ("ann", 390), SHEET: ("bob", 1440), CALM: ("cy", 1440), LATE: ("dan", 1440),
              WAIVED: ("eve", 1440)}  # fmt: skip
    bidders = {company: Person(chrome, portal, *who) for company, who in widths.items()}
    for one in (*staff, *bidders.values()):
        one.page.set_default_timeout(PATIENCE)
    return Cast(*staff, bidders)


def stranger_registers(cast: Cast, mailbox: Mailbox, paper: Path) -> None:
    """On a phone: the form, the mail, a paper, handed in; the buyer lets the company in, two people qualify it."""
    cast.maren.go("/suppliers/registrations/settings")
    cast.maren.page.locator("#registration_open").check()
    cast.maren.press("Save")
    ann = cast.bidders[STRANGER]
    ann.go("/register")
    ann.fill("Name of the company", STRANGER)
    ann.choose("Country", "GB")
    ann.fill("Your name", "Ann Ardent")
    ann.fill("E-mail address", ann.email)
    ann.sound()
    ann.press("Send the link")
    ann.go(mailbox.wait_for(ann.email, r"(http\S+/register/mine/\S+)"))
    ann.fill("Town", "Leeds")
    ann.fill("Registration number", "01234567")
    ann.choose("Categories", CATEGORY)
    ann.press("Save")
    ann.field("File").set_input_files(paper)
    ann.press("Add the file")
    ann.sees("certificate.pdf")
    ann.sound()
    ann.press("Hand in the application")
    ann.sees("Your application is handed in")
    buyer, maren = cast.buyer, cast.maren
    buyer.go("/suppliers/registrations")
    buyer.follow(STRANGER)
    buyer.sees("certificate.pdf")
    buyer.press("Let in as a prospect")
    record = buyer.page.url
    buyer.go(record + "/qualification")
    buyer.choose("Category", CATEGORY)
    buyer.press("Ask")
    buyer.go(record)
    assert buyer.page.get_by_role("link", name="Decide").count() == 0, "who asks does not decide"
    maren.go(record)
    maren.follow("Decide")
    maren.fill("Valid from", local(buyer.portal)[:10])
    maren.fill("Valid until", local(buyer.portal, days=365)[:10])
    maren.press("Decide")
    maren.go(f"/suppliers/panels/{CATEGORY}")
    maren.sees(STRANGER)


def the_need(cast: Cast, title: str) -> str:
    """A project of two lots whose need a manager approves; returns its address."""
    buyer = cast.buyer
    buyer.go("/projects/new")
    buyer.fill("What is needed?", title)
    buyer.press("Continue")
    found = re.search(r"/projects/\w+", buyer.page.url)
    assert found
    buyer.go(found[0] + "/need")
    for label, text in (
        ("Category (CPV code)", CATEGORY),
        ("Product or service", "Valves"),
        ("Market", "Regional, about ten suppliers"),
        ("Strategic aim", "A second source"),
        ("Sector", "Water"),
        ("Budget", "12,000"),
        ("Needed by", local(buyer.portal, days=120)[:10]),
    ):
        buyer.fill(label, text)
    buyer.press("Save and continue to the lines")
    for number, (item, quantity) in enumerate((("Gate valve DN50", "100"), ("Ball valve DN80", "40")), start=1):
        if buyer.page.get_by_label(f"Item, row {number}").count() == 0:
            buyer.button("Add a line").click()
        buyer.page.get_by_label(f"Lot, row {number}").fill(str(number))
        buyer.page.get_by_label(f"Item, row {number}").fill(item)
        buyer.page.get_by_label(f"Quantity, row {number}").fill(quantity)
    buyer.press("Save the lines")
    buyer.go(found[0])
    buyer.press("Ask for approval")
    cast.maren.go(found[0])
    cast.maren.press("Approve the need")
    return found[0]


def the_list(cast: Cast, project: str, companies: tuple[str, ...]) -> None:
    """Who is qualified comes from the panel, who is not needs a manager's waiver."""
    buyer, maren = cast.buyer, cast.maren
    for company in companies:
        buyer.go(f"{project}/suppliers/find?q={company.split()[0]}")
        buyer.press(f"Add {company}")
    buyer.go(project + "/suppliers")
    buyer.press("On to the bidding list")
    buyer.go(project + "/bidding-list")
    for company in companies:
        if company != WAIVED:
            buyer.press(f"Shortlist {company}")
            continue
        buyer.confirm("Ask a waiver", "Ask a waiver", "The incumbent; its renewal is under way.")
        buyer.follow("waiver")
        maren.go(buyer.page.url)
        maren.choose("Decision", "approve")
        maren.press("Decide")
        buyer.go(project + "/bidding-list")
    buyer.press("On to the criteria")


def the_criteria(cast: Cast, project: str, manual: bool) -> None:
    buyer = cast.buyer
    rows = [("Commercial", "Total cost", "price", "60" if manual else "100", "12000", "6000")]
    if manual:
        rows += [("Technical", "Quality system", "points", "25", "", ""),
                 ("Technical", "Technical fit", "points", "15", "", "")]  # fmt: skip
    buyer.go(project + "/criteria")
    for number, (group, name, kind, weight, worst, best) in enumerate(rows, start=1):
        while buyer.page.get_by_label(f"Criterion, row {number}").count() == 0:
            buyer.button("Add a criterion").click()
        buyer.page.get_by_label(f"Kind, row {number}").select_option(kind)
        for label, value in (("Group", group), ("Criterion", name), ("Weight", weight), ("No points at", worst),
                             ("All points at", best)):  # fmt: skip
            buyer.page.get_by_label(f"{label}, row {number}").fill(value)
    while buyer.page.get_by_label(f"Criterion, row {len(rows) + 1}").count():
        buyer.page.get_by_label(f"Remove row {len(rows) + 1}").click()
    buyer.press("Save the criteria")
    if manual:
        for name in ("Evita", "Emil"):
            buyer.page.get_by_label(name).check()
        buyer.press("Save")


def the_event(cast: Cast, project: str, about: str, level: str, envelopes: str, minutes: int) -> str:
    """The event of these settings, still a draft; returns its deadline as it was written."""
    buyer, deadline = cast.buyer, local(cast.buyer.portal, minutes=minutes)
    buyer.go(project + "/event")
    buyer.fill("Title", f"Request for quotation: {about}")
    buyer.fill("Deadline for offers", deadline)
    buyer.choose("Sealing", level)
    buyer.choose("Envelopes", envelopes)
    buyer.fill("Terms", "Delivered duty paid.")
    buyer.fill("Other currencies", f"USD; 0.8; {local(buyer.portal, days=-2)[:10]}; European Central Bank")
    buyer.press("Save")
    buyer.sound()
    return deadline


def make_key(person: Person, folder: Path) -> Path:
    person.go("/openings/key")
    person.fill("Pass-phrase (at least ten letters)", PHRASE)
    with person.page.expect_download() as made:
        person.button("Make and save the key file").click()
    file = folder / f"{person.name}.key.json"
    made.value.save_as(file)
    person.press("Register")
    return file


def use_key(person: Person, event_id: str, key: Path, seen: str) -> None:
    person.go(f"/openings/{event_id}")
    person.page.get_by_label("Your key file").set_input_files(key)
    person.fill("Pass-phrase", PHRASE)
    person.button("Open it here and send the answer").click()
    person.sees(seen)
    person.calm()


def openers_are_named(cast: Cast, project: str, folder: Path) -> str:
    """Three make their keys in the browser and open a test value; before that nothing can be published."""
    for one in cast.openers:
        cast.keys[one.name] = make_key(one, folder)
    buyer = cast.buyer
    buyer.go(project + "/event")
    buyer.follow("Openers")
    for one in cast.openers:
        buyer.page.get_by_label(one.name.title(), exact=True).check()
    buyer.fill("How many of them open", "2")
    buyer.press("Name the openers")
    buyer.sound()
    found = re.search(r"/events/(\w+)", buyer.page.url)
    assert found
    buyer.go(project + "/criteria")
    buyer.sees("test value")
    assert buyer.button("Publish").count() == 0
    for one in cast.openers:
        use_key(one, found[1], cast.keys[one.name], "Nothing more to do before the deadline")
    return found[1]


def publish(cast: Cast, project: str) -> None:
    cast.buyer.go(project + "/criteria")
    cast.buyer.confirm("Publish", "Publish")


def takes_part(person: Person, mailbox: Mailbox) -> str:
    person.answer_invitation(mailbox)
    person.press("Accept the terms and take part")
    person.sound()
    found = re.search(r"/s/events/\w+", person.page.url)
    assert found
    return found[0] + "/offer"


def fills_in(person: Person, prices: tuple[str, ...], by_hand: bool = True) -> None:
    for number, price in enumerate(prices, start=1):
        if by_hand:
            person.page.get_by_label(f"Unit price, line {number}").fill(price)
            person.page.get_by_label(f"Lead time, line {number}").fill("30")
    person.fill("Payment (days net)", "30")
    person.fill("Offer valid until", local(person.portal, days=120)[:10])
    for area in person.page.locator("#questions textarea").all():
        area.fill("We are certified to ISO 9001; certificate 4711.")
    person.sound()
    person.press("Save and check")
    person.sound()


def fills_the_sheet(person: Person, place: str, prices: tuple[str, ...], folder: Path) -> None:
    """Down, filled in with one cell wrong, refused by its row, mended, taken over."""
    person.go(place)
    with person.page.expect_download() as made:
        person.page.get_by_role("link", name="Download the lines (.xlsx)").click()
    file = folder / "lines.xlsx"
    made.value.save_as(file)
    book = load_workbook(file)
    sheet = book.active
    heads = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
    price = next(column for head, column in heads.items() if head.startswith("Unit price"))
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == 1)
    for at, value in enumerate(prices):
        sheet.cell(first + at, price, float(value))
        sheet.cell(first + at, heads["Lead time (days)"], 30)
    sheet.cell(first, price, "ask us")
    book.save(file)
    person.page.get_by_label("Filled sheet (.xlsx)").set_input_files(file)
    person.press("Take the lines over")
    person.sees("Line 1. Gate valve DN50")
    sheet.cell(first, price, float(prices[0]))
    book.save(file)
    person.page.get_by_label("Filled sheet (.xlsx)").set_input_files(file)
    person.press("Take the lines over")
    person.sees("The lines of the sheet are in your offer.")


def hands_in(person: Person, folder: Path) -> Path:
    """At S2: the page with the only copy, saved."""
    person.press("Hand in the offer")
    person.sound()
    with person.page.expect_download() as made:
        person.page.get_by_role("link", name=re.compile("^Save ")).click()
    file = folder / f"{person.name}-kept.zip"
    made.value.save_as(file)
    person.follow("I have saved it: to the receipt")
    person.sound()
    return file


def says_more(person: Person) -> None:
    """Another currency, freight, quantity breaks and an alternative."""
    person.choose("Currency of all your amounts", "USD")
    person.fill("Freight and packing, in all", "317.25")
    person.page.get_by_text("Breaks, alternative").first.click()
    person.fill("Quantity breaks, line 1", "200: 60.5; 500: 58.25")
    person.fill("Alternative, line 1", "Gate valve DN50, stainless")
    person.fill("Price of the alternative, line 1", "71.4")


def offers_come_in(cast: Cast, mailbox: Mailbox, folder: Path) -> dict[str, Path]:
    """Four in time, one of them by a sheet and one on a phone; the fifth stands before the button at the deadline."""
    kept = {}
    for company, person in cast.bidders.items():
        place = takes_part(person, mailbox)
        if company == SHEET:
            fills_the_sheet(person, place, PRICES[company], folder)
        person.go(place)
        if company == WAIVED:
            says_more(person)
        fills_in(person, PRICES[company], by_hand=company != SHEET)
        if company != LATE:
            kept[company] = hands_in(person, folder)
    return kept


def too_late(cast: Cast) -> None:
    """The button is pressed after the deadline: refused, with the deadline, by how much, and what was kept."""
    dan = cast.bidders[LATE]
    dan.press("Hand in the offer")
    dan.sees("deadline")
    dan.sees("fingerprint")
    assert dan.page.get_by_role("link", name="Receipt of version").count() == 0


def marked(evaluator: Person, project: str, marks: str) -> None:
    evaluator.go(project + "/scorecard")
    evaluator.press("Declare")
    evaluator.page.locator("score-grid:defined input.cell").first.focus()
    evaluator.page.keyboard.type(marks)
    evaluator.press("Hand in the scorecard")
    evaluator.sees("Handed in.")


def an_s1_offer(cast: Cast) -> None:
    """A second, simple event at S1 with one offer in it."""
    project = the_need(cast, "Spare seals")
    the_list(cast, project, (SHEET, CALM, LATE))
    the_criteria(cast, project, manual=False)
    the_event(cast, project, "Spare seals", "S1", "single", 90)
    publish(cast, project)
    cy = cast.bidders[CALM]
    cy.go("/s")
    cy.follow("Request for quotation: Spare seals")
    cy.press("Accept the terms and take part")
    found = re.search(r"/s/events/\w+", cy.page.url)
    assert found
    cy.go(found[0] + "/offer")
    fills_in(cy, SPARE)
    cy.press("Hand in the offer")
    cy.sees("Your offer is handed in and sealed.")


def bytes_of(folder: Path, mailbox: Mailbox, *more: bytes) -> bytes:
    """Database with its journal, uploads, logs, backup and mails of a stopped server; not the keys."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and "keys" not in one.parts]
    heap = [one.read_bytes() for one in files]
    for archive in (one for one in files if one.suffixes[-2:] == [".tar", ".gz"]):
        heap.append(subprocess.run(["tar", "-xzOf", archive], capture_output=True, check=True).stdout)
    return b"\n".join([*heap, *mailbox.raw, *more])


def nothing_is_told(portal: Portal, mailbox: Mailbox) -> None:
    """S1 without the server's key; S2 with all that the server's key opens."""
    raw = bytes_of(portal.folder, mailbox)
    assert len(raw) > 500_000
    assert b"Gate valve DN50" in raw, "the search finds what is there"
    sealed = {company: prices for company, prices in PRICES.items() if company != LATE}
    for prices in (*PRICES.values(), SPARE):
        assert [mark for price in prices for mark in spellings(price) if mark in raw] == []
    opened = portal.module("tests.journeys.unlocked")
    assert opened.returncode == 0, opened.stderr
    assert SPARE[0] in opened.stdout, "at S1 who has the database and the server's key can read; so it is told"
    assert PRICES[LATE][0] in opened.stdout, "a draft that was never handed in is sealed to nobody"
    heap = raw + opened.stdout.encode()
    for prices in sealed.values():
        assert [mark for price in prices for mark in spellings(price) if mark in heap] == []
    assert [mark for mark in encoded(PHRASE) if mark in heap] == [], "an opener's pass-phrase never comes here"


def unzipped(file: Path | bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(file if isinstance(file, Path) else io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def proofs_of(cast: Cast, event_id: str) -> dict[str, dict[str, bytes]]:
    """What each supplier downloads later: the receipt with its place in the log."""
    found = {}
    for company, person in cast.bidders.items():
        if company == LATE:
            continue
        person.go(f"/s/events/{event_id}/offer/receipt")
        expect(person.page.get_by_text("entry", exact=False).first).to_be_visible()
        with person.page.expect_download() as made:
            person.page.get_by_role("link", name="Everything to check it (.zip)").click()
        found[company] = unzipped(Path(made.value.path()))
    return found


def receipts_hold(kept: dict[str, Path], proofs: dict[str, dict[str, bytes]], folder: Path) -> None:
    """The stand-alone program, run by a bare interpreter, accepts each; with any one byte changed it refuses."""
    for company, file in kept.items():
        own, proven = unzipped(file), proofs[company]
        assert json.loads(proven["receipt.json"])["proof"] is not None
        for receipt in (own["receipt.json"], proven["receipt.json"]):
            room = folder / "alone"
            room.mkdir(exist_ok=True)
            for name, data in (own | {"receipt.json": receipt}).items():
                (room / name).write_bytes(data)
            call = [sys.executable, "-I", "-S", "verify_receipt.py", "receipt.json", "--key", "keys.json", "--offer",
                    "offer.json", "--nonce", own["nonce.txt"].decode()]  # fmt: skip
            done = subprocess.run(call, cwd=room, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            changed = receipt.replace(b'"seq":', b'"seq" :', 1)
            (room / "receipt.json").write_bytes(changed)
            assert subprocess.run(call, cwd=room, capture_output=True, check=False).returncode == 1
            keys = json.loads(own["keys.json"])
            for place in range(0, len(receipt), 23):
                other = receipt[:place] + bytes([receipt[place] ^ 1]) + receipt[place + 1 :]
                assert not verify_receipt.verify(other, keys, own["offer.json"], own["nonce.txt"].decode())["valid"]


def a_rebuilt_log_is_caught(portal: Portal, proofs: dict[str, dict[str, bytes]], folder: Path) -> None:
    """On a copy with the true keys one offer's entry is changed and everything made anew; an old checkpoint tells."""
    note = folder / "old-checkpoint.txt"
    receipts = {company: json.loads(files["receipt.json"]) for company, files in proofs.items()}
    note.write_text(receipts[SHEET]["proof"]["checkpoint"])
    honest = portal.command("audit", "checkpoint", "--check", str(note))
    assert (honest.returncode, json.loads(honest.stdout)["verdict"]) == (0, "holds"), honest.stderr
    copy = folder / "copy"
    shutil.copytree(portal.folder, copy)
    done = portal.module("tests.journeys.rebuilt", receipts[CALM]["statement"]["entry"]["id"], folder=copy)
    assert done.returncode == 0, done.stderr
    assert portal.command("audit", "verify", folder=copy).returncode == 0, "in itself the rebuilt log holds"
    caught = portal.command("audit", "checkpoint", "--check", str(note), folder=copy)
    assert (caught.returncode, json.loads(caught.stdout)["verdict"]) == (1, "log_differs")


def openers_act(cast: Cast, event_id: str, who: tuple[Person, ...]) -> None:
    for one in who:
        use_key(one, event_id, cast.keys[one.name], "You have acted")


def technical_then_prices(cast: Cast, project: str, event_id: str) -> None:
    buyer = cast.buyer
    buyer.go(project + "/selection")
    assert buyer.page.get_by_role("button", name="Open the technical envelopes").count() == 0, "one opener is too few"
    openers_act(cast, event_id, (cast.maren, cast.vera))
    buyer.go(project + "/selection")
    buyer.confirm("Open the technical envelopes", "Open the technical envelopes")
    buyer.sees("Prices stay encrypted until then, for everybody.")
    buyer.sound()
    marked(cast.evita, project, "43434343")
    marked(cast.emil, project, "44334433")
    buyer.go(project + "/selection")
    buyer.confirm("Lock the scores", "Lock the scores")
    assert buyer.page.get_by_role("button", name="Open the prices").count() == 0
    openers_act(cast, event_id, (cast.emil, cast.vera))
    buyer.go(project + "/selection")
    buyer.confirm("Open the prices", "Open the prices")
    for company in (STRANGER, SHEET, CALM, WAIVED):
        buyer.sees(company)
    buyer.sees("58.173951")
    buyer.sees("European Central Bank")
    buyer.sees("51.006519")
    buyer.sees("Landed cost")
    buyer.sees("Gate valve DN50, stainless")
    expect(buyer.page.locator("main").get_by_text(LATE)).to_have_count(0)
    buyer.sound()
    buyer.go(project + "/consensus")
    buyer.sound()


def test_a_sealed_tender_from_a_strangers_registration_to_the_comparison(chrome: Browser, tmp_path: Path) -> None:
    folder, outside, port = tmp_path / "var", tmp_path / "outside", free_port()
    folder.mkdir()
    outside.mkdir()
    paper = outside / "certificate.pdf"
    paper.write_bytes(pdf())
    with post_office() as (mailbox, smtp):
        with serving(folder, port=port, SRM_SMTP_URL=smtp) as portal:
            cast = the_cast(chrome, portal)
            set_up(cast.admin)
            hire(cast.admin, mailbox, cast.buyer, "Buyer")
            hire(cast.admin, mailbox, cast.maren, "Purchasing manager", "500,000")
            hire(cast.admin, mailbox, cast.evita, "Evaluator")
            hire(cast.admin, mailbox, cast.emil, "Evaluator")
            hire(cast.admin, mailbox, cast.vera, "Auditor")
            (outside / "categories.csv").write_text(CATEGORIES)
            told = ("import", "categories", str(outside / "categories.csv"), "--scheme", "CPV", "--as")
            done = portal.command(*told, cast.admin.email)
            assert done.returncode == 0, done.stdout + done.stderr
            stranger_registers(cast, mailbox, paper)
            for company, person in cast.bidders.items():
                if company != STRANGER:
                    register(cast.buyer, cast.maren, company, person.email, CATEGORY, qualified=company != WAIVED)
            project = the_need(cast, "Valves for the new hall")
            the_list(cast, project, tuple(PRICES))
            the_criteria(cast, project, manual=True)
            deadline = the_event(cast, project, "Valves", "S2", "two", 60)
            event_id = openers_are_named(cast, project, outside)
            publish(cast, project)
            kept = offers_come_in(cast, mailbox, outside)
            an_s1_offer(cast)
            portal.advance(seconds_until(portal, deadline) + 1)
            too_late(cast)
            openers_act(cast, event_id, (cast.emil,))
            backup = portal.command("backup", str(folder / "kept.tar.gz"))
            assert backup.returncode == 0, backup.stderr
        nothing_is_told(portal, mailbox)
        with serving(folder, port=port, SRM_SMTP_URL=smtp) as portal:
            cast.move_to(portal)
            logged = portal.command("audit", "checkpoint")
            assert logged.returncode == 0, logged.stderr
            proofs = proofs_of(cast, event_id)
            technical_then_prices(cast, project, event_id)
        receipts_hold(kept, proofs, outside)
        a_rebuilt_log_is_caught(portal, proofs, outside)
