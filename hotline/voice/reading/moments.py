"""Readings of days, hours and their ranges: `з дев'ятої до сімнадцятої години п'ятого грудня`."""

import re
from collections.abc import Mapping
from datetime import date, time

from hotline.voice import ukrainian
from hotline.voice.reading.grammar import OF_PREPOSITION, PREP, Readings, behind, full_stop, since
from hotline.voice.ukrainian_numerals import Case, cardinal, clock, ordinal

_WEEK = {
    "пн": ("понеділок", "понеділка"),
    "вт": ("вівторок", "вівторка"),
    "ср": ("середа", "середи"),
    "чт": ("четвер", "четверга"),
    "пт": ("п'ятниця", "п'ятниці"),
    "сб": ("субота", "суботи"),
    "нд": ("неділя", "неділі"),
}


_HOURS = 24


_DAYS = 31


_MONTH = "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"


_DASH = r"\s*[-–—]\s*"


_CLOCK = r"(?<![\d.:])([01]?\d|2[0-4])(?::|\.(?=00|[1345]\d(?!\.)))([0-5]\d)(?![\d:]|\.\d)"


_DOTTED = (
    r"(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(?:20)?\d\d)?(?!\d|\.\d|\s*(?:%|°|кВ|кг|км|мм|см|м\b|т\b|атм|грн))"
)


_YEAR = r"(?:\s*(?:року|р\.)(?!\w))?"


_OF_YEAR: Mapping[str, Case] = {"році": "locative", "рік": "nominative", "роки": "nominative"}
_SINCE = frozenset({"з", "із", "зі"})
_ONTO = frozenset({"на", "по", "про", "через"})
"""Prepositions behind which a day is in the accusative."""


def _time(hours: str, minutes: str) -> time:
    return time(int(hours) % _HOURS, int(minutes))


def _clock_range(found: re.Match[str]) -> str:
    """`з дев'ятої до сімнадцятої години`."""
    begins, ends = _time(*found.group(2, 3)), _time(*found.group(4, 5))
    bare = not begins.minute and not ends.minute
    return f"{since(clock(begins, 'genitive', bare=bare))} до {clock(ends, 'genitive')}"


def _clock_said(found: re.Match[str]) -> str:
    prep, moment = found["prep"], _time(*found.group(2, 3))
    match (prep or "").lower():
        case "о" | "об" | "в" | "у":
            return clock(moment, "locative")
        case "на" | "по":
            return f"{prep} {clock(moment, 'accusative')}"
        case lower if OF_PREPOSITION.get(lower) == "genitive":
            words = clock(moment, "genitive")
            return since(words) if lower in _SINCE else f"{prep} {words}"
        case _:
            return behind(prep, clock(moment, "locative"))


def _hours(found: re.Match[str]) -> str:
    """Read hours without minutes, such as `о 9 год.` and `до 18 год.`: of the clock, not how many."""
    prep, hour = found["prep"], int(found[2])
    if hour > _HOURS:
        return found[0]
    case: Case = "locative" if prep.lower() in {"о", "об"} else "genitive"
    words = clock(time(hour % _HOURS), case)
    return f"{words if case == 'locative' else f'{prep} {words}'}{full_stop(found)}"


def _hour_range(found: re.Match[str]) -> str:
    begins, ends = int(found[1]), int(found[2])
    if max(begins, ends) > _HOURS:
        return found[0]
    first = since(clock(time(begins % _HOURS), "genitive", bare=True))
    return f"{first} до {clock(time(ends % _HOURS), 'genitive')}{full_stop(found)}"


def _day(day: str, month: str) -> date | None:
    try:
        return date(2024, int(month), int(day))  # a leap year: the year itself is not said
    except ValueError:
        return None


def _dotted_range(found: re.Match[str]) -> str:
    begins, ends = _day(*found.group(1, 2)), _day(*found.group(3, 4))
    if begins is None or ends is None:
        return found[0]
    first, last = ukrainian.day(begins), ukrainian.day(ends)
    if begins.month == ends.month:
        first = first.rpartition(" ")[0]
    return f"{since(first)} до {last}"


def _dotted_day(found: re.Match[str]) -> str:
    when = _day(*found.group(2, 3))
    if when is None:
        return found[0]
    said, prep = ukrainian.day(when), found["prep"]
    if (prep or "").lower() in _ONTO:
        said = f"{ordinal(when.day, gender='neuter')} {said.rpartition(' ')[2]}"
    return _day_behind(prep, said) + full_stop(found)


def _day_behind(prep: str | None, said: str) -> str:
    return since(said) if (prep or "").lower() in _SINCE else behind(prep, said)


def _day_range(found: re.Match[str]) -> str:
    first, last, month = int(found[1]), int(found[2]), found[3]
    if max(first, last) > _DAYS:
        return found[0]
    return f"{since(ordinal(first, case='genitive'))} по {ordinal(last, gender='neuter')} {month}"


def _days_of_month(found: re.Match[str]) -> str:
    """Read `5, 6 та 7 грудня`, with the preposition before it."""
    prep, days, month = found["prep"], found[2], found[3]
    case: Case = "accusative" if (prep or "").lower() in _ONTO else "genitive"
    said = re.sub(
        r"(\d+)(?:-?го|-?е|-?те|-?ого)?", lambda one: ordinal(int(one[1]), case=case, gender="neuter"), days
    )
    return f"{_day_behind(prep, said)} {month}"


def _year(found: re.Match[str]) -> str:
    """Read `2026 року`, `у 2026 році`, `2026 рік`."""
    word = {"р.": "року", "рр.": "років"}.get(found[2], found[2])
    return f"{ordinal(int(found[1]), case=_OF_YEAR.get(word, 'genitive'))} {word}"


def _night(found: re.Match[str]) -> str:
    """`з четвертого на п'яте грудня`."""
    first, last = int(found[1]), int(found[2])
    return f"{since(ordinal(first, case='genitive'))} на {ordinal(last, gender='neuter')} {found[3]}"


def _years(found: re.Match[str]) -> str:
    """Read `2026–2027 років`, `сезон 2026/2027`, and `2026/2027 навчальний рік`."""
    season, begins, ends, word = found.groups()
    first, last = int(begins), int(ends if len(ends) > 2 else begins[:2] + ends)  # noqa: PLR2004
    word = "років" if word == "рр." or (season and not word) else word
    case: Case = "nominative" if word in {"роки", None} else "genitive"
    said = f"{ordinal(first, case=case)}, {ordinal(last, case=case)}"
    return " ".join(filter(None, (season, said, word)))


def _week(found: re.Match[str]) -> str:
    """`з понеділка до п'ятниці`, or a day alone."""
    first, last = _WEEK[found[1].lower()], found[2]
    return first[0] if last is None else f"{since(first[1])} до {_WEEK[last.lower()][1]}"


def _point(found: re.Match[str]) -> str:
    """Read the parts of a number that is no quantity: `черга три крапка два`."""
    return f"{found[1]} {cardinal(int(found[2]))} крапка {cardinal(int(found[3]))}"


READINGS: Readings = [
    (re.compile(r"\b(Пн|Вт|Ср|Чт|Пт|Сб|Нд)\b\.?(?:\s?[-–—]\s?(Пн|Вт|Ср|Чт|Пт|Сб|Нд)\b\.?)?"), _week),
    (re.compile(r"\b((?:[Чч]ерг|[Гг]руп|[Пп]ідгруп|[Пп]ункт)\w*)\s+(\d{1,2})\.(\d{1,2})(?![\d.])"), _point),
    (
        re.compile(
            r"(?:\b([Сс]езон\w*)\s+)?(?<![\d.,/-])(20\d\d)\s?[-–—/]\s?(20\d\d|\d\d)(?!\d|\.\d)(?:\s*(років|роки|року|рр\.))?"
        ),
        _years,
    ),
    (re.compile(rf"\b(?:з|із)\s+(\d{{1,2}})\s+на\s+(\d{{1,2}})\s+({_MONTH})\b", re.IGNORECASE), _night),
    (re.compile(r"\b(\d{1,2})(?=\s+числа\b)"), lambda found: ordinal(int(found[1]), case="genitive")),
    (
        re.compile(
            rf"(?:\b(?:з|із|зі|від)\s+)?{_DOTTED}{_YEAR}(?:{_DASH}|\s+(?:до|по)\s+){_DOTTED}{_YEAR}",
            re.IGNORECASE,
        ),
        _dotted_range,
    ),
    (re.compile(rf"{PREP}{_DOTTED}{_YEAR}", re.IGNORECASE), _dotted_day),
    (
        re.compile(
            rf"(?:\b(?:з|із|від)\s+)?\b(\d{{1,2}})(?:-?го)?(?:{_DASH}|\s+(?:до|по)\s+)(\d{{1,2}})(?:-?го|-?е|-?те)?\s+({_MONTH})\b",
            re.IGNORECASE,
        ),
        _day_range,
    ),
    (
        re.compile(
            rf"{PREP}\b(\d{{1,2}}(?:-?го|-?е|-?те|-?ого)?(?:(?:,\s*|\s+(?:та|і|й|або)\s+)\d{{1,2}}(?:-?го|-?е|-?те|-?ого)?)*)\s+({_MONTH})\b",
            re.IGNORECASE,
        ),
        _days_of_month,
    ),
    (re.compile(r"\b(\d{4})\s*(року|році|рік|роки|рр?\.)(?!\w)", re.IGNORECASE), _year),
    (
        re.compile(
            rf"(?:\b(з|із|зі|від|о|об|в|у)\s+)?{_CLOCK}(?:\s*год\.?)?(?:{_DASH}|\s+(?:до|по)\s+){_CLOCK}(?:\s*год\.?(?!\w))?",
            re.IGNORECASE,
        ),
        _clock_range,
    ),
    (re.compile(rf"{PREP}{_CLOCK}(?:\s*год\.?(?!\w))?", re.IGNORECASE), _clock_said),
    (
        re.compile(
            rf"\b(?:з|із|від)\s+(\d{{1,2}})(?:{_DASH}|\s+до\s+)(\d{{1,2}})(?:\s*год\.?(?!\w)|\s+години?\b|(?=\s*[,.;)]|\s*$))",
            re.IGNORECASE,
        ),
        _hour_range,
    ),
    (re.compile(r"\b(?P<prep>о|об)\s+(\d{1,2})(?:\s*год\.?(?!\w)|\s+годині\b)", re.IGNORECASE), _hours),
    (
        re.compile(
            r"\b(?P<prep>до|після|з|із|від)\s+([7-9]|1\d|2[0-4])\s*(?:год\.(?!\w)|год\b(?!\.)|години\b)",
            re.IGNORECASE,
        ),
        _hours,
    ),
]
