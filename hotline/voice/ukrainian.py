"""Numbers, days and times as a Ukrainian says them, in the cases that the prompts need."""

import re
from datetime import date, time

from num2words import num2words

from hotline.voice.speech import Language

LANGUAGE = Language.UKRAINIAN

_DAYS = (
    *("першого", "другого", "третього", "четвертого", "п'ятого"),
    *("шостого", "сьомого", "восьмого", "дев'ятого", "десятого"),
    *("одинадцятого", "дванадцятого", "тринадцятого", "чотирнадцятого", "п'ятнадцятого"),
    *("шістнадцятого", "сімнадцятого", "вісімнадцятого", "дев'ятнадцятого", "двадцятого"),
)
_MONTHS = (
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


def counted(number: int, one: str, few: str, many: str) -> str:
    """Choose the form of a noun after a cardinal: 21 хвилина, 22 хвилини, 25 хвилин, 11 хвилин."""
    if number % 100 in range(11, 15):
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(number % 10, many)


def cardinal(number: int, *, case: str = "nominative", gender: str = "feminine") -> str:
    """`двадцяти однієї` for 21 in the genitive."""
    return str(num2words(number, lang="uk", case=case, gender=gender))


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


def _ordinal_genitive(number: int) -> str:
    """`двадцять першого`, from 1 to 39."""
    if number <= len(_DAYS):
        return _DAYS[number - 1]
    tens, ones = divmod(number, 10)
    if not ones:
        return "тридцятого"
    return f"{cardinal(tens * 10)} {_DAYS[ones - 1]}"


def day(when: date) -> str:
    """Say a day in the genitive: `дванадцятого грудня`."""
    return f"{_ordinal_genitive(when.day)} {_MONTHS[when.month - 1]}"


def near_day(when: date, today: date) -> str:
    """`сьогодні`, `завтра`, `вчора`, or the day."""
    near = {0: "сьогодні", 1: "завтра", -1: "вчора"}
    return near.get((when - today).days) or day(when)


def _hour(hour: int, ending: str, soft_ending: str) -> str:
    if not hour:
        return f"нульов{ending}"
    stem = _ordinal_genitive(hour)
    if stem.endswith("ього"):
        return stem.removesuffix("ього") + soft_ending
    return stem.removesuffix("ого") + ending


def until(moment: time) -> str:
    """`до вісімнадцятої години тридцяти хвилин`, `до опівночі`."""
    if moment.hour == moment.minute == 0:
        return "до опівночі"
    said = f"до {_hour(moment.hour, 'ої', 'ьої')} години"
    if not moment.minute:
        return said
    minutes = cardinal(moment.minute, case="genitive")
    return f"{said} {minutes} {counted(moment.minute, 'хвилини', 'хвилин', 'хвилин')}"


def place(address: str) -> str:
    """Write an address out as it is read aloud: `кв. 12` → `квартира 12`, `вул.` → `вулиця`."""
    for short, whole in _PLACES:
        address = short.sub(whole, address)
    return " ".join(address.split()).replace(" ,", ",")


def at(moment: time) -> str:
    """`о дев'ятій годині десять хвилин`, `об одинадцятій годині`, `опівночі`."""
    if moment.hour == moment.minute == 0:
        return "опівночі"
    hour = _hour(moment.hour, "ій", "ій")
    said = f"{'об' if hour.startswith('о') else 'о'} {hour} годині"
    if not moment.minute:
        return said
    minutes = counted(moment.minute, "хвилина", "хвилини", "хвилин")
    return f"{said} {cardinal(moment.minute)} {minutes}"
