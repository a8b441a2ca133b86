"""The post of a process: what is wanted at once is read at once, all else by the look, and in one order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from service.processes import post as module
from service.processes.post import Haste, Post
from storage.processes.letters import Letter, Listening, StoredLetters, Told, Written

NEVER = 3600.0


class ListeningAtHand(Listening):
    """Is never lost."""

    def __init__(self, letters: "LettersAtHand") -> None:
        self.lost = asyncio.Event()
        self._letters = letters

    async def after(self, number: int) -> Sequence[Letter]:
        return await self._letters.after(number)


class LettersAtHand(StoredLetters):
    """Letters in memory; who listens is told while they are written."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.readings = 0
        self._kept: list[Letter] = []
        self._listeners: list[Told] = []

    async def newest(self) -> int:
        return len(self._kept)

    async def send(self, sender: str, letters: Sequence[Written]) -> None:
        self.batches.append([one.body for one in letters])
        for one in letters:
            self._kept.append(
                Letter(
                    number=len(self._kept) + 1,
                    sender=sender,
                    place=one.place,
                    kind=one.kind,
                    body=one.body,
                    age=0,
                )
            )
        if kinds := [one.kind for one in letters if one.told]:
            for told in self._listeners:
                told(sender, kinds)

    async def after(self, number: int) -> Sequence[Letter]:
        self.readings += 1
        return self._kept[number:]

    async def forget(self, older: timedelta) -> None:
        del older

    @asynccontextmanager
    async def listening(self, told: Told) -> AsyncIterator[Listening]:
        self._listeners.append(told)
        yield ListeningAtHand(self)

    @property
    def listeners(self) -> int:
        return len(self._listeners)


@asynccontextmanager
async def kept(letters: LettersAtHand, *posts: Post) -> AsyncIterator[None]:
    """Have posts go on, from when each of them listens."""
    for post in posts:
        await post.begin()
    running = [asyncio.create_task(post.keep()) for post in posts]
    try:
        await until(lambda: letters.listeners == len(posts))
        yield
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0)


async def give_way() -> None:
    """Let everything go on that can."""
    for _ in range(100):
        await asyncio.sleep(0)


def reads(post: Post, *kinds: str, at_once: bool = True) -> list[str]:
    heard: list[str] = []
    for kind in kinds:
        post.on(kind, lambda one: heard.append(one.body), at_once=at_once)
    return heard


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> LettersAtHand:
    monkeypatch.setattr(module, "CATCH_UP_SECONDS", NEVER)
    monkeypatch.setattr(module, "GATHER_SECONDS", 0.01)
    return LettersAtHand()


async def test_a_kind_that_is_not_wanted_at_once_is_read_with_the_next_that_is(
    letters: LettersAtHand,
) -> None:
    writer, reader = Post(letters, "writer"), Post(letters, "reader")
    heard = reads(reader, "wanted")
    reader.on("unhurried", lambda one: heard.append(one.body), at_once=False)
    async with kept(letters, writer, reader):
        writer.send("unhurried", "1")
        await until(lambda: letters.batches)
        await give_way()
        assert (letters.readings, heard) == (0, [])
        writer.send("wanted", "2")
        await until(lambda: heard)
        assert (letters.readings, heard) == (1, ["1", "2"])


async def test_a_process_does_not_read_because_of_what_it_has_written_itself(letters: LettersAtHand) -> None:
    one, other = Post(letters, "one"), Post(letters, "other")
    heard_by_one, heard_by_other = reads(one, "event"), reads(other, "event")
    async with kept(letters, one, other):
        one.send("event", "1")
        await until(lambda: heard_by_other)
        await give_way()
        assert (letters.readings, heard_by_one, heard_by_other) == (1, [], ["1"])


async def test_what_comes_by_the_look_is_told_to_nobody(letters: LettersAtHand) -> None:
    writer, reader = Post(letters, "writer"), Post(letters, "reader")
    heard = reads(reader, "beat", "event")
    async with kept(letters, writer, reader):
        writer.send("beat", "1", Haste.BY_THE_LOOK)
        await until(lambda: letters.batches)
        await give_way()
        assert (letters.readings, heard) == (0, [])
        writer.send("event", "2")
        await until(lambda: heard == ["1", "2"])


async def test_a_look_reads_what_nobody_has_told_of(
    letters: LettersAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CATCH_UP_SECONDS", 0.01)
    writer, reader = Post(letters, "writer"), Post(letters, "reader")
    heard = reads(reader, "beat")
    async with kept(letters, writer, reader):
        writer.send("beat", "1", Haste.BY_THE_LOOK)
        await until(lambda: heard == ["1"])


async def test_what_nobody_waits_for_is_written_with_what_is_waited_for(
    letters: LettersAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GATHER_SECONDS", NEVER)
    writer, reader = Post(letters, "writer"), Post(letters, "reader")
    heard = reads(reader, "event")
    async with kept(letters, writer, reader):
        writer.send("event", "1", Haste.SOON)
        writer.send("event", "2", Haste.SOON)
        await give_way()
        assert letters.batches == []
        writer.send("event", "3")
        await until(lambda: heard == ["1", "2", "3"])
        assert letters.batches == [["1", "2", "3"]]


async def test_what_nobody_waits_for_is_written_and_told_all_the_same(letters: LettersAtHand) -> None:
    writer, reader = Post(letters, "writer"), Post(letters, "reader")
    heard = reads(reader, "event")
    async with kept(letters, writer, reader):
        writer.send("event", "1", Haste.SOON)
        await until(lambda: heard == ["1"])


async def test_a_process_of_a_version_before_is_read_as_soon_as_it_tells(letters: LettersAtHand) -> None:
    reader = Post(letters, "reader")
    heard = reads(reader, "event", at_once=False)
    async with kept(letters, reader):
        await letters.send("", [Written(place=1, kind="event", body="1")])
        await until(lambda: heard == ["1"])
