"""Places in English: `on Atomnykiv Street, houses one to nine, odd numbers only`."""

from collections.abc import Mapping

from hotline.city.addresses import Area, Side
from hotline.voice import ukrainian
from ivr_flows import english

_KINDS: Mapping[str, tuple[str, str]] = {
    "вулиця": ("on", "Street"),
    "площа": ("on", "Square"),
    "проспект": ("on", "Avenue"),
    "бульвар": ("on", "Boulevard"),
    "узвіз": ("on", "Descent"),
    "майдан": ("on", "Square"),
    "шосе": ("on", "Highway"),
    "провулок": ("in", "Lane"),
    "проїзд": ("in", "Passage"),
    "квартал": ("in", "Quarter"),
    "мікрорайон": ("in", "District"),
    "селище": ("in", "Settlement"),
}
_LETTERS: Mapping[str, str] = dict(
    zip(
        "абвгґдежзиійклмнопрстуфхцчшщь'",
        (
            *("a", "b", "v", "h", "g", "d", "e", "zh", "z", "y", "i", "i", "k", "l", "m", "n", "o"),
            *("p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", ""),
        ),
        strict=True,
    )
)
_SOFT: Mapping[str, tuple[str, str]] = {
    "є": ("ye", "ie"),
    "ї": ("yi", "i"),
    "й": ("y", "i"),
    "ю": ("yu", "iu"),
    "я": ("ya", "ia"),
}
"""At the beginning of a word, and elsewhere."""


def name(street: str) -> str:
    """Write a street or quarter in Latin letters (resolution 55 of 2010): `Atomnykiv Street`."""
    return _name(street)[1]


def at(street: str) -> str:
    """Say a place with its preposition: `in Kyivskyi Quarter`."""
    preposition, said = _name(street)
    return f"{preposition} {said}"


def houses(area: Area) -> str:
    """Say which houses of the street: `houses one to nine`; nothing of a whole street."""
    if area.whole:
        return ""
    if area.letter or (area.first is not None and area.first == area.last):
        letter = f", letter {_latin(area.letter)}" if area.letter else ""
        return f"house {english.cardinal(area.first or 0)}{letter}"
    side = {Side.ODD: ", odd numbers only", Side.EVEN: ", even numbers only", Side.BOTH: ""}[area.side]
    return f"houses{_range(area.first, area.last)}{side}"


def letter(letter: str) -> str:
    """Write a letter in Latin: `Ye`."""
    return _latin(letter.upper())


def _range(first: int | None, last: int | None) -> str:
    if first is not None and last is not None:
        return f" {english.cardinal(first)} to {english.cardinal(last)}"
    if first is not None:
        return f" from {english.cardinal(first)} on"
    return f" up to {english.cardinal(last)}" if last is not None else ""


def _name(street: str) -> tuple[str, str]:
    words = ukrainian.place(street).split()
    kind = next((word.lower() for word in words if word.lower() in _KINDS), None)
    bare = " ".join(_latin(word) for word in words if word.lower() != kind)
    if kind is None:
        return "at", bare
    preposition, said = _KINDS[kind]
    return preposition, f"{bare} {said}".strip()


def _latin(word: str) -> str:
    written = "".join(_letter(word, place) for place in range(len(word)))
    return written[:1].upper() + written[1:] if word[:1].isupper() else written


def _letter(word: str, place: int) -> str:
    letter = word[place].lower()
    if letter == "г" and word[max(0, place - 1)].lower() == "з":
        return "gh"  # not to be read as "zh"
    if letter in _SOFT:
        return _SOFT[letter][place > 0]
    if word[place].isdigit():
        return word[place]
    return _LETTERS.get(letter, letter)
