"""Speech synthesis: phrases become files for Asterisk, made once and kept by their content.

A known phrase is a look-up and a look at the folder: a deleted file is made anew, never silent. An unknown
one is read aloud first (about 0.2 s).
"""

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from weakref import WeakValueDictionary

from hotline.voice.read_aloud import read_aloud
from hotline.voice.speech import Language, Phrase
from telephony.voice.engines import Engine, SynthesisError
from telephony.voice.prompt_files import ALAW_RATE, PIPELINE, PromptFiles
from telephony.voice.together import ENDS_OF_SENTENCES, MOST_TOGETHER, Together

AT_ONCE = 2
"""Syntheses side by side: more would take the processor from the calls."""
MOST_REMEMBERED = 4096
"""Phrases whose files are remembered in memory; beyond it the disk is looked at again."""

_CYRILLIC = re.compile("[а-яіїєґ]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_STRESS = re.compile(r"\+(\w)")


def language_of(text: str, otherwise: Language) -> Language:
    """Choose the voice's language by the letters: a Ukrainian call, too, hears "For English, press nine"."""
    if _CYRILLIC.search(text):
        return Language.UKRAINIAN
    return Language.ENGLISH if _LATIN.search(text) else otherwise


def words_read(text: str, otherwise: Language) -> str:
    """Write out the words that the voice reads: orders and messages come as people typed them."""
    return read_aloud(text) if language_of(text, otherwise) is Language.UKRAINIAN else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """A text as a voice says it, and the name of its files without suffix."""

    stem: str
    words: str
    engine: Engine


class RHVoice:
    """Implements `hotline.voice.speech.Voice` on a folder of prompts, A-law at 8 kHz and linear at 16 kHz."""

    def __init__(self, folder: Path, engines: Mapping[Language, Engine]) -> None:
        self._folder = folder.absolute()
        self._engines = engines
        self._media = f"sound:{self._folder}/"
        self._files = PromptFiles(self._folder)
        self._known: dict[tuple[str, str], str] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._together = Together()

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        known = self._known.get((phrase.name, phrase.text(language)))
        if known is None or self._files.seconds(known.removeprefix(self._media)) is None:
            return None
        return known

    async def media(self, phrase: Phrase, language: Language) -> str:
        """Give the media URI of the phrase; raises SynthesisError when it cannot be read aloud."""
        known = await self.at_hand(phrase, language)
        return known or await self._found_or_made(phrase.name, phrase.text(language), language)

    def seconds(self, media: str) -> float:
        """Tell how long that sounds; 0 when it is not there any more."""
        if media.startswith(self._media):
            return self._files.seconds(media.removeprefix(self._media)) or 0.0
        with contextlib.suppress(FileNotFoundError):
            return os.stat(media.removeprefix("sound:") + ".alaw").st_size / ALAW_RATE  # noqa: PTH116 - each call asks
        return 0.0

    async def prepare(
        self,
        phrases: Iterable[Phrase],
        languages: Iterable[Language],
        progress: Callable[[int, int], None],
    ) -> None:
        """Make all that is not there yet, telling `progress(done, of)` meanwhile; a stopped run goes on."""
        wanted = list(languages)
        work = [self._spoken(phrase.name, phrase.text(one), one) for phrase in phrases for one in wanted]
        missing = {spoken.stem: spoken for spoken in work if self._files.seconds(spoken.stem) is None}
        remaining = _batches(missing.values())
        if done := len(work) - len(missing):
            progress(done, len(work))

        async def worker() -> None:
            nonlocal done
            for batch in remaining:
                async with self._slots:
                    await self._make_batch(batch)
                done += len(batch)
                progress(done, len(work))

        async with asyncio.TaskGroup() as workers:
            for _ in range(AT_ONCE):
                workers.create_task(worker())

    def forget(self, *, made_before: datetime, keep: Iterable[Phrase]) -> int:
        """Delete files of phrases made before this moment, except `keep`; returns how many phrases.

        Outages and appeals leave their announcements behind; one that is still needed is made anew.
        """
        kept = {self._spoken(p.name, p.text(language), language).stem for p in keep for language in Language}
        gone = 0
        for file in self._folder.glob("*-????????????.alaw"):
            if file.stem not in kept and file.stat().st_mtime < made_before.timestamp():
                file.with_suffix(".sln16").unlink(missing_ok=True)
                file.unlink(missing_ok=True)
                gone += 1
        if gone:
            self._known.clear()
        return gone

    def _spoken(self, name: str, text: str, language: Language) -> "_Spoken":
        engine = self._engines[language_of(text, language)]
        words = words_read(text, language)
        content = f"{engine.name}\n{engine.rate}\n{PIPELINE}\n{words}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        stem = f"{re.sub('[^a-z0-9-]', '', name.lower())[:60]}-{digest}"
        return _Spoken(stem=stem, words=words, engine=engine)

    async def _found_or_made(self, name: str, text: str, language: Language) -> str:
        # In a thread: a figure may take a look into a dictionary of words.
        spoken = await asyncio.to_thread(self._spoken, name, text, language)
        stem = spoken.stem
        lock = self._locks.setdefault(stem, asyncio.Lock())
        async with lock:
            if self._files.seconds(stem) is None:
                async with self._slots:
                    await self._make(stem, spoken.words, spoken.engine)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[name, text] = media = f"{self._media}{stem}"
        return media

    async def _make_batch(self, batch: Sequence[_Spoken]) -> None:
        if len(batch) > 1 and await self._made_together(batch):
            return
        for one in batch:
            await self._make(one.stem, one.words, one.engine)

    async def _made_together(self, batch: Sequence[_Spoken]) -> bool:
        with self._scratch() as scratch:
            texts = [_accented(one.words) for one in batch]
            read = await self._together.read(batch[0].engine, texts, scratch)
            for one, raw in zip(batch, read or [], strict=read is not None):
                await self._keep(one.stem, raw)
            return read is not None

    async def _make(self, stem: str, text: str, engine: Engine) -> None:
        with self._scratch() as scratch:
            raw = scratch / "raw.wav"
            await engine.speak(_accented(text), raw)
            await self._keep(stem, raw)

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".making-", dir=self._folder) as scratch:
                yield Path(scratch)
        except OSError as error:
            raise SynthesisError(f"The sound cannot be kept in {self._folder}: {error}.") from error

    async def _keep(self, stem: str, raw: Path) -> None:
        for made in await asyncio.to_thread(_made_for_telephone, raw):
            made.replace(self._folder / (stem + made.suffix))


def _batches(missing: Iterable[_Spoken]) -> Iterator[Sequence[_Spoken]]:
    """Put together what one process reads; what would run on into the next text stands alone."""
    together: dict[str, list[_Spoken]] = {}
    for one in missing:
        if one.engine.alike and one.words.endswith(ENDS_OF_SENTENCES):
            together.setdefault(one.engine.name, []).append(one)
        else:
            yield [one]
    for of_voice in together.values():
        for first in range(0, len(of_voice), MOST_TOGETHER):
            yield of_voice[first : first + MOST_TOGETHER]


def _accented(text: str) -> str:
    """Mark the stress: RHVoice takes a plus sign only where its settings say so, the accent always."""
    return _STRESS.sub("\\1\N{COMBINING ACUTE ACCENT}", text)


def _made_for_telephone(raw: Path) -> tuple[Path, Path]:
    """Write both files beside the raw sound; the A-law one comes last."""
    from telephony.voice.prompt_sound import (  # noqa: PLC0415 - numpy costs memory that only a new sound needs
        read_wav,
        shaped,
        telephone_files,
    )

    try:
        sound, rate = read_wav(raw)
    except (OSError, EOFError, wave.Error) as error:
        raise SynthesisError(f"The voice wrote no sound: {error}.") from error
    spoken = shaped(sound, rate)
    if not spoken.size:
        raise SynthesisError("The voice was silent.")
    return telephone_files(spoken, rate, raw)
