"""Calls that wait for a line are not placed by what was decided long ago: on real storage and rules."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from hotline.city.days_off import days_off
from hotline.clock import Clock
from hotline.dialling.dialler import Errand, Lines
from hotline.dialling.dialling_rules import DiallingRules
from storage.store import Storage
from telephony.ari.actions import Ari
from telephony.ari.messages import CallerId, Channel
from telephony.dialling.claims import STANDS_FOR, Claims
from telephony.dialling.dialler import Dialler
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Calls, Placed
from telephony.dialling.sources import Sources
from tests.fakes.clock import NOON, SetClock
from tests.fakes.errands import ListedErrands

RULES = DiallingRules(zone=ZoneInfo("Europe/Kyiv"), days_off=days_off())
LINES = Lines(whole=1, most=4)
PATIENCE_SECONDS = 30


class Crowded:
    """Asterisk while a citizen has the trunk's one line."""

    async def channels(self) -> list[Channel]:
        citizen = Channel(id="1.1", name="PJSIP/citizen-1", state="Up", caller=CallerId(), creationtime=NOON)
        return [citizen]


class Watched(ListedErrands):
    """Tells when an errand was made ready, and when it was given back."""

    def __init__(self) -> None:
        super().__init__("survey", 1)
        self.ready, self.back = asyncio.Event(), asyncio.Event()

    async def prepare(self, errand: Errand) -> None:
        await super().prepare(errand)
        self.ready.set()

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        await super().put_off(errand, until, at)
        self.back.set()


@pytest.fixture
async def surveys(storage: Storage, clock: SetClock) -> AsyncIterator[Watched]:
    """A source whose errands a running dialler places."""
    source = Watched()
    sources = Sources([source])
    async with asyncio.TaskGroup() as tasks:
        dialler = Dialler(
            ari=cast("Ari", Crowded()),
            outgoing=cast("Outgoing", None),
            calls=cast("Calls", None),
            placed=cast("Placed", None),
            clock=cast("Clock", clock),
            sources=sources,
            claims=Claims(sources, storage.call_attempts, storage.calls, rules=RULES, clock=clock),
            lines=LINES,
            tasks=tasks,
        )
        running = tasks.create_task(dialler.keep())
        yield source
        running.cancel()


async def test_what_waited_too_long_for_a_line_is_judged_anew(surveys: Watched, clock: SetClock) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await surveys.ready.wait()
        clock.pass_by(STANDS_FOR.total_seconds())
        await surveys.back.wait()
    assert surveys.told[-1] == ("survey-1", clock.now(), clock.now())
