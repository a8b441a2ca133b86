"""Escalation: steps that are due when somebody stays silent or a term runs out, computed from the appeal.

Each step has a stable key, so that it is taken once however often it is computed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import PENDING, Appeal, AppealState
from hotline.appeals.statute import law_end
from hotline.city.city_rules import CityRules
from hotline.city.classifier import classifier
from hotline.delivery.outbox import OwedNotice, Recipient, StepKind
from hotline.enterprises.executors import Contact, Executor

WHO_IS_TOLD: dict[StepKind, tuple[Recipient, ...]] = {
    StepKind.REMINDER: (Recipient.EXECUTOR,),
    StepKind.OVERDUE: (Recipient.EXECUTOR, Recipient.MANAGER, Recipient.HEAD),
    StepKind.BREACH: (Recipient.DEPARTMENT,),
    StepKind.UNACKNOWLEDGED: (Recipient.CONTACT,),
    StepKind.NOBODY_ACKNOWLEDGES: (Recipient.SENIOR, Recipient.HEAD, Recipient.MANAGER),
    StepKind.UNROUTED: (Recipient.SENIOR, Recipient.HEAD),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationStep:
    """One thing to do since `at`."""

    kind: StepKind
    key: str
    at: datetime
    contact_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The moments before the end of a term at which the executor is reminded."""

    reminders: tuple[timedelta, ...] = (timedelta(days=3), timedelta(days=1))
    short_reminder: float = 0.25
    """Of a term that is too short for the first reminder, with this share left."""


def due_now(
    appeal: Appeal,
    executor: Executor | None,
    done: Collection[str],
    *,
    now: datetime,
    city: CityRules,
    clocks: Clocks | None = None,
) -> Sequence[EscalationStep]:
    """Return the due steps whose keys are not in `done`, the earliest first.

    Of several missed reminders only the last is due; none is due once the term has ended.
    """
    if appeal.state not in PENDING:
        return []
    clocks = clocks or Clocks()
    steps = [*_of_term(appeal, now, clocks, city), *_of_acknowledgement(appeal, executor, city.timezone)]
    due = [one for one in steps if one.at <= now and one.key not in done]
    return sorted(due, key=lambda one: (one.at, one.key))


ASKS = frozenset({StepKind.UNACKNOWLEDGED, StepKind.NOBODY_ACKNOWLEDGES})
"""Steps at which somebody has to say that they have it."""


def owed_for(kind: StepKind, contact_id: int | None) -> Sequence[OwedNotice]:
    """Return the recipients of a step."""
    return [
        OwedNotice(
            recipient=one, contact_id=contact_id if one is Recipient.CONTACT else None, asks=kind in ASKS
        )
        for one in WHO_IS_TOLD[kind]
    ]


def _of_term(appeal: Appeal, now: datetime, clocks: Clocks, city: CityRules) -> Iterator[EscalationStep]:
    due = appeal.due_at
    if due is None:
        return
    if now < due:
        passed = [one for one in reminders(appeal.registered_at, due, clocks) if one <= now]
        if passed:
            yield _step(StepKind.REMINDER, max(passed))
        return
    yield _step(StepKind.OVERDUE, due)
    if law := law_end(appeal, city):
        yield _step(StepKind.BREACH, law.due_at)


def reminders(since: datetime, due: datetime, clocks: Clocks) -> Sequence[datetime]:
    """Give the moments at which somebody is reminded of a term that runs since then."""
    whole = due - since
    if whole < 2 * max(clocks.reminders):
        return [due - whole * clocks.short_reminder]
    return [due - one for one in clocks.reminders]


def _of_acknowledgement(
    appeal: Appeal, executor: Executor | None, zone: ZoneInfo
) -> Iterator[EscalationStep]:
    clock = classifier(appeal.classifier).acknowledgement(appeal.category, appeal.urgency)
    since = appeal.state_since or appeal.registered_at
    if clock is None or appeal.parent is not None:  # who is asked about the parent is asked about all
        return
    if appeal.state is AppealState.REGISTERED:
        yield _step(StepKind.UNROUTED, since + clock)
    elif appeal.state is AppealState.ASSIGNED:
        yield from _unacknowledged(_to_try(executor, since, zone), since, clock)


def _unacknowledged(
    contacts: Sequence[Contact], since: datetime, clock: timedelta
) -> Iterator[EscalationStep]:
    at = since
    for place, contact in enumerate(contacts):
        at += clock
        yield _step(StepKind.UNACKNOWLEDGED, at, since=since, place=place, contact_id=contact.id)
    yield _step(StepKind.NOBODY_ACKNOWLEDGES, at + clock, since=since)


def _to_try(executor: Executor | None, since: datetime, zone: ZoneInfo) -> Sequence[Contact]:
    """The contact who was told first once more, then the others on duty at that hour."""
    return executor.on_duty(since.astimezone(zone)) if executor else []


def _step(
    kind: StepKind,
    at: datetime,
    *,
    since: datetime | None = None,
    place: int | None = None,
    contact_id: int | None = None,
) -> EscalationStep:
    moment = (since or at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = [kind.value, moment, *([] if place is None else [str(place)])]
    return EscalationStep(kind=kind, key=":".join(parts), at=at, contact_id=contact_id)
