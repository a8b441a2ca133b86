"""Tasks: given once, changed on the version that was seen, whole and parts held together."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.users import User
from hotline.city.search_terms import asked_terms
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.tasks.parties import Party, enterprise_party, user_party
from hotline.tasks.task import (
    GIVEN,
    BeyondTheWhole,
    NewTask,
    PartsOpen,
    Task,
    TaskAct,
    TaskFilter,
    TaskKind,
    TaskSource,
)
from hotline.tasks.task_states import TaskEvent, TaskState
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.tasks.conftest import WEEK

LATER = NOON + timedelta(hours=1)


def act(event: TaskEvent, by: User, said: str = "", **changes: object) -> TaskAct:
    return TaskAct(event=event, by=by.id, at=LATER, said=said, **changes)  # type: ignore[arg-type]


async def states(storage: Storage, *tasks: Task) -> list[TaskState]:
    return [(await storage.tasks.get(one.id)).state for one in tasks]


async def test_it_goes_its_whole_road_and_each_step_stands_in_its_history(
    storage: Storage, new: NewTask, head: User, olena: User
) -> None:
    tasks = storage.tasks
    one = await tasks.give(new, head.id, NOON, token=7)
    assert [line.token_id for line in await tasks.history(one.id)] == [7]
    assert (one.state, one.version, one.given_by, one.due_at) == (TaskState.GIVEN, 1, head.id, NOON + WEEK)
    one = await tasks.act(one.id, 1, act(TaskEvent.ACCEPT, olena))
    one = await tasks.act(one.id, 2, act(TaskEvent.REPORT, olena, "Перелік додаю"))
    assert one.result == "Перелік додаю"
    one = await tasks.act(one.id, 3, act(TaskEvent.RETURN, head, "Немає Київського кварталу"))
    one = await tasks.act(one.id, 4, act(TaskEvent.REPORT, olena, "Усі квартали"))
    one = await tasks.act(one.id, 5, act(TaskEvent.TAKE_OFF, head, "Виконано"))
    assert (one.state, one.ended_at, one.result) == (TaskState.OFF_CONTROL, LATER, "Усі квартали")
    assert await tasks.get(one.id) == one
    assert [(line.event, line.user_id) for line in await tasks.history(one.id)] == [
        (TaskEvent.TAKE_OFF, head.id),
        (TaskEvent.REPORT, olena.id),
        (TaskEvent.RETURN, head.id),
        (TaskEvent.REPORT, olena.id),
        (TaskEvent.ACCEPT, olena.id),
        (GIVEN, head.id),
    ]
    with pytest.raises(ForbiddenTransition):
        await tasks.act(one.id, 6, act(TaskEvent.REPORT, olena, "Ще раз"))
    again = await tasks.act(one.id, 6, act(TaskEvent.REOPEN, head, "Не все"))
    assert (again.state, again.ended_at) == (TaskState.RETURNED, None)


async def test_what_is_given_twice_is_one_task(storage: Storage, new: NewTask, head: User) -> None:
    given = await asyncio.gather(*(storage.tasks.give(new, head.id, NOON) for _ in range(4)))
    assert len({one.id for one in given}) == 1
    assert len(await storage.tasks.history(given[0].id)) == 1
    other = await storage.tasks.give(replace(new, once="form-2"), head.id, NOON)
    assert other.id != given[0].id


async def test_of_two_acts_at_once_the_later_is_told_so(
    storage: Storage, new: NewTask, head: User, olena: User
) -> None:
    one = await storage.tasks.give(new, head.id, NOON)
    acts = (act(TaskEvent.ACCEPT, olena), act(TaskEvent.WITHDRAW, head, "Не треба"))
    answers = await asyncio.gather(
        *(storage.tasks.act(one.id, 1, each) for each in acts), return_exceptions=True
    )
    assert sum(isinstance(answer, Outdated) for answer in answers) == 1
    assert len(await storage.tasks.history(one.id)) == 2
    with pytest.raises(NotFound):
        await storage.tasks.act(one.id + 1, 1, acts[0])


async def test_a_change_is_told_by_its_fields_and_a_new_responsible_one_has_yet_to_accept(
    storage: Storage, new: NewTask, head: User, olena: User
) -> None:
    network = enterprise_party(3)
    one = await storage.tasks.give(replace(new, helpers=(network,)), head.id, NOON)
    one = await storage.tasks.act(one.id, 1, act(TaskEvent.ACCEPT, olena))
    due_at = one.due_at + WEEK
    one = await storage.tasks.act(
        one.id, 2, act(TaskEvent.PASS_ON, head, "Ближче до справи", responsible=network, due_at=due_at)
    )
    assert (one.state, one.responsible, one.helpers) == (TaskState.GIVEN, network, ())
    assert await storage.tasks.get(one.id) == one
    assert (await storage.tasks.history(one.id))[0].changes == {
        "responsible": [user_party(olena.id), network],
        "helpers": [[network], []],
        "due_at": [(NOON + WEEK).isoformat(), due_at.isoformat()],
    }


async def test_a_whole_and_its_parts_hold_together(
    storage: Storage, new: NewTask, head: User, olena: User
) -> None:
    tasks = storage.tasks
    whole = await tasks.give(new, head.id, NOON)
    part = replace(new, once="form-2", parent=whole.id, due_at=NOON + timedelta(days=2))
    with pytest.raises(BeyondTheWhole):
        await tasks.give(replace(part, due_at=NOON + 2 * WEEK), head.id, NOON)
    first = await tasks.give(part, head.id, NOON)
    second = await tasks.give(replace(part, once="form-3"), head.id, NOON)
    assert [one.id for one in await tasks.parts(whole.id)] == [first.id, second.id]
    with pytest.raises(ForbiddenTransition):
        await tasks.give(replace(part, once="form-4", parent=first.id), head.id, NOON)
    sooner, beyond = (
        act(TaskEvent.CHANGE, head, due_at=LATER),
        act(TaskEvent.CHANGE, head, due_at=NOON + 2 * WEEK),
    )
    for task, change in ((whole, sooner), (first, beyond)):
        with pytest.raises(BeyondTheWhole):
            await tasks.act(task.id, 1, change)
    done = act(TaskEvent.REPORT, olena, "Зроблено")
    with pytest.raises(PartsOpen):
        await tasks.act(whole.id, 1, done)
    for one in (first, second, whole):
        await tasks.act(one.id, 1, done)
    off = act(TaskEvent.TAKE_OFF, head, "Виконано")
    with pytest.raises(PartsOpen):
        await tasks.act(whole.id, 2, off)
    await tasks.act(first.id, 2, off)
    await tasks.act(whole.id, 2, act(TaskEvent.WITHDRAW, head, "Скасовано рішення"))
    assert await states(storage, whole, first, second) == [
        TaskState.WITHDRAWN,
        TaskState.OFF_CONTROL,
        TaskState.WITHDRAWN,
    ]
    with pytest.raises(ForbiddenTransition):
        await tasks.act(first.id, 3, act(TaskEvent.REOPEN, head, "Знову"))


async def test_they_are_found_by_people_state_term_source_and_words(
    storage: Storage, new: NewTask, head: User, olena: User
) -> None:
    tasks, mine = storage.tasks, frozenset({user_party(olena.id)})
    own = await tasks.give(new, head.id, NOON)
    order = TaskSource(kind=TaskKind.MAYOR, record="order:5", title="Розпорядження № 12 про паводок")
    helped = await tasks.give(
        replace(
            new,
            once="order-5-1",
            source=order,
            text="Обстежити береги",
            responsible=Party("executor:3"),
            helpers=tuple(mine),
            due_at=NOON + 2 * WEEK,
        ),
        head.id,
        NOON,
    )
    ended = await tasks.give(replace(new, once="form-3", text="Старе"), head.id, NOON)
    await tasks.act(ended.id, 1, act(TaskEvent.WITHDRAW, head, "Не треба"))

    async def found(limit: int = 10, skip: int = 0, **asked: object) -> list[int]:
        wanted = TaskFilter(**asked)  # type: ignore[arg-type]
        rows = await tasks.find(wanted, limit=limit, skip=skip)
        assert await tasks.count(wanted, 10) == len(rows) or limit < 10
        return [one.id for one in rows]

    assert await found() == [own.id, helped.id, ended.id]
    assert await found(limit=1, skip=1) == [helped.id]
    assert await found(parties=mine) == [own.id, helped.id, ended.id]
    assert await found(responsible=frozenset({"executor:3"})) == [helped.id]
    assert await found(responsible=frozenset()) == []
    assert await found(controller=olena.id) == await found(states=frozenset()) == []
    assert await found(states=frozenset({TaskState.WITHDRAWN})) == [ended.id]
    assert await found(kind=TaskKind.MAYOR) == await found(record="order:5") == [helped.id]
    assert await found(due_before=NOON + WEEK + timedelta(seconds=1)) == [own.id, ended.id]
    assert await found(due_since=NOON + 2 * WEEK) == [helped.id]
    for typed, expected in (("будинок", [own.id]), ("берегам", [helped.id]), ("паводку 12", [helped.id])):
        assert await found(terms=await asked_terms(typed, storage.lemmas)) == expected
