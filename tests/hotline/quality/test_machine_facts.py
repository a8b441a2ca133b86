"""What the machine tells of a talk by itself, and that it is silent where it does not know."""

from collections.abc import Sequence

import pytest

from hotline.quality.machine_facts import Proposal, SpokenWord, TalkStory, proposals
from hotline.quality.score_forms import score_form

HOME = "Київський квартал, 7, кв. 12"


def words(dispatcher: str, caller: str = "", begins: float = 0.0) -> Sequence[SpokenWord]:
    """Words of both sides, one in a second."""
    said = [(dispatcher, True), (caller, False)]
    return [
        SpokenWord(text=word, at=begins + place, by_dispatcher=mine)
        for text, mine in said
        for place, word in enumerate(text.split())
    ]


def told(code: str, story: TalkStory) -> Proposal | None:
    return proposals(score_form(), story).get(code)


def test_without_a_transcript_nothing_is_told_of_what_was_said() -> None:
    found = proposals(score_form(), TalkStory(address=HOME))
    assert set(found) == {"registered", "category"}


@pytest.mark.parametrize(
    "said", ["Доброго дня, контакт-центр, Олена", "Гаряча лінія міста Славутич", "Слухаю. Добрий вечір"]
)
def test_the_greeting_is_heard(said: str) -> None:
    found = told("greeting", TalkStory(words=words(said)))
    assert found is not None
    assert found.answer == "yes"


def test_a_greeting_by_the_caller_or_too_late_is_none() -> None:
    of_caller = TalkStory(words=words("так слухаю", caller="добрий день"))
    late = TalkStory(words=words("Доброго дня", begins=21.0))
    assert told("greeting", of_caller) == told("greeting", late) == Proposal(answer="no")


@pytest.mark.parametrize(
    "said",
    [
        "отже Київський квартал будинок 7",
        "отже Київський квартал будинок сім квартира дванадцять",
        "у Київському кварталі в будинку сьомому",
    ],
)
def test_the_address_is_read_back_in_figures_and_in_words(said: str) -> None:
    found = told("address", TalkStory(address=HOME, words=words(said)))
    assert found is not None
    assert found.answer == "yes"
    assert found.at is not None


@pytest.mark.parametrize("said", ["Київський квартал будинок сімнадцять", "Деснянський квартал сім", "так"])
def test_another_address_is_none(said: str) -> None:
    assert told("address", TalkStory(address=HOME, words=words(said))) == Proposal(answer="no")


def test_an_appeal_without_a_house_tells_nothing() -> None:
    assert told("address", TalkStory(address="біля школи", words=words("біля школи"))) is None


@pytest.mark.parametrize(
    "said", ["зроблять протягом трьох днів", "строк виконання", "за дві години приїдуть", "до кінця тижня"]
)
def test_the_term_is_told_with_its_moment(said: str) -> None:
    found = told("term", TalkStory(words=words(said, begins=40.0)))
    assert found is not None
    assert found.answer == "yes"
    assert found.at is not None
    assert found.at >= 40


def test_no_term_is_told() -> None:
    assert told("term", TalkStory(words=words("до побачення"))) == Proposal(answer="no")


@pytest.mark.parametrize(("corrected", "answer"), [(None, "na"), (False, "yes"), (True, "no")])
def test_what_was_corrected_later_was_not_chosen_rightly(corrected: bool | None, answer: str) -> None:  # noqa: FBT001 - a column
    assert told("category", TalkStory(corrected=corrected)) == Proposal(answer=answer)


def test_a_talk_without_an_entry_says_so() -> None:
    assert told("registered", TalkStory()) == Proposal(answer="no")
    assert told("registered", TalkStory(registered=True)) == Proposal(answer="yes")
