"""All components as they were seen the last time: in both themes, on a wide screen and a telephone.

HOTLINE_UPDATE_PICTURES=1 keeps what is seen now instead (docs/design/look.md).
"""

import functools
import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from tests.cti_server.test_in_browser import SIZES, Window
from tests.system.browser import violations

pytestmark = pytest.mark.system

PICTURES = Path(__file__).with_name("pictures")
SEEN = ((1366, 768), (390, 844))
THEMES = ("light", "dark")
WIDEST = (2560, 1440)
NEAR = 3
"""Pixels of a picture of half the size: browsers put letters a hair's breadth to the side."""
MOST_OFF = 16
"""How far a colour may be, of 255, from all that stood near: browsers smooth letters differently."""
MOST_PIXELS = 60


async def _seen(look: Window) -> Image.Image:
    """Photograph the components at half the size, in few colours: small files, no hairs to split."""
    await look.page.evaluate("document.activeElement?.blur()")
    shot = Image.open(io.BytesIO(await look.page.locator("main").screenshot(caret="initial"))).convert("RGB")
    return shot.resize((shot.width // 2, shot.height // 2), Image.Resampling.BOX).quantize(256)


def _off(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels of either picture that are like nothing near them in the other."""
    return sum(_unlike(*pair) for pair in ((one, other), (other, one)))


def _unlike(seen: Image.Image, like: Image.Image) -> int:
    darkest, lightest = like.filter(ImageFilter.MinFilter(NEAR)), like.filter(ImageFilter.MaxFilter(NEAR))
    beyond = ImageChops.add(ImageChops.subtract(seen, lightest), ImageChops.subtract(darkest, seen))
    furthest = functools.reduce(ImageChops.lighter, beyond.split())
    return sum(furthest.histogram()[MOST_OFF + 1 :])


@pytest.mark.parametrize("theme", THEMES)
async def test_components_look_as_they_did(look: Window, theme: str) -> None:
    await look.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    for width, height in SEEN:
        await look.page.set_viewport_size({"width": width, "height": height})
        assert await violations(look.page) == [], (theme, width)
        now, file = await _seen(look), PICTURES / f"{theme}-{width}.png"
        if os.environ.get("HOTLINE_UPDATE_PICTURES"):
            now.save(file, optimize=True)
        with Image.open(file) as kept:
            then = kept.convert("RGB")
        assert now.size == then.size, (theme, width)
        off = _off(now.convert("RGB"), then)
        assert off <= MOST_PIXELS, (theme, width, off)
    for width, height in (*SIZES, WIDEST):
        await look.page.set_viewport_size({"width": width, "height": height})
        assert await look.page.evaluate("document.documentElement.scrollWidth") <= width
        await look.keep(f"look-{theme}-{width}.png")


async def test_days_and_files_are_chosen_with_the_keyboard_in_the_language_of_the_page(look: Window) -> None:
    page = look.page
    await page.focus("#day")
    await page.keyboard.press("Alt+ArrowDown")
    assert await page.locator(".calendar-head strong").inner_text() == "січень 2026 р."
    assert await page.locator(".calendar-days > span").first.inner_text() == "пн"
    assert await violations(page) == []
    await look.keep("look-calendar.png")
    for key in ("ArrowDown", "PageDown", "ArrowLeft", "Enter"):
        await page.keyboard.press(key)
    assert await page.input_value("#day") == "12.02.2026"
    assert await page.evaluate("document.activeElement.id") == "day"
    await page.focus("#moment")
    await page.keyboard.press("Alt+ArrowDown")
    await page.keyboard.press("Escape")
    assert await page.locator(".calendar-box").count() == 0
    sign = await page.locator("#moment").bounding_box()
    assert sign is not None
    await page.mouse.click(sign["x"] + sign["width"] - 12, sign["y"] + sign["height"] / 2)
    await page.locator(".calendar-day", has_text="28").first.click()
    assert await page.input_value("#moment") == "28.01.2026 14:05"
    await page.set_input_files("#file", {"name": "люди.csv", "mimeType": "text/csv", "buffer": b"a"})
    assert await page.locator(".file-name").inner_text() == "люди.csv"


async def test_paper_shows_what_is_read_and_not_what_is_pressed(look: Window) -> None:
    await look.page.emulate_media(media="print", color_scheme="dark")
    await look.page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert not await look.page.locator("header.navbar").is_visible()
    assert await look.page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 32, 43)"
