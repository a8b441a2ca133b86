"""A telephone from which no packet comes is ended; one that holds has longer."""

from typing import cast

import pytest

from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.ari.messages import RtpStatistics
from telephony.calls.leg import Leg
from telephony.desks.endpoints import DeskPlan
from telephony.node.registry import ChannelRegistry
from telephony.node.silent_phones import NO_CHANNEL, SilentPhones

PLAN = DeskPlan(proxy="", silence_seconds=3, hold_silence_seconds=60)


class FakeAri:
    """Counts packets as told; `None`: the channel has no sound."""

    def __init__(self) -> None:
        self.packets: int | None = 10
        self.hung_up: list[tuple[str, int]] = []

    async def rtp_statistics(self, _channel: str) -> RtpStatistics:
        if self.packets is None:
            raise NotThere("no sound")
        return RtpStatistics(rxcount=self.packets)

    async def hang_up(self, channel: str, *, reason_code: int) -> None:
        self.hung_up.append((channel, reason_code))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ari() -> FakeAri:
    return FakeAri()


@pytest.fixture
def leg() -> Leg:
    one = Leg("ring-1-1", "PJSIP/desk-201-00000001")
    one.answered = True
    return one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def phones(ari: FakeAri, leg: Leg, clock: Clock) -> SilentPhones:
    registry = ChannelRegistry(legs={leg.id: leg})
    return SilentPhones(ari=cast("Ari", ari), registry=registry, plan=PLAN, monotonic=clock)


async def after(seconds: float, clock: Clock, phones: SilentPhones) -> None:
    """Look once a second, as is done for ever."""
    while seconds > 1:
        clock.now, seconds = clock.now + 1, seconds - 1
        await phones.look()
    clock.now += seconds
    await phones.look()


async def test_who_sends_is_never_ended(ari: FakeAri, clock: Clock, phones: SilentPhones) -> None:
    for packets in range(10, 30):
        ari.packets = packets
        await after(2.9, clock, phones)
    assert ari.hung_up == []


async def test_who_has_sent_nothing_for_so_long_is_ended(
    ari: FakeAri, leg: Leg, clock: Clock, phones: SilentPhones
) -> None:
    await after(0, clock, phones)
    await after(2.9, clock, phones)
    assert ari.hung_up == []
    await after(0.1, clock, phones)
    assert ari.hung_up == [(leg.id, NO_CHANNEL)]


async def test_who_holds_has_longer(ari: FakeAri, leg: Leg, clock: Clock, phones: SilentPhones) -> None:
    leg.holds = True
    await after(0, clock, phones)
    await after(59, clock, phones)
    assert ari.hung_up == []
    await after(1, clock, phones)
    assert ari.hung_up == [(leg.id, NO_CHANNEL)]


async def test_who_has_no_sound_yet_is_left_alone(ari: FakeAri, clock: Clock, phones: SilentPhones) -> None:
    ari.packets = None
    await after(0, clock, phones)
    await after(100, clock, phones)
    assert ari.hung_up == []


async def test_a_stop_of_the_whole_machine_is_no_silence_of_a_phone(
    ari: FakeAri, clock: Clock, phones: SilentPhones
) -> None:
    await after(0, clock, phones)
    clock.now += 3600
    await phones.look()
    assert ari.hung_up == []
