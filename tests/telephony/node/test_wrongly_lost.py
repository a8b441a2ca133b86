"""Whose telephone sends sound when their node goes on, and whose does not: the latter are gone."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

import pytest

from hotline.calls.call import CallLog
from hotline.line.adoption import Adoptions
from hotline.line.line import Dispatchers, Line, Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.ari.messages import RtpStatistics
from telephony.node import wrongly_lost
from telephony.node.wrongly_lost import HEARD_LOOKS, WronglyLost
from tests.fakes.clock import SetClock


class FakeAri:
    """Counts packets of each call as told, look by look, the last one for ever; without any it is gone."""

    def __init__(self, packets: Mapping[str, Sequence[int]]) -> None:
        self._packets = packets
        self.looks = dict.fromkeys(packets, 0)

    async def rtp_statistics(self, channel: str) -> RtpStatistics:
        counted, look = self._packets[channel], self.looks[channel]
        self.looks[channel] += 1
        if not counted:
            raise NotThere(channel)
        return RtpStatistics(rxcount=counted[min(look, len(counted) - 1)])


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrongly_lost, "HEARD_EVERY_SECONDS", 0)


class CalledBack:
    """A line in which everybody but some is called back."""

    def __init__(self, but: Collection[str]) -> None:
        self._but = but

    async def entry(self, call_id: str) -> QueueEntry:
        return QueueEntry(
            call_id=call_id,
            priority=Priority.ORDINARY,
            entered_at=SetClock().now(),
            state=QueueEntryState.WAITING,
            callback_to=None if call_id in self._but else "+380441234567",
        )


def _of(ari: FakeAri, *, not_called_back: Collection[str] = ()) -> WronglyLost:
    return WronglyLost(
        ari=cast("Ari", ari),
        calls=cast("CallLog", None),
        line=cast("Line", CalledBack(not_called_back)),
        adoptions=cast("Adoptions", None),
        dispatchers=cast("Dispatchers", None),
        clock=SetClock(),
    )


async def test_whoever_sends_on_is_heard_and_whose_sound_had_lain_in_a_socket_is_not() -> None:
    ari = FakeAri(
        {
            "sends": [600, 615, 630],
            "sent": [600, 900],
            "late": [600, 600, 600, 615, 630],
            "mute": [600],
            "gone": [],
        }
    )
    assert await _of(ari).silent(["sends", "sent", "late", "mute", "gone"]) == {"sent", "mute", "gone"}
    assert ari.looks == {"sends": 3, "sent": HEARD_LOOKS, "late": 5, "mute": HEARD_LOOKS, "gone": HEARD_LOOKS}


async def test_nobody_is_waited_for_where_nobody_was_lost() -> None:
    assert await _of(FakeAri({})).silent([]) == set()


async def test_whoever_nobody_calls_back_is_not_hung_up_on_for_being_mute() -> None:
    ari = FakeAri({"mute": [600], "hidden": [600]})
    assert await _of(ari, not_called_back=["hidden"]).silent(["mute", "hidden"]) == {"mute"}
    assert ari.looks["hidden"] == 0
