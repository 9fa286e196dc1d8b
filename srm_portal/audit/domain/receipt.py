"""Receipts: what the portal signs the moment an offer or a bid is accepted.

The statement names the journal entry and holds it whole, so that the supplier can compute the chain
hash, and with it the log's leaf, alone. A proof that the leaf stands in a signed checkpoint is added
once there is one; it changes neither statement nor signature.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from srm_portal.audit.domain import merkle
from srm_portal.audit.domain.chain import entry_hash
from srm_portal.audit.domain.checkpoint import open_checkpoint
from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.signed_note import Signer, Verify

FORMAT = "srm-portal/receipt/1"
KEYS_FORMAT = "srm-portal/keys/1"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Proof:
    """The leaf's index, the audit path as hex, and the signed note of the checkpoint it leads to."""

    index: int
    path: tuple[str, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`statement` holds origin, event, supplier, seq, at, commitment, chain_hash and the entry's row."""

    statement: Mapping[str, Any]
    key_id: str
    signature: str
    proof: Proof | None = None

    def with_proof(self, proof: Proof) -> Receipt:
        return replace(self, proof=proof)


def statement(origin: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What is signed about a journal row.

    The row holds `seq`, `at` (text) and `details`: canonical JSON text that names `event`, `supplier`
    and `commitment`. Raises ValueError or KeyError for a row that is not about an offer.
    """
    details = _details(row)
    return {
        "origin": origin,
        "event": details["event"],
        "supplier": details["supplier"],
        "seq": row["seq"],
        "at": row["at"],
        "commitment": details["commitment"],
        "chain_hash": entry_hash(row),
        "entry": dict(row),
    }


def signed_bytes(content: Mapping[str, Any]) -> bytes:
    """The bytes under the signature: the format's name, a newline, the canonical statement."""
    return FORMAT.encode() + b"\n" + canonical(dict(content))


def issue(row: Mapping[str, Any], signer: Signer) -> Receipt:
    """The signed receipt of a journal row, without proof."""
    content = statement(signer.origin, row)
    return Receipt(content, signer.key_id, signer.sign(signed_bytes(content)).hex())


def prove(index: int, size: int, node: merkle.NodeReader, checkpoint: str) -> Proof:
    """The proof that leaf `index` stands in the log of `size`, whose signed checkpoint is given."""
    path = merkle.inclusion_proof(index, size, node)
    return Proof(index, tuple(step.hex() for step in path), checkpoint)


def to_bytes(receipt: Receipt) -> bytes:
    """The receipt's file: one line of canonical JSON. One changed byte makes it invalid."""
    proof = receipt.proof
    return (
        canonical(
            {
                "format": FORMAT,
                "statement": dict(receipt.statement),
                "key_id": receipt.key_id,
                "signature": receipt.signature,
                "proof": proof and {"index": proof.index, "path": list(proof.path), "checkpoint": proof.checkpoint},
            }
        )
        + b"\n"
    )


def parse(data: bytes) -> Receipt:
    """The receipt of a file, its form checked and nothing else. Raises ValueError."""
    if not data.endswith(b"\n"):
        raise ValueError("not a receipt")
    document = _fields(from_canonical(data[:-1]), format=str, statement=dict, key_id=str, signature=str, proof=None)
    content = _fields(
        document["statement"],
        origin=str, event=str, supplier=str, seq=int, at=str, commitment=str, chain_hash=str, entry=dict,
    )  # fmt: skip
    if document["format"] != FORMAT or not _HASH.fullmatch(content["chain_hash"]):
        raise ValueError("not a receipt")
    return Receipt(content, document["key_id"], document["signature"], _parse_proof(document["proof"]))


def check(receipt: Receipt, keys: Mapping[str, bytes], origin: str, verify: Verify) -> str | None:
    """The first thing that does not hold (`signature`, `entry`, `inclusion`), or None.

    `keys`: key id -> public key, retired ones included. The stand-alone verifier decides the same.
    """
    content = receipt.statement
    public = keys.get(receipt.key_id)
    if public is None or content["origin"] != origin or not _signed(receipt, public, verify):
        return "signature"
    try:
        if statement(origin, content["entry"]) != content:
            return "entry"
    except (AttributeError, KeyError, ValueError):
        return "entry"
    if receipt.proof is not None and not _included(receipt, receipt.proof, keys, origin, verify):
        return "inclusion"
    return None


def key_file(origin: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """What a supplier needs to check receipts: every public signing key that the portal ever used."""
    return {"format": KEYS_FORMAT, "origin": origin, "keys": {name: public.hex() for name, public in keys.items()}}


def _details(row: Mapping[str, Any]) -> dict[str, Any]:
    details = from_canonical(row["details"].encode())
    if not isinstance(details, dict):
        raise ValueError("details of another kind")
    return details


def _signed(receipt: Receipt, public: bytes, verify: Verify) -> bool:
    signature = _unhex(receipt.signature, 64)
    return signature is not None and verify(public, signed_bytes(receipt.statement), signature)


def _included(receipt: Receipt, proof: Proof, keys: Mapping[str, bytes], origin: str, verify: Verify) -> bool:
    path = [_unhex(step, 32) for step in proof.path]
    leaf = bytes.fromhex(receipt.statement["chain_hash"])
    try:
        checkpoint = open_checkpoint(proof.checkpoint, keys, origin, verify)
    except ValueError:
        return False
    steps = [step for step in path if step is not None]
    return len(steps) == len(path) and merkle.verify_inclusion(
        leaf, proof.index, checkpoint.size, steps, checkpoint.root
    )


def _unhex(text: str, length: int) -> bytes | None:
    return bytes.fromhex(text) if re.fullmatch(f"[0-9a-f]{{{length * 2}}}", text, re.ASCII) else None


def _parse_proof(value: object) -> Proof | None:
    if value is None:
        return None
    proof = _fields(value, index=int, path=list, checkpoint=str)
    if not all(type(step) is str for step in proof["path"]):
        raise ValueError("not a receipt")
    return Proof(proof["index"], tuple(proof["path"]), proof["checkpoint"])


def _fields(value: object, **types: type | None) -> dict[str, Any]:
    """The dict, if it has exactly these fields of exactly these types (None: any)."""
    if not isinstance(value, dict) or set(value) != set(types):
        raise ValueError("not a receipt")
    if any(kind is not None and type(value[name]) is not kind for name, kind in types.items()):
        raise ValueError("not a receipt")
    return value
