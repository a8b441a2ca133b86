"""Checks signatures of CMS (PKCS#7, CAdES) against papers and a list of trusted certificates.

It computes: `service.signatures.signature_check` runs it in a program of its own.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from attrs import define, field
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hotline.signatures.der import SEQUENCE, SET, TIME, UTC_TIME, Value
from hotline.signatures.paper_signatures import PaperSignature, SignatureFault
from hotline.signatures.signed_data import signed_data
from service.signatures.hashing import KNOWN, SHA256, digest
from service.signatures.keys import UnknownAlgorithm, has_issued, has_signed, sbox_of

_DIGEST, _SIGNED_AT = "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
"""The attribute signingCertificateV2 (RFC 5035): the hash of the certificate by which it was signed."""
_RSA_PSS = "1.2.840.113549.1.1.10"
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
    hashed: str
    """The name of the hash."""
    digest: bytes | None
    """Of the paper; None where the paper itself is signed, without attributes."""
    signed_at: datetime | None
    names: tuple[str, bytes] | None
    """By which hash and digest it names its certificate; None if it does not."""
    attributes: bytes
    pss: bool
    signature: bytes


@define(eq=False, repr=False)
class _Hashed:
    """Digests of the papers of one check: several sign one paper, and some hashes take seconds."""

    _known: dict[tuple[str, str, bytes], bytes] = field(factory=dict, init=False)

    def once(self, name: str, by: str, paper: bytes, sbox: bytes) -> bytes:
        """Hash the paper of this name, unless it was."""
        key = name, by, sbox
        if key not in self._known:
            self._known[key] = digest(by, paper, sbox)
        return self._known[key]


class CmsSignatures:
    """Checks files of signatures; `trusted` are the certificates to which a signer's has to lead.

    Without any, nobody's can be trusted.
    """

    def __init__(self, trusted: Sequence[x509.Certificate] = ()) -> None:
        self._trusted = tuple(trusted)

    def check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        """Give its signatures, one for each signer; `papers` are files by their names."""
        try:
            content, written, signed = signed_data(signature.read_bytes())
            certificates = [x509.load_der_x509_certificate(one) for one in written]
            signers = [_signer(one, certificates) for one in signed]
            hashed = _Hashed()
            with warnings.catch_warnings():
                # Names of Ukrainian authorities are longer than X.520 has it, which is warned of.
                warnings.simplefilter("ignore", UserWarning)
                return [self._checked(one, content, certificates, papers, hashed) for one in signers]
        except _BROKEN:
            return [PaperSignature(fault=SignatureFault.UNREADABLE)]

    def _checked(
        self,
        signer: _Signer,
        content: bytes | None,
        certificates: Sequence[x509.Certificate],
        papers: Mapping[str, Path],
        hashed: _Hashed,
    ) -> PaperSignature:
        if signer.certificate is None:
            return PaperSignature(signed_at=signer.signed_at, fault=SignatureFault.UNREADABLE)
        told = _told(signer.certificate, signer.signed_at)
        try:
            found = _paper(signer, sbox_of(signer.certificate), content, papers, hashed)
            if found is None:
                return replace(told, fault=SignatureFault.NO_PAPER)
            name, paper = found
            fits = paper is not None and _fits(signer, signer.certificate, paper)
        except UnknownAlgorithm:
            return replace(told, fault=SignatureFault.ALGORITHM)
        if not fits:
            return replace(told, of=name, fault=SignatureFault.WRONG)
        fault = self._fault_of_certificate(signer.certificate, certificates, signer.signed_at)
        return replace(told, of=name, fault=fault)

    def _fault_of_certificate(
        self, certificate: x509.Certificate, between: Sequence[x509.Certificate], at: datetime | None
    ) -> SignatureFault | None:
        """Say whether it held at that time, and leads to the trusted list."""
        if not _held(certificate, at):
            return SignatureFault.OUT_OF_TIME
        if not self._trusted:
            return SignatureFault.NO_LIST
        return None if self._leads(certificate, between, at) else SignatureFault.UNTRUSTED

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
    _version, whose, hashed, *rest = value.inside()
    attributes = rest.pop(0) if rest[0].tag == _ATTRIBUTES else None
    algorithm, signature = rest[0], rest[1]
    told = dict(_attributes(attributes))
    if attributes and _DIGEST not in told:
        raise ValueError("its attributes name no paper, and would fit any")
    own = algorithm.inside()[0].oid()
    names = _named(told[_CERTIFICATE]) if _CERTIFICATE in told else None
    return _Signer(
        certificate=next((one for one in certificates if _is(one, whose)), None),
        hashed=hashed.inside()[0].oid(),
        digest=told[_DIGEST].content if _DIGEST in told else None,
        signed_at=_moment(told[_SIGNED_AT]) if _SIGNED_AT in told else None,
        names=names,
        # Signed is the set of attributes under the tag of a set, and not that by which it stands here.
        attributes=bytes([SET]) + attributes.whole[1:] if attributes else b"",
        pss=own == _RSA_PSS,
        signature=signature.content,
    )


def _attributes(found: Value | None) -> Iterator[tuple[str, Value]]:
    for one in found.inside() if found else ():
        name, values = one.inside()
        yield name.oid(), values.inside()[0]


def _named(value: Value) -> tuple[str, bytes]:
    """Read signingCertificateV2: which hash of its certificate is which."""
    one = value.inside()[0].inside()[0].inside()
    by = one[0].inside()[0].oid() if one[0].tag == SEQUENCE else SHA256
    return by, one[one[0].tag == SEQUENCE].content


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


def _paper(
    signer: _Signer,
    sbox: bytes,
    content: bytes | None,
    papers: Mapping[str, Path],
    hashed: _Hashed,
) -> tuple[str, bytes | None] | None:
    """Find what was signed: its own content, or the paper of this digest; without attributes the only one.

    Content that is not of this digest is None. Small papers come first, as some hashes are slow. Raises
    UnknownAlgorithm.
    """
    if signer.hashed not in KNOWN:
        raise UnknownAlgorithm(signer.hashed)
    if content is not None:
        same = signer.digest is None or hashed.once("", signer.hashed, content, sbox) == signer.digest
        return "", content if same else None
    if signer.digest is None:
        only = next(iter(papers.items()), None) if len(papers) == 1 else None
        return None if only is None else (only[0], only[1].read_bytes())
    for name, path in sorted(papers.items(), key=lambda one: one[1].stat().st_size):
        paper = path.read_bytes()
        if hashed.once(name, signer.hashed, paper, sbox) == signer.digest:
            return name, paper
    return None


def _fits(signer: _Signer, certificate: x509.Certificate, paper: bytes) -> bool:
    """Check it by the certificate's key, and that it names this certificate; raises UnknownAlgorithm."""
    if signer.names is not None:
        by, named = signer.names
        if by not in KNOWN:
            raise UnknownAlgorithm(by)
        if digest(by, certificate.public_bytes(Encoding.DER), sbox_of(certificate)) != named:
            return False
    signed = signer.attributes or paper
    return has_signed(certificate, signer.signature, signed, signer.hashed, pss=signer.pss)


def _held(certificate: x509.Certificate, at: datetime | None) -> bool:
    return at is not None and certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(issuer: x509.Certificate, certificate: x509.Certificate, at: datetime | None) -> bool:
    return issuer.subject == certificate.issuer and _held(issuer, at) and has_issued(issuer, certificate)


def _told(certificate: x509.Certificate, signed_at: datetime | None) -> PaperSignature:
    """Say whose it is, as the certificate has it."""
    return PaperSignature(
        signer=_of(certificate.subject, NameOID.COMMON_NAME),
        organisation=_of(certificate.subject, NameOID.ORGANIZATION_NAME),
        issuer=_of(certificate.issuer, NameOID.COMMON_NAME)
        or _of(certificate.issuer, NameOID.ORGANIZATION_NAME),
        signed_at=signed_at,
    )


def _of(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = next(iter(name.get_attributes_for_oid(oid)), None)
    return "" if found is None else str(found.value)[:200]
