"""Reads DER, the octets in which certificates and signatures are written: values by their tags, no more."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

SEQUENCE, SET, OID, OCTETS, UTC_TIME, TIME, INTEGER = 0x30, 0x31, 0x06, 0x04, 0x17, 0x18, 0x02
_LONG, _MOST_LENGTH = 0x80, 4
_SEVERAL = 0x1F
"""In the first octet of a tag: others follow."""
MOST_VALUES = 10_000


class NotDer(ValueError):  # noqa: N818 - reads as what it is
    """The octets are no DER."""


class Value(NamedTuple):
    """One value: its tag, its content, and all its octets."""

    tag: int
    content: bytes
    whole: bytes

    def inside(self) -> Sequence["Value"]:
        """Read the values that it holds; raises NotDer."""
        return list(_values(self.content))

    def only(self) -> "Value":
        """Read the one value that it holds; raises NotDer."""
        found = self.inside()
        if len(found) != 1:
            raise NotDer("one value was to stand here")
        return found[0]

    def integer(self) -> int:
        """Read it as a whole number; raises NotDer."""
        if self.tag != INTEGER or not self.content:
            raise NotDer("a whole number was to stand here")
        return int.from_bytes(self.content, signed=True)

    def oid(self) -> str:
        """Write it as an object's name; raises NotDer."""
        if self.tag != OID or not self.content:
            raise NotDer("the name of an object was to stand here")
        first, *rest = _numbers(self.content)
        top = min(first // 40, 2)
        return ".".join(map(str, (top, first - 40 * top, *rest)))


def read(octets: bytes) -> Value:
    """Read the one value that these octets are; raises NotDer."""
    values = list(_values(octets))
    if len(values) != 1:
        raise NotDer("more than one value")
    return values[0]


def _values(octets: bytes) -> Iterator[Value]:
    at = 0
    for _ in range(MOST_VALUES):
        if at == len(octets):
            return
        tag, begins, length = _head(octets, at)
        ends = begins + length
        if ends > len(octets):
            raise NotDer("a value is cut off")
        yield Value(tag, octets[begins:ends], octets[at:ends])
        at = ends
    raise NotDer("too many values")


def _head(octets: bytes, at: int) -> tuple[int, int, int]:
    if at + 2 > len(octets):
        raise NotDer("a value is cut off")
    tag, length = octets[at], octets[at + 1]
    if tag & _SEVERAL == _SEVERAL or length == _LONG:
        raise NotDer("a tag of several octets, or a length that is not given")
    if length < _LONG:
        return tag, at + 2, length
    size = length - _LONG
    if size > _MOST_LENGTH or at + 2 + size > len(octets):
        raise NotDer("a length that no file has")
    return tag, at + 2 + size, int.from_bytes(octets[at + 2 : at + 2 + size])


def _numbers(content: bytes) -> Iterator[int]:
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if not octet & _LONG:
            yield number
            number = 0
