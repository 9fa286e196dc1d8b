"""PAdES signatures on PDF files: the portal's own certificate or one that a person brings, and their check.

The portal's certificate is made on first use (or brought by `srm-portal keys certificate`) and kept beside the key
ring, outside database and backup. A signature by it says: the portal saw this person sign in and sign.
"""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from srm_portal.infra.keys import origin_of
from srm_portal.infra.native import in_thread
from srm_portal.kernel.errors import Refused

FILE = "signing.pem"
YEARS = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """One signature in a file: `intact` the bytes are unchanged, `valid` the signature fits them, `whole` nothing was
    added after it except further signatures."""

    field: str
    name: str
    certificate: str
    intact: bool
    valid: bool
    whole: bool

    @property
    def good(self) -> bool:
        return self.intact and self.valid and self.whole


def certificate_file() -> Path:
    return Path(current_app.config["KEYRING_FILE"]).with_name(FILE)


def make_certificate(now: datetime) -> str:
    """A new key and a certificate signed by itself, in place of what was there; returns the subject."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    host = origin_of(current_app.config["PUBLIC_URL"])
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{host} contract signatures"[:64])])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(private + made.public_bytes(serialization.Encoding.PEM))
    return str(made.subject.rfc4514_string())


def bring_certificate(data: bytes, passphrase: str) -> str:
    """Take a PKCS#12 file (certificate and key) into use for the portal; returns the subject."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except ValueError:
        raise Refused("certificate_unreadable") from None
    if key is None or certificate is None:
        raise Refused("certificate_unreadable")
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, *others))
    _write(private + chain)
    return str(certificate.subject.rfc4514_string())


def _write(data: bytes) -> None:
    """Whole or not at all, readable by the owner alone."""
    path = certificate_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".signing-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def _portal_signer(now: datetime) -> Any:
    from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    path = certificate_file()
    if not path.exists():
        make_certificate(now)
    data = path.read_bytes()
    head, _mark, rest = data.partition(b"-----BEGIN CERTIFICATE-----")
    first, *others = list(load_certs_from_pemder_data(b"-----BEGIN CERTIFICATE-----" + rest))
    store = SimpleCertificateStore()
    store.register_multiple(others)
    return SimpleSigner(
        signing_cert=first, signing_key=load_private_key_from_pemder_data(head, None), cert_registry=store
    )


def _brought_signer(data: bytes, passphrase: str) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    try:
        return SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=passphrase.encode() or None)
    except ValueError:
        raise Refused("certificate_unreadable") from None


def sign_pdf(
    pdf: bytes,
    *,
    field: str,
    name: str,
    reason: str,
    now: datetime,
    pkcs12: bytes | None = None,
    passphrase: str = "",
) -> tuple[bytes, str]:
    """The file with one more PAdES signature, and the certificate's subject. Earlier signatures stay valid.

    Refused: `certificate_unreadable` for a brought certificate that does not open.
    """
    signer = _brought_signer(pkcs12, passphrase) if pkcs12 is not None else _portal_signer(now)

    def work() -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        facts = signers.PdfSignatureMetadata(
            field_name=field,
            name=name,
            reason=reason,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        out = signers.PdfSigner(facts, signer=signer, new_field_spec=fields.SigFieldSpec(field)).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf))
        )
        return bytes(out.getvalue())

    return in_thread(work), str(signer.signing_cert.subject.human_friendly)


def check_pdf(pdf: bytes) -> list[Checked]:
    """Every signature in the file; a file that is no PDF has none."""

    def work() -> list[Checked]:
        from pyhanko.pdf_utils.misc import PdfReadError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.diff_analysis import ModificationLevel
        from pyhanko.sign.general import UnacceptableSignerError
        from pyhanko.sign.validation import errors, validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        try:
            held = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        except (PdfReadError, ValueError):
            return []
        found = []
        for one in held:
            certificate = one.signer_cert
            name = str(one.sig_object.get("/Name", ""))
            subject = str(certificate.subject.human_friendly) if certificate is not None else ""
            context = ValidationContext(allow_fetching=False, trust_roots=[certificate] if certificate else [])
            try:
                status = validate_pdf_signature(one, signer_validation_context=context)
            except (errors.SignatureValidationError, UnacceptableSignerError, PdfReadError, ValueError):
                found.append(Checked(one.field_name, name, subject, False, False, False))
                continue
            whole = status.modification_level in (ModificationLevel.NONE, ModificationLevel.FORM_FILLING)
            whole = whole or status.modification_level == ModificationLevel.LTA_UPDATES
            found.append(Checked(one.field_name, name, subject, status.intact, status.valid, bool(whole)))
        return found

    return in_thread(work)
