"""Phrases are read aloud beside the conversations, and a crowd holds nobody up."""

import asyncio
from collections.abc import Sequence

from hotline.errors import NotFound
from hotline.voice.speech import Language, NotSpoken, Phrase
from service.voice import ahead as module
from service.voice.ahead import SpokenAhead

STATE = Phrase(name="state", uk="Виконується.", en="In work.")


class ReadingVoice:
    """A `hotline.voice.speech.Voice` that tells what it has read."""

    def __init__(self) -> None:
        self.read: asyncio.Queue[str] = asyncio.Queue()

    async def media(self, phrase: Phrase, language: Language) -> str:
        if not phrase.text(language):
            raise NotSpoken(phrase.name)
        await self.read.put(phrase.text(language))
        return phrase.name

    def seconds(self, media: str) -> float:
        return float(len(media))


async def _state() -> Sequence[Phrase]:
    return [STATE]


async def _fails() -> Sequence[Phrase]:
    raise NotFound("There is no appeal %(number)s.", number="1")


async def _unspeakable() -> Sequence[Phrase]:
    return [Phrase(name="empty", uk="", en="")]


async def test_one_that_fails_keeps_no_other_back() -> None:
    voice = ReadingVoice()
    ahead = SpokenAhead(voice)
    for wish in (_fails, _unspeakable, _state):
        ahead.ask(wish, Language.UKRAINIAN)
    keeping = asyncio.create_task(ahead.keep())
    assert await voice.read.get() == "Виконується."
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_in_a_crowd_the_last_ones_are_left_out() -> None:
    ahead = SpokenAhead(ReadingVoice())
    for _ in range(module.MOST_WAITING + 5):
        ahead.ask(_state, Language.UKRAINIAN)
    assert ahead._wishes.qsize() == module.MOST_WAITING
