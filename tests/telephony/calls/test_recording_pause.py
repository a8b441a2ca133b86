"""Pauses of a recording: by the dispatcher, by time, pressed twice, refused, after a death; and tones."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from hotline.calls.call import CallRecord, Scalar, Step
from hotline.calls.recordings import ResumedBy
from hotline.errors import CallGone, NotRecorded
from hotline.events import Event, RecordingPaused, RecordingResumed
from storage.store import Storage
from telephony.ami.client import AmiConnection, AmiRefused
from telephony.ari.actions import SILENT_TONE, Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg
from telephony.calls.mixing import Mixing
from telephony.calls.recording_pause import RecordingPauses
from telephony.ids import bridge_id, consult_bridge, mixed_by
from telephony.voice.signals import Signal, Signals
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

CALL, LEG = "hotline-1.1", "ring-hotline-1.1-1"


class Recorded:
    """A talk that is recorded."""

    id = CALL
    recording_refused = False

    def __init__(self, journey: Journey) -> None:
        self.journey = journey


class Asterisk:
    """Mutes recordings, plays into bridges one thing after another, and refuses when told to."""

    def __init__(self) -> None:
        self.done: list[tuple[str, object]] = []
        self.error: Exception | None = None
        self.no_tones: Exception | None = None
        self.heard: list[tuple[str, str]] = []
        """Bridges, and the tones that were heard in them."""
        self.playing: dict[str, tuple[str, list[str]]] = {}
        """Playbacks in their order, each with its bridge and media; the last lasts for ever."""

    async def plays(self, playback: str) -> bool:
        return playback in self.playing

    async def play_in_bridge(self, bridge: str, playback: str, media: Sequence[str]) -> None:
        if self.no_tones is not None:
            raise self.no_tones
        assert playback not in self.playing
        self.playing[playback] = (bridge, list(media))
        self._sound()

    async def stop_playback(self, playback: str) -> None:
        if self.playing.pop(playback, None) is None:
            raise CallGone(playback)
        self._sound()

    def _sound(self) -> None:
        """What can be heard now is heard: behind silence without an end nothing is."""
        silent = set()
        for playback, (bridge, media) in list(self.playing.items()):
            while media and media[0] != SILENT_TONE and bridge not in silent:
                self.heard.append((bridge, Path(media.pop(0)).name))
            if media:
                silent.add(bridge)
            else:
                del self.playing[playback]

    @property
    def tones(self) -> list[str]:
        return [tone for _, tone in self.heard]

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.done.append((channel, muted))


class Scene:
    """One talk, what Asterisk did for it, and what was told."""

    def __init__(
        self,
        storage: Storage,
        tasks: asyncio.TaskGroup,
        longest: timedelta,
        folder: Path,
        reminded_every: float = 60.0,
    ) -> None:
        self.clock, self.asterisk, self.storage = SetClock(), Asterisk(), storage
        self.told: list[Event] = []
        self.call = Recorded(Journey(CALL, storage.calls, self.clock))
        self.leg = Leg(LEG, "PJSIP/desk-201-1")
        self.leg.dispatcher_id = 7
        self.pauses = RecordingPauses(
            ami=cast("AmiConnection", self.asterisk),
            mixing=Mixing(cast("Ari", self.asterisk)),
            signals=Signals(folder),
            events=self,
            clock=self.clock,
            longest=longest,
            tasks=tasks,
            reminded_every=reminded_every,
        )

    def tell(self, event: Event) -> None:
        self.told.append(event)

    async def steps(self) -> list[tuple[Step, Scalar]]:
        return [(one.step, one.detail.get("by")) for one in await self.storage.calls.journey(CALL)]


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    async with fresh_storage(SetClock()) as opened:
        await opened.calls.open(CallRecord(id=CALL, number=None, shown="", arrived_at=NOON))
        yield opened


@pytest.fixture
async def scene(storage: Storage, tmp_path: Path) -> AsyncIterator[Scene]:
    """A pause that would end by itself when this test is long over."""
    async with asyncio.TaskGroup() as tasks:
        one = Scene(storage, tasks, timedelta(minutes=2), tmp_path)
        yield one
        one.leg.left_at = NOON
        one.leg.changed()


async def test_it_is_paused_and_goes_on_by_the_dispatchers_key(scene: Scene) -> None:
    await scene.pauses.pause(scene.call, scene.leg)
    assert scene.leg.recording_paused_at == scene.clock.now()
    await scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER)
    assert scene.leg.recording_paused_at is None
    assert scene.asterisk.done == [(scene.leg.name, True), (scene.leg.name, False)]
    assert await scene.steps() == [(Step.RECORDING_PAUSED, None), (Step.RECORDING_RESUMED, "dispatcher")]
    assert [type(one) for one in scene.told] == [RecordingPaused, RecordingResumed]


async def test_pressed_twice_at_once_it_is_paused_once(scene: Scene) -> None:
    await asyncio.gather(*(scene.pauses.pause(scene.call, scene.leg) for _ in range(2)))
    await asyncio.gather(
        *(scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER) for _ in range(2))
    )
    assert [what for _, what in scene.asterisk.done] == [True, False]
    assert len(await scene.steps()) == 2


async def test_paused_while_it_goes_on_again_it_is_paused_after_that(scene: Scene) -> None:
    await scene.pauses.pause(scene.call, scene.leg)
    await asyncio.gather(
        scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER),
        scene.pauses.pause(scene.call, scene.leg),
    )
    assert [what for _, what in scene.asterisk.done] == [True, False, True]
    assert scene.leg.recording_paused_at is not None


async def test_who_is_not_recorded_cannot_be_paused(scene: Scene) -> None:
    scene.call.recording_refused = True
    with pytest.raises(NotRecorded):
        await scene.pauses.pause(scene.call, scene.leg)
    assert scene.asterisk.done == []


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (CallGone("gone"), NotRecorded),
        (AmiRefused("no"), AmiRefused),
        (AriUnavailable("away"), AriUnavailable),
    ],
)
async def test_what_asterisk_does_not_do_is_not_said_to_be_done(
    scene: Scene, error: Exception, raised: type[Exception]
) -> None:
    scene.asterisk.error = error
    with pytest.raises(raised):
        await scene.pauses.pause(scene.call, scene.leg)
    assert scene.leg.recording_paused_at is None
    scene.asterisk.error = None
    await scene.pauses.pause(scene.call, scene.leg)
    scene.asterisk.error = error
    with pytest.raises(raised):
        await scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER)
    assert scene.leg.recording_paused_at is not None
    assert await scene.steps() == [(Step.RECORDING_PAUSED, None)]


async def test_it_ends_by_itself(storage: Storage, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        scene = Scene(storage, tasks, timedelta(milliseconds=5), tmp_path)
        await scene.pauses.pause(scene.call, scene.leg)
    assert scene.leg.recording_paused_at is None
    assert await scene.steps() == [(Step.RECORDING_PAUSED, None), (Step.RECORDING_RESUMED, "time")]


async def test_after_a_death_a_pause_that_is_on_record_ends_in_time(storage: Storage, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        scene = Scene(storage, tasks, timedelta(seconds=60), tmp_path)
        scene.leg.recording_paused_at = None
        await scene.call.journey.note(Step.RECORDING_PAUSED, {"recording": LEG})
        scene.clock.pass_by(61)
        scene.pauses.taken_up(scene.call, scene.leg)
    assert scene.asterisk.done == [(scene.leg.name, False)]
    assert (await scene.steps())[-1] == (Step.RECORDING_RESUMED, "time")


@pytest.mark.parametrize("error", [None, AmiRefused("not recorded")])
async def test_after_a_death_what_may_have_been_paused_off_the_record_goes_on(
    storage: Storage, tmp_path: Path, error: Exception | None
) -> None:
    async with asyncio.TaskGroup() as tasks:
        scene = Scene(storage, tasks, timedelta(seconds=60), tmp_path)
        scene.asterisk.error = error
        scene.pauses.taken_up(scene.call, scene.leg)
    assert scene.asterisk.done == ([] if error else [(scene.leg.name, False)])
    assert await scene.steps() == []


async def test_both_hear_when_it_is_paused_and_when_it_goes_on(scene: Scene) -> None:
    await scene.pauses.pause(scene.call, scene.leg)
    await scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER)
    await scene.pauses.pause(scene.call, scene.leg)
    talk = bridge_id(LEG)
    assert scene.asterisk.heard == [(talk, Signal.PAUSED), (talk, Signal.GOES_ON), (talk, Signal.PAUSED)]
    assert [media for _, media in scene.asterisk.playing.values()] == [[SILENT_TONE]]  # it stays mixed


async def test_pressed_fast_the_tones_come_in_the_order_of_what_was_done(scene: Scene) -> None:
    await scene.pauses.pause(scene.call, scene.leg)
    await asyncio.gather(
        scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER),
        scene.pauses.pause(scene.call, scene.leg),
    )
    assert scene.asterisk.tones == [Signal.PAUSED, Signal.GOES_ON, Signal.PAUSED]


async def test_while_it_lasts_they_are_reminded(storage: Storage, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        scene = Scene(storage, tasks, timedelta(milliseconds=350), tmp_path, reminded_every=0.1)
        await scene.pauses.pause(scene.call, scene.leg)
    assert scene.asterisk.tones == [Signal.PAUSED, *[Signal.STILL_PAUSED] * 3, Signal.GOES_ON]


@pytest.mark.parametrize("playing", [0, 1])
async def test_after_a_death_tones_are_heard_behind_what_was_played_before(
    storage: Storage, tmp_path: Path, playing: int
) -> None:
    async with asyncio.TaskGroup() as tasks:
        scene = Scene(storage, tasks, timedelta(seconds=60), tmp_path)
        talk = bridge_id(LEG)
        await scene.asterisk.play_in_bridge(talk, mixed_by(talk)[playing], [SILENT_TONE])
        await scene.call.journey.note(Step.RECORDING_PAUSED, {"recording": LEG})
        scene.clock.pass_by(61)
        scene.pauses.taken_up(scene.call, scene.leg)
    assert scene.asterisk.tones == [Signal.GOES_ON]


async def test_alone_with_a_third_the_dispatcher_hears_it_and_the_citizen_music(scene: Scene) -> None:
    scene.leg.third, scene.leg.parted = Leg("third-1", ""), True
    await scene.pauses.pause(scene.call, scene.leg)
    assert scene.asterisk.heard == [(consult_bridge("third-1"), Signal.PAUSED)]


@pytest.mark.parametrize("error", [CallGone("gone"), AriRefused("no"), AriUnavailable("away")])
async def test_a_tone_that_fails_takes_no_pause_along(scene: Scene, error: Exception) -> None:
    scene.asterisk.no_tones = error
    await scene.pauses.pause(scene.call, scene.leg)
    await scene.pauses.resume(scene.call, scene.leg, ResumedBy.DISPATCHER)
    assert await scene.steps() == [(Step.RECORDING_PAUSED, None), (Step.RECORDING_RESUMED, "dispatcher")]
    assert scene.asterisk.tones == []
