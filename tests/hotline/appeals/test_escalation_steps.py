from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.appeal import PENDING, Appeal, AppealKind, AppealState
from hotline.appeals.escalation_steps import EscalationStep, due_now
from hotline.city.classifier import Urgency
from hotline.delivery.outbox import StepKind
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from tests.hotline.appeals.people import APPEAL, CITY, KYIV, NOON, appeal

DAY_DESK = Contact(
    id=1, name="Диспетчерська", hours=ContactHours(since=time(8), until=time(17)), number="+380457900031"
)
NIGHT = Contact(id=2, name="Черговий", order=2, number="+380457900032")
MANAGER = Contact(id=3, name="Директор", kind=ContactKind.MANAGER, email="director@example.org")
HEAT = Executor(id=7, name="Тепломережі", short="Тепломережі", contacts=(NIGHT, DAY_DESK, MANAGER))
EMERGENCY = appeal(
    AppealState.ASSIGNED,
    urgency=Urgency.EMERGENCY,
    kind=AppealKind.REPORT,
    due_at=NOON + timedelta(hours=24),
)
CLOCK = timedelta(minutes=15)


def due(one: Appeal, now: datetime, done: frozenset[str] = frozenset()) -> list[EscalationStep]:
    return list(due_now(one, HEAT, done, now=now, city=CITY))


def kinds(steps: list[EscalationStep]) -> list[StepKind]:
    return [one.kind for one in steps]


def test_a_term_is_remembered_before_it_ends_and_told_when_it_has() -> None:
    one = appeal(AppealState.IN_WORK)
    end = one.due_at
    assert end is not None
    assert due(one, end - timedelta(days=3, seconds=1)) == []
    (first,) = due(one, end - timedelta(days=3))
    (second,) = due(one, end - timedelta(hours=1))
    assert (first.kind, second.kind) == (StepKind.REMINDER, StepKind.REMINDER)
    assert first.key != second.key
    assert due(one, end - timedelta(hours=1), frozenset({second.key})) == []
    assert kinds(due(one, end)) == [StepKind.BREACH, StepKind.OVERDUE]


def test_a_short_term_has_one_reminder_with_a_quarter_left() -> None:
    one = appeal(AppealState.IN_WORK, due_at=NOON + timedelta(hours=24))
    assert due(one, NOON + timedelta(hours=17)) == []
    assert kinds(due(one, NOON + timedelta(hours=18))) == [StepKind.REMINDER]


def test_an_extended_term_has_reminders_of_its_own() -> None:
    one = appeal(AppealState.IN_WORK)
    assert one.due_at is not None
    (old,) = due(one, one.due_at - timedelta(days=1))
    longer = replace(one, due_at=one.due_at + timedelta(days=20))
    (new,) = due(longer, one.due_at + timedelta(days=19), frozenset({old.key}))
    assert new.key != old.key


def test_silence_on_an_emergency_goes_from_contact_to_contact_to_the_head() -> None:
    steps = due(EMERGENCY, NOON + 3 * CLOCK)
    assert [(one.kind, one.contact_id, one.at - NOON) for one in steps] == [
        (StepKind.UNACKNOWLEDGED, 1, CLOCK),
        (StepKind.UNACKNOWLEDGED, 2, 2 * CLOCK),
        (StepKind.NOBODY_ACKNOWLEDGES, None, 3 * CLOCK),
    ]
    assert due(EMERGENCY, NOON + CLOCK - timedelta(seconds=1)) == []
    assert due(replace(EMERGENCY, state=AppealState.ACCEPTED), NOON + 3 * CLOCK) == []


def test_at_night_whoever_is_on_duty_then_is_tried() -> None:
    night = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    (first, head) = due(replace(EMERGENCY, state_since=night), night + 2 * CLOCK)
    assert (first.contact_id, head.kind) == (2, StepKind.NOBODY_ACKNOWLEDGES)
    assert [one.id for one in replace(HEAT, contacts=(DAY_DESK,)).on_duty(night.astimezone(KYIV))] == [1]


def test_a_new_assignment_starts_the_clock_anew() -> None:
    first = frozenset(one.key for one in due(EMERGENCY, NOON + CLOCK))
    again = replace(EMERGENCY, state_since=NOON + timedelta(hours=1))
    assert kinds(due(again, NOON + timedelta(hours=1) + CLOCK, first)) == [StepKind.UNACKNOWLEDGED]


def test_an_emergency_that_nobody_assigns_is_told_to_the_head() -> None:
    one = replace(EMERGENCY, state=AppealState.REGISTERED, executor_id=None)
    assert kinds(list(due_now(one, None, (), now=NOON + CLOCK, city=CITY))) == [StepKind.UNROUTED]


def test_for_many_reports_of_one_thing_the_executor_is_asked_once() -> None:
    assert due(replace(EMERGENCY, parent="2600002"), NOON + CLOCK) == []


@given(
    st.sampled_from(AppealState),
    st.sampled_from(Urgency),
    st.lists(st.integers(0, 60 * 24 * 30), min_size=1, max_size=6),
)
def test_each_step_is_due_once_however_often_one_looks(
    state: AppealState, urgency: Urgency, minutes: list[int]
) -> None:
    one, taken, seen = appeal(state, urgency=urgency), set[str](), list[str]()
    for minute in sorted(minutes):
        now = NOON + timedelta(minutes=minute)
        for step in due_now(one, HEAT, taken, now=now, city=CITY):
            assert step.at <= now
            taken.add(step.key)
            seen.append(step.key)
        assert not due_now(one, HEAT, taken, now=now, city=CITY)
    assert len(seen) == len(set(seen))
    assert not seen or state in PENDING


def test_nothing_is_due_of_an_appeal_without_a_term_that_is_not_urgent() -> None:
    assert due(replace(APPEAL, due_at=None), NOON + timedelta(days=99)) == []
