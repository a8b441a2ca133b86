"""Terms of tasks: told before they end and when they have, once, also after the service was away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.access.users import User
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactKind
from hotline.tasks.parties import enterprise_party
from hotline.tasks.reminding import TaskTerms
from hotline.tasks.task import NewTask, TaskAct
from hotline.tasks.task_states import TaskEvent
from storage.store import SLAVUTYCH, Storage
from tests.storage.conftest import NOON
from tests.storage.tasks.conftest import WEEK


class At:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> At:
    return At()


@pytest.fixture
def terms(storage: Storage, clock: At) -> TaskTerms:
    return TaskTerms(
        storage.tasks, storage.users, storage.executors, storage.outbox, clock, SLAVUTYCH.timezone
    )


async def told(storage: Storage) -> Sequence[tuple[str, str]]:
    """Send what is owed by mail, and give it with what stands on the head's page: to whom, about what."""
    mail = await storage.outbox.claim([Channel.EMAIL], NOON + 3 * WEEK)
    for one in mail:
        await storage.outbox.sent(one.id, NOON)
    return sorted((one.to, one.about) for one in [*mail, *await storage.outbox.on_page("head")])


async def test_before_and_after_the_end_and_each_once(  # noqa: PLR0917 - who is told by which clock
    storage: Storage, terms: TaskTerms, clock: At, new: NewTask, head: User, olena: User
) -> None:
    one = await storage.tasks.give(new, head.id, NOON)
    await terms.look()
    assert await told(storage) == []
    clock.moment = new.due_at - timedelta(days=2)
    for _ in range(2):
        await terms.look()
    assert await told(storage) == [(f"user:{olena.id}", "task-reminder")]
    clock.moment = new.due_at - timedelta(hours=20)
    await terms.look()
    assert await told(storage) == [(f"user:{olena.id}", "task-reminder")], "a day before, once more"
    clock.moment = new.due_at
    await storage.users.update(replace(head, email="head@example.org"))
    for _ in range(2):
        await terms.look()
    assert await told(storage) == [
        ("head", "task-overdue"),
        (f"user:{head.id}", "task-overdue"),
        (f"user:{olena.id}", "task-overdue"),
    ]
    events = [line.event for line in await storage.tasks.history(one.id)]
    assert events == ["overdue", "reminder", "reminder", "give"]
    assert await storage.tasks.due(new.due_at + WEEK, 10) == []


async def test_a_service_that_was_away_tells_the_last_of_what_it_missed_and_nothing_of_what_is_reported(  # noqa: PLR0917 - who is told by which clock
    storage: Storage, terms: TaskTerms, clock: At, new: NewTask, head: User, olena: User
) -> None:
    await storage.tasks.give(new, head.id, NOON)
    other = await storage.tasks.give(replace(new, once="form-2"), head.id, NOON)
    report = TaskAct(event=TaskEvent.REPORT, by=olena.id, at=NOON, said="Готово")
    await storage.tasks.act(other.id, 1, report)
    clock.moment = new.due_at + timedelta(days=1)
    await terms.look()
    assert await told(storage) == [("head", "task-overdue"), (f"user:{olena.id}", "task-overdue")]
    returned = TaskAct(event=TaskEvent.RETURN, by=head.id, at=clock.moment, said="Не все")
    await storage.tasks.act(other.id, 2, returned)
    await terms.look()
    assert (f"user:{olena.id}", "task-overdue") in await told(storage), "returned, it is overdue"


async def test_another_term_is_told_anew_and_a_closed_account_not_at_all(  # noqa: PLR0917 - who is told by which clock
    storage: Storage, terms: TaskTerms, clock: At, new: NewTask, head: User, olena: User
) -> None:
    one = await storage.tasks.give(new, head.id, NOON)
    clock.moment = new.due_at
    await terms.look()
    assert len(await told(storage)) == 2
    later = TaskAct(event=TaskEvent.CHANGE, by=head.id, at=clock.moment, due_at=new.due_at + WEEK)
    await storage.tasks.act(one.id, 1, later)
    clock.moment = new.due_at + timedelta(days=6)
    await terms.look()
    assert (f"user:{olena.id}", "task-reminder") in await told(storage)
    await storage.users.update(replace(olena, active=False))
    clock.moment = new.due_at + WEEK
    await terms.look()
    assert [to for to, _ in await told(storage)] == ["head", "head"], "both overdue terms"


async def test_an_enterprise_is_told_by_its_duty_contacts_and_its_manager_when_it_is_late(
    storage: Storage, terms: TaskTerms, clock: At, new: NewTask, head: User
) -> None:
    duty = Contact(name="Черговий", email="duty@example.org")
    chief = Contact(name="Директор", kind=ContactKind.MANAGER, email="chief@example.org")
    network = await storage.executors.add("Тепломережа", "ТМ", contacts=(duty, chief))
    at_duty, at_chief = (f"contact:{one.id}" for one in network.contacts)
    await storage.tasks.give(replace(new, responsible=enterprise_party(network.id)), head.id, NOON)
    clock.moment = new.due_at - timedelta(days=1)
    await terms.look()
    assert await told(storage) == [(at_duty, "task-reminder")]
    clock.moment = new.due_at
    await terms.look()
    assert {to for to, _ in await told(storage)} == {at_duty, at_chief, "head"}
