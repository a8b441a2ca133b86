"""A head listens to a talk, whispers, joins, takes over: who hears whom, by tones on real calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import SUPERVISING, Presence
from hotline.supervision.listening import Mode
from telephony.phone.call import Call
from telephony.phone.g711 import RATE, Samples
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone, tone_share, wav
from tests.effort import by_day
from tests.system.hotline import Hotline
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    WINDOW,
    asks_for_a_dispatcher,
    in_talk,
    loudest,
    picks_up,
)
from tests.system.supervising import Supervisor, supervisor
from tests.system.test_recorded_whole import SECONDS, goes_on, whole
from tests.system.test_transfer import is_ready

pytestmark = pytest.mark.system

TONES = (CITIZEN, FIRST, SECOND, THIRD)
AUDIBLE = 0.2
"""The share of a tone in what is heard; two of one loudness have about a half each."""
UNHEARD = 0.01
"""What a window without the tone may have of it: two other tones, coded by A-law, leave less."""


def heard(call: Call) -> frozenset[int]:
    """The tones that are heard now."""
    return frozenset(one for one in TONES if call.tone_share(one) > AUDIBLE)


def most_of(samples: Samples, hertz: int) -> float:
    """The largest share that this tone has in any fifth of a second."""
    windows = (samples[at : at + WINDOW] for at in range(0, len(samples) - WINDOW, WINDOW))
    return max(tone_share(one, hertz) for one in windows)


@pytest.fixture
async def head(hotline: Hotline) -> AsyncIterator[Supervisor]:
    async with supervisor(hotline) as one:
        yield one


@pytest.fixture
async def phone(hotline: Hotline) -> Phone:
    return await hotline.desk("201")


async def hear(hotline: Hotline, **wanted: tuple[Call, set[int]]) -> None:
    """Wait until each hears exactly these tones."""
    try:
        await hotline.until(lambda: all(heard(call) == tones for call, tones in wanted.values()))
    except TimeoutError:
        raise AssertionError({name: (heard(call), tones) for name, (call, tones) in wanted.items()}) from None


async def test_who_hears_whom_in_each_mode_and_back_and_forth(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    citizen, desk = await in_talk(hotline, phone)
    call = await hotline.only_call()

    listening = await head.listens(call.id)
    await hear(
        hotline,
        citizen=(citizen, {FIRST}),
        dispatcher=(desk, {CITIZEN}),
        supervisor=(listening, {CITIZEN, FIRST}),
    )
    await goes_on(citizen, desk)
    assert most_of(citizen.recording(), SECOND) < UNHEARD
    assert most_of(desk.recording(), SECOND) < UNHEARD
    await head.does("mode", mode=Mode.WHISPER)
    await hear(
        hotline,
        citizen=(citizen, {FIRST}),
        dispatcher=(desk, {CITIZEN, SECOND}),
        supervisor=(listening, {CITIZEN, FIRST}),
    )
    await goes_on(citizen, desk)
    assert most_of(citizen.recording(), SECOND) < UNHEARD
    await head.does("mode", mode=Mode.JOIN)
    await hear(
        hotline,
        citizen=(citizen, {FIRST, SECOND}),
        dispatcher=(desk, {CITIZEN, SECOND}),
        supervisor=(listening, {CITIZEN, FIRST}),
    )
    await head.does("mode", mode=Mode.LISTEN)
    await hear(
        hotline,
        citizen=(citizen, {FIRST}),
        dispatcher=(desk, {CITIZEN}),
        supervisor=(listening, {CITIZEN, FIRST}),
    )
    await head.does("leave")
    await listening.ended()
    await citizen.hang_up()
    await desk.ended()

    assert (await hotline.ended_call()).outcome is Outcome.TALKED
    steps = await hotline.steps(call.id)
    assert steps.count(Step.SUPERVISOR_JOINED) == 1
    entries = [one.detail for one in await hotline.storage.audit.latest(50) if one.action == "supervise"]
    whose = f"dispatcher:{(await hotline.dispatcher('201')).id}"
    assert entries[::-1] == [
        f"listen check {whose}",
        *(f"{act} {whose}" for act in ("whisper", "join", "listen", "left")),
    ]
    (kept,) = await hotline.storage.calls.recordings(call.id)
    assert (loudest(Path(kept.caller_file)), loudest(Path(kept.dispatcher_file))) == (CITIZEN, FIRST)


async def test_what_is_whispered_is_in_no_recording_and_both_sides_are_whole_after_joining(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    citizen, desk = await in_talk(hotline, phone)
    call = await hotline.only_call()
    await head.listens(call.id, Mode.WHISPER)
    await hear(hotline, dispatcher=(desk, {CITIZEN, SECOND}))
    await goes_on(citizen, desk)
    (kept,) = await hotline.storage.calls.recordings(call.id)
    files = Path(kept.caller_file), Path(kept.dispatcher_file)
    whispered = min(file.stat().st_size for file in files) // 2
    assert whispered > RATE

    await head.does("mode", mode=Mode.JOIN)
    await hear(hotline, citizen=(citizen, {FIRST, SECOND}))
    await goes_on(citizen, desk)
    await head.does("leave")
    await hear(hotline, citizen=(citizen, {FIRST}), dispatcher=(desk, {CITIZEN}))
    await goes_on(citizen, desk)
    await citizen.hang_up()
    await hotline.ended_call()
    caller, dispatcher = (np.asarray(wav(file).samples, dtype=np.int16) for file in files)
    for side in (caller, dispatcher):
        assert most_of(side[:whispered], SECOND) < UNHEARD
    assert most_of(caller, SECOND) > AUDIBLE
    assert whole(caller, CITIZEN, SECONDS)
    assert whole(dispatcher, FIRST, SECONDS)


async def test_a_supervisor_is_engaged_meanwhile_and_ends_with_the_talk(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    await hotline.presence("209", Presence.READY)
    await hotline.presence("209", Presence.PAUSED, "tea")
    citizen, desk = await in_talk(hotline, phone)
    listening = await head.listens((await hotline.only_call()).id)
    await hear(hotline, supervisor=(listening, {CITIZEN, FIRST}))
    now = await hotline.dispatcher("209")
    assert (now.presence, now.reason) == (Presence.TALKING, SUPERVISING)

    await desk.hang_up()

    await citizen.ended()
    await listening.ended()
    await hotline.until(lambda: is_paused_again(hotline))


async def is_paused_again(hotline: Hotline) -> bool:
    one = await hotline.dispatcher("209")
    return (one.presence, one.reason) == (Presence.PAUSED, "tea")


async def test_a_supervisor_takes_the_talk_over(hotline: Hotline, phone: Phone, head: Supervisor) -> None:
    citizen, desk = await in_talk(hotline, phone)
    call = await hotline.only_call()
    listening = await head.listens(call.id)
    await hear(hotline, supervisor=(listening, {CITIZEN, FIRST}))

    await head.does("take-over")

    await desk.ended()
    await hear(hotline, citizen=(citizen, {SECOND}), supervisor=(listening, {CITIZEN}))
    await hotline.until(lambda: is_ready(hotline, "201"))
    place = await hotline.storage.line.entry(call.id)
    assert place is not None
    assert place.dispatcher_id == (await hotline.dispatcher("209")).id
    await hotline.kill_service()
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED)
    await hear(hotline, citizen=(citizen, {SECOND}), supervisor=(listening, {CITIZEN}))
    await listening.hang_up()
    await citizen.ended()
    kept = await hotline.storage.calls.recordings(call.id)
    assert sorted(loudest(Path(one.dispatcher_file)) for one in kept) == [FIRST, SECOND]
    await hotline.until(lambda: is_away(hotline))


async def is_away(hotline: Hotline) -> bool:
    return (await hotline.dispatcher("209")).presence is Presence.AWAY


async def asked_for_transfer(
    hotline: Hotline, desk: IncomingCall, first: Phone
) -> tuple[OutgoingCall, IncomingCall]:
    """A dispatcher who asks a colleague while the citizen is on hold."""
    second = await hotline.desk("202")
    await desk.hold()
    consult = await first.call("202", sound=tone(FIRST))
    asked = await picks_up(second, THIRD)
    await consult.heard_tone(THIRD)
    return consult, asked


async def test_a_supervisor_follows_the_citizen_through_a_transfer_and_listens_there(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    citizen, desk = await in_talk(hotline, phone)
    listening = await head.listens((await hotline.only_call()).id, Mode.WHISPER)
    await hear(hotline, dispatcher=(desk, {CITIZEN, SECOND}))
    consult, asked = await asked_for_transfer(hotline, desk, phone)

    assert await desk.transfer_attended(consult) == 202

    await hear(
        hotline,
        citizen=(citizen, {THIRD}),
        colleague=(asked, {CITIZEN}),
        supervisor=(listening, {CITIZEN, THIRD}),
    )
    await citizen.hang_up()
    await listening.ended()


@pytest.mark.parametrize("mode", by_day(Mode.JOIN, Mode))
async def test_nobody_is_stranded_when_the_service_is_killed_meanwhile(
    hotline: Hotline, phone: Phone, head: Supervisor, mode: Mode
) -> None:
    citizen, desk = await in_talk(hotline, phone)
    listening = await head.listens((await hotline.only_call()).id, mode)
    at_desk = {CITIZEN} if mode is Mode.LISTEN else {CITIZEN, SECOND}
    at_home = {FIRST, SECOND} if mode is Mode.JOIN else {FIRST}
    wanted: dict[str, tuple[Call, set[int]]] = {
        "citizen": (citizen, at_home),
        "dispatcher": (desk, at_desk),
        "supervisor": (listening, {CITIZEN, FIRST}),
    }
    await hear(hotline, **wanted)
    await hotline.kill_service()
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED)

    await hear(hotline, **wanted)
    await citizen.hang_up()
    await listening.ended()
    await hotline.until(lambda: is_away(hotline))


async def test_one_supervisor_at_a_time_and_never_on_a_talk_of_their_own(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    await in_talk(hotline, phone)
    call = await hotline.only_call()
    async with supervisor(hotline, "208") as other:
        await head.asks_for(call.id)
        await other.asks_for(call.id, status=409)
        listening = await picks_up(head.phone, SECOND)
        await hear(hotline, supervisor=(listening, {CITIZEN, FIRST}))
        await head.asks_for(call.id, status=409)
        await listening.hang_up()
        await hotline.until(lambda: other.is_rung_for(call.id))
        another = await picks_up(other.phone, SECOND)
        await hear(hotline, supervisor=(another, {CITIZEN, FIRST}))
        await other.does("take-over")
        await hotline.until(lambda: is_ready(hotline, "201"))
        await other.asks_for(call.id, status=409)


async def test_a_telephone_that_nobody_picks_up_leaves_the_talk_alone(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    citizen, desk = await in_talk(hotline, phone)
    call = await hotline.only_call()
    await head.asks_for(call.id)
    ringing = await head.phone.next_call()
    await ringing.reject(486)
    await hotline.until(lambda: head.is_rung_for(call.id))
    rung = await head.phone.next_call()
    await head.does("leave")
    await rung.ended()
    await hear(hotline, citizen=(citizen, {FIRST}), dispatcher=(desk, {CITIZEN}))
    await hotline.until(lambda: head.is_rung_for(call.id))
    rung = await head.phone.next_call()
    await citizen.hang_up()
    await rung.ended()
    await hotline.until(lambda: is_away(hotline))


async def test_while_it_rings_there_is_no_talk_to_be_listened_to(
    hotline: Hotline, phone: Phone, head: Supervisor
) -> None:
    await asks_for_a_dispatcher(hotline)
    await phone.next_call()
    await head.asks_for((await hotline.only_call()).id, status=409)
