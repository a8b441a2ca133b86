"""The people who answer and their presence, with a history that is only ever added to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.errors import AlreadyTaken, Engaged, NotFound
from hotline.line.line import Dispatcher
from hotline.line.presence_states import (
    ENGAGED,
    PRESENCE,
    UNREACHABLE,
    Choice,
    Presence,
    PresenceEvent,
    Wish,
    choice_of,
    wish_after,
)
from hotline.line.queue_entry_states import HOLDING, QueueEntryState
from storage.core.constants import all_of, constant, is_one_of
from storage.core.database import Database
from storage.core.writes import Remembered
from storage.tables import Moment, dispatcher_skills, dispatchers, presence_history, queue_entries

_BETWEEN_SKILLS = "\n"
DISPATCHERS = select(
    dispatchers,
    select(all_of(dispatcher_skills.c.skill, _BETWEEN_SKILLS))
    .where(dispatcher_skills.c.dispatcher_id == dispatchers.c.id)
    .scalar_subquery()
    .label("skills"),
)
"""Columns that `read_dispatchers` reads: a dispatcher is one statement, since a caller waits for it."""
_BY_ID = DISPATCHERS.where(dispatchers.c.id == bindparam("dispatcher"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_EXTENSION = DISPATCHERS.where(dispatchers.c.extension == bindparam("dialled"))
_ALL = DISPATCHERS.order_by(dispatchers.c.extension)
_LEFT = constant(QueueEntryState.LEFT.value)
_WAITS = constant(QueueEntryState.WAITING.value)


def in_line(entry: FromClause) -> ColumnElement[bool]:
    """Whether a place counts still.

    Said in the words of the partial index: SQLite does not use one for a state that is a parameter.
    """
    return entry.c.state != _LEFT


def waits(entry: FromClause) -> ColumnElement[bool]:
    """Whether somebody waits in a place, said in the words of the partial index as well."""
    return entry.c.state == _WAITS


def holds(entry: FromClause) -> ColumnElement[bool]:
    """Whether a place keeps its dispatcher engaged."""
    return is_one_of(entry.c.state, HOLDING) & in_line(entry)


HELD = select(queue_entries.c.call_id).where(
    queue_entries.c.dispatcher_id == bindparam("dispatcher"),
    holds(queue_entries),
    queue_entries.c.call_id != bindparam("but"),
)
"""The places, but one, with which this dispatcher is engaged."""
_CALLS_BACK = HELD.where(queue_entries.c.callback_to.is_not(None))
_ADD = insert(dispatchers).returning(dispatchers.c.id)
_ADD_SKILLS = insert(dispatcher_skills)
_TAKE_SKILLS = delete(dispatcher_skills).where(dispatcher_skills.c.dispatcher_id == bindparam("dispatcher"))
_RENUMBER = (
    update(dispatchers)
    .where(dispatchers.c.id == bindparam("dispatcher"))
    .values(extension=bindparam("new_extension"))
)
_RENEW = (
    update(dispatchers)
    .where(dispatchers.c.id == bindparam("dispatcher"))
    .values(secret=bindparam("new_secret"))
)
_SET = (
    update(dispatchers)
    .where(dispatchers.c.id == bindparam("dispatcher"))
    .values(
        presence=bindparam("new_presence"),
        reason=bindparam("new_reason"),
        since=bindparam("at"),
        misses=bindparam("new_misses"),
        wrap_up_until=bindparam("new_wrap_up_until", type_=Moment),
        wish=bindparam("new_wish", type_=Text),
        wish_reason=bindparam("new_wish_reason", type_=Text),
    )
)
_WISH = (
    update(dispatchers)
    .where(dispatchers.c.id == bindparam("dispatcher"))
    .values(wish=bindparam("new_wish", type_=Text), wish_reason=bindparam("new_wish_reason", type_=Text))
)
_MORE = (
    update(dispatchers)
    .where(dispatchers.c.id == bindparam("dispatcher"))
    .values(wrap_up_until=bindparam("until", type_=Moment))
)
_REMEMBER = insert(presence_history).values(
    dispatcher_id=bindparam("dispatcher"),
    presence=bindparam("new_presence"),
    reason=bindparam("new_reason"),
    at=bindparam("at"),
)
_BECOME = _REMEMBER.add_cte(_SET.cte("becoming"))
"""Both in one trip, as a citizen waits for it; SQLite has no such statement, and no trips."""
LONGER = "longer"
"""The reason under which the history keeps that somebody took more time after a call."""


@define(eq=False, repr=False)
class StoredDispatchers:
    """`hotline.line.line.Dispatchers` on a database."""

    _database: Database
    _clock: Clock
    _all: Remembered[Sequence[Dispatcher]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._all = Remembered(self._database.writes, self._read_all, [dispatchers, dispatcher_skills])

    async def add(self, extension: str, name: str, secret: str, skills: frozenset[str]) -> Dispatcher:
        """Take on a dispatcher, away at first; raises AlreadyTaken when somebody has the extension."""
        since = self._clock.now()
        values = {"extension": extension, "name": name, "secret": secret}
        presence = {"presence": Presence.AWAY.value, "reason": "", "since": since, "misses": 0}
        try:
            async with self._database.writing() as connection:
                added = (await connection.execute(_ADD, values | presence)).scalar_one()
                await _give_skills(connection, added, skills)
                await remember(connection, added, Presence.AWAY, since)
        except IntegrityError as error:
            raise AlreadyTaken(f"Extension {extension} belongs to another dispatcher.") from error
        return Dispatcher(id=added, extension=extension, name=name, secret=secret, skills=skills, since=since)

    async def set_skills(self, dispatcher_id: int, skills: frozenset[str]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_TAKE_SKILLS, {"dispatcher": dispatcher_id})
            await _give_skills(connection, dispatcher_id, skills)

    async def renumber(self, dispatcher_id: int, extension: str) -> None:
        """Give a dispatcher another extension; raises AlreadyTaken when somebody has it."""
        try:
            async with self._database.writing() as connection:
                await connection.execute(_RENUMBER, {"dispatcher": dispatcher_id, "new_extension": extension})
        except IntegrityError as error:
            raise AlreadyTaken(f"Extension {extension} belongs to another dispatcher.") from error

    async def renew_secret(self, dispatcher_id: int, secret: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"dispatcher": dispatcher_id, "new_secret": secret})

    async def all(self) -> Sequence[Dispatcher]:
        return await self._all.get()

    async def _read_all(self) -> Sequence[Dispatcher]:
        async with self._database.read_inline() as connection:
            return await read_dispatchers(connection, _ALL)

    async def by_extension(self, extension: str) -> Dispatcher | None:
        async with self._database.read_inline() as connection:
            found = await read_dispatchers(connection, _BY_EXTENSION, dialled=extension)
        return found[0] if found else None

    async def get(self, dispatcher_id: int) -> Dispatcher:
        async with self._database.read_inline() as connection:
            return await read_dispatcher(connection, dispatcher_id)

    async def set_presence(
        self, dispatcher_id: int, presence: Presence, at: datetime, reason: str = "", *, found_in: str = ""
    ) -> Dispatcher:
        """Change presence; raises NotFound or ForbiddenTransition. Coming back READY forgets the misses.

        READY with the reason UNREACHABLE has a dispatcher back who waits for their phone, and none who has
        chosen something else meanwhile. What was `found_in` a call is of no weight behind the next one.
        """
        async with self._database.writing() as connection:
            now, choice = await read_dispatcher(connection, dispatcher_id, lock=True), choice_of(presence)
            if choice is Choice.READY and reason == UNREACHABLE:
                if UNREACHABLE not in {now.reason, now.wish.reason if now.wish else ""}:
                    return now
                reason = ""
            if found_in and await _is_outdated(connection, now, at, found_in):
                return now
            if now.presence in ENGAGED or await engaged(connection, dispatcher_id):
                if reason == UNREACHABLE and await _is_kept_free(connection, dispatcher_id):
                    return now
                return await _wished(connection, now, choice, reason)
            event = PresenceEvent(choice.value)
            then = PRESENCE.after(now.presence, event)
            own_pause = reason == UNREACHABLE and now.presence is Presence.PAUSED
            if own_pause or (now.presence, now.reason) == (then, reason):
                return now
            came_back = then is Presence.READY and now.presence in {Presence.AWAY, Presence.PAUSED}
            goes = then is Presence.PAUSED and reason != UNREACHABLE  # a dispatcher who says so is there
            there = replace(now, misses=0) if came_back or goes else now
            return await become(connection, there, event, at, reason=reason)

    async def more_time(self, dispatcher_id: int, at: datetime, more: timedelta) -> Dispatcher:
        async with self._database.writing() as connection:
            now = await read_dispatcher(connection, dispatcher_id, lock=True)
            PRESENCE.after(now.presence, PresenceEvent.LENGTHEN)
            until = max(now.wrap_up_until or at, at) + more
            await connection.execute(_MORE, {"dispatcher": dispatcher_id, "until": until})
            await remember(connection, dispatcher_id, now.presence, at, LONGER)
            return await read_dispatcher(connection, dispatcher_id)


async def _give_skills(connection: AsyncConnection, dispatcher_id: int, skills: frozenset[str]) -> None:
    if skills:
        rows = [{"dispatcher_id": dispatcher_id, "skill": skill} for skill in sorted(skills)]
        await connection.execute(_ADD_SKILLS, rows)


async def _wished(connection: AsyncConnection, now: Dispatcher, choice: Choice, reason: str) -> Dispatcher:
    """Store an engaged dispatcher's wish, or drop it when they wish for READY."""
    if choice is Choice.READY and now.wish is None:
        raise Engaged("Whoever is engaged with a caller is ready by themselves afterwards.")
    wish = wish_after(now.wish, choice, reason)
    if reason == UNREACHABLE and now.wish is not None and now.wish.presence is Presence.PAUSED:
        return now
    await connection.execute(_WISH, {"dispatcher": now.id} | _wish_columns(wish))
    return replace(now, wish=wish)


def _wish_columns(wish: Wish | None) -> dict[str, str | None]:
    return {
        "new_wish": wish.presence.value if wish else None,
        "new_wish_reason": wish.reason if wish else None,
    }


async def engaged(connection: AsyncConnection, dispatcher_id: int, *, but: str = "") -> bool:
    """Tell whether a place, other than that of the call `but`, keeps this dispatcher engaged."""
    return (await connection.execute(HELD, {"dispatcher": dispatcher_id, "but": but})).first() is not None


async def _is_outdated(connection: AsyncConnection, now: Dispatcher, at: datetime, found_in: str) -> bool:
    """Tell whether others have had the dispatcher since something was found in this call."""
    if await engaged(connection, now.id, but=found_in):
        return True
    return now.since > at and not await engaged(connection, now.id)


async def _is_kept_free(connection: AsyncConnection, dispatcher_id: int) -> bool:
    """Tell whether a caller who is on no telephone yet keeps the dispatcher engaged: theirs is not rung."""
    asked = {"dispatcher": dispatcher_id, "but": ""}
    return (await connection.execute(_CALLS_BACK, asked)).first() is not None


async def read_dispatcher(
    connection: AsyncConnection, dispatcher_id: int, *, lock: bool = False
) -> Dispatcher:
    """Read the dispatcher as this transaction sees them; raises NotFound."""
    query = _BY_ID_LOCKED if lock else _BY_ID
    found = await read_dispatchers(connection, query, dispatcher=dispatcher_id)
    if not found:
        raise NotFound(f"There is no dispatcher {dispatcher_id}.")
    return found[0]


async def read_dispatchers(
    connection: AsyncConnection, query: Select[Any], **values: object
) -> Sequence[Dispatcher]:
    """Read the dispatchers that the query, made of DISPATCHERS, finds."""
    return [dispatcher_of(row) for row in await connection.execute(query, values)]


async def become(
    connection: AsyncConnection,
    now: Dispatcher,
    event: PresenceEvent,
    at: datetime,
    *,
    reason: str = "",
    wrap_up_until: datetime | None = None,
    wish: Wish | None = None,
) -> Dispatcher:
    """Change the presence of a locked dispatcher and remember it. Raises ForbiddenTransition."""
    presence = PRESENCE.after(now.presence, event)
    values = {
        "dispatcher": now.id,
        "new_presence": presence.value,
        "new_reason": reason,
        "at": at,
        "new_misses": now.misses,
        "new_wrap_up_until": wrap_up_until,
    } | _wish_columns(wish)
    if connection.dialect.name == "postgresql":
        await connection.execute(_BECOME, values)
    else:
        await connection.execute(_SET, values)
        await remember(connection, now.id, presence, at, reason)
    return replace(now, presence=presence, reason=reason, since=at, wrap_up_until=wrap_up_until, wish=wish)


async def remember(
    connection: AsyncConnection, dispatcher_id: int, presence: Presence, at: datetime, reason: str = ""
) -> None:
    values = {"dispatcher": dispatcher_id, "new_presence": presence.value, "new_reason": reason, "at": at}
    await connection.execute(_REMEMBER, values)


def dispatcher_of(row: Row[Any]) -> Dispatcher:
    """Make one of a row with the columns of DISPATCHERS, and perhaps others."""
    values = {name: getattr(row, name) for name in dispatchers.c.keys()}  # noqa: SIM118 - columns, not a dict
    values["presence"] = Presence(values["presence"])
    wish, why = values.pop("wish"), values.pop("wish_reason")
    values["wish"] = None if wish is None else Wish(presence=Presence(wish), reason=why)
    skills = frozenset((row.skills or "").split(_BETWEEN_SKILLS)) - {""}
    return Dispatcher(**values, skills=skills)
