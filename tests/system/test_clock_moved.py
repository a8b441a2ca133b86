"""The wall clock is set by an hour under calls: nobody is cut off, forgotten or taken for another.

Asterisk's lease goes by that clock: set forward, it takes from us whoever waits or listens, and they are
fetched at once. Talks have none.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.sound import tone
from tests.bench.clock import Clock
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up

pytestmark = pytest.mark.system

HOUR = 3600
ANOTHER, IN_MENU = "+380457900002", "+380457900003"


@asynccontextmanager
async def hotline_of(clock: Clock, folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[Hotline]:
    """A hotline whose Asterisk and service follow this clock."""
    for name, value in clock.environ.items():
        patch.setenv(name, value)  # for Asterisk
    async with running_hotline(folder, HOTLINE_DESK_SILENCE_SECONDS="4", **clock.environ) as one:
        yield one


@pytest.mark.parametrize("there", [HOUR, pytest.param(-HOUR, marks=pytest.mark.nightly)])  # and back
async def test_no_call_is_cut_off_when_the_clock_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: int
) -> None:
    clock = Clock(tmp_path)
    async with hotline_of(clock, tmp_path / "h", monkeypatch) as hotline:
        desk = await hotline.desk("201")
        citizen, talk = await in_talk(hotline, desk)
        waits = await asks_for_a_dispatcher(hotline, ANOTHER)
        await hotline.reached(Step.JOINED_LINE, times=2)
        listens = await hotline.citizen(IN_MENU, sound=tone(CITIZEN))
        await listens.answered()

        for moved in (there, 0):
            clock.move(moved)
            await talk.heard_tone(CITIZEN)
            await citizen.heard_tone(FIRST)
            await listens.press("9")  # no such key: the menu is told once more
            await listens.heard_voice()
            assert [one.end for one in (citizen, talk, waits, listens)] == [None] * 4

        await talk.hang_up()
        await citizen.ended()
        second = await picks_up(desk, SECOND)
        await waits.heard_tone(SECOND)
        await second.hang_up()
        await waits.ended()
        await listens.hang_up()

        async def all_ended() -> bool:
            calls = await hotline.calls()
            return len(calls) == 3 and all(call.ended_at for call in calls)

        await hotline.until(all_ended)
        assert not [row for row in hotline.node.cel_rows() if row["appname"] == "Queue"]
        assert [call.outcome for call in await hotline.calls()].count(Outcome.TALKED) == 2
