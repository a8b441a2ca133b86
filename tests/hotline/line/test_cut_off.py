"""Whom a fault of ours cut off in the middle of something, and in which order they are called back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.calls.call import TRIAL_PREFIX, CallRecord, Direction, JourneyStep, Step
from hotline.line.cut_off import CallBackNow, CutFrom, cut_from, in_order
from hotline.line.line import Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from tests.fakes.clock import NOON

CALL = CallRecord(id="c1", number="+380457900001", shown="0457900001", arrived_at=NOON, answered_at=NOON)
WE_CALL = replace(CALL, direction=Direction.OUTGOING)


def place(state: QueueEntryState, dispatcher: int | None = None) -> QueueEntry:
    return QueueEntry(
        call_id="c1", priority=Priority.ORDINARY, entered_at=NOON, state=state, dispatcher_id=dispatcher
    )


def steps(*taken: Step) -> list[JourneyStep]:
    return [JourneyStep(call_id="c1", number=at, at=NOON, step=step) for at, step in enumerate(taken, 1)]


@pytest.mark.parametrize(
    ("call", "state", "in_message", "taken", "was"),
    [
        (CALL, QueueEntryState.TALKING, False, (), CutFrom.TALK),
        (CALL, QueueEntryState.WAITING, False, (), CutFrom.LINE),
        (CALL, QueueEntryState.OFFERED, False, (), CutFrom.LINE),
        (CALL, QueueEntryState.LEFT, True, (), CutFrom.MESSAGE),
        (CALL, None, True, (), CutFrom.MESSAGE),
        (CALL, None, False, (Step.PLACE_SAID,), CutFrom.REPORT),
        (CALL, None, False, (Step.PLACE_SAID, Step.REPORTED_OFF), None),
        (CALL, None, False, (Step.ARRIVED, Step.HEARD), None),
        (replace(CALL, answered_at=None), QueueEntryState.TALKING, False, (), None),
        (replace(CALL, id=TRIAL_PREFIX + "1"), QueueEntryState.TALKING, False, (), None),
        (WE_CALL, QueueEntryState.TALKING, False, (), CutFrom.TALK),
        (WE_CALL, None, True, (), None),
    ],
)
def test_only_who_was_in_the_middle_of_something_is_called_back(
    call: CallRecord,
    state: QueueEntryState | None,
    in_message: bool,  # noqa: FBT001 - a parameter of the test
    taken: tuple[Step, ...],
    was: CutFrom | None,
) -> None:
    entry = None if state is None else place(state, 1 if state is QueueEntryState.TALKING else None)
    assert cut_from(call, steps(*taken), entry, in_message=in_message) is was


@pytest.mark.parametrize(
    ("taken", "was"), [((Step.TALK_ENDED,), None), ((Step.LEFT_TOGETHER, Step.TALK_ENDED), CutFrom.TALK)]
)
def test_a_talk_without_its_dispatcher_goes_on_with_a_third_alone(
    taken: tuple[Step, ...], was: CutFrom | None
) -> None:
    entry = place(QueueEntryState.TALKING)
    assert cut_from(CALL, steps(*taken), entry, in_message=False) is was


def test_emergencies_are_called_first_then_talks_then_the_line_as_it_stood() -> None:
    def one(call: str, priority: Priority, minutes: int, dispatcher: int | None = None) -> CallBackNow:
        at = NOON + timedelta(minutes=minutes)
        return CallBackNow(
            call_id=call, number="", attempt=1, priority=priority, entered_at=at, dispatcher_id=dispatcher
        )

    owed = [
        one("second", Priority.ORDINARY, 2),
        one("first", Priority.ORDINARY, 1),
        one("talk", Priority.RETURNING, 3, dispatcher=1),
        one("returning", Priority.RETURNING, 0),
        one("emergency", Priority.EMERGENCY, 9),
        one("slower", Priority.SLOWER, 0),
    ]
    assert [each.call_id for each in in_order(owed)] == [
        *("emergency", "talk", "returning", "first", "second", "slower")
    ]
