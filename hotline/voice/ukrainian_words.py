"""The dictionary of Ukrainian word forms, loaded when a word is looked up for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

REMEMBERED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One reading of a word as a noun, in OpenCorpora's short names: `gent`, `femn`; empty: not told."""

    case: str
    gender: str
    plural: bool


@lru_cache(REMEMBERED)
def nouns(word: str) -> Sequence[Noun]:
    """Give the readings of a word that are known nouns; the gender is that of its singular."""
    found = []
    for one in dictionary().parse(word):
        if "NOUN" in one.tag and one.is_known:
            gender = one.tag.gender or dictionary().parse(one.normal_form)[0].tag.gender or ""
            found.append(Noun(case=one.tag.case or "", gender=gender, plural=one.tag.number == "plur"))
    return found


@cache
def dictionary() -> "MorphAnalyzer":
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - costs memory that only a doubtful word needs

    return MorphAnalyzer(lang="uk")
