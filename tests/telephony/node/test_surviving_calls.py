"""A third in a talk that went on while the service was away: alone with the citizen, answering, or gone."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.calls.conversation import Arrival
from hotline.line.line import Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.errors import NotThere
from telephony.ari.messages import Bridge, CallerId, Channel, Variable
from telephony.calls.leg import Leg
from telephony.dialling.conference import third_id
from telephony.ids import bridge_id, consult_bridge, leg_id
from telephony.node.surviving_calls import Alive, Survivors
from tests.fakes.clock import NOON, SetClock

CALL = "hotline-1.0"
LEG = leg_id(CALL, 1)
THIRD = third_id(LEG, 1)
LEFT_BY, STILL_WITH = 7, 8


def _channel(name: str, state: str = "Up") -> Channel:
    return Channel(id=name, name=f"PJSIP/{name}", state=state, caller=CallerId(), creationtime=NOON)


def _survivors(ari: Any, calls: Any = None) -> Survivors:
    parts: dict[str, Any] = dict.fromkeys(
        ("line", "kept", "dispatchers", "cut_off", "wrongly_lost", "renew"), None
    )
    return Survivors(**parts, ari=ari, calls=calls, clock=SetClock(), wrap_up=timedelta())


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

    survivors = _survivors(Asterisk(number), SimpleNamespace(find=find))
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


class Aside:
    """An Asterisk in which the citizen hears music, and the dispatcher is in another bridge."""

    def __init__(self, third: str, *, heard: bool) -> None:
        self._third, self._heard = third, heard
        self.done: list[tuple[str, ...]] = []

    async def bridges(self) -> list[Bridge]:
        aside = [LEG, THIRD] if self._heard else [LEG]
        return [
            Bridge(id=bridge_id(LEG), channels=[CALL]),
            Bridge(id=consult_bridge(THIRD), channels=aside),
        ]

    async def channels(self) -> list[Channel]:
        third = [_channel(THIRD, self._third)] if self._third else []
        return [_channel(CALL), _channel(LEG), *third]

    async def called(self, _channel: str) -> Variable:
        return Variable(value="0111")

    async def hang_up(self, channel: str) -> None:
        self.done.append(("hang up", channel))
        raise NotThere(channel)

    async def add_to_bridge(self, bridge: str, *channels: str) -> None:
        self.done.append((bridge, *channels))


@pytest.mark.parametrize(
    ("third", "heard", "state", "done"),
    [
        ("Up", True, (False, True), []),
        ("Up", False, (False, True), [(consult_bridge(THIRD), THIRD)]),
        ("Ringing", False, (True, False), [("hang up", THIRD)]),
        ("", False, (True, True), []),
    ],
    ids=["they speak", "they answered meanwhile", "they ring still", "they hung up meanwhile"],
)
async def test_no_dispatcher_is_left_aside_with_nobody_while_the_citizen_hears_music(
    *, third: str, heard: bool, state: tuple[bool, bool], done: Sequence[tuple[str, ...]]
) -> None:
    asterisk: Any = Aside(third, heard=heard)
    unread: Any = None
    leg = Leg(LEG, f"PJSIP/{LEG}")
    talk = Alive(channel=_channel(CALL), record=None, journey=unread, arrival=Arrival.IN_TALK, leg=leg)
    found = await _survivors(asterisk)._with_third(talk, leg)
    assert found.third is not None
    assert found.third.id == THIRD
    assert (found.third.gone, found.third.answered) == state
    assert not found.together
    assert asterisk.done == done
