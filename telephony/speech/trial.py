"""The trial of a model on this machine: how quick it is, what memory it takes, which words it gets wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.speech.hearing import SURE_FROM
from hotline.speech.word_errors import errors, words_in
from hotline.voice.speech import Language
from telephony.speech.models import Found
from telephony.speech.process import listening


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The figures of a model that has heard all sentences."""

    loaded_seconds: float
    real_time_factor: float
    """Seconds of one core's work for a second of speech."""
    peak_mb: int
    word_errors: float
    """Words wrong, left out or put in, for each word that was said."""
    unsure: float
    """The share of words that it says itself it is unsure of."""
    worst: Sequence[tuple[str, str]]
    """What was said and what was heard, where it erred most."""


WORST = 3


async def tried(found: Found, language: Language, said: Sequence[tuple[str, Path]]) -> Trial:
    """Have it hear all of them. Raises NotHeard."""
    wrong, results = 0, []
    seconds = took = 0.0
    sure = unsure = 0
    async with listening(found, language) as ear:
        peak = ear.loading.peak_mb
        for sentence, sound in said:
            answer = await ear.answer(sound)
            heard = " ".join(word.text for word in answer.words)
            missed = errors(words_in(sentence), words_in(heard))
            wrong += missed
            results.append((missed, sentence, heard))
            seconds, took, peak = seconds + answer.seconds, took + answer.took, answer.peak_mb
            doubted = sum(word.confidence < SURE_FROM[found.engine] for word in answer.words)
            unsure, sure = unsure + doubted, sure + len(answer.words) - doubted
        loaded = ear.loading.took
    results.sort(key=lambda one: -one[0])
    return Trial(
        loaded_seconds=loaded,
        real_time_factor=took / seconds if seconds else 0.0,
        peak_mb=peak,
        word_errors=wrong / sum(len(words_in(sentence)) for sentence, _ in said),
        unsure=unsure / (sure + unsure) if sure + unsure else 0.0,
        worst=[(sentence, heard) for missed, sentence, heard in results[:WORST] if missed],
    )
