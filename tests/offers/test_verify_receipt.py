"""The stand-alone verifier: published signatures, everything else refused, short enough to read."""

from __future__ import annotations

import ast
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from srm_portal.audit.domain import chain, receipt
from srm_portal.infra import signing
from srm_portal.kernel.canonical import canonical
from srm_portal.offers import verify_receipt
from srm_portal.offers.domain.sealing import commitment

# RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc)
VECTORS = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", b"",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", b"\x72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", b"\xaf\x82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"),
    ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", hashlib.sha512(b"abc").digest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
     "d9bef1177331a704"),
]  # fmt: skip
KEY = signing.SigningKey("portal.example.com/log", bytes(32))
KEYS = receipt.key_file(KEY.origin, {KEY.key_id: KEY.public})
OFFER, NONCE = b'{"answer":{"price":"4711.99"},"attachments":[]}', bytes(range(32))
PROGRAM = Path(verify_receipt.__file__)


def issued() -> bytes:
    details = {"event": "e", "supplier": "s", "commitment": commitment(NONCE, "e", "s", OFFER)}
    row = {"seq": 1, "at": "2026-03-02T12:00:00.000Z", "details": canonical(details).decode(), "prev": chain.GENESIS}
    return receipt.to_bytes(receipt.issue(row, KEY))


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_published_signatures_verify_and_their_neighbours_do_not(secret, public, message, signature):
    key, signed = bytes.fromhex(public), bytes.fromhex(signature)
    assert signing.SigningKey("x", bytes.fromhex(secret)).public == key
    assert verify_receipt.ed25519(key, message, signed)
    assert not verify_receipt.ed25519(key, message + b"x", signed)
    assert not verify_receipt.ed25519(key, message, signed[:32] + bytes([signed[32] ^ 1]) + signed[33:])


def accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return verify_receipt.ed25519(public, message, signature)
    except ValueError:
        return False


def test_it_agrees_with_libsodium_on_damaged_signatures():
    chance = random.Random(8032)
    for _ in range(60):
        key = signing.SigningKey("x", chance.randbytes(32))
        message = chance.randbytes(20)
        parts = [key.public, message, key.sign(message)]
        assert accepts(*parts) and signing.verify(*parts)
        part = chance.randrange(3)
        place = chance.randrange(len(parts[part]))
        changed = bytearray(parts[part])
        changed[place] ^= 1 << chance.randrange(8)
        parts[part] = bytes(changed)
        assert not accepts(*parts) and not signing.verify(*parts)


def test_a_signature_with_a_number_beyond_the_order_is_refused():
    signed = KEY.sign(b"m")
    beyond = int.from_bytes(signed[32:], "little") + verify_receipt.L
    assert not accepts(KEY.public, b"m", signed[:32] + beyond.to_bytes(32, "little"))


def test_an_offer_with_its_nonce_is_the_committed_one():
    found = verify_receipt.verify(issued(), KEYS, OFFER, NONCE.hex())
    assert found["valid"] and found["checks"]["commitment"]


@pytest.mark.parametrize(
    ("offer", "nonce"),
    [(OFFER + b" ", NONCE.hex()), (b"", NONCE.hex()), (OFFER, "00" * 32), (OFFER, None), (OFFER, "zz"),
     (OFFER, NONCE.hex().upper())],
)  # fmt: skip
def test_another_offer_or_nonce_is_refused(offer, nonce):
    assert not verify_receipt.verify(issued(), KEYS, offer, nonce)["valid"]


@pytest.mark.parametrize(
    "document", [None, [], {}, "x", 1, b"[" * 100_000, b"\xff", b"null", {"statement": 1, "proof": 1}]
)
def test_anything_else_is_refused_and_nothing_is_raised(document):
    assert not verify_receipt.verify(document, KEYS)["valid"]


def test_it_stands_alone(tmp_path):
    """Run by a bare interpreter that sees no installed package, as a supplier would."""
    for name, data in (("r", issued()), ("k", json.dumps(KEYS).encode()), ("o", OFFER)):
        (tmp_path / name).write_bytes(data)
    alone = tmp_path / "verify_receipt.py"
    alone.write_bytes(PROGRAM.read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), "r", "--key", "k", "--offer", "o", "--nonce", NONCE.hex()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["valid"] is True
    (tmp_path / "o").write_bytes(OFFER + b"\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_it_uses_the_standard_library_only_and_is_short():
    text = PROGRAM.read_text(encoding="utf-8")
    imported = {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(text)))
    assert len(text.splitlines()) < 100
