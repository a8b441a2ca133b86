"""How long a test goes on that could go on for hours: a little by day, longer by night (`./check --all`)."""

import os
from collections.abc import Iterable, Sequence

import pytest

BY_NIGHT = "HOTLINE_HYPOTHESIS" in os.environ


def effort(*, day: int, night: int) -> int:
    """Give how often it tries, kills or asks."""
    return night if BY_NIGHT else day


def by_day(chosen: object, every: Iterable[object]) -> Sequence[object]:
    """Give all as parameters of a test, of which by day the chosen one is tried."""
    return [one if one is chosen else pytest.param(one, marks=pytest.mark.nightly) for one in every]
