"""Hours of a body by weekday, as people type them: `пн-чт 8-17, пт 8-15:45, обід 12:00-12:45`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.shifts.hours import hours_between

_DAYS = (
    *(("пн", "понеділок", "mon", "monday"), ("вт", "вівторок", "tue", "tuesday")),
    *(("ср", "середа", "wed", "wednesday"), ("чт", "четвер", "thu", "thursday")),
    *(("пт", "п’ятниця", "п'ятниця", "fri", "friday"), ("сб", "субота", "sat", "saturday")),
    ("нд", "неділя", "sun", "sunday"),
)
_NUMBERS = {word: day for day, names in enumerate(_DAYS, 1) for word in names}
_DAILY = frozenset({"щодня", "щоденно", "daily"})
_ALWAYS = frozenset({"цілодобово", "24/7", "round the clock"})
_BREAKS = frozenset({"обід", "перерва", "break", "lunch"})
_BETWEEN = re.compile(r"[,;\n]+")
_SPACED = re.compile(r"\s*[-–—]\s*")
_WORDED = re.compile(r"(\D*?)\s*(\d.*)?")
_WEEK = 7
_LONGEST_LOOK = 60
"""Days in which an opening is looked for."""

Span = tuple[time, time]
"""From when until when on one day; until 00:00 is the midnight at its end."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of each weekday, Monday first. `always`: day and night, on holidays too."""

    days: tuple[tuple[Span, ...], ...] = ((),) * _WEEK
    always: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a body stands at a moment: open or not, and when that changes; None: not within two months."""

    open: bool
    turns: datetime | None


ROUND_THE_CLOCK = Hours(always=True)


def hours_of(text: str) -> Hours | None:
    """Read hours; None for anything else: a day named twice, a span that ends before it begins."""
    said = " ".join(text.casefold().split())
    if said in _ALWAYS:
        return ROUND_THE_CLOCK
    spans: dict[int, Span] = {}
    waiting: list[int] = []
    pause: Span | None = None
    for part in filter(None, map(str.strip, _BETWEEN.split(said))):
        read = _part(part)
        if read is None:
            return None
        days, span = read
        if days is None:
            if pause is not None or span is None:
                return None
            pause = span
            continue
        waiting += days
        if span is not None:
            if not waiting or spans.keys() & set(waiting) or len({*waiting}) < len(waiting):
                return None
            spans |= dict.fromkeys(waiting, span)
            waiting = []
    if waiting or not spans:
        return None
    return Hours(
        tuple(tuple(_without(spans[day], pause)) if day in spans else () for day in range(1, _WEEK + 1))
    )


def standing(hours: Hours, closed: Callable[[date], bool], local: datetime) -> Standing:
    """Tell how a body stands at `local`, in the city's time; `closed` are days on which it does not work."""
    if hours.always:
        return _day_and_night(closed, local)
    for since, until in _openings(hours, closed, local):
        if local < until:
            opened = since <= local
            return Standing(open=opened, turns=until if opened else since)
    return Standing(open=False, turns=None)


def runs(hours: Hours) -> Sequence[tuple[Sequence[int], Sequence[Span]]]:
    """Give the weekdays that have the same spans together, in the order of the week, without days off."""
    together: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(hours.days, 1):
        if spans:
            together.setdefault(spans, []).append(day)
    return [(days, spans) for spans, days in together.items()]


def _ahead(local: datetime) -> Iterator[date]:
    return (local.date() + timedelta(days=ahead) for ahead in range(_LONGEST_LOOK))


def _day_and_night(closed: Callable[[date], bool], local: datetime) -> Standing:
    opened = not closed(local.date())
    turns = next((day for day in _ahead(local) if closed(day) is opened), None)
    return Standing(open=opened, turns=datetime.combine(turns, time(), local.tzinfo) if turns else None)


def _openings(
    hours: Hours, closed: Callable[[date], bool], local: datetime
) -> Iterator[tuple[datetime, datetime]]:
    for day in _ahead(local):
        for since, until in () if closed(day) else hours.days[day.weekday()]:
            last = day + timedelta(days=1) if until == time() else day
            yield datetime.combine(day, since, local.tzinfo), datetime.combine(last, until, local.tzinfo)


def _part(part: str) -> tuple[list[int] | None, Span | None] | None:
    """Read days and a span, either of which may be missing; a break has None for days."""
    found = _WORDED.fullmatch(_SPACED.sub("-", part))
    if found is None:
        return None
    words, span = found[1].strip(" :-."), _span(found[2]) if found[2] else None
    days = None if words in _BREAKS else _days(words)
    if (found[2] and span is None) or (days is None and words not in _BREAKS):
        return None
    return days, span


def _days(words: str) -> list[int] | None:
    """Give the weekdays that the words name; None for other words."""
    if not words:
        return []
    if words in _DAILY:
        return list(range(1, _WEEK + 1))
    named: list[int] = []
    for word in words.split():
        first, dash, last = word.partition("-")
        if first.strip(".") not in _NUMBERS or (dash and last.strip(".") not in _NUMBERS):
            return None
        since = _NUMBERS[first.strip(".")]
        until = _NUMBERS[last.strip(".")] if dash else since
        if until < since:
            return None
        named += range(since, until + 1)
    return named


def _span(clock: str) -> Span | None:
    span = hours_between(clock)
    return span if span and (span[0] < span[1] or span[1] == time()) else None


def _without(span: Span, pause: Span | None) -> Iterator[Span]:
    """Take the break out of a span that it lies within."""
    since, until = span
    if pause is None or not since < pause[0] or (until != time() and pause[1] >= until):
        yield span
        return
    yield since, pause[0]
    yield pause[1], until
