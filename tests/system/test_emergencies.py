"""Emergencies first: no announcement, no paperwork and no short break stands between key 4 and a person."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, Outcome, Step
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.line.callbacks import Callback, CallbackResult
from hotline.line.presence_states import ENGAGED, Presence
from hotline.outages.outage import By, NewOutage, OutageKind
from ivr_flows import alarm_phrases, prompts
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import SILENCE, Sound, tone, wav
from tests.system.heard import recorded
from tests.system.hotline import Hotline
from tests.system.oracle import compare
from tests.system.outside import Outside, calling_outside
from tests.system.people import A_SECOND_OF_WAV, CITIZEN, FIRST, SECOND, share_of
from tests.system.test_duty_call import DESK, NIGHT, enterprise

pytestmark = pytest.mark.system

AT_HOME = "+380457900001"
STREET = "Вільнюський квартал"
DISPATCHER, CONTACT = FIRST, SECOND
INTO_THE_GREETING = 2
"""Seconds that a caller has heard of it: what another process enters, the service knows a second later."""
A_FIFTH = 1 / 5
"""More of the sound than this is each of the two tones, when both are in one file."""
TOLD_WITHIN = 4
"""Seconds of a talk in which something was said."""
AFTER_CALL_SECONDS = "600"


@pytest.fixture(scope="module")
async def outside(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    folder = tmp_path_factory.mktemp("emergencies")
    async with calling_outside(folder, HOTLINE_AFTER_CALL_SECONDS=AFTER_CALL_SECONDS) as one:
        await one.hotline.storage.streets.add(demo_streets())
        await one.hotline.storage.citizens.add("Олена Коваль", f"{STREET}, 7, кв. 2", [AT_HOME])
        await enterprise(one.hotline)
        yield one


@pytest.fixture(scope="module")
def hotline(outside: Outside) -> Hotline:
    return outside.hotline


@pytest.fixture(scope="module")
async def phone(hotline: Hotline) -> Phone:
    return await hotline.desk("201")


@pytest.fixture
async def desk(hotline: Hotline, phone: Phone) -> AsyncIterator[Phone]:
    """A dispatcher who is ready when the test begins, and away when it has ended."""
    await hotline.presence("201", Presence.READY)
    yield phone

    async def engaged_no_more() -> bool:
        one = await hotline.dispatcher("201")
        return one.presence not in ENGAGED and await hotline.storage.line.entries() == []

    await hotline.until(engaged_no_more)
    await hotline.presence("201", Presence.AWAY)


async def call_id(hotline: Hotline, number: str) -> str:
    return [call.id for call in await hotline.calls() if call.number == number][-1]


async def until(hotline: Hotline, number: str, step: Step) -> None:
    """Wait until the latest call of this number has come to a step."""

    async def there() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and step in await hotline.steps(known[-1])

    await hotline.until(there)


async def ended(hotline: Hotline, number: str) -> CallRecord:
    """The latest call of this number, once its end is on record."""

    async def latest() -> CallRecord:
        return [call for call in await hotline.calls() if call.number == number][-1]

    async def over() -> bool:
        return (await latest()).ended_at is not None

    await hotline.until(over)
    return await latest()


async def spoken(hotline: Hotline, number: str) -> None:
    """Wait until a second of this number's message has been recorded."""
    await until(hotline, number, Step.MESSAGE_LEFT)
    (message,) = await hotline.storage.history.messages(await call_id(hotline, number))
    file = Path(message.file)
    await hotline.until(lambda: file.is_file() and file.stat().st_size > A_SECOND_OF_WAV)


async def presses_four(hotline: Hotline, number: str, sound: Sound = SILENCE) -> OutgoingCall:
    """A citizen who presses 4 while the first words are said, long before they end."""
    call = await hotline.citizen(number, sound)
    await call.answered()
    await hotline.until(lambda: recorded(call) > INTO_THE_GREETING)
    await call.press("4")
    return call


async def test_four_in_the_first_words_does_not_wait_behind_a_known_outage(
    hotline: Hotline, desk: Phone
) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    off = NewOutage(
        areas=(Area(street=STREET),), utility=Utility.WATER, kind=OutageKind.EMERGENCY, starts_at=since
    )
    outage = await hotline.storage.outages.enter(off, By())
    call = await presses_four(hotline, AT_HOME)
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    told = await hotline.phrases(await call_id(hotline, AT_HOME))
    before = (prompts.RECORDING_NOTICE, prompts.CONNECTING_TO_DISPATCHER, prompts.ONE_MOMENT)
    assert set(told) <= {one.name for one in (*prompts.GREETING, *before)}
    await ringing.hang_up()
    await call.ended()
    await hotline.storage.outages.end(outage.id, datetime.now(UTC), By())


async def test_with_nobody_on_duty_an_emergency_is_no_ordinary_voicemail(outside: Outside) -> None:
    hotline, number = outside.hotline, "+380671230002"
    call = await presses_four(hotline, number, tone(CITIZEN))
    hangs_up = await outside.rung(NIGHT)
    await hangs_up.answer()
    await hangs_up.heard_voice()
    await hangs_up.press("1")
    await hangs_up.hang_up()  # before a word is said: the caller holds on for the other one
    contact = await outside.rung(DESK)
    await contact.answer(tone(CONTACT))
    await contact.heard_voice()
    await contact.press("1")
    await call.heard_tone(CONTACT)
    await contact.heard_tone(CITIZEN)
    said = recorded(contact)
    await hotline.until(lambda: recorded(contact) > said + TOLD_WITHIN)
    told = await hotline.phrases(await call_id(hotline, number))
    assert alarm_phrases.SERVICES.name in told
    assert prompts.NOBODY_ON_DUTY.name not in told
    await contact.hang_up()
    await call.ended()
    assert (await ended(hotline, number)).outcome is Outcome.TALKED_WITH_CONTACT
    await compare(hotline)
    *_cut_short, recording = await hotline.storage.calls.recordings(await call_id(hotline, number))
    assert recording.dispatcher_id is None
    samples = np.asarray(wav(Path(recording.caller_file)).samples, dtype=np.int16)
    assert min(share_of(samples, CITIZEN), share_of(samples, CONTACT)) > A_FIFTH


async def test_an_emergency_does_not_wait_out_the_work_after_a_call(hotline: Hotline, desk: Phone) -> None:
    before = await hotline.citizen("+380671230003")
    await before.answered()
    await before.press("0")
    talk = await desk.next_call()
    await talk.answer(tone(DISPATCHER))
    await before.heard_tone(DISPATCHER)
    await talk.hang_up()
    await before.ended()

    async def works_after_the_call() -> bool:
        return (await hotline.dispatcher("201")).presence is Presence.AFTER_CALL

    await hotline.until(works_after_the_call)
    call = await presses_four(hotline, "+380671230004")
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    await call.ended()


async def test_an_emergency_rings_a_desk_on_a_pause_when_nobody_is_ready(
    hotline: Hotline, desk: Phone
) -> None:
    await hotline.presence("201", Presence.PAUSED, "meal")
    call = await presses_four(hotline, "+380671230005")
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    await call.ended()

    async def back() -> bool:
        one = await hotline.dispatcher("201")
        return (one.presence, one.reason) == (Presence.PAUSED, "meal")

    await hotline.until(back)


@pytest.mark.nightly  # by day it is left, above, and listed in `storage/line`
async def test_a_message_about_an_emergency_is_first_on_the_list_until_it_is_settled(
    outside: Outside,
) -> None:
    hotline, number = outside.hotline, "+380671230006"
    ordinary = await hotline.citizen("+380671230007", tone(CONTACT))
    await ordinary.answered()
    await ordinary.press("3")
    await spoken(hotline, "+380671230007")
    await ordinary.hang_up()
    await ended(hotline, "+380671230007")
    call = await hotline.citizen(number, tone(CONTACT))
    await call.answered()
    await call.press("4")
    await spoken(hotline, number)
    await call.hang_up()
    assert (await ended(hotline, number)).outcome is Outcome.MESSAGE_LEFT

    callbacks = hotline.storage.callbacks
    first, second = await callbacks.owed(9)
    assert [(one.number, one.emergency) for one in (first, second)] == [
        (number, True),
        ("+380671230007", False),
    ]
    assert [bool(message.seconds) for message in first.messages] == [True]
    user = await hotline.storage.users.add(login="olena", name="О", role=Role.DISPATCHER, password_hash="x")
    done = Callback(
        call_id=first.last_call_id,
        user_id=user.id,
        at=datetime.now(UTC),
        result=CallbackResult.SETTLED,
        note="Бригада на місці",
    )
    await callbacks.add(done)
    assert [one.number for one in await callbacks.owed(9)] == ["+380671230007"]
