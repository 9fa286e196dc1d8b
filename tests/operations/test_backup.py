"""A copy taken while people work, put onto an empty machine: with the keys everything goes on, without them not."""

from __future__ import annotations

import base64
import json
import re
import shutil
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyotp
import pytest

from srm_portal.identity import queries as identity
from srm_portal.identity.services.tokens import create_token
from srm_portal.infra.db import db
from srm_portal.kernel.clock import FixedClock, SystemClock
from srm_portal.kernel.errors import Refused
from srm_portal.offers import queries as offers
from srm_portal.offers import services
from tests.support import database
from tests.support.factories.auctions import a_live_auction
from tests.support.factories.offers import a_submitted_offer, a_tender
from tests.support.installation import Installation, Served
from tests.support.person import Person
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.crash

ADMINISTRATOR = "ada@example.com"
PASSPHRASE = "four horses cross a cold river"
NEEDS_BEFORE = 8
BIDS_BEFORE = 4


@dataclass
class Writers:
    """A program that files needs and a bidder who bids, until told to stop; each keeps what it was told is done."""

    program: Person
    bidder: Person
    auction_id: str
    needs: list[str] = field(default_factory=list)
    bids: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self.threads = [threading.Thread(target=act) for act in (self._file_needs, self._bid)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def wait_for_some(self) -> None:
        while (len(self.needs) < NEEDS_BEFORE or len(self.bids) < BIDS_BEFORE) and not self.wrong:
            self.stopped.wait(0.05)

    def _file_needs(self) -> None:
        while not self.stopped.is_set():
            need = {"title": f"Need {len(self.needs)}", "lines": [{"title": "Bolt", "quantity": "3"}]}
            answer = self.program.post_json("/api/v1/projects", need)
            if answer.status != 201:
                self.wrong.append(answer.text[:300])
                return
            self.needs.append(answer.json["reference"])

    def _bid(self) -> None:
        room, amount = f"/s/auctions/{self.auction_id}", 100_000
        while not self.stopped.is_set():
            amount -= 1
            values = {"lot": "L1", "amount": str(amount), "request_id": f"key-of-the-bid-{amount}"}
            answer = self.bidder.fill(f"{room}/bid", page=room, **values)
            if "is confirmed" not in answer.text:
                self.wrong.append(re.sub("<[^>]+>", " ", answer.text)[:2000])
                return
            self.bids.append(str(amount))


@dataclass
class Copied:
    """The portal that was copied, what was in it when the copy began, and the two files."""

    place: Installation
    backup: Path
    keys: Path
    needs: list[str]
    bids: list[str]
    filed_in_the_end: int
    organisation_id: str
    auction_id: str
    event_id: str
    buyer_id: str
    buyer_email: str
    deadline_at: datetime
    recovery_codes: list[str]


def _first_visit(person: Person) -> list[str]:
    """Make the administrator and set up the second factor; returns the recovery codes."""
    person.fill(
        "/first",
        organisation="Nordwerk",
        currency="EUR",
        zone="Europe/Paris",
        name="Ada",
        email=ADMINISTRATOR,
        password=PASSWORD,
    )
    enrol = person.sign_in(ADMINISTRATOR, PASSWORD)
    secret = re.search(r"\b[A-Z2-7]{32}\b", enrol.text)
    assert secret, enrol.text[:500]
    code = pyotp.TOTP(secret[0]).now()
    page = person._open("/sign-in/enrol", f"csrf_token={enrol.token}&code={code}".encode())
    return re.findall(r"<code>([^<]+)</code>", page.text)


def _work_and_copy(place: Installation, served: Served, files: Path) -> Copied:
    codes = _first_visit(Person(served.url))
    clock = FixedClock(SystemClock().now() - timedelta(minutes=2))
    with place.inside(clock) as app:
        world = World(app, clock)
        tender = a_tender(world, suppliers=2)
        for user in tender.users.values():
            a_submitted_offer(world, user, tender.event_id)
        auction = a_live_auction(
            world, minutes=60, outage_grace_s=600, decrement=Decimal(1), decrement_percent=Decimal(0)
        )
        token = create_token(world.buyer, "writer", days=1, now=world.now)
        buyer, bidder = identity.person(world.buyer.user_id), identity.person(auction.bidders[0].user_id)
        assert buyer is not None and bidder is not None
        deadline = clock.now() + timedelta(days=7)
    bidding = Person(served.url)
    bidding.sign_in(bidder.email, PASSWORD)
    writers = Writers(Person(served.url, bearer=token), bidding, auction.id)
    writers.start()
    try:
        writers.wait_for_some()
        needs, bids = list(writers.needs), list(writers.bids)
        made = place.command("backup", str(files / "portal.backup"))
        kept = place.command("keys", "export", str(files / "portal.keys"), SRM_KEYS_PASSPHRASE=PASSPHRASE)
    finally:
        writers.stop()
    assert not writers.wrong
    assert (made.returncode, kept.returncode) == (0, 0), made.stderr + kept.stderr
    assert served.stop() == 0
    return Copied(
        place=place,
        backup=files / "portal.backup",
        keys=files / "portal.keys",
        needs=needs,
        bids=bids,
        filed_in_the_end=len(writers.needs),
        organisation_id=world.organisation_id,
        auction_id=auction.id,
        event_id=tender.event_id,
        buyer_id=world.buyer.user_id,
        buyer_email=buyer.email,
        deadline_at=deadline,
        recovery_codes=codes,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """Served on SQLite, set up by the first visit, copied while needs are filed and bids are placed."""
    folder = tmp_path_factory.mktemp("copied")
    place = Installation(folder / "portal")
    with place.serving() as served:
        return _work_and_copy(place, served, folder)


@pytest.fixture(scope="module")
def restored(copied: Copied, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The copy on an empty machine; the keys are not there yet."""
    place = Installation(tmp_path_factory.mktemp("restored") / "portal")
    done = place.command("restore", str(copied.backup))
    assert done.returncode == 0, done.stderr
    return place


def _opened(place: Installation, copied: Copied) -> int:
    """Open the sealed offers of the copied event a minute after its deadline."""
    clock = FixedClock(copied.deadline_at + timedelta(minutes=1))
    with place.inside(clock):
        buyer = identity.active_actor(copied.buyer_id)
        assert buyer is not None
        count = services.open_offers(buyer, copied.event_id, now=clock.now())
        assert all(one.total for one in offers.opened(copied.event_id))
        return count


def _rows(place: Installation, query: str, **values: str) -> list[str]:
    from sqlalchemy import text

    with place.inside(SystemClock()):
        return [str(value) for value in db.session.scalars(text(query), values)]


def _is_whole(place: Installation, copied: Copied) -> None:
    needs = _rows(place, "SELECT reference FROM project WHERE organisation_id = :o", o=copied.organisation_id)
    assert set(copied.needs) <= set(needs)
    entries = _rows(place, "SELECT command FROM auction_entry WHERE auction_id = :a", a=copied.auction_id)
    assert all(any(f'"{amount}"' in entry for entry in entries) for amount in copied.bids)


def test_everything_acknowledged_before_the_copy_began_is_in_it(copied: Copied, restored: Installation) -> None:
    assert len(copied.needs) >= NEEDS_BEFORE
    assert len(copied.bids) >= BIDS_BEFORE
    assert copied.filed_in_the_end > len(copied.needs), "nobody wrote while the copy was made"
    _is_whole(restored, copied)


def test_no_key_is_in_the_copy(copied: Copied) -> None:
    ring = json.loads((copied.place.folder / "keys" / "keyring.json").read_text())
    secrets = [bytes.fromhex(text) for text in (ring["seed"], *(one["key"] for one in ring["sealing"]))]
    with tarfile.open(copied.backup) as archive:
        held = b"\n".join(archive.extractfile(member).read() for member in archive if member.isfile())  # type: ignore[union-attr]
        assert not [name for name in archive.getnames() if "key" in Path(name).name and not name.startswith("tables/")]
    for secret in secrets:
        for form in (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
            assert form.rstrip(b"=") not in held
    assert copied.backup.stat().st_mode & 0o077 == 0
    assert copied.keys.stat().st_mode & 0o077 == 0


def test_offers_stay_shut_without_the_keys_file(copied: Copied, restored: Installation) -> None:
    with pytest.raises(Refused) as refusal:
        _opened(restored, copied)
    assert refusal.value.code == "sealing_key_missing"
    wrong = restored.command("keys", "import", str(copied.keys), SRM_KEYS_PASSPHRASE="another phrase altogether")
    assert wrong.returncode == 2
    assert wrong.stderr.count(b"\n") == 1


def test_with_the_keys_file_people_sign_in_the_trail_verifies_and_offers_open(
    copied: Copied, restored: Installation, tmp_path: Path
) -> None:
    place = Installation(Path(shutil.copytree(restored.folder, tmp_path / "portal")))
    taken = place.command("keys", "import", str(copied.keys), SRM_KEYS_PASSPHRASE=PASSPHRASE)
    assert taken.returncode == 0, taken.stderr
    verified = place.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["valid"] is True
    with place.serving() as served:
        administrator, buyer = Person(served.url), Person(served.url)
        assert administrator.sign_in(ADMINISTRATOR, PASSWORD).url.endswith("/sign-in/second-factor")
        inside = administrator.fill("/sign-in/second-factor", code=copied.recovery_codes[0])
        assert (inside.status, "/sign-in" in inside.url) == (200, False)
        assert buyer.sign_in(copied.buyer_email, PASSWORD).url.rstrip("/") == served.url.rstrip("/")
        assert buyer.get("/projects").status == 200
    assert _opened(place, copied) == 2


def test_a_copy_is_not_put_onto_a_portal_in_use(copied: Copied) -> None:
    before = _rows(copied.place, "SELECT reference FROM project")
    refused = copied.place.command("restore", str(copied.backup))
    assert refused.returncode == 2
    assert b"already holds data" in refused.stderr
    assert _rows(copied.place, "SELECT reference FROM project") == before


def _with_changed_table(source: Path, target: Path, name: str) -> None:
    """The same archive with one letter of one table changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            if member.name != f"tables/{name}.jsonl":
                new.addfile(member, data)
                continue
            changed = target.with_suffix(".row")
            changed.write_bytes(data.read().replace(b"Nordwerk", b"Nordberg", 1))
            new.add(changed, member.name)


def test_a_damaged_copy_is_refused_by_the_name_of_its_damaged_part(copied: Copied, tmp_path: Path) -> None:
    place = Installation(tmp_path / "portal")
    _with_changed_table(copied.backup, tmp_path / "changed.backup", "organisation")
    changed = place.command("restore", str(tmp_path / "changed.backup"))
    assert changed.returncode == 2
    assert b"tables/organisation.jsonl: was changed or damaged" in changed.stderr
    assert not _rows(place, "SELECT id FROM organisation")

    shutil.copy(copied.backup, tmp_path / "short.backup")
    with (tmp_path / "short.backup").open("r+b") as file:
        file.truncate(copied.backup.stat().st_size // 2)
    short = place.command("restore", str(tmp_path / "short.backup"))
    assert short.returncode == 2
    assert short.stderr.startswith(b"srm-portal: ")
    assert short.stderr.count(b"\n") == 1


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database.empty_postgres(tmp_path_factory.mktemp("postgres"), "restore") as uri:
        yield uri


@pytest.mark.postgres
def test_the_same_copy_is_restored_into_postgresql(copied: Copied, postgres: str, tmp_path: Path) -> None:
    place = Installation(tmp_path / "portal", {"DATABASE_URL": postgres})
    assert place.command("restore", str(copied.backup)).returncode == 0
    assert place.command("keys", "import", str(copied.keys), SRM_KEYS_PASSPHRASE=PASSPHRASE).returncode == 0
    verified = place.command("audit", "verify")
    assert json.loads(verified.stdout)["valid"] is True
    _is_whole(place, copied)
    assert _opened(place, copied) == 2
