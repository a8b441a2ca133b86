"""The filter of the list of calls by what the line's report counts, and its words."""

from collections.abc import Callable, Mapping

from aiohttp import web

from cti_server.frame.filters import day, whole
from cti_server.frame.language import N_
from cti_server.frame.pages import PAGES
from hotline.calls.counted import Counted, CountedFilter
from hotline.city.city_days import HALF_HOURS, DaysPiece, city_days
from hotline.city.classifier import last_known
from hotline.line.line import Dispatcher

NAMES = ("line", "half-hour", "answered-by", "topic")
"""Of the parameters in the address."""
NO_TOPIC = "none"
"""The topic of a call from which no appeal was registered."""
MOST_DAYS = 366
FIGURES: Mapping[Counted, str] = {
    Counted.INCOMING: N_("Incoming calls"),
    Counted.SELF_SERVED: N_("Self-served"),
    Counted.NOT_IN_LINE: N_("Neither self-served nor in the line"),
    Counted.OFFERED: N_("Came into the line"),
    Counted.ANSWERED: N_("Answered"),
    Counted.IN_TIME: N_("Answered within 20 s"),
    Counted.ABANDONED: N_("Abandoned"),
    Counted.SHORT: N_("Abandoned within 5 s"),
    Counted.ELSEWHERE: N_("Served otherwise"),
    Counted.WAITING: N_("Wait now"),
    Counted.OWED: N_("Call-backs owed"),
    Counted.KEPT: N_("Call-backs kept"),
}
NOBODY = N_("Nobody spoke with them")
NO_APPEAL = N_("No appeal was registered")


def half_hour_text(number: int) -> str:
    """Write a half-hour of the day: `09:30–10:00`."""
    begin, end = (divmod((number + one) * 30, 60) for one in (0, 1))
    return f"{begin[0]:02}:{begin[1]:02}–{end[0]:02}:{end[1]:02}"


def topic_text(code: str, gettext: Callable[[str], str], language: str) -> str:
    """Name the topic; a category that no classifier knows by its code."""
    category = last_known(code)
    return category.name(language) if category else code or gettext(NO_APPEAL)


def read_counted(request: web.Request, kept: Mapping[str, str]) -> CountedFilter | None:
    """Read the filter; None when none of its parameters is there."""
    if not any(kept[name] for name in NAMES):
        return None
    days = _days(request, kept)
    half_hour = whole(kept["half-hour"])
    within_day = half_hour is not None and half_hour < HALF_HOURS and bool(days)
    return CountedFilter(
        figure=Counted(kept["line"]) if kept["line"] in set(Counted) else Counted.INCOMING,
        half_hour=half_hour if within_day else None,
        days=days if within_day else (),
        answered_by=whole(kept["answered-by"]),
        topic={"": None, NO_TOPIC: ""}.get(kept["topic"], kept["topic"]),
    )


def said(
    wanted: CountedFilter,
    dispatchers: Mapping[int, Dispatcher],
    gettext: Callable[[str], str],
    language: str,
) -> str:
    """Say what the filter finds: `Answered within 20 s · 09:30–10:00`."""
    parts = [gettext(FIGURES[wanted.figure])]
    if wanted.half_hour is not None:
        parts.append(half_hour_text(wanted.half_hour))
    if wanted.answered_by is not None:
        known = dispatchers.get(wanted.answered_by)
        parts.append(known.name if known else gettext(NOBODY))
    if wanted.topic is not None:
        parts.append(topic_text(wanted.topic, gettext, language))
    return " · ".join(parts)


def _days(request: web.Request, kept: Mapping[str, str]) -> tuple[DaysPiece, ...]:
    first, last = day(kept["from"]), day(kept["to"])
    if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
        return ()
    return tuple(city_days(first, last, request.app[PAGES].timezone))
