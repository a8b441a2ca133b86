"""Letters of a paper: any text is printed, by a second font, or by the number of what no font draws."""

import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

FONTS = Path("/usr/share/fonts/opentype/unifont")
"""GNU Unifont, of Debian's package fonts-unifont: all scripts of the basic plane, and emoji."""
_FILES = ("unifont.otf", "unifont_upper.otf")
_PLAIN = re.compile(
    r"[\n\x20-\x7e\xa0-\xac\xae-\u024f\u0400-\u04ff\u2010-\u2027\u2030-\u2040\u20a0-\u20b4№→™]*"
)
"""Letters that the first font draws: nearly every text has no others."""
_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the order of what follows: on a paper that is signed it stands as it was written."""
_UNSEEN = dict.fromkeys([0xAD, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)])
"""Hints to the one who draws; there is nothing to be seen of them."""
_LONG = re.compile(r"[^\s\u200b]{25,}")
_PICTURES, _CONTROLS, _DELETE = 0x2400, 0x20, 0x7F
_CMAP, _TABLE, _GROUP = struct.Struct(">4sIII"), struct.Struct(">HHI"), struct.Struct(">III")
_WHOLE_UNICODE = 12

Draws = Callable[[str], bool]


def is_plain(value: Any) -> bool:
    """Tell whether the first font draws all texts of the JSON value."""
    match value:
        case str():
            return _PLAIN.fullmatch(value) is not None
        case list():
            return all(map(is_plain, value))
        case dict():
            return all(map(is_plain, value.values()))
        case _:
            return True


def printable(value: Any, draws: Draws) -> Any:
    """Give the JSON value with its texts as they can be printed; `draws` knows the second font."""
    match value:
        case str():
            return _LONG.sub(_breakable, value if is_plain(value) else "".join(_shown(value, draws)))
        case list():
            return [printable(one, draws) for one in value]
        case dict():
            return {name: printable(one, draws) for name, one in value.items()}
        case _:
            return value


def nothing(_letter: str) -> bool:
    """Draw no letter: there is no second font."""
    return False


def drawn_by(folder: Path) -> Draws:
    """Tell what the fonts of the folder draw; nothing when they are not there."""
    spans = [span for name in _FILES if (folder / name).exists() for span in _spans(folder / name)]
    return lambda letter: any(first <= ord(letter) <= last for first, last in spans)


def _shown(text: str, draws: Draws) -> Iterator[str]:
    for letter in text.replace("\r\n", "\n").translate(_BREAKS).replace("\t", " ").translate(_UNSEEN):
        picture = _picture(letter)
        if is_plain(letter) or (letter not in _TURNS and _has_form(letter) and draws(letter)):
            yield letter
        elif picture and draws(picture):
            yield picture
        else:
            yield f"[U+{ord(letter):04X}]"


def _picture(letter: str) -> str:
    """Give the picture that Unicode has of a control character; empty for any other."""
    if ord(letter) < _CONTROLS:
        return chr(_PICTURES + ord(letter))
    return "␡" if ord(letter) == _DELETE else ""


def _has_form(letter: str) -> bool:
    """Tell whether it is a character: no control code, no half of one (a surrogate), and assigned."""
    return unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"}


def _breakable(long: re.Match[str]) -> str:
    """Let a word that no cell can hold go on in the next line, between letters that stand alone."""
    word = long[0]
    pieces = [word[:1]]
    for before, after in pairwise(word):
        joined = before == "\u200d" or after == "\u200d" or unicodedata.combining(after)
        pieces.append(after if joined else f"\u200b{after}")
    return "".join(pieces)


def _spans(font: Path) -> Sequence[tuple[int, int]]:
    """Read which letters the font draws: its `cmap` table, in the format for all of Unicode."""
    content = font.read_bytes()
    tables = (_CMAP.unpack_from(content, 12 + 16 * at) for at in range(int.from_bytes(content[4:6])))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    found: list[tuple[int, int]] = []
    for at in range(int.from_bytes(content[cmap + 2 : cmap + 4])):
        table = cmap + _TABLE.unpack_from(content, cmap + 4 + 8 * at)[2]
        if int.from_bytes(content[table : table + 2]) == _WHOLE_UNICODE:
            groups = int.from_bytes(content[table + 12 : table + 16])
            found += [
                _GROUP.unpack_from(content, table + 16 + _GROUP.size * group)[:2] for group in range(groups)
            ]
    return found
