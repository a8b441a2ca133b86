"""The hash Купина of ДСТУ 7564:2014, by 256, 384 or 512 bits."""

from collections.abc import Callable, Sequence
from functools import cache
from struct import Struct

_SBOXES = (
    bytes.fromhex(
        "a8435f066b756c5971df879517f0d8096df31dcbc94d2caf79e097fd6f4b45393edda34fb4b69a0e1fbf15e149d293c6"
        "92729e61d163faeef419d5ad58a4bba1dcf2833742e47a329cccab4a8f6e04272ee7e25a9616232bc265660fbca94741"
        "3448fcb76a88a55386f95bdb387bc31e2233242836c7b23b8e77baf5149f08559b4cfe605cda1846cd7d21b03f1b89ff"
        "eb84693a9dd7d3706740b5de5d3091b1781101e5006898a0c502a6742d0ba276b3becebdaee98a311cecf19994aaf626"
        "2fefe88c3503d47ffb05c15e90203d82f7ea0a0d7ef8501ac40757b83c62e3c8ac526410d0d9130c122951b9cfd6738d"
        "8154c0ed4e44a72a8525e6ca7c8b5680"
    ),
    bytes.fromhex(
        "cebbeb92eacb13c1e93ad6b2d29017f8421556b4651c8843c55c36baf557678d31f664589ef422aa750f02b1df6d734d"
        "7c262ef7085d443e9f14c8ae5410d8bc1a6b69f3bd33abfad19b684e169591ee4c638e5bcc3c19a181497bd96f3760ca"
        "e72b48fd9645fc41120d79e5898ce32030dcb76c4ab53f97d4622d06a4a5835f2adac9007ea255bf11d59ccf0e0a3d51"
        "7d931bfec44709860b8f9d6a07b9b0981832714bef3b70a0e440ffc3a9e678f98b46801e38e1b8a8e00c23761d252405"
        "f16e94289a84e8a34f77d385e252f282507a2f7453b361af3935decd1f99acad722cddd087be5ea6ec04c60334fbdb59"
        "b6c201f05aeda766217f8a27c7c029d7"
    ),
    bytes.fromhex(
        "93d99ab5982245fcba6adf029fdc51594a172bc294f4bba362e471d4cd7016e1493cc0d85c9bad8553a17ac82de0d172"
        "a62cc4e37678b7b4093b0e414cdeb29025a5d7031100c32e92ef4e129d7dcb3510d54f9e4da955c6d07b1897d336e648"
        "56818f77cc9cb9e2acb82f15a47cda381e0b05d6146e6c7e66fdb1e560af5e3387c9f05d6d3f888dc7f71de9eced8029"
        "27cf99a8500f3724283095d23e5b4083b369571f071c8abc20ebce8eabee31a273f9ca3a1afb0dc1fefaf26fbd96dd43"
        "52b608f3aebe19893226b0ea4b6484826bf579bf015f75631b233d682a65e891f6ff1358f1470a7fc5a7e7615a064644"
        "4204a0db398654aa8c34218bf80c7467"
    ),
    bytes.fromhex(
        "688dca4d734b4e2ad45226b3541e191f2203463d2d4a5383138ab7d52579f5bd582f0d02ed519e11f23e555ed1163c66"
        "705df34540cce8945608ce1a3ad2e1dfb5386e0ee5f4f986e94fd68523cf32993114aeeec848d330a19241b118c42c71"
        "724415fd37be5faa9b88d8ab899cfa60eabc620c24a6a8ec6720db7c28ddac5b347e10f17b8f63a0059a437721bf2709"
        "c39fb6d729c2ebc0a48b8c1dfbffc1b2972ef865f67507044933e4d9b9d042c76c90008e6f5001c5da473fcd69a2e27a"
        "a7c6930f0a06e62b96a31caf6a128439e7b082f7fe9d875c8135deb4a5fc80efcbbb6b76ba5a7d780b95e3ad74983b36"
        "646ddcf059a94c177f91b8c9571be061"
    ),
)
"""Each row of the state has one, the fifth the first one again."""
_MATRIX = (1, 1, 5, 1, 8, 6, 7, 4)
"""The first row of the circulant matrix by which a column is mixed."""
_POLYNOMIAL, _ROWS, _LENGTH = 0x11D, 8, 12
_LONG_WORD = 2**64 - 1
_ADDED = 0x00F0F0F0F0F0F0F3
_State = tuple[int, ...]


def kupyna(content: bytes, bits: int = 256) -> bytes:
    """Hash it; `bits` are 256, 384 or 512."""
    small = bits <= 256  # noqa: PLR2004 - up to there the state has eight columns, else sixteen
    columns, rounds = (8, 10) if small else (16, 14)
    block = Struct(f"<{columns}Q")
    plain, added = _permutations(columns, rounds)
    state: _State = (block.size, *(0,) * (columns - 1))
    for piece in block.iter_unpack(_padded(content, block.size)):
        mixed = plain(tuple(a ^ b for a, b in zip(state, piece, strict=True)))
        state = tuple(a ^ b ^ c for a, b, c in zip(mixed, added(piece), state, strict=True))
    last = tuple(a ^ b for a, b in zip(plain(state), state, strict=True))
    return block.pack(*last)[-bits // 8 :]


def _padded(content: bytes, block: int) -> bytes:
    zeros = -(len(content) + 1 + _LENGTH) % block
    return content + b"\x80" + bytes(zeros) + (8 * len(content)).to_bytes(_LENGTH, "little")


@cache
def _permutations(columns: int, rounds: int) -> tuple[Callable[[_State], _State], Callable[[_State], _State]]:
    """Give T⊕ and T+ of the standard: they differ by how a round's constants come in."""
    pack = Struct(f"<{columns}Q").pack
    zero, one, two, three, four, five, six, seven = _tables()
    last_shift = 7 if columns == _ROWS else 11
    shifts = (0, 1, 2, 3, 4, 5, 6, last_shift)
    from_where = [
        tuple(_ROWS * ((column - shift) % columns) + row for row, shift in enumerate(shifts))
        for column in range(columns)
    ]
    xored = [tuple(column << 4 ^ turn for column in range(columns)) for turn in range(rounds)]
    added = [
        tuple(_ADDED ^ (((columns - 1 - column) << 4 ^ turn) << 56) for column in range(columns))
        for turn in range(rounds)
    ]

    def mix(state: Sequence[int]) -> _State:
        octets = pack(*state)
        return tuple(
            zero[octets[a]]
            ^ one[octets[b]]
            ^ two[octets[c]]
            ^ three[octets[d]]
            ^ four[octets[e]]
            ^ five[octets[f]]
            ^ six[octets[g]]
            ^ seven[octets[h]]
            for a, b, c, d, e, f, g, h in from_where
        )

    def by_xor(state: _State) -> _State:
        for constants in xored:
            state = mix([a ^ b for a, b in zip(state, constants, strict=True)])
        return state

    def by_sum(state: _State) -> _State:
        for constants in added:
            state = mix([a + b & _LONG_WORD for a, b in zip(state, constants, strict=True)])
        return state

    return by_xor, by_sum


@cache
def _tables() -> Sequence[Sequence[int]]:
    """Give for each row what an octet in it adds to its column, S-box and matrix in one."""
    return [[_mixed(_SBOXES[row % len(_SBOXES)][octet], row) for octet in range(256)] for row in range(_ROWS)]


def _mixed(octet: int, row: int) -> int:
    return int.from_bytes(
        bytes(_product(octet, _MATRIX[(row - below) % _ROWS]) for below in range(_ROWS)), "little"
    )


def _product(first: int, second: int) -> int:
    product = 0
    while second:
        if second & 1:
            product ^= first
        first, second = first << 1, second >> 1
        if first > 0xFF:  # noqa: PLR2004 - an octet
            first ^= _POLYNOMIAL
    return product
