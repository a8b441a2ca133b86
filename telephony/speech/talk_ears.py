"""The pool of ears for callers: processes that stay loaded with the service, for one question each at a time.

Nobody waits for one: where none is free, or one dies, the caller answers by keys.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import msgspec
from attrs import define, field

from hotline.isolation import run_isolated
from hotline.speech.hearing import Heard, HeardWord, Hints, NotHeard
from hotline.voice.speech import Language
from telephony.speech.ear_process import EarProcess, as_heard, ear_process
from telephony.speech.models import Found
from telephony.speech.questions import Begin, Chunk, End, Message, Told

log = logging.getLogger(__name__)

PROGRAM = (sys.executable, "-m", "telephony.speech.conversing")
AGAIN_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
"""The pauses before an ear that died is begun again: the first, and the longest of one that dies at once."""
STEADY_SECONDS = 60.0
MOST_UNREAD = 200_000
"""Octets that a process may leave unread, some ten seconds of speech: it hangs then, or the machine does."""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Told).decode


class Listening:
    """One question to one ear: what became of it so far. `changed` is told of every change."""

    def __init__(self, ear: "TalkEar", number: int, changed: Callable[[], None]) -> None:
        self.spoke = False
        """They have begun to speak."""
        self.heard: Heard | None = None
        self.lost = False
        """Nothing will be heard any more: the ear has died, or the sound did not come."""
        self.ended = asyncio.Event()
        """Nobody waits for it any more."""
        self.number = number
        self._ear = ear
        self._changed = changed

    @property
    def over(self) -> bool:
        return self.lost or self.heard is not None

    @property
    def answer(self) -> Heard:
        """What was heard; no words: an ear that is lost made out nothing of what it was told."""
        return self.heard or self._ear.as_heard(())

    def take(self, pcm: bytes) -> None:
        """Take the caller's next samples of 16 bits at 8 kHz, and never wait."""
        if not self.ended.is_set() and not self.over:
            self._ear.send(Chunk(pcm))

    def told(self, told: Told) -> None:
        """Hear from the ear."""
        if told.fault:
            log.warning("question not heard model=%s: %s", self._ear.found.folder.name, told.fault)
            self.lose()
            return
        self.spoke = self.spoke or told.spoke or bool(told.words)
        if told.words is not None:
            self.heard = self._ear.as_heard(told.words, told.others)
        self._changed()

    def lose(self) -> None:
        if not self.over:
            self.lost = True
            self._changed()

    def end(self, *, hangs: bool = False) -> None:
        """Give the ear back for the next question; one that `hangs` is ended, and begun again."""
        if not self.ended.is_set():
            self.ended.set()
            self._ear.release(self, hangs=hangs)


@define(eq=False, repr=False)
class TalkEar:
    """One process with its model."""

    found: Found
    language: Language
    _program: Sequence[str]
    _process: EarProcess | None = field(default=None, init=False)
    """None: not loaded now."""
    _listening: Listening | None = field(default=None, init=False)
    _asked: int = field(default=0, init=False)

    @property
    def free(self) -> bool:
        return self._process is not None and self._listening is None

    def begin(self, hints: Hints, most_seconds: float, changed: Callable[[], None]) -> Listening:
        """Ask a question; only where it is free."""
        self._asked += 1
        self._listening = Listening(self, self._asked, changed)
        self.send(Begin(self._asked, hints, most_seconds))
        return self._listening

    def send(self, message: Message) -> None:
        """Write without waiting; a process that leaves too much unread is ended."""
        process = self._process
        if process is None or process.stdin.is_closing():
            return
        process.stdin.write(_encode(message) + b"\n")
        if process.stdin.transport.get_write_buffer_size() > MOST_UNREAD:
            self._kill()

    def release(self, listening: Listening, *, hangs: bool) -> None:
        if self._listening is listening:
            self._listening = None
            self._kill() if hangs else self.send(End())

    def as_heard(self, words: Sequence[HeardWord], others: Sequence[Sequence[HeardWord]] = ()) -> Heard:
        return as_heard(self.found, self.language, words, others)

    async def keep(self) -> NoReturn:
        """Have the process there, for ever; its end is told to the question that it listens to."""
        clock, pause = asyncio.get_running_loop().time, AGAIN_SECONDS
        while True:
            began = clock()
            await run_isolated(self._live, f"ear of {self.found.folder.name} not kept")
            pause = AGAIN_SECONDS if clock() - began >= STEADY_SECONDS else pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _live(self) -> None:
        """Begin it, and hear from it until it ends."""
        model = self.found.folder.name
        async with ear_process(self._program, self.found, self.language) as process:
            try:
                told = await process.loaded(Told)
                log.info("ear loaded model=%s seconds=%.1f mb=%d", model, told.took, told.peak_mb)
                self._process = process
                await self._read(process)
                log.warning("ear died model=%s: %s", model, process.last_printed)
            except NotHeard as error:
                log.warning("ear not loaded model=%s: %s", model, error)
            finally:
                self._process = None
                if self._listening is not None:
                    self._listening.lose()

    async def _read(self, process: EarProcess) -> None:
        while line := await process.stdout.readline():
            told, listening = _decode(line), self._listening
            if listening is not None and listening.number == told.question:
                listening.told(told)

    def _kill(self) -> None:
        if self._process is not None and self._process.kill():
            log.warning("ear hangs, it is begun again model=%s", self.found.folder.name)
            self._process = None


class TalkEars:
    """All ears, by language; none where no model is set."""

    def __init__(
        self, models: Mapping[Language, Found], at_once: int, *, program: Sequence[str] = PROGRAM
    ) -> None:
        self._ears = [
            TalkEar(found, language, program) for language, found in models.items() for _ in range(at_once)
        ]

    def free(self, language: Language) -> bool:
        """Whether somebody who speaks it could be heard now."""
        return self._free(language) is not None

    def begin(
        self, language: Language, hints: Hints, most_seconds: float, changed: Callable[[], None]
    ) -> Listening | None:
        """Ask a question of a free ear; None where there is none."""
        ear = self._free(language)
        return None if ear is None else ear.begin(hints, most_seconds, changed)

    async def keep(self) -> None:
        """Have them all loaded, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for ear in self._ears:
                tasks.create_task(ear.keep())

    def _free(self, language: Language) -> TalkEar | None:
        return next((ear for ear in self._ears if ear.language is language and ear.free), None)
