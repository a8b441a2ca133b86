"""Languages of the flows: the interface of a language's module, and the phrases of the catalogues."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from importlib import resources
from typing import Protocol

from hotline.voice import ukrainian
from hotline.voice.speech import Language, Phrase
from ivr_flows import english


class Words(Protocol):
    """The interface of a language's module (`ukrainian`, `english`)."""

    LANGUAGE: Language

    def cardinal(self, number: int, /) -> str: ...
    def people(self, number: int, /) -> str: ...
    def about_minutes(self, minutes: int, /) -> str: ...
    def digits(self, number: str, /) -> str: ...
    def day(self, when: date, /) -> str: ...
    def near_day(self, when: date, today: date, /) -> str: ...
    def at(self, moment: time, /) -> str: ...
    def until(self, moment: time, /) -> str: ...
    def between(self, since: time, until: time, /) -> str: ...
    def key(self, key: str, /) -> str: ...


Said = Mapping[str, str]
"""A catalogue: key → text."""


def _catalogue(language: Language) -> dict[str, str]:
    text = resources.files(__package__).joinpath("catalogue", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


CATALOGUES = {language: _catalogue(language) for language in Language}
_UK = CATALOGUES[Language.UKRAINIAN]
_EN = CATALOGUES[Language.ENGLISH]


def phrase(key: str) -> Phrase:
    """Return the phrase whose whole text the catalogues have under this key."""
    return Phrase(name=key, uk=_UK[key], en=_EN[key])


def in_both(name: str, text: Callable[[Said, Words], str]) -> Phrase:
    """Put a phrase together in every language, from its catalogue and its words."""
    return Phrase(name=name, uk=text(_UK, ukrainian), en=text(_EN, english))
