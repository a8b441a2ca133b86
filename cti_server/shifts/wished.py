"""Wishes for the roster as pages show them: days in a row together, and the form as it was typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cti_server.frame.language import N_
from hotline.shifts.roster import DAY
from hotline.shifts.wishes import DayWish, Wish

WISHES: Mapping[Wish, str] = {Wish.OFF: N_("I ask for a day off"), Wish.WORK: N_("I would like to work")}


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedDays:
    """Days one after another for which one wishes the same."""

    first: date
    last: date
    wish: Wish
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedWish:
    """The form as it was typed, with what is wrong by field."""

    since: str = ""
    until: str = ""
    wish: str = Wish.OFF.value
    reason: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


NOTHING_TYPED = TypedWish()


def runs(wishes: Sequence[DayWish]) -> Iterator[WishedDays]:
    """Join one person's wishes of days that follow one another."""
    run: WishedDays | None = None
    for one in wishes:
        if run and (run.last + DAY, run.wish, run.reason) == (one.day, one.wish, one.reason):
            run = WishedDays(first=run.first, last=one.day, wish=run.wish, reason=run.reason)
            continue
        if run:
            yield run
        run = WishedDays(first=one.day, last=one.day, wish=one.wish, reason=one.reason)
    if run:
        yield run
