"""The receipt and everything needed to check it without the portal."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from flask import Response, render_template

from srm_portal.audit import queries as audit
from srm_portal.audit.domain.receipt import key_file
from srm_portal.infra.keys import server_keys
from srm_portal.kernel.errors import NotFound
from srm_portal.offers import queries, verify_receipt
from srm_portal.offers.domain.answer import total_of
from srm_portal.offers.views import bp
from srm_portal.offers.views.answers import attachment
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import public, requires

JSON, PYTHON, ZIP = "application/json", "text/x-python", "application/zip"
COMMAND = "python verify_receipt.py receipt.json --key keys.json --offer offer.json --nonce {nonce}\n"
_MOMENT = (2000, 1, 1, 0, 0, 0)


def _verifier() -> bytes:
    return Path(verify_receipt.__file__).read_bytes()


def _keys() -> bytes:
    ring = server_keys()
    return json.dumps(key_file(ring.origin, ring.verifying()), indent=1, sort_keys=True).encode() + b"\n"


@bp.get("/s/events/<event_id>/offer/receipt")
@requires("offer:submit")
def receipt(event_id: str) -> str:
    own = queries.own_offer(current_actor(), event_id)
    nonce = own.submission.nonce if own.submission else ""
    proof = audit.proof_of(own.submission.statement["entry"]["id"]) if own.submission else None
    return render_template(
        "offers/receipt.html",
        own=own,
        phase=own.event.phase(request_now()),
        nonce=nonce,
        proof=proof,
        log_entries=int(proof.checkpoint.split("\n")[1]) if proof else 0,
        command=COMMAND.format(nonce=nonce or "NONCE").strip(),
        total=total_of(own.draft, own.asked),
    )


@bp.get("/s/events/<event_id>/offer/receipt/<int:version>/<name>")
@requires("offer:submit")
def proof_file(event_id: str, version: int, name: str) -> Response:
    """receipt.json, offer.json, nonce.txt, or proof.zip with those, the keys and the verifier."""
    issued, offer, nonce = queries.own_proof(current_actor(), event_id, version)
    files = {"receipt.json": issued}
    if offer:
        files |= {"offer.json": offer, "nonce.txt": nonce.encode()}
    if name == "proof.zip":
        return attachment(proof_archive(files, nonce), name, ZIP)
    if name not in files:
        raise NotFound
    return attachment(files[name], name, JSON if name.endswith(".json") else "text/plain")


def proof_archive(files: dict[str, bytes], nonce: str) -> bytes:
    """Everything that a check without the portal needs."""
    command = COMMAND if nonce else COMMAND.partition(" --offer")[0] + "\n"
    more = {"keys.json": _keys(), "verify_receipt.py": _verifier(), "HOW.txt": command.format(nonce=nonce).encode()}
    return _zipped(files | more)


def _zipped(files: dict[str, bytes]) -> bytes:
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), data)
    return heap.getvalue()


@bp.get("/receipt/keys.json")
@public
def public_keys() -> Response:
    """Every signing key the portal ever used: public parts only."""
    return attachment(_keys(), "keys.json", JSON)


@bp.get("/receipt/verify_receipt.py")
@public
def verifier() -> Response:
    """The stand-alone verifier: one file, the standard library, no network."""
    return attachment(_verifier(), "verify_receipt.py", PYTHON)
