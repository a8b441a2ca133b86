"""The pages' languages: English is written in the code, Ukrainian comes from its catalogue (gettext)."""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from aiohttp import web
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hotline.city_data import tables

LANGUAGES = {"uk": "Українська", "en": "English"}
DEFAULT = "uk"
COOKIE = "language"
NAMED = (*tables.UTILITIES, *tables.URGENCIES, *tables.KINDS)
"""What documents of the city's data name in both languages: the pages have these very words."""
CATALOGUES = Path(__file__).resolve().parents[1] / "locale"


class Catalogue(GNUTranslations):
    """A catalogue in which nothing stays nothing: gettext keeps the file's heading under an empty text."""

    def gettext(self, message: str) -> str:
        return super().gettext(message) if message else ""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for translation where the language is not known yet."""
    return text


def language_of(request: web.Request) -> str:
    """Tell the language that was chosen in this browser; Ukrainian until one is."""
    chosen = request.cookies.get(COOKIE, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def words_of(request: web.Request) -> NullTranslations:
    """Find the catalogue for this request: `words_of(request).gettext("Saved.")`."""
    return words(language_of(request))


@cache
def words(language: str) -> NullTranslations:
    """Read the catalogue of a language, once."""
    file = CATALOGUES / language / "LC_MESSAGES" / "desk.po"
    if not file.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=language)
    if language == DEFAULT:
        for one in NAMED:
            catalogue.add(one.en, one.uk)
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Catalogue(compiled)
