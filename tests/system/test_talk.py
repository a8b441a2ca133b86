"""A citizen and a dispatcher talk: sound both ways, recorded, stored; a phone that dies loses nobody."""

from pathlib import Path

import numpy as np
import pytest

from hotline.calls import Outcome, Step
from hotline.line import Duty
from telephony.phone.sound import tone, tone_share, wav
from tests.system.hotline import Hotline

pytestmark = pytest.mark.system

CITIZEN, FIRST, SECOND = 440, 700, 1000


async def test_a_citizen_who_presses_zero_talks_with_a_dispatcher_and_both_are_recorded(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("101")
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("0")
    ringing = await desk.next_call()
    assert ringing.caller == "+380457900001"
    await ringing.answer(tone(FIRST))
    await call.heard_tone(FIRST)
    await ringing.heard_tone(CITIZEN)
    await ringing.hang_up()
    await call.ended(timeout=15)
    record = await hotline.ended_call()
    assert record.outcome is Outcome.TALKED
    recording = (await hotline.storage.calls.recordings(record.id))[0]
    await hotline.until(lambda: _copied(hotline, record.id))
    assert _loudest(Path(recording.caller_file)) == CITIZEN
    assert _loudest(Path(recording.dispatcher_file)) == FIRST


async def test_a_dispatcher_who_does_not_answer_gives_the_caller_to_the_next_and_is_paused(
    hotline: Hotline,
) -> None:
    silent, other = await hotline.desk("101"), await hotline.desk("102")
    await hotline.duty("102", Duty.PAUSED, "tea")
    call = await hotline.citizen()
    await call.answered()
    await call.press("0")
    await silent.next_call()
    await hotline.reached(Step.OFFER_MISSED, times=1)
    await hotline.duty("102", Duty.READY)
    ringing = await other.next_call()
    await ringing.answer(tone(SECOND))
    await call.heard_tone(SECOND)
    await call.hang_up()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED


async def test_a_blind_transfer_brings_the_caller_to_the_colleague_and_both_talks_are_recorded(
    hotline: Hotline,
) -> None:
    first, second = await hotline.desk("101"), await hotline.desk("102")
    await hotline.duty("102", Duty.PAUSED, "tea")
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("0")
    ringing = await first.next_call()
    await ringing.answer(tone(FIRST))
    await call.heard_tone(FIRST)
    await hotline.duty("102", Duty.READY)
    await ringing.transfer("102")
    colleague = await second.next_call()
    await colleague.answer(tone(SECOND))
    await call.heard_tone(SECOND)
    await colleague.heard_tone(CITIZEN)
    await colleague.hang_up()
    await call.ended(timeout=15)
    record = await hotline.ended_call()
    files = [(r.caller_file, r.dispatcher_file) for r in await hotline.storage.calls.recordings(record.id)]
    assert [(_loudest(Path(c)), _loudest(Path(d))) for c, d in files] == [(CITIZEN, FIRST), (CITIZEN, SECOND)]


async def test_an_attended_transfer_joins_the_caller_and_the_colleague_who_was_asked(
    hotline: Hotline,
) -> None:
    first, second = await hotline.desk("101"), await hotline.desk("102")
    await hotline.duty("102", Duty.PAUSED, "tea")
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("0")
    ringing = await first.next_call()
    await ringing.answer(tone(FIRST))
    await call.heard_tone(FIRST)
    await ringing.hold()
    consult = await first.call("102", sound=tone(FIRST))
    asked = await second.next_call()
    await asked.answer(tone(SECOND))
    await consult.heard_tone(SECOND)
    await ringing.transfer_attended(consult)
    await call.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)
    await asked.hang_up()
    await call.ended(timeout=15)
    assert (await hotline.ended_call()).outcome is Outcome.TALKED
    assert (await hotline.dispatcher("101")).duty is Duty.READY


async def _copied(hotline: Hotline, call_id: str) -> bool:
    return all(one.listening_file for one in await hotline.storage.calls.recordings(call_id))


def _loudest(file: Path) -> int:
    """Which of the tones of this test fills the file."""
    samples = np.asarray(wav(file).samples, dtype=np.int16)
    return max((CITIZEN, FIRST, SECOND), key=lambda hertz: tone_share(samples, hertz))
