"""The wall clock is set by an hour under calls: nobody is cut off, forgotten or taken for another.

Nor does Asterisk forget to ask its edges whether they are there.

Asterisk's lease goes by that clock: set forward, it takes from us whoever waits or listens, and they are
fetched at once. Talks have none.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.phone import Phone
from telephony.phone.signalling import Address
from telephony.phone.sound import tone
from tests.bench.clock import Clock
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up

pytestmark = pytest.mark.system

HOUR = 3600
ASKED_BEFORE = 1
"""A question may have been on its way when the clock was set."""
ANOTHER, IN_MENU = "+380457900002", "+380457900003"


@asynccontextmanager
async def hotline_of(
    clock: Clock, folder: Path, patch: pytest.MonkeyPatch, **environ: str
) -> AsyncIterator[Hotline]:
    """A hotline whose Asterisk and service follow this clock."""
    for name, value in clock.environ.items():
        patch.setenv(name, value)  # for Asterisk
    async with running_hotline(folder, HOTLINE_DESK_SILENCE_SECONDS="4", **clock.environ, **environ) as one:
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


class AskedEdge(Phone):
    """A telephone in the place of an edge: it says that every desk's phone is there, and counts who asks."""

    def count(self) -> None:
        """Begin to count questions."""
        self.asked = 0
        read = self._signalling.datagram_received

        def counted(data: bytes, addr: Address) -> None:
            self.asked += data.startswith(b"OPTIONS sip:desk-")
            read(data, addr)

        self._signalling.datagram_received = counted  # type: ignore[method-assign]


async def test_edges_are_asked_whether_they_are_there_also_when_the_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(tmp_path)
    async with AskedEdge(user="edge") as one, AskedEdge(user="edge") as other:
        edges = (one, other)
        for edge in edges:
            edge.count()
        addresses = ",".join(f"127.0.0.1:{edge.address[1]}" for edge in edges)
        async with hotline_of(clock, tmp_path / "h", monkeypatch, HOTLINE_EDGE=addresses) as hotline:
            await hotline.storage.dispatchers.add("201", "Оксана", "secret-201", frozenset())

            async def asked_again() -> bool:
                return all(edge.asked > ASKED_BEFORE for edge in edges)

            for moved in (HOUR, 0, -HOUR, 0):
                clock.move(moved)
                for edge in edges:
                    edge.asked = 0
                await hotline.until(asked_again)
