"""Transcripts: what an ear wrote down of a sound that is kept, and what a person made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.speech.hearing import SURE_FROM, Engine, HeardWord
from hotline.voice.speech import Language

LONGEST_CORRECTION = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of one voice message. What the ear heard stays as it was when a person corrects the text."""

    sound: str
    """The id of the voice message."""
    text: str
    """What the ear heard; empty: it made out no word."""
    words: tuple[HeardWord, ...]
    engine: Engine
    model: str
    language: Language
    made_at: datetime
    corrected: str | None = None
    """A person's text in its place."""
    corrected_by: int | None = None
    corrected_at: datetime | None = None

    @property
    def runs(self) -> Sequence[tuple[str, bool]]:
        """Give the words that were heard, joined to runs, and whether the ear is unsure of the run."""
        found: list[tuple[str, bool]] = []
        for word in self.words:
            unsure = word.confidence < SURE_FROM[self.engine]
            if found and found[-1][1] == unsure:
                found[-1] = (f"{found[-1][0]} {word.text}", unsure)
            else:
                found.append((word.text, unsure))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """A voice message without a transcript."""

    sound: str
    file: str
    language: Language
    """The language of its call."""


class Transcripts(Protocol):
    """The register of transcripts."""

    async def unwritten(self, languages: Collection[Language], limit: int) -> Sequence[Unwritten]:
        """Give finished messages of these languages that have no transcript, the newest first."""
        ...

    async def keep(self, made: Transcript) -> None:
        """Keep what the ear wrote down: the first of a message stays; of one that has gone none is kept."""
        ...

    async def of(self, sounds: Collection[str]) -> Mapping[str, Transcript]:
        """Give those that there are, by the sound."""
        ...

    async def correct(self, sound: str, text: str, user_id: int, at: datetime) -> None:
        """Put a person's text in the place of the ear's. Raises NotFound where there is no transcript."""
        ...
