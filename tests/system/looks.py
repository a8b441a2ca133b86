"""How a page is looked at: in which theme and size, and by which rules axe judges it there.

The one place that says what of it is done by day and what by night (`./check --all`).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from zlib import crc32

from tests.effort import BY_NIGHT
from tests.system.browser import RULES

Size = tuple[int, int]
ALL_LOOKS = BY_NIGHT or "HOTLINE_SCREENSHOTS" in os.environ
"""Every size in both themes: by night, and for whoever keeps pictures."""
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Look:
    theme: str
    width: int
    height: int
    rules: Sequence[str]
    """None of them where only is asked whether the page fits."""


def looks(
    name: str, sizes: Sequence[Size], judged: Sequence[Size], rules: Sequence[str] = RULES
) -> Iterator[Look]:
    """Give each look at the page of this name; axe judges it in those sizes that are `judged`.

    By day a page has one look, in a theme and size that its name draws: half of the pages are so judged in
    each, and their colours and parts are those of all the others.
    """
    if ALL_LOOKS:
        for theme, size in product(THEMES, sizes):
            yield Look(theme, *size, rules if size in judged else ())
        return
    pairs = tuple(zip(THEMES, judged, strict=False))
    theme, size = pairs[crc32(name.encode()) % len(pairs)]
    yield Look(theme, *size, rules)
