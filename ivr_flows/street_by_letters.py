"""Asks for any street of the register, by push buttons: the first letters until few are left, then a list.

The keys are those that have the letters on a telephone (ETSI ES 202 130); the voice names the letters, for
most callers see none.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Gazetteer
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.asking_where import DISPATCHER, KEYS, MISTAKES_BORNE, Elsewhere, choose_street, in_lists

LETTERS: Mapping[str, str] = {
    "2": "АБВГҐ",
    "3": "ДЕЄЖЗ",
    "4": "ИІЇЙКЛ",
    "5": "МНОП",
    "6": "РСТУ",
    "7": "ФХЦЧ",
    "8": "ШЩ",
    "9": "ЬЮЯ",
}
_KEY_OF = {letter: key for key, letters in LETTERS.items() for letter in letters}
_FIGURES = re.compile(r"\d+(?:\W\w{1,2}\b)?")

Names = Mapping[str, str]
"""The bare names of streets in capitals → the streets by their present names."""


async def street_by_letters(call: Call, register: Gazetteer) -> str | Next:
    """Find the street; a caller who is lost gets a dispatcher, silence leads to the menu."""
    names, place = register.bare_names(), 0
    while len(streets_of(names)) > len(KEYS) and (groups := by_keys(names, place)):
        match await _key(call, groups, place) if len(groups) > 1 else next(iter(groups)):
            case Next() as elsewhere:
                return elsewhere
            case key:
                names = {name: street for name, street in names.items() if key_at(name, place) in {key, ""}}
        place += 1
    match await choose_street(call, in_lists(streets_of(names)), said.CHOOSE_STREET):
        case Elsewhere():
            return Next.DISPATCHER
        case found:
            return found


def streets_of(names: Names) -> Sequence[str]:
    return list(dict.fromkeys(names[name] for name in sorted(names, key=lambda one: (letters_of(one), one))))


def by_keys(names: Collection[str], place: int) -> Mapping[str, str]:
    """Give the letters of the names at this place, by their keys; names that end before it have none.

    Those stay on every road: a short name is no less to be found than the longer ones that begin like it.
    """
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        if key := key_at(name, place):
            groups[key].add(letters_of(name)[place])
    return {key: "".join(sorted(groups[key], key=LETTERS[key].index)) for key in sorted(groups)}


def key_at(name: str, place: int) -> str:
    return "".join(_KEY_OF[letter] for letter in letters_of(name)[place : place + 1])


def letters_of(name: str) -> str:
    """Give the letters of a name that callers spell: no figures with their endings (`77-ї`), signs, gaps."""
    return "".join(one for one in _FIGURES.sub("", name) if one in _KEY_OF)


async def _key(call: Call, groups: Mapping[str, str], place: int) -> str | Next:
    asked = said.letter_choices(groups, first=place == 0)
    for mistakes in range(MISTAKES_BORNE):
        before = [prompts.WRONG_KEY] if mistakes else []
        match await call.choose(*before, *asked, keys="".join(groups) + DISPATCHER):
            case None:
                return Next.MENU
            case key if key in groups:
                return key
            case key if key == DISPATCHER:
                break
    return Next.DISPATCHER
