from dataclasses import replace

import pytest

from hotline.appeals.acts.act import LONGEST_TEXT, ActFault
from hotline.appeals.acts.actors import NotYours
from hotline.appeals.acts.asking import AnswerBack, AskBack
from hotline.appeals.acts.routing import Assign, HandBack
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import AppealState, ResultKind
from hotline.appeals.handling import act_on, following
from hotline.errors import ForbiddenTransition
from tests.hotline.appeals.people import CITY, DISPATCHER, FITTER, HEAT, NOON, STRANGER, WATER, appeal

ASKED = appeal(AppealState.IN_WORK, question="Який під’їзд?")
ANSWER = AnswerBack(by=DISPATCHER, at=NOON, text="Другий")


def test_a_question_changes_neither_state_nor_term_and_a_second_one_is_added() -> None:
    one = appeal(AppealState.ACCEPTED)
    for text in ("Який під’їзд?", " І поверх? "):
        one = act_on(one, AskBack(by=FITTER, at=NOON, text=text), CITY).appeal
    assert one.question == "Який під’їзд?\nІ поверх?"
    assert one == replace(appeal(AppealState.ACCEPTED), question=one.question, version=one.version)


def test_only_whoever_has_it_asks_and_only_the_centre_answers() -> None:
    for act in (AskBack(by=STRANGER, at=NOON, text="?"), AskBack(by=DISPATCHER, at=NOON, text="?")):
        with pytest.raises(NotYours):
            act_on(ASKED, act, CITY)
    with pytest.raises(NotYours):
        act_on(ASKED, replace(ANSWER, by=FITTER), CITY)
    assert act_on(ASKED, ANSWER, CITY).appeal.question == ""
    with pytest.raises(ForbiddenTransition):
        act_on(replace(ASKED, question=""), ANSWER, CITY)


def test_an_empty_or_endless_question_is_refused_at_its_field() -> None:
    for text in (" ", "а" * (LONGEST_TEXT + 1), "а" * LONGEST_TEXT):
        with pytest.raises(ActFault) as fault:
            act_on(ASKED, AskBack(by=FITTER, at=NOON, text=text), CITY)
        assert fault.value.field == "text"


def test_a_question_is_settled_once_the_work_is_reported_or_is_anothers() -> None:
    for act in (
        ReportDone(by=FITTER, at=NOON, result=ResultKind.SATISFIED, answer="Полагоджено"),
        Assign(by=DISPATCHER, at=NOON, executor_id=WATER),
    ):
        assert act_on(ASKED, act, CITY).appeal.question == ""
    accepted = replace(ASKED, state=AppealState.ACCEPTED)
    assert act_on(accepted, HandBack(by=FITTER, at=NOON, reason="Не наше"), CITY).appeal.question == ""


@pytest.mark.parametrize(
    ("executor", "state", "left"),
    [
        (HEAT, AppealState.ACCEPTED, "Який під’їзд?"),
        (WATER, AppealState.ACCEPTED, ""),
        (HEAT, AppealState.DONE, ""),
    ],
)
def test_a_linked_appeal_keeps_its_question_while_the_same_enterprise_works_on(
    executor: int, state: AppealState, left: str
) -> None:
    child = replace(ASKED, number="2600009", parent=ASKED.number)
    parent = appeal(state, executor_id=executor, result=ResultKind.SATISFIED, answer="Полагоджено")
    follow = following(parent, child, NOON)
    assert follow is not None
    assert act_on(child, follow, CITY).appeal.question == left
