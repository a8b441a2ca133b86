"""Holds and the asking of thirds, added up from a call's steps; what nobody saw is not made up."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from hotline.calls.call import Step
from hotline.calls.holds import asked_seconds, held_seconds
from tests.fakes.clock import NOON

BEGAN, ENDED, AWAY, OVER = Step.HOLD_BEGAN, Step.HOLD_ENDED, Step.SERVICE_RESUMED, Step.TALK_ENDED


@pytest.mark.parametrize(
    ("steps", "held"),
    [
        ([], 0),
        ([(1, BEGAN), (4, ENDED)], 3),
        ([(1, BEGAN), (4, ENDED), (10, BEGAN), (15, ENDED), (20, OVER)], 8),
        ([(1, BEGAN), (3, BEGAN), (4, ENDED)], 3),
        ([(1, BEGAN), (9, OVER)], 8),
        ([(1, BEGAN), (9, Step.TRANSFERRED), (30, OVER)], 8),
        ([(1, BEGAN), (5, AWAY), (9, ENDED)], 8),
        ([(1, BEGAN), (5, AWAY), (7, AWAY), (9, OVER)], 4),
        ([(1, BEGAN), (4, ENDED), (5, AWAY), (6, BEGAN), (9, OVER)], 6),
        ([(4, ENDED), (9, OVER)], 0),
        ([(1, Step.THIRD_CALLED), (9, Step.THIRD_LEFT)], 0),
    ],
)
def test_holds_are_added_up(steps: Sequence[tuple[int, Step]], held: float) -> None:
    assert held_seconds((NOON + timedelta(seconds=at), step) for at, step in steps) == held


@pytest.mark.parametrize("end", [Step.CONFERENCE, Step.THIRD_MISSED, Step.THIRD_LEFT, Step.TALK_ENDED])
def test_a_third_is_asked_until_whatever_ends_it(end: Step) -> None:
    steps = [(2, Step.THIRD_CALLED), (3, AWAY), (7, end), (9, Step.ENDED)]
    assert asked_seconds((NOON + timedelta(seconds=at), step) for at, step in steps) == 5
