"""Names of people among words, by pymorphy3's dictionary: `Іванівни` is the patronymic Іванівна."""

from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.speech.said_names import NameKind, NamePart
from storage.city.lemmas import parses_of

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

KEPT = 4096
_KINDS = {"Name": NameKind.FIRST, "Patr": NameKind.PATRONYMIC, "Surn": NameKind.SURNAME}
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")


class NameWords:
    """`hotline.speech.said_names.Names`. It holds the processor for a millisecond: off the loop."""

    def __init__(self) -> None:
        self._of = lru_cache(KEPT)(_part)

    def __call__(self, word: str) -> NamePart | None:
        return self._of(word)


def _part(word: str) -> NamePart | None:
    if _LATIN.issuperset(word):  # the dictionary has no English name, and no other English word
        return NamePart(NameKind.PERHAPS, word.capitalize())
    parses = parses_of(word)
    for mark, kind in _KINDS.items():
        there = [one for one in parses if mark in one.tag]
        if there:
            rare = kind is NameKind.SURNAME and there[0] is not parses[0]  # `Мороз`: a thing first of all
            return NamePart(NameKind.PERHAPS if rare else kind, _nominative(there))
    first = parses[0] if parses else None
    if first is None or not first.is_known or first.tag.POS == "ADJF":
        return NamePart(NameKind.PERHAPS, _nominative(parses[:1]) if first else word.capitalize())
    return None


def _nominative(parses: "list[Parse]") -> str:
    """Write it as a form has it; one whose nominative the dictionary cannot make stays as it was said."""
    as_said = next((one for one in parses if one.tag.case == "nomn"), None)
    made = parses[0].inflect({"nomn"}) if as_said is None else None
    return str((as_said or made or parses[0]).word).title()
