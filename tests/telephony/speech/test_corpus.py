"""The corpus of citizens' sentences: what each means is understood from its text."""

from collections import Counter

import pytest

from hotline.speech.guesses import answer_among
from hotline.voice.speech import Language
from telephony.speech.corpus import UNCLEAR, Meaningful, Meant, meaningful
from tests.bench.hearing import City, demo_city, understood
from tests.fakes.said import said

EVERY = meaningful(Language.UKRAINIAN)
CORPUS = [one for one in EVERY if not one.aside]
ASIDE = [one for one in EVERY if one.aside]
LEAST_UNDERSTOOD = 0.9
"""The rules were not made for these sentences, and are not to be: it is by them that others are judged."""


@pytest.fixture
async def city() -> City:
    return await demo_city()


def test_the_corpus_has_three_hundred_sentences_each_once() -> None:
    assert len({one.sentence for one in CORPUS}) == len(CORPUS) == 300
    assert set(Counter(one.kind for one in CORPUS)) == set(Meant)


@pytest.mark.parametrize("kind", Meant)
def test_every_sentence_is_understood_from_its_text(kind: Meant, city: City) -> None:
    wrong = [one for one in CORPUS if one.kind is kind and not understood(one, [said(one.sentence)], city)]
    assert wrong == []


def test_sentences_that_were_kept_aside_are_none_of_the_others_and_mostly_understood(city: City) -> None:
    assert not {one.sentence for one in ASIDE} & {one.sentence for one in CORPUS}
    assert {one.kind for one in ASIDE} == {Meant.TOPIC, Meant.ANSWER}
    right = [understood(one, [said(one.sentence)], city) for one in ASIDE]
    assert sum(right) >= LEAST_UNDERSTOOD * len(right)


def test_a_call_takes_none_of_them_for_what_it_is_not_and_takes_most_that_answer(city: City) -> None:
    taken = {one: _taken(one, city) for one in EVERY if one.kind is Meant.ANSWER}
    answering = [one for one in taken if one.meaning != UNCLEAR]
    assert [one for one, answer in taken.items() if answer not in {None, one.meaning}] == []
    assert sum(taken[one] is not None for one in answering) >= LEAST_UNDERSTOOD * len(answering)


def _taken(one: Meaningful, city: City) -> str | None:
    found = answer_among([said(one.sentence)], city.words)
    return found.answer.value if found is not None and found.sure else None
