"""What Asterisk's own dialplan plays while the service is away: copies under bare names."""

import asyncio
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from hotline.speech import Language, Phrase, Voice

SUFFIXES = (".sln16", ".alaw")
NOTHING = {".sln16": bytes(3200), ".alaw": b"\xd5" * 800}
"""A tenth of a second of silence: the dialplan asks nothing, it plays what is there."""


class FallbackPrompts:
    """Keeps the copies as callers would hear the phrases from the service."""

    def __init__(self, voice: Voice, folder: Path) -> None:
        self._voice = voice
        self._folder = folder
        self._kept: dict[str, str] = {}

    async def keep(self, phrases: Iterable[Phrase], language: Language) -> None:
        """Copy what has changed; raises SynthesisError."""
        for phrase in phrases:
            await self.keep_as(phrase.name, phrase, language)

    async def keep_as(self, name: str, phrase: Phrase | None, language: Language) -> None:
        """Keep the phrase under another name; None: silence."""
        media = "" if phrase is None else await self._voice.media(phrase, language)
        if self._kept.get(name) != media:
            await asyncio.to_thread(self._copy, media.removeprefix("sound:"), name)
            self._kept[name] = media

    def _copy(self, source: str, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for suffix in SUFFIXES:
            copy = self._folder / f".{name}.{os.getpid()}{suffix}"
            if source:
                shutil.copyfile(source + suffix, copy)
            else:
                copy.write_bytes(NOTHING[suffix])
            copy.replace(self._folder / (name + suffix))
