"""The words of a city, beside those of the product or in their place."""

from pathlib import Path

import pytest

from hotline.speech.answers import Answer, answer_in
from hotline.speech.hearing import NO_HINTS, Hints, alike
from hotline.speech.topics import Topic, topic_in
from hotline.speech.vocabulary import Vocabulary, VocabularyFault, built_in, read, vocabularies
from hotline.voice.speech import Language
from tests.fakes.said import said

UK = Language.UKRAINIAN


def own(folder: Path, text: str) -> Vocabulary:
    (folder / "uk.toml").write_text(text, encoding="utf-8")
    return vocabularies(folder)[UK]


def test_a_city_adds_words_to_those_of_the_product(tmp_path: Path) -> None:
    words = own(
        tmp_path, '[topics]\noutages = ["світлечко + щезло"]\n[places]\n"стометрівка" = "Центральна площа"\n'
    )
    assert topic_in(said("світлечко наше щезло"), words) is Topic.OUTAGES
    assert topic_in(said("немає води"), words) is Topic.OUTAGES
    assert words.places["стометрівка"] == "Центральна площа"
    assert vocabularies(tmp_path)[Language.ENGLISH] is built_in()[Language.ENGLISH]


def test_words_may_stand_in_the_place_of_all_others(tmp_path: Path) -> None:
    words = own(
        tmp_path,
        'instead = true\n[listen-for]\nanswers = ["마음", "아니요"]\ntopics = ["나무"]\n'
        '[answers]\nyes = ["마음"]\nno = ["아니요"]\n[topics]\nperson = ["나무"]\n',
    )
    assert topic_in(said("나무"), words) is Topic.PERSON
    assert topic_in(said("пожежа"), words) is None
    answer = answer_in(said("아니요"), words)
    assert answer is not None
    assert answer.answer is Answer.NO
    assert words.hints("answers") == Hints(only=("마음", "아니요"))
    assert words.hints("numbers") == NO_HINTS


@pytest.mark.parametrize(
    "text",
    ["[topic]\nx = []\n", "[topics]\noutages = ['a + ']\n", "[numbers.values]\nодин = 'x'\n", "нісенітниця"],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(VocabularyFault):
        own(tmp_path, text)


def test_an_empty_document_understands_nothing() -> None:
    assert topic_in(said("пожежа"), read({})) is None


@pytest.mark.parametrize("language", Language)
def test_every_name_of_the_product_s_words_is_one_that_the_rules_know(language: Language) -> None:
    words = built_in()[language]
    assert set(words.topics) == set(Topic)
    assert set(words.answers) == {*Answer, "unsure", "skipped"}


def test_a_phrase_with_openings_is_one_without_and_one_with_each() -> None:
    words = read({"listen-for": {"answers": ["(так, да) зробили | ага", "ні"]}})
    assert words.hints("answers").only == ("зробили | так зробили | да зробили | ага", "ні")


def test_a_phrase_with_endings_is_each_of_its_openings_without_and_with_them() -> None:
    words = read({"listen-for": {"answers": ["(так) є (дякую, спасибі)", "ні (дякую)"]}})
    assert [alike(one) for one in words.hints("answers").only] == [
        ["є", "так є", "є дякую", "так є дякую", "є спасибі", "так є спасибі"],
        ["ні", "ні дякую"],
    ]
    with pytest.raises(VocabularyFault):
        read({"listen-for": {"answers": ["так (дякую"]}})


@pytest.mark.parametrize(
    ("entry", "answer"), [*enumerate((Answer.YES, Answer.NO, Answer.PARTLY, None, None))]
)
def test_what_is_listened_for_as_one_is_read_as_one(entry: int, answer: Answer | None) -> None:
    words = built_in()[UK]
    read_as = {one: answer_in(said(one), words) for one in alike(words.hints("answers").only[entry])}
    assert [one for one, found in read_as.items() if (found and found.answer) is not answer] == []
