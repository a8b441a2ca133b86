"""The message to the whole city and recorded voices, on real calls: a tone stands for a person's voice."""

import asyncio
import wave
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from argon2 import PasswordHasher

from hotline.access.permissions import Role
from hotline.access.phone_codes import ATTEMPTS
from hotline.access.users import User
from hotline.calls.call import CallRecord, Outcome, Step
from hotline.informing.city_messages import CityMessage, MessageBy, NewMessage
from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import Origin
from ivr_flows import prompts
from service.wiring.voices import voices
from storage.core.fresh import FRESH_SECONDS
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.heard import heard_of, sound_of
from tests.system.hotline import Hotline
from tests.system.people import ever_heard

pytestmark = pytest.mark.system

CODE = "482615"
MESSAGE, WELCOME, DICTATED = 440, 620, 830
HEADS = "+380457900009"
"""The number of the head's own telephone."""
"""Hz: as whom the machine speaks."""


@pytest.fixture
async def head(hotline: Hotline) -> User:
    user = await hotline.storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    await hotline.storage.users.update(
        replace(user, phone=HEADS, phone_code_hash=PasswordHasher().hash(CODE))
    )
    return user


@pytest.fixture
async def message(hotline: Hotline, head: User, tmp_path: Path) -> CityMessage:
    """A prepared message that a person has recorded: callers hear it as 440 Hz."""
    new = NewMessage(title="Хлор", uk="Увага! Зачиніть вікна.")
    made = await hotline.storage.city_messages.enter(new, MessageBy(user_id=head.id))
    await record(hotline, tmp_path / "message.wav", made.phrase, MESSAGE, head)
    return made


async def record(hotline: Hotline, file: Path, phrase: Phrase, hertz: int, head: User) -> None:
    """Have a person say the phrase: two seconds of a tone."""
    moments = np.arange(24_000 * 2) / 24_000
    with wave.open(str(file), "wb") as wav:
        wav.setparams((1, 2, 24_000, 0, "NONE", ""))
        wav.writeframes((9000 * np.sin(2 * np.pi * hertz * moments)).astype("<i2").tobytes())
    studio = voices(hotline.settings, hotline.storage).studio
    await studio.take(file, phrase, Language.UKRAINIAN, origin=Origin.FILE, user_id=head.id)
    await asyncio.sleep(FRESH_SECONDS)  # the service is another process


async def called(hotline: Hotline, number: str = "+380457900001", **options: object) -> OutgoingCall:
    call = await hotline.citizen(number, **options)
    await call.answered()
    return call


async def of(hotline: Hotline, number: str = "+380457900001") -> CallRecord:
    return [call for call in await hotline.calls() if call.number == number][-1]


async def says(hotline: Hotline, phrase: str, times: int = 1) -> None:
    """Wait until the hotline has begun to say this phrase so many times in all."""

    async def begun() -> bool:
        said = [name for call in await hotline.calls() for name in await hotline.phrases(call.id)]
        return said.count(phrase) >= times

    await hotline.until(begun)


async def test_switched_on_the_next_caller_hears_it_and_switched_off_the_one_after_does_not(
    hotline: Hotline, head: User, message: CityMessage
) -> None:
    by = MessageBy(user_id=head.id)
    await hotline.storage.city_messages.switch_on(message.id, by)
    call = await called(hotline)
    await says(hotline, "menu")
    assert ever_heard(call.recording(), MESSAGE)
    await call.hang_up()
    first = await of(hotline)
    assert (await hotline.phrases(first.id))[len(prompts.GREETING) :] == [
        "city-message",
        message.phrase.name,
        "english-on-nine",
        "menu",
    ]

    await hotline.storage.city_messages.switch_off(by)
    again = await called(hotline, "+380457900002")
    await says(hotline, "menu", times=2)
    assert not ever_heard(again.recording(), MESSAGE)
    await again.hang_up()
    second = await of(hotline, "+380457900002")
    assert message.phrase.name not in await hotline.phrases(second.id)


@pytest.mark.nightly
async def test_an_edit_is_heard_by_the_next_caller_in_the_place_of_the_old_recording(
    hotline: Hotline, head: User, message: CityMessage
) -> None:
    by, storage = MessageBy(user_id=head.id), hotline.storage
    await storage.city_messages.switch_on(message.id, by)
    new = NewMessage(title="Хлор", uk="Увага! Сьогодні в місті не працює гаряча вода. Дякуємо за терпіння.")
    edited = await storage.city_messages.amend(await storage.city_messages.get(message.id), new, by)
    call = await called(hotline)
    await says(hotline, "menu")
    recording = call.recording()
    await call.hang_up()
    assert not ever_heard(recording, MESSAGE)
    assert heard_of(await sound_of(hotline, edited.phrase), recording)


@pytest.mark.nightly  # by day the message's own, above
async def test_a_recorded_voice_is_heard_by_the_next_caller_until_it_is_taken_back(
    hotline: Hotline, head: User, tmp_path: Path
) -> None:
    await record(hotline, tmp_path / "welcome.wav", prompts.WELCOME, WELCOME, head)
    call = await called(hotline)
    await says(hotline, "menu")
    assert ever_heard(call.recording(), WELCOME)
    await call.hang_up()
    await hotline.storage.voice_recordings.take_back("welcome", Language.UKRAINIAN, head.id)
    await asyncio.sleep(FRESH_SECONDS)
    again = await called(hotline, "+380457900002")
    await says(hotline, "menu", times=2)
    assert not ever_heard(again.recording(), WELCOME)
    await again.hang_up()


async def test_the_head_switches_it_by_telephone_and_no_key_of_the_code_is_kept(
    hotline: Hotline, message: CityMessage
) -> None:
    call = await called(hotline, HEADS)
    await call.press(f"8{CODE}#")
    await says(hotline, "message-keys")
    await call.press("1")
    await says(hotline, f"message-choice-{message.id}")
    await call.press("1")
    await call.heard_tone(MESSAGE)
    await call.press("1")
    await says(hotline, "message-switched-on")
    assert [one.id for one in await hotline.storage.city_messages.all() if one.on_since] == [message.id]
    await call.press("2")
    await says(hotline, "message-switched-off")
    assert [one.id for one in await hotline.storage.city_messages.all() if one.on_since] == []
    await call.hang_up()
    record = await hotline.ended_call()
    assert record.outcome is Outcome.ANSWERED_BY_MACHINE
    details = str([step.detail for step in await hotline.journey(record.id)])
    assert CODE not in details
    assert CODE not in hotline.log.read_text(encoding="utf-8")
    assert CODE not in "".join(
        file.read_text(encoding="utf-8", errors="replace")
        for file in (hotline.settings.folders.asterisk / "log").rglob("*")
        if file.is_file()
    )
    assert [one.by.call_id for one in await hotline.storage.city_messages.history(2)] == [record.id] * 2


@pytest.mark.nightly  # by day `ivr_flows`
@pytest.mark.usefixtures("message")
async def test_wrong_codes_are_counted_said_and_lead_nowhere(hotline: Hotline) -> None:
    call = await called(hotline, HEADS)
    await call.press("8")
    for turn in range(1, 4):
        await says(hotline, "ask-code", times=turn)
        await call.press("900817#")
    await says(hotline, "menu")
    await call.hang_up()
    record = await hotline.ended_call()
    pressed = [one.detail for one in await hotline.journey(record.id) if one.step is Step.CODE_PRESSED]
    assert pressed == [{"result": "wrong"}] * 3
    refused = [one for one in await hotline.storage.audit.latest(20) if one.action == "sign-in-refused"]
    assert [one.address for one in refused] == [f"call:{record.id}"] * 3
    assert [one for one in await hotline.storage.city_messages.all() if one.on_since] == []


@pytest.mark.nightly  # by day `service/access/test_phone_codes.py`
@pytest.mark.usefixtures("message")
async def test_after_many_wrong_codes_even_the_right_one_is_not_looked_at(hotline: Hotline) -> None:
    for _ in range(12):  # each doubles the wait: it is minutes now
        await hotline.storage.sign_in_attempts.begin(
            ATTEMPTS, f"tel:{HEADS}", datetime.now(UTC), lambda _all, _number: None
        )
    call = await called(hotline, HEADS)
    await call.press(f"8{CODE}#")
    await says(hotline, "too-many-codes")
    await says(hotline, "menu")
    await call.hang_up()
    record = await hotline.ended_call()
    pressed = [one.detail for one in await hotline.journey(record.id) if one.step is Step.CODE_PRESSED]
    assert pressed == [{"result": "too-many"}]


async def test_a_message_dictated_by_telephone_is_heard_by_the_next_caller(
    hotline: Hotline, head: User
) -> None:
    call = await called(hotline, HEADS)
    await call.press(f"8{CODE}#")
    await says(hotline, "message-keys")
    await call.press("3")
    await says(hotline, "message-dictate")
    await call.heard_pause()
    call.say(tone(DICTATED))
    spool = hotline.settings.folders.messages
    await hotline.until(lambda: any(one.stat().st_size > 48_000 for one in spool.glob("*-dictated.wav")))
    await call.press("#")
    await says(hotline, "message-dictated-keys")
    await call.heard_tone(DICTATED)
    await call.press("1")
    await says(hotline, "message-switched-on")
    await call.hang_up()
    await hotline.ended_call()

    citizen = await called(hotline, "+380457900002")
    await citizen.heard_tone(DICTATED)
    await citizen.hang_up()
    assert list(spool.glob("*-dictated.wav")) == []
    assert await hotline.storage.calls.messages() == []
    entry = (await hotline.storage.city_messages.history(1))[0]
    assert entry.by.user_id == head.id
