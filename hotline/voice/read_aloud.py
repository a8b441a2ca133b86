"""Prepares Ukrainian text that people typed for reading aloud: the one place in which that is done.

A voice would spell "вул." or fall silent at "№". Outages, answers, messages, orders and names of enterprises
pass through here, figures and abbreviations in the case that the words before them ask for. What is not
understood is said as plainly as can be; nothing is left out but signs.
"""

import re

from hotline.voice.reading import abbreviations, moments, places, quantities, telephones
from hotline.voice.reading.grammar import Readings

_SIGNS = {
    "24/7": " цілодобово ",
    "Ø": " діаметр ",
    "×": " на ",
    "№№": " номери ",
    "№": " номер ",
    "&": " і ",
    "=": " дорівнює ",
    "*": " ",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "`": "'",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{MINUS SIGN}": "-",
    "м2": "м²",
    "м3": "м³",
    "кв.м": "кв. м",
    "куб.м": "куб. м",
    "°С": "°C",
}

_UNSAID = re.compile(r"[«»“”„\"<>\[\]{}()#@_|\\~^]|\+(?![аеєиіїоуюя])", re.IGNORECASE)
"""Signs that no voice says; a plus before a vowel marks its stress."""
_ASIDE = re.compile(r"\s*\(([^)]*)\)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_FIGURES: Readings = [
    (re.compile(r"(?<!\w)\+(?=\d)"), lambda _: " плюс "),
    (re.compile(r"(?<![\d-])(\d{1,3})((?: \d{3})+)(?!\d)"), lambda found: found[0].replace(" ", "")),
]
"""Thousands that are written apart, and a plus that is said."""


def read_aloud(text: str, *, asides: bool = True) -> str:
    """Write Ukrainian text in words that a voice can read; a `+` that marks a stress stays.

    `asides`: what stands in brackets is said between commas; else it is left out.
    """
    said = text
    for sign, words in _SIGNS.items():
        said = said.replace(sign, words)
    for readings in (telephones.READINGS, _FIGURES, places.KINDS, moments.READINGS, places.READINGS):
        said = _read(readings, said)
    said = places.one_case(said)
    for readings in (quantities.READINGS, abbreviations.READINGS):
        said = _read(readings, said)
    said = _ASIDE.sub(r", \1," if asides else "", said)
    said = _UNSAID.sub(" ", said)
    said = re.sub(r"\s+([.,!?;:…])", r"\1", " ".join(said.split()))
    return re.sub(r",+(?=[.,!?;:…])|,$", "", said).strip(" ,")


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


def _read(readings: Readings, said: str) -> str:
    for pattern, words_of in readings:
        said = pattern.sub(words_of, said)
    return said
