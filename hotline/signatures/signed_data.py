"""Signed data of CMS (RFC 5652, section 5), as far as it can be told without any key."""

from collections.abc import Sequence
from typing import NamedTuple

from hotline.signatures.der import OCTETS, SEQUENCE, SET, NotDer, Value, read

SIGN = bytes.fromhex("06092a864886f70d010702")
"""The name of the kind, which stands at the beginning of the file."""
_CERTIFICATES, _CONTENT = 0xA0, 0xA0


class SignedData(NamedTuple):
    """What is signed (None: it lies beside), certificates, and signatures, each as it is written."""

    content: bytes | None
    certificates: Sequence[bytes]
    signers: Sequence[Value]


def signed_data(octets: bytes) -> SignedData:
    """Read it; raises NotDer."""
    parts = read(octets).inside()
    if not parts or parts[0].whole != SIGN:
        raise NotDer("no signed data")
    _version, _digests, what, *rest = _several(parts[-1].only().inside())
    inside = next((one for one in what.inside()[1:] if one.tag == _CONTENT), None)
    content = None if inside is None else inside.only()
    if content is not None and content.tag != OCTETS:
        raise NotDer("its content is in pieces")
    signers = [each for one in rest if one.tag == SET for each in one.inside()]
    if not signers:
        raise NotDer("nobody has signed it")
    return SignedData(
        None if content is None else content.content,
        [
            each.whole
            for one in rest
            if one.tag == _CERTIFICATES
            for each in one.inside()
            if each.tag == SEQUENCE
        ],
        signers,
    )


def _several(values: Sequence[Value]) -> Sequence[Value]:
    if len(values) < 4:  # noqa: PLR2004 - version, digests, content and signers
        raise NotDer("signed data is cut off")
    return values
