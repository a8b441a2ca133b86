"""Prepares written text for reading aloud: it spells out abbreviations, signs and figures.

The names of enterprises and the executors' answers are typed by hand; a voice would spell "вул." or fall
silent at "№".
"""

import re
from datetime import date, time

from hotline.voice import ukrainian

_WHOLE: dict[str, str] = {
    "КП": "комунальне підприємство",
    "КНП": "комунальне некомерційне підприємство",
    "АТ": "акціонерне товариство",
    "ПАТ": "публічне акціонерне товариство",
    "ТОВ": "товариство з обмеженою відповідальністю",
    "ФОП": "підприємець",
    "УЖКГ": "управління житлово-комунального господарства",
    "ЖКГ": "житлово-комунальне господарство",
    "ЖКЦ": "житлово-комунальний центр",
    "ОСББ": "об'єднання співвласників",
    "ДСНС": "служба з надзвичайних ситуацій",
    "ЖЕК": "жек",
}
"""Acronyms that stand for other words."""
_SHORT: dict[str, str] = {
    "вул": "вулиця",
    "просп": "проспект",
    "пр": "проспект",
    "пров": "провулок",
    "бульв": "бульвар",
    "пл": "площа",
    "буд": "будинок",
    "кв": "квартира",
    "під'їзд": "під'їзд",
    "пов": "поверх",
    "ім": "імені",
    "м": "місто",
    "обл": "область",
    "тел": "телефон",
    "грн": "гривень",
    "год": "годин",
    "хв": "хвилин",
    "тис": "тисяч",
    "ін": "інше",
    "атм": "атмосфер",
}
"""Words that are cut off by a full stop."""
_SIGNS = {
    "№": " номер ",
    "%": " відсотків ",
    "°C": " градусів ",
    "°С": " градусів ",
    "&": " і ",
    "б-р": "бульвар",
    "м²": " квадратних метрів ",
    "+": " плюс ",
    "*": " ",
    "/": " дріб ",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
}
LETTERS = dict(
    zip(
        "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
        (
            *(
                "а",
                "бе",
                "ве",
                "ге",
                "ґе",
                "де",
                "е",
                "є",
                "же",
                "зе",
                "и",
                "і",
                "ї",
                "йот",
                "ка",
                "ел",
                "ем",
            ),
            *("ен", "о", "пе", "ер", "ес", "те", "у", "еф", "ха", "це", "че", "ша", "ща", "", "ю", "я"),
        ),
        strict=True,
    )
)
_VOWELS = frozenset("АЕЄИІЇОУЮЯ")
_LONGEST_CARDINAL = 6
"""More figures than these are a telephone number, or the like: said one by one."""

_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(?:20)?\d\d\b(?:\s*(?:року|р\.))?|\b(\d\d)\.(\d\d)\b")
_TIME = re.compile(r"(?:\b(?:о|об|в|у) )?\b([01]?\d|2[0-3]):([0-5]\d)\b", re.IGNORECASE)
_DECIMAL = re.compile(r"\b(\d+)[.,](\d+)\b")
_FIGURES = re.compile(r"\d+")
_CAPITALS = re.compile(r"\b[А-ЯҐЄІЇ]{2,6}\b")
_CUT_OFF = re.compile(r"\b([а-яґєії']{1,7})\.\s*(?=[«\w;,]|$)", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def read_aloud(text: str) -> str:
    """Write Ukrainian text in words that a voice can read; remarks in brackets are left out."""
    said = _ASIDE.sub("", text)
    for sign, words in _SIGNS.items():
        said = said.replace(sign, words)
    said = _TIME.sub(lambda found: ukrainian.at(time(int(found[1]), int(found[2]))), said)
    said = _DATE.sub(_day, said)
    said = _DECIMAL.sub(lambda found: f"{_number(found[1])} кома {_number(found[2])}", said)
    said = _FIGURES.sub(lambda found: f" {_number(found[0])} ", said)
    said = _CAPITALS.sub(lambda found: _capitals(found[0]), said)
    said = _CUT_OFF.sub(_in_full, said)
    said = re.sub(r"[«»“”„\"<>\[\]{}#@_|\\~^=]", " ", said)
    return re.sub(r"\s+([.,!?;:])", r"\1", " ".join(said.split()))


def as_far_as(text: str, most: int) -> str:
    """Give the whole sentences from the beginning that are no longer together; or else whole words."""
    if len(text) <= most:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            break
        kept = longer
    return kept or text[:most].rsplit(maxsplit=1)[0]


def _day(found: re.Match[str]) -> str:
    day, month = found[1] or found[3], found[2] or found[4]
    try:
        when = date(2024, int(month), int(day))  # a leap year: the year itself is not said
    except ValueError:
        return found[0]
    return ukrainian.day(when)


def _in_full(found: re.Match[str]) -> str:
    whole = _SHORT.get(found[1].lower())
    return found[0] if whole is None else f"{whole} "


def _number(figures: str) -> str:
    if len(figures) > _LONGEST_CARDINAL or (figures.startswith("0") and len(figures) > 1):
        return ukrainian.digits(figures)
    return ukrainian.cardinal(int(figures), gender="masculine")


def _capitals(word: str) -> str:
    """Expand the acronym; else spell it, unless it can be read as a word."""
    if word in _WHOLE:
        return _WHOLE[word]
    if _VOWELS.intersection(word[1:]) and len(word) > 2:  # noqa: PLR2004 - two letters are never a word
        return word.lower()
    return "-".join(LETTERS[letter] for letter in word if LETTERS[letter])
