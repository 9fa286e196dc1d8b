"""Sealed offers: nobody reads one early, nothing moves or changes unseen, k of n people open."""

from __future__ import annotations

import io
import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from srm_portal.infra import sealing as box
from srm_portal.infra.keyring import KeyRing
from srm_portal.kernel.errors import Refused
from srm_portal.offers import verify_receipt
from srm_portal.offers.domain import openers, sealing
from srm_portal.offers.domain.sealing import Attachment, Contents, EventKey, Place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRIVATE, PUBLIC = box.new_pair()
KEY = EventKey("event-1", "single", PUBLIC)
PLACE = Place("event-1", "supplier-1", "single", 3)
CANARY = "CANARY-4711.99"


def contents(**changes) -> Contents:
    offer = Contents(PLACE, {"price": CANARY, "lines": [1, True, None]}, bytes(range(32)))
    return replace(offer, **changes)


def refusal(act) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def opened(sealed: bytes, place: Place = PLACE, committed: str | None = None, private: bytes = PRIVATE) -> Contents:
    return sealing.open_offer(sealed, private, place, committed or contents().commitment(), box.unseal)


# --- an offer in its seal


def test_a_sealed_offer_opens_as_it_was():
    files = (Attachment("offer é.pdf", 12, "ab" * 32, b"k" * 32),)
    offer = contents(attachments=files)
    sealed = sealing.seal_offer(offer, KEY, box.seal)
    assert opened(sealed, committed=offer.commitment()) == offer


def test_a_sealed_offer_shows_nothing():
    sealed = sealing.seal_offer(contents(), KEY, box.seal)
    for word in (CANARY, "supplier-1", "event-1", "price"):
        assert word.encode() not in sealed


def test_short_offers_all_have_the_same_size():
    sizes = {len(sealing.seal_offer(contents(answer={"price": "9" * n}), KEY, box.seal)) for n in range(1, 3000, 101)}
    assert sizes == {4096 + 48}


def test_the_same_offer_sealed_twice_looks_different():
    assert sealing.seal_offer(contents(), KEY, box.seal) != sealing.seal_offer(contents(), KEY, box.seal)


@pytest.mark.parametrize("place", range(0, 4144, 97))
def test_a_changed_box_is_refused(place: int):
    sealed = bytearray(sealing.seal_offer(contents(), KEY, box.seal))
    sealed[place] ^= 1
    assert refusal(lambda: opened(bytes(sealed))).code == "sealed_box_damaged"


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"", lambda b: b[:40]])
def test_a_box_that_was_cut_or_lengthened_is_refused(change):
    sealed = sealing.seal_offer(contents(), KEY, box.seal)
    assert refusal(lambda: opened(change(sealed))).code == "sealed_box_damaged"


@pytest.mark.parametrize(
    "elsewhere",
    [replace(PLACE, supplier="supplier-2"), replace(PLACE, event="event-2"), replace(PLACE, version=2),
     replace(PLACE, envelope="price")],
)  # fmt: skip
def test_a_box_moved_to_another_place_is_refused(elsewhere: Place):
    sealed = sealing.seal_offer(contents(), KEY, box.seal)
    assert refusal(lambda: opened(sealed, place=elsewhere)).code == "offer_of_another_place"


def test_an_offer_that_is_not_the_committed_one_is_refused():
    sealed = sealing.seal_offer(contents(answer={"price": "1"}), KEY, box.seal)
    assert refusal(lambda: opened(sealed)).code == "offer_differs_from_commitment"


def test_the_price_envelope_does_not_open_with_the_technical_key():
    technical, price = box.new_pair(), box.new_pair()
    offer = contents(place=replace(PLACE, envelope="price"))
    sealed = sealing.seal_offer(offer, EventKey("event-1", "price", price[1]), box.seal)
    assert refusal(lambda: opened(sealed, offer.place, private=technical[0])).code == "sealed_box_damaged"
    assert opened(sealed, offer.place, private=price[0]) == offer


def test_an_offer_is_not_sealed_under_another_envelopes_key():
    wrong = EventKey("event-1", "technical", PUBLIC)
    assert refusal(lambda: sealing.seal_offer(contents(), wrong, box.seal)).code == "offer_of_another_place"


@pytest.mark.parametrize(
    "inside",
    [b"", b"{}", b"[]", b'{"format":"srm-portal/offer/1"}', sealing.unpad(sealing.pack(contents())) + b" ",
     sealing.unpad(sealing.pack(contents())).replace(b'"version":3', b'"version":true'),
     sealing.unpad(sealing.pack(contents())).replace(b'"single"', b'"double"')],
)  # fmt: skip
def test_a_box_with_something_else_inside_is_refused(inside: bytes):
    sealed = box.seal(PUBLIC, sealing.pad(inside))
    assert refusal(lambda: opened(sealed)).code == "offer_damaged"


@pytest.mark.parametrize("padded", [b"", b"\0" * 4095, sealing.pad(b"x")[:-1] + b"\1", b"\xff" * 4096, b"\0" * 8192])
def test_other_padding_is_refused(padded: bytes):
    assert refusal(lambda: sealing.unpad(padded)).code == "offer_damaged"


@pytest.mark.parametrize("size", [0, 1, 4087, 4088, 4089, 100_000])
def test_padding_is_undone(size: int):
    padded = sealing.pad(b"x" * size)
    assert len(padded) % 4096 == 0 and sealing.unpad(padded) == b"x" * size


# --- the commitment


def test_a_commitment_changes_with_every_part():
    base = sealing.commitment(bytes(32), "e", "s", b"offer")
    others = [
        sealing.commitment(b"\1" * 32, "e", "s", b"offer"),
        sealing.commitment(bytes(32), "es", "", b"offer"),
        sealing.commitment(bytes(32), "e", "so", b"ffer"),
        sealing.commitment(bytes(32), "e", "s", b"offer "),
    ]
    assert len({base, *others}) == 5


def test_a_commitment_covers_the_attachments():
    one, other = (contents(attachments=(Attachment("a.pdf", 1, digit * 64, bytes(32)),)) for digit in "ab")
    assert one.commitment() != other.commitment()


def test_the_stand_alone_verifier_computes_the_same_commitment():
    offer = contents()
    assert verify_receipt.commitment(offer.nonce, "event-1", "supplier-1", offer.offer_bytes()) == offer.commitment()


def test_a_short_nonce_is_a_mistake_of_ours():
    with pytest.raises(ValueError):
        sealing.commitment(b"short", "e", "s", b"offer")


# --- S1: the event's key under the server's key


def test_at_s1_the_wrapped_key_opens_with_the_key_file_only(tmp_path):
    keys = KeyRing(tmp_path / "server.keys", "portal.example.com/log").keys(NOON)
    wrapped = keys.wrap(PRIVATE, KEY.context())
    sealed = sealing.seal_offer(contents(), KEY, box.seal)
    assert PRIVATE not in wrapped
    assert opened(sealed, private=keys.unwrap(wrapped, KEY.context())) == contents()
    other = KeyRing(tmp_path / "other.keys", "portal.example.com/log").keys(NOON)
    assert refusal(lambda: other.unwrap(wrapped, KEY.context())).code == "sealing_key_missing"
    price = replace(KEY, envelope="price")
    assert refusal(lambda: keys.unwrap(wrapped, price.context())).code == "sealed_box_damaged"


# --- S2: k of n openers


class Person:
    """An opener with their private key."""

    def __init__(self, number: int) -> None:
        self.private, public = box.new_pair()
        self.opener = openers.Opener(f"person-{number}", f"Person {number}", public)

    def act(self, manifest: openers.Manifest) -> tuple[str, bytes]:
        person = self.opener.person
        return person, box.unseal(self.private, manifest.share_of(person).box)


PEOPLE = [Person(number) for number in range(5)]


def manifest_of(people: list[Person], threshold: int, seed: int | None = None) -> openers.Manifest:
    draw = box.random_bytes if seed is None else random.Random(seed).randbytes
    return openers.share_out(PRIVATE, KEY, [one.opener for one in people], threshold, draw, box.seal)


def test_any_three_of_five_open_and_the_offer_is_read():
    manifest = manifest_of(PEOPLE, 3)
    sealed = sealing.seal_offer(contents(), KEY, box.seal)
    for group in itertools.permutations(PEOPLE, 3):
        private = openers.gather(manifest, [one.act(manifest) for one in group], box.public_of)
        assert private == PRIVATE
    assert opened(sealed, private=private) == contents()


@pytest.mark.parametrize(("threshold", "count"), [(k, n) for n in range(2, 8) for k in range(2, n + 1)])
def test_every_allowed_k_of_n_opens_and_one_fewer_does_not(threshold: int, count: int):
    people = [Person(number) for number in range(count)]
    manifest = manifest_of(people, threshold)
    acts = [one.act(manifest) for one in people]
    random.Random(threshold * 10 + count).shuffle(acts)
    assert openers.gather(manifest, acts[:threshold], box.public_of) == PRIVATE
    assert openers.gather(manifest, acts, box.public_of) == PRIVATE
    few = refusal(lambda: openers.gather(manifest, acts[: threshold - 1], box.public_of))
    assert few.code == "too_few_openers" and few.facts == {"count": threshold - 1, "threshold": threshold}


def test_two_of_three_shares_fit_every_secret():
    """Whatever two people hold: for any other secret there are draws that give them the very same pads."""
    seed = random.Random(5)
    drawn = [seed.randbytes(32) for _ in range(2)]
    other = bytes(32)
    first = openers.split(PRIVATE, ["a", "b", "c"], 3, lambda _, pads=iter(drawn): next(pads))
    second = openers.split(other, ["a", "b", "c"], 3, lambda _, pads=iter(drawn): next(pads))
    assert first["a"] == second["a"] and first["b"] == second["b"] and first["c"] != second["c"]


def test_a_false_share_is_named():
    manifest = manifest_of(PEOPLE, 3)
    acts = [one.act(manifest) for one in PEOPLE[:3]]
    person, share = acts[1]
    for false in (share[:-3] + bytes([share[-3] ^ 1]) + share[-2:], b"", acts[0][1]):
        acts[1] = (person, false)
        wrong = refusal(lambda: openers.gather(manifest, acts, box.public_of))
        assert wrong.code == "false_share" and wrong.facts == {"person": "person-1"}


def test_the_same_person_twice_is_refused_when_opening():
    manifest = manifest_of(PEOPLE, 3)
    acts = [PEOPLE[0].act(manifest), PEOPLE[1].act(manifest), PEOPLE[0].act(manifest)]
    twice = refusal(lambda: openers.gather(manifest, acts, box.public_of))
    assert twice.code == "same_opener_twice" and twice.facts == {"person": "person-0"}


@pytest.mark.parametrize("again", [replace(PEOPLE[4].opener, person="person-0"), replace(PEOPLE[0].opener, person="x")])
def test_the_same_person_or_key_twice_is_refused_when_naming_openers(again: openers.Opener):
    named = [one.opener for one in PEOPLE[:2]] + [again]
    assert refusal(lambda: openers.check_openers(named, 2)).code == "same_opener_twice"


@pytest.mark.parametrize(("threshold", "count"), [(1, 3), (4, 3), (2, 1), (0, 0), (2, 8)])
def test_other_numbers_of_openers_are_refused(threshold: int, count: int):
    named = [Person(number).opener for number in range(count)]
    assert refusal(lambda: openers.check_openers(named, threshold)).code == "openers_out_of_range"


def test_a_stranger_is_not_an_opener():
    manifest = manifest_of(PEOPLE[:3], 2)
    assert refusal(lambda: openers.accept_share(manifest, "person-4", b"x")).code == "not_an_opener"


def test_an_opener_cannot_read_anothers_share():
    manifest = manifest_of(PEOPLE, 3)
    sealed = manifest.share_of("person-1").box
    assert refusal(lambda: box.unseal(PEOPLE[0].private, sealed)).code == "sealed_box_damaged"


def test_shares_of_another_key_do_not_open_this_event():
    manifest = manifest_of(PEOPLE, 3)
    swapped = replace(manifest, key=replace(KEY, public=box.new_pair()[1]))
    acts = [one.act(manifest) for one in PEOPLE[:3]]
    assert refusal(lambda: openers.gather(swapped, acts, box.public_of)).code == "event_key_differs"


def test_a_manifest_holds_no_secret_and_reads_back():
    manifest = manifest_of(PEOPLE, 3)
    data = openers.manifest_bytes(manifest)
    assert openers.parse_manifest(data) == manifest
    assert PRIVATE.hex().encode() not in data and len(data) < 8192
    for changed in (data + b" ", data.replace(b'"threshold":3', b'"threshold":"3"'), b"{}", b"", b"[]"):
        assert refusal(lambda changed=changed: openers.parse_manifest(changed)).code == "manifest_damaged"


def test_an_event_waits_until_every_opener_has_opened_a_test_value():
    named = [one.opener for one in PEOPLE[:3]]
    done = []
    for one in PEOPLE[:2]:
        rehearsal = openers.rehearse(one.opener, box.random_bytes, box.seal)
        answer = openers.answer_rehearsal(rehearsal.box, one.private, box.unseal)
        assert openers.rehearsed(rehearsal, answer) and not openers.rehearsed(rehearsal, bytes(32))
        done.append(one.opener.person)
    assert openers.missing_rehearsals(named, done) == ("person-2",)
    assert openers.missing_rehearsals(named, [*done, "person-2"]) == ()


def test_a_real_share_is_not_answered_as_a_test_value():
    manifest = manifest_of(PEOPLE, 3)
    sealed = manifest.share_of("person-0").box
    refused = refusal(lambda: openers.answer_rehearsal(sealed, PEOPLE[0].private, box.unseal))
    assert refused.code == "not_a_rehearsal"


def test_an_openers_key_file_opens_with_its_passphrase_only():
    file, public = box.new_opener_file("drei kleine Katzen")
    private = box.open_opener_file(file, "drei kleine Katzen")
    assert box.public_of(private) == public and private.hex().encode() not in file
    assert refusal(lambda: box.open_opener_file(file, "drei kleine Hunde")).code == "wrong_passphrase"
    assert refusal(lambda: box.open_opener_file(b"lost", "drei kleine Katzen")).code == "not_a_key_file"


# --- attachments


def streamed(data: bytes, key: bytes) -> tuple[bytes, box.StreamSummary]:
    target = io.BytesIO()
    summary = box.seal_stream(io.BytesIO(data), target, key)
    return target.getvalue(), summary


@pytest.mark.parametrize("size", [0, 1, box.CHUNK_BYTES - 1, box.CHUNK_BYTES, box.CHUNK_BYTES + 1, 3 * box.CHUNK_BYTES])
def test_a_file_of_any_size_comes_back(size: int):
    data, key, target = random.Random(size).randbytes(size), box.new_stream_key(), io.BytesIO()
    sealed, summary = streamed(data, key)
    assert box.open_stream(io.BytesIO(sealed), target, key) == summary
    assert target.getvalue() == data and summary.size == size
    attachment = Attachment("a.pdf", summary.size, summary.sha256, key)
    sealing.check_attachment(attachment, summary.size, summary.sha256)
    assert refusal(lambda: sealing.check_attachment(attachment, size + 1, summary.sha256)).code == "attachment_differs"


def test_a_source_that_gives_little_at_a_time_is_read_to_its_end():
    class Drip(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000))

    data, key, target = random.Random(1).randbytes(600_000), box.new_stream_key(), io.BytesIO()
    sealed = io.BytesIO()
    box.seal_stream(Drip(data), sealed, key)
    box.open_stream(Drip(sealed.getvalue()), target, key)
    assert target.getvalue() == data


CHUNK = box.CHUNK_BYTES + 17
HEAD = 8 + 24


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1],
        lambda s: s[:-CHUNK],
        lambda s: s[: HEAD + CHUNK],
        lambda s: s + b"x",
        lambda s: s[:HEAD] + s[HEAD + CHUNK : HEAD + 2 * CHUNK] + s[HEAD : HEAD + CHUNK] + s[HEAD + 2 * CHUNK :],
        lambda s: s[:HEAD] + s[HEAD + CHUNK :],
        lambda s: s[:100] + bytes([s[100] ^ 1]) + s[101:],
        lambda s: s[:10] + bytes([s[10] ^ 1]) + s[11:],
        lambda s: b"x" + s[1:],
        lambda s: s[:20],
        lambda s: b"",
    ],
)
def test_a_changed_cut_reordered_or_lengthened_file_is_refused(change):
    key = box.new_stream_key()
    sealed, _ = streamed(random.Random(2).randbytes(3 * box.CHUNK_BYTES), key)
    assert refusal(lambda: box.open_stream(io.BytesIO(change(sealed)), io.BytesIO(), key)).code == "stream_damaged"


def test_another_files_key_does_not_open_it():
    sealed, _ = streamed(b"data", box.new_stream_key())
    for key in (box.new_stream_key(), b"short"):
        refused = refusal(lambda key=key: box.open_stream(io.BytesIO(sealed), io.BytesIO(), key))
        assert refused.code == "stream_damaged"
