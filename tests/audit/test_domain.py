"""The journal's mathematics against published vectors, and against people who change things."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from srm_portal.audit.domain import chain, checkpoint, merkle, receipt
from srm_portal.infra import signing
from srm_portal.kernel import signed_note
from srm_portal.kernel.canonical import canonical, moment_text
from srm_portal.offers import verify_receipt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORIGIN = "portal.example.com/log"
SIGNER = signing.SigningKey(ORIGIN, bytes(range(32)))
KEYS = {SIGNER.key_id: SIGNER.public}
KEY_FILE = receipt.key_file(ORIGIN, KEYS)

# RFC 6962 test log: the eight leaves and the roots of their prefixes, as published with the reference implementation
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def rows(count: int = 5, changed: int | None = None) -> list[tuple[dict, str]]:
    written, prev = [], chain.GENESIS
    for seq in range(1, count + 1):
        facts = {"event": "event-1", "supplier": f"s{seq}", "commitment": f"{seq:064x}", "changed": seq == changed}
        row = {
            "stream": "event:event-1",
            "seq": seq,
            "at": moment_text(NOON + timedelta(seconds=seq)),
            "actor": "u1",
            "urgent": False,
            "details": canonical(facts).decode(),
            "prev": prev,
        }
        prev = chain.entry_hash(row)
        written.append((row, prev))
    return written


def log_of(entries: list[tuple[dict, str]]) -> merkle.Tree:
    return merkle.Tree([merkle.leaf_hash(canonical(row)) for row, _ in entries])


def proven_receipt(count: int = 5, index: int = 2) -> receipt.Receipt:
    entries = rows(count)
    tree = log_of(entries)
    note = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, count, tree.root()), SIGNER)
    return receipt.issue(entries[index][0], SIGNER).with_proof(receipt.prove(index, count, tree.node, note))


# --- the chain


def test_a_chain_as_written_verifies():
    assert chain.verify(rows()) is None


def test_a_changed_row_is_the_first_bad_row():
    entries = rows()
    entries[2] = (entries[2][0] | {"actor": "u2"}, entries[2][1])
    assert chain.verify(entries) == chain.BadRow(2, 3, "wrong_hash")


def test_a_changed_row_with_its_hash_renewed_breaks_the_next_link():
    entries = rows()
    row = entries[2][0] | {"actor": "u2"}
    entries[2] = (row, chain.entry_hash(row))
    assert chain.verify(entries) == chain.BadRow(3, 4, "broken_link")


def test_a_removed_row_leaves_a_gap():
    entries = rows()
    del entries[1]
    assert chain.verify(entries) == chain.BadRow(1, 2, "wrong_number")


def test_a_boolean_that_came_back_as_a_number_is_a_bad_row():
    entries = rows()
    entries[0][0]["urgent"] = 0
    assert chain.verify(entries) == chain.BadRow(0, 1, "wrong_hash")


def test_a_float_in_a_row_is_named_and_not_raised():
    entries = rows()
    entries[4][0]["urgent"] = 1.5
    assert chain.verify(entries) == chain.BadRow(4, 5, "not_canonical")


def test_verification_may_start_at_a_trusted_row():
    entries = rows()
    assert chain.verify(entries[3:], seq=3, prev=entries[2][1]) is None
    assert chain.verify(entries[3:], seq=3, prev=chain.GENESIS) == chain.BadRow(0, 4, "broken_link")


def test_a_chain_hash_is_the_rows_leaf_in_the_log():
    row, stored = rows()[0]
    assert merkle.leaf_hash(canonical(row)).hex() == stored


def test_a_pseudonym_needs_its_salt():
    assert chain.pseudonym(b"s" * 16, "eva@example.com") != chain.pseudonym(b"t" * 16, "eva@example.com")
    with pytest.raises(ValueError):
        chain.pseudonym(b"", "eva@example.com")


# --- the Merkle log


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_rfc_6962(size: int):
    tree = merkle.Tree([merkle.leaf_hash(leaf) for leaf in LEAVES])
    assert tree.root(size).hex() == ROOTS[size]
    assert merkle.frontier_at(size, tree.node).root().hex() == ROOTS[size]
    assert merkle.frontier_at(size, tree.node) == merkle.Tree([merkle.leaf_hash(x) for x in LEAVES[:size]]).frontier


def test_published_audit_paths_are_reproduced():
    node = merkle.Tree([merkle.leaf_hash(leaf) for leaf in LEAVES]).node
    assert merkle.inclusion_proof(0, 1, node) == []
    assert [step.hex() for step in merkle.inclusion_proof(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in merkle.inclusion_proof(2, 3, node)] == [ROOTS[2]]
    assert [step.hex() for step in merkle.consistency_proof(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_leaf_of_every_size_has_a_proof_and_no_other_place():
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(33)]
    tree = merkle.Tree(leaves)
    for size in range(1, 34):
        root = tree.root(size)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, tree.node)
            assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
            assert verify_receipt.root_of(leaves[index], index, size, [step.hex() for step in proof]) == root
            assert not merkle.verify_inclusion(leaves[(index + 1) % 33], index, size, proof, root)
            assert not merkle.verify_inclusion(leaves[index], index + 1, size, proof, root)
            assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)


def test_every_log_is_consistent_with_each_of_its_beginnings():
    tree = merkle.Tree([merkle.leaf_hash(bytes([number])) for number in range(33)])
    for new in range(1, 34):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, tree.node)
            assert merkle.verify_consistency(old, tree.root(old), new, tree.root(new), proof)
            assert not merkle.verify_consistency(old, merkle.EMPTY_ROOT, new, tree.root(new), proof)
            assert not merkle.verify_consistency(old, tree.root(old), new, merkle.EMPTY_ROOT, proof)
            assert not merkle.verify_consistency(old, tree.root(old), new, tree.root(new), [*proof, tree.root(old)])
            if proof:
                assert not merkle.verify_consistency(old, tree.root(old), new, tree.root(new), proof[:-1])


def test_a_log_rebuilt_with_one_changed_entry_is_caught_by_an_old_checkpoint():
    honest, forged = log_of(rows(100)), log_of(rows(120, changed=40))
    assert chain.verify(rows(120, changed=40)) is None, "the forged chain alone looks whole"
    old = honest.root(100)
    proof = merkle.consistency_proof(100, 120, forged.node)
    assert not merkle.verify_consistency(100, old, 120, forged.root(), proof)
    grown = log_of(rows(120))
    proof = merkle.consistency_proof(100, 120, grown.node)
    assert merkle.verify_consistency(100, old, 120, grown.root(), proof)


def test_appending_touches_no_more_hashes_than_the_log_is_high():
    frontier = merkle.Frontier()
    for number in range(5000):
        frontier, nodes = frontier.append(merkle.leaf_hash(b"%d" % number))
        assert len(nodes) <= 14 and len(frontier.peaks) <= 13


def test_proofs_outside_the_log_are_refused():
    tree = log_of(rows())
    for index, size in ((5, 5), (-1, 5)):
        with pytest.raises(ValueError):
            merkle.inclusion_proof(index, size, tree.node)
    with pytest.raises(ValueError):
        merkle.consistency_proof(0, 5, tree.node)
    with pytest.raises(ValueError):
        merkle.Frontier(3, (b"",))


# --- signed notes and checkpoints


def test_the_published_note_of_the_specification_opens():
    key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    note = (  # from the C2SP specification
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    public = base64.b64decode(key.split("+", 2)[2])[1:]
    assert signed_note.verifier_key("example.com/foo", public) == key
    keys = {"530d903a": public}
    assert signed_note.open_note(note, keys, "example.com/foo", signing.verify) == "This is an example message.\n"
    with pytest.raises(ValueError):
        signed_note.open_note(note.replace("example m", "exemple m"), keys, "example.com/foo", signing.verify)


def test_a_checkpoint_survives_the_round_trip_through_its_note():
    point = checkpoint.Checkpoint(ORIGIN, 20, merkle.EMPTY_ROOT)
    note = checkpoint.sign(point, SIGNER)
    assert checkpoint.open_checkpoint(note, KEYS, ORIGIN, signing.verify) == point


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n20\n", "\n21\n"),
        lambda note: note.replace("\n20\n", "\n020\n"),
        lambda note: note.replace(ORIGIN, "other.example.com/log"),
        lambda note: note[:-1],
        lambda note: note + "x",
        lambda note: note.replace("—", "-"),
        lambda note: note.split("\n\n")[0] + "\n",
        lambda note: note.replace("=\n", "\n", 1),
    ],
)
def test_a_changed_checkpoint_is_refused(change):
    note = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 20, merkle.EMPTY_ROOT), SIGNER)
    with pytest.raises(ValueError):
        checkpoint.open_checkpoint(change(note), KEYS, ORIGIN, signing.verify)


def test_signatures_of_unknown_witnesses_are_ignored_but_do_not_suffice():
    witness = signing.SigningKey("witness.example.org", bytes(32))
    text = checkpoint.Checkpoint(ORIGIN, 20, merkle.EMPTY_ROOT).text()
    ours, theirs = [
        signed_note.NoteSignature(key.origin, key.key_id, key.sign(text.encode())) for key in (SIGNER, witness)
    ]
    both = signed_note.write_note(text, [theirs, ours])
    assert checkpoint.open_checkpoint(both, KEYS, ORIGIN, signing.verify).size == 20
    with pytest.raises(ValueError):
        checkpoint.open_checkpoint(signed_note.write_note(text, [theirs]), KEYS, ORIGIN, signing.verify)


@pytest.mark.parametrize("point", [("a\nb", 1), ("", 1), (ORIGIN, -1)])
def test_what_would_not_parse_back_is_not_written(point):
    with pytest.raises(ValueError):
        checkpoint.Checkpoint(*point, merkle.EMPTY_ROOT).text()


# --- receipts


def test_a_receipt_as_issued_is_accepted_by_both_verifiers():
    issued = proven_receipt()
    assert receipt.parse(receipt.to_bytes(issued)) == issued
    assert receipt.check(issued, KEYS, ORIGIN, signing.verify) is None
    found = verify_receipt.verify(receipt.to_bytes(issued), KEY_FILE)
    assert found == {"valid": True, "checks": {"form": True, "signature": True, "entry": True, "inclusion": True}}


def test_a_receipt_without_its_proof_is_accepted_at_once():
    issued = receipt.Receipt(proven_receipt().statement, proven_receipt().key_id, proven_receipt().signature)
    assert receipt.check(issued, KEYS, ORIGIN, signing.verify) is None
    found = verify_receipt.verify(receipt.to_bytes(issued), KEY_FILE)
    assert found["valid"] and "inclusion" not in found["checks"]


def refused(data: bytes) -> bool:
    try:
        return receipt.check(receipt.parse(data), KEYS, ORIGIN, signing.verify) is not None
    except ValueError:
        return True


def flips(data: bytes, bits, step: int = 1):
    for place in range(0, len(data), step):
        for bit in bits(place):
            yield data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def test_every_byte_of_a_receipt_changed_is_refused():
    """Each byte in two ways by the portal's check, each third one by the stand-alone verifier (slow arithmetic)."""
    data = receipt.to_bytes(proven_receipt())
    assert all(refused(changed) for changed in flips(data, lambda place: (place % 8, (place + 5) % 8)))
    for changed in flips(data, lambda place: ((0, 5)[place % 2],), 3):
        assert not verify_receipt.verify(changed, KEY_FILE)["valid"]


@pytest.mark.slow
def test_every_bit_of_a_receipt_changed_is_refused():
    data = receipt.to_bytes(proven_receipt())
    for changed in flips(data, lambda _place: range(8)):
        assert refused(changed) and not verify_receipt.verify(changed, KEY_FILE)["valid"]


def test_a_receipt_with_a_byte_added_or_missing_is_refused():
    data = receipt.to_bytes(proven_receipt())
    for changed in (data[:-1], data + b"\n", b" " + data, data.replace(b",", b", ", 1), b""):
        assert refused(changed) and not verify_receipt.verify(changed, KEY_FILE)["valid"]


def test_a_statement_that_differs_from_its_entry_is_refused_though_signed():
    issued = proven_receipt()
    content = dict(issued.statement) | {"commitment": "f" * 64}
    forged = receipt.Receipt(content, SIGNER.key_id, SIGNER.sign(receipt.signed_bytes(content)).hex(), issued.proof)
    assert receipt.check(forged, KEYS, ORIGIN, signing.verify) == "entry"
    checks = verify_receipt.verify(receipt.to_bytes(forged), KEY_FILE)["checks"]
    assert checks["signature"] and not checks["entry"]


def test_a_row_that_is_not_about_an_offer_has_no_receipt():
    for details in ("[]", "{}", '{"event": 1}', "x"):
        with pytest.raises((ValueError, KeyError)):
            receipt.issue(rows()[0][0] | {"details": details}, SIGNER)


def test_an_entry_that_is_not_in_the_log_is_refused_though_signed():
    issued = proven_receipt()
    other = proven_receipt(index=3)
    moved = issued.with_proof(other.proof)
    assert receipt.check(moved, KEYS, ORIGIN, signing.verify) == "inclusion"
    assert not verify_receipt.verify(receipt.to_bytes(moved), KEY_FILE)["checks"]["inclusion"]


def test_a_log_rebuilt_later_fails_against_the_receipts_own_checkpoint():
    forged = log_of(rows(5, changed=3))
    note = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 5, forged.root()), SIGNER)
    found = verify_receipt.verify(receipt.to_bytes(proven_receipt()), KEY_FILE, checkpoint=note)
    assert not found["valid"] and found["checks"]["inclusion"] is False


def test_another_portals_key_file_accepts_nothing():
    other = signing.SigningKey("elsewhere.example.com/log", bytes(32))
    keys = receipt.key_file(other.origin, {other.key_id: other.public})
    assert not verify_receipt.verify(receipt.to_bytes(proven_receipt()), keys)["valid"]
    assert receipt.check(proven_receipt(), {other.key_id: other.public}, ORIGIN, signing.verify) == "signature"


def test_the_stand_alone_program_exits_by_what_it_found(tmp_path, capsys):
    file, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_bytes(receipt.to_bytes(proven_receipt()))
    keys.write_text(json.dumps(KEY_FILE))
    assert verify_receipt.main([str(file), "--key", str(keys)]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
    file.write_bytes(b"no receipt at all")
    assert verify_receipt.main([str(file), "--key", str(keys)]) == 1
    for arguments in ([str(file), "--key", str(tmp_path / "absent")], [str(file)], [str(file), "--key", str(file)]):
        with pytest.raises(SystemExit) as stopped:
            verify_receipt.main(arguments)
        assert stopped.value.code == 2
