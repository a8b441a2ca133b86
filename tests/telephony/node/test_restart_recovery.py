"""A talk in which somebody hangs up while it is taken up again: after it was read, before it is followed."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival
from hotline.line.line import Dispatcher
from hotline.supervision.listening import Mode
from telephony.ari.errors import NotThere
from telephony.ari.messages import CallerId, Channel, ChannelDestroyed, StasisEnd
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg
from telephony.causes import OUT_OF_ORDER
from telephony.dialling.conference import Conferences, third_id
from telephony.dialling.listening_in import Supervisors, Watch
from telephony.ids import bridge_id, watch_id
from telephony.node import restart_recovery as module
from telephony.node.registry import ChannelRegistry
from telephony.node.restart_recovery import Recovery
from telephony.node.surviving_calls import Alive
from tests.fakes.clock import NOON, SetClock

LEG = "leg-1.1-1"
THIRD = third_id(LEG, 1)
SUPERVISOR = Dispatcher(id=9, extension="209", name="Олена", secret="s", since=NOON)
WATCH = watch_id("1.1", SUPERVISOR.id)


def _channel(name: str) -> Channel:
    return Channel(id=name, name=f"PJSIP/{name}", state="Up", caller=CallerId(), creationtime=NOON)


def _leg(name: str) -> Leg:
    leg = Leg(name, f"PJSIP/{name}")
    leg.answered = True
    return leg


class Asterisk:
    """Has every channel but the one that is `gone`; `tells` is the event of its end, which comes late."""

    def __init__(self, registry: ChannelRegistry, gone: str, tells: ChannelDestroyed | None) -> None:
        self._registry, self._gone, self._tells = registry, gone, tells
        self.bridged: set[tuple[str, str]] = set()
        self.silenced: list[str] = []

    async def channel(self, channel: str) -> Channel:
        if channel != self._gone:
            return _channel(channel)
        if self._tells is not None:
            asyncio.get_running_loop().call_soon(self._registry.take, self._tells)
        raise NotThere(channel)

    async def add_to_bridge(self, bridge: str, *channels: str) -> None:
        if self._gone in channels:
            raise NotThere(self._gone)
        self.bridged |= {(bridge, one) for one in channels}

    async def stop_bridge_music(self, bridge: str) -> None:
        self.silenced.append(bridge)

    async def stop_playback(self, playback: str) -> None:
        raise NotThere(playback)

    async def plays(self, _playback: str) -> bool:
        return True

    async def create_bridge(self, _bridge: str) -> None: ...

    async def destroy_bridge(self, _bridge: str) -> None: ...

    async def hang_up(self, channel: str) -> None:
        raise NotThere(channel)


@dataclass(kw_only=True)
class Scene:
    """A talk with a third that the service takes up again after a restart, on a made-up Asterisk."""

    citizen: FollowedChannel
    leg: Leg
    registry: ChannelRegistry
    asterisk: Asterisk
    conferences: Conferences
    supervisors: Supervisors
    noted: list[Step] = field(default_factory=list)
    followed: bool = False


async def taken_up(
    *, gone: str = "", tells: ChannelDestroyed | None = None, leaves: str = "", **others: Any
) -> Scene:
    """Take a talk up again in which this channel was gone as it was read; `others` are in it as well.

    `leaves`: the channel that leaves our application as it is read.
    """
    registry, clock, tasks = ChannelRegistry(), SetClock(), asyncio.TaskGroup()
    leg = _leg(LEG)
    leg.joined, leg.dispatcher_id = True, 1
    unread: Any = None
    talk = Alive(
        channel=_channel("1.1"), record=None, journey=unread, arrival=Arrival.IN_TALK, leg=leg, **others
    )
    common: dict[str, Any] = {
        "ari": Asterisk(registry, gone, tells),
        "consults": SimpleNamespace(as_before=_nothing),
        "clock": clock,
        "channels": registry.others,
        "ring_seconds": 20,
        "tasks": tasks,
    }
    common |= dict.fromkeys(("talks", "dispatchers", "browsers"))
    unneeded: Any = None
    scene = Scene(
        citizen=FollowedChannel("1.1", "PJSIP/1.1"),
        leg=leg,
        registry=registry,
        asterisk=common["ari"],
        conferences=Conferences(outgoing=unneeded, **common),
        supervisors=Supervisors(events=_anything(tell=lambda _event: None), calls=registry.calls, **common),
    )

    async def alive_calls() -> list[Alive]:
        if leaves:
            registry.take(StasisEnd(timestamp=NOON, channel=_channel(leaves)))
        return [talk]

    async def nobody(*_: object) -> dict[str, int]:
        return {}

    async def note(step: Step, **_detail: object) -> None:
        scene.noted.append(step)

    def follow(*_: object) -> SimpleNamespace:
        scene.followed = True
        return SimpleNamespace(id="1.1", channel=scene.citizen, outgoing=False, leg=None, note=note)

    parts: dict[str, Any] = {
        "survivors": SimpleNamespace(
            alive_calls=alive_calls, called_back=[], engaged=nobody, fallen_back=nobody
        ),
        "ari": scene.asterisk,
        "ami": SimpleNamespace(fallback_callers=nobody),
        "clock": clock,
        "sessions": SimpleNamespace(follow=follow, take_up=lambda *_: None),
        "fallback": SimpleNamespace(engaged=lambda _: None),
        "pauses": SimpleNamespace(taken_up=lambda *_: None),
        "registry": registry,
        "conferences": scene.conferences,
        "supervisors": scene.supervisors,
    }
    parts |= dict.fromkeys(("calling_out", "callbacks"))
    async with asyncio.timeout(20), tasks:  # each task ends when the third, or the supervisor, is found gone
        await Recovery(**parts, tasks=tasks).recover()
    return scene


def _anything(**parts: object) -> Any:
    return SimpleNamespace(**parts)


async def _nothing(*_: object) -> None: ...


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for events that do not come."""
    monkeypatch.setattr(module, "TOLD_SECONDS", 0.01)


async def test_a_talk_that_goes_on_is_left_alone() -> None:
    scene = await taken_up()
    assert not scene.citizen.gone
    assert not scene.leg.gone
    assert scene.registry.legs == {LEG: scene.leg}


@pytest.mark.usefixtures("soon")
async def test_a_dispatcher_who_hung_up_as_they_were_read_is_found_though_nobody_tells() -> None:
    scene = await taken_up(gone=LEG)
    assert scene.leg.gone
    assert scene.leg.over
    assert scene.registry.legs == {}


@pytest.mark.usefixtures("soon")
async def test_no_dispatcher_is_left_with_a_citizen_who_hung_up_as_they_were_read() -> None:
    scene = await taken_up(gone="1.1")
    assert (scene.citizen.gone, scene.citizen.hung_up) == (True, True)
    assert not scene.leg.gone


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("gone", ["", "1.1"], ids=["lives", "has hung up"])
async def test_a_caller_whom_asterisk_took_as_they_were_read_is_not_followed_where_they_are_not(
    gone: str,
) -> None:
    """They come back from there; of who has hung up the end is seen to as ever."""
    scene = await taken_up(gone=gone, leaves="1.1")
    assert scene.followed is bool(gone)
    assert (await taken_up(leaves="another")).followed


async def test_why_it_ended_is_heard_where_that_is_told_a_moment_later() -> None:
    told = ChannelDestroyed(timestamp=NOON, channel=_channel(LEG), cause=OUT_OF_ORDER)
    scene = await taken_up(gone=LEG, tells=told)
    assert (scene.leg.gone, scene.leg.cause) == (True, OUT_OF_ORDER)
    assert scene.registry.legs == {}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("together", [False, True], ids=["aside", "with all three"])
async def test_nobody_waits_for_a_third_who_hung_up_as_the_conference_was_read(*, together: bool) -> None:
    scene = await taken_up(gone=THIRD, third=_leg(THIRD), third_number="0111", together=together)
    assert scene.conferences.of(1) is None, "the panel shows a third who is gone"
    assert (scene.leg.third, scene.leg.parted, scene.registry.others) == (None, False, {})
    assert (bridge_id(LEG), LEG) in scene.asterisk.bridged
    assert scene.asterisk.silenced == [bridge_id(LEG)]
    assert scene.noted == [Step.THIRD_LEFT]
    assert not scene.leg.gone


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("mode", [Mode.LISTEN, Mode.JOIN])
async def test_no_supervisor_is_shown_on_a_talk_who_hung_up_as_it_was_read(mode: Mode) -> None:
    scene = await taken_up(gone=WATCH, watch=Watch(leg=_leg(WATCH), mode=mode, supervisor=SUPERVISOR))
    assert scene.supervisors.listeners() == []
    assert scene.registry.others == {}
    assert not scene.leg.gone
