"""The questions of a survey, asked of somebody who does what a script says."""

import re
from dataclasses import replace

import pytest

from hotline.errors import CallGone
from hotline.speech.hearing import Heard
from hotline.surveys.forms import COMPLETION, Form, Meaning, Question, QuestionKind, Road, built_in
from hotline.voice.speech import Language
from ivr_flows.completion_survey import KeyAnswer, SurveyEnd, completion_survey
from ivr_flows.survey_phrases import About, about, question
from tests.fakes.call import FakeCall, aloud
from tests.fakes.said import UNDERSTANDING
from tests.hotline.appeals.people import APPEAL

FORM = built_in(COMPLETION)
ABOUT = About(number="2600017", uk="немає опалення", en="no heating")


class Notes:
    """Implements `Minutes`, and remembers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.given: list[tuple[str, str, Meaning | None]] = []

    def asks(self, question: Question) -> None:
        self.asked.append(question.id)

    async def answered(self, question: Question, given: KeyAnswer) -> None:
        self.given.append((question.id, given.said, given.means))


async def asked(call: FakeCall, form: Form = FORM, *, may_record: bool = True) -> tuple[SurveyEnd, Notes]:
    notes = Notes()
    ending = await completion_survey(
        call, form, ABOUT, notes, appeal="2600017", may_record=may_record, understanding=UNDERSTANDING
    )
    return ending, notes


def questions(call: FakeCall) -> list[str]:
    """What they heard, without the digits of the number and what stands behind it."""
    return [one for one in call.heard if not re.fullmatch(r"digits-\d+|survey-.*-\d+", one)]


def said(told: About) -> str:
    return " ".join(one.text(Language.UKRAINIAN) for one in question(FORM.questions[0], told))


async def test_who_says_that_it_is_done_rates_it_and_is_thanked() -> None:
    call = FakeCall("115", outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.WHOLE
    assert notes.given == [
        ("заявник", "1", Meaning.PERSON),
        ("виконання", "1", Meaning.DONE),
        ("оцінка", "5", None),
    ]
    assert questions(call) == ["survey-заявник", "survey-виконання", "survey-оцінка", "survey-подяка"]


@pytest.mark.parametrize(("key", "means"), [("2", Meaning.NOT_DONE), ("3", Meaning.PARTLY)])
async def test_who_says_that_it_is_not_done_tells_what_is_wrong(key: str, means: Meaning) -> None:
    call = FakeCall(f"1{key}", outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.WHOLE
    assert notes.given[1:] == [("виконання", key, means), ("зауваження", "call-1-message-1", None)]
    assert call.heard[-1] == "survey-повернення"


async def test_nobody_is_recorded_who_refused_it() -> None:
    call = FakeCall("12", outgoing=True)
    _, notes = await asked(call, may_record=False)
    assert call.messages == 0
    assert notes.asked == ["заявник", "виконання", "зауваження", "повернення"]
    assert "survey-зауваження" not in call.heard


async def test_a_stranger_is_left_in_peace_after_one_key() -> None:
    call = FakeCall("2", outgoing=True)
    ending, notes = await asked(call)
    assert (ending, notes.given) == (SurveyEnd.WHOLE, [("заявник", "2", Meaning.NOT_THEM)])
    assert questions(call) == ["survey-заявник", "survey-вибачення"]


@pytest.mark.parametrize("keys", ["0", "10"])
async def test_zero_leads_to_a_person_from_each_question(keys: str) -> None:
    ending, notes = await asked(FakeCall(keys, outgoing=True))
    assert ending is SurveyEnd.DISPATCHER
    assert notes.given[-1][2] is Meaning.DISPATCHER


async def test_a_machine_hears_the_question_three_times_and_has_said_nothing() -> None:
    call = FakeCall(outgoing=True)
    ending, notes = await asked(call)
    assert (ending, notes.given) == (SurveyEnd.SILENT, [])
    assert questions(call) == ["survey-заявник"] * 3 + ["survey-not-heard"]


async def test_a_wrong_key_is_excused_and_the_question_said_again() -> None:
    call = FakeCall("719", outgoing=True)
    ending, _ = await asked(call)
    assert ending is SurveyEnd.SILENT
    assert questions(call)[:3] == ["survey-заявник", "wrong-key", "survey-заявник"]


async def test_who_does_not_rate_is_thanked_all_the_same() -> None:
    call = FakeCall("11", outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.WHOLE
    assert notes.given[-1] == ("виконання", "1", Meaning.DONE)
    assert call.heard[-1] == "survey-подяка"


@pytest.mark.parametrize("verb", range(1, 5))
async def test_whoever_hangs_up_has_said_what_they_had_said(verb: int) -> None:
    call = FakeCall("115", outgoing=True, hang_up_at=verb)
    notes = Notes()
    with pytest.raises(CallGone):
        await completion_survey(
            call, FORM, ABOUT, notes, appeal="2600017", may_record=True, understanding=UNDERSTANDING
        )
    assert len(notes.given) == verb - 1
    assert notes.asked[-1] == ["заявник", "виконання", "оцінка", "подяка"][verb - 1]


async def test_digits_and_a_rating_lead_where_the_form_says() -> None:
    form = Form(
        questions=(
            Question(
                id="rate",
                kind=QuestionKind.RATING,
                uk="Оцінка?",
                en="Rating?",
                to="bye",
                roads=(Road(key="1", to="meter"),),
            ),
            Question(id="meter", kind=QuestionKind.DIGITS, uk="Показник?", en="Reading?", to="bye", most=5),
            Question(id="bye", kind=QuestionKind.END, uk="Усе", en="That is all"),
        )
    )
    call = FakeCall("1472#", outgoing=True)
    _, notes = await asked(call, form)
    assert notes.given == [("rate", "1", None), ("meter", "472", None)]
    _, notes = await asked(FakeCall("4", outgoing=True), form)
    assert notes.asked == ["rate", "bye"]


async def test_who_goes_round_in_a_loop_is_let_go_at_last() -> None:
    first = FORM.questions[0]
    form = Form(
        questions=(replace(first, roads=(*first.roads, Road(key="*", to="заявник"))), *FORM.questions[1:])
    )
    call = FakeCall("*" * 99, outgoing=True)
    ending, _ = await asked(call, form)
    assert ending is SurveyEnd.WHOLE
    assert questions(call) == ["survey-заявник"] * 30


def test_nobody_hears_more_than_number_and_category() -> None:
    told = about(replace(APPEAL, text="Сусід п'яний"))
    assert said(told).startswith(
        "Вас вітає контакт-центр міста Славутича. Телефонуємо щодо вашого звернення номер два шість нуль"
    )
    assert "немає опалення. Якщо це ви" in said(told)
    assert "Сусід" not in said(told)


def test_an_appeal_without_a_category_is_told_without_its_text() -> None:
    told = about(replace(APPEAL, category="", text="Сусід п'яний"))
    assert "питання до міських служб. Якщо це ви" in said(told)


async def test_after_the_first_key_answers_may_be_said_and_what_decides_is_read_back() -> None:
    call = FakeCall(["1", aloud("ні не зробили"), aloud("так")], outgoing=True)
    _, notes = await asked(call)
    assert notes.given[:2] == [("заявник", "1", Meaning.PERSON), ("виконання", "2", Meaning.NOT_DONE)]
    assert "survey-heard-not-done" in call.heard


async def test_a_part_is_said_as_well() -> None:
    call = FakeCall(["1", aloud("тільки частково"), aloud("так")], outgoing=True)
    _, notes = await asked(call)
    assert notes.given[1] == ("виконання", "3", Meaning.PARTLY)


async def test_what_is_not_confirmed_counts_for_nothing() -> None:
    call = FakeCall(["1", aloud("зробили"), aloud("ні"), "2"], outgoing=True)
    _, notes = await asked(call)
    assert notes.given[1] == ("виконання", "2", Meaning.NOT_DONE)


async def test_a_word_that_the_ear_is_unsure_of_decides_nothing() -> None:
    call = FakeCall(["1", aloud("зробили", 0.3), aloud("так", 0.3), aloud("ага", 0.3)], outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.SILENT
    assert notes.given == [("заявник", "1", Meaning.PERSON)]
    assert "by-keys-now" in call.heard


async def test_a_voice_is_no_person_before_a_key_was_pressed() -> None:
    call = FakeCall([aloud("так"), aloud("так"), aloud("так")], outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.SILENT
    assert notes.given == []


@pytest.mark.parametrize("keys", ["1", "11"])
async def test_an_emergency_leads_to_a_person_and_answers_nothing(keys: str) -> None:
    call = FakeCall([*keys, aloud("горить будинок")], outgoing=True)
    ending, notes = await asked(call)
    assert ending is SurveyEnd.EMERGENCY
    assert len(notes.given) == len(keys)


@pytest.mark.parametrize(
    ("given", "rating"),
    [
        ([aloud("п'ять")], "5"),
        ([aloud("на четвірочку")], ""),
        ([aloud("двадцять"), aloud("чотири")], "4"),
        ([aloud("п'ять", 0.3), "3"], "3"),
        (["9", aloud("один")], "1"),
    ],
)
async def test_a_rating_may_be_said(given: list[str | Heard], rating: str) -> None:
    call = FakeCall(["1", "1", *given], outgoing=True)
    _, notes = await asked(call)
    assert [said for question, said, _ in notes.given if question == "оцінка"] == ([rating] if rating else [])
