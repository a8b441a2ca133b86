"""Slots: who, where, since when, promised what; found in the words of a talk as they are said.

A slot is a guess with the words that it comes from. It is offered beside the field it belongs to, and nothing
is written down by itself. What an appeal is about is proposed by `hotline.appeals.proposing`, from words that
are typed or said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from attrs import define, field

from hotline.city.addresses import Address, Gazetteer
from hotline.city.search_terms import Lemmas, normalised
from hotline.speech.hearing import Heard
from hotline.speech.masking import hidden_in
from hotline.speech.said import Said, SaidWord, said_in
from hotline.speech.said_names import Names, asks_for_name, name_in
from hotline.speech.said_promises import promise_in
from hotline.speech.said_since import SaidSince, since_in, without_times
from hotline.speech.spoken_numbers import numbers_in
from hotline.speech.spoken_places import addresses_told, houses_in
from hotline.speech.transcripts import Speaker
from hotline.speech.vocabulary import Vocabulary

_FLAT = frozenset({"квартира", "кв", "flat", "apartment"})
_UTTERANCES_FOR_A_HOUSE = 4
"""How many utterances after a street its house may be told."""
_WORDS_AROUND = 2


class SlotKind(StrEnum):
    """What a dispatcher asks for in every talk, in the order in which a desk shows it."""

    WHERE = "where"
    WHO = "who"
    SINCE = "since"
    PROMISED = "promised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One guess. `value` is what goes into the field: a moment as one types it (`29.11.2026 09:00`)."""

    kind: SlotKind
    value: str
    words: str
    """What was said."""
    speaker: Speaker
    sure: bool
    """Whether the ear was sure of each of these words."""

    @property
    def houses(self) -> int:
        """How much of an address it has: a street, its house, a flat there."""
        return self.value.count(",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What slots are read by: the city's register, the words of the language, the dictionary of names."""

    register: Gazetteer
    words: Vocabulary
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One utterance: its words made ready for the rules, and each as it is to be shown."""

    speaker: Speaker
    said: Said
    shown: Sequence[str]
    """By the words of `said`; empty where the ear has several of them in one."""

    def text(self, begins: int, ends: int) -> str:
        return " ".join(filter(None, self.shown[begins:ends]))


async def told_in(heard: Heard, speaker: Speaker, lemmas: Lemmas) -> Told:
    """Make what an ear heard ready; numbers of cards and papers are left out, as no slot may show them."""
    hidden = [range(one.first, one.past) for one in hidden_in([word.text for word in heard.words])]
    kept = [word for at, word in enumerate(heard.words) if not any(at in one for one in hidden)]
    parts = [(word.text, normalised(word.text).split()) for word in kept]
    shown = [text if at == 0 else "" for text, some in parts for at, _ in enumerate(some)]
    return Told(speaker=speaker, said=await said_in(replace(heard, words=kept), lemmas), shown=shown)


Filled = Mapping[SlotKind, Slot]


@define(eq=False, repr=False)
class Slots:
    """The slots of one call so far; each utterance is taken once, in the order in which it was said."""

    filled: Filled = field(factory=dict)
    _asked_name: bool = False
    _street: Slot | None = None
    """A street without a house, and for how many utterances its house may follow."""
    _patience: int = 0

    def take(self, told: Told, knowledge: Knowledge, now: datetime) -> None:
        """Hear one utterance; `now` is the city's. What is told later takes the place of what was before."""
        if told.speaker is Speaker.CALLER:  # a dispatcher says their own name, and speaks of what will be
            found = [
                _who(told, knowledge, asked=self._asked_name),
                self._where(told, knowledge, now),
                _since(told, knowledge, now),
            ]
        else:
            found = [self._where(told, knowledge, now), _promised(told)]
        taken = {one.kind: one for one in found if one is not None and self._is_better(one)}
        self.filled = {**self.filled, **taken}
        self._asked_name = told.speaker is Speaker.DISPATCHER and asks_for_name(told.said)

    def _is_better(self, one: Slot) -> bool:
        """A street without a house takes the place of no house."""
        before = self.filled.get(one.kind)
        return one.kind is not SlotKind.WHERE or before is None or one.houses >= before.houses

    def _where(self, told: Told, knowledge: Knowledge, now: datetime) -> Slot | None:
        said = without_times(told.said, knowledge.words, now)
        found = next(iter(addresses_told(said, knowledge.register, knowledge.words)), None)
        if found is None:
            return self._house(told, said, knowledge)
        slot = _slot(SlotKind.WHERE, _address(found, said, knowledge), told, 0, len(told.said))
        self._street = None if found.house else replace(slot, value=found.street)
        self._patience = _UTTERANCES_FOR_A_HOUSE
        return slot

    def _house(self, told: Told, said: Said, knowledge: Knowledge) -> Slot | None:
        """Find the house of a street that was told a moment ago: «Київський квартал» – «Будинок?» – «Сім»."""
        street = self._street
        self._patience -= 1
        if street is None or self._patience < 0 or not numbers_in(said, knowledge.words):
            return None
        found = next(iter(houses_in(said, street.value, knowledge.register, knowledge.words)), None)
        if found is None or not found.house:
            return None
        self._street = None
        slot = _slot(SlotKind.WHERE, _address(found, said, knowledge), told, 0, len(told.said))
        return replace(slot, words=f"{street.words} … {slot.words}", sure=street.sure and slot.sure)


def _who(told: Told, knowledge: Knowledge, *, asked: bool) -> Slot | None:
    found = name_in(told.said, knowledge.names, asked=asked)
    return None if found is None else _slot(SlotKind.WHO, found.text, told, found.begins, found.ends)


def _since(told: Told, knowledge: Knowledge, now: datetime) -> Slot | None:
    found = since_in(told.said, knowledge.words, now)
    return None if found is None else _slot(SlotKind.SINCE, _written(found), told, found.begins, found.ends)


def _promised(told: Told) -> Slot | None:
    found = promise_in(told.said)
    return None if found is None else _slot(SlotKind.PROMISED, told.text(*found), told, *found)


def _slot(kind: SlotKind, value: str, told: Told, begins: int, ends: int) -> Slot:
    """Make a slot of the words from one to before another; a few around them tell what they were about."""
    first, last = max(0, begins - _WORDS_AROUND), min(len(told.said), ends + _WORDS_AROUND)
    sure = all(word.sure for word in told.said[begins:ends])
    return Slot(kind=kind, value=value, words=told.text(first, last), speaker=told.speaker, sure=sure)


def _written(since: SaidSince) -> str:
    day = since.day.strftime("%d.%m.%Y")
    return day if since.clock is None else f"{day} {since.clock:%H:%M}"


def _address(found: Address, said: Said, knowledge: Knowledge) -> str:
    flat = _flat(said, knowledge) if found.house else ""
    return f"{found.text}, кв. {flat}" if flat else found.text


def _flat(said: Said, knowledge: Knowledge) -> str:
    """Find the number beside the word for a flat."""
    for number in numbers_in(said, knowledge.words):
        before = said[number.begins - 1] if number.begins else None
        behind = said[number.ends] if number.ends < len(said) else None
        own = len(number.groups) > 1 or not _says(before, knowledge.words.houses["house"])
        if _says(before, _FLAT) or (own and _says(behind, _FLAT)):
            return number.groups[-1]
    return ""


def _says(word: SaidWord | None, which: frozenset[str]) -> bool:
    return word is not None and not {word.text, *word.forms}.isdisjoint(which)
