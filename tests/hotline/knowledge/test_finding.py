"""Articles are found by words in any form, and proposed by category, topic and what is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.calls.skills import Skill
from hotline.city.search_terms import asked_terms
from hotline.knowledge.articles import Article, IndexedArticle, Standing, Wording, words_of
from hotline.knowledge.finding import About, having, proposed, said_in
from hotline.knowledge.missing import owner_of
from storage.city.lemmas import UkrainianLemmas

TODAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LEMMAS = UkrainianLemmas()
LIGHT = Article(
    id=1,
    version=1,
    at=NOON,
    user_id=1,
    uk=Wording(
        question="Що робити, коли немає світла?", answer="Перевірте щиток.", steps=("Спитати сусідів.",)
    ),
    said_as="вибило пробки",
    categories=("power-none",),
    topics=(Skill.POWER,),
    owner_id=7,
    review_on=TODAY + timedelta(days=30),
    public=True,
)
METERS = replace(
    LIGHT,
    id=2,
    uk=Wording(question="Куди передати показники лічильників?", answer="До третього числа, світло окремо."),
    said_as="",
    categories=("power-meter",),
    topics=(),
    owner_id=8,
)


async def indexed(*articles: Article) -> list[IndexedArticle]:
    made = []
    for one in articles:
        asks, says = await words_of(one, LEMMAS)
        made.append(IndexedArticle(article=one, asks=asks, says=says))
    return made


async def found(typed: str) -> list[int]:
    every = await indexed(METERS, LIGHT)
    return [one.id for one in having(every, await asked_terms(typed, LEMMAS))]


async def near(text: str = "", category: str = "", topics: tuple[Skill, ...] = ()) -> list[int]:
    about = About(category=category, topics=topics, said=await said_in(text, LEMMAS))
    return [one.id for one in proposed(await indexed(LIGHT, METERS), about, TODAY)]


async def test_a_word_in_any_form_finds_and_the_question_goes_first() -> None:
    assert await found("світлом") == [1, 2]
    assert await found("лічильником") == [2]
    assert await found("вибило") == [1]
    assert await found("щит") == [1]  # only begun
    assert await found("трамвай") == []


async def test_the_chosen_category_counts_more_than_words() -> None:
    assert await near("у нас немає світла, що робити", category="power-meter") == [2, 1]
    assert await near(category="power-none") == [1]


async def test_a_topic_key_proposes_by_itself() -> None:
    assert await near(topics=(Skill.POWER,)) == [1]
    assert await near(topics=(Skill.WATER,)) == []


async def test_one_shared_word_alone_proposes_nothing() -> None:
    assert await near("показники") == []
    assert await near("куди мені передати показники") == [2]


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({}, Standing.HOLDS),
        ({"review_on": TODAY}, Standing.REVIEW_DUE),
        ({"valid_until": TODAY}, Standing.HOLDS),
        ({"valid_until": TODAY - timedelta(days=1)}, Standing.EXPIRED),
        ({"withdrawn": True, "valid_until": date(2020, 1, 1)}, Standing.WITHDRAWN),
    ],
)
async def test_only_what_holds_is_proposed(change: dict[str, object], standing: Standing) -> None:
    one = replace(LIGHT, **change)  # type: ignore[arg-type]  # fields of an article
    assert one.standing(TODAY) is standing
    told = proposed(await indexed(one), About(category="power-none"), TODAY)
    assert bool(told) is (standing in {Standing.HOLDS, Standing.REVIEW_DUE})


async def test_a_topic_is_answered_for_by_whose_article_was_changed_last() -> None:
    later = replace(METERS, id=3, categories=("power-none",), at=NOON + timedelta(days=1))
    every = await indexed(LIGHT, METERS)
    assert owner_of("power-none", every) == 7
    assert owner_of("power-none", await indexed(LIGHT, later)) == 8
    assert owner_of("power-voltage", every) in {7, 8}  # of the same section
    assert owner_of("noise", every) is None
    assert owner_of("", every) is None


def test_english_falls_back_to_ukrainian() -> None:
    assert LIGHT.wording("en") is LIGHT.uk
    both = replace(LIGHT, en=Wording(question="No light?", answer="Look at the breakers."))
    assert both.wording("en").question == "No light?"
