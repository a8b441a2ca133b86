"""Recordings over transfers and returns to the line: whoever spoke is in the file (docs/decisions/0002).

All phones speak A-law, as in the defect that silenced a side. `HOTLINE_PROOF_CALLS` makes it longer.
"""

import os
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hotline.calls.call import Recording, Step
from hotline.line.presence_states import Presence
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.people import (
    A_SECOND_OF_WAV,
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    asks_for_a_dispatcher,
    loudest,
    picks_up,
    rung_first,
)

pytestmark = pytest.mark.system

CALLS = int(os.environ.get("HOTLINE_PROOF_CALLS", "3"))
TONES = {"201": FIRST, "202": SECOND, "203": THIRD}
OUT_OF_ORDER = "27"
A_FRAME = 160
A_WORD = A_SECOND_OF_WAV // 4


async def test_each_side_of_each_talk_is_recorded_over_transfers_and_returns(hotline: Hotline) -> None:
    phones = {extension: await hotline.desk(extension) for extension in TONES}
    for number in range(CALLS):
        await one_call(hotline, phones, f"+3804579{number:05}")
    calls = await hotline.calls()
    recordings = [one for call in calls for one in await hotline.storage.calls.recordings(call.id)]

    assert len(recordings) == 4 * CALLS
    dispatchers = await hotline.storage.dispatchers.all()
    spoken: dict[int | None, int] = {one.id: TONES[one.extension] for one in dispatchers}
    heard = {one.id: heard_in(one) for one in recordings}
    assert heard == {one.id: (CITIZEN, spoken[one.dispatcher_id]) for one in recordings}
    assert max(abs(frames(one.caller_file) - frames(one.dispatcher_file)) for one in recordings) <= A_FRAME


async def one_call(hotline: Hotline, phones: Mapping[str, Phone], number: str) -> None:
    """Four talks: with the first dispatcher, by a blind and an attended transfer, after a dead phone."""
    call = await asks_for_a_dispatcher(hotline, number, tone(CITIZEN))
    one, first = await rung_first(phones)
    two, three = (extension for extension in TONES if extension != one)
    await speaks(hotline, call, first, one)
    await first.transfer(two)
    second = await phones[two].next_call()
    await speaks(hotline, call, second, two)
    await second.hold()
    consult = await phones[two].call(three, sound=tone(TONES[two]))
    third = await picks_up(phones[three], TONES[three])
    await consult.heard_tone(TONES[three])
    await second.transfer_attended(consult)
    await call.heard_tone(TONES[three])
    await third.heard_tone(CITIZEN)
    leg, *_ = await legs_to(hotline, three)
    await word_of_each_is_kept(hotline, leg)
    await hotline.node.ask("DELETE", f"channels/{leg}", reason_code=OUT_OF_ORDER)
    await hotline.reached(Step.RETURNED_TO_LINE, times=len(await hotline.calls()))
    await hotline.presence(three, Presence.READY)
    last, fourth = await rung_first(phones)
    await speaks(hotline, call, fourth, last)
    await fourth.hang_up()
    await call.ended()


async def speaks(hotline: Hotline, call: OutgoingCall, desk: IncomingCall, extension: str) -> None:
    """Both are heard, until a word of each is in its file."""
    await desk.answer(tone(TONES[extension]))
    await call.heard_tone(TONES[extension])
    await desk.heard_tone(CITIZEN)
    (leg,) = await legs_to(hotline, extension)
    await word_of_each_is_kept(hotline, leg)


async def word_of_each_is_kept(hotline: Hotline, leg: str) -> None:
    """Their files grow by a word from here on: a busy Asterisk begins to write a moment later."""
    files = [hotline.settings.folders.recordings / f"{leg}-{side}.wav" for side in ("caller", "dispatcher")]
    enough = [size(file) + A_WORD for file in files]
    await hotline.until(lambda: all(size(file) >= least for file, least in zip(files, enough, strict=True)))


async def legs_to(hotline: Hotline, extension: str) -> Sequence[str]:
    channels = await hotline.node.ask("GET", "channels")
    return [one["id"] for one in channels if f"desk-{extension}-" in one["name"]]


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def heard_in(recording: Recording) -> tuple[int, int]:
    return loudest(Path(recording.caller_file)), loudest(Path(recording.dispatcher_file))


def frames(file: str) -> int:
    with wave.open(file) as wav:
        return wav.getnframes()
