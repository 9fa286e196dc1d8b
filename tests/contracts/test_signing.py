"""Signatures: order, authority, one content, a file that verifies; any change ends them."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries, services
from srm_portal.documents import queries as files
from srm_portal.infra.db import db
from srm_portal.infra.pdf_signing import bring_certificate, certificate_file, check_pdf
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World


def approved(world: World) -> tuple[str, Actor, str]:
    """An approved contract, the supplier's person, the hash of its content."""
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    code = queries.current_version(contract_id).sha256
    services.approve(world.manager, contract_id, code, now=world.now)
    return contract_id, world.supplier_user(supplier_id), code


def signed_bytes(contract_id: str) -> bytes:
    last = queries.standing(contract_id)[-1]
    with files.open_bytes(files.file_of("contract", contract_id, last.file_id)) as stream:
        return stream.read()


def own_certificate(world: World, name: str = "Ann Signer") -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(world.now - timedelta(days=1))
        .not_valid_after(world.now + timedelta(days=3650))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(b"open sesame")
    return pkcs12.serialize_key_and_certificates(b"ann", key, made, None, lock)


def test_both_sides_sign_in_order_and_the_file_verifies(world: World, tmp_path: Path) -> None:
    contract_id, person, code = approved(world)
    with pytest.raises(Refused, match="sign_not_your_turn"):
        services.sign(world.manager, contract_id, code, now=world.now)
    services.sign(person, contract_id, code, now=world.now)
    with pytest.raises(Refused, match="sign_not_your_turn"):
        services.sign(person, contract_id, code, now=world.now)
    assert queries.contract(contract_id).state == "approved"
    services.sign(world.manager, contract_id, code, now=world.now)
    view = queries.contract(contract_id)
    assert view.state == "active" and view.signed_on == world.now.date()
    data = signed_bytes(contract_id)
    found = check_pdf(data)
    assert [(one.field, one.name, one.good) for one in found] == [
        ("supplier", person.name, True),
        ("buyer", world.manager.name, True),
    ]
    proof = services.proof(view)
    assert proof is not None and proof.good
    program = shutil.which("pdfsig")
    if program is None:
        print("pdfsig (poppler-utils) is not installed: verified by pyHanko alone")
        return
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(data)
    said = subprocess.run([program, str(paper)], capture_output=True, text=True, check=True).stdout
    assert said.count("Signature is Valid") == 2 and "Total document signed" in said


def test_only_who_may_bind_signs(world: World) -> None:
    contract_id, person, code = approved(world)
    reader = world.person("supplier_user", supplier_id=person.supplier_id, may_bid=False)
    with pytest.raises(Forbidden, match="may_not_bid"):
        services.sign(reader, contract_id, code, now=world.now)
    with pytest.raises(NotFound):
        services.sign(world.supplier_user(a_supplier(world)), contract_id, code, now=world.now)
    services.sign(person, contract_id, code, now=world.now)
    with pytest.raises(Forbidden, match="no_authority"):
        services.sign(world.buyer, contract_id, code, now=world.now)
    with pytest.raises(Forbidden, match="above_limit"):
        services.sign(world.person("purchasing_manager", limit="10"), contract_id, code, now=world.now)
    with pytest.raises(Refused, match="content_changed"):
        services.sign(world.manager, contract_id, "0" * 64, now=world.now)


def test_a_draft_is_not_signed(world: World) -> None:
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id)
    services.pass_pen(world.buyer, contract_id, now=world.now)
    code = queries.current_version(contract_id).sha256
    with pytest.raises(Refused, match="not_to_sign"):
        services.sign(world.supplier_user(supplier_id), contract_id, code, now=world.now)


def test_a_change_after_the_first_signature_voids_it(world: World) -> None:
    contract_id, person, code = approved(world)
    services.sign(person, contract_id, code, now=world.now)
    services.take_back(world.buyer, contract_id, reason="Price was wrong", now=world.now)
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="New.", version=None, now=world.now)
    assert not queries.standing(contract_id)
    (voided,) = queries.signatures(contract_id)
    assert voided.void_reason == "Price was wrong"
    assert "no longer counts" in world.client_of(world.buyer).get(f"/contracts/{contract_id}/sign").text
    with pytest.raises(Refused, match="not_to_sign"):
        services.sign(world.manager, contract_id, code, now=world.now)


def test_a_signed_file_that_was_touched_is_noticed(world: World) -> None:
    contract_id, person, code = approved(world)
    services.sign(person, contract_id, code, now=world.now)
    last = queries.standing(contract_id)[-1]
    path = files.path_of(files.file_of("contract", contract_id, last.file_id))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(bytes(data))
    proof = services.proof(queries.contract(contract_id))
    assert proof is not None and not proof.good
    with pytest.raises(Refused, match="signed_file_changed"):
        services.sign(world.manager, contract_id, code, now=world.now)


def test_ones_own_certificate_signs_and_is_named(world: World) -> None:
    contract_id, person, code = approved(world)
    own = own_certificate(world)
    with pytest.raises(Refused, match="certificate_unreadable"):
        services.sign(person, contract_id, code, now=world.now, pkcs12=own, passphrase="wrong")
    services.sign(person, contract_id, code, now=world.now, pkcs12=own, passphrase="open sesame")
    (one,) = queries.standing(contract_id)
    assert one.method == "certificate" and "Ann Signer" in one.certificate
    assert check_pdf(signed_bytes(contract_id))[0].good


def test_the_portals_certificate_can_be_brought_and_is_for_the_owner_alone(world: World) -> None:
    assert "House" in bring_certificate(own_certificate(world, "House of Nordwerk"), "open sesame")
    assert certificate_file().stat().st_mode & 0o077 == 0
    contract_id, person, code = approved(world)
    services.sign(person, contract_id, code, now=world.now)
    assert "House of Nordwerk" in queries.standing(contract_id)[0].certificate
    certificate_file().unlink()


def test_a_paper_signed_elsewhere_electronically_is_verified(world: World) -> None:
    first, person, code = approved(world)
    services.sign(person, first, code, now=world.now)
    good = signed_bytes(first)
    bad = bytearray(good)
    bad[len(bad) // 3] ^= 1
    contract_id, _person, code = approved(world)

    def file(data: bytes, typed: str) -> None:
        paper = FileStorage(BytesIO(data), filename="signed.pdf")
        services.mark_signed(
            world.buyer, contract_id, signed_on=world.now.date(), upload=paper, code=typed, now=world.now
        )

    for data, typed in ((bytes(bad), code[:12]), (good, "f" * 12)):
        with pytest.raises((Invalid, Refused)):
            file(data, typed)
    file(good, code[:12].upper())
    assert {one.method for one in queries.standing(contract_id)} == {"electronic"}
    assert queries.contract(contract_id).state == "active"


def test_the_pages_sign(world: World) -> None:
    contract_id, person, code = approved(world)
    theirs, ours = world.client_of(person), world.client_of(world.manager)
    url = f"/contracts/{contract_id}/sign"
    assert "Sign now" in theirs.get(url).text and "Sign now" not in ours.get(url).text
    assert theirs.post(url, data={"sha256": "0" * 64}).status_code == 422
    assert theirs.post(url, data={"sha256": code}).status_code == 302
    assert ours.post(url, data={"sha256": code}).status_code == 302
    page = theirs.get(url)
    assert "every signature in it holds" in page.text
    db.session.rollback()
    last = queries.standing(contract_id)[-1]
    assert theirs.get(f"/contracts/{contract_id}/files/{last.file_id}").status_code == 200
    stranger = world.client_of(world.supplier_user(a_supplier(world)))
    assert stranger.get(f"/contracts/{contract_id}/files/{last.file_id}").status_code == 404
