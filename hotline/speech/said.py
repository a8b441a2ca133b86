"""Words that were said, made ready for the rules: one spelling, dictionary forms, how sure the ear was."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.city.search_terms import Lemmas, normalised
from hotline.speech.hearing import SURE_FROM, Heard
from hotline.speech.sounds import in_cyrillic
from hotline.voice.speech import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """One word, normalised; `forms`: the dictionary forms it may be of, none for a word that only joins."""

    text: str
    forms: frozenset[str]
    sure: bool = True
    """Whether the ear heard it at or above its engine's threshold."""


Said = Sequence[SaidWord]


async def said_in(heard: Heard, lemmas: Lemmas) -> Said:
    """Make the words ready; one that the ear writes in several (`7-а`) is several."""
    least = SURE_FROM[heard.engine]
    written = in_cyrillic if heard.language is Language.UKRAINIAN else str
    words = [
        (written(text), one.confidence >= least)
        for one in heard.words
        for text in normalised(one.text).split()
    ]
    forms = await lemmas.of([text for text, _ in words])
    return [SaidWord(text=text, forms=one, sure=sure) for (text, sure), one in zip(words, forms, strict=True)]
