"""The post of one process: what it writes to the others, and what it reads of theirs.

A letter is a row, which each process reads within a second. A notification hastens the reading where letters
of its kind are wanted at once: each reading is a trip to the database, in every process that makes it. What
this process writes while the database is away waits, and is written in its order.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from functools import partial
from typing import Protocol

from attrs import define, field
from sqlalchemy.exc import SQLAlchemyError

from hotline.isolation import repeat, run_isolated
from storage.processes.letters import MOST_READ, Letter, Listening, StoredLetters, Written

log = logging.getLogger(__name__)

CATCH_UP_SECONDS = 1.0
"""A letter that has no notification, or whose notification was lost, is read this much later."""
GATHER_SECONDS = 0.5
"""Letters that nobody waits for are written together; one that is waited for takes them along."""
AGAIN_SECONDS = 0.5
FORGET_EVERY = 20.0
KEPT = timedelta(minutes=2)
"""A process that reads nothing for this long misses letters: its screens read everything again."""
ROOM = 10_000
"""Letters that wait for the database; the oldest are lost then, as screens read again what they missed."""
_AWAY = (SQLAlchemyError, OSError)

Reader = Callable[[Letter], None]
"""Takes a letter; returns at once."""


class Haste(Enum):
    """How soon a letter has to be read."""

    AT_ONCE = "at once"
    SOON = "soon"
    """Within half a second or so, together with others."""
    BY_THE_LOOK = "by the look"
    """When a process looks by itself, once a second."""


class Writes(Protocol):
    """Writes to all other processes."""

    def send(self, kind: str, body: str, haste: Haste = Haste.AT_ONCE) -> None:
        """Have it written; returns at once."""
        ...


@define(eq=False, repr=False)
class Post:
    """Implements `Writes`. `name` is this process's own."""

    _letters: StoredLetters
    name: str
    _readers: dict[str, list[Reader]] = field(factory=dict, init=False)
    _at_once: set[str] = field(factory=set, init=False)
    """Kinds that are read here as soon as one is told of."""
    _waiting: deque[Written] = field(factory=lambda: deque(maxlen=ROOM), init=False)
    _written: asyncio.Event = field(factory=asyncio.Event, init=False)
    _hurry: asyncio.Event = field(factory=asyncio.Event, init=False)
    _told: asyncio.Event = field(factory=asyncio.Event, init=False)
    _listening: Listening | None = field(default=None, init=False)
    _sent: int = field(default=0, init=False)
    _read: int = field(default=0, init=False)
    _places: dict[str, int] = field(factory=dict, init=False)
    """Up to which of each sender's letters were read: one that is there twice is read once."""
    _began: float = field(default=0.0, init=False)

    def send(self, kind: str, body: str, haste: Haste = Haste.AT_ONCE) -> None:
        self._sent += 1
        told = haste is not Haste.BY_THE_LOOK
        self._waiting.append(Written(place=self._sent, kind=kind, body=body, told=told))
        self._written.set()
        if haste is Haste.AT_ONCE:
            self._hurry.set()

    def take_back(self, body: str) -> None:
        """Do not write it any more, unless it is written."""
        for one in self._waiting:
            if one.body == body:
                self._waiting.remove(one)
                return

    def on(self, kind: str, reader: Reader, *, at_once: bool = True) -> None:
        """Have letters of this kind from other processes given to it: as soon as told of, or by the look."""
        self._readers.setdefault(kind, []).append(reader)
        if at_once:
            self._at_once.add(kind)

    async def begin(self) -> None:
        """Read from here on: what was written before this process is none of its concern."""
        self._began = asyncio.get_running_loop().time()
        self._read = await self._letters.newest()

    async def keep(self) -> None:
        """Write and read for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_writing(), name="post-out")
            tasks.create_task(self._keep_listening(), name="post-news")
            tasks.create_task(self._keep_reading(), name="post-in")
            forget = repeat(
                lambda: self._letters.forget(KEPT), every=FORGET_EVERY, failure="old letters stay"
            )
            tasks.create_task(forget, name="post-old")

    async def _keep_writing(self) -> None:
        while True:
            await self._written.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._hurry.wait()
            self._written.clear()
            self._hurry.clear()
            while self._waiting:
                await self._write(list(self._waiting))

    async def _write(self, batch: Sequence[Written]) -> None:
        """Write what waits; what the database does not take waits on."""
        try:
            await self._letters.send(self.name, batch)
        except _AWAY as error:
            log.warning("letters to other processes wait, the database is away reason=%s", error)
            await asyncio.sleep(AGAIN_SECONDS)
            return
        for one in batch:
            if self._waiting and self._waiting[0] is one:  # the oldest may have been lost meanwhile
                self._waiting.popleft()

    async def _keep_listening(self) -> None:
        while True:
            try:
                async with self._letters.listening(self._are_told) as self._listening:
                    await self._listening.lost.wait()
                self._begin_again()
            except _AWAY as error:
                log.warning("letters of other processes come late, the database is away reason=%s", error)
            finally:
                self._listening = None
            await asyncio.sleep(AGAIN_SECONDS)

    def _are_told(self, sender: str, kinds: Collection[str]) -> None:
        """Take note of letters written just now; without a sender it is a process of before that tells."""
        if not sender or (sender != self.name and not self._at_once.isdisjoint(kinds)):
            self._told.set()

    def _begin_again(self) -> None:
        """Look through all letters that are kept: a database that was away may give numbers once more."""
        self._read = 0
        self._told.set()

    async def _keep_reading(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CATCH_UP_SECONDS):
                    await self._told.wait()
            self._told.clear()
            try:
                while len(letters := await self._after(self._read)) == MOST_READ:
                    await self._give(letters)
                await self._give(letters)
            except _AWAY as error:
                log.warning("letters of other processes not read, the database is away reason=%s", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _after(self, number: int) -> Sequence[Letter]:
        return await (self._listening or self._letters).after(number)

    async def _give(self, letters: Sequence[Letter]) -> None:
        for one in letters:
            self._read = one.number
            if self._is_news(one):
                self._places[one.sender] = one.place
                for reader in self._readers.get(one.kind, ()):
                    # One that cannot be read, as another version's, holds up no other.
                    failure = f"letter of another process not read kind={one.kind}"
                    await run_isolated(partial(_given_to, reader, one), failure)

    def _is_news(self, one: Letter) -> bool:
        """Tell whether another process wrote it since this one began, and it was not read yet."""
        lived = asyncio.get_running_loop().time() - self._began
        return one.sender != self.name and one.age <= lived and one.place > self._places.get(one.sender, 0)


async def _given_to(reader: Reader, letter: Letter) -> None:
    reader(letter)
