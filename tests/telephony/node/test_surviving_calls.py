"""A citizen who talks on with a third, while the dispatcher is out of it, as the service begins anew."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.calls.conversation import Arrival
from hotline.line.line import Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.errors import NotThere
from telephony.ari.messages import Bridge, CallerId, Channel, Variable
from telephony.dialling.conference import third_id
from telephony.ids import bridge_id, leg_id
from telephony.node.surviving_calls import Survivors
from tests.fakes.clock import NOON, SetClock

CALL = "hotline-1.0"
LEG = leg_id(CALL, 1)
THIRD = third_id(LEG, 1)
LEFT_BY, STILL_WITH = 7, 8


def _channel(name: str) -> Channel:
    return Channel(id=name, name=f"PJSIP/{name}", state="Up", caller=CallerId(), creationtime=NOON)


class Asterisk:
    """Has the two in the bridge of the talk, and knows by which number the third was called."""

    def __init__(self, number: str | None) -> None:
        self._number = number

    async def bridges(self) -> list[Bridge]:
        return [Bridge(id=bridge_id(LEG), channels=[CALL, THIRD])]

    async def channels(self) -> list[Channel]:
        return [_channel(CALL), _channel(THIRD)]

    async def called(self, channel: str) -> Variable:
        if self._number is None:
            raise NotThere(channel)
        return Variable(value=self._number)


@pytest.mark.parametrize(
    ("talks_with", "number", "stays"),
    [
        (None, "+380457900099", True),
        (None, None, True),
        (STILL_WITH, "103", True),
        (STILL_WITH, "+380457900099", False),
    ],
    ids=["an enterprise", "nobody knows who", "103, the phone died meanwhile", "an enterprise, it died"],
)
async def test_whom_the_dispatcher_left_together_talk_on_and_so_does_who_has_an_emergency_service(
    talks_with: int | None, number: str | None, *, stays: bool
) -> None:
    async def find(_call: str) -> None: ...

    parts: dict[str, Any] = dict.fromkeys(
        ("line", "kept", "dispatchers", "cut_off", "wrongly_lost", "renew"), None
    )
    calls: Any = SimpleNamespace(find=find)
    ari: Any = Asterisk(number)
    survivors = Survivors(**parts, ari=ari, calls=calls, clock=SetClock(), wrap_up=timedelta())
    entry = QueueEntry(
        call_id=CALL,
        priority=Priority.ORDINARY,
        entered_at=NOON,
        state=QueueEntryState.TALKING,
        dispatcher_id=talks_with,
    )
    journey: Any = SimpleNamespace(left_together_by=LEFT_BY)
    found = await survivors._left_with_third(_channel(CALL), entry, journey)
    assert (found is not None) is stays
    if found is not None:
        assert found.arrival is Arrival.IN_TALK
        assert found.leg is not None
        assert found.leg.gone
        assert found.leg.freed is (talks_with is None)
        assert found.leg.dispatcher_id == (talks_with or LEFT_BY)
        assert (found.leg.left_to, found.third) == (found.third, found.third)
