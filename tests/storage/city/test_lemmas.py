import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.search_terms import normalised, words
from storage.city.lemmas import UkrainianLemmas

LEMMAS = UkrainianLemmas()

ALIKE = (
    ("труби", "трубою"),
    ("труб", "труба"),
    ("прорвало", "прорвана"),
    ("прорвало", "прорвано"),
    ("відключили", "відключена"),
    ("пошкодили", "пошкоджений"),
    ("дітей", "дитина"),
    ("ліхтарів", "ліхтар"),
    ("під'їзду", "під’їзд"),
    ("підїзду", "під'їзд"),
    ("п'ятого", "п'ята"),
    ("ґанку", "ганок"),
    ("сусідки", "сусідка"),
    ("протекла", "протекти"),
    ("гарячою", "гаряча"),
)
APART = (("труба", "вода"), ("ліхтар", "ліфт"), ("сміття", "смола"), ("дах", "двері"))


@pytest.mark.parametrize(("one", "other"), ALIKE)
async def test_forms_of_one_word_share_a_lemma(one: str, other: str) -> None:
    first, second = await LEMMAS.of([normalised(one), normalised(other)])
    assert first & second


@pytest.mark.parametrize(("one", "other"), APART)
async def test_other_words_share_none(one: str, other: str) -> None:
    first, second = await LEMMAS.of([one, other])
    assert first
    assert second
    assert first.isdisjoint(second)


async def test_words_that_only_join_others_have_none() -> None:
    assert not any(await LEMMAS.of(["на", "не", "з", "у", "по", "для"]))


async def test_what_no_dictionary_knows_stays_findable_by_itself() -> None:
    assert await LEMMAS.of(["7а", "12", "xyz"]) == [{"7а"}, {"12"}, {"xyz"}]


@given(st.text(max_size=80))
async def test_whatever_is_written_lemmas_are_made_of_normalised_words(text: str) -> None:
    for lemmas in await LEMMAS.of(words(text)):
        assert all(lemma and normalised(lemma).split() == [lemma] for lemma in lemmas)
