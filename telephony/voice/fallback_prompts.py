"""Prompts of Asterisk's own dialplan while the service is away: copies under plain names."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import define, field

from hotline.voice.speech import Language, Phrase, Voice
from telephony.voice.prompt_files import SUFFIXES

NOTHING = {".sln16": bytes(3200), ".alaw": b"\xd5" * 800}
"""A tenth of a second of silence: the dialplan plays every file, also of a phrase that says nothing."""


@define(eq=False, repr=False)
class FallbackPrompts:
    """Keeps the copies equal to the phrases of the service; deleted ones are made anew."""

    _voice: Voice
    _folder: Path
    _kept: dict[str, Sequence[str]] = field(factory=dict, init=False)

    async def keep(self, phrases: Iterable[Phrase], language: Language) -> None:
        """Copy changed prompts; raises SynthesisError."""
        for phrase in phrases:
            await self.keep_as(phrase.name, [phrase], language)

    async def keep_as(self, name: str, phrases: Sequence[Phrase], language: Language) -> None:
        """Keep the phrases, one behind the other, under another name; none: silence."""
        media = [await self._voice.media(one, language) for one in phrases]
        if self._kept.get(name) != media or not self._is_there(name):
            await asyncio.to_thread(self._copy, [one.removeprefix("sound:") for one in media], name)
            self._kept[name] = media

    def _is_there(self, name: str) -> bool:
        return all((self._folder / (name + suffix)).is_file() for suffix in SUFFIXES)

    def _copy(self, sources: Sequence[str], name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for suffix in SUFFIXES:
            copy = self._folder / f".{name}.{os.getpid()}{suffix}"
            spoken = b"".join(Path(one + suffix).read_bytes() for one in sources)  # sound without a header
            copy.write_bytes(spoken or NOTHING[suffix])
            copy.replace(self._folder / (name + suffix))
