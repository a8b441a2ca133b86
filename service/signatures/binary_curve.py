"""Elliptic curves over GF(2^m) in a polynomial basis, as ДСТУ 4145-2002 signs by: y² + xy = x³ + ax² + b.

Field elements are integers, a bit for each power. Nothing here is secret, and nothing takes the same time.
"""

from attrs import frozen

Point = tuple[int, int]
"""Of the curve; None stands for the point at infinity."""
_NIBBLES = "0123456789abcdef"
_SPREAD = [int(f"{octet:b}", 4) for octet in range(256)]
"""An octet's bits with a zero between each two: the square of its polynomial."""


@frozen
class BinaryField:
    """GF(2^size) by the polynomial t^size + Σ t^tap + 1; `size` is odd, `taps` are largest first."""

    size: int
    taps: tuple[int, ...]

    def reduce(self, value: int) -> int:
        size, mask = self.size, (1 << self.size) - 1
        while high := value >> size:
            value = value & mask ^ high
            for tap in self.taps:
                value ^= high << tap
        return value

    def product(self, first: int, second: int) -> int:
        table = [0, first]
        for _ in range(7):
            double = table[len(table) // 2] << 1
            table += (double, double ^ first)
        by = dict(zip(_NIBBLES, table, strict=True))
        product = 0
        for nibble in f"{second:x}":
            product = product << 4 ^ by[nibble]
        return self.reduce(product)

    def square(self, value: int) -> int:
        square = 0
        for octet in value.to_bytes(self.size // 8 + 1):
            square = square << 16 | _SPREAD[octet]
        return self.reduce(square)

    def inverse(self, value: int) -> int:
        """Give 1/value by Euclid's algorithm; raises ValueError where the polynomial is none of a field."""
        u, v = value, 1 << self.size | 1
        for tap in self.taps:
            v |= 1 << tap
        first, second = 1, 0
        while u != 1:
            more = u.bit_length() - v.bit_length()
            if more < 0:
                u, v, first, second, more = v, u, second, first, -more
            if not v:
                raise ValueError("0, or what divides the polynomial, has no inverse")
            u ^= v << more
            first ^= second << more
        return self.reduce(first)

    def root(self, value: int) -> int:
        for _ in range(self.size - 1):
            value = self.square(value)
        return value

    def trace(self, value: int) -> int:
        total = value
        for _ in range(self.size - 1):
            value = self.square(value)
            total ^= value
        return total

    def half_trace(self, value: int) -> int:
        """Give z with z² + z = value, where the trace of value is 0."""
        total = value
        for _ in range(self.size // 2):
            value = self.square(self.square(value))
            total ^= value
        return total


@frozen
class BinaryCurve:
    """A curve with the base point by which is signed, and that point's order."""

    field: BinaryField
    a: int
    b: int
    base: Point
    order: int

    def holds(self, point: Point) -> bool:
        """Tell whether the point is one of the curve, and of the base point's group."""
        x, y = point
        field = self.field
        square = field.square(x)
        left = field.square(y) ^ field.product(x, y)
        right = field.product(square, x ^ self.a) ^ self.b
        return left == right and self.sum_of(self.order, point, 0, point) is None

    def expand(self, compressed: int) -> Point:
        """Find the point of which a key has x with a bit of y (section 6.10); raises ValueError."""
        field, bit = self.field, compressed & 1
        x = compressed
        if not x:
            return 0, field.root(self.b)
        if field.trace(x) != self.a:
            x ^= 1
        ratio = field.product(field.inverse(field.square(x)), self.b) ^ self.a ^ x
        if field.trace(ratio):
            raise ValueError("no point of the curve has this x")
        z = field.half_trace(ratio)
        if field.trace(z) != bit:
            z ^= 1
        return x, field.product(x, z)

    def sum_of(self, times: int, point: Point, other_times: int, other: Point) -> Point | None:
        """Compute times · point + other_times · other."""
        both = self._plus(point, other)
        added = (None, point, other, both)
        result: Point | None = None
        for bit in reversed(range(max(times.bit_length(), other_times.bit_length()))):
            result = self._plus(result, result)
            which = (times >> bit & 1) | (other_times >> bit & 1) << 1
            if which:
                result = self._plus(result, added[which])
        return result

    def _plus(self, first: Point | None, second: Point | None) -> Point | None:
        if first is None or second is None:
            return second if first is None else first
        (x1, y1), (x2, y2) = first, second
        field = self.field
        if x1 == x2:
            if y1 != y2 or not x1:
                return None
            slope = x1 ^ field.product(y1, field.inverse(x1))
            x = field.square(slope) ^ slope ^ self.a
            return x, field.square(x1) ^ field.product(slope ^ 1, x)
        slope = field.product(y1 ^ y2, field.inverse(x1 ^ x2))
        x = field.square(slope) ^ slope ^ x1 ^ x2 ^ self.a
        return x, field.product(slope, x1 ^ x) ^ x ^ y1
