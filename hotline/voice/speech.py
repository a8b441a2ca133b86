"""Phrases of the hotline by meaning, each in every language of the city."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Protocol

from hotline.errors import HotlineError
from hotline.voice.city_name import city_named

_STRESS = re.compile("\\+(?=[аеєиіїоуюя])", re.IGNORECASE)


def without_stress(text: str) -> str:
    """Give a text for the voice as people read it."""
    return _STRESS.sub("", text)


class Language(StrEnum):
    """A language that a caller can choose (ISO 639-1)."""

    UKRAINIAN = "uk"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase to say. `name` is its meaning (the journey records it), the texts are read aloud.

    A `+` before a Ukrainian vowel marks the stress for the voice and is not heard.
    """

    name: str
    uk: str
    en: str
    made_of: str = ""
    """The facts behind it, when its words change by themselves (today is yesterday tomorrow)."""
    once: bool = False
    """Callers hear it once in a call, in each language and each time that people amend it (`told_as`)."""
    read: "Callable[[Language], str] | None" = field(default=None, compare=False, repr=False)
    """Writes it for who reads it in a chat, where that is another text: figures, and choices in lines."""
    choices: bool = field(default=False, compare=False, repr=False)
    """Its lines like `[1] Later` are choices of a chat: words of ours. In others' words they are text."""

    def text(self, language: Language) -> str:
        ukrainian = language is Language.UKRAINIAN
        return city_named(self.uk if ukrainian else self.en, ukrainian=ukrainian)

    def written(self, language: Language) -> str:
        """Give the text as people read it, without marks of stress."""
        return without_stress(self.text(language))

    def in_chat(self, language: Language) -> str:
        """Give the text as a chat shows it; the other language's where it has one alone."""
        if self.read is not None:
            return city_named(self.read(language), ukrainian=language is Language.UKRAINIAN)
        return self.written(language) or self.written(Language.UKRAINIAN) or self.written(Language.ENGLISH)

    def told_as(self, language: Language) -> str:
        """Name what somebody has heard who heard this; words of one language alone are heard in both."""
        words = self.text(language) or self.text(Language.UKRAINIAN) or self.text(Language.ENGLISH)
        return _told_as(self.name, words)

    def basis(self, language: Language) -> str:
        """Tell what a person's recording of it is bound to: what it tells, or its very words."""
        return self.made_of or self.text(language)


@lru_cache(maxsize=1024)
def _told_as(name: str, words: str) -> str:
    return f"{name}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


class NotSpoken(HotlineError):  # noqa: N818 - reads as what happened
    """A phrase could not be read aloud, and no person has recorded it."""

    code: ClassVar[str] = "not-spoken"


class Voice(Protocol):
    """Turns phrases into something Asterisk can play."""

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        """Give what `media` gives if its sound is there already; None: it has to be made first."""
        ...

    async def media(self, phrase: Phrase, language: Language) -> str:
        """Give the ARI media URI (`sound:…`) of the phrase, synthesised first if it is not cached yet."""
        ...

    def seconds(self, media: str) -> float:
        """Tell how long that sounds; 0 when it is not there any more."""
        ...
