"""Tasks on a database: given once, changed by acts on the version that was seen."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import Lemmas, words, words_with_forms
from hotline.delivery.outbox import StepKind
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.tasks.parties import Party
from hotline.tasks.task import (
    CHANGEABLE,
    GIVEN,
    BeyondTheWhole,
    NewTask,
    PartsOpen,
    Task,
    TaskAct,
    TaskEntry,
    TaskFilter,
    TaskKind,
    TaskSource,
    acted,
)
from hotline.tasks.task_states import TaskEvent, TaskState
from hotline.tasks.terms import next_step
from storage.core.database import Database
from storage.core.word_index import by_reading
from storage.tables import Moment, task_helpers, task_history
from storage.tables import tasks as table

_ONE = select(table).where(table.c.id == bindparam("this"))
_LOCKED = _ONE.with_for_update()
_ONCE = select(table).where(table.c.once == bindparam("given"))
_PARTS = select(table).where(table.c.parent == bindparam("whole")).order_by(table.c.due_at, table.c.id)
_HELPERS = (
    select(task_helpers)
    .where(task_helpers.c.task_id.in_(bindparam("these", expanding=True)))
    .order_by(task_helpers.c.task_id, task_helpers.c.party)
)
_HISTORY = (
    select(task_history).where(task_history.c.task_id == bindparam("this")).order_by(task_history.c.id.desc())
)
_DUE = (
    select(table)
    .where(table.c.step_at <= bindparam("now", type_=Moment()))
    .order_by(table.c.step_at, table.c.id)
    .limit(bindparam("most"))
)
_IN_ORDER = (table.c.ended_at.is_not(None), table.c.ended_at.desc(), table.c.due_at, table.c.id)


@define(eq=False, repr=False)
class StoredTasks:
    """`hotline.tasks.task.Tasks` on a database."""

    _database: Database
    _lemmas: Lemmas

    async def give(self, new: NewTask, by: int | None, at: datetime, *, token: int | None = None) -> Task:
        lemmas = await self.lemmas_of(new)
        async with self._database.writing() as connection:
            return await self.given(connection, new, lemmas, by, at, token)

    async def lemmas_of(self, new: NewTask) -> str:
        """Give the words by which it will be found; read before the transaction that gives it."""
        return await self._words(new.text, new.source.title)

    async def given(  # noqa: PLR0917 - who gives what
        self,
        connection: AsyncConnection,
        new: NewTask,
        lemmas: str,
        by: int | None,
        at: datetime,
        token: int | None = None,
    ) -> Task:
        """Give it in the transaction that caused it."""
        values = {
            **_source_values(new.source),
            "version": 1,
            "state": TaskState.GIVEN.value,
            "once": new.once,
            "text": new.text,
            "responsible": new.responsible,
            "controller": new.controller,
            "given_by": by,
            "given_at": at,
            "due_at": new.due_at,
            "parent": new.parent,
            "result": "",
            "told_until": at,
            "lemmas": lemmas,
        }
        made = self._database.insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
        if new.parent is not None:
            _require_room(await _locked(connection, new.parent), new.due_at)
        task_id = (await connection.execute(made)).scalar_one_or_none()
        if task_id is None:
            row = (await connection.execute(_ONCE, {"given": new.once})).mappings().one()
            return (await _read(connection, [row]))[0]
        await _write_helpers(connection, task_id, set(new.helpers) - {new.responsible})
        await add_line(connection, task_id, GIVEN, by, at, token=token)
        given = await _get(connection, task_id)
        await _change(connection, task_id, step_at=next_step(given, at))
        return given

    async def act(self, task_id: int, seen: int, act: TaskAct) -> Task:
        before = await self.get(task_id)
        _require_seen(before, seen)
        then = acted(before, act)
        lemmas = await self._words(then.text, then.result, then.source.title)
        async with self._database.writing() as connection:
            # The whole first, always, so that no two wait for each other.
            whole = None if before.parent is None else await _locked(connection, before.parent)
            _require_seen(await _locked(connection, task_id), seen)
            if whole is None:
                await _require_parts(connection, before, then, act.event)
            elif act.event is TaskEvent.REOPEN or then.due_at != before.due_at:
                _require_room(whole, then.due_at)
            await _write(connection, before, then, act, lemmas=lemmas)
            if act.event is TaskEvent.WITHDRAW:
                await _withdraw_parts(connection, task_id, act)
        return then

    async def get(self, task_id: int) -> Task:
        async with self._database.reading() as connection:
            return await _get(connection, task_id)

    async def find(self, wanted: TaskFilter, *, limit: int, skip: int = 0) -> Sequence[Task]:
        asked = _wanted(select(table), wanted).order_by(*_IN_ORDER).limit(limit).offset(skip)
        async with self._database.reading() as connection:
            return await _read(connection, (await connection.execute(asked)).mappings().all())

    async def count(self, wanted: TaskFilter, most: int) -> int:
        some = _wanted(select(table.c.id), wanted).limit(most).subquery()
        async with self._database.reading() as connection:
            found: int = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
        return found

    async def parts(self, task_id: int) -> Sequence[Task]:
        async with self._database.reading() as connection:
            return await _parts(connection, task_id)

    async def history(self, task_id: int) -> Sequence[TaskEntry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HISTORY, {"this": task_id})).mappings().all()
        return [
            TaskEntry(
                id=row["id"],
                at=row["at"],
                user_id=row["user_id"],
                token_id=row["token_id"],
                event=row["event"],
                said=row["said"],
                changes=row["changes"],
            )
            for row in rows
        ]

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[Task, datetime]]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_DUE, {"now": now, "most": limit})).mappings().all()
            read = await _read(connection, rows)
        return [(task, row["told_until"]) for task, row in zip(read, rows, strict=True)]

    async def told(self, task_id: int, until: datetime, step: StepKind | None) -> None:
        async with self._database.writing() as connection:
            task = await _locked(connection, task_id)
            await _change(connection, task_id, told_until=until, step_at=next_step(task, until))
            if step is not None:
                await add_line(connection, task_id, step.value, None, until)

    async def _words(self, *texts: str) -> str:
        return " ".join(sorted(await words_with_forms(self._lemmas, words(" ".join(texts)))))


def _wanted(asked: Select[Any], wanted: TaskFilter) -> Select[Any]:
    return asked.where(*_conditions(wanted))


def _conditions(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.parties:
        theirs = sorted(wanted.parties)
        helps = exists().where(task_helpers.c.task_id == table.c.id, task_helpers.c.party.in_(theirs))
        yield or_(table.c.responsible.in_(theirs), helps)
    if wanted.responsible is not None:
        yield table.c.responsible.in_(sorted(wanted.responsible))
    if wanted.controller is not None:
        yield table.c.controller == wanted.controller
    if wanted.states is not None:
        yield table.c.state.in_(sorted(wanted.states))
    if wanted.kind:
        yield table.c.kind == wanted.kind.value
    if wanted.record:
        yield table.c.record == wanted.record
    if wanted.due_since:
        yield table.c.due_at >= wanted.due_since
    if wanted.due_before:
        yield table.c.due_at < wanted.due_before
    yield from (by_reading(table.c.lemmas, term) for term in wanted.terms)


async def _get(connection: AsyncConnection, task_id: int) -> Task:
    rows = (await connection.execute(_ONE, {"this": task_id})).mappings().all()
    if not rows:
        raise NotFound(f"There is no task {task_id}.")
    return (await _read(connection, rows))[0]


async def _locked(connection: AsyncConnection, task_id: int) -> Task:
    """Read a task that stays as it is until this transaction ends."""
    rows = (await connection.execute(_LOCKED, {"this": task_id})).mappings().all()
    if not rows:
        raise NotFound(f"There is no task {task_id}.")
    return (await _read(connection, rows))[0]


async def _parts(connection: AsyncConnection, task_id: int) -> Sequence[Task]:
    return await _read(connection, (await connection.execute(_PARTS, {"whole": task_id})).mappings().all())


async def _read(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[Task]:
    """Read the tasks of these rows with their co-executors."""
    if not rows:
        return []
    helpers: dict[int, list[Party]] = {}
    for task_id, party in await connection.execute(_HELPERS, {"these": [row["id"] for row in rows]}):
        helpers.setdefault(task_id, []).append(Party(party))
    return [_task(row, tuple(helpers.get(row["id"], ()))) for row in rows]


def _task(row: RowMapping, helpers: tuple[Party, ...]) -> Task:
    return Task(
        id=row["id"],
        version=row["version"],
        state=TaskState(row["state"]),
        source=TaskSource(kind=TaskKind(row["kind"]), record=row["record"], title=row["title"]),
        text=row["text"],
        responsible=Party(row["responsible"]),
        helpers=helpers,
        controller=row["controller"],
        given_by=row["given_by"],
        given_at=row["given_at"],
        due_at=row["due_at"],
        parent=row["parent"],
        result=row["result"],
        ended_at=row["ended_at"],
    )


def _source_values(source: TaskSource) -> Mapping[str, str]:
    return {"kind": source.kind.value, "record": source.record, "title": source.title}


def _require_room(whole: Task, due_at: datetime) -> None:
    """Raise unless a part that ends then has a place in the whole."""
    if whole.ended or whole.parent is not None:
        raise ForbiddenTransition(f"Task {whole.id} is ended, or a part itself: it gets no parts.")
    if due_at > whole.due_at:
        raise BeyondTheWhole(f"A part of task {whole.id} would end after it.")


def _require_seen(task: Task, seen: int) -> None:
    if task.version != seen:
        raise Outdated(f"Task {task.id} has another version than {seen}.")


async def _require_parts(connection: AsyncConnection, before: Task, then: Task, event: TaskEvent) -> None:
    """Raise where the parts do not allow the act: a report may leave those that are reported themselves."""
    left = [one for one in await _parts(connection, before.id) if not one.ended]
    if event is TaskEvent.TAKE_OFF and left:
        raise PartsOpen(f"Task {before.id} has parts that are not ended.")
    if event is TaskEvent.REPORT and any(one.owed for one in left):
        raise PartsOpen(f"Task {before.id} has parts that are not reported.")
    if any(one.due_at > then.due_at for one in left):
        raise BeyondTheWhole(f"A part of task {before.id} would end after it.")


async def _withdraw_parts(connection: AsyncConnection, task_id: int, act: TaskAct) -> None:
    for part in await _parts(connection, task_id):
        if not part.ended:
            await _write(connection, part, acted(part, act), act)


async def _write(
    connection: AsyncConnection, before: Task, then: Task, act: TaskAct, *, lemmas: str | None = None
) -> None:
    """Write the task as it is after the act, and the line of its history."""
    told = select(table.c.told_until).where(table.c.id == then.id)
    told_until = (await connection.execute(told)).scalar_one()
    await _change(
        connection,
        then.id,
        version=then.version,
        state=then.state.value,
        text=then.text,
        responsible=then.responsible,
        controller=then.controller,
        due_at=then.due_at,
        result=then.result,
        ended_at=then.ended_at,
        step_at=next_step(then, told_until),
        **({} if lemmas is None else {"lemmas": lemmas}),
    )
    if then.helpers != before.helpers:
        await _write_helpers(connection, then.id, then.helpers)
    changes = _changes(before, then)
    await add_line(connection, then.id, act.event.value, act.by, act.at, act.said, changes, token=act.token)


def _changes(before: Task, then: Task) -> Mapping[str, list[Any]]:
    """Name the fields that are others, each with what it was and what it is."""
    pairs = {name: [getattr(before, name), getattr(then, name)] for name in CHANGEABLE}
    return {name: [_plain(one) for one in pair] for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


async def _change(connection: AsyncConnection, task_id: int, **values: Any) -> None:
    await connection.execute(update(table).where(table.c.id == task_id).values(**values))


async def _write_helpers(connection: AsyncConnection, task_id: int, helpers: Collection[Party]) -> None:
    await connection.execute(delete(task_helpers).where(task_helpers.c.task_id == task_id))
    if helpers:
        rows = [{"task_id": task_id, "party": party} for party in sorted(set(helpers))]
        await connection.execute(insert(task_helpers), rows)


async def add_line(  # noqa: PLR0917 - a row of the history
    connection: AsyncConnection,
    task_id: int,
    event: str,
    by: int | None,
    at: datetime,
    said: str = "",
    changes: Mapping[str, Any] | None = None,
    *,
    token: int | None = None,
) -> None:
    """Write a line of a task's history, in a transaction that goes on."""
    line = {"task_id": task_id, "at": at, "user_id": by, "token_id": token, "event": event, "said": said}
    await connection.execute(insert(task_history).values(**line, changes=changes or {}))
