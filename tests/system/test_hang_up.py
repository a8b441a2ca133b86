"""A citizen may hang up at any moment: each time the call ends at once and stands whole in the log."""

import fnmatch
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from hotline.calls.call import CallRecord, Outcome, Step
from hotline.city.classifier import Utility
from hotline.line.presence_states import Presence
from hotline.outages.outage import By, OutageKind
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.outages import entered
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, picks_up

pytestmark = pytest.mark.system

CALLER, SECOND_CALLER = "+380457900001", "+380457900002"


@pytest.fixture(scope="module")
async def hotline(all_hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """One hotline for all these calls; in the end its log is compared with Asterisk's own account."""
    async with all_hotlines.lent() as one:
        yield one
        await compare(one, reconciled=True)


@pytest.fixture(scope="module")
async def desk(hotline: Hotline) -> Phone:
    return await hotline.desk("201")


async def hung_up(hotline: Hotline, call: OutgoingCall, outcome: Outcome) -> CallRecord:
    """The record of the latest call, which ends now, as it was expected."""
    record = (await hotline.calls())[-1]
    await call.hang_up()
    await compare(hotline, only=record.id)
    record = next(one for one in await hotline.calls() if one.id == record.id)
    assert record.outcome is outcome
    return record


async def said(hotline: Hotline, phrase: str) -> None:
    """Wait until the latest call hears a phrase, whose name may have a `*`."""

    async def begun() -> bool:
        calls = await hotline.calls()
        steps = await hotline.journey(calls[-1].id) if calls and calls[-1].ended_at is None else []
        return any(fnmatch.filter(str(step.detail.get("phrases", "")).split(), phrase) for step in steps)

    await hotline.until(begun)


async def noted(hotline: Hotline, step: Step, number: str = CALLER) -> None:
    """Wait until the latest call from a number takes a step."""

    async def there() -> bool:
        calls = [call for call in await hotline.calls() if call.number == number]
        return bool(calls) and calls[-1].ended_at is None and step in await hotline.steps(calls[-1].id)

    await hotline.until(there)


async def test_in_the_greeting(hotline: Hotline) -> None:
    call = await hotline.citizen()
    await call.heard_voice()
    await said(hotline, "welcome")
    await hung_up(hotline, call, Outcome.HUNG_UP_IN_MENU)


async def test_in_the_menu(hotline: Hotline) -> None:
    call = await hotline.citizen()
    await call.answered()
    await call.press("8")
    await said(hotline, "wrong-key")
    await hung_up(hotline, call, Outcome.HUNG_UP_IN_MENU)


async def test_in_the_middle_of_a_number(hotline: Hotline) -> None:
    call = await hotline.citizen()
    await call.answered()
    await call.press("210")
    await noted(hotline, Step.PRESSED)
    await hung_up(hotline, call, Outcome.HUNG_UP_IN_MENU)


async def test_in_an_announcement_that_was_not_heard_to_its_end(hotline: Hotline) -> None:
    call = await hotline.citizen()
    await call.answered()
    await call.press("1")
    await said(hotline, "no-outages")
    await hung_up(hotline, call, Outcome.HUNG_UP_IN_MENU)


async def test_in_the_announcement_of_an_emergency(hotline: Hotline) -> None:
    outage = await entered(
        hotline.storage.outages, Utility.WATER, OutageKind.EMERGENCY, datetime.now(UTC), None
    )
    try:
        prompts = hotline.settings.folders.prompts
        await hotline.until(lambda: any(prompts.glob(f"outage-{outage.id}-times-*.alaw")))
        call = await hotline.citizen()
        # Not by the file: one of an outage that had this number before, in other words, may lie there still.
        await said(hotline, f"outage-{outage.id}-what-*")
        await hung_up(hotline, call, Outcome.HUNG_UP_IN_MENU)
    finally:
        await hotline.storage.outages.end(outage.id, datetime.now(UTC), By())


async def test_while_leaving_a_message(hotline: Hotline) -> None:
    call = await hotline.citizen(sound=tone(CITIZEN))
    await call.answered()
    await call.press("3")
    await noted(hotline, Step.MESSAGE_LEFT)
    await call.heard_pause()
    record = await hung_up(hotline, call, Outcome.MESSAGE_LEFT)
    (message,) = [one for one in await hotline.storage.calls.messages() if one.call_id == record.id]
    assert message.seconds
    assert message.seconds > 0.5


async def test_having_been_told_that_nobody_is_on_duty_is_not_to_give_up_waiting(hotline: Hotline) -> None:
    call = await asks_for_a_dispatcher(hotline)
    await said(hotline, "nobody-on-duty")
    await hung_up(hotline, call, Outcome.NOBODY_ON_DUTY)


async def test_in_the_line(hotline: Hotline, desk: Phone) -> None:
    first = await asks_for_a_dispatcher(hotline)
    talk = await picks_up(desk, FIRST)
    await noted(hotline, Step.TALK_STARTED)
    call = await asks_for_a_dispatcher(hotline, SECOND_CALLER)
    await noted(hotline, Step.JOINED_LINE, SECOND_CALLER)
    await hung_up(hotline, call, Outcome.ABANDONED_IN_LINE)
    assert len(await hotline.storage.line.entries()) == 1
    await talk.hang_up()
    await first.ended()
    await hotline.until(lambda: _nobody_in_line(hotline))


async def test_while_the_dispatchers_phone_rings(hotline: Hotline, desk: Phone) -> None:
    call = await asks_for_a_dispatcher(hotline)
    ringing = await desk.next_call()
    await noted(hotline, Step.DISPATCHER_OFFERED)
    await hung_up(hotline, call, Outcome.ABANDONED_IN_LINE)
    await ringing.ended()
    await hotline.until(lambda: _ready(hotline))


async def test_in_the_talk(hotline: Hotline, desk: Phone) -> None:
    call = await asks_for_a_dispatcher(hotline)
    talk = await picks_up(desk, FIRST)
    await call.heard_tone(FIRST)
    await noted(hotline, Step.TALK_STARTED)
    await hung_up(hotline, call, Outcome.TALKED)
    await talk.ended()
    await hotline.until(lambda: _ready(hotline))


async def test_during_the_good_bye(hotline: Hotline, desk: Phone) -> None:
    call = await asks_for_a_dispatcher(hotline)
    talk = await picks_up(desk, FIRST)
    await call.heard_tone(FIRST)
    await talk.hang_up()
    await said(hotline, "goodbye")
    await hung_up(hotline, call, Outcome.TALKED)


async def _nobody_in_line(hotline: Hotline) -> bool:
    return not await hotline.storage.line.entries()


async def _ready(hotline: Hotline) -> bool:
    return (await hotline.dispatcher("201")).presence is Presence.READY
