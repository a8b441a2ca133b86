"""The pages on past calls in a real Chromium: accessible in both themes, and the recording is heard."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import Outcome
from hotline.calls.history import CallNote
from hotline.line.callbacks import Callback, CallbackResult
from hotline.speech.transcripts import Side, Speaker
from storage.store import Storage
from tests.cti_server.calls.conftest import NOON, call, master_maker, tone
from tests.cti_server.calls.test_sound import TALK, locked, write_sound
from tests.cti_server.calls.test_transcripts import CARD, left, say, write_down
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window
from tests.system.browser import violations

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("422",)) as one:
        yield one


@pytest.fixture
async def keyless(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("503",)) as one:
        yield one


@pytest.fixture
async def past(storage: Storage, talk: str, users: Mapping[Role, User]) -> str:
    """A morning's calls beside the talk, some of them missed."""
    for number in range(60):
        missed = number % 7 == 0
        outcome = Outcome.ABANDONED_IN_LINE if missed else Outcome.HUNG_UP_IN_MENU
        await call(storage, f"d{number}", f"+3804579001{number:02}", -number, outcome)
    who = users[Role.DISPATCHER].id
    await storage.history.add_note(CallNote(call_id=talk, user_id=who, at=NOON, text="Прорвало трубу"))
    await storage.registry.consulted(call_id=talk, user_id=who, text="Графік прийому", at=NOON)
    await call(storage, "hidden", None, -5, Outcome.LOST)
    for missed in ("d49", "d42"):
        tried = Callback(call_id=missed, user_id=who, at=NOON, result=CallbackResult.BUSY, note="Увечері")
        await storage.callbacks.add(tried)
    await storage.callbacks.claim("d49", who, NOON)
    await storage.callbacks.claim("d42", users[Role.HEAD].id, NOON)
    return talk


async def test_the_pages_on_past_calls(window: Window, past: str, alarm: str) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.look("/calls", "calls")
    await window.look("/calls?number=12&missed=1", "calls-misread", nightly=True)
    await window.look("/calls?direction=outgoing&from=2020-01-01&to=2020-01-02", "calls-none", nightly=True)
    await window.look("/calls/missed", "calls-missed")
    await window.look(f"/calls/{past}", "call")
    await window.look(f"/calls/{alarm}", "call-of-a-contact", nightly=True)


async def test_what_was_said_in_messages_stands_beside_their_sound(
    window: Window, past: str, storage: Storage, users: Mapping[Role, User], sounds: Mapping[str, Path]
) -> None:
    assert past
    for number, name in enumerate(("said", "mended", "silent")):
        await left(storage, name, f"+38045790020{number}", -100, sounds["messages"])
        tone(sounds["messages"] / f"{name}.wav", 1)
    words = [
        *((word, 0.9) for word in ["добрий", "день", "у", "нас", "уже", "третю", "добу", "немає", "гарячої"]),
        ("води", 0.2),
    ]
    await write_down(storage, "msg-said", *words)
    await write_down(storage, "msg-mended", ("не", 0.9), ("має", 0.3))
    await storage.transcripts.correct(Side("msg-mended"), "Немає води", users[Role.HEAD].id, NOON)
    await write_down(storage, "msg-silent")
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/calls/missed", "messages-written")
    await window.look("/calls/said", "message-written")
    page = window.page
    await page.locator("summary", has_text="Виправити текст").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("Немає гарячої води третю добу")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".spoken:has-text('Немає гарячої води третю добу')")


async def test_what_was_said_in_a_talk_goes_along_with_its_sound(
    window: Window, past: str, storage: Storage
) -> None:
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 1, "немає", *CARD[1:5])
    await window.sign_in(Role.HEAD.value)
    await window.look(f"/calls/{past}?sound=r1&at=1", "talk-written")
    page = window.page
    player = page.locator(".player").first
    assert await player.locator("audio").evaluate("sound => sound.currentTime") == 1
    await player.locator("audio").evaluate("sound => { sound.muted = true; sound.playbackRate = 0.25 }")
    await player.get_by_text("немає", exact=True).click()
    await expect(player.locator(".spoken-now")).to_have_text("немає")
    await player.locator("a[data-at='0.00']").focus()
    await page.keyboard.press("Enter")
    await expect(player.locator(".spoken-now")).to_have_text("слухаю")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press(" ")  # in the text, as anywhere in the player
    assert await player.locator("audio").evaluate("sound => sound.paused")
    await page.get_by_role("link", name="Показати приховане").first.click()
    await expect(page.locator(".spoken").first).to_contain_text("4993")


async def test_who_cannot_hear_a_recording_whose_key_is_missing_is_told_what_to_do(
    keyless: Window, past: str, sounds: Mapping[str, Path]
) -> None:
    locked(sounds["recordings"] / "r1.wav")
    await keyless.sign_in(Role.HEAD.value)
    await keyless.open(f"/calls/{past}")
    player = keyless.page.locator(".player").first
    await player.locator("audio").evaluate("sound => { sound.play().catch(() => {}) }")
    await expect(player.locator(".player-fault")).to_have_text(
        "Запис зашифровано, а ключа від нього немає. Нічого не втрачено. Попросіть адміністратора повернути"
        " ключ: `hotline doctor` скаже, який саме."
    )
    await keyless.look_here(f"/calls/{past}", "talk-without-its-key", nightly=True)


async def test_a_call_is_arranged_by_keyboard_and_stands_on_the_list(
    window: Window, past: str, clock: MovedClock
) -> None:
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/calls/{past}")
    await page.locator("main a", has_text="Запланувати дзвінок").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/calls/scheduled/new?**")
    await page.locator("#why").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#why[aria-invalid=true]")
    await window.look_here("/calls/scheduled/new", "arrange-faults")
    await page.fill("#why", "Розповісти, коли прийде бригада, і спитати, чи є вода")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#scheduled-1")
    await window.look("/calls/missed", "arranged-later", nightly=True)
    clock.pass_(hours=3)
    await page.wait_for_selector("h2:has-text('Заплановані: час телефонувати')")
    await window.look_here("/calls/missed", "arranged-due")


@pytest.mark.nightly
async def test_a_recording_is_heard_from_the_place_that_is_clicked(
    window: Window, past: str, storage: Storage, sounds: Mapping[str, Path]
) -> None:
    tone(sounds["recordings"] / "r1.wav", 2, seconds=20)
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/calls/{past}")
    canvas = window.page.locator("canvas").first
    await canvas.wait_for(state="visible")
    assert await storage.audit.find(AuditFilter(action="play"), limit=9) == []
    box = await canvas.bounding_box()
    assert box
    await canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    await window.page.wait_for_function(
        "() => { const sound = document.querySelector('audio');"
        " return sound.duration === 20 && !sound.paused && sound.currentTime > 0.5; }"
    )
    (played,) = await storage.audit.find(AuditFilter(action="play"), limit=9)
    assert (played.subject, played.detail) == ("recording:r1", f"call:{past}")
    assert await window.page.locator("canvas").count() == 2


_DRAWN = """(canvas) => {
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const at = data.findIndex((value, place) => place % 4 === 3 && value === 255);
  return data.slice(at - 3, at).join(" ");
}"""
"""The colour of the first pixel that is wholly drawn."""


async def test_the_outline_follows_the_theme_of_the_system(
    window: Window, past: str, sounds: Mapping[str, Path]
) -> None:
    tone(sounds["recordings"] / "r1.wav", 2, seconds=20)
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/calls/{past}")
    page = window.page
    canvas = page.locator("canvas").first
    await canvas.wait_for(state="visible")
    differs = f"(before) => ({_DRAWN})(document.querySelector('canvas')) !== before"
    seen = [await canvas.evaluate(_DRAWN)]
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme)
        await page.wait_for_function(differs, arg=seen[-1])
        seen.append(await canvas.evaluate(_DRAWN))
    assert seen[0] == seen[2]
    await page.locator("audio").first.evaluate("(sound) => { sound.currentTime = 20; }")
    heard = []
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme)
        await page.wait_for_function(differs, arg=[*seen, *heard][-1])
        heard.append(await canvas.evaluate(_DRAWN))
    assert len({*seen, *heard}) == 4


async def test_a_marked_place_of_a_measured_talk_is_reached_by_keyboard(
    window: Window, past: str, storage: Storage, sounds: Mapping[str, Path]
) -> None:
    folder, kept = sounds["recordings"], await storage.history.recording("r1")
    assert kept is not None
    sides = [str(write_sound(folder / f"r1-{side}.wav", seconds)) for side, seconds in TALK.items()]
    new = replace(kept, caller_file=sides[0], dispatcher_file=sides[1], listening_file=None)
    await storage.calls.keep_recording(new)
    await master_maker(storage, folder).finish(new)
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/calls/{past}")
    page = window.page
    await page.locator("canvas").first.wait_for(state="visible")
    await page.locator("summary", has_text="Позначені місця").focus()
    await page.keyboard.press("Enter")
    await window.look_here(f"/calls/{past}", "call-measured")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_function(
        "() => { const sound = document.querySelector('audio');"
        " return Math.round(sound.duration) === 10 && !sound.paused && sound.currentTime >= 6; }"
    )


@pytest.mark.nightly
async def test_a_callback_is_written_down_by_keyboard_alone(window: Window, past: str) -> None:
    assert past
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open("/calls/missed")
    rows = await page.locator("main li.card").count()
    await page.locator("main li.card").first.locator("select").focus()
    for _ in ("reached", "settled"):
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[aria-invalid=true]:focus")
    assert await violations(page) == []
    await page.keyboard.type("Листом")
    await page.keyboard.press("Enter")
    await expect(page.locator("main li.card")).to_have_count(rows - 1)


async def test_the_list_of_those_to_call_back_renews_itself_and_leaves_alone_what_is_typed(
    window: Window, past: str, storage: Storage, users: Mapping[Role, User]
) -> None:
    assert past
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open("/calls/missed")
    first, second, *_ = [
        await one.get_attribute("id") or "" for one in await page.locator("#callbacks li.card").all()
    ]
    await page.locator(f"#{second} input[name=note]").fill("Обіцяли перетелефонувати")

    await call(storage, "fresh", "+380457900777", 1, Outcome.ABANDONED_IN_LINE)
    head = users[Role.HEAD].id
    for entry in (first, second):
        reached = Callback(
            call_id=entry.removeprefix("call-"), user_id=head, at=NOON, result=CallbackResult.REACHED
        )
        await storage.callbacks.add(reached)

    await page.wait_for_selector("#call-fresh")
    await page.wait_for_selector(f"#{first}", state="detached")
    await page.wait_for_selector(f"#{second} .callbacks-gone >> text=уже записав")
    assert await page.input_value(f"#{second} input[name=note]") == "Обіцяли перетелефонувати"
    assert await violations(page) == []


@pytest.mark.nightly
async def test_whoever_works_by_keyboard_goes_on_with_the_next_when_another_settles_their_entry(
    window: Window, past: str, storage: Storage, users: Mapping[Role, User]
) -> None:
    assert past
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open("/calls/missed")
    first, second, *_ = [
        await one.get_attribute("id") or "" for one in await page.locator("#callbacks li.card").all()
    ]
    await page.locator(f"#{first} a.number").focus()
    settled = Callback(
        call_id=first.removeprefix("call-"),
        user_id=users[Role.HEAD].id,
        at=NOON,
        result=CallbackResult.REACHED,
    )
    await storage.callbacks.add(settled)
    await page.wait_for_selector(f"#{second} a.number:focus")


async def test_those_to_call_back_are_found_by_digits_and_by_part(window: Window, past: str) -> None:
    page, keys = window.page, window.page.keyboard
    assert past
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/calls/missed?only=message", "calls-missed-none", nightly=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await window.open("/calls/missed")
    first = await page.locator("main li.card h2").first.bounding_box()
    assert first is not None
    assert first["y"] < 560, "the first number is on the first screen of a telephone"
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("#q")
    await keys.type("001 49")
    await keys.press("Enter")
    await page.wait_for_url("**/calls/missed?q=001+49")
    assert await page.locator("main li.card").count() == 1
    await page.focus("#q")
    await keys.press("ArrowDown")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "/calls/d49"
