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
    known: bool = True
    """Whether it is a word: what the dictionary does not have the ear may have torn or misheard."""


Said = Sequence[SaidWord]
LONGEST_REPEATED = 4
"""Words that an ear writes again and again as one."""


async def said_in(heard: Heard, lemmas: Lemmas) -> Said:
    """Make the words ready; one that the ear writes in several (`7-а`) is several."""
    least = SURE_FROM[heard.engine]
    written = in_cyrillic if heard.language is Language.UKRAINIAN else str
    words = [
        (written(text), one.confidence >= least)
        for one in heard.words
        for text in normalised(one.text).split()
    ]
    texts = [text for text, _ in words]
    forms, known = await lemmas.of(texts), await _known(texts, heard.language, lemmas)
    return [
        SaidWord(text=text, forms=some, sure=sure, known=text in known)
        for (text, sure), some in zip(words, forms, strict=True)
    ]


async def _known(texts: Sequence[str], language: Language, lemmas: Lemmas) -> frozenset[str]:
    """Give those that are words; where there is no dictionary each counts as one."""
    return await lemmas.known(texts) if language is Language.UKRAINIAN else frozenset(texts)


def without_repeats(said: Said) -> Said:
    """Leave out what is but the words before it again: `так так так`; of numbers it would be a loss."""
    kept: list[SaidWord] = []
    for word in said:
        kept.append(word)
        for length in range(1, LONGEST_REPEATED + 1):
            own, before = kept[-length:], kept[-2 * length : -length]
            if [one.text for one in own] == [one.text for one in before]:
                del kept[-length:]
                break
    return kept
