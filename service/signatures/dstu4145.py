"""Verifies signatures by ДСТУ 4145-2002 in a polynomial basis, with keys as certificates write them.

Octets are little-endian by the object's names of the state's registry, and big-endian under one name of its
own. No key of ours signs anything.
"""

from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from hotline.signatures.der import INTEGER, OCTETS, OID, NotDer, Value, read
from service.signatures.binary_curve import BinaryCurve, BinaryField, Point
from service.signatures.dstu_curves import RECOMMENDED
from service.signatures.gost34311 import DKE

DSTU4145 = "1.2.804.2.1.1.1.1.3."
"""The names of the standard's keys and signatures begin with it."""
_BIG_ENDIAN = "1.2.804.2.1.1.1.1.3.1.1.1.1"
_POLYNOMIAL_BASIS = frozenset(
    {
        *("1.2.804.2.1.1.1.1.3.1.1", _BIG_ENDIAN),
        *(f"1.2.804.2.1.1.1.1.3.6.{bits}{end}" for bits in (1, 2, 3) for end in ("", ".1")),
    }
)
_LEAST, _MOST = 160, 521
"""Bits of a field; the standard takes 163 to 509."""
_EXPLICIT_VERSION = 0xA0
_Order = Literal["little", "big"]


class UnknownCurve(ValueError):  # noqa: N818 - reads as what it is
    """The key's parameters are none that can be computed with here, such as an optimal normal basis."""


@frozen
class DstuKey:
    """A public key: its point on its curve, and the S-box (ДКЕ) of the hash ГОСТ 34.311."""

    curve: BinaryCurve
    point: Point
    sbox: bytes
    order: _Order

    def signed(self, digest: bytes, signature: bytes) -> bool:
        """Tell whether the signature, r and s one after the other, is by this key and of this digest."""
        curve, field = self.curve, self.curve.field
        half = len(signature) // 2
        octets = signature if self.order == "little" else signature[::-1]
        r, s = int.from_bytes(octets[:half], "little"), int.from_bytes(octets[half:], "little")
        if len(signature) % 2 or not (0 < r < curve.order and 0 < s < curve.order):
            return False
        hashed = int.from_bytes(digest, "little") & (1 << field.size) - 1
        point = curve.sum_of(s, curve.base, r, self.point)
        if point is None:
            return False
        found = field.product(hashed or 1, point[0])
        return found & (1 << curve.order.bit_length() - 1) - 1 == r


def key_of(subject: bytes) -> DstuKey:
    """Read a SubjectPublicKeyInfo; raises UnknownCurve, NotDer."""
    algorithm, written = read(subject).inside()
    name, parameters = algorithm.inside()
    if name.oid() not in _POLYNOMIAL_BASIS:
        raise UnknownCurve(name.oid())
    order: _Order = "big" if name.oid() == _BIG_ENDIAN else "little"
    curve, sbox = _parameters(parameters, order)
    # A string of bits, of which none is unused, that is a string of octets.
    compressed = read(written.content[1:])
    if compressed.tag != OCTETS:
        raise NotDer("a point was to stand here")
    try:
        point = curve.expand(_number(compressed, order, curve.field))
        held = curve.holds(point)
    except ValueError as error:
        raise UnknownCurve("its point is none of its curve") from error
    if not held:
        raise UnknownCurve("its point is none of its group")
    return DstuKey(curve, point, sbox, order)


def _parameters(parameters: Value, order: _Order) -> tuple[BinaryCurve, bytes]:
    if parameters.tag == OID:
        return _recommended(parameters), DKE
    curve, *sboxes = parameters.inside()
    sbox = sboxes[0].content if sboxes else DKE
    if len(sbox) != len(DKE):
        raise NotDer("an S-box of 64 octets was to stand here")
    return _recommended(curve) if curve.tag == OID else _explicit(curve, order), sbox


def _recommended(name: Value) -> BinaryCurve:
    try:
        return RECOMMENDED[name.oid()]
    except KeyError as error:
        raise UnknownCurve(name.oid()) from error


def _explicit(written: Value, order: _Order) -> BinaryCurve:
    """Read a curve that is written out: the field, a, b, the base point's order, the base point."""
    parts = list(written.inside())
    if parts and parts[0].tag == _EXPLICIT_VERSION:
        del parts[0]
    field, a, b, base_order, base = _exactly(parts, 5)
    size, how = _exactly(field.inside(), 2)
    taps = [how] if how.tag == INTEGER else how.inside()
    found = BinaryField(size.integer(), tuple(sorted((one.integer() for one in taps), reverse=True)))
    if not (
        _LEAST <= found.size <= _MOST
        and found.size % 2
        and len(found.taps) in (1, 3)
        and found.taps[-1] > 0
        and found.taps[0] < found.size // 2
        and len({*found.taps}) == len(found.taps)
        and a.integer() in (0, 1)
        and 0 < base_order.integer() < 1 << found.size + 1
    ):
        raise UnknownCurve("a field or a curve that the standard does not have")
    curve = BinaryCurve(found, a.integer(), _number(b, order, found), (0, 0), base_order.integer())
    try:
        point = curve.expand(_number(base, order, found))
    except ValueError as error:
        raise UnknownCurve("its base point is none of its curve") from error
    return BinaryCurve(found, curve.a, curve.b, point, curve.order)


def _exactly(values: Sequence[Value], many: int) -> Sequence[Value]:
    if len(values) != many:
        raise NotDer(f"{many} values were to stand here")
    return values


def _number(written: Value, order: _Order, field: BinaryField) -> int:
    """Read an element of the field; raises UnknownCurve for one that is too large."""
    number = int.from_bytes(written.content, order)
    if number >> field.size:
        raise UnknownCurve("an element larger than its field")
    return number
