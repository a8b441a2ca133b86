"""Beside the dispatcher, live: real calls, spoken by RHVoice, heard by Whisper, on desks in a browser."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hotline.calls.call import Step
from hotline.city.addresses import demo_streets
from hotline.voice.speech import Language, Phrase
from service.node.listener import joined
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import SILENCE, Sound, tone, wav
from telephony.voice.engines import find_engines
from telephony.voice.prompt_sound import wav_of_a_law
from telephony.voice.synthesis import RHVoice
from tests.system.browser import open_browser, violations
from tests.system.desk_browser import PATIENT, open_desk
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.system.invariants import hold
from tests.system.lending import Hotlines
from tests.system.people import FIRST, SECOND, asks_for_a_dispatcher, picks_up

pytestmark = [pytest.mark.system, pytest.mark.nightly]

CITIZEN_SAYS = "Добрий день! Мене звати Марія Демченко. У нас з учора немає гарячої води."
NAME = "Марія Демченко"
DISPATCHER_SAYS = "Добре, я передам майстрам. Вам передзвонять до вечора."
HEARD_MS = 120_000
"""Milliseconds for words to come, on a machine that runs everything else as well."""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return joined(tmp_path_factory.mktemp("whisper-beside"))


@pytest.fixture
async def hotline(hotlines: Hotlines, model: Path) -> AsyncIterator[Hotline]:
    async with hotlines.lent(
        HOTLINE_SPEECH_BESIDE_UK=str(model), HOTLINE_SPEECH_BESIDE_AT_ONCE="1", **PATIENT
    ) as one:
        await one.storage.streets.add(demo_streets())
        yield one


async def spoken(folder: Path, text: str) -> Sound:
    """The words by telephone, as Natalia says them."""
    synthesis = RHVoice(folder / "prompts", find_engines(PRIVATE_ROOT))
    media = await synthesis.media(Phrase(name="said", uk=text, en=""), Language.UKRAINIAN)
    file = folder / "said.wav"
    file.write_bytes(wav_of_a_law(Path(media.removeprefix("sound:") + ".alaw").read_bytes()))
    return wav(file)


async def in_silent_talk(hotline: Hotline, phone: Phone) -> tuple[OutgoingCall, IncomingCall]:
    call = await asks_for_a_dispatcher(hotline)
    desk = await picks_up(phone, FIRST)
    await call.heard_tone(FIRST)
    desk.say(SILENCE)
    return call, desk


def ears(hotline: Hotline) -> list[int]:
    """The processes that hear a talk of this hotline."""
    assert hotline.service is not None
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            program = (one / "cmdline").read_bytes().split(b"\0")
            parent = int((one / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has just ended
        if b"telephony.speech.beside" in program and parent == hotline.service.pid:
            found.append(int(one.name))
    return found


async def hears(page: Page, words: str, speaker: str) -> None:
    line = page.locator(f".desk-heard-list [data-speaker={speaker}]").filter(has_text=words)
    await expect(line.first).to_have_count(1, timeout=HEARD_MS)


async def test_words_come_to_the_desk_a_slot_is_taken_and_the_colleague_has_them_too(
    hotline: Hotline, tmp_path: Path
) -> None:
    first = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call, desk = await in_silent_talk(hotline, first)
        await page.wait_for_selector("article.desk-card")

        call.say(await spoken(tmp_path, CITIZEN_SAYS))
        await hears(page, NAME, "caller")
        desk.say(await spoken(tmp_path, DISPATCHER_SAYS))
        await hears(page, "передам", "dispatcher")
        await page.keyboard.press("Alt+0")
        assert await violations(page) == []

        await page.keyboard.press("F6")
        await page.wait_for_selector(".heard-offer[data-offer=who][data-state=offered]")
        assert await page.input_value("#appeal-name") == ""
        await page.focus("#appeal-text")
        await page.keyboard.press("Alt+4")
        assert await page.input_value("#appeal-name") == NAME
        await page.wait_for_selector(".heard-offer[data-offer=promised]")
        assert await violations(page) == []

        second = await hotline.desk("202")
        theirs = await open_desk(hotline, browser, "202")
        assert await desk.transfer("202") == 202
        colleague = await picks_up(second, SECOND)
        await call.heard_tone(SECOND)
        await hears(theirs, NAME, "caller")
        await hears(theirs, "передам", "dispatcher")
        colleague.say(await spoken(tmp_path, CITIZEN_SAYS))
        await hears(theirs, NAME, "dispatcher")  # the colleague's own talk is heard as well
        await call.hang_up()
        await hotline.ended_call()
    await hotline.until(lambda: not ears(hotline))


async def test_a_killed_ear_takes_neither_the_talk_nor_the_desk_along(
    hotline: Hotline, tmp_path: Path
) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call, desk = await in_silent_talk(hotline, phone)
        call.say(await spoken(tmp_path, CITIZEN_SAYS))
        await hears(page, NAME, "caller")
        (ear,) = ears(hotline)

        os.kill(ear, signal.SIGKILL)

        await page.wait_for_selector(".desk-heard-stands >> text=Слів розмови більше не видно")
        await hears(page, NAME, "caller")  # what was heard stays
        call.say(tone(FIRST))
        await desk.heard_tone(FIRST)
        await page.keyboard.press("F7")
        await page.keyboard.type("Немає гарячої води")
        await page.wait_for_selector("[id^=saved-]:not(:empty)")
        assert await violations(page) == []
        await call.hang_up()
        await hotline.ended_call()
    (kept,) = await hotline.storage.calls.recordings((await hotline.only_call()).id)
    assert Path(kept.caller_file).stat().st_size > 0


async def test_after_a_restart_of_the_service_a_talk_is_written_along_again(
    hotline: Hotline, tmp_path: Path
) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call, desk = await in_silent_talk(hotline, phone)
        call.say(await spoken(tmp_path, CITIZEN_SAYS))
        await hears(page, NAME, "caller")
        await hotline.kill_service()
        await hotline.start_service()
        await hotline.reached(Step.SERVICE_RESUMED)
        await hotline.until(lambda: len(ears(hotline)) == 1)
        desk.say(await spoken(tmp_path, DISPATCHER_SAYS))
        await hears(page, "передам", "dispatcher")
        await call.hang_up()
        await hotline.ended_call()
    await hotline.until(lambda: not ears(hotline))
    await hold(hotline)


async def test_who_refuses_the_recording_is_not_heard(hotline: Hotline, tmp_path: Path) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call = await hotline.citizen()
        await call.answered()
        await call.press("*0")
        desk = await picks_up(phone, FIRST)
        await call.heard_tone(FIRST)
        await page.wait_for_selector("article.desk-card")
        said = await spoken(tmp_path, CITIZEN_SAYS)
        call.say(said)
        await asyncio.sleep(len(said.samples) / 8000)  # it is said to its end
        assert ears(hotline) == []
        assert await page.locator("[data-slot], .desk-heard-list li").count() == 0
        assert await page.locator(".desk-heard").is_hidden()
        await desk.hang_up()
        assert (await hotline.ended_call()).recording_refused
