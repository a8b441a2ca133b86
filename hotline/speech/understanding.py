"""Understanding of what was heard: the rules in the words in force, as conversations ask them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from attrs import define, field

from hotline.city.addresses import Address, Gazetteer, Streets
from hotline.city.category_search import CategorySearch
from hotline.city.classifier import Utility
from hotline.city.search_terms import Lemmas, words
from hotline.isolation import read_isolated
from hotline.speech.answers import HeardAnswer
from hotline.speech.guesses import (
    Guesses,
    addresses_among,
    addresses_told_among,
    answer_among,
    digits_among,
    emergency_among,
    guesses_in,
    houses_among,
    is_off_in_street_among,
    numbers_among,
    topic_among,
    utility_among,
)
from hotline.speech.hearing import Heard, Hints
from hotline.speech.said_since import without_times
from hotline.speech.spoken_numbers import SpokenNumber
from hotline.speech.topics import Topic
from hotline.speech.vocabulary import Vocabularies, Vocabulary
from hotline.voice.speech import Language

REGISTER_SECONDS = 1.0


@define(eq=False, repr=False, kw_only=True)
class Understanding:
    """The rules, with the dictionary, the words of each language and the city's categories."""

    _lemmas: Lemmas
    _words: Vocabularies
    _categories: CategorySearch
    _streets: Streets | None = None
    """The city's register, if the name of a street is to be told from an emergency."""
    _hints: dict[tuple[Language, str], Hints] = field(factory=dict, init=False)
    """Those asked for so far: the words do not change, and each menu asks."""

    def hints(self, language: Language, question: str) -> Hints:
        """Give what an ear is told beforehand of such a question."""
        known = self._hints.get((language, question))
        if known is None:
            known = self._hints[language, question] = self._words[language].hints(question)
        return known

    async def forms(self, text: str) -> Sequence[frozenset[str]]:
        """Give the words of a text, each with its dictionary forms, less those that only join others."""
        said = words(text)
        return [some | {word} for word, some in zip(said, await self._lemmas.of(said), strict=True) if some]

    async def answer(self, heard: Heard) -> HeardAnswer | None:
        return answer_among(await self._guesses(heard), self._words[heard.language])

    async def emergency(self, heard: Heard, *, where: bool = False, streets: Gazetteer | None = None) -> bool:
        """Tell whether they speak of an emergency, whatever they were asked.

        `where`: for a place or a number; `streets`: for one of these, whose names are none.
        """
        words = self._words[heard.language]
        return emergency_among(await self._guesses(heard), words, where=where, streets=streets)

    async def topic(self, heard: Heard) -> Topic | None:
        """Look in a thread: torn words are looked through sound by sound, and other calls go on meanwhile.

        An emergency by the name of a street alone, where something is off, is a matter of outages.
        """
        guesses, categories = await self._guesses(heard), await self._categories.words()
        words = self._words[heard.language]
        topic = await asyncio.to_thread(topic_among, guesses, words, categories)
        if topic is Topic.EMERGENCY and await self._is_off_in_street(guesses, words):
            return Topic.OUTAGES
        return topic

    async def _is_off_in_street(self, guesses: Guesses, words: Vocabulary) -> bool:
        """Without the register at once an emergency is one."""
        if self._streets is None:
            return False
        look_up = asyncio.wait_for(self._streets.gazetteer(), REGISTER_SECONDS)
        register = await read_isolated(look_up, "streets not looked up, it is an emergency", otherwise=None)
        if register is None:
            return False
        return await asyncio.to_thread(is_off_in_street_among, guesses, words, register)

    async def utility(self, heard: Heard) -> Utility | None:
        return utility_among(await self._guesses(heard), self._words[heard.language])

    async def numbers(self, heard: Heard) -> Sequence[SpokenNumber]:
        return numbers_among(await self._guesses(heard), self._words[heard.language])

    async def digits(self, heard: Heard) -> str:
        return digits_among(await self._guesses(heard), self._words[heard.language])

    async def addresses(self, heard: Heard, register: Gazetteer) -> Sequence[Address]:
        """Look in a thread: a register has thousands of names, and other calls go on meanwhile."""
        words = self._words[heard.language]
        return await asyncio.to_thread(addresses_among, await self._guesses(heard), register, words)

    async def addresses_told(self, heard: Heard, register: Gazetteer, now: datetime) -> Sequence[Address]:
        """Look for addresses in words that speak of other things as well; `now` is the city's."""
        words = self._words[heard.language]
        guesses = await self._without_times(heard, now)
        return await asyncio.to_thread(addresses_told_among, guesses, register, words)

    async def digits_told(self, heard: Heard, now: datetime) -> str:
        """Give the digits in words that speak of other things as well; `now` is the city's."""
        return digits_among(await self._without_times(heard, now), self._words[heard.language])

    async def houses(self, heard: Heard, street: str, register: Gazetteer) -> Sequence[Address]:
        return houses_among(await self._guesses(heard), street, register, self._words[heard.language])

    async def _without_times(self, heard: Heard, now: datetime) -> Guesses:
        words = self._words[heard.language]
        return [without_times(said, words, now) for said in await self._guesses(heard)]

    async def _guesses(self, heard: Heard) -> Guesses:
        return await guesses_in(heard, self._lemmas)
