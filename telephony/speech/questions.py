"""Messages between the hotline and a process that hears callers: a line of JSON for each."""

from typing import TypeAlias

import msgspec

from hotline.speech.hearing import HeardWord, Hints


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Hear a question's answer: hints as in `Ear.hear`, for `most_seconds` of speech."""

    question: int
    hints: Hints
    most_seconds: float


class Chunk(msgspec.Struct, frozen=True, tag=True):
    """The caller's next samples of 16 bits at 8 kHz."""

    pcm: bytes


class End(msgspec.Struct, frozen=True, tag=True):
    """Nobody waits for the answer any more."""


Message: TypeAlias = Begin | Chunk | End


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a question; the first line, of none, tells only that the ear is ready, or why not."""

    question: int = 0
    spoke: bool = False
    """They have begun to speak."""
    words: tuple[HeardWord, ...] | None = None
    """What they said; empty: nothing was made out."""
    others: tuple[tuple[HeardWord, ...], ...] = ()
    """Further guesses at the same words, the likeliest first."""
    fault: str = ""
    """Why this question cannot be heard."""
    took: float = 0.0
    """Seconds of the processor to load the model; told with the first line, as is `peak_mb`."""
    peak_mb: int = 0
    """The most memory that this process has had, in megabytes."""
