"""Uploads, the honest and the hostile: what is taken, what is refused, and by which name."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.documents.domain.inspection import inspect, inspect_file
from srm_portal.documents.domain.kinds import KINDS, Limits
from srm_portal.documents.domain.names import LENGTH_MAX, check_name, display_name
from srm_portal.kernel.errors import Refused
from tests.documents.corpus import HONEST, HOSTILE, object_stream, office, packed, pdf, relation


def refusal(name: str, data: bytes, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        inspect_file(name, io.BytesIO(data), limits or Limits())
    return refused.value


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken(name: str):
    data = HONEST[name]
    found = inspect_file(name, io.BytesIO(data))
    assert found.kind is KINDS[name.rsplit(".")[-1].lower()]
    assert inspect(name, data[:4096], len(data)) is found.kind


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        pytest.param(code, name, data, id=f"{code}-{n}")
        for code, some in HOSTILE.items()
        for n, (name, data) in enumerate(some)
    ],
)
def test_a_hostile_file_is_refused_by_name_of_its_fault(code: str, name: str, data: bytes):
    assert refusal(name, data).code == code


def test_every_kind_of_file_is_in_the_honest_corpus():
    assert {name.rsplit(".")[-1].lower() for name in HONEST} == set(KINDS)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_judged_and_never_raise_anything_else(seed: int):
    """Bytes of honest files changed, cut and doubled at random: taken or refused, in no other way."""
    chance = random.Random(seed)
    for name, honest in HONEST.items():
        data = bytearray(honest)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            data = data[: chance.randrange(len(data))]
        if chance.random() < 0.1:
            data *= 2
        try:
            inspect_file(name, io.BytesIO(bytes(data)))
        except Refused as refused:
            assert refused.code.islower()


# --- bombs


def test_a_bomb_is_refused_while_it_unpacks():
    bomb = packed({"zeros.txt": b"x" * (20 * 2**20)})
    assert len(bomb) < 2**17 and refusal("all.zip", bomb).code == "unpacks_too_much"


def test_a_bomb_in_an_office_file_is_refused():
    bomb = office("xlsx", **{"xl/worksheets/sheet1.xml": b" " * (20 * 2**20)})
    assert refusal("prices.xlsx", bomb).code == "unpacks_too_much"


def test_many_parts_count_together():
    limits = Limits(unpacked_max_bytes=2**20)
    noise = random.Random(1).randbytes(40_000).hex().encode()
    archive = packed({f"{number}.txt": noise for number in range(20)})
    assert refusal("all.zip", archive, limits).code == "unpacks_too_large"
    inside = packed({f"{number}.xlsx": office("xlsx", **{"xl/a.xml": noise}) for number in range(10)})
    assert refusal("all.zip", inside, limits).code == "unpacks_too_large"


def test_a_directory_that_lies_about_sizes_does_not_help():
    honest = packed({"zeros.txt": b"x" * (20 * 2**20)})
    directory = honest.rindex(b"PK\1\2")
    lying = honest[: directory + 24] + struct.pack("<I", 10) + honest[directory + 28 :]
    assert refusal("all.zip", lying).code in ("archive_damaged", "unpacks_too_much")


def test_an_archive_of_very_many_entries_is_refused():
    assert refusal("all.zip", packed({f"{number}.txt": "x" for number in range(5001)})).code == "too_many_entries"


def test_overlapping_entries_count_each_time():
    """Two directory entries for one packed body: the second is counted like the first."""
    body = packed({"a.txt": b"y" * 600_000})
    directory, end = body.index(b"PK\1\2"), body.index(b"PK\5\6")
    entry = body[directory:end]
    twice = entry + entry.replace(b"a.txt", b"b.txt")
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2, 2, len(twice), directory, 0)
    limits = Limits(unpacked_max_bytes=10**6)
    assert refusal("all.zip", body[:directory] + twice + tail, limits).code in ("archive_damaged", "unpacks_too_large")


def test_a_pdf_bomb_is_refused():
    limits = Limits(unpacked_max_bytes=2**20)
    assert refusal("offer.pdf", pdf(object_stream(b" " * 2**21)), limits).code == "unpacks_too_large"


def test_an_encrypted_archive_is_refused():
    data = bytearray(packed({"a.txt": "x"}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    assert refusal("all.zip", bytes(data)).code == "archive_encrypted"


def test_a_link_in_an_archive_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("offer.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal("all.zip", file.getvalue()).code == "archive_unusual"


def test_a_file_beyond_the_limit_is_refused_alone_and_in_an_archive():
    limits = Limits(size_max_bytes=1000)
    large = random.Random(3).randbytes(2000).hex().encode()
    assert refusal("notes.txt", large, limits).code == "file_too_large"
    inside = packed({"notes.txt": large[:200] * 8})
    assert len(inside) < 1000 and refusal("all.zip", inside, limits).code == "file_too_large"


# --- remarks


@pytest.mark.parametrize(
    ("name", "data", "remarks"),
    [
        ("offer.pdf", pdf(b"<</Encrypt 5 0 R>>"), ("encrypted",)),
        ("invoice.pdf", pdf(object_stream(b"<</Names<</EmbeddedFiles 4 0 R>>>>")), ("embedded_files",)),
        ("a.docx", office(**{"word/_rels/a.rels": relation("hyperlink", "https://example.com")}), ("external_links",)),
        ("all.zip", packed({"a.pdf": pdf(b"<</Encrypt 5 0 R>>")}), ("encrypted",)),
        ("offer.pdf", pdf(), ()),
    ],
)
def test_what_is_allowed_but_worth_saying_is_said(name: str, data: bytes, remarks: tuple[str, ...]):
    assert inspect_file(name, io.BytesIO(data)).remarks == remarks


# --- names


@given(st.text(st.characters(), max_size=300))
def test_a_display_name_is_always_fair_and_stays_as_it_is(name: str):
    shown = display_name(name)
    check_name(shown)
    assert display_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\eva\\offer.pdf", "offer.pdf"),
        ("offer\u202efdp.exe", "offerfdp.exe"),
        ("con.pdf", "_con.pdf"),
        ("a\0b\n.pdf", "a_b_.pdf"),
        ("  offer.pdf. ", "offer.pdf"),
        ("", "file"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("<script>.pdf", "_script_.pdf"),
    ],
)
def test_a_display_name_keeps_what_can_be_kept(name: str, shown: str):
    assert display_name(name) == shown


def test_a_long_name_keeps_its_extension():
    shown = display_name("字" * 400 + ".xlsx")
    assert shown.endswith("字.xlsx") and len(shown) <= LENGTH_MAX and len(shown.encode()) <= 255
