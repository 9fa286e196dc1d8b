"""The server's keys: made once, kept tight, rotated without loss, carried under a pass-phrase."""

from __future__ import annotations

import logging
import stat
from datetime import UTC, datetime, timedelta

import pytest

from srm_portal.audit.domain import chain, receipt
from srm_portal.infra import passphrase, signing
from srm_portal.infra.keyring import KeyRing
from srm_portal.kernel.canonical import canonical, moment_text
from srm_portal.kernel.errors import Refused
from srm_portal.offers import verify_receipt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=400)
ORIGIN = "portal.example.com/log"
PHRASE = "correct horse battery"


@pytest.fixture
def ring(tmp_path) -> KeyRing:
    return KeyRing(tmp_path / "keys" / "server.keys", ORIGIN)


def issued(ring: KeyRing) -> receipt.Receipt:
    details = {"event": "event-1", "supplier": "s1", "commitment": "ab" * 32}
    row = {"seq": 1, "at": moment_text(NOON), "details": canonical(details).decode(), "prev": chain.GENESIS}
    return receipt.issue(row, ring.keys(NOON).signer)


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_keys_are_made_on_first_use_and_kept(ring, tmp_path):
    first = ring.keys(NOON)
    assert KeyRing(tmp_path / "keys" / "server.keys", ORIGIN).keys(LATER) == first


def test_only_the_owner_may_read_the_key_file(ring, tmp_path):
    ring.keys(NOON)
    ring.rotate(LATER)
    assert stat.S_IMODE((tmp_path / "keys" / "server.keys").stat().st_mode) == 0o600


def test_a_key_file_open_to_others_is_refused(ring, tmp_path):
    ring.keys(NOON)
    (tmp_path / "keys" / "server.keys").chmod(0o644)
    with pytest.raises(Refused) as refused:
        KeyRing(tmp_path / "keys" / "server.keys", ORIGIN).keys(NOON)
    assert code(refused) == "key_file_open_to_others"


def test_a_damaged_key_file_is_refused_and_never_replaced(ring, tmp_path):
    ring.keys(NOON)
    path = tmp_path / "keys" / "server.keys"
    path.write_bytes(path.read_bytes()[:-10])
    for act in (lambda: KeyRing(path, ORIGIN).keys(NOON), lambda: ring.rotate(NOON)):
        with pytest.raises(Refused) as refused:
            act()
        assert code(refused) == "key_file_damaged"


def test_a_changed_public_key_in_the_file_is_refused(ring, tmp_path):
    keys = ring.rotate(NOON)
    path = tmp_path / "keys" / "server.keys"
    old = keys.signing[0].public.hex().encode()
    path.write_bytes(path.read_bytes().replace(old, b"00" * 32))
    with pytest.raises(Refused) as refused:
        ring.keys(NOON)
    assert code(refused) == "key_file_damaged"


def test_another_portals_key_file_is_refused(ring, tmp_path):
    ring.keys(NOON)
    with pytest.raises(Refused) as refused:
        KeyRing(tmp_path / "keys" / "server.keys", "elsewhere.example.com/log").keys(NOON)
    assert code(refused) == "key_file_of_another_portal"


def test_rotated_keys_still_verify_old_receipts(ring):
    old = issued(ring)
    ring.rotate(LATER)
    keys = ring.rotate(LATER).verifying()
    new = issued(ring)
    assert old.key_id != new.key_id and len(keys) == 3
    for one in (old, new):
        assert receipt.check(one, keys, ORIGIN, signing.verify) is None
        assert verify_receipt.verify(receipt.to_bytes(one), receipt.key_file(ORIGIN, keys))["valid"]


def test_a_retired_signing_key_keeps_no_secret(ring, tmp_path):
    seed = ring.keys(NOON).seed
    ring.rotate(LATER)
    assert seed.hex().encode() not in (tmp_path / "keys" / "server.keys").read_bytes()
    assert [key.retired_at for key in ring.keys(LATER).signing] == ["2027-04-06T12:00:00.000Z", ""]


def test_a_running_server_notices_a_rotation_by_another_process(ring, tmp_path):
    before = ring.keys(NOON)
    KeyRing(tmp_path / "keys" / "server.keys", ORIGIN).rotate(LATER)
    assert ring.keys(LATER).signer.key_id != before.signer.key_id


def test_what_was_wrapped_before_a_rotation_still_unwraps(ring):
    wrapped = ring.keys(NOON).wrap(b"private", "event-1/price")
    assert ring.rotate(LATER).unwrap(wrapped, "event-1/price") == b"private"


def test_a_wrapped_key_opens_for_its_own_event_only(ring):
    keys = ring.keys(NOON)
    wrapped = keys.wrap(b"private", "event-1/price")
    for other, context in ((wrapped, "event-2/price"), (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), "event-1/price")):
        with pytest.raises(Refused) as refused:
            keys.unwrap(other, context)
        assert code(refused) == "sealed_box_damaged"


def test_a_missing_sealing_key_is_named(ring, tmp_path):
    wrapped = KeyRing(tmp_path / "other.keys", ORIGIN).keys(NOON).wrap(b"private", "event-1")
    with pytest.raises(Refused) as refused:
        ring.keys(NOON).unwrap(wrapped, "event-1")
    assert code(refused) == "sealing_key_missing" and refused.value.facts["key_id"] == wrapped[:8].hex()


def test_an_export_restores_the_keys_on_an_empty_machine(ring, tmp_path):
    old = issued(ring)
    wrapped = ring.keys(NOON).wrap(b"private", "event-1")
    exported = ring.export(PHRASE, NOON)
    fresh = KeyRing(tmp_path / "elsewhere" / "server.keys", ORIGIN)
    keys = fresh.import_(exported, PHRASE, LATER)
    assert keys == ring.keys(NOON) and keys.unwrap(wrapped, "event-1") == b"private"
    assert receipt.check(old, keys.verifying(), ORIGIN, signing.verify) is None


def test_an_import_over_other_keys_loses_neither(ring, tmp_path):
    exported = ring.export(PHRASE, NOON)
    used = KeyRing(tmp_path / "elsewhere" / "server.keys", ORIGIN)
    wrapped, kept = used.keys(NOON).wrap(b"private", "event-1"), issued(used)
    keys = used.import_(exported, PHRASE, LATER)
    assert keys.signer == ring.keys(NOON).signer and keys.unwrap(wrapped, "event-1") == b"private"
    assert receipt.check(kept, keys.verifying(), ORIGIN, signing.verify) is None


def test_a_wrong_passphrase_is_refused_and_changes_nothing(ring):
    exported, before = ring.export(PHRASE, NOON), ring.keys(NOON)
    with pytest.raises(Refused) as refused:
        ring.import_(exported, PHRASE + "!", NOON)
    assert code(refused) == "wrong_passphrase" and ring.keys(NOON) == before


def test_every_part_of_an_export_is_protected():
    data = passphrase.lock({"secret": "s"}, PHRASE, "test")
    for place in range(20, len(data), 37):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Refused) as refused:
            passphrase.unlock(changed, PHRASE, "test")
        assert code(refused) in ("wrong_passphrase", "not_a_key_file")


def test_a_file_that_asks_for_all_the_memory_is_refused():
    data = passphrase.lock({"secret": "s"}, PHRASE, "test")
    greedy = data.replace(b'"memory_bytes":67108864', b'"memory_bytes":67108864000')
    with pytest.raises(Refused) as refused:
        passphrase.unlock(greedy, PHRASE, "test")
    assert code(refused) == "not_a_key_file"


def test_a_file_for_another_purpose_is_refused():
    data = passphrase.lock({"secret": "s"}, PHRASE, "opener key")
    with pytest.raises(Refused) as refused:
        passphrase.unlock(data, PHRASE, "server keys")
    assert code(refused) == "not_a_key_file"


def test_a_short_passphrase_is_refused():
    with pytest.raises(Refused) as refused:
        passphrase.lock({}, "short", "test")
    assert code(refused) == "passphrase_too_short"


def test_a_passphrase_is_the_same_on_every_keyboard():
    data = passphrase.lock({"secret": "s"}, "cle\u0301 sous le paillasson", "test")
    assert passphrase.unlock(data, "cl\u00e9 sous le paillasson", "test") == {"secret": "s"}


def test_keys_show_in_neither_text_nor_logs(ring, caplog):
    with caplog.at_level(logging.DEBUG):
        keys = ring.rotate(LATER)
    shown = repr(keys) + repr(keys.signer) + caplog.text
    for hidden in (keys.seed, *(key for _, key in keys.sealing)):
        assert hidden.hex() not in shown and repr(hidden) not in shown
