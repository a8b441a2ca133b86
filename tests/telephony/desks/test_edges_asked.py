"""Edges are asked for desks' phones also when somebody has set the clock back."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from hotline.errors import CallGone
from hotline.line.line import Dispatcher
from telephony.ari.actions import Ari
from telephony.desks.edges_asked import EdgesAsked
from telephony.desks.endpoints import DeskPlan
from tests.fakes.clock import NOON, SetClock

AT_EDGES = DeskPlan(
    proxy="",
    silence_seconds=3,
    hold_silence_seconds=60,
    registrars=("192.0.2.1:5060", "192.0.2.2:5060"),
    browsers_at_edge=True,
)
HERE = DeskPlan(proxy="", silence_seconds=3, hold_silence_seconds=60)
OLENA = Dispatcher(id=1, extension="201", name="Олена", secret="s", since=NOON)
PLANNED_ANEW = [("desk-201", "3"), ("desk-201", "2"), ("web-201", "3"), ("web-201", "2")]


class Asterisk:
    """Remembers how often the edges are to be asked, by name."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.is_away = False

    async def put_object(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        if self.is_away:
            raise CallGone("away")
        assert kind == "aor"
        assert fields["contact"].count(f"sip:{name}@") == 2
        self.told.append((name, fields["qualify_frequency"]))


class Process:
    """The process beside an Asterisk; a second passes before each of its looks at the clock."""

    def __init__(self, plan: DeskPlan = AT_EDGES) -> None:
        self.asterisk, self.clock = Asterisk(), SetClock()
        ari = cast("Ari", cast("Any", self.asterisk))
        self._asked = EdgesAsked(ari=ari, plan=plan, monotonic=self.clock.seconds)

    async def look(self) -> list[tuple[str, str]]:
        self.asterisk.told.clear()
        self.clock.pass_by(1)
        await self._asked.go_on([OLENA], self.clock.now())
        return [*self.asterisk.told]


async def test_they_are_asked_anew_once_where_the_clock_was_set_back_and_not_forward() -> None:
    process = Process()
    assert [await process.look(), await process.look()] == [[], []]
    process.clock.is_set(3600)
    assert await process.look() == []
    process.clock.is_set(-3600)
    assert await process.look() == PLANNED_ANEW
    assert await process.look() == []
    process.clock.is_set(-0.5)
    assert await process.look() == []


async def test_they_are_asked_anew_when_asterisk_is_there_again() -> None:
    process = Process()
    await process.look()
    process.clock.is_set(-3600)
    process.asterisk.is_away = True
    with pytest.raises(CallGone):
        await process.look()
    process.asterisk.is_away = False
    assert await process.look() == PLANNED_ANEW
    assert await process.look() == []


async def test_phones_that_are_registered_at_asterisk_are_left() -> None:
    process = Process(HERE)
    await process.look()
    process.clock.is_set(-3600)
    assert await process.look() == []
