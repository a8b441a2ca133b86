"""Specialists in matters on a database: an act, its lines and its notices in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Select, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.keeping import DrawIn
from hotline.city.city_rules import CityRules
from hotline.enterprises.executors import Executor
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.specialists.involvement_states import (
    INVOLVEMENT,
    TAKES_PART,
    TO_READ,
    InvolvementAct,
    InvolvementState,
)
from hotline.specialists.involvements import (
    By,
    Involvement,
    InvolvementEntry,
    MatterKind,
    NewInvolvement,
    answer_by,
)
from hotline.specialists.telling import (
    DRAWN_IN,
    ENDED,
    manager_of,
    matters_ahead,
    told_asked,
    told_manager,
    told_specialist,
)
from storage.appeals.changes import AppealWriter
from storage.appeals.register import read_appeal
from storage.core.database import Database
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once, take_back_owed
from storage.enterprises.executors import read_executor
from storage.tables import appeals, involvement_history, involvements, meetings, tasks, users
from storage.tasks.tasks import add_line

_ASKED = involvements.c.state == InvolvementState.ASKED.value
_ONE = select(involvements).where(involvements.c.id == bindparam("this"))
_OF_MATTER = (
    select(involvements)
    .where(involvements.c.kind == bindparam("kind"), involvements.c.matter == bindparam("about"))
    .order_by(involvements.c.id.desc())
)
_OF_ENTERPRISE = (
    select(involvements)
    .where(involvements.c.executor_id == bindparam("executor"))
    .order_by(case((_ASKED, 0), else_=1), involvements.c.id.desc())
    .limit(bindparam("most"))
)
_ASKED_OF = select(func.count()).where(
    involvements.c.executor_id == bindparam("executor"), _ASKED, involvements.c.until > bindparam("now")
)
_FOR_CENTRE = (
    select(involvements)
    .where(
        or_(
            involvements.c.state.in_(sorted(TO_READ)),
            and_(_ASKED, involvements.c.answer_by <= bindparam("now")),
            and_(involvements.c.state.in_(sorted(TAKES_PART)), involvements.c.until <= bindparam("now")),
        )
    )
    .order_by(involvements.c.until, involvements.c.id)
    .limit(bindparam("most"))
)
_HISTORY = (
    select(involvement_history)
    .where(involvement_history.c.involvement_id == bindparam("this"))
    .order_by(involvement_history.c.id)
)
_APPEAL = select(appeals).where(appeals.c.number == bindparam("about")).with_for_update()
_RECORDS = {MatterKind.TASK: tasks, MatterKind.MEETING: meetings}
_ACCOUNT = select(users.c.email, users.c.telephone).where(users.c.id == bindparam("user"), users.c.active)


@define(eq=False, repr=False)
class StoredInvolvements:
    """`hotline.specialists.involvements.Involvements` on a database."""

    _database: Database
    _city: CityRules
    _writer: AppealWriter

    async def ask(self, new: NewInvolvement, by: By, at: datetime) -> Involvement:
        values = {
            **asdict(new),
            "kind": new.kind.value,
            "state": InvolvementState.ASKED.value,
            "asked_by": by.user_id,
            "asked_at": at,
            "answer_by": answer_by(at, new.until),
            "conclusion": "",
            "version": 1,
        }
        async with self._database.writing() as connection:
            executor = await read_executor(connection, new.executor_id)
            made = await connection.execute(insert(involvements).values(values).returning(involvements))
            one = row_to(Involvement, made.mappings().one())
            if manager_of(one, executor) is None:
                raise ForbiddenTransition(f"Nobody at enterprise {executor.id} consents: choose another.")
            await self._write(connection, one, executor, None, by=by, at=at, said=new.why)
            await owe_once(self._database, connection, told_asked(one, executor, self._city.head_email), at)
        return one

    async def act(
        self, was: Involvement, act: InvolvementAct, by: By, at: datetime, *, said: str = ""
    ) -> Involvement:
        if act not in was.possible(at):
            raise ForbiddenTransition(f"The specialist's part {was.id} is {was.state}, or over.")
        values: dict[str, Any] = {
            "state": INVOLVEMENT.after(was.state, act).value,
            "version": was.version + 1,
        }
        if act is InvolvementAct.REPORT:
            values["conclusion"] = said
        step = update(involvements).where(involvements.c.id == was.id, involvements.c.version == was.version)
        async with self._database.writing() as connection:
            done = (await connection.execute(step.values(values).returning(involvements))).mappings().first()
            if done is None:
                raise Outdated(f"The specialist's part {was.id} has a later version than {was.version}.")
            one = row_to(Involvement, done)
            executor = await read_executor(connection, one.executor_id)
            await self._write(connection, one, executor, act, by=by, at=at, said=said)
            await self._tell(connection, was, executor, act, said, at)
        return one

    async def get(self, involvement_id: int) -> Involvement:
        found = await self._list(_ONE, this=involvement_id)
        if not found:
            raise NotFound(f"There is no specialist's part {involvement_id}.")
        return found[0]

    async def of_matter(self, kind: MatterKind, matter: str) -> Sequence[Involvement]:
        return await self._list(_OF_MATTER, kind=kind.value, about=matter)

    async def of_enterprise(self, executor_id: int, most: int) -> Sequence[Involvement]:
        return await self._list(_OF_ENTERPRISE, executor=executor_id, most=most)

    async def asked_of(self, executor_id: int, now: datetime) -> int:
        async with self._database.reading() as connection:
            wanted = {"executor": executor_id, "now": now}
            found: int = (await connection.execute(_ASKED_OF, wanted)).scalar_one()
        return found

    async def waiting(self, now: datetime, most: int) -> Sequence[Involvement]:
        return await self._list(_FOR_CENTRE, now=now, most=most)

    async def history(self, involvement_id: int) -> Sequence[InvolvementEntry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HISTORY, {"this": involvement_id})).mappings().all()
        return [row_to(InvolvementEntry, row) for row in rows]

    async def _list(self, asked: Select[Any], **values: Any) -> Sequence[Involvement]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked, values)).mappings().all()
        return [row_to(Involvement, row) for row in rows]

    async def _write(
        self,
        connection: AsyncConnection,
        one: Involvement,
        executor: Executor,
        act: InvolvementAct | None,
        *,
        by: By,
        at: datetime,
        said: str,
    ) -> None:
        """Write the line of its own history, and that of the matter."""
        line = {"involvement_id": one.id, "at": at, "user_id": by.user_id, "said": said}
        line |= {"act": act and act.value, "who": "" if by.user_id else by.who}
        await connection.execute(insert(involvement_history), line)
        specialist, step = f"{one.name}, {executor.short}", act.value if act else ""
        if one.kind is MatterKind.APPEAL:
            row = (await connection.execute(_APPEAL, {"about": one.matter})).mappings().first()
            if row is None:
                raise NotFound("There is no appeal %(number)s.", number=one.matter)
            drawn = DrawIn(by=by.actor, at=at, step_taken=step, specialist=specialist, words=said)
            await self._writer.act(connection, read_appeal(row), drawn)
            return
        record = _RECORDS[one.kind]
        known = select(record.c.id).where(record.c.id == int(one.matter))
        if (await connection.execute(known)).first() is None:
            raise NotFound(f"There is no {one.kind} {one.matter}.")
        if one.kind is MatterKind.TASK:
            event = f"{DrawIn.name}-{step}" if step else DrawIn.name
            words = f"{specialist}: {said}" if said else specialist
            await add_line(connection, int(one.matter), event, by.user_id, at, words)

    async def _tell(  # noqa: PLR0917 - what was done, and what of it is told
        self,
        connection: AsyncConnection,
        was: Involvement,
        executor: Executor,
        act: InvolvementAct,
        said: str,
        at: datetime,
    ) -> None:
        """Take back what was owed for later, and owe what follows from the act."""
        await take_back_owed(connection, matters_ahead(was), at)
        reached = await _reached(connection, was)
        match act:
            case InvolvementAct.AGREE:
                told = told_specialist(reached, executor, DRAWN_IN)
            case InvolvementAct.END if was.state is InvolvementState.ASKED:
                told = told_manager(was, executor, ENDED, said)
            case InvolvementAct.END | InvolvementAct.REFUSE if was.sees(at):
                told = told_specialist(reached, executor, ENDED, said)
            case _:
                told = ()
        await owe_once(self._database, connection, told, at)


async def _reached(connection: AsyncConnection, one: Involvement) -> Involvement:
    """Give it with the addresses of the account, where the specialist has one; a closed one has none."""
    if one.user_id is None:
        return one
    row = (await connection.execute(_ACCOUNT, {"user": one.user_id})).first()
    email, number = (row.email, row.telephone) if row else (None, None)
    return replace(one, email=email or "", number=number or "")
