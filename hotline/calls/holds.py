"""How long a citizen waited within a talk: on hold, and while the dispatcher asked a third."""

from collections.abc import Collection, Iterable
from datetime import datetime

from hotline.calls.call import Step

Happened = tuple[datetime, Step]
_OVER = frozenset({Step.TALK_ENDED, Step.TRANSFERRED, Step.ENDED})
_HOLD_ENDS = _OVER | {Step.HOLD_ENDED}
_THIRD_ENDS = _OVER | {Step.CONFERENCE, Step.THIRD_MISSED, Step.THIRD_LEFT}
WAITING = frozenset({Step.HOLD_BEGAN, Step.THIRD_CALLED, Step.SERVICE_RESUMED, *_HOLD_ENDS, *_THIRD_ENDS})
"""The steps that tell of it."""


def held_seconds(steps: Iterable[Happened]) -> float:
    """Add up the holds of a call, from its steps in their order.

    One that ended with its talk counts until then; where the service was away meanwhile, nobody knows whether
    it had ended before, and it counts until the service was away.
    """
    return _added_up(steps, Step.HOLD_BEGAN, _HOLD_ENDS, told=Step.HOLD_ENDED)


def asked_seconds(steps: Iterable[Happened]) -> float:
    """Add up the times from a third's being called to whatever ended it: the citizen heard music."""
    return _added_up(steps, Step.THIRD_CALLED, _THIRD_ENDS)


def _added_up(
    steps: Iterable[Happened], begins: Step, ends: Collection[Step], told: Step | None = None
) -> float:
    seconds, since, away = 0.0, None, None
    for at, step in steps:
        if step == begins:
            since, away = since or at, None
        elif step == Step.SERVICE_RESUMED:
            away = away or at
        elif since is not None and step in ends:
            last = away if told is not None and step != told and away is not None else at
            seconds, since = seconds + (last - since).total_seconds(), None
    return seconds
