"""New passwords: the rule that refuses those too easy to guess (NIST SP 800-63B, 3.1.1.2).

Length protects, not signs of every kind, and nothing forces a change by the calendar. Refused are those that
are tried first: well-known words, the person's and the city's own, rows of keys, repetitions, years, and
joinings of few of them. The public lists are megabytes and know neither Ukrainian nor us; this one is short,
and the rule reads a password as its guessers do: a known piece counts like two letters, whatever its length.
"""

import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import takewhile

SHORTEST = 12
LONGEST = 200
_LIKE_LETTERS = 2
"""A known word, a row of keys or a year is as good as two letters."""
_ENOUGH = 7
_SHORTEST_WORD = 3
_SHORTEST_ROW = 3
_READ = 64
"""Letters behind these are strength enough, or a repetition."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "йцукенгшщзхї", "фівапролджє", "ячсмитьбю")
_AS_READ = str.maketrans("@0135$!47", "aoiessiat")
"""Digits and signs that stand for letters."""


class Fault(StrEnum):
    """Reasons to refuse a new password."""

    LENGTH = "length"
    LOGIN = "login"
    COMMON = "common"


def fault_of(password: str, login: str, name: str = "") -> Fault | None:
    """Tell why this password cannot be taken; None for one that can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return Fault.LENGTH
    if login.casefold() in password.casefold():
        return Fault.LOGIN
    own = {part for part in _folded(f"{login} {name}").split() if len(part) >= _SHORTEST_WORD}
    return Fault.COMMON if strength(password, own) < _ENOUGH else None


def strength(password: str, own: Collection[str] = ()) -> int:
    """Count the pieces by which the password would be guessed; spaces and the like count nothing."""
    text = _folded(password)[:_READ]
    known = (_common_words() | set(own)) if own else _common_words()
    at = found = 0
    while at < len(text):
        if not text[at].isalnum():
            at += 1
            continue
        repeated = _longest_repetition(text, at)
        piece = max(_longest_word(text, at, known), _longest_row(text, at), _year(text, at))
        if repeated >= max(piece, _SHORTEST_ROW):
            at, found = at + repeated, found + 1
        elif piece:
            at, found = at + piece, found + _LIKE_LETTERS
        else:
            at, found = at + 1, found + 1
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _longest_word(text: str, at: int, known: Collection[str]) -> int:
    """Return the length of the longest known word that begins here, also one with digits for letters."""
    read = text.translate(_AS_READ)
    lengths = range(min(len(text) - at, 24), _SHORTEST_WORD - 1, -1)
    return next((n for n in lengths if text[at : at + n] in known or read[at : at + n] in known), 0)


def _longest_row(text: str, at: int) -> int:
    """Return the length of the row of keys, or of the alphabet, that begins here, in either direction."""
    return max(_run(text, at, _ROW_STEPS), _run(text, at, _alphabet_steps(text[at])))


def _run(text: str, at: int, rows: Iterable[str]) -> int:
    """Return how far the text goes along one of the rows from here; 0 where that is chance."""
    rest = text[at:]
    longest = max((_alike(rest, row[row.find(rest[0]) :]) for row in rows if rest[0] in row), default=0)
    return longest if longest >= _SHORTEST_ROW else 0


def _alike(one: str, other: str) -> int:
    """Count the signs at the beginning that both have."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


_ROW_STEPS = (*_ROWS, *(row[::-1] for row in _ROWS))


def _alphabet_steps(letter: str) -> Iterable[str]:
    up = "".join(chr(ord(letter) + step) for step in range(26))
    down = "".join(chr(max(ord(letter) - step, 1)) for step in range(26))
    return up, down


def _year(text: str, at: int) -> int:
    four = text[at : at + 4]
    return 4 if four.isdigit() and four[:2] in {"19", "20"} else 0


def _longest_repetition(text: str, at: int) -> int:
    """Return how much from here on stood before already: the same sign again, or the same piece."""
    longest = 0
    for length in range(1, len(text) - at + 1):
        if text[at : at + length] not in text[: at + length - 1]:
            break
        longest = length
    return longest


@cache
def _common_words() -> frozenset[str]:
    text = files("hotline.access").joinpath("common_words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
