"""Excerpts of transcripts around the words that were searched for, each with the way to its moment."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cti_server.calls.spoken import moment_of, plain
from cti_server.calls.words import clock_length
from cti_server.frame.language import N_
from cti_server.frame.marks import Marks, Piece, marks
from cti_server.frame.words import SPEAKERS
from hotline.city.search_terms import Lemmas, Terms
from hotline.speech.hearing import Use
from hotline.speech.shown_words import ShownWord
from hotline.speech.transcripts import FoundTranscript

WORDS_BEFORE, WORDS_AFTER = 6, 16
_MESSAGE = N_("Message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Some words around the first that were found: who said them, when in the sound, and the way there."""

    call_id: str
    began_at: datetime
    who: str
    clock: str
    pieces: Sequence[Piece]
    address: str


async def excerpts_of(
    found: Sequence[FoundTranscript], terms: Terms, lemmas: Lemmas, gettext: Callable[[str], str]
) -> Sequence[Excerpt]:
    """Give one of each transcript in which a word is marked, in their order."""
    shown = await asyncio.to_thread(lambda: [one.transcript.shown() for one in found])
    marked = await marks(lemmas, terms, (word.text for words in shown for word in words))
    pairs = zip(found, shown, strict=True)
    return [one for each, words in pairs for one in _excerpt(each, words, marked, gettext)]


def _excerpt(
    found: FoundTranscript, words: Sequence[ShownWord], marked: Marks, gettext: Callable[[str], str]
) -> Iterator[Excerpt]:
    written = found.transcript
    first = next((at for at, word in enumerate(words) if marked.meets(word.text)), None)
    if first is None:
        return
    begin, end = max(0, first - WORDS_BEFORE), first + WORDS_AFTER
    text = plain(words[begin:end], gettext)
    speaker = _MESSAGE if written.of is Use.MESSAGES else SPEAKERS[written.speaker]
    yield Excerpt(
        call_id=found.call_id,
        began_at=found.began_at,
        who=gettext(speaker),
        clock=clock_length(words[first].begins),
        pieces=marked.whole(f"{'… ' if begin else ''}{text}{' …' if end < len(words) else ''}"),
        address=moment_of(written.sound, found.call_id, words[first].begins),
    )
