"""A citizen and a dispatcher talk: sound both ways, recorded, stored; a phone that dies loses nobody."""

import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.g711 import FRAME, Samples
from telephony.phone.sound import tone, tone_share
from telephony.voice.master import read_master
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    asks_for_a_dispatcher,
    in_talk,
    loudest,
    loudest_in,
    picks_up,
)

pytestmark = pytest.mark.system

CLOSE_FRAMES = 6
"""How far apart two sounds that began together may begin in the two files: network and jitter buffers."""


@pytest.fixture
async def watchful(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """A hotline that takes a desk phone for dead after four seconds without sound."""
    async with hotlines.lent(HOTLINE_DESK_SILENCE_SECONDS="4") as one:
        yield one


async def test_who_presses_zero_talks_with_a_dispatcher_and_both_sides_are_kept(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    call, talk = await in_talk(hotline, desk)
    assert talk.caller == "+380457900001"
    call.say(tone(SECOND))
    talk.say(tone(THIRD))
    await call.heard_tone(THIRD)
    await talk.heard_tone(SECOND)
    await talk.hang_up()
    await call.ended()

    record = await hotline.ended_call()
    assert record.outcome is Outcome.TALKED
    await hotline.until(lambda: copied(hotline, record.id))
    (kept,) = await hotline.storage.calls.recordings(record.id)
    caller, dispatcher = sound_of(kept.caller_file), sound_of(kept.dispatcher_file)
    assert len(caller) == len(dispatcher)
    assert abs(onset(caller, SECOND) - onset(dispatcher, THIRD)) <= CLOSE_FRAMES
    assert 0 <= onset(caller, CITIZEN) < onset(caller, SECOND)
    assert 0 <= onset(dispatcher, FIRST) < onset(dispatcher, THIRD)
    both = np.concatenate([*read_master(Path(kept.master_file or ""))])
    assert np.array_equal(both[:, 0], caller)
    assert np.array_equal(both[:, 1], dispatcher)


async def test_who_refuses_the_recording_is_not_recorded(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("*0")
    talk = await picks_up(desk, FIRST)
    await call.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    (theirs,) = [one["id"] for one in await hotline.node.ask("GET", "channels") if "citizens" in one["name"]]
    known = await hotline.node.ask("GET", f"channels/{theirs}/variable", variable="RECORDING_REFUSED")
    assert known == {"value": "1"}, "Asterisk's own queue would record them"
    await call.hang_up()

    record = await hotline.ended_call()
    assert record.recording_refused
    assert await hotline.storage.calls.recordings(record.id) == []
    assert [*hotline.settings.folders.recordings.iterdir()] == []


async def test_who_refuses_just_before_a_dispatcher_answers_is_not_recorded_either(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("0")
    ringing = await desk.next_call()
    await hotline.until(lambda: connecting(hotline))
    await call.press("*")
    await ringing.answer(tone(FIRST))
    await call.heard_tone(FIRST)
    await ringing.heard_tone(CITIZEN)
    await call.hang_up()

    record = await hotline.ended_call()
    assert record.recording_refused
    assert await hotline.storage.calls.recordings(record.id) == []


async def connecting(hotline: Hotline) -> bool:
    """Whether the caller hears that a dispatcher is being rung: the notice of recording is over."""
    steps = [step for record in await hotline.calls() for step in await hotline.journey(record.id)]
    heard = [step.detail["phrases"] for step in steps if step.step is Step.HEARD]
    return heard[-1:] in (["one-moment"], ["connecting-to-dispatcher"])


async def test_a_phone_that_dies_in_a_talk_brings_the_caller_first_to_another(watchful: Hotline) -> None:
    dying, other = await watchful.desk("201"), await watchful.desk("202")
    await watchful.presence("202", Presence.PAUSED, "tea")
    call, _ = await in_talk(watchful, dying)
    await asks_for_a_dispatcher(watchful, "+380457900002")
    await watchful.reached(Step.JOINED_LINE, times=2)

    dying.vanish()
    await watchful.reached(Step.RETURNED_TO_LINE)
    await watchful.presence("202", Presence.READY)

    talk = await picks_up(other, SECOND)
    assert talk.caller == "+380457900001"
    await call.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    one = await watchful.dispatcher("201")
    assert (one.presence, one.reason) == (Presence.PAUSED, "phone-unreachable")
    await call.hang_up()
    record = next(one for one in await watchful.calls() if one.number == "+380457900001")
    await watchful.until(lambda: copied(watchful, record.id))
    steps = await watchful.journey(record.id)
    assert "returned-to-line" in [step.detail.get("phrases") for step in steps]
    kept = sorted(await watchful.storage.calls.recordings(record.id), key=lambda each: each.started_at)
    heard = [(loudest(Path(each.caller_file)), loudest(Path(each.dispatcher_file))) for each in kept]
    assert heard == [(CITIZEN, FIRST), (CITIZEN, SECOND)]


async def copied(hotline: Hotline, call_id: str) -> bool:
    return all(one.listening_file for one in await hotline.storage.calls.recordings(call_id))


def sound_of(file: str) -> Samples:
    with wave.open(file) as wav:
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2")


def onset(samples: Samples, hertz: int) -> int:
    """The number of the first 20 ms in which this tone is heard; -1 for never."""
    for number in range(len(samples) // FRAME):
        frame = samples[number * FRAME : (number + 1) * FRAME]
        if tone_share(frame, hertz) > 0.5 and loudest_in(frame) == hertz:
            return number
    return -1
