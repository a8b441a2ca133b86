"""A service that is alive and does nothing any more: it is started again, and nobody is left in silence."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import Step
from telephony.phone.g711 import RATE, Samples
from telephony.phone.timeline import EventKind
from tests.system.forked import FORGE
from tests.system.hotline import Hotline, running_hotline
from tests.system.node import write_tone
from tests.system.people import asks_for_a_dispatcher, in_talk
from tests.system.test_service_killed import said, until

pytestmark = pytest.mark.system

GREETED = 480
MUSIC = 60
"""The loudest sample of a fifth of a second in which music, however quiet, is heard."""


@pytest.fixture
async def unserved(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline without its service, which the test starts in a manner of its own."""
    async with running_hotline(tmp_path, service=False) as one:
        yield one


@asynccontextmanager
async def supervised(hotline: Hotline) -> AsyncIterator[None]:
    process = await FORGE.run(
        "service", "keep", environ=hotline.node.environ, printed=hotline.log, logged=hotline.log
    )
    try:
        await hotline.ready()
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


def started(hotline: Hotline) -> list[int]:
    """The services that the supervisor has started, by their pids."""
    lines = hotline.log.read_text(encoding="utf-8").splitlines()
    return [int(line.rpartition("pid=")[2]) for line in lines if "started program=service" in line]


async def test_a_stopped_service_does_not_keep_its_callers_until_their_lease_ends(unserved: Hotline) -> None:
    hotline = unserved
    async with supervised(hotline):
        caller = await hotline.citizen("+380457900011")
        await caller.answered()
        await caller.press("8")
        await said(hotline, "+380457900011", "wrong-key")

        os.kill(started(hotline)[-1], signal.SIGSTOP)
        await hotline.reached(Step.SERVICE_RESUMED)

        await said(hotline, "+380457900011", "resumed")
        await caller.press("1")
        await said(hotline, "+380457900011", "no-outages")
        assert len(started(hotline)) == 2
        assert "hung, killed program=service" in hotline.log.read_text(encoding="utf-8")
        assert Step.FELL_BACK not in await hotline.steps((await hotline.only_call()).id)
        await caller.hang_up()


@pytest.fixture
async def greeted_by_a_tone(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline whose callers soon leave a silent service, to be greeted with a short tone."""
    async with running_hotline(tmp_path, HOTLINE_LEASE_SECONDS="10") as one:
        prompts = one.settings.folders.prompts
        for spoken in prompts.glob("fallback-greeting.*"):
            spoken.unlink()
        write_tone(prompts / "fallback-greeting.wav", GREETED, 1)
        yield one


def longest_silence(samples: Samples) -> float:
    """The longest run of fifths of a second without a sound, in seconds of what was heard."""
    longest = run = 0
    for at in range(0, len(samples) - RATE // 5, RATE // 5):
        run = 0 if np.abs(samples[at : at + RATE // 5]).max() > MUSIC else run + 1
        longest = max(longest, run)
    return longest / 5


@pytest.mark.nightly  # by day `test_asterisk_starts.py`, and the test of the leases here
async def test_a_stopped_service_leaves_whoever_waits_their_music_and_whoever_calls_a_ringing_tone(
    greeted_by_a_tone: Hotline,
) -> None:
    hotline = greeted_by_a_tone
    desk = await hotline.desk("201")
    await in_talk(hotline, desk)
    waiting = await asks_for_a_dispatcher(hotline, "+380457900021")
    await until(hotline, "+380457900021", Step.JOINED_LINE)
    begun = len(waiting.recording())
    assert hotline.service

    hotline.service.send_signal(signal.SIGSTOP)
    newcomer = await hotline.citizen("+380457900022")
    await newcomer.answered()
    await newcomer.heard_tone(GREETED)
    await waiting.heard_tone(GREETED)

    rung = [one.detail for one in newcomer.timeline.moments if one.kind is EventKind.PROVISIONAL]
    assert any(detail.startswith("180") for detail in rung), rung
    assert longest_silence(waiting.recording()[begun:]) < 15
    hotline.service.send_signal(signal.SIGCONT)
    await until(hotline, "+380457900021", Step.SERVICE_RESUMED)
    await waiting.hang_up()
    await newcomer.hang_up()
