"""The corpus of citizens' sentences: what each means is understood from its text."""

from collections import Counter

import pytest

from hotline.voice.speech import Language
from telephony.speech.corpus import Meant, meaningful
from tests.bench.hearing import City, demo_city, understood
from tests.fakes.said import said

CORPUS = meaningful(Language.UKRAINIAN)


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
