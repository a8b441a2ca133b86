"""Checks what the key of a certificate has signed: by ДСТУ 4145 here, RSA and ECDSA by `cryptography`."""

from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from hotline.signatures.der import OCTETS, NotDer, read
from service.signatures.dstu4145 import DSTU4145, DstuKey, UnknownCurve, key_of
from service.signatures.gost34311 import DKE
from service.signatures.hashing import OF_SIGNATURE, SHA2, digest

_VERSION, _SUBJECT_KEY = 0xA0, 5
"""The tag of the first part of a certificate, and which part after it is the key."""


class UnknownAlgorithm(ValueError):  # noqa: N818 - reads as what it is
    """The key or the hash is of a kind that cannot be computed with here."""


@lru_cache
def dstu_key(certificate: x509.Certificate) -> DstuKey | None:
    """Read its key if it is one of ДСТУ 4145; raises UnknownAlgorithm for a curve unknown here."""
    if not certificate.public_key_algorithm_oid.dotted_string.startswith(DSTU4145):
        return None
    parts = read(certificate.tbs_certificate_bytes).inside()
    try:
        return key_of(parts[_SUBJECT_KEY + (parts[0].tag == _VERSION)].whole)
    except UnknownCurve as error:
        raise UnknownAlgorithm(str(error)) from error


def sbox_of(certificate: x509.Certificate) -> bytes:
    """Give the S-box of ГОСТ 34.311 that the key names, else the usual one."""
    key = dstu_key(certificate)
    return DKE if key is None else key.sbox


def has_signed(
    certificate: x509.Certificate, signature: bytes, content: bytes, hashed: str, *, pss: bool = False
) -> bool:
    """Tell whether its key has signed the content, hashed by `hashed`; raises UnknownAlgorithm."""
    key = dstu_key(certificate)
    if key is not None:
        found = digest(hashed, content, key.sbox)
        return any(key.signed(found, one) for one in _written(signature))
    by = SHA2.get(hashed)
    if by is None:
        raise UnknownAlgorithm("a hash of ДСТУ with a key that is none of its own")
    try:
        match public := certificate.public_key():
            case rsa.RSAPublicKey() if pss:
                public.verify(signature, content, padding.PSS(padding.MGF1(by), padding.PSS.AUTO), by)
            case rsa.RSAPublicKey():
                public.verify(signature, content, padding.PKCS1v15(), by)
            case ec.EllipticCurvePublicKey():
                public.verify(signature, content, ec.ECDSA(by))
            case _:
                raise UnknownAlgorithm(type(public).__name__)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise UnknownAlgorithm(str(error)) from error
    return True


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tell whether the issuer's key has signed the certificate, and may."""
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
        if not basic.value.ca:
            return False
        hashed = OF_SIGNATURE.get(certificate.signature_algorithm_oid.dotted_string)
        if hashed is not None:
            return dstu_key(issuer) is not None and has_signed(
                issuer, certificate.signature, certificate.tbs_certificate_bytes, hashed
            )
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _written(signature: bytes) -> tuple[bytes, ...]:
    """Give what the signature's octets may be: themselves, and those they hold as a string of octets."""
    try:
        value = read(signature)
    except NotDer:
        return (signature,)
    return (value.content, signature) if value.tag == OCTETS else (signature,)
