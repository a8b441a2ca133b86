"""What became of an attempt whose keeper died: decided from the call log, and from nothing else."""

from datetime import timedelta

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.call_attempts import LeftAttempt, came_to
from hotline.dialling.dialler import Attempt, Errand, Result
from tests.hotline.appeals.people import NOON

ERRAND = Errand(name="survey-1", attempt=1, claimed_at=NOON, number="+380671112233")
ATTEMPT = Attempt(ERRAND, f"out-{ERRAND.call}")


def left(*, dialled: bool = True, result: Result | None = None) -> LeftAttempt:
    return LeftAttempt(ATTEMPT, dialled, result)


def call(outcome: Outcome | None = None, *, answered: bool = False) -> CallRecord:
    later = NOON + timedelta(minutes=1)
    return CallRecord(
        id=ATTEMPT.call_id,
        number=ERRAND.number,
        shown=ERRAND.number,
        arrived_at=NOON,
        answered_at=later if answered else None,
        ended_at=later if outcome else None,
        outcome=outcome,
        direction=Direction.OUTGOING,
    )


def test_what_was_never_dialled_is_no_attempt() -> None:
    assert came_to(left(dialled=False), None) is Result.NOT_PLACED
    assert came_to(left(dialled=False), call(Outcome.FAILED)) is Result.NOT_PLACED


def test_while_the_call_is_not_over_nothing_is_decided() -> None:
    assert came_to(left(), call()) is None
    assert came_to(left(), call(answered=True)) is None


@pytest.mark.parametrize(
    ("record", "result"),
    [
        (call(Outcome.NOT_HEARD_OUT, answered=True), Result.INTERRUPTED),
        (call(Outcome.TOLD, answered=True), Result.SETTLED),
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
