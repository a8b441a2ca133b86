"""Nothing is a dead end: each state has a road on, and what was decided wrongly has one back."""

from datetime import timedelta

import pytest

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import Actor, ActorRole
from hotline.appeals.acts.way_back import AnsweredElsewhere, CameBack, RefuseDone, Reopen, TakeBack
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.appeals.handling import act_on, following
from hotline.appeals.transitions import TABLE
from hotline.delivery.outbox import Recipient
from hotline.errors import ForbiddenTransition
from tests.hotline.appeals.people import CITY, DISPATCHER, FITTER, HEAD, HEAT, NOON, appeal

LATER = NOON + timedelta(hours=2)
CENTRE = {ActorRole.DISPATCHER, ActorRole.HEAD}


def reported(state: AppealState, **fields: object) -> Appeal:
    done = {"result": ResultKind.SATISFIED, "answer": "Полагоджено", "attempts": 1}
    return appeal(state, **{**done, **fields})


def told(act: Act, one: Appeal) -> set[Recipient]:
    return {owed.recipient for owed in act_on(one, act, CITY).owed}


@pytest.mark.parametrize("state", list(AppealState))
def test_no_state_is_a_dead_end_and_people_of_the_centre_have_a_road_on_from_each(state: AppealState) -> None:
    roads = [row for row in TABLE if state in row.before and row.after not in {None, state}]
    assert any(row.who & CENTRE for row in roads)


def test_an_executor_takes_its_report_back_until_the_applicant_is_asked() -> None:
    act = TakeBack(by=FITTER, at=LATER, reason="Помилково")
    then = act_on(reported(AppealState.DONE), act, CITY).appeal
    assert (then.state, then.executor_id, then.answer, then.result) == (AppealState.IN_WORK, HEAT, "", None)
    assert told(act, reported(AppealState.DONE)) == {Recipient.APPLICANT}
    with pytest.raises(ForbiddenTransition):
        act_on(reported(AppealState.BEING_CHECKED), act, CITY)


@pytest.mark.parametrize("state", [AppealState.DONE, AppealState.BEING_CHECKED])
@pytest.mark.parametrize("by", [DISPATCHER, HEAD])
def test_the_centre_returns_a_report_that_is_plainly_untrue(state: AppealState, by: Actor) -> None:
    one, act = reported(state), RefuseDone(by=by, at=LATER, reason="Яма на місці")
    then = act_on(one, act, CITY).appeal
    assert (then.state, then.executor_id, then.attempts) == (AppealState.IN_WORK, HEAT, 0)
    assert (then.due_at, then.due_on) == (one.due_at, one.due_on)
    assert told(act, one) == {Recipient.APPLICANT, Recipient.EXECUTOR}


def test_what_an_authority_sends_back_is_ours_again_and_its_answer_is_told() -> None:
    one = appeal(AppealState.FORWARDED, result=ResultKind.FORWARDED, answer="Не наше")
    answered = act_on(one, AnsweredElsewhere(by=DISPATCHER, at=LATER, answer="Відремонтуємо"), CITY)
    assert (answered.appeal.state, answered.appeal.answer) == (AppealState.FORWARDED, "Відремонтуємо")
    assert {owed.recipient for owed in answered.owed} == {Recipient.APPLICANT}
    back = CameBack(by=DISPATCHER, at=LATER, reason="Повернули листом")
    then = act_on(answered.appeal, back, CITY).appeal
    assert (then.state, then.result, then.answer) == (AppealState.REGISTERED, None, "")
    assert told(back, one) == {Recipient.APPLICANT}


@pytest.mark.parametrize(
    ("state", "dispatcher_may"),
    [
        (AppealState.WITHDRAWN, True),
        (AppealState.REJECTED, False),
        (AppealState.CLOSED, False),
        (AppealState.CLOSED_UNCONFIRMED, False),
    ],
)
def test_the_head_takes_up_again_what_has_ended_and_a_dispatcher_a_withdrawal(
    state: AppealState, *, dispatcher_may: bool
) -> None:
    one, act = reported(state, parent="2600002"), Reopen(by=HEAD, at=LATER, reason="Помилково")
    then = act_on(one, act, CITY).appeal
    assert (then.state, then.executor_id, then.parent) == (AppealState.REGISTERED, None, None)
    assert told(act, one) == {Recipient.APPLICANT}
    by_dispatcher = Reopen(by=DISPATCHER, at=LATER, reason="Помилково")
    if dispatcher_may:
        assert act_on(one, by_dispatcher, CITY).appeal == then
    else:
        with pytest.raises(ForbiddenTransition, match="no dispatcher"):
            act_on(one, by_dispatcher, CITY)


@pytest.mark.parametrize("act", [TakeBack, RefuseDone, CameBack, Reopen])
def test_nobody_goes_back_without_a_reason(act: type[TakeBack]) -> None:
    row = next(row for row in TABLE if row.act is act)
    by = FITTER if ActorRole.EXECUTOR in row.who else HEAD
    with pytest.raises(ActFault, match="few words"):
        act_on(reported(min(row.before)), act(by=by, at=LATER, reason=" "), CITY)


def test_linked_appeals_go_back_with_an_untrue_report_and_with_no_dispute() -> None:
    parent = appeal(AppealState.IN_WORK)
    for state in (AppealState.DONE, AppealState.BEING_CHECKED):
        child = reported(state, number="2600009", parent=parent.number)
        assert following(parent, child, LATER) is None
        follow = following(parent, child, LATER, undone=True)
        assert follow is not None
        then = act_on(child, follow, CITY).appeal
        assert (then.state, then.answer, then.result) == (AppealState.IN_WORK, "", None)
