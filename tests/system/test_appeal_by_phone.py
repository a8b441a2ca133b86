"""An applicant and strangers ask a real hotline how appeals stand; the word is given by key."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.word_codes import WordCodes
from hotline.calls.call import CallRecord, Outcome, Step, VoiceMessage
from hotline.clock import SystemClock
from service.wiring.delivery import answer_links
from telephony.phone.g711 import RATE
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import SILENCE, Sound, tone
from tests.fakes.register import Register
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines

pytestmark = pytest.mark.system

STRANGER = "+380457900900"
SPOKEN_SECONDS = 0.5
DONE_AT = 5
"""The appeal's version after the report in the register's road."""


@pytest.fixture(scope="module")
async def hotline(all_hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """One hotline for all these calls; every test has callers and appeals of its own."""
    async with all_hotlines.lent() as one:
        yield one


@pytest.fixture(scope="module")
def register(hotline: Hotline) -> Register:
    return Register(hotline.storage, SystemClock())


@pytest.fixture(scope="module")
def callers() -> Iterator[str]:
    return (f"+3804579001{number:02}" for number in itertools.count(1))


def code(hotline: Hotline, appeal: Appeal) -> str:
    """The code of the message that it is done."""
    return WordCodes(answer_links(hotline.settings).key).code(appeal.number, DONE_AT)


async def called(hotline: Hotline, number: str, sound: Sound = SILENCE) -> OutgoingCall:
    call = await hotline.citizen(number, sound)
    await call.answered()
    return call


async def record(hotline: Hotline, number: str) -> CallRecord | None:
    """The latest call of this number."""
    return next((one for one in reversed(await hotline.calls()) if one.number == number), None)


async def heard(hotline: Hotline, number: str) -> list[str]:
    known = await record(hotline, number)
    return await hotline.phrases(known.id) if known else []


async def said(hotline: Hotline, number: str, phrase: str, *, times: int = 1) -> None:
    async def begun() -> bool:
        return (await heard(hotline, number)).count(phrase) >= times

    await hotline.until(begun)


async def reached(hotline: Hotline, number: str, step: Step) -> None:
    async def there() -> bool:
        known = await record(hotline, number)
        return known is not None and step in await hotline.steps(known.id)

    await hotline.until(there)


async def ended(hotline: Hotline, number: str) -> CallRecord:
    async def over() -> bool:
        known = await record(hotline, number)
        return known is not None and known.ended_at is not None

    await hotline.until(over)
    known = await record(hotline, number)
    assert known is not None
    return known


async def is_now(hotline: Hotline, appeal: Appeal, state: AppealState) -> None:
    async def became() -> bool:
        found = await hotline.storage.appeals.find(appeal.number)
        return found is not None and found.state is state

    await hotline.until(became)


async def speaking(hotline: Hotline, number: str) -> VoiceMessage:
    """The message that this caller is leaving, once they have spoken for a while."""
    known = await record(hotline, number)
    assert known is not None
    (message,) = [one for one in await hotline.storage.calls.messages() if one.call_id == known.id]
    file = Path(message.file)
    spoken = 2 * RATE * 2 * SPOKEN_SECONDS  # bytes of sixteen bits a sample
    await hotline.until(lambda: file.exists() and file.stat().st_size > spoken)
    return message


async def acts(hotline: Hotline, appeal: Appeal) -> list[str]:
    return [one.act for one in await hotline.storage.handling.history(appeal.number, hidden=True)]


async def test_one_of_several_is_chosen_by_key_and_told_in_work(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    caller = next(callers)
    await register.appeal("2600101", AppealState.CLOSED, caller=caller)
    await register.appeal("2600102", AppealState.IN_WORK, caller=caller, category="heat-none")
    call = await called(hotline, caller)
    await call.press("2")
    await said(hotline, caller, "your-appeals")
    await call.press("1")
    await reached(hotline, caller, Step.INFORMED)
    told = await heard(hotline, caller)
    assert told[told.index("your-appeals") :][:4] == [
        *("your-appeals", "your-appeal-2600102-1", "your-appeal-2600101-2", "your-appeals-else")
    ]
    assert {"appeal-about-2600102", "appeal-in-work", "appeal-executor", "appeal-term-2600102"} <= {*told}
    await call.hang_up()
    assert (await ended(hotline, caller)).outcome is Outcome.ANSWERED_BY_MACHINE


async def test_a_dispute_by_key_keeps_the_remark_and_tells_the_executor(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    caller = next(callers)
    appeal = await register.appeal("2600103", AppealState.DONE, caller=caller)
    call = await called(hotline, caller, tone(440))
    await call.press(f"25{code(hotline, appeal)}")
    await said(hotline, caller, f"appeal-answer-{appeal.number}")
    assert (await heard(hotline, caller)).count("appeal-answer") == 1, "for the code alone"
    await call.press("22")
    await reached(hotline, caller, Step.MESSAGE_LEFT)
    remark = await speaking(hotline, caller)
    await call.press("#")
    await is_now(hotline, appeal, AppealState.DISPUTED)
    await said(hotline, caller, "appeal-returned")
    assert (await heard(hotline, caller))[-1] == f"appeal-term-{appeal.number}"
    await call.hang_up()
    entry = (await hotline.storage.handling.history(appeal.number, hidden=False))[-1]
    message = await hotline.storage.history.message(str(entry.facts["remark"]))
    assert message is not None
    assert (message.id, message.call_id) == (remark.id, remark.call_id)
    assert message.seconds
    assert message.seconds > SPOKEN_SECONDS
    assert entry.facts["source"] == f"call:{remark.call_id}"
    notices = await hotline.storage.outbox.of_appeal(appeal.number)
    told = {one.to for one in notices if one.about == "dispute"}
    assert {f"executor:{appeal.executor_id}", "head"} <= told


async def test_who_hangs_up_while_speaking_has_disputed_it_and_is_heard(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    caller = next(callers)
    appeal = await register.appeal("2600104", AppealState.BEING_CHECKED, caller=caller)
    call = await called(hotline, caller, tone(440))
    await call.press(f"22{code(hotline, appeal)}2")
    await reached(hotline, caller, Step.MESSAGE_LEFT)
    remark = await speaking(hotline, caller)
    await call.hang_up()
    await is_now(hotline, appeal, AppealState.DISPUTED)
    entry = (await hotline.storage.handling.history(appeal.number, hidden=False))[-1]
    message = await hotline.storage.history.message(str(entry.facts["remark"]))
    assert message is not None
    assert message.id == remark.id
    assert message.seconds
    assert message.seconds > SPOKEN_SECONDS


async def test_a_confirmation_by_key_closes_it_with_its_rating(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    caller = next(callers)
    appeal = await register.appeal("2600105", AppealState.BEING_CHECKED, caller=caller)
    call = await called(hotline, caller)
    await call.press(f"21{code(hotline, appeal)}")
    await said(hotline, caller, "rate-work")
    await call.press("5")
    await is_now(hotline, appeal, AppealState.CLOSED)
    await said(hotline, caller, "appeal-confirmed")
    await call.hang_up()
    assert (await hotline.storage.handling.history(appeal.number, hidden=False))[-1].facts["rating"] == 5


@pytest.mark.nightly  # by day `ivr_flows`, and a forged number below
async def test_a_stranger_hears_the_state_and_can_do_nothing(hotline: Hotline, register: Register) -> None:
    appeal = await register.appeal("2600106", AppealState.DONE)
    call = await called(hotline, STRANGER)
    await call.press(f"2{appeal.number}#")
    await reached(hotline, STRANGER, Step.INFORMED)
    await call.press("122")
    await reached(hotline, STRANGER, Step.JOINED_LINE)
    await call.hang_up()
    told = [name for name in await heard(hotline, STRANGER) if name.startswith(("appeal", "executor"))]
    assert told == [f"appeal-number-{appeal.number}", "appeal-done"]
    assert "confirm" not in await acts(hotline, appeal)
    assert "dispute" not in await acts(hotline, appeal)


async def test_a_forged_number_without_the_code_closes_nobodys_appeal(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    """The keys by which it once was closed: one, and a rating."""
    caller = next(callers)
    appeal = await register.appeal("2600109", AppealState.DONE, caller=caller)
    call = await called(hotline, caller)
    await call.press("2155#")
    await said(hotline, caller, "code-wrong")
    await call.press("#")
    await said(hotline, caller, "code-dispatcher")
    await call.hang_up()
    await ended(hotline, caller)
    assert not {"confirm", "dispute"} & {*await acts(hotline, appeal)}


async def test_killed_in_the_middle_the_word_is_given_once_or_not_at_all(
    hotline: Hotline, register: Register, callers: Iterator[str]
) -> None:
    asked, gave = next(callers), next(callers)
    undecided = await register.appeal("2600107", AppealState.DONE, caller=asked)
    decided = await register.appeal("2600108", AppealState.DONE, caller=gave)
    first, second = await called(hotline, asked), await called(hotline, gave)
    await first.press(f"21{code(hotline, undecided)}")
    await said(hotline, asked, "rate-work")
    await second.press(f"21{code(hotline, decided)}")
    await said(hotline, gave, "rate-work")
    await second.press("4")
    await is_now(hotline, decided, AppealState.CLOSED)

    await hotline.kill_service()
    await hotline.start_service()

    await said(hotline, gave, "appeal-yours-closed")
    await said(hotline, asked, f"appeal-about-{undecided.number}", times=2)
    assert (await hotline.storage.appeals.find(undecided.number)) == undecided
    await first.press(f"1{code(hotline, undecided)}")
    await said(hotline, asked, "rate-work", times=2)
    await first.press("3")
    await is_now(hotline, undecided, AppealState.CLOSED)
    await first.hang_up()
    await second.hang_up()
    assert (await acts(hotline, undecided)).count("confirm") == 1
    assert (await acts(hotline, decided)).count("confirm") == 1
