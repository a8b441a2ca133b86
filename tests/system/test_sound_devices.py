"""The dispatcher's headset and loudspeakers in a real Chromium: chosen, remembered, gone and back again."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from telephony.phone.sound import tone
from tests.system.browser import violations
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher
from tests.system.web_desk import WebDesk, web_desk

pytestmark = pytest.mark.system

_IN_USE = """async () => {
  const {softphone} = document.querySelector("[data-softphone]");
  await softphone.ring.test();
  const [track] = softphone.devices.stream.getAudioTracks();
  const [call] = softphone.calls;
  return {
    microphone: call.microphone.getAudioTracks()[0].getSettings().deviceId,
    meter: track.getSettings().deviceId,
    talk: call.element.sinkId,
    ring: softphone.ring.element.sinkId,
  };
}"""
"""Which devices the sound really goes through, by their ids."""
_DRAWN = """() => new Promise((done) => {
  let [drawn, ticks] = [0, 0];
  const meter = document.querySelector("[data-part=meter]");
  const watching = new MutationObserver((changes) => { drawn += changes.length; });
  watching.observe(meter, {attributes: true});
  const ticking = setInterval(() => {
    if ((ticks += 1) < 4) return;
    clearInterval(ticking);
    watching.disconnect();
    done(drawn);
  }, 100);
})"""
"""How often the meter is drawn while the time for it comes four times."""
_UNPLUG = """() => {
  const media = navigator.mediaDevices;
  media.plugged = media.getUserMedia;
  media.getUserMedia = () => Promise.reject(new DOMException("unplugged", "NotFoundError"));
  const {devices, calls} = document.querySelector("[data-softphone]").softphone;
  for (const stream of [devices.stream, ...calls.map((call) => call.microphone)]) {
    stream.getTracks().forEach((track) => track.stop());
  }
  media.dispatchEvent(new Event("devicechange"));
}"""
_PLUG_IN = """() => {
  navigator.mediaDevices.getUserMedia = navigator.mediaDevices.plugged;
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    async with web_desk(hotline, "201", FIRST, asks=True) as one:
        yield one


@pytest.mark.nightly
async def test_chosen_devices_are_used_and_remembered(hotline: Hotline, desk: WebDesk) -> None:
    chosen = {}
    await desk.page.click("text=/^Гарнітура й динаміки/")
    for use, place in (("microphone", 2), ("talk", 1), ("ring", 2)):
        options = desk.page.locator(f"[data-part=device-{use}]")
        chosen[use] = await options.locator("option").nth(place).get_attribute("value")
        await options.select_option(chosen[use])
    assert await violations(desk.page) == []
    await desk.page.reload()
    await desk.shows("ready")
    await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.picks_up()

    used = await desk.page.evaluate(_IN_USE)

    assert used == {**chosen, "meter": chosen["microphone"]}
    for use, device in chosen.items():
        await expect(desk.page.locator(f"[data-part=device-{use}]")).to_have_value(device or "")


@pytest.mark.nightly
async def test_the_level_meter_shows_what_the_microphone_hears_as_long_as_it_is_seen(desk: WebDesk) -> None:
    page, meter = desk.page, desk.page.locator("[data-part=meter]")
    folded = page.locator("text=/^Гарнітура й динаміки/")

    async def sounds() -> bool:
        return float(await meter.get_attribute("value") or 0) > 0.3

    assert await page.evaluate(_DRAWN) == 0
    await folded.click()
    await desk.hotline.until(sounds)
    await folded.click()
    await page.evaluate(_DRAWN)  # the last time may have been due when it was folded
    assert await page.evaluate(_DRAWN) == 0


@pytest.mark.nightly
async def test_a_headset_unplugged_in_a_talk_is_told_and_used_again_when_it_is_back(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.picks_up()
    await citizen.heard_tone(FIRST)

    await desk.page.evaluate(_UNPLUG)
    await desk.shows("microphone-missing")
    await expect(desk.page.get_by_role("alert")).not_to_be_empty()
    await desk.hears(CITIZEN)
    await hotline.until(lambda: not citizen.hears_tone(FIRST))
    assert await violations(desk.page) == []

    await desk.page.evaluate(_PLUG_IN)
    await desk.shows("ready")
    await citizen.heard_tone(FIRST)
