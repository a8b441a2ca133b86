"""Since when something is so, in what was said: «з учора», «з дев'ятої ранку», «другий день», «вже тиждень».

Words of numbers are digits before the rules look at them, so that `дев'ятої` and `9` are one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.speech.said import Said
from hotline.speech.spoken_numbers import numbers_in
from hotline.speech.vocabulary import Vocabulary

Found = re.Match[str]


@dataclass(frozen=True, slots=True)
class SaidSince:
    """A day, or a moment of it, in the city's time; with the words that it comes from."""

    day: date
    clock: time | None
    begins: int
    ends: int


_FROM = r"(?:з|із|зі|изо|со|с|від|од|since|from)"
_PARTS = {
    "morning": "ранку|утра|зранку|morning|a m|am|ночі|ночи",
    "evening": "вечора|вечером|evening|p m|pm",
    "noon": "дня|обіду|afternoon",
}
_PART = f"(?:{'|'.join(_PARTS.values())})"
_HOUR = r"(?P<hour>\d{1,2})(?: (?P<minute>[0-5]\d))?"
_OCLOCK = r"(?: годин\w*| часов| часа| oclock)"
_OF_DAY = rf"(?: in the)? (?P<part>{_PART})"
_CLOCK = rf"(?:(?:{_FROM}|о|об|в|у|at|десь) )*{_HOUR}{_OCLOCK}?(?:{_OF_DAY})?"
_AGO = {
    0: r"сьогодні|сьогоднішнього(?: дня)?|севодня|сєводня|today|this",
    1: r"вчора|учора|вчорашнього(?: дня)?|вчера|вчєра|yesterday",
    2: r"позавчора|позавчорашнього(?: дня)?|позавчера|the day before yesterday",
}
_WEEKDAYS = (
    r"понеділ\w+|понедєльн\w+|понедельн\w+|monday",
    r"вівтор\w+|вторн\w+|tuesday",
    r"серед[иуа]|сред[иы]|wednesday",
    r"четвер\w*|thursday",
    r"пятниц\w+|friday",
    r"субот\w+|saturday",
    r"неділ[іяю]|воскресен\w+|sunday",
)
_MONTHS = (
    *("січня", "лютого", "березня", "квітня", "травня", "червня"),
    *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
)
_ENGLISH_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_EVENING_FROM, _NOON_TO = 12, 7
_HOURS, _WEEK = 24, 7
_LONGEST_DAYS = 366
_NOT_PAST = r"(?<!через )(?<!за )(?<!протягом )(?<!впродовж )(?<!на )(?<!до )(?<!within )(?<!in )"
_UNITS = {
    "hour": r"годин\w*|час(?:ів|а)?(?= немає| нема| тому| назад)|часов|hours?",
    "day": r"день|дні|днів|дня|дней|доб[аиу]|діб|сутки|суток|days?",
    "week": r"тиждень|тижні|тижнів|тижня|неділя|недєля|недєлі|недєлю|неділю|weeks?",
    "month": r"місяць|місяці|місяців|місяця|months?",
}
_DAYS = {"day": 1, "week": _WEEK, "month": 30}
_LONG = r"(?:вже|уже|ужє|як|цілий|цілу|цілих|отак|for|already|about|десь)"


def since_in(said: Said, words: Vocabulary, now: datetime) -> SaidSince | None:
    """Give what is told last; `now` is the city's."""
    found = _moments(_Digits(said, words), now)
    return max(found, key=lambda one: (one.ends, one.ends - one.begins), default=None)


def without_times(said: Said, words: Vocabulary, now: datetime) -> Said:
    """Leave out the words of moments and of how long: their numbers are of no house."""
    text = _Digits(said, words)
    spans = [(one.begins, one.ends) for one in _moments(text, now)]
    units = "|".join((*_UNITS.values(), r"хвилин\w*|minutes?|годині|грив\w+"))
    spans += [text.span(found) for found in text.all(rf"\d{{1,3}} (?:{units})")]
    return [word for at, word in enumerate(said) if not any(begins <= at < ends for begins, ends in spans)]


def _moments(text: "_Digits", now: datetime) -> Sequence[SaidSince]:
    return [one for rule in _RULES for one in rule(text, now)]


class _Digits:
    """The words as one text with numbers in digits, and the way back to them."""

    def __init__(self, said: Said, words: Vocabulary) -> None:
        numbers = {one.begins: one for one in numbers_in(said, words)}
        self.text, self._at, at = "", [], 0
        while at < len(said):
            number = numbers.get(at)
            ends = number.ends if number else at + 1
            word = " ".join(number.groups) if number else said[at].text
            start = len(self.text) + bool(self.text)
            self.text = f"{self.text} {word}".strip()
            self._at.append((start, at, ends))
            at = ends

    def all(self, pattern: str) -> Iterator[Found]:
        return re.finditer(rf"(?<!\S)(?:{pattern})(?!\S)", self.text)

    def span(self, found: Found) -> tuple[int, int]:
        """Give the words that were found, from one to before the other."""
        there = [(b, e) for start, b, e in self._at if found.start() <= start < found.end()]
        return there[0][0], there[-1][1]


def _days(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«з учора», «вчора з шостої вечора», «з сьогоднішнього ранку»."""
    for ago, names in _AGO.items():
        for found in text.all(rf"(?:{_FROM} )?(?:{names})(?: {_CLOCK}| (?:{_FROM} )?{_PART})?"):
            day = now.date() - timedelta(days=ago)
            yield _since(text, found, day, _clock(found, now if ago == 0 else None))


def _parts_of_today(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«зранку», «з ночі», «з вечора»: of this day, the evening of the one before."""
    for found in text.all(rf"(?:зранку|{_FROM} (?:самого )?(?:ранку|утра|ночі|обіду|morning))"):
        yield _since(text, found, now.date(), None)
    for found in text.all(rf"(?:звечора|{_FROM} (?:самого )?вечора|last night)"):
        yield _since(text, found, now.date() - timedelta(days=1), None)


def _weekdays(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«з понеділка»: the last one before today."""
    for number, names in enumerate(_WEEKDAYS):
        for found in text.all(rf"{_FROM} (?:{names})(?: {_CLOCK})?"):
            ago = (now.weekday() - number) % _WEEK or _WEEK
            yield _since(text, found, now.date() - timedelta(days=ago), _clock(found))


def _dates(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«з двадцять п'ятого листопада», «з двадцять п'ятого числа»."""
    for number, names in enumerate(zip(_MONTHS, _ENGLISH_MONTHS, strict=True), start=1):
        for found in text.all(rf"{_FROM} (?P<day>\d{{1,2}}) (?:{'|'.join(names)})"):
            day = _date(now.year, number, int(found["day"]))
            if day is not None and day > now.date():
                day = _date(now.year - 1, number, int(found["day"]))
            if day is not None:
                yield _since(text, found, day, None)
    for found in text.all(rf"{_FROM} (?P<day>\d{{1,2}}) числа"):
        first = now.date().replace(day=1)
        before = first - timedelta(days=1)
        months = (_date(one.year, one.month, int(found["day"])) for one in (first, before))
        day = next((one for one in months if one is not None and one <= now.date()), None)
        if day is not None:
            yield _since(text, found, day, None)


def _hours(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«з дев'ятої ранку»: the last such hour."""
    hour = rf"{_FROM} {_HOUR}"
    for found in (*text.all(rf"{hour}{_OCLOCK}(?:{_OF_DAY})?"), *text.all(rf"{hour}{_OF_DAY}")):
        clock = _clock(found)
        if clock is not None:
            yield _since(text, found, _last_day(clock, now), clock)


def _how_long(text: _Digits, now: datetime) -> Iterator[SaidSince]:
    """«вже тиждень», «два дні», «три години тому»; the units of one are told without a number."""
    for unit, names in _UNITS.items():
        one = text.all(rf"{_NOT_PAST}(?:{_LONG} )+(?:a |1 )?(?:{names})")
        some = text.all(rf"{_NOT_PAST}(?:{_LONG} )*(?P<many>\d{{1,3}}) (?:{names})(?: тому| назад| ago)?")
        for found in (*one, *some):
            many = int(found.groupdict().get("many") or 1)
            if unit == "day" and _is_ordinal(found):
                many -= 1
            if unit == "hour":
                if many < _HOURS:
                    at = now - timedelta(hours=many)
                    yield _since(text, found, at.date(), at.time().replace(minute=0, second=0, microsecond=0))
            elif many * _DAYS[unit] <= _LONGEST_DAYS:
                yield _since(text, found, now.date() - timedelta(days=many * _DAYS[unit]), None)


def _is_ordinal(found: Found) -> bool:
    """«другий день» is the second one, «два дні» are two: a single day is counted, several are added up."""
    ended = re.search(r"(день|добу|доба|day)(?: тому| назад| ago)?$", found[0])
    many = found.groupdict().get("many")
    return bool(ended) and many is not None and int(many) > 1


_RULES: Sequence[Callable[[_Digits, datetime], Iterator[SaidSince]]] = (
    *(_days, _parts_of_today, _weekdays, _dates, _hours, _how_long),
)


def _since(text: _Digits, found: Found, day: date, clock: time | None) -> SaidSince:
    begins, ends = text.span(found)
    return SaidSince(day, clock, begins, ends)


def _clock(found: Found, before: datetime | None = None) -> time | None:
    """Read the hour; one that is later than `before` is none."""
    named = found.groupdict()
    if not named.get("hour"):
        return None
    hour, minute = int(named["hour"]), int(named.get("minute") or 0)
    part = named.get("part") or ""
    evening, noon = (part in _PARTS[one].split("|") for one in ("evening", "noon"))
    if (evening and hour < _EVENING_FROM) or (noon and hour < _NOON_TO):
        hour += _EVENING_FROM
    if hour >= _HOURS:
        return None
    clock = time(hour, minute)
    return None if before is not None and clock > before.time() else clock


def _last_day(clock: time, now: datetime) -> date:
    return now.date() if clock <= now.time() else now.date() - timedelta(days=1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
