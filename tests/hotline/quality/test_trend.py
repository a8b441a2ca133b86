"""The trend of one dispatcher beside the middle of the team, from which nobody's score can be told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.quality.trend import TalkScore, by_week

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def score(dispatcher: int, percent: int, days: int = 0) -> TalkScore:
    return TalkScore(
        dispatcher_id=dispatcher, talk_at=MONDAY + timedelta(days=days), percent=percent, passed=True
    )


def test_a_week_has_the_own_mean_and_the_median_of_the_means() -> None:
    scores = [score(1, 80), score(1, 90, 6), score(2, 60), score(3, 100)]
    (week,) = by_week(scores, 1, KYIV)
    assert (week.monday.isoformat(), week.own, week.talks, week.team) == ("2026-03-02", 85, 2, 85)


def test_of_two_dispatchers_no_middle_is_told() -> None:
    (week,) = by_week([score(1, 80), score(2, 60)], 1, KYIV)
    assert (week.own, week.team) == (80, None)


def test_a_week_without_own_talks_has_the_team_alone() -> None:
    scores = [score(1, 80), *(score(one, 70, 7) for one in (2, 3, 4))]
    first, second = by_week(scores, 1, KYIV)
    assert (first.own, first.team) == (80, None)
    assert (second.own, second.talks, second.team) == (None, 0, 70)


def test_the_median_is_not_drawn_by_whoever_had_most_talks() -> None:
    scores = [*(score(2, 10) for _ in range(50)), score(1, 80), score(3, 90)]
    (week,) = by_week(scores, 1, KYIV)
    assert week.team == 80
