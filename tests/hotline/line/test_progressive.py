"""Who is next when a desk calls one after another, and when nobody is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.line.callbacks import Callback, CallbackResult, OwedCallback
from hotline.line.line import Priority, QueueEntry
from hotline.line.presence_states import Presence
from hotline.line.progressive import MOST_TRIES, NobodyNext, Working, candidates, must_wait
from hotline.line.queue_entry_states import QueueEntryState
from hotline.line.scheduled_callbacks import TRIED_AGAIN_AFTER, NewScheduled, Scheduled
from tests.hotline.appeals.people import NOON

OLENA, TARAS = 7, 8
DESK = Working(dispatcher_id=1, user_id=OLENA)
MISSED = OwedCallback(
    number="+380457900001", first_at=NOON, last_at=NOON, last_call_id="hotline-1.1", calls=1
)
TRIED = Callback(call_id="hotline-1.1", user_id=OLENA, at=NOON, result=CallbackResult.NO_ANSWER)
WAITS = QueueEntry(call_id="c1", priority=Priority.ORDINARY, entered_at=NOON)


def arranged(number: int, *, tries: int = 0, for_user_id: int | None = None) -> Scheduled:
    about = NewScheduled(
        number=f"+38045790001{number}",
        due_at=NOON,
        why="Розповісти, коли прийде бригада",
        arranged_by=OLENA,
        arranged_at=NOON,
        for_user_id=for_user_id,
    )
    return Scheduled(id=number, about=about, due_at=NOON, tries=tries)


def in_order(working: Working = DESK, claimed: frozenset[str] = frozenset()) -> list[str]:
    due = [arranged(1), arranged(2, for_user_id=TARAS), arranged(3, tries=MOST_TRIES)]
    found = candidates([*due, MISSED], working=working, claimed=claimed, at=NOON)
    return [one.reference for one in found]


def test_ones_own_and_anybodys_arranged_calls_come_first_then_the_missed_ones() -> None:
    assert in_order() == ["scheduled-1", "hotline-1.1"]


def test_whom_somebody_calls_now_is_nobodys_next_one() -> None:
    assert in_order(claimed=frozenset({"scheduled-1"})) == ["hotline-1.1"]
    assert in_order(claimed=frozenset({"+380457900001"})) == ["scheduled-1"]


@pytest.mark.parametrize("for_user_id", [None, TARAS])
def test_whoever_has_missed_us_and_has_a_call_arranged_is_one_person(for_user_id: int | None) -> None:
    both = [arranged(1, for_user_id=for_user_id), replace(MISSED, number="+380457900011")]
    found = candidates(both, working=DESK, claimed=frozenset({"scheduled-1"}), at=NOON)
    assert found == []


def test_whoever_was_left_out_comes_up_again_when_the_time_is_over() -> None:
    later = NOON + timedelta(seconds=1)
    assert in_order(replace(DESK, left_out={"scheduled-1": later})) == ["hotline-1.1"]
    assert in_order(replace(DESK, left_out={"scheduled-1": NOON})) == ["scheduled-1", "hotline-1.1"]


@pytest.mark.parametrize(
    ("tries", "after", "called"),
    [
        (1, TRIED_AGAIN_AFTER - timedelta(seconds=1), False),
        (1, TRIED_AGAIN_AFTER, True),
        (MOST_TRIES, timedelta(days=1), False),
    ],
)
def test_a_missed_caller_who_was_tried_in_vain_is_not_rung_on_and_on(
    tries: int, after: timedelta, *, called: bool
) -> None:
    tried = replace(MISSED, past=[TRIED] * tries)
    found = candidates([tried], working=DESK, claimed=frozenset(), at=NOON + after)
    assert bool(found) is called


@pytest.mark.parametrize("presence", [one for one in Presence if one is not Presence.READY])
def test_only_whoever_is_ready_calls(presence: Presence) -> None:
    assert must_wait(presence, []) is NobodyNext.NOT_READY


def test_a_citizen_in_the_line_goes_first_and_a_kept_place_holds_nobody_up() -> None:
    assert must_wait(Presence.READY, [WAITS]) is NobodyNext.CITIZENS
    assert must_wait(Presence.READY, [replace(WAITS, callback_to="+380457900001")]) is None
    assert must_wait(Presence.READY, [replace(WAITS, state=QueueEntryState.TALKING)]) is None
