"""Languages of the flows: the interface of a language's module, and the phrases of the catalogues."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from importlib import resources
from typing import Protocol

from hotline.voice import ukrainian
from hotline.voice.city_name import city_named
from hotline.voice.speech import Language, Phrase, without_stress
from ivr_flows import english
from ivr_flows.figures import FIGURES


class Words(Protocol):
    """The interface of a language's module (`ukrainian`, `english`)."""

    @property
    def LANGUAGE(self) -> Language: ...  # noqa: N802 - modules have it as a constant

    def __hash__(self) -> int: ...
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


def _catalogue(language: Language, kind: str = "") -> dict[str, str]:
    file = resources.files(__package__).joinpath("catalogue", f"{kind}{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


CATALOGUES = {language: _catalogue(language) for language in Language}
IN_CHAT: Mapping[Language, Said] = {
    language: said | _catalogue(language, "chat-") for language, said in CATALOGUES.items()
}
"""The catalogues as chats show them: `chat-*.toml` has what is read otherwise than it is said."""
_UK = CATALOGUES[Language.UKRAINIAN]
_EN = CATALOGUES[Language.ENGLISH]


def phrase(key: str) -> Phrase:
    """Return the phrase whose whole text the catalogues have under this key."""
    return Phrase(
        name=key, uk=_UK[key], en=_EN[key], read=lambda language: in_chat(key, language), choices=True
    )


def in_both(name: str, text: Callable[[Said, Words], str]) -> Phrase:
    """Put a phrase together in every language, from its catalogue and its words."""

    def read(language: Language) -> str:
        return without_stress(text(IN_CHAT[language], FIGURES[language]))

    return Phrase(name=name, uk=text(_UK, ukrainian), en=text(_EN, english), read=read, choices=True)


def in_chat(key: str, language: Language) -> str:
    """Give the text that chats show under this key, which may be of chats alone."""
    said = city_named(IN_CHAT[language][key], ukrainian=language is Language.UKRAINIAN)
    return without_stress(said)


def written(key: str, name: str = "", /, **values: str) -> Phrase:
    """Return a phrase of chats alone, which has no voice; values that others wrote may hold no choice."""

    def read(language: Language) -> str:
        safe = {one: value.replace("[", "(").replace("]", ")") for one, value in values.items()}
        return in_chat(key, language).format(**safe)

    uk, en = read(Language.UKRAINIAN), read(Language.ENGLISH)
    return Phrase(name=name or key, uk=uk, en=en, read=read, choices=True)
