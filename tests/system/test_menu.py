"""The menu with real calls and real digits: each path, barge-in, silence, wrong keys, keys pressed ahead."""

import itertools
import wave
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord, Outcome, Step
from hotline.calls.counted import Counted, CountedFilter
from hotline.calls.history import CallFilter
from hotline.line.presence_states import Presence
from hotline.voice.speech import Language
from ivr_flows import languages, prompts
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from telephony.voice.engines import find_engines
from telephony.voice.synthesis import RHVoice
from tests.system.heard import heard_of, recorded
from tests.system.hotline import PRIVATE_ROOT, PROMPTS, Hotline
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.test_voice import expanded

pytestmark = pytest.mark.system

BYTES_A_SECOND = 8000
GREETING = tuple(one.name for one in prompts.GREETING)
MENU = ("english-on-nine", "menu")
DISPATCHER = 700

_under_way: list[OutgoingCall] = []


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    """A number of their own for each citizen, by which the call is found in the log."""
    return (f"+3804579{number:05}" for number in itertools.count(1))


@pytest.fixture(scope="module")
async def hotline(all_hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """One hotline for all these calls; in the end its log is compared with Asterisk's own account."""
    async with all_hotlines.lent() as one:
        await one.storage.appeals.register(
            Appeal(
                number="1001",
                applicant_number="+380457999001",
                text="Не світить ліхтар",
                state=AppealState.IN_WORK,
                registered_at=datetime.now(UTC),
                due_on=datetime.now(UTC).date() + timedelta(days=15),
            )
        )
        yield one
        await compare(one, reconciled=True)


@pytest.fixture(scope="module")
async def desk(hotline: Hotline) -> Phone:
    return await hotline.desk("201")


@pytest.fixture(autouse=True)
async def _nobody_stays() -> AsyncIterator[None]:
    """A test that fails leaves no caller behind to whom the next one's dispatcher would talk."""
    yield
    while _under_way:
        await _under_way.pop().hang_up()


async def called(hotline: Hotline, numbers: Iterator[str], **options: object) -> tuple[OutgoingCall, str]:
    """A citizen whose call was answered, and their number."""
    number = next(numbers)
    call = await hotline.citizen(number, **options)
    _under_way.append(call)
    await call.answered()
    return call, number


async def of(hotline: Hotline, number: str) -> CallRecord:
    (record,) = [call for call in await hotline.calls() if call.number == number]
    return record


async def steps(hotline: Hotline, number: str) -> list[Step]:
    return await hotline.steps((await of(hotline, number)).id)


async def until(hotline: Hotline, number: str, step: Step, times: int = 1) -> None:
    async def there() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and (await hotline.steps(known[0])).count(step) >= times

    await hotline.until(there)


async def heard(hotline: Hotline, number: str) -> list[str]:
    """The names of all phrases that were said, in their order."""
    return await hotline.phrases((await of(hotline, number)).id)


async def said(hotline: Hotline, number: str, phrase: str) -> None:
    """Wait until the hotline begins to say a phrase to this caller."""

    async def begun() -> bool:
        known = [call for call in await hotline.calls() if call.number == number]
        return bool(known) and phrase in await heard(hotline, number)

    await hotline.until(begun)


async def ended(hotline: Hotline, number: str, outcome: Outcome) -> CallRecord:
    """The call's record once it has ended, as it was expected."""

    async def over() -> bool:
        return (await of(hotline, number)).ended_at is not None

    await hotline.until(over)
    record = await of(hotline, number)
    assert record.outcome is outcome
    await compare(hotline, only=record.id)
    return record


def _seconds_of(*phrases: str) -> float:
    """How long the phrases sound, by their files."""
    return sum(_file(phrase).stat().st_size for phrase in phrases) / BYTES_A_SECOND


async def test_zero_leads_to_a_dispatcher(hotline: Hotline, desk: Phone, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("0")
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    await call.ended()
    record = await ended(hotline, number, Outcome.TALKED)
    assert Step.TALK_STARTED in await steps(hotline, number)
    wanted = CallFilter(number=number, counted=CountedFilter(figure=Counted.IN_TIME))
    assert [one.call.id for one in await hotline.storage.history.find(wanted, limit=2)] == [record.id]
    assert len(await hotline.storage.calls.recordings(record.id)) == 1
    assert (await heard(hotline, number))[-1] == "goodbye"


@pytest.mark.nightly  # by day `ivr_flows`; on a real call keys pressed ahead, below
async def test_one_tells_of_outages_and_leads_back_to_the_menu(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    call, number = await called(hotline, numbers)
    await call.press("1")
    await said(hotline, number, "no-outages")
    await until(hotline, number, Step.INFORMED)
    await said(hotline, number, "menu")
    await call.hang_up()
    await ended(hotline, number, Outcome.ANSWERED_BY_MACHINE)


@pytest.mark.nightly  # by day `ivr_flows`; on a real call keys pressed ahead, below
async def test_two_tells_how_an_appeal_stands(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("21001#")
    await said(hotline, number, "appeal-number-1001")
    await until(hotline, number, Step.INFORMED)
    await call.hang_up()
    await ended(hotline, number, Outcome.ANSWERED_BY_MACHINE)


@pytest.mark.nightly  # by day `ivr_flows`
async def test_an_unknown_number_may_be_tried_once_more(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("2555#")
    await said(hotline, number, "no-such-appeal")
    await call.press("1001#")
    await said(hotline, number, "appeal-number-1001")
    await call.hang_up()
    await ended(hotline, number, Outcome.HUNG_UP_IN_MENU)


async def test_three_records_a_message_until_the_hash_key(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers, sound=tone(440))
    await call.press("3")
    await until(hotline, number, Step.MESSAGE_LEFT)
    await _spoken(hotline, number)
    await call.press("#")
    await call.ended()
    record = await ended(hotline, number, Outcome.MESSAGE_LEFT)
    assert "message-kept" in await heard(hotline, number)
    await _message_is_whole(hotline, record)


@pytest.mark.nightly  # by day `ivr_flows`
async def test_a_message_without_a_word_is_none(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("3")
    await call.ended()
    record = await ended(hotline, number, Outcome.MESSAGE_EMPTY)
    assert "message-empty" in await heard(hotline, number)
    assert not [one for one in await hotline.storage.calls.messages() if one.call_id == record.id]


@pytest.mark.nightly  # by day `ivr_flows`; on a real call keys pressed ahead, below
async def test_nine_goes_on_in_english(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("9")
    await until(hotline, number, Step.LANGUAGE_CHOSEN)
    await said(hotline, number, "language-chosen")
    await call.hang_up()
    record = await ended(hotline, number, Outcome.HUNG_UP_IN_MENU)
    assert record.language is Language.ENGLISH


async def test_a_talk_is_not_recorded_when_the_citizen_refused(
    hotline: Hotline, desk: Phone, numbers: Iterator[str]
) -> None:
    call, number = await called(hotline, numbers)
    await call.press("*0")
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    await call.hang_up()
    record = await ended(hotline, number, Outcome.TALKED)
    assert record.recording_refused
    assert await hotline.storage.calls.recordings(record.id) == []
    assert not [*hotline.settings.folders.recordings.glob(f"*{record.id}*")]


async def test_a_key_stops_the_voice(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    prompt = expanded(_file("emergency-notice").read_bytes())
    await hotline.until(lambda: heard_of(prompt, call.recording()) > 1)
    pressed = recorded(call)
    await call.press("8", gap=0)
    await said(hotline, number, "menu")
    await hotline.until(lambda: recorded(call) > pressed + 1)
    assert heard_of(prompt, call.recording()) < len(prompt) / 8000
    assert await steps(hotline, number) == [
        *(Step.ARRIVED, Step.ANSWERED, Step.HEARD, Step.WRONG_KEY, Step.HEARD)
    ]
    await call.hang_up()
    await ended(hotline, number, Outcome.HUNG_UP_IN_MENU)


async def test_whoever_keeps_pressing_wrong_keys_gets_a_dispatcher(
    hotline: Hotline, desk: Phone, numbers: Iterator[str]
) -> None:
    call, number = await called(hotline, numbers)
    await call.press("876")
    ringing = await desk.next_call()
    await ringing.answer()
    await until(hotline, number, Step.TALK_STARTED)
    await call.hang_up()
    await ended(hotline, number, Outcome.TALKED)
    assert (await steps(hotline, number)).count(Step.WRONG_KEY) == 3


async def test_keys_pressed_ahead_are_all_heard(hotline: Hotline, numbers: Iterator[str]) -> None:
    call, number = await called(hotline, numbers)
    await call.press("9121001#")
    await said(hotline, number, "appeal-number-1001")
    await call.hang_up()
    await ended(hotline, number, Outcome.HUNG_UP_IN_MENU)
    record = await of(hotline, number)
    pressed = [s.detail["key"] for s in await hotline.journey(record.id) if s.step is Step.PRESSED]
    assert pressed == ["9", "1", "2", "1001"]


async def test_silence_leads_to_a_dispatcher_after_everything_was_said(
    hotline: Hotline, desk: Phone, numbers: Iterator[str]
) -> None:
    call, number = await called(hotline, numbers)
    ringing = await desk.next_call()
    await ringing.answer()
    await until(hotline, number, Step.TALK_STARTED)
    await call.hang_up()
    record = await ended(hotline, number, Outcome.TALKED)
    assert (await heard(hotline, number))[:6] == [*GREETING, *MENU, "nothing-pressed"]
    assert Step.SILENT in await steps(hotline, number)
    assert record.first_prompt_at
    spoken = _voiced(call.recording()[: round(8000 * (_seconds_of(*GREETING, *MENU) + 3))])
    assert spoken == pytest.approx(_seconds_of(*GREETING, *MENU), rel=0.25)


@pytest.mark.usefixtures("desk")
async def test_with_nobody_on_duty_the_caller_is_asked_for_a_message(
    hotline: Hotline, numbers: Iterator[str]
) -> None:
    await hotline.presence("201", Presence.PAUSED, "lunch")
    try:
        call, number = await called(hotline, numbers, sound=tone(440))
        await call.press("0")
        await until(hotline, number, Step.MESSAGE_LEFT)
        await _spoken(hotline, number)
        await call.hang_up()
        record = await ended(hotline, number, Outcome.MESSAGE_LEFT)
        assert "nobody-on-duty" in await heard(hotline, number)
        await _message_is_whole(hotline, record)
    finally:
        await hotline.presence("201", Presence.READY)


async def _message(hotline: Hotline, call_id: str) -> Path:
    (message,) = [one for one in await hotline.storage.calls.messages() if one.call_id == call_id]
    return Path(message.file)


async def _spoken(hotline: Hotline, number: str, seconds: float = 1.5) -> None:
    """Wait until so much of the message is on disk."""
    file = await _message(hotline, (await of(hotline, number)).id)
    await hotline.until(lambda: file.exists() and file.stat().st_size > seconds * 16000)


async def _message_is_whole(hotline: Hotline, record: CallRecord) -> None:
    (message,) = [one for one in await hotline.storage.calls.messages() if one.call_id == record.id]
    with wave.open(message.file) as file:
        assert message.seconds == pytest.approx(file.getnframes() / 8000, abs=0.1)
    assert message.seconds > 1
    assert message.number == record.number


def _voiced(samples: np.ndarray) -> float:
    """Seconds in which there is a voice, short pauses between words included."""
    frames = np.abs(samples[: len(samples) // 4000 * 4000].astype(np.int32)).reshape(-1, 4000).max(axis=1)
    return float(np.count_nonzero(frames > 300)) / 2


def _file(phrase: str) -> Path:
    """The file of the Ukrainian text; the English one has the same beginning."""
    voice = RHVoice(PROMPTS, find_engines(PRIVATE_ROOT))
    text = languages.phrase(phrase).text(Language.UKRAINIAN)
    return PROMPTS / f"{voice._spoken(phrase, text, Language.UKRAINIAN).stem}.alaw"
