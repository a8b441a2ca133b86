"""Words that callers have said, ready for the rules, and the rules with the product's words."""

from hotline.city.category_search import CategorySearch
from hotline.city.search_terms import normalised
from hotline.speech.said import Said, SaidWord
from hotline.speech.understanding import Understanding
from hotline.speech.vocabulary import built_in
from storage.city.lemmas import UkrainianLemmas

LEMMAS = UkrainianLemmas()
UNDERSTANDING = Understanding(lemmas=LEMMAS, words=built_in(), categories=CategorySearch(LEMMAS))


def said(text: str) -> Said:
    """Give the words of a text as an ear that is sure of them all gives them."""
    return [SaidWord(text=word, forms=LEMMAS.of_word(word)) for word in normalised(text).split()]
