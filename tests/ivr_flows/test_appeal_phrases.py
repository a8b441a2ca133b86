"""What is said of an appeal, word for word, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals.appeal import PENDING, Appeal, AppealState, ResultKind
from hotline.enterprises.executors import Executor
from hotline.voice.speech import Phrase
from ivr_flows.appeal_phrases import choices, for_anybody, for_applicant, to_choose, written_answer

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
APPEAL = Appeal(
    number="2600012",
    applicant_number="+380457900001",
    text="Батареї холодні третій день, мати хвора",
    state=AppealState.IN_WORK,
    registered_at=NOON - timedelta(days=3),
    due_on=date(2026, 11, 28),
    category="heat-none",
    address="Київський квартал, 7, кв. 12",
    executor_id=7,
    answer="Стояк продуто 24.11.2026 о 14:30, вул. Київська, буд. 7 (доступ дала Марія Д.). Тепло є.",
)
HEAT = Executor(id=7, name="КП «Славутич Тепломережі»", short="Тепломережі")


def uk(phrases: list[Phrase]) -> str:
    return " ".join(one.uk for one in phrases)


def en(phrases: list[Phrase]) -> str:
    return " ".join(one.en for one in phrases)


def told(state: AppealState, **fields: object) -> list[Phrase]:
    one = replace(APPEAL, state=state, **fields)
    until = date(2026, 12, 24) if state is AppealState.CLOSED else None
    return for_applicant(one, HEAT, KYIV, now=NOON, dispute_until=until)


def test_the_applicant_of_an_appeal_in_work_hears_all_of_it() -> None:
    phrases = told(AppealState.IN_WORK)
    assert uk(phrases) == (
        "Ваше звернення номер два шість, нуль нуль, нуль один, два. Немає опалення. Виконується. "
        "Виконавець: комунальне підприємство Славутич Тепломережі "
        "Строк виконання — до двадцять восьмого листопада. "
        "Щойно роботу буде виконано, ми попросимо вас це підтвердити."
    )
    assert en(phrases) == (
        "Your appeal number two six, zero zero, zero one, two. No heating. The work is in progress. "
        "It is in the hands of: комунальне підприємство Славутич Тепломережі "
        "It is due by the twenty-eighth of November. "
        "As soon as the work is done, we shall ask you to confirm it."
    )


def test_what_was_done_is_told_without_a_term_and_the_answer_apart_in_words() -> None:
    phrases = told(AppealState.DONE)
    assert uk(phrases).endswith(
        "Виконавець повідомив, що роботу виконано. "
        "Виконавець: комунальне підприємство Славутич Тепломережі "
        "Тепер слово за вами."
    )
    assert "Строк" not in uk(phrases)
    assert uk([*written_answer(replace(APPEAL, state=AppealState.DONE))]) == (
        "Відповідь виконавця: Стояк продуто двадцять четвертого листопада о чотирнадцятій годині тридцять "
        "хвилин, вулиця Київська, будинок сім. Тепло є."
    )


@pytest.mark.parametrize("state", AppealState)
def test_nothing_that_somebody_wrote_is_told_by_a_number_alone(state: AppealState) -> None:
    assert not {"appeal-answer", "appeal-reason", "appeal-answer-2600012"} & {one.name for one in told(state)}


@pytest.mark.parametrize("state", AppealState)
def test_every_state_can_be_told_in_both_languages_without_figures_or_signs(state: AppealState) -> None:
    for phrases in (told(state), for_anybody(replace(APPEAL, state=state), KYIV, now=NOON)):
        for phrase in phrases:
            assert not set("0123456789{}№«»/") & set(phrase.uk + phrase.en), phrase


@pytest.mark.parametrize("state", AppealState)
@pytest.mark.parametrize("result", [None, *ResultKind])
def test_nobody_else_hears_of_the_person_the_place_the_subject_or_the_answer(
    state: AppealState, result: ResultKind | None
) -> None:
    phrases = for_anybody(replace(APPEAL, state=state, result=result), KYIV, now=NOON)
    said = uk(phrases) + en(phrases)
    for secret in ("опалення", "heating", "Київськ", "Стояк", "Тепломережі", "мати", "Ваше", "Your"):
        assert secret not in said
    assert ("Строк виконання" in said) == (state in PENDING)


@pytest.mark.parametrize(
    ("fields", "words", "english"),
    [
        (
            {"due_at": datetime(2026, 11, 25, 16, 30, tzinfo=UTC), "due_on": date(2026, 11, 25)},
            "Строк виконання — сьогодні до вісімнадцятої години тридцяти хвилин.",
            "It is due today by six thirty in the evening.",
        ),
        (
            {"due_at": datetime(2026, 11, 26, 7, 0, tzinfo=UTC), "due_on": date(2026, 11, 26)},
            "Строк виконання — завтра до дев'ятої години.",
            "It is due tomorrow by nine in the morning.",
        ),
        (
            {"due_on": date(2026, 11, 25)},
            "Строк виконання — до кінця сьогоднішнього дня.",
            "It is due by the end of today.",
        ),
        (
            {"due_on": date(2026, 11, 24)},
            "Строк виконання минув вчора, але роботу ще не завершено.",
            "It was due yesterday, but the work is not finished yet.",
        ),
        (
            {"due_on": date(2026, 11, 3)},
            "Строк виконання минув третього листопада, але роботу ще не завершено.",
            "It was due on the third of November, but the work is not finished yet.",
        ),
        (
            {"due_on": date(2026, 12, 30), "extended": True},
            "Строк виконання подовжено до тридцятого грудня.",
            "The term has been extended to the thirtieth of December.",
        ),
    ],
)
def test_a_term_is_said_as_people_say_it(fields: dict[str, object], words: str, english: str) -> None:
    phrases = told(AppealState.IN_WORK, **fields)
    assert words in uk(phrases)
    assert english in en(phrases)


def test_a_confirmed_one_says_until_when_it_can_be_disputed() -> None:
    assert uk(told(AppealState.CLOSED)).endswith(
        "Якщо виявиться, що роботу не виконано, повідомте про це до двадцять четвертого грудня."
    )


@pytest.mark.parametrize("state", [AppealState.FORWARDED, AppealState.REJECTED])
def test_what_was_not_done_has_its_reason(state: AppealState) -> None:
    appeal = replace(APPEAL, state=state, executor_id=None, answer="Питання належить до поліції.")
    assert uk([*written_answer(appeal)]) == "Ось пояснення: Питання належить до поліції."
    assert "Виконавець:" not in uk(told(state, executor_id=None))


def test_one_of_several_is_offered_in_either_language() -> None:
    phrase = to_choose(APPEAL, "2")
    assert phrase.uk == "Немає опалення, номер два шість, нуль нуль, нуль один, два. Натисніть два."
    assert phrase.en == "No heating, number two six, zero zero, zero one, two. Press two."


def test_no_two_texts_share_a_name() -> None:
    """A name is what the journey records, and what tells the files of the voice apart."""
    texts: dict[str, set[str]] = {}
    for state in AppealState:
        for phrase in told(state):
            texts.setdefault(phrase.name, set()).add(phrase.uk)
    assert {name: one for name, one in texts.items() if len(one) > 1} == {}


def test_the_keys_are_those_that_do_something() -> None:
    def names(state: AppealState, result: ResultKind | None = None, **may: bool) -> list[str]:
        may = {"may_hear": False, **may}
        return [one.name for one in choices(replace(APPEAL, state=state, result=result), **may)]

    assert names(AppealState.DONE, may_confirm=True, may_dispute=True) == ["keys-done", "keys-always"]
    assert names(AppealState.DONE, may_hear=True, may_confirm=True, may_dispute=True)[0] == "keys-answer"
    assert names(AppealState.DONE, ResultKind.REFUSED, may_confirm=True, may_dispute=True) == [
        *("keys-answered", "keys-always")
    ]
    assert names(AppealState.CLOSED, may_confirm=False, may_dispute=True) == ["keys-closed", "keys-always"]
    taken_back = names(AppealState.DISPUTED, may_confirm=False, may_dispute=False, may_take_back=True)
    assert taken_back == ["keys-disputed", "keys-always"]
    assert names(AppealState.IN_WORK, may_confirm=False, may_dispute=False) == ["keys-always"]
