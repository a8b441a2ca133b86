"""Yes and no, as people say them."""

from dataclasses import replace

import pytest

from hotline.speech.answers import Answer, HeardAnswer, answer_in
from hotline.speech.said import said_in
from hotline.speech.vocabulary import built_in, read
from hotline.voice.speech import Language
from tests.fakes.call import aloud
from tests.fakes.said import LEMMAS, said

WORDS = built_in()[Language.UKRAINIAN]
UNSURE = 0.3
ENGLISH = built_in()[Language.ENGLISH]


def answered(text: str) -> Answer | None:
    found = answer_in(said(text), WORDS)
    return found and found.answer


@pytest.mark.parametrize(
    "text", ["так", "ну так, ага", "та да", "не проти", "зробили все, дякую", "Так! Зроблено."]
)
def test_yes_is_heard(text: str) -> None:
    assert answered(text) is Answer.YES


@pytest.mark.parametrize(
    "text",
    [
        "ні",
        "не так",
        "не зробили",
        "ще не зробили",
        "так і не зробили",
        "да нет",
        "нетак",
        "та ні",
        "нема",
        "не працює",
    ],
)
def test_no_is_heard_however_a_yes_is_turned_round(text: str) -> None:
    assert answered(text) is Answer.NO


@pytest.mark.parametrize(
    "text", ["так, ні", "ні, все зробили", "не знаю", "мабуть так", "", "завтра", "ні, мабуть"]
)
def test_what_contradicts_itself_or_is_unsure_is_no_answer(text: str) -> None:
    assert answered(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "коли зробили",  # a question
        "а хто звертався",
        "чи є вже світло",
        "так а яке це звернення",
        "почекайте так",  # they ask to wait
        "так зараз подивлюся",
        "так перевіримо",
        "добре хвилинку",
        "треба подумати",  # what they have to do
        "можна мені перевірити",
        "думаю так",
        "ще не знаю",  # a no of something else
        "ще не перевіряв",
        "поки не бачив",
        "нас немає вдома",
        "мене вдома не було",
        "не хочу говорити",
        "хочу оператора",  # they ask for something
        "можна пізніше",
        "маю питання",
        "зробили але знову зламалося",  # they take it back
        "так але тече",
        "зробили погано",
        "не дуже добре",
        "я на роботі",
        "так прийшов сусід",  # a piece of a story
        "так от прийшов сусід і каже",
        "сусід каже так",
        "так вода тече",
        "добре мати нову дорогу біля школи",
    ],
)
def test_what_may_answer_something_else_than_was_asked_is_no_sure_answer(text: str) -> None:
    found = answer_in(said(text), WORDS)
    assert found is None or not found.sure


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("так скажіть коли буде світло", Answer.YES),
        ("зробили як треба", Answer.YES),
        ("так прошу", Answer.YES),
        ("вода вже є", Answer.YES),
        ("так хочу", Answer.YES),
        ("можна так", Answer.YES),
        ("вже роботає", Answer.YES),
        ("так але не все", Answer.PARTLY),
        ("ні ще не приїжджали", Answer.NO),
        ("ні досі чекаю", Answer.NO),
        ("у нас немає води", Answer.NO),
        ("у мене нема світла", Answer.NO),
        ("до нас ніхто не приходив", Answer.NO),
        ("та нє вода холодна", Answer.NO),
        ("ще не все зробили", Answer.PARTLY),
        ("ні ніхто до нас не приходив", Answer.NO),
        ("зробили слава богу", Answer.YES),
    ],
)
def test_what_answers_is_sure_whatever_is_beside_it(text: str, answer: Answer) -> None:
    assert answer_in(said(text), WORDS) == HeardAnswer(answer=answer, sure=True)


def test_a_word_that_may_be_either_is_no_answer() -> None:
    words = read({"answers": {"yes": ["дати"], "no": ["да ні"]}})
    assert answer_in(said("дані"), words) is None


def test_a_part_is_told_from_the_whole() -> None:
    assert answered("так, але не все") is Answer.PARTLY
    assert answered("зробили наполовину") is Answer.PARTLY


def test_who_tells_a_story_with_a_yes_in_it_has_not_answered() -> None:
    story = "так от прийшов до мене сусід учора ввечері та каже що кран зламався"
    assert answered(story) is None


async def test_an_answer_is_as_sure_as_the_words_that_it_rests_on() -> None:
    doubted = aloud("ну так", UNSURE)
    assert answer_in(await said_in(doubted, LEMMAS), WORDS) == HeardAnswer(answer=Answer.YES, sure=False)
    first, second = doubted.words
    partly = replace(doubted, words=[first, replace(second, confidence=0.9)])
    assert answer_in(await said_in(partly, LEMMAS), WORDS) == HeardAnswer(answer=Answer.YES, sure=True)


async def test_a_torn_word_beside_an_answer_may_have_turned_it_round() -> None:
    torn = aloud("претен зі немає", UNSURE)
    *unknown, told = torn.words
    heard = replace(torn, words=[*unknown, replace(told, confidence=0.9)])
    assert answer_in(await said_in(heard, LEMMAS), WORDS) == HeardAnswer(answer=Answer.NO, sure=False)


@pytest.mark.parametrize(("text", "answer"), [("net", Answer.NO), ("yes", Answer.YES), ("єст", Answer.YES)])
async def test_an_answer_is_known_by_its_sound_whatever_letters_the_ear_writes(
    text: str, answer: Answer
) -> None:
    found = answer_in(await said_in(aloud(text), LEMMAS), WORDS)
    assert found == HeardAnswer(answer=answer, sure=True)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes please", Answer.YES),
        ("not yet", Answer.NO),
        ("it isn't fixed", Answer.NO),
        ("not all of it", Answer.PARTLY),
    ],
)
def test_english_is_heard_by_words_of_its_own(text: str, answer: Answer) -> None:
    found = answer_in(said(text), ENGLISH)
    assert found is not None
    assert found.answer is answer
