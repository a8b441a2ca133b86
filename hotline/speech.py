"""What the hotline says: phrases by meaning, each in every language of the city."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    """A language that a caller can choose (ISO 639-1)."""

    UKRAINIAN = "uk"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One thing to say. `name` is its meaning (what the journey records), the texts are what is read.

    A `+` before a Ukrainian vowel marks the stress for the voice and is not heard.
    """

    name: str
    uk: str
    en: str

    def text(self, language: Language) -> str:
        return self.uk if language is Language.UKRAINIAN else self.en


class Voice(Protocol):
    """Turns phrases into something Asterisk can play."""

    async def media(self, phrase: Phrase, language: Language) -> str:
        """Give the ARI media URI (`sound:…`) of the phrase, synthesised first if it is not cached yet."""
        ...

    def seconds(self, media: str) -> float:
        """Tell how long that sounds; 0 when it is not there any more."""
        ...
