"""Names in both languages, as a city's documents give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with a name, or words of its own, in Ukrainian and in English."""

    uk: str
    en: str

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk
