from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.appeal import AppealState
from hotline.appeals.duty_calls import RETRIES, duty_of
from hotline.calls.call import JourneyStep, Outcome, Step, outcome_of
from hotline.contact.channel import Channel
from hotline.delivery.outbox import Notice
from hotline.dialling.dialler import Lines, Result, result_of
from hotline.enterprises.executors import Contact, Executor
from tests.hotline.appeals.people import HEAT, NOON, WATER, appeal

CONTACT = Contact(id=7, name="Черговий", number="+380457900032")
ENTERPRISE = Executor(id=HEAT, name="Тепломережі", short="Тепломережі", contacts=(CONTACT,))
ASSIGNED = appeal(AppealState.ASSIGNED)
NOTICE = Notice(
    id=17,
    number=ASSIGNED.number,
    entry_id=1,
    to="contact:7",
    channel=Channel.CALL,
    address="+380457900032",
    about="assign",
    facts={},
    owed_at=NOON,
    due_at=NOON,
    changed_at=NOON,
)


@given(st.integers(0, 40), st.integers(0, 5), st.integers(0, 40), st.integers(0, 5))
def test_the_last_free_lines_are_the_citizens(whole: int, kept: int, busy: int, most: int) -> None:
    room = Lines(whole=whole, kept_free=kept, most=most).room(busy=busy, ours=0)
    assert 0 <= room <= most
    assert not room or busy + room + kept <= whole


def test_without_a_known_trunk_only_our_own_number_of_calls_bounds_us() -> None:
    assert Lines(most=2).room(busy=30, ours=1) == 1
    assert Lines(most=2).room(busy=30, ours=2) == 0
    assert Lines(most=0).room(busy=0, ours=0) == 0


def test_a_busy_or_silent_telephone_is_tried_again_and_who_pressed_nothing_is_not() -> None:
    assert RETRIES.again_in(Result.BUSY, 1) == timedelta(minutes=1)
    assert RETRIES.again_in(Result.BUSY, 3) is None
    assert RETRIES.again_in(Result.NO_ANSWER, 1) == timedelta(minutes=3)
    assert RETRIES.again_in(Result.NO_ANSWER, 2) is None
    assert RETRIES.again_in(Result.MACHINE, 1) == timedelta(minutes=3)
    for result in (Result.UNHEARD, Result.REFUSED, Result.NOT_IN_USE, Result.SETTLED):
        assert RETRIES.again_in(result, 1) is None


def test_a_call_is_about_what_still_waits_to_be_accepted_by_the_contacts_own_enterprise() -> None:
    duty = duty_of(NOTICE, ASSIGNED, ENTERPRISE)
    assert duty is not None
    assert duty.contact == CONTACT
    assert duty_of(NOTICE, None, ENTERPRISE) is None
    assert duty_of(NOTICE, ASSIGNED, None) is None
    for state in set(AppealState) - {AppealState.ASSIGNED}:
        assert duty_of(NOTICE, appeal(state), ENTERPRISE) is None
    elsewhere = Executor(id=WATER, name="Водоканал", short="Водоканал", contacts=(CONTACT,))
    assert duty_of(NOTICE, ASSIGNED, elsewhere) is None
    gone = Executor(id=HEAT, name="Тепломережі", short="Тепломережі")
    assert duty_of(NOTICE, ASSIGNED, gone) is None


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome.BUSY, Result.BUSY),
        (Outcome.NO_ANSWER, Result.NO_ANSWER),
        (Outcome.REFUSED, Result.REFUSED),
        (Outcome.NOT_IN_USE, Result.NOT_IN_USE),
        (Outcome.FAILED, Result.FAILED),
        (Outcome.LOST, Result.FAILED),
    ],
)
def test_what_the_network_said_is_a_result(outcome: Outcome, result: Result) -> None:
    assert result_of(outcome) is result


def test_a_call_of_our_own_came_to_what_the_key_said() -> None:
    def came_to(*steps: Step) -> Outcome:
        taken = (Step.CALLED_BY_ITSELF, *steps, Step.ENDED)
        return outcome_of(
            [JourneyStep(call_id="out-1", number=n, at=NOON, step=one) for n, one in enumerate(taken, 1)]
        )

    assert came_to(Step.ANSWERED, Step.INFORMED) is Outcome.TOLD
    assert came_to(Step.ANSWERED, Step.SILENT) is Outcome.NOT_HEARD_OUT
    assert came_to() is Outcome.FAILED


@given(st.integers(5, 60), st.integers(0, 5), st.integers(0, 60), st.integers(0, 60))
def test_the_more_citizens_call_the_fewer_calls_of_our_own_are_placed(
    whole: int, kept: int, few: int, more: int
) -> None:
    lines = Lines(whole=whole, kept_free=kept, most=whole)
    few, more = sorted((few, more))
    assert lines.room(busy=more, ours=0) <= lines.room(busy=few, ours=0)
    room = lines.room(busy=more, ours=0)
    assert not room or whole - more - room >= max(kept, more // 4)
