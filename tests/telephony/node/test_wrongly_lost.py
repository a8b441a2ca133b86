"""Who is there when their node goes on: whoever sends sound, reports on ours, or knows of the call."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import cast

import pytest

from hotline.calls.call import CallLog
from hotline.line.adoption import Adoptions
from hotline.line.line import Dispatchers, Line, Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, NotThere
from telephony.ari.messages import RtpStatistics, Variable
from telephony.node import wrongly_lost
from telephony.node.wrongly_lost import ASKED_LOOKS, AT_ONCE, HEARD_LOOKS, WronglyLost
from tests.fakes.clock import SetClock


class FakeAri:
    """Counts packets of each call as told, look by look, the last one for ever; without any it is gone."""

    def __init__(
        self,
        packets: Mapping[str, Sequence[int]],
        *,
        hold: Collection[str] = (),
        reports_at: Mapping[str, int] | None = None,
        put_down: Collection[str] = (),
        ends_at: Mapping[str, int] | None = None,
    ) -> None:
        """`hold`: telephones that hold us; `put_down`: those that know of no call once they are asked.

        `ends_at`: the look after which the edge tells that nobody has answered.
        """
        self._packets = packets
        self._hold, self._put_down = hold, put_down
        self._ends_at = ends_at or {}
        self._reports_at = reports_at or {}
        self.asked: list[str] = []
        self.looks = dict.fromkeys(packets, 0)
        self.listed = self.rounds = self.most_at_once = self._under_way = 0

    @asynccontextmanager
    async def _question(self) -> AsyncIterator[None]:
        """One that takes its time; `rounds` counts how often one was asked while no other was."""
        self.rounds += self._under_way == 0
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await asyncio.sleep(0)
        yield
        self._under_way -= 1

    async def channels(self) -> Sequence[SimpleNamespace]:
        self.listed += 1
        return [SimpleNamespace(id=one, name=f"PJSIP/{one}") for one in self._packets if self._is_there(one)]

    async def rtp_statistics(self, channel: str) -> RtpStatistics:
        async with self._question():
            counted, look = self._packets[channel], self.looks[channel]
            self.looks[channel] += 1
        if not counted:
            raise NotThere(channel)
        reported = channel in self._reports_at and look >= self._reports_at[channel]
        return RtpStatistics(rxcount=counted[min(look, len(counted) - 1)], rtt=0.002 if reported else 0.001)

    async def hold(self, channel: str) -> Variable:
        return Variable(value="1" if channel in self._hold else "0")

    async def ask_whether_there(self, channel: str) -> None:
        await self.channel(channel)
        self.asked.append(channel)

    async def channel(self, channel: str) -> SimpleNamespace:
        async with self._question():
            there = self._is_there(channel)
        if not there:
            raise NotThere(channel)
        return SimpleNamespace(name=f"PJSIP/{channel}")

    def _is_there(self, channel: str) -> bool:
        refused = channel in self._put_down and channel in self.asked
        return bool(self._packets[channel]) and not refused

    async def last_answer(self, channel: str, name: str) -> Variable:
        assert name == f"PJSIP/{channel}"
        if channel not in self.asked:
            raise AriRefused("Unable to read provided function")
        ended = channel in self._ends_at and self.looks[channel] >= self._ends_at[channel]
        return Variable(value="SIP 408 Request Timeout" if ended else "SIP 200 OK")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrongly_lost, "HEARD_EVERY_SECONDS", 0)


class CalledBack:
    """A line in which everybody but some is called back."""

    def __init__(self, calls: Collection[str], but: Collection[str]) -> None:
        self._calls, self._but = calls, but

    async def entries(self) -> Sequence[QueueEntry]:
        return [
            QueueEntry(
                call_id=call_id,
                priority=Priority.ORDINARY,
                entered_at=SetClock().now(),
                state=QueueEntryState.WAITING,
                callback_to=None if call_id in self._but else "+380441234567",
            )
            for call_id in self._calls
        ]


class Answered:
    """Tells which callers have answered our call-back, as the database does."""

    def __init__(self, calls: Collection[str]) -> None:
        self._calls = calls

    async def spoken_with(self, calls: Collection[str]) -> Collection[str]:
        return [one for one in calls if one in self._calls]


def _of(
    ari: FakeAri, *, not_called_back: Collection[str] = (), spoken_with: Collection[str] = ()
) -> WronglyLost:
    return WronglyLost(
        ari=cast("Ari", ari),
        calls=cast("CallLog", None),
        line=cast("Line", CalledBack(ari.looks, not_called_back)),
        adoptions=cast("Adoptions", Answered(spoken_with)),
        dispatchers=cast("Dispatchers", None),
        clock=SetClock(),
    )


async def test_whoever_sends_on_is_heard_and_whose_sound_had_lain_in_a_socket_is_not() -> None:
    ari = FakeAri(
        {"sends": [600, 615, 630], "sent": [600, 900], "late": [600, 600, 600, 615, 630], "gone": []},
        put_down=["sent"],
    )
    assert await _of(ari).silent(["sends", "sent", "late", "gone"]) == {"sent", "gone"}
    assert ari.looks == {"sends": 3, "sent": HEARD_LOOKS, "late": 5, "gone": 0}
    assert ari.asked == ["sent"]


async def test_whoever_is_quiet_is_asked_and_there_unless_their_telephone_refuses_or_nobody_answers() -> None:
    quiet = {"quiet": [600], "put-down": [600], "unanswered": [600]}
    ari = FakeAri(quiet, put_down=["put-down"], ends_at={"unanswered": HEARD_LOOKS + 17})
    assert await _of(ari).silent([*quiet]) == {"put-down", "unanswered"}
    assert ari.looks == {
        "quiet": HEARD_LOOKS + ASKED_LOOKS,
        "put-down": HEARD_LOOKS,
        "unanswered": HEARD_LOOKS + 17,
    }


async def test_a_telephone_that_reports_every_five_seconds_is_waited_for_no_longer() -> None:
    ari = FakeAri({"quiet": [600]}, reports_at={"quiet": HEARD_LOOKS + 10})
    assert await _of(ari).silent(["quiet"]) == set()
    assert ari.looks["quiet"] == HEARD_LOOKS + 11


async def test_of_hundreds_asterisk_is_asked_who_lives_at_once_and_of_their_sound_some_at_a_time() -> None:
    quiet = {f"1.{number}": [600] for number in range(10 * AT_ONCE)}
    ari = FakeAri(quiet, put_down=["1.7"])
    assert await _of(ari).silent([*quiet]) == {"1.7"}
    assert ari.most_at_once == AT_ONCE
    assert ari.listed <= HEARD_LOOKS + ASKED_LOOKS + 2
    assert ari.rounds <= 10 * (HEARD_LOOKS + ASKED_LOOKS + 1)


async def test_nobody_is_waited_for_where_nobody_was_lost() -> None:
    assert await _of(FakeAri({})).silent([]) == set()


async def test_whoever_nobody_calls_back_is_not_hung_up_on_for_being_mute() -> None:
    ari = FakeAri({"mute": [600], "hidden": [600]}, put_down=["mute", "hidden"])
    assert await _of(ari, not_called_back=["hidden"]).silent(["mute", "hidden"]) == {"mute"}
    assert ari.looks["hidden"] == 0


async def test_whoever_was_spoken_with_by_another_call_and_put_this_one_down_is_given_to_no_dispatcher() -> (
    None
):
    quiet = {"was-called": [600], "talks-on": [600, 615, 630]}
    ari = FakeAri(quiet, put_down=["was-called"])
    lost = _of(ari, not_called_back=[*quiet], spoken_with=[*quiet])
    assert await lost.silent([*quiet]) == {"was-called"}


async def test_whoever_holds_us_is_there_unless_their_telephone_says_that_it_knows_of_no_call() -> None:
    ari = FakeAri({"holds": [600], "down": [600]}, hold=["holds", "down"], put_down=["down"])
    assert await _of(ari).silent(["holds", "down"]) == {"down"}
    assert sorted(ari.asked) == ["down", "holds"], "each once, and at once"
    assert ari.looks == {"holds": HEARD_LOOKS, "down": 0}


async def test_whoever_reports_on_our_sound_is_there_and_a_report_that_had_lain_in_a_socket_is_none() -> None:
    ari = FakeAri({"reports": [600], "lay": [600]}, reports_at={"reports": 3, "lay": 1}, put_down=["lay"])
    assert await _of(ari).silent(["reports", "lay"]) == {"lay"}
    assert ari.looks["reports"] == 4
