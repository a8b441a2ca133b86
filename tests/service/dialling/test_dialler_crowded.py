"""Calls that wait for a line are not placed by what was decided long ago: on real storage and rules."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from hotline.clock import Clock
from hotline.dialling.dialler import Lines
from hotline.dialling.dialling_rules import DiallingRules
from storage.store import Storage
from telephony.ari.actions import Ari
from telephony.ari.messages import CallerId, Channel
from telephony.dialling.claims import STANDS_FOR
from telephony.dialling.dialler import Dialler
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Calls, Placed
from telephony.owed import OwedWrites
from tests.fakes.clock import NOON, SetClock
from tests.fakes.jobs import ToldJobs, claims_of, standing

RULES = DiallingRules(zone=ZoneInfo("Europe/Kyiv"))
LINES = Lines(whole=1, most=4)
PATIENCE_SECONDS = 30


class Crowded:
    """Asterisk while a citizen has the trunk's one line."""

    async def channels(self) -> list[Channel]:
        citizen = Channel(id="1.1", name="PJSIP/citizen-1", state="Up", caller=CallerId(), creationtime=NOON)
        return [citizen]


class Watched(ToldJobs):
    """Tells when a call was made ready, and when it was made ready anew."""

    def __init__(self) -> None:
        super().__init__("survey")
        self.ready, self.anew = asyncio.Event(), asyncio.Event()

    async def prepare(self, about: int) -> None:
        await super().prepare(about)
        (self.anew if self.ready.is_set() else self.ready).set()


@pytest.fixture
async def surveys(storage: Storage, clock: SetClock) -> AsyncIterator[Watched]:
    """A source whose calls a running dialler places."""
    source = Watched()
    await source.owed(storage, 1, at=clock.now())
    async with asyncio.TaskGroup() as tasks:
        dialler = Dialler(
            ari=cast("Ari", Crowded()),
            outgoing=cast("Outgoing", None),
            calls=cast("Calls", None),
            placed=cast("Placed", None),
            clock=cast("Clock", clock),
            claims=claims_of(storage, clock, source, rules=RULES),
            lines=LINES,
            tasks=tasks,
            owed=OwedWrites(tasks),
        )
        running = tasks.create_task(dialler.keep())
        yield source
        running.cancel()


async def test_what_waited_too_long_for_a_line_is_judged_anew(
    surveys: Watched, storage: Storage, clock: SetClock
) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await surveys.ready.wait()
        clock.pass_by(STANDS_FOR.total_seconds())
        await surveys.anew.wait()
    row = await standing(storage, "survey", 1)
    assert (row["attempt"], row["claimed_at"]) == (1, clock.now())
