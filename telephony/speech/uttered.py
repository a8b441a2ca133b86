"""Utterances, as a process that hears a talk tells them to the hotline: a line of JSON for each."""

import msgspec

from hotline.speech.hearing import HeardWord
from hotline.speech.transcripts import Speaker


class Uttered(msgspec.Struct, frozen=True, kw_only=True):
    """What one side said between two pauses; the first line, of nobody, tells that the ear is ready."""

    speaker: Speaker | None = None
    begins: float = 0.0
    """Seconds from the beginning of the recording."""
    words: tuple[HeardWord, ...] = ()
    left_out: float = 0.0
    """Seconds that were not heard: the ear did not keep up, or began late. There are no words then."""
    fault: str = ""
