"""Words that callers have said, ready for the rules, and the rules with the product's words."""

from hotline.city.category_search import CategorySearch
from hotline.city.search_terms import normalised
from hotline.speech.hearing import Engine, Heard, HeardWord
from hotline.speech.said import Said, SaidWord
from hotline.speech.understanding import Understanding
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from storage.city.lemmas import UkrainianLemmas

LEMMAS = UkrainianLemmas()
UNDERSTANDING = Understanding(lemmas=LEMMAS, words=built_in(), categories=CategorySearch(LEMMAS))

SURE, UNSURE = 0.95, 0.3


def heard(text: str, confidence: float = SURE, language: Language = Language.UKRAINIAN) -> Heard:
    """Give what an ear hears of the text, a word a second."""
    words = [
        HeardWord(text=word, begins=at, ends=at + 1, confidence=confidence)
        for at, word in enumerate(text.split())
    ]
    return Heard(engine=Engine.VOSK, model="fake", language=language, words=words)


def said(text: str) -> Said:
    """Give the words of a text as an ear that is sure of them all gives them."""
    return [
        SaidWord(text=word, forms=LEMMAS.of_word(word), known=LEMMAS.is_known(word))
        for word in normalised(text).split()
    ]
