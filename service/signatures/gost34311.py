"""The hash ГОСТ 34.311-95 (RFC 5831 has it in English), by the S-box that Ukrainian keys name."""

from collections.abc import Iterator, Sequence
from functools import cache
from struct import Struct

DKE = bytes.fromhex(
    "a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17"
    "f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904"
)
"""The S-box (long-term key, ДКЕ) №1, taken where none is named: eight rows of sixteen half-octets."""
_BLOCK = 32
_WORD, _LONG_WORD, _ALL = 2**32 - 1, 2**64 - 1, 2**256 - 1
_HALVES, _KEYS = Struct("<16H"), Struct("<8I")
_CONSTANT = int.from_bytes(
    bytes.fromhex("00ff00ff00ff00ffff00ff00ff00ff0000ffff00ff0000ffff000000ffff00ff"), "little"
)
"""C₃ of the standard; C₂ and C₄ are zero."""
_ROUNDS = (*range(8), *range(8), *range(8), *range(7, -1, -1))
_Box = tuple[Sequence[int], Sequence[int]]


def gost34311(content: bytes, sbox: bytes = DKE) -> bytes:
    """Hash it; 32 octets. `sbox` is as a key's parameters write it, 64 octets."""
    box = _box(sbox)
    state = total = 0
    for at in range(0, len(content), _BLOCK):
        block = int.from_bytes(content[at : at + _BLOCK], "little")
        state = _step(state, block, box)
        total = total + block & _ALL
    return _step(_step(state, 8 * len(content), box), total, box).to_bytes(_BLOCK, "little")


@cache
def _box(sbox: bytes) -> _Box:
    """Give what the lower and upper halves of a word become by the S-box and the turn by 11 bits."""
    rows = [[int(one, 16) for one in sbox.hex()[at : at + 16]] for at in range(0, 128, 16)]
    return tuple(_half(rows[:4], 0)), tuple(_half(rows[4:], 16))


def _half(rows: Sequence[Sequence[int]], shift: int) -> Iterator[int]:
    first, second, third, fourth = rows
    for d in fourth:
        for c in third:
            for b in second:
                for a in first:
                    word = (d << 12 | c << 8 | b << 4 | a) << shift
                    yield (word << 11 | word >> 21) & _WORD


def _step(state: int, block: int, box: _Box) -> int:
    """Mix a block into the state, both of 256 bits."""
    enciphered = 0
    u, v = state, block
    for turn in range(4):
        if turn:
            u = _a(u) ^ (_CONSTANT if turn == 2 else 0)  # noqa: PLR2004 - C₃
            v = _a(_a(v))
        enciphered |= _encipher(state >> 64 * turn & _LONG_WORD, _key(u ^ v), box) << 64 * turn
    mixed = _psi(_psi(enciphered, 12) ^ block, 1) ^ state
    return _psi(mixed, 61)


def _a(value: int) -> int:
    return value >> 64 | ((value ^ value >> 64) & _LONG_WORD) << 192


def _key(value: int) -> Sequence[int]:
    """Give the key of eight words; its octets are those of `value`, each eighth beside the other."""
    octets = value.to_bytes(_BLOCK, "little")
    turned = bytearray(_BLOCK)
    for one in range(4):
        turned[one::4] = octets[8 * one : 8 * one + 8]
    return _KEYS.unpack(turned)


def _encipher(block: int, key: Sequence[int], box: _Box) -> int:
    """ГОСТ 28147-89, one block of 64 bits."""
    low, high = box
    first, second = block & _WORD, block >> 32
    for one in _ROUNDS:
        word = first + key[one] & _WORD
        first, second = second ^ low[word & 0xFFFF] ^ high[word >> 16], first
    return first << 32 | second


def _psi(value: int, times: int) -> int:
    """Shift a register of sixteen half-words so often."""
    words = list(_HALVES.unpack(value.to_bytes(_BLOCK, "little")))
    for at in range(times):
        words.append(
            words[at] ^ words[at + 1] ^ words[at + 2] ^ words[at + 3] ^ words[at + 12] ^ words[at + 15]
        )
    return int.from_bytes(_HALVES.pack(*words[-16:]), "little")
