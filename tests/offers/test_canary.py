"""Known prices are handed in; until the opening no file of the portal holds them in any spelling."""

from __future__ import annotations

import base64
import io
import logging
import struct
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from srm_portal.infra.backup import write_backup
from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.errors import Refused
from srm_portal.offers import queries, services, store
from srm_portal.offers.models import Draft, EventKey, Offer, OfferFile
from tests.support.factories.offers import Tender, a_draft, a_submitted_offer, a_tender, after_deadline, an_answer
from tests.support.factories.openers import a_sealed_tender, some_openers
from tests.support.world import World

PRICES = {1: "48271.936405", 2: "73519.208614"}
NAME, WORDS = "canary-calculation-8842.txt", b"margin of the canary: 31.4159265 percent\n" * 50
REMARK, DELIVERY = "canary deviation: steel 42CrMo4-QT", "canary terms: DAP Timbuktu"


def spellings(price: str) -> Iterator[bytes]:
    """A price as text, scaled whole number, double and single, in several codings and byte orders."""
    value, scaled = Decimal(price), int(Decimal(price).scaleb(6))
    texts = {
        price,
        str(scaled),
        f"{value:,}",
        f"{value:,}".replace(",", " ").replace(".", ","),
        price.replace(".", ","),
    }
    for one in texts:
        yield from encoded(one)
    for size in (8, 6):
        yield scaled.to_bytes(size, "big")
        yield scaled.to_bytes(size, "little")
    yield struct.pack(">d", float(value))
    yield struct.pack("<d", float(value))


def encoded(words: str) -> Iterator[bytes]:
    plain = words.encode()
    yield plain
    yield words.encode("utf-16-le")
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for lead in range(3):
        whole = base64.b64encode(bytes(lead) + plain)
        start, end = -(-lead * 8 // 6), len(whole) - 4
        yield whole[start:end].rstrip(b"=")


def traces() -> list[bytes]:
    found = [mark for price in PRICES.values() for mark in spellings(price)]
    for words in (NAME, WORDS.decode().strip().splitlines()[0], REMARK, DELIVERY):
        found += encoded(words)
    return found


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def everything(app: Flask, letters: list[tuple[str, str, str]], log: pytest.LogCaptureFixture) -> bytes:
    """Database with its journal, uploads, mails and logs as one heap of bytes."""
    heap = [log.text.encode(), repr(letters).encode()]
    if is_sqlite():
        heap += [path.read_bytes() for path in Path(app.config["VAR_DIR"]).glob("*.sqlite3*")]
    else:
        with db.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                rows = connection.execute(text(f'SELECT t::text FROM "{table.name}" t'))
                heap += [str(row[0]).encode() for row in rows]
    heap += [path.read_bytes() for path in Path(app.config["UPLOAD_DIR"]).rglob("*") if path.is_file()]
    return b"\n".join([*heap, *backed_up(app)])


def backed_up(app: Flask) -> list[bytes]:
    """Every file of a backup taken now, unpacked."""
    file = Path(app.config["VAR_DIR"]) / "canary.tar.gz"
    write_backup(file, now=datetime(2026, 3, 9, tzinfo=UTC))
    with tarfile.open(file) as archive:
        parts = [archive.extractfile(member) for member in archive.getmembers() if member.isfile()]
        heap = [part.read() for part in parts if part is not None]
    file.unlink()
    return heap


def with_the_servers_key() -> bytes:
    """All that this server's keys open in the database, tried on every row that is kept wrapped."""
    heap = []
    for draft in db.session.scalars(select(Draft)):
        heap.append(repr(store.unwrap(draft.wrapped, store.draft_context(draft.event_id, draft.supplier_id))).encode())
    for file in db.session.scalars(select(OfferFile)):
        heap.append(repr(store.unwrap(file.wrapped, store.file_context(file.stored_name))).encode())
        meta = store.read_meta(file.wrapped, file.stored_name)
        if meta.key:
            target = io.BytesIO()
            store.read_stream(file.stored_name, meta.key, target)
            heap.append(target.getvalue())
    for row in db.session.scalars(select(Offer).options(undefer(Offer.own_copy))):
        heap.append(repr(store.read_copy(row)).encode() if row.own_copy is not None else b"")
    for key in db.session.scalars(select(EventKey)):
        if key.wrapped is not None:
            heap.append(b"the event's key opens")
    return b"\n".join(heap)


class Upload:
    filename: str | None = NAME

    def __init__(self) -> None:
        self.stream = io.BytesIO(WORDS)


def through_the_pages(world: World, tender: Tender) -> None:
    """The same prices typed into the form, saved by itself, refused once, handed in, withdrawn and handed in again."""
    browser, place = world.client_of(tender.second), f"/s/events/{tender.event_id}/offer"
    lines = [line.id for line in queries.own_offer(tender.second, tender.event_id).asked.lines]
    typed = {"payment_days": "30", "validity_on": "2027-01-31", "delivery": DELIVERY}
    for line_id, price in zip(lines, PRICES.values(), strict=True):
        typed |= {f"price-{line_id}": price, f"deviation-{line_id}": REMARK}
    assert browser.post(place + "/draft", data=typed).status_code == 200
    assert browser.post(place, data=typed | {"payment_days": "many"}).status_code == 422
    assert browser.post(place, data=typed).status_code == 302
    for _ in range(2):
        assert browser.post(place + "/submit").status_code == 302
        assert browser.get(place + "/receipt").status_code == 200
        assert browser.post(place + "/withdraw").status_code == 302
    assert browser.post(place + "/submit").status_code == 302
    db.session.rollback()


@pytest.mark.parametrize("level", ["S1", "S0"])
def test_no_byte_tells_a_price_before_the_opening(
    world: World, app: Flask, letters: list[tuple[str, str, str]], heard: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str], level: str,
) -> None:  # fmt: skip
    tender = a_tender(world, level=level)
    said = an_answer(world, tender.event_id, PRICES, deviations={1: REMARK})
    services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now)
    services.attach_file(tender.first, tender.event_id, Upload(), now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    through_the_pages(world, tender)
    client = world.client_of(world.buyer)
    client.get(f"/projects/{tender.project_id}")
    client.get("/projects")
    after_deadline(world, tender)
    with pytest.raises(Refused, match="offer_late"):
        a_draft(world, tender.second, tender.event_id, {1: PRICES[2], 2: PRICES[1]})
    with pytest.raises(Refused, match="offer_late"):
        services.submit_offer(tender.second, tender.event_id, now=world.now)
    world.run_jobs()
    said_aloud = capfd.readouterr()
    heap = everything(app, letters, heard) + said_aloud.out.encode() + said_aloud.err.encode()
    assert len(heap) > 100_000 and b"Machined brackets" in heap
    assert [mark for mark in traces() if mark in heap] == []

    services.open_offers(world.buyer, tender.event_id, now=world.now)
    heap = everything(app, letters, heard)
    scaled = int(Decimal(PRICES[1]).scaleb(6))
    assert scaled.to_bytes(6, "big") in heap or str(Decimal(PRICES[1])).replace(".", "").encode() in heap
    assert REMARK.encode() in heap and NAME.encode() in heap
    assert WORDS[:40] not in heap


@pytest.mark.parametrize("envelopes", ["single", "two"])
def test_at_s2_not_even_the_servers_key_tells_a_price_after_the_acceptance(
    world: World, app: Flask, letters: list[tuple[str, str, str]], heard: pytest.LogCaptureFixture, envelopes: str
) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people, envelopes=envelopes)
    said = an_answer(world, tender.event_id, PRICES, deviations={1: REMARK})
    services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now)
    services.attach_file(tender.first, tender.event_id, Upload(), now=world.now)
    assert PRICES[1].encode() in with_the_servers_key() and WORDS in with_the_servers_key(), "a draft is not sealed yet"
    browser = world.client_of(tender.first)
    kept = browser.post(f"/s/events/{tender.event_id}/offer/submit")
    assert kept.status_code == 200 and "data:application/zip" in kept.text
    assert browser.get(f"/s/events/{tender.event_id}/offer/receipt").status_code == 200
    assert browser.get(f"/s/events/{tender.event_id}/offer").status_code == 200
    world.run_jobs()
    db.session.rollback()
    after_deadline(world, tender)
    people[0].act(world, tender.event_id)
    heap = everything(app, letters, heard) + with_the_servers_key()
    assert b"the event's key opens" not in heap
    assert [mark for mark in traces() if mark in heap] == []
    people[1].act(world, tender.event_id)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    if envelopes == "two":
        heap = everything(app, letters, heard) + with_the_servers_key()
        assert REMARK.encode() in heap
        prices = [mark for price in PRICES.values() for mark in spellings(price)]
        assert [mark for mark in prices if mark in heap] == []
        services.lock_scores(world.buyer, tender.event_id, now=world.now)
        for one in people[:2]:
            one.act(world, tender.event_id)
        services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert [line.unit_price for line in queries.opened(tender.event_id)[0].lines] == [
        Decimal(price) for price in PRICES.values()
    ]


def test_two_offers_that_differ_look_alike_from_outside(world: World) -> None:
    """Same lengths whatever the values: the padding hides how much is written."""
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "1", 2: None})
    a_submitted_offer(world, tender.second, tender.event_id, PRICES, deviations={1: REMARK * 10})
    with db.engine.connect() as connection:
        lengths = connection.execute(
            text("SELECT length(o.sealed), length(o.own_copy), length(d.wrapped) FROM offer o "
                 "JOIN offer_draft d ON d.supplier_id = o.supplier_id AND d.event_id = o.event_id")
        ).all()  # fmt: skip
    assert len(lengths) == 2 and lengths[0] == lengths[1]
