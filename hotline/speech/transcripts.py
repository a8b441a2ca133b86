"""Transcripts: what an ear wrote down of a sound that is kept, and what a person made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from hotline.city.search_terms import Terms
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.shown_words import ShownWord, Span, hidden_spans, shown_words
from hotline.voice.speech import Language

LONGEST_CORRECTION = 100_000
"""Characters: an hour of one side's talk has some fifty thousand."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Speaker(StrEnum):
    """Who is heard in a file: each side of a talk has one of its own."""

    CALLER = "caller"
    DISPATCHER = "dispatcher"
    BOTH = "both"
    """A talk with a duty contact has one file."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one file holds: a message, or what one side of a talk said."""

    sound: str
    """The id of the voice message, or of the recording."""
    of: Use = Use.MESSAGES
    speaker: Speaker = Speaker.CALLER


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of a voice message or of one side of a talk.

    What the ear heard stays as it was when a person corrects the text.
    """

    sound: str
    """The id of the voice message, or of the recording."""
    of: Use = Use.MESSAGES
    speaker: Speaker = Speaker.CALLER
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

    def shown(self, *, unmasked: bool = False) -> Sequence[ShownWord]:
        """Give the words as they hold now, with their times; secrets as one word each, without their text."""
        return shown_words(self.words, self.engine, self.corrected, unmasked=unmasked)

    @property
    def hidden(self) -> Sequence[Span]:
        """Give the seconds in which a secret is said, by what was heard or by what a person made of it."""
        return hidden_spans(self.words, self.engine, self.corrected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """A sound without a transcript: a message, or one side of a talk."""

    sound: str
    of: Use
    speaker: Speaker
    file: str
    began_at: datetime
    language: Language
    """The language of its call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTranscript:
    """A transcript that was found by its words, with the call in which it was said."""

    transcript: Transcript
    call_id: str
    began_at: datetime
    """When its sound began."""


class Transcripts(Protocol):
    """The register of transcripts."""

    async def unwritten(
        self, wanted: Mapping[Use, Collection[Language]], limit: int, since: datetime = EVER
    ) -> Sequence[Unwritten]:
        """Give finished sounds, of these languages and begun since then, that have no transcript.

        Messages come before talks, and of each the newest first.
        """
        ...

    async def keep(self, made: Transcript, began_at: datetime) -> None:
        """Keep what the ear wrote down of a sound that began then.

        The first of a sound and speaker stays; of a sound that has gone none is kept.
        """
        ...

    async def of(self, messages: Collection[str]) -> Mapping[str, Transcript]:
        """Give those of messages that there are, by the message."""
        ...

    async def of_talks(self, recordings: Collection[str]) -> Mapping[str, Sequence[Transcript]]:
        """Give those of talks that there are, by the recording."""
        ...

    async def correct(self, which: Side, text: str, user_id: int, at: datetime) -> None:
        """Put a person's text in the place of the ear's. Raises NotFound where there is no transcript."""
        ...

    async def find(
        self, text: str, limit: int, of_calls: Collection[str] | None = None
    ) -> tuple[Terms, Sequence[FoundTranscript]]:
        """Find by words in any of their forms, the newest first, in all calls or in these.

        What is masked finds nothing.
        """
        ...

    async def written(self, call_ids: Collection[str]) -> frozenset[str]:
        """Tell of which of these calls something is written down."""
        ...
