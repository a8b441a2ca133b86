"""The tokens that all pages are drawn with: contrast in both themes, and nothing drawn past them."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cti_server.frame.assets import STATIC

SOURCES = STATIC.with_name("web")
TOKENS = (SOURCES / "look" / "tokens.css").read_text(encoding="utf-8")
SHEETS = sorted(SOURCES.rglob("*.css"))
THEMES = ("light", "dark")
UTILITIES = ("water", "hot-water", "heat", "power", "gas", "lifts", "roads", "other")
BENEATH = ("surface", "ground", "well")
TEXT, LINE = 4.5, 3.0
"""What WCAG 2.2 AA asks of text, and of what is drawn."""
MOST_STYLES_BYTES = 46_000
"""Of all our sheets together as a browser gets them."""


def _palette(theme: str) -> Mapping[str, str]:
    values = dict(re.findall(r"^  --([\w-]+): ([^;]+);", TOKENS, flags=re.MULTILINE))
    place = THEMES.index(theme)

    def colour(value: str) -> str:
        if other := re.fullmatch(r"var\(--([\w-]+)\)", value):
            return colour(values[other[1]])
        pair = re.fullmatch(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", value)
        return pair[place + 1] if pair else ""

    return {name: found for name, value in values.items() if (found := colour(value))}


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES)
def test_text_of_every_colour_can_be_read_on_all_it_may_lie_on(theme: str) -> None:
    palette = _palette(theme)
    named = [name for name in palette if f"{name}-ground" in palette]
    assert len(named) > 18
    pairs = [("on-accent", "accent")]
    pairs += [(name, f"{name}-ground") for name in named]
    pairs += [(name, beneath) for name in (*named, *UTILITIES, "ink", "soft") for beneath in BENEATH]
    pairs += [("ink", f"{name}-ground") for name in named]
    pairs += [("on-state", name) for name in (*named, *UTILITIES) if name != "accent"]
    faint = [(one, other) for one, other in pairs if _contrast(palette[one], palette[other]) < TEXT]
    faint += [("edge", one) for one in BENEATH[:2] if _contrast(palette["edge"], palette[one]) < LINE]
    assert faint == []


def test_the_list_at_the_head_of_the_tokens_names_all_of_them() -> None:
    head, _, rest = TOKENS.partition("*/")
    made = set(re.findall(r"^  --([\w-]+):", rest, flags=re.MULTILINE))
    ranges = {f"space-{number}" for number in range(1, 7)}
    listed = set(re.findall(r"[\w-]+", head)) | ranges
    assert [one for one in sorted(made) if one.removesuffix("-ground") not in listed] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: one.name)
def test_sheets_take_colours_and_sizes_of_type_from_the_tokens(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        return
    text = sheet.read_text(encoding="utf-8")
    sizes = set(re.findall(r"font-size: ([^;} ]+)", text)) - {"inherit"}
    assert [one for one in sizes if not re.fullmatch(r"var\(--(text-[sml]|figure)\)|1[13]px", one)] == []
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff"}  # beneath a picture that cameras read


def test_what_is_sent_of_the_kit_is_what_our_pages_use() -> None:
    sent = sum(one.stat().st_size for one in STATIC.glob("*.css.gz"))
    kit = (STATIC / "page.css").read_text(encoding="utf-8")
    assert ".card{" in kit
    assert ".carousel" not in kit
    assert sent < MOST_STYLES_BYTES


def test_the_face_that_is_sent_has_its_licence_beside_it() -> None:
    faces = [one.name for one in STATIC.glob("*.woff2")]
    assert {one.rpartition("-wght")[0] for one in faces} == {
        "inter-latin",
        "inter-cyrillic",
        "inter-cyrillic-ext",
    }
    assert "SIL OPEN FONT LICENSE" in (STATIC / "Inter.LICENSE.txt").read_text(encoding="utf-8").upper()
