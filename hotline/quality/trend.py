"""The trend of scores: a dispatcher's own by week, beside the middle of the team."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median
from zoneinfo import ZoneInfo

from hotline.quality.sampling import monday_of

FEWEST = 3
"""Dispatchers of a week: of fewer the middle would tell whose score it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkScore:
    """The score of one talk."""

    dispatcher_id: int
    talk_at: datetime
    percent: int
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekScore:
    """One week: the dispatcher's mean, and the median of the means of all; None where there is none."""

    monday: date
    own: float | None
    talks: int
    """Of the dispatcher, assessed."""
    team: float | None


def by_week(scores: Sequence[TalkScore], dispatcher_id: int, zone: ZoneInfo) -> Sequence[WeekScore]:
    """Give the weeks in which any talk was assessed, the earliest first."""
    weeks: dict[date, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in scores:
        weeks[monday_of(one.talk_at, zone)][one.dispatcher_id].append(one.percent)
    return [_week(monday, of, dispatcher_id) for monday, of in sorted(weeks.items())]


def _week(monday: date, of: dict[int, list[int]], dispatcher_id: int) -> WeekScore:
    own = of.get(dispatcher_id, [])
    means = [mean(each) for each in of.values()]
    return WeekScore(
        monday=monday,
        own=mean(own) if own else None,
        talks=len(own),
        team=median(means) if len(means) >= FEWEST else None,
    )
