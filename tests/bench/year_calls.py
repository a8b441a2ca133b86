"""A year of calls, each with what became of it in the line, and those of the days before the bench is run."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from hotline.calls.call import Outcome
from hotline.voice.speech import Language
from tests.bench.year import BEGAN, YEAR

SEED = 1580
_OUTCOMES = {
    Outcome.TALKED: 62,
    Outcome.ANSWERED_BY_MACHINE: 18,
    Outcome.HUNG_UP_IN_MENU: 10,
    Outcome.ABANDONED_IN_LINE: 7,
    Outcome.MESSAGE_LEFT: 3,
}
"""Of 100."""
_IN_LINE = frozenset({Outcome.TALKED, Outcome.ABANDONED_IN_LINE, Outcome.MESSAGE_LEFT})
_SECONDS_TO_LINE = 20
_MEAN_WAIT = 15.0
_TALK = timedelta(minutes=3)
DAY = timedelta(days=1)

Row = Mapping[str, object]


def year_calls(many: int) -> Iterator[Row]:
    """Spread them over the year."""
    return _calls(many, BEGAN, YEAR, "year")


def calls_of_days(many: int, until: datetime, days: int) -> Iterator[Row]:
    """Give calls of the last days, as dense as in a year of `many` calls."""
    return _calls(round(many * days / (YEAR / DAY)), until - days * DAY, days * DAY, "late")


def _calls(many: int, since: datetime, lasting: timedelta, name: str) -> Iterator[Row]:
    chance = Random(SEED)  # noqa: S311 - the same every time
    outcomes, weights = list(_OUTCOMES), list(_OUTCOMES.values())
    for index in range(many):
        at = since + lasting * index / many
        (outcome,) = chance.choices(outcomes, weights)
        joined = at + timedelta(seconds=_SECONDS_TO_LINE) if outcome in _IN_LINE else None
        waited = timedelta(seconds=chance.expovariate(1 / _MEAN_WAIT))
        talked = joined + waited if joined and outcome is Outcome.TALKED else None
        number = f"+38045{chance.randrange(50_000):07d}"
        yield {
            "id": f"bench-{name}-{index}",
            "number": number,
            "shown": number,
            "arrived_at": at,
            "language": Language.UKRAINIAN.value,
            "answered_at": at,
            "first_prompt_at": at,
            "ended_at": talked + _TALK if talked else (joined or at) + waited,
            "outcome": outcome.value,
            "recording_refused": False,
            "joined_at": joined,
            "talked_at": talked,
        }
