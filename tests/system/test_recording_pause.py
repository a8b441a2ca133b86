"""A dispatcher pauses the recording for personal data: what is said then is on no disk, all else is."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import Recording, Step
from hotline.calls.recordings import MarkKind, Side
from telephony.calls.recording_pause import REMINDED_EVERY
from telephony.phone.g711 import RATE, Samples
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import SILENCE, tone, tone_share
from telephony.voice.master import read_master
from telephony.voice.signals import NOTES, Signal
from tests.system.browser import open_browser
from tests.system.desk_browser import PATIENT, open_desk
from tests.system.heard import recorded
from tests.system.hotline import Hotline
from tests.system.invariants import hold
from tests.system.lending import Hotlines
from tests.system.people import AUDIBLE, CITIZEN, FIRST, SECOND, THIRD, ever_heard, in_talk

pytestmark = pytest.mark.system

PAUSED_SECONDS = 6
SECRET_SECONDS = 2
OUR_NOTES = {hertz for notes in NOTES.values() for hertz, _ in notes}
WINDOW = RATE // 20
NOTE_SHARE = 0.8
LEFT_OUT_WINDOWS = 4
"""So many at most lie between two pieces of a note; between two tones lie seconds."""
LOUDER_THAN_TONES = 5000
"""Of people, who speak louder than our tones."""


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def hasty(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """A hotline in which a pause soon ends by itself."""
    async with hotlines.lent(**PATIENT, HOTLINE_RECORDING_PAUSE_SECONDS=str(PAUSED_SECONDS)) as one:
        yield one


async def test_what_is_said_in_a_pause_is_silence_and_all_else_is_there(hotline: Hotline) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call, talk = await in_talk(hotline, phone)
        await heard_for(hotline, call, talk, 1)
        await page.wait_for_selector("article.desk-card .desk-recording")

        call.say(SILENCE)
        talk.say(SILENCE)
        await quiet(hotline, call, talk)
        await page.keyboard.press("Control+F9")
        await page.wait_for_selector(".desk-recording-paused")
        await both_heard(hotline, call, talk, Signal.PAUSED)
        call.say(tone(SECOND))
        talk.say(tone(THIRD))
        await call.heard_tone(THIRD)
        await talk.heard_tone(SECOND)
        await heard_for(hotline, call, talk, SECRET_SECONDS)
        call.say(SILENCE)
        talk.say(SILENCE)
        await quiet(hotline, call, talk)
        await page.keyboard.press("Control+F9")
        await page.wait_for_selector(".desk-recording-paused", state="detached")
        await both_heard(hotline, call, talk, Signal.GOES_ON)
        call.say(tone(CITIZEN))
        talk.say(tone(FIRST))
        await heard_for(hotline, call, talk, 2)
        await talk.hang_up()
        await call.ended()

    caller, dispatcher = await master_of(hotline)
    for side, said, secret in ((caller, CITIZEN, SECOND), (dispatcher, FIRST, THIRD)):
        assert not ever_heard(side, secret)
        begins, ends = longest_zeros(side)
        assert ends - begins > SECRET_SECONDS * RATE
        assert ever_heard(side[:begins], said)
        assert ever_heard(side[ends:], said)
    steps = [one for one in await hotline.steps((await hotline.only_call()).id) if "recording" in one.value]
    assert steps == [Step.RECORDING_PAUSED, Step.RECORDING_RESUMED]
    recording = await finished(hotline)
    marks = (await hotline.storage.recordings.of([recording.id]))[recording.id].marks
    (paused,) = [one for one in marks if one.kind is MarkKind.PAUSED]
    assert paused.seconds > SECRET_SECONDS
    await hold(hotline)


@pytest.mark.nightly
async def test_a_pause_ends_by_itself_though_the_service_was_killed_meanwhile(hasty: Hotline) -> None:
    phone = await hasty.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hasty, browser, "201")
        call, talk = await in_talk(hasty, phone)
        await page.wait_for_selector("article.desk-card .desk-recording")
        call.say(SILENCE)
        talk.say(SILENCE)
        await quiet(hasty, call, talk)
        await page.keyboard.press("Control+F9")
        await hasty.reached(Step.RECORDING_PAUSED)
        await page.wait_for_selector(".desk-recording-paused")
        await both_heard(hasty, call, talk, Signal.PAUSED)
        await hasty.kill_service()
        await hasty.start_service()
        await hasty.reached(Step.RECORDING_RESUMED)
        await both_heard(hasty, call, talk, Signal.PAUSED, Signal.GOES_ON)
    (resumed,) = [
        one for one in await hasty.journey((await hasty.only_call()).id) if one.step is Step.RECORDING_RESUMED
    ]
    assert resumed.detail["by"] == "time"
    call.say(tone(SECOND))
    await talk.heard_tone(SECOND)
    await heard_for(hasty, call, talk, 1)
    await talk.hang_up()
    await call.ended()
    caller, _ = await master_of(hasty)
    begins, ends = longest_zeros(caller)
    assert ends - begins > RATE
    assert ever_heard(caller[ends:], SECOND)
    await hold(hasty)


@pytest.mark.nightly
async def test_while_a_pause_lasts_both_are_reminded(hotlines: Hotlines) -> None:
    seconds = str(round(REMINDED_EVERY) + 5)
    async with hotlines.lent(**PATIENT, HOTLINE_RECORDING_PAUSE_SECONDS=seconds) as hotline:
        phone = await hotline.desk("201")
        async with open_browser() as browser:
            page = await open_desk(hotline, browser, "201")
            call, talk = await in_talk(hotline, phone)
            await page.wait_for_selector("article.desk-card .desk-recording")
            call.say(SILENCE)
            talk.say(SILENCE)
            await quiet(hotline, call, talk)
            await page.keyboard.press("Control+F9")
            await hotline.reached(Step.RECORDING_RESUMED)
            await both_heard(hotline, call, talk, *Signal)
            await talk.hang_up()
            await call.ended()
        await hold(hotline)


async def heard_for(hotline: Hotline, call: OutgoingCall, talk: IncomingCall, seconds: float) -> None:
    """So much more sound came to both."""
    goals = [recorded(one) + seconds for one in (call, talk)]
    await hotline.until(
        lambda: all(recorded(one) > goal for one, goal in zip((call, talk), goals, strict=True))
    )


async def quiet(hotline: Hotline, call: OutgoingCall, talk: IncomingCall) -> None:
    """Neither hears anything for half a second."""
    await heard_for(hotline, call, talk, 0.5)
    await hotline.until(
        lambda: all(np.abs(one.recording()[-RATE // 2 :]).max() < AUDIBLE for one in (call, talk))
    )


async def both_heard(hotline: Hotline, call: OutgoingCall, talk: IncomingCall, *signals: Signal) -> None:
    """Both have heard these tones, and no other of the hotline's, since somebody last spoke."""
    notes = [hertz for one in signals for hertz, _ in NOTES[one]]
    heard: list[list[int]] = []

    def all_heard() -> bool:
        heard[:] = [notes_in(one.recording()) for one in (call, talk)]
        return heard == [notes, notes]

    try:
        await hotline.until(all_heard)
    except TimeoutError:
        pytest.fail(f"heard {heard}, and not {notes}")


def notes_in(samples: Samples) -> list[int]:
    """The notes of our tones in their order, behind what was said last.

    On a busy machine Asterisk leaves out a piece of a note here and there: it is one note all the same.
    """
    heard: list[int] = []
    before, left_out = None, 0
    windows = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    for window, loudest in zip(windows, np.abs(windows).max(axis=1, initial=0), strict=True):
        if loudest > LOUDER_THAN_TONES:
            heard.clear()
            before = None
            continue
        note = next((one for one in OUR_NOTES if loudest and tone_share(window, one) > NOTE_SHARE), None)
        left_out = 0 if note is not None else left_out + 1
        if left_out > LEFT_OUT_WINDOWS:
            before = None
        elif note is not None:
            if note != before:
                heard.append(note)
            before = note
    return heard


async def finished(hotline: Hotline) -> Recording:
    """The only recording of the only call, once its master is made."""
    found: list[Recording] = []

    async def made() -> bool:
        found[:] = await hotline.storage.calls.recordings((await hotline.only_call()).id)
        return bool(found) and all(one.master_file for one in found)

    await hotline.until(made)
    (one,) = found
    return one


async def master_of(hotline: Hotline) -> list[Samples]:
    """Both sides of the only recording, out of its master."""
    recording = await finished(hotline)
    sound = np.concatenate([*read_master(Path(recording.master_file or ""))])
    return [sound[:, number] for number, _ in enumerate(Side)]


def longest_zeros(side: Samples) -> tuple[int, int]:
    """From where to where a side is nothing but zeros for the longest time."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], side == 0, [0]]).astype(np.int8)))
    spans = edges.reshape(-1, 2)
    begins, ends = spans[np.argmax(spans[:, 1] - spans[:, 0])]
    return int(begins), int(ends)
