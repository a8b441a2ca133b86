"""A form of a survey is checked whole: no dead ends, no keys that lead nowhere, both languages."""

from dataclasses import replace

import pytest

from hotline.surveys.flaws import FormFinding, FormFlaw, flaws
from hotline.surveys.forms import (
    COMPLETION,
    Form,
    Meaning,
    Question,
    QuestionKind,
    Road,
    as_data,
    built_in,
    form_of,
)

FORM = built_in(COMPLETION)


def changed(question: str, **fields: object) -> Form:
    """The built-in form with one question changed."""
    return Form(
        questions=tuple(
            replace(one, **fields) if one.id == question else one  # type: ignore[arg-type]
            for one in FORM.questions
        )
    )


def found(form: Form) -> set[tuple[str, FormFlaw]]:
    return {(one.question, one.flaw) for one in flaws(form)}


def test_the_form_that_comes_with_the_product_has_no_flaw() -> None:
    assert flaws(FORM) == []


def test_a_form_is_the_same_after_it_was_kept() -> None:
    assert form_of(as_data(FORM)) == FORM


def test_nothing_is_asked_by_an_empty_form() -> None:
    assert flaws(Form(questions=())) == [FormFinding(question="", flaw=FormFlaw.EMPTY)]


@pytest.mark.parametrize(
    ("question", "fields", "flaw"),
    [
        ("виконання", {"en": "  "}, FormFlaw.NO_ENGLISH),
        ("виконання", {"uk": ""}, FormFlaw.NO_UKRAINIAN),
        ("виконання", {"uk": "а" * 601}, FormFlaw.TOO_LONG),
        ("виконання", {"uk": "Ваша адреса — {address}?"}, FormFlaw.UNKNOWN_BLANK),
        ("виконання", {"uk": "Зайва дужка {"}, FormFlaw.UNKNOWN_BLANK),
        ("виконання", {"uk": "{number!r}"}, FormFlaw.UNKNOWN_BLANK),
        ("виконання", {"roads": ()}, FormFlaw.NO_KEYS),
        ("оцінка", {"to": ""}, FormFlaw.NO_WAY_ON),
        ("оцінка", {"to": "nowhere"}, FormFlaw.NO_SUCH_QUESTION),
        ("оцінка", {"roads": (Road(key="7", to="подяка"),)}, FormFlaw.WRONG_KEY),
        ("оцінка", {"kind": QuestionKind.DIGITS}, FormFlaw.DIGITS_ASKED),
        ("зауваження", {"to": "зауваження"}, FormFlaw.DEAD_END),
        ("заявник", {"id": "виконання"}, FormFlaw.SAME_NAME),
    ],
)
def test_a_question_that_is_wrong_is_named(question: str, fields: dict[str, object], flaw: FormFlaw) -> None:
    name = str(fields.get("id", question))
    assert (name, flaw) in found(changed(question, **fields))


def test_a_key_that_leads_nowhere_or_to_two_places_is_told() -> None:
    lost = changed("виконання", roads=(Road(key="1", means=Meaning.DONE), Road(key="1", to="зауваження")))
    assert {("виконання", FormFlaw.NO_WAY_ON), ("виконання", FormFlaw.SAME_KEY)} <= found(lost)


def test_a_question_that_nothing_leads_to_is_told() -> None:
    more = Question(id="more", kind=QuestionKind.END, uk="Ще", en="More")
    assert found(Form(questions=(*FORM.questions, more))) == {("more", FormFlaw.NEVER_ASKED)}


def test_a_loop_that_can_be_left_is_no_dead_end() -> None:
    again = changed("заявник", roads=(*FORM.questions[0].roads, Road(key="*", to="заявник")))
    assert flaws(again) == []


@pytest.mark.parametrize(
    ("question", "key", "flaw"),
    [("заявник", "2", FormFlaw.NO_STRANGER), ("виконання", "1", FormFlaw.NO_WORD)],
)
def test_a_form_must_let_people_say_what_decides(question: str, key: str, flaw: FormFlaw) -> None:
    asked = FORM.find(question)
    assert asked is not None
    roads = tuple(replace(one, means=None) if one.key == key else one for one in asked.roads)
    assert ("", flaw) in found(changed(question, roads=roads))


def test_a_form_without_a_way_to_a_person_is_refused() -> None:
    form = Form(
        questions=tuple(
            replace(one, roads=tuple(road for road in one.roads if road.key != "0")) for one in FORM.questions
        )
    )
    assert ("", FormFlaw.NO_DISPATCHER) in found(form)
