"""The words of reports: measures, what they are split by, and values as people write them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cti_server.appeals.papers.words import RECEIPTS
from cti_server.appeals.words import KINDS, SIGNS, URGENCIES
from cti_server.calls.counted import NOBODY, topic_text
from cti_server.calls.words import clock_length
from cti_server.city_data.words import WEEKDAYS
from cti_server.frame.language import N_
from cti_server.frame.numbers import NOTHING, percent, tenths, thousands
from cti_server.frame.words import APPEAL_STATES, OUTAGE_KINDS, OUTCOMES, UTILITIES
from hotline.city.city_days import EPOCH
from hotline.reports.built import LONGEST_ID, Drawn, Period
from hotline.reports.measures import IDS, MEASURES, TIMES, Dimension, Key, Rows, Unit
from hotline.reports.papers import PaperKind, Sends

MEASURE_NAMES: Mapping[str, str] = {
    "calls": N_("Citizens' calls"),
    "self-served": N_("Self-served"),
    "offered": N_("Came into the line"),
    "answered": N_("Answered by a dispatcher"),
    "abandoned": N_("Abandoned"),
    "elsewhere": N_("Served otherwise"),
    "service-level": N_("Service level"),
    "mean-wait": N_("Mean wait"),
    "long-wait": N_("Nine in ten waited up to"),
    "callbacks-owed": N_("Call-backs owed"),
    "callbacks-kept": N_("Call-backs kept, share"),
    "received": N_("Appeals received"),
    "repeated": N_("Repeated appeals, share"),
    "forwarded": N_("Of those received: forwarded"),
    "rejected": N_("Of those received: left without consideration"),
    "closed": N_("Appeals closed"),
    "in-time": N_("Closed in time, share"),
    "confirmed": N_("Confirmed by the applicant, share"),
    "taken-down": N_("Confirmed by a word that was taken down, share"),
    "returned": N_("Returned by the applicant before, share"),
    "accepted": N_("Accepted within a day, share"),
    "days-to-close": N_("Median days to close"),
    "owed": N_("Work is owed now"),
    "overdue": N_("Overdue now"),
    "due-today": N_("Due today"),
    "due-soon": N_("Due within 3 days"),
    "breached": N_("The law's term is broken"),
    "unaccepted": N_("Not accepted yet"),
    "unrouted": N_("Without an executor"),
    "disputed": N_("Disputed now"),
    "more-time": N_("More time is asked for"),
    "asked": N_("Applicants to be asked"),
    "survey-returned": N_("Answered: not done"),
    "survey-confirmed": N_("Answered: done"),
    "stars": N_("Mean rating, stars"),
    "outages": N_("Outages begun"),
    "hours-off": N_("Mean outage, hours"),
    "orders": N_("Orders to inform residents"),
    "inquiries": N_("Requests to enterprises"),
    "replied-in-time": N_("Requests answered in time, share"),
}
MEANINGS: Mapping[Rows, str] = {
    Rows.CALLS: N_("Calls that arrived on these days."),
    Rows.RECEIVED: N_("Appeals that were registered on these days."),
    Rows.CLOSED: N_("Appeals that were closed on these days and are closed still."),
    Rows.OWED: N_("Appeals whose work is owed at this moment, whenever they came; days do not narrow them."),
    Rows.SURVEYS: N_("Applicants who were to be asked about work reported done on these days."),
    Rows.OUTAGES: N_("Outages that began on these days; cancelled ones are left out."),
    Rows.ORDERS: N_("Orders that were approved on these days."),
    Rows.INQUIRIES: N_("Requests for information that were sent on these days and not withdrawn."),
}
GROUPS: Mapping[Rows, str] = {
    Rows.CALLS: N_("Calls"),
    Rows.RECEIVED: N_("Appeals received"),
    Rows.CLOSED: N_("Appeals closed"),
    Rows.OWED: N_("Appeals owed now"),
    Rows.SURVEYS: N_("Surveys"),
    Rows.OUTAGES: N_("Outages"),
    Rows.ORDERS: N_("Informing"),
    Rows.INQUIRIES: N_("Requests for information"),
}
DIMENSION_NAMES: Mapping[Dimension, str] = {
    Dimension.DAY: N_("Day"),
    Dimension.WEEK: N_("Week"),
    Dimension.MONTH: N_("Month"),
    Dimension.WEEKDAY: N_("Weekday"),
    Dimension.HOUR: N_("Hour of the day"),
    Dimension.TOPIC: N_("Topic"),
    Dimension.DISTRICT: N_("Street or quarter"),
    Dimension.ENTERPRISE: N_("Enterprise"),
    Dimension.CHANNEL: N_("How it was received"),
    Dimension.KIND: N_("Kind"),
    Dimension.URGENCY: N_("Urgency"),
    Dimension.SIGN: N_("Sign"),
    Dimension.STATE: N_("State"),
    Dimension.TERM: N_("Term"),
    Dimension.DISPATCHER: N_("Dispatcher"),
    Dimension.OUTCOME: N_("How it ended"),
    Dimension.UTILITY: N_("Utility"),
    Dimension.WORKS: N_("Kind of works"),
}
TERMS: Mapping[str, str] = {
    "overdue": N_("Overdue"),
    "due-today": N_("Due today"),
    "due-soon": N_("Due within 3 days"),
    "later": N_("Owed, there is time"),
    "in-time": N_("Closed in time"),
    "late": N_("Closed late"),
    "other": N_("Done and being checked, forwarded, rejected or withdrawn"),
}
CODES: Mapping[Dimension, Mapping[str, str]] = {
    Dimension.CHANNEL: RECEIPTS,
    Dimension.KIND: KINDS,
    Dimension.URGENCY: URGENCIES,
    Dimension.SIGN: SIGNS,
    Dimension.STATE: APPEAL_STATES,
    Dimension.TERM: TERMS,
    Dimension.OUTCOME: {one or "": text for one, text in OUTCOMES.items()},
    Dimension.UTILITY: UTILITIES,
    Dimension.WORKS: OUTAGE_KINDS,
}
NOBODYS = N_("Nobody's")
NO_CATEGORY = N_("Without a topic")
NO_DISTRICT = N_("Elsewhere, or not written")
PERIODS: Mapping[Period, str] = {
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("7 days"),
    Period.MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.QUARTER: N_("92 days"),
    Period.YEAR: N_("A year"),
    Period.DAYS: N_("Days by choice"),
}
DRAWINGS: Mapping[Drawn, str] = {Drawn.BARS: N_("Bars"), Drawn.LINE: N_("A line")}
SENDINGS: Mapping[Sends, str] = {
    Sends.SIGNED: N_("once it is signed"),
    Sends.MADE: N_("as soon as it is made"),
}
SPANS: Mapping[PaperKind, str] = {
    PaperKind.DAY: N_("every day"),
    PaperKind.WEEK: N_("every week"),
    PaperKind.MONTH: N_("every month"),
    PaperKind.QUARTER: N_("every quarter"),
}
Gettext = Callable[[str], str]
_LONGEST_TIME = 6
"""Digits of a day counted from 1970."""
_KEYS = {Dimension.WEEKDAY: len(WEEKDAYS), Dimension.HOUR: 24}
"""How many keys there are, from 0."""


def time_text(by: Dimension, key: int, gettext: Gettext) -> str:
    """Name a day, a week by its Monday, a month, a weekday or an hour."""
    if by is Dimension.WEEKDAY:
        return gettext(WEEKDAYS[key])
    if by is Dimension.HOUR:
        return f"{key:02}:00–{(key + 1) % 24:02}:00"
    return f"{EPOCH + timedelta(days=key):{'%m.%Y' if by is Dimension.MONTH else '%d.%m.%Y'}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The language of a page or paper, the city's time, and names by their ids as text."""

    gettext: Gettext
    language: str
    zone: ZoneInfo
    enterprises: Mapping[str, str] = field(default_factory=dict)
    dispatchers: Mapping[str, str] = field(default_factory=dict)

    def _topic(self, code: str) -> str:
        return topic_text(code, self.gettext, self.language)

    def moment(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%d.%m.%Y %H:%M")

    def group(self, by: Dimension, key: Key | None, kept: str = "") -> str:  # noqa: PLR0911 - one a dimension
        """Name a group; `kept` is the name that an enterprise or a topic had when a paper was made."""
        if key is None:
            return NOTHING
        if by in TIMES:
            return time_text(by, int(key), self.gettext)
        match by:
            case Dimension.TOPIC:
                return kept or (self._topic(str(key)) if key else self.gettext(NO_CATEGORY))
            case Dimension.DISTRICT:
                return str(key) or self.gettext(NO_DISTRICT)
            case Dimension.ENTERPRISE:
                return kept or self.enterprises.get(str(key)) or self.gettext(NOBODYS)
            case Dimension.DISPATCHER:
                return self.dispatchers.get(str(key)) or self.gettext(NOBODY)
            case _:
                return self.gettext(CODES[by].get(str(key), str(key))) or NOTHING


def as_key(by: Dimension, text: str) -> Key | None:
    """Read a group's key as it stands in an address; None for what can be none."""
    if by not in TIMES and by not in IDS:
        return text if text.isprintable() else None
    longest = _LONGEST_TIME if by in TIMES else LONGEST_ID
    if not (text.isascii() and text.isdigit() and len(text) <= longest):
        return None
    return None if by in _KEYS and int(text) >= _KEYS[by] else int(text)


def value_text(value: float | None, unit: Unit, language: str) -> str:
    """Write a figure for people."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.SHARE:
            return percent(value)
        case Unit.SECONDS:
            return clock_length(value)
        case Unit.COUNT:
            return thousands(round(value))
        case _:
            return tenths(language, value)


def value_cell(value: float | None, unit: Unit) -> float | None:
    """Round a figure for a file: a share in per cent."""
    if value is None:
        return None
    return round(value * 100 if unit is Unit.SHARE else value, 1)


def named_measure(name: str, gettext: Gettext) -> str:
    return gettext(MEASURE_NAMES[MEASURES[name].name])
