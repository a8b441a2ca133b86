"""What became of an attempt whose keeper died: decided from the call log, and from nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import Job, came_to
from tests.hotline.appeals.people import NOON

JOB = Job(
    id=1,
    source="survey",
    state=JobState.DIALLED,
    attempt=1,
    claimed_at=NOON,
    number="+380671112233",
    kind=Kind.SURVEY,
    call_id="out-survey-1-0",
)


def left(result: Result | None = None) -> Job:
    return replace(JOB, result=result)


def call(outcome: Outcome | None = None, *, answered: bool = False) -> CallRecord:
    later = NOON + timedelta(minutes=1)
    return CallRecord(
        id=JOB.call_id,
        number=JOB.number,
        shown=JOB.number,
        arrived_at=NOON,
        answered_at=later if answered else None,
        ended_at=later if outcome else None,
        outcome=outcome,
        direction=Direction.OUTGOING,
    )


def test_what_asterisk_never_had_is_no_attempt() -> None:
    assert came_to(left(), None) is Result.NOT_PLACED


def test_while_the_call_is_not_over_nothing_is_decided() -> None:
    assert came_to(left(), call()) is None
    assert came_to(left(), call(answered=True)) is None


@pytest.mark.parametrize(
    ("record", "result"),
    [
        (call(Outcome.NOT_HEARD_OUT, answered=True), Result.INTERRUPTED),
        (call(Outcome.TOLD, answered=True), Result.INTERRUPTED),
        (call(Outcome.TALKED, answered=True), Result.SETTLED),
        (call(Outcome.GIVEN_UP), Result.INTERRUPTED),
        (call(Outcome.BUSY), Result.BUSY),
        (call(Outcome.NO_ANSWER), Result.NO_ANSWER),
        (call(Outcome.LOST), Result.FAILED),
    ],
)
def test_a_call_that_rang_or_was_answered_counts_with_what_came_of_it(
    record: CallRecord, result: Result
) -> None:
    assert came_to(left(), record) is result


def test_what_was_noted_before_stands() -> None:
    assert came_to(left(result=Result.SETTLED), call(Outcome.TOLD, answered=True)) is Result.SETTLED
