"""Checks signatures of CMS (PKCS#7, CAdES) by RSA and ECDSA, with `cryptography`.

ДСТУ 4145, by which most Ukrainian keys sign, is in no library that Python's registry has: such a signature
cannot be checked here (docs/design/signatures.md).
"""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from hotline.signatures.der import SET, TIME, UTC_TIME, Value
from hotline.signatures.paper_signatures import PaperSignature, SignatureFault
from hotline.signatures.signed_data import signed_data

_DIGEST, _SIGNED_AT = "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_RSA_PSS = "1.2.840.113549.1.1.10"
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_ATTRIBUTES, _KEY_ID = 0xA0, 0x80
_MOST_LINKS = 8
_BROKEN = (
    *(ValueError, IndexError),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
"""What the library raises for a broken certificate; for many parts of it only when they are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signer:
    """One signature as it is written: whose certificate, what is signed, and by which algorithms."""

    certificate: x509.Certificate | None
    hash: hashes.HashAlgorithm | None
    digest: bytes | None
    """Of the paper; None where the paper itself is signed, without attributes."""
    signed_at: datetime | None
    attributes: bytes
    pss: bool
    signature: bytes


class CmsSignatures:
    """`hotline.signatures.paper_signatures.SignatureCheck` for what `cryptography` can do.

    `trusted` are the certificates to which a signer's has to lead; none: nobody's can be trusted.
    """

    def __init__(self, trusted: Sequence[x509.Certificate] = ()) -> None:
        self._trusted = tuple(trusted)

    async def check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        return await asyncio.to_thread(self._check, signature, papers)

    def _check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        try:
            content, written, signed = signed_data(signature.read_bytes())
            certificates = [x509.load_der_x509_certificate(one) for one in written]
            signers = [_signer(one, certificates) for one in signed]
            return [self._checked(one, content, certificates, papers) for one in signers]
        except _BROKEN:
            return [PaperSignature(fault=SignatureFault.UNREADABLE)]

    def _checked(
        self,
        signer: _Signer,
        content: bytes | None,
        certificates: Sequence[x509.Certificate],
        papers: Mapping[str, Path],
    ) -> PaperSignature:
        told = _told(signer)
        if fault := _fault_of_kind(signer):
            return replace(told, fault=fault)
        found = _paper(signer, content, papers)
        if found is None:
            return replace(told, fault=SignatureFault.NO_PAPER)
        name, paper = found
        fault = _fault_of_key(signer, paper) or self._fault_of_certificate(signer, certificates)
        return replace(told, of=name, fault=fault)

    def _fault_of_certificate(
        self, signer: _Signer, between: Sequence[x509.Certificate]
    ) -> SignatureFault | None:
        """Say whether it held at that time, and leads to the trusted list."""
        one, at = signer.certificate, signer.signed_at
        if one is None or not _held(one, at):
            return SignatureFault.OUT_OF_TIME
        if not self._trusted:
            return SignatureFault.NO_LIST
        return None if self._leads(one, between, at) else SignatureFault.UNTRUSTED

    def _leads(
        self, certificate: x509.Certificate, between: Sequence[x509.Certificate], at: datetime | None
    ) -> bool:
        """Tell whether it leads to a trusted one, over certificates that may issue and held then."""
        if certificate in self._trusted:
            return True
        for _ in range(_MOST_LINKS):
            issuers = [one for one in (*self._trusted, *between) if _issued(one, certificate, at)]
            if any(one in self._trusted for one in issuers):
                return True
            if not issuers or issuers[0] == certificate:
                return False
            certificate = issuers[0]
        return False


def trusted_in(content: bytes) -> Sequence[x509.Certificate]:
    """Read a list of trusted certificates, PEM one after another; raises ValueError."""
    return x509.load_pem_x509_certificates(content)


def _signer(value: Value, certificates: Sequence[x509.Certificate]) -> _Signer:
    _version, whose, digest, *rest = value.inside()
    attributes = rest.pop(0) if rest[0].tag == _ATTRIBUTES else None
    algorithm, signature = rest[0], rest[1]
    told = dict(_attributes(attributes))
    if attributes and _DIGEST not in told:
        raise ValueError("its attributes name no paper, and would fit any")
    own = algorithm.inside()[0].oid()
    return _Signer(
        certificate=next((one for one in certificates if _is(one, whose)), None),
        hash=_HASHES.get(digest.inside()[0].oid()),
        digest=told[_DIGEST].content if _DIGEST in told else None,
        signed_at=_moment(told[_SIGNED_AT]) if _SIGNED_AT in told else None,
        # Signed is the set of attributes under the tag of a set, and not that by which it stands here.
        attributes=bytes([SET]) + attributes.whole[1:] if attributes else b"",
        pss=own == _RSA_PSS,
        signature=signature.content,
    )


def _attributes(found: Value | None) -> Iterator[tuple[str, Value]]:
    for one in found.inside() if found else ():
        name, values = one.inside()
        yield name.oid(), values.inside()[0]


def _is(certificate: x509.Certificate, whose: Value) -> bool:
    """Tell whether the signer names this one, by issuer and number or by the key's name."""
    if whose.tag == _KEY_ID:
        try:
            own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except x509.ExtensionNotFound:
            return False
        return own.value.digest == whose.content
    issuer, number = whose.inside()
    return (
        certificate.serial_number == int.from_bytes(number.content, signed=True)
        and certificate.issuer.public_bytes() == issuer.whole
    )


def _moment(value: Value) -> datetime | None:
    form = {UTC_TIME: "%y%m%d%H%M%SZ", TIME: "%Y%m%d%H%M%SZ"}.get(value.tag)
    try:
        return None if form is None else datetime.strptime(value.content.decode(), form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _paper(signer: _Signer, content: bytes | None, papers: Mapping[str, Path]) -> tuple[str, bytes] | None:
    """Find what was signed: its own content, or the paper of this digest; without attributes the only one."""
    if content is not None:
        return "", content
    if signer.digest is None:
        only = next(iter(papers.items()), None) if len(papers) == 1 else None
        return None if only is None else (only[0], only[1].read_bytes())
    for name, path in papers.items():
        paper = path.read_bytes()
        if signer.hash and hashlib.new(signer.hash.name, paper).digest() == signer.digest:
            return name, paper
    return None


def _fault_of_kind(signer: _Signer) -> SignatureFault | None:
    if signer.certificate is None:
        return SignatureFault.UNREADABLE
    return SignatureFault.ALGORITHM if signer.hash is None else None


def _fault_of_key(signer: _Signer, paper: bytes) -> SignatureFault | None:
    """Check digest and signature by the key of the certificate."""
    if signer.certificate is None or signer.hash is None:
        return SignatureFault.UNREADABLE
    if signer.digest is not None and hashlib.new(signer.hash.name, paper).digest() != signer.digest:
        return SignatureFault.WRONG
    signed = signer.attributes or paper
    try:
        key = signer.certificate.public_key()
        match key:
            case rsa.RSAPublicKey() if signer.pss:
                salted = padding.PSS(padding.MGF1(signer.hash), padding.PSS.AUTO)
                key.verify(signer.signature, signed, salted, signer.hash)
            case rsa.RSAPublicKey():
                key.verify(signer.signature, signed, padding.PKCS1v15(), signer.hash)
            case ec.EllipticCurvePublicKey():
                key.verify(signer.signature, signed, ec.ECDSA(signer.hash))
            case _:
                return SignatureFault.ALGORITHM
    except InvalidSignature:
        return SignatureFault.WRONG
    except (UnsupportedAlgorithm, ValueError):
        return SignatureFault.ALGORITHM
    return None


def _held(certificate: x509.Certificate, at: datetime | None) -> bool:
    return at is not None and certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(issuer: x509.Certificate, certificate: x509.Certificate, at: datetime | None) -> bool:
    if issuer.subject != certificate.issuer or not _held(issuer, at):
        return False
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return basic.value.ca


def _told(signer: _Signer) -> PaperSignature:
    """Say whose it is, as the certificate has it."""
    one = signer.certificate
    if one is None:
        return PaperSignature(signed_at=signer.signed_at)
    return PaperSignature(
        signer=_of(one.subject, NameOID.COMMON_NAME),
        organisation=_of(one.subject, NameOID.ORGANIZATION_NAME),
        issuer=_of(one.issuer, NameOID.COMMON_NAME) or _of(one.issuer, NameOID.ORGANIZATION_NAME),
        signed_at=signer.signed_at,
    )


def _of(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = next(iter(name.get_attributes_for_oid(oid)), None)
    return "" if found is None else str(found.value)[:200]
