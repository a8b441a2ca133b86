"""Lists looked through in memory: words in any form, only begun, figures anywhere."""

import pytest

from hotline.city.search_terms import saying
from storage.city.lemmas import UkrainianLemmas

LINES = ["Дорога в ямах, № 14-р", "Ремонт насоса на Київській", "Немає гарячої води"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("дороги", [0]),
        ("дорогу з ямою", [0]),
        ("насоси", [1]),
        ("на", [1]),
        ("ремонтів нас", [1]),
        ("гаряча вода", [2]),
        ("4", [0]),
        ("", [0, 1, 2]),
        ("— ,", [0, 1, 2]),
        ("дороги води", []),
    ],
)
async def test_words_find_in_any_form(typed: str, found: list[int]) -> None:
    lines = await saying(LINES, lambda one: one, typed, UkrainianLemmas())
    assert list(lines) == [LINES[one] for one in found]
