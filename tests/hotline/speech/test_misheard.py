"""Topics in words that the ear tore or misheard: only such words are read anew."""

from collections.abc import Sequence

import pytest

from hotline.city.category_search import CategorySearch, CategoryWords
from hotline.speech.guesses import topic_among
from hotline.speech.misheard import MOST_APART, Misheard
from hotline.speech.said import Said, said_in, without_repeats
from hotline.speech.topics import Topic, topic_in
from hotline.speech.vocabulary import Vocabulary, built_in, read
from hotline.voice.speech import Language
from tests.bench.proposals import TEXTS
from tests.fakes.said import LEMMAS, heard, said

WORDS = built_in()[Language.UKRAINIAN]
LOOP = 200


def nearest(text: Said, words: Vocabulary) -> tuple[float, str] | None:
    return Misheard(words.topics, words.only_negations, words.answering_negations).nearest(text)


@pytest.fixture
async def categories() -> Sequence[CategoryWords]:
    return await CategorySearch(LEMMAS).words()


@pytest.mark.parametrize(
    ("torn", "topic"),
    [
        ("трубати че впідвали окропом", Topic.EMERGENCY),  # труба тече в підвалі
        ("обірвало дрид лежить на тротуарі", Topic.EMERGENCY),  # дріт
        ("опература в музласька", Topic.PERSON),  # оператора, будь ласка
        ("по моєму зверно не хочу узнать", Topic.APPEAL),  # зверненню
        ("светанет уже дві години", Topic.OUTAGES),  # свєта нету
    ],
)
async def test_a_topic_is_found_in_torn_words(
    torn: str, topic: Topic, categories: Sequence[CategoryWords]
) -> None:
    assert topic_in(said(torn), WORDS, categories) in {None, Topic.MATTER}  # by its words it is not
    assert topic_among([said(torn)], WORDS, categories) is topic


@pytest.mark.parametrize("lamp", ["не горыть лихтар біля під'їзду", "негорыть ли старбили педтизу"])
async def test_what_is_torn_behind_a_negation_is_not_so(
    lamp: str, categories: Sequence[CategoryWords]
) -> None:
    assert topic_among([said(lamp)], WORDS, categories) is not Topic.EMERGENCY
    fire = lamp.removeprefix("не").strip()
    assert topic_among([said(fire)], WORDS, categories) is Topic.EMERGENCY


@pytest.mark.parametrize("torn", ["пробвало трубу на дорозі", "трубати че впідвали окропом"])
async def test_a_no_in_front_of_torn_words_is_an_answer_and_negates_nothing(
    torn: str, categories: Sequence[CategoryWords]
) -> None:
    assert topic_among([said(f"нє {torn}")], WORDS, categories) is Topic.EMERGENCY


async def test_words_that_the_dictionary_has_are_taken_as_they_are(
    categories: Sequence[CategoryWords],
) -> None:
    for row in TEXTS.read_text("utf-8").splitlines():
        text = said(row.split("\t")[1])
        assert topic_among([text], WORDS, categories) is topic_in(text, WORDS, categories), row


def test_one_torn_word_is_not_both_parts_of_an_expression() -> None:
    assert nearest(said("пасне паленем"), WORDS) is None  # «опален» and «нема»


def test_what_is_short_is_found_only_beside_what_was_heard() -> None:
    words = read({"topics": {"outages": ["вода + зникла"], "person": ["люди"]}})
    assert nearest(said("люті"), words) is None
    assert nearest(said("вода знекла"), words) == (pytest.approx(0.25 / 6), "outages")


def test_of_two_topics_the_nearer_one_counts_and_what_is_far_is_none() -> None:
    words = read({"topics": {"person": ["диспетчер"], "message": ["дисперсія"]}})
    found = nearest(said("дизпеччера"), words)
    assert found is not None
    assert found[1] == "person"
    assert 0 < found[0] <= MOST_APART
    assert nearest(said("тиснява"), words) is None


async def test_where_there_is_no_dictionary_each_word_counts_as_known() -> None:
    torn = "wadderr ovv gonn"
    by_language = {
        language: [word.known for word in await said_in(heard(torn, language=language), LEMMAS)]
        for language in Language
    }
    assert by_language == {Language.UKRAINIAN: [False] * 3, Language.ENGLISH: [True] * 3}


@pytest.mark.parametrize(
    ("looped", "once"),
    [
        ("так " * LOOP, "так"),
        ("трубати че " * LOOP + "впідвали", "трубати че впідвали"),
        ("вода вода не йде не йде", "вода не йде"),
        ("не йде вода не тече вода", "не йде вода не тече вода"),
        ("", ""),
    ],
)
def test_what_an_ear_wrote_again_and_again_is_left_once(looped: str, once: str) -> None:
    assert [word.text for word in without_repeats(said(looped))] == once.split()


async def test_of_guesses_that_only_repeat_themselves_one_is_looked_at(
    categories: Sequence[CategoryWords], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    nearest_of = Misheard.nearest

    def counted(self: Misheard, text: Said) -> tuple[float, str] | None:
        looked_at.append(len(text))
        return nearest_of(self, text)

    monkeypatch.setattr(Misheard, "nearest", counted)
    guesses = [said("клащ " * times) for times in range(2, LOOP)]
    assert topic_among(guesses, WORDS, categories) is None
    assert looked_at == [1]
