"""Phrases read aloud ahead of the callers who are about to ask for them."""

import asyncio
from functools import partial

from attrs import define, field

from hotline.isolation import run_isolated
from hotline.voice.speech import Language, Voice
from ivr_flows.ports import MakesPhrases

MOST_WAITING = 50
"""Callers for whom something is to be read; beyond it they hear "one moment" instead."""

Wish = tuple[MakesPhrases, Language]


@define(eq=False, repr=False)
class SpokenAhead:
    """Reads aloud what conversations expect, one caller after the other, beside them."""

    _voice: Voice
    _wishes: asyncio.Queue[Wish] = field(factory=lambda: asyncio.Queue(MOST_WAITING), init=False)

    def ask(self, phrases: MakesPhrases, language: Language) -> None:
        """Have them read as soon as possible; in a crowd nothing comes of it."""
        if not self._wishes.full():
            self._wishes.put_nowait((phrases, language))

    async def keep(self) -> None:
        """Read, for ever."""
        while True:
            wish = await self._wishes.get()
            await run_isolated(partial(self._read, *wish), "a caller's phrases not read ahead")

    async def _read(self, phrases: MakesPhrases, language: Language) -> None:
        for phrase in await phrases():
            await self._voice.media(phrase, language)
