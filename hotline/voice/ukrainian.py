"""Numbers, days and times as a Ukrainian says them, in the cases that the prompts need."""

import re
from datetime import date, time

from hotline.voice import ukrainian_numerals
from hotline.voice.speech import Language
from hotline.voice.ukrainian_numerals import Case, Gender, clock, counted, ordinal

LANGUAGE = Language.UKRAINIAN

MONTHS = (
    *("січня", "лютого", "березня", "квітня", "травня", "червня"),
    *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
)
_PLACES = tuple(
    (re.compile(rf"(?<!\w){short}", re.IGNORECASE), f"{whole} ")
    for short, whole in (
        (r"кв\.(?=\s*\d)", "квартира"),
        (r"кв\.", "квартал"),
        (r"буд\.", "будинок"),
        (r"під\.", "під'їзд"),
        (r"вул\.", "вулиця"),
        (r"бульв\.|б-р(?!\w)", "бульвар"),
        (r"просп\.|пр-т(?!\w)|пр\.", "проспект"),
        (r"пров\.", "провулок"),
        (r"пл\.", "площа"),
    )
)
_TOGETHER = {1: "одна людина", 2: "двоє людей", 3: "троє людей", 4: "четверо людей"}


def cardinal(number: int, *, case: Case = "nominative", gender: Gender = "feminine") -> str:
    """`двадцяти однієї` for 21 in the genitive; in prompts minutes, people and hours are counted."""
    return ukrainian_numerals.cardinal(number, case=case, gender=gender)


def people(number: int) -> str:
    """`двоє людей`, `п'ять людей`, `двадцять одна людина`."""
    if number in _TOGETHER:
        return _TOGETHER[number]
    return f"{cardinal(number)} {counted(number, 'людина', 'людини', 'людей')}"


def about_minutes(minutes: int) -> str:
    """`близько трьох хвилин`; less than one is `менше хвилини`, one and sixty are said without a number."""
    if minutes < 1:
        return "менше хвилини"
    if minutes in (1, 60):
        return "близько хвилини" if minutes == 1 else "близько години"
    return f"близько {cardinal(minutes, case='genitive')} {counted(minutes, 'хвилини', 'хвилин', 'хвилин')}"


def key(key: str) -> str:
    """Name a key of the telephone that is a digit: `чотири`."""
    return cardinal(int(key), gender="masculine")


def digits(number: str) -> str:
    """Say a keyed number digit by digit, with a breath after every second one: `один два, нуль сім`."""
    words = [cardinal(int(digit), gender="masculine") for digit in number]
    pairs = (" ".join(words[at : at + 2]) for at in range(0, len(words), 2))
    return ", ".join(pairs)


def day(when: date) -> str:
    """Say a day in the genitive: `дванадцятого грудня`."""
    return f"{ordinal(when.day, case='genitive')} {MONTHS[when.month - 1]}"


def near_day(when: date, today: date) -> str:
    """`сьогодні`, `завтра`, `вчора`, or the day."""
    near = {0: "сьогодні", 1: "завтра", -1: "вчора"}
    return near.get((when - today).days) or day(when)


def until(moment: time) -> str:
    """`до вісімнадцятої години тридцяти хвилин`, `до опівночі`."""
    return f"до {clock(moment, 'genitive')}"


def between(since: time, until: time) -> str:
    """`від чотирнадцятої до шістнадцятої години тридцяти хвилин`, `від двадцятої до опівночі`."""
    return f"від {clock(since, 'genitive', bare=True)} до {clock(until, 'genitive', bare=True)}"


def place(address: str) -> str:
    """Write an address out as it is read aloud: `кв. 12` → `квартира 12`, `вул.` → `вулиця`."""
    for short, whole in _PLACES:
        address = short.sub(whole, address)
    return " ".join(address.split()).replace(" ,", ",")


def at(moment: time) -> str:
    """`о дев'ятій годині десять хвилин`, `об одинадцятій годині`, `опівночі`."""
    return clock(moment, "locative")
