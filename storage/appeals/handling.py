"""Acts on appeals, each in one transaction, and the lists of appeals that wait for an act."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.applicants_word import MOST_NOES_BACK, Dispute, TakeNoBack
from hotline.appeals.acts.keeping import Amend, Link
from hotline.appeals.acts.routing import Assign, Release
from hotline.appeals.acts.way_back import Begun
from hotline.appeals.acts.work import PassInside, ReportDone
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.handling import Entry, Overtaken
from hotline.city.classifier import Urgency
from hotline.errors import ForbiddenTransition, NotFound
from hotline.events import AppealChanged, Events
from storage.appeals.changes import AppealWriter
from storage.appeals.history_rows import read_history, read_history_since, read_step
from storage.appeals.links import require_childless, require_parent
from storage.appeals.register import read_appeal
from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.enterprises.executors import KEEP_OPEN, read_executor
from storage.tables import appeal_files, appeal_history, appeals, users

IN_SERVICE_ORDER = (
    case((appeals.c.urgency == Urgency.EMERGENCY.value, 0), else_=1),
    case((appeals.c.served_first, 0), else_=1),
    appeals.c.due_at.is_(None),
    appeals.c.due_at,
    appeals.c.number,
)
"""Emergencies, then people with benefits by statute (393/96, art. 20), then by the term."""

_LOCKED = (
    select(appeals)
    .where(appeals.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(appeals.c.number)  # always in this order: two who link crosswise wait, and do not deadlock
    .with_for_update()
)
_COLLEAGUE = select(users.c.id).where(
    users.c.id == bindparam("user"), users.c.executor_id == bindparam("executor"), users.c.active
)
_FILES = select(appeal_files.c.id).where(appeal_files.c.number == bindparam("appeal"))
_KNOWN = select(appeals.c.number).where(appeals.c.number == bindparam("appeal"))
_NOES_BACK = select(func.count()).where(
    appeal_history.c.number == bindparam("appeal"), appeal_history.c.act == TakeNoBack.name
)
_LINKED = select(appeals).where(appeals.c.parent == bindparam("appeal")).order_by(appeals.c.number)


@define(eq=False, repr=False)
class StoredHandling:
    """`hotline.appeals.handling.Handling` on a database."""

    _database: Database
    _writer: AppealWriter
    _texts: AppealTexts
    _events: Events | None = None

    def told_on(self, events: Events) -> "StoredHandling":
        """Return a copy that publishes each committed act on these events."""
        return StoredHandling(self._database, self._writer, self._texts, events)

    async def carry_out(self, number: str, act: Act, *, version: int | None) -> Appeal:
        appeal = await self._carry_out(number, act, version)
        if self._events is not None:
            hidden = act.hidden()
            self._events.tell(AppealChanged(appeal=appeal, act=act.name, at=act.at, hidden=hidden))
        return appeal

    async def _carry_out(self, number: str, act: Act, version: int | None) -> Appeal:
        if isinstance(act, Amend):
            await self._texts.of(act.text or "", act.address or "")  # reads the dictionary beforehand
        async with self._database.writing() as connection:
            locked = await _lock(connection, number, act)
            appeal = locked[number]
            if act.step and await read_step(connection, number, act.step):
                return appeal
            if version is not None and version != appeal.version:
                raise Overtaken(appeal, await read_history_since(connection, number, version))
            await _require_possible(connection, appeal, act, locked)
            then = await self._writer.act(connection, appeal, act)
            if isinstance(act, Amend):
                then = await self._amended(connection, then, act)
            if isinstance(act, Dispute):
                then = await self._taken_up(connection, then, act.at)
            if isinstance(act, Begun):
                then = await self._writer.route(connection, then, act.at)
            if isinstance(act, Link):
                then = await self._writer.follow(connection, then, locked[act.parent], act.at, linked=True)
                then = await self._writer.counted(connection, then, act.parent, act.at)
            return then

    async def _amended(self, connection: AsyncConnection, appeal: Appeal, act: Amend) -> Appeal:
        """Index its new words; an appeal without an executor is routed again."""
        text = await self._texts.of(appeal.text, appeal.address)
        await self._texts.add(connection, appeal.number, appeal.registered_at, text)
        elsewhere = {"category", "address", "kind", "urgency"} & act.changed().keys()
        if appeal.state is AppealState.REGISTERED and appeal.parent is None and elsewhere:
            return await self._writer.route(connection, appeal, act.at)
        return appeal

    async def _taken_up(self, connection: AsyncConnection, disputed: Appeal, at: datetime) -> Appeal:
        """Route a disputed appeal again when its executor takes no appeals any more."""
        if disputed.executor_id is not None:
            holder = await read_executor(connection, disputed.executor_id, reading=KEEP_OPEN)
            if holder.active:
                return disputed
        released = await self._writer.act(connection, disputed, Release(by=SERVICE, at=at))
        return await self._writer.route(connection, released, at)

    async def taken(self, number: str, step: str) -> Entry | None:
        async with self._database.reading() as connection:
            return await read_step(connection, number, step)

    async def history(self, number: str, *, hidden: bool) -> Sequence[Entry]:
        async with self._database.reading() as connection:
            return await read_history(connection, number, hidden=hidden)

    async def linked(self, number: str) -> Sequence[Appeal]:
        async with self._database.reading() as connection:
            found = await connection.execute(_LINKED, {"appeal": number})
            return [read_appeal(row) for row in found.mappings()]


async def _lock(connection: AsyncConnection, number: str, act: Act) -> dict[str, Appeal]:
    numbers = {number, act.parent} if isinstance(act, Link) else {number}
    rows = (await connection.execute(_LOCKED, {"numbers": sorted(numbers)})).mappings().all()
    found = {row["number"]: read_appeal(row) for row in rows}
    if number not in found:
        raise NotFound(f"There is no appeal {number}.")
    return found


async def _require_possible(
    connection: AsyncConnection, appeal: Appeal, act: Act, locked: dict[str, Appeal]
) -> None:
    """Check what the rules cannot know without the registers."""
    match act:
        case Assign():
            await _require_taking(connection, act.executor_id)
        case PassInside(assignee_id=int() as user):
            wanted = {"user": user, "executor": appeal.executor_id}
            if (await connection.execute(_COLLEAGUE, wanted)).first() is None:
                raise ActFault("assignee_id", "Choose somebody of the same enterprise.")
        case ReportDone(evidence=named) if named:
            files = set((await connection.execute(_FILES, {"appeal": appeal.number})).scalars())
            if not files.issuperset(named):
                raise ActFault("evidence", "A file is not there any more: look which ones to name.")
        case Amend(earlier=str() as earlier):
            if (await connection.execute(_KNOWN, {"appeal": earlier})).first() is None:
                raise ActFault("earlier", "There is no appeal %(number)s.", number=earlier)
        case Link():
            require_parent(act.parent, locked.get(act.parent))
            await require_childless(connection, appeal.number)
        case TakeNoBack():
            await _require_few_noes_back(connection, appeal.number)
        case _:
            pass


async def _require_few_noes_back(connection: AsyncConnection, number: str) -> None:
    taken = (await connection.execute(_NOES_BACK, {"appeal": number})).scalar_one()
    if taken >= MOST_NOES_BACK:
        raise ForbiddenTransition("Taken back %(times)s times already: it stays.", times=taken)


async def _require_taking(connection: AsyncConnection, executor_id: int) -> None:
    try:
        executor = await read_executor(connection, executor_id, reading=KEEP_OPEN)
    except NotFound as error:
        raise ActFault("executor_id", "There is no such executor: choose another.") from error
    if not executor.active:
        raise ActFault(
            "executor_id", "%(name)s takes no appeals any more: choose another.", name=executor.short
        )
