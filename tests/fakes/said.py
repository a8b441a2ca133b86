"""Words that an ear has heard, without a sound."""

from hotline.city.search_terms import normalised
from hotline.speech.hearing import Engine, Heard, HeardWord
from hotline.speech.said import Said, SaidWord
from hotline.voice.speech import Language
from storage.city.lemmas import UkrainianLemmas

LEMMAS = UkrainianLemmas()
SURE, UNSURE = 0.95, 0.3


def heard(text: str, confidence: float = SURE, language: Language = Language.UKRAINIAN) -> Heard:
    """What a bound engine gives for the text."""
    words = [
        HeardWord(text=word, begins=at, ends=at + 1, confidence=confidence)
        for at, word in enumerate(text.split())
    ]
    return Heard(engine=Engine.VOSK, model="fake", language=language, words=words)


def said(text: str) -> Said:
    """The same made ready for the rules."""
    return [SaidWord(text=word, forms=LEMMAS.of_word(word)) for word in normalised(text).split()]
