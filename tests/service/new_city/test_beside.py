"""What the set-up of a new city has done beside its pages: speaking that is stopped, and the call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from hotline.voice.speech import Language, NotSpoken, Phrase
from service.ending import SUPERVISED
from service.new_city.line import LineAtHand
from service.new_city.speaking import Speaking
from service.new_city.trial import Trial
from service.settings.settings import read_settings

PHRASES = [Phrase(name="welcome", uk="Вітаємо", en="Welcome")]


class SlowVoice:
    """Speaks a phrase when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.fails = False

    async def prepare(
        self, phrases: Iterable[Phrase], languages: Iterable[Language], progress: Callable[[int, int], None]
    ) -> None:
        of = len(list(phrases)) * len(list(languages))
        progress(1, of)
        await self.let.wait()
        if self.fails:
            raise NotSpoken("The voice is away.")
        progress(of, of)


@asynccontextmanager
async def lasting(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], bool], rest: float = 0) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(rest)


async def test_speaking_is_stopped_and_gone_on_with() -> None:
    voice = SlowVoice()
    over: list[bool] = []

    async def done() -> None:
        over.append(True)

    speaking = Speaking(voice, lambda: PHRASES, done)
    async with lasting(speaking.keep()):
        speaking.begin()
        speaking.begin()
        await until(lambda: speaking.so_far().done == 1)
        assert speaking.so_far().running
        speaking.stop()
        assert (speaking.so_far().running, speaking.so_far().failed, over) == (False, True, [])
        voice.let.set()
        speaking.begin()
        await until(lambda: bool(over) and not speaking.so_far().running)
        assert (speaking.so_far().failed, speaking.so_far().done) == (False, 2)


async def test_a_voice_that_fails_is_told_and_can_be_asked_again() -> None:
    voice = SlowVoice()

    async def done() -> None:
        raise AssertionError

    voice.fails = True
    voice.let.set()
    speaking = Speaking(voice, lambda: PHRASES, done)
    async with lasting(speaking.keep()):
        for _ in range(2):
            speaking.begin()
            await until(lambda: not speaking.so_far().running)
            assert speaking.so_far().failed


@pytest.mark.nightly
async def test_a_number_that_nobody_answers_is_told_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"SIP_PORT": "9", "ARI_SECRET": "a", "AMI_SECRET": "b", "VAR": str(tmp_path)}.items():
        monkeypatch.setenv(f"HOTLINE_{name}", value)
    trial = Trial()
    async with lasting(trial.keep()):
        trial.begin("uk")
        assert trial.so_far().running
        await until(lambda: not trial.so_far().running, rest=0.05)
    assert trial.so_far().failed
    assert "Гаряча лінія не відповідає" in "\n".join(trial.so_far().lines)


def test_the_line_knows_what_is_given_and_whose_address_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOTLINE_NUMBER", "1552")
    monkeypatch.delenv(SUPERVISED, raising=False)
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", "HOTLINE_VAR": str(tmp_path)}
    line = LineAtHand(read_settings(environ), lambda: None)
    assert "HOTLINE_NUMBER" in line.fixed()
    assert line.now()["HOTLINE_SIP_HOST"] == "127.0.0.1"
    assert [line.ours(host) for host in ("127.0.0.1", "192.0.2.77", "nonsense")] == [True, False, False]
    assert not line.begins_anew()
    line.keep({"HOTLINE_TRUNK_HOST": ""})
    assert read_settings(environ).calls_from_here
