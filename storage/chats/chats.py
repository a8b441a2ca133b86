"""Chats on a database: every change names the version that it was decided on."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.chats.chat_states import CHAT, FOR_PEOPLE, ChatAct, ChatState
from hotline.chats.chats import Chat, Line, Medium, NewChat, NewLine
from hotline.delivery.outbox import NewNotice
from hotline.errors import AlreadyTaken, NotFound, Outdated
from storage.core.database import Database
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once
from storage.tables import chat_lines, chats

_ONE = select(chats).where(chats.c.id == bindparam("this"))
_OF_CALL = select(chats).where(chats.c.from_call == bindparam("call"))
_FROM_CALLS = select(func.count(), func.count().filter(chats.c.number == bindparam("number"))).where(
    chats.c.state.in_(list(ChatState)),  # all of them: so the index of states finds the recent ones
    chats.c.changed_at >= bindparam("since"),
    chats.c.begun_at >= bindparam("since"),
    chats.c.from_call.is_not(None),
)
_LATEST = (
    select(chats)
    .where(chats.c.medium == bindparam("medium"), chats.c.address == bindparam("address"))
    .order_by(chats.c.state == ChatState.OVER.value, chats.c.id.desc())
    .limit(1)
)
_LINES = (
    select(chat_lines)
    .where(chat_lines.c.chat_id == bindparam("this"), chat_lines.c.number > bindparam("after"))
    .order_by(chat_lines.c.number)
)
_CHANGE = (
    update(chats)
    .where(chats.c.id == bindparam("this"), chats.c.version == bindparam("was"))
    .values(
        version=chats.c.version + 1, changed_at=bindparam("now"), lines=chats.c.lines + bindparam("added")
    )
    .returning(chats)
)
_RECEIVED = (
    select(chat_lines.c.number)
    .join(chats, chats.c.id == chat_lines.c.chat_id)
    .where(
        chats.c.medium == bindparam("medium"),
        chats.c.address == bindparam("address"),
        chat_lines.c.received == bindparam("name"),
    )
    .limit(1)
)
_UNSENT = (
    select(chats)
    .where(chats.c.medium == bindparam("medium"), chats.c.sent < chats.c.lines)
    .order_by(chats.c.changed_at)
)
_SENDING = update(chats).where(chats.c.id == bindparam("this")).values(sending=bindparam("line"))
_SENT = update(chats).where(chats.c.id == bindparam("this")).values(sent=bindparam("line"), sending=None)
_WAITING = (
    select(chats)
    .where(chats.c.state.in_(sorted(FOR_PEOPLE)))
    .order_by(chats.c.urgent.desc(), chats.c.waits_since, chats.c.id)
)
_WITH_NUMBER = (
    select(chats)
    .where(chats.c.number.is_not(None), chats.c.changed_at >= bindparam("since"))
    .order_by(chats.c.changed_at, chats.c.id)
)
_SILENT = (
    select(chats)
    .where(chats.c.state == ChatState.ASKING.value, chats.c.changed_at < bindparam("since"))
    .order_by(chats.c.changed_at)
    .limit(bindparam("most"))
)


class StoredChats:
    """`hotline.chats.chats.Chats` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, new: NewChat, at: datetime) -> Chat:
        async with self._database.writing() as connection:
            return await self._begun(connection, new, at)

    async def begin_owing(
        self, new: NewChat, line: NewLine, owes: Callable[[Chat], NewNotice], at: datetime
    ) -> Chat:
        """Begin a chat with this line, and owe the notice of it: all or nothing. Raises AlreadyTaken."""
        async with self._database.writing() as connection:
            begun = await self._begun(connection, new, at)
            chat = await _added(connection, begun, [line], at, {})
            await owe_once(self._database, connection, [owes(chat)], at)
        return chat

    async def _begun(self, connection: AsyncConnection, new: NewChat, at: datetime) -> Chat:
        values = asdict(new) | {
            "medium": new.medium.value,
            "language": new.language.value,
            "state": ChatState.ASKING.value,
            "urgent": False,
            "begun_at": at,
            "changed_at": at,
            "lines": 0,
            "sent": 0,
            "sending": None,
            "version": 1,
        }
        once = self._database.insert(chats).values(values).on_conflict_do_nothing().returning(chats)
        row = (await connection.execute(once)).mappings().first()
        if row is None:
            raise AlreadyTaken(f"Call {new.from_call} goes on in a chat already.")
        return row_to(Chat, row)

    async def of_call(self, call_id: str) -> Chat | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF_CALL, {"call": call_id})).mappings().first()
        return None if row is None else row_to(Chat, row)

    async def from_calls(self, since: datetime, number: str) -> tuple[int, int]:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FROM_CALLS, {"since": since, "number": number})).one()
        return row[0], row[1]

    async def get(self, chat_id: int) -> Chat:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": chat_id})).mappings().first()
        if row is None:
            raise NotFound("There is no chat %(number)s.", number=chat_id)
        return row_to(Chat, row)

    async def latest(self, medium: Medium, address: str) -> Chat | None:
        async with self._database.reading() as connection:
            found = await connection.execute(_LATEST, {"medium": medium.value, "address": address})
            row = found.mappings().first()
        return None if row is None else row_to(Chat, row)

    async def lines(self, chat_id: int, after: int = 0) -> Sequence[Line]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LINES, {"this": chat_id, "after": after})
            return [row_to(Line, row) for row in rows.mappings()]

    async def add(
        self, chat: Chat, lines: Sequence[NewLine], at: datetime, *, act: ChatAct | None = None, **facts: Any
    ) -> Chat:
        values: dict[str, Any] = dict(facts)
        if act is not None:
            values["state"] = CHAT.after(chat.state, act).value
        if act is ChatAct.ASK_FOR_PERSON:
            values["waits_since"] = at
        async with self._database.writing() as connection:
            return await _added(connection, chat, lines, at, values)

    async def has_received(self, medium: Medium, address: str, name: str) -> bool:
        asked = {"medium": medium.value, "address": address, "name": name}
        async with self._database.reading() as connection:
            return (await connection.execute(_RECEIVED, asked)).first() is not None

    async def unsent(self, medium: Medium) -> Sequence[Chat]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_UNSENT, {"medium": medium.value})
            return [row_to(Chat, row) for row in rows.mappings()]

    async def send_up_to(self, chat_id: int, line: int | None) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SENDING, {"this": chat_id, "line": line})

    async def sent_up_to(self, chat_id: int, line: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SENT, {"this": chat_id, "line": line})

    async def waiting(self) -> Sequence[Chat]:
        async with self._database.reading() as connection:
            return [row_to(Chat, row) for row in (await connection.execute(_WAITING)).mappings()]

    async def with_number(self, since: datetime) -> Sequence[Chat]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_WITH_NUMBER, {"since": since})
            return [row_to(Chat, row) for row in rows.mappings()]

    async def silent(self, since: datetime, limit: int) -> Sequence[Chat]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_SILENT, {"since": since, "most": limit})
            return [row_to(Chat, row) for row in rows.mappings()]


async def _added(
    connection: AsyncConnection, chat: Chat, lines: Sequence[NewLine], at: datetime, values: dict[str, Any]
) -> Chat:
    done = await connection.execute(
        _CHANGE.values(**values) if values else _CHANGE,
        {"this": chat.id, "was": chat.version, "now": at, "added": len(lines)},
    )
    row = done.mappings().first()
    if row is None:
        raise Outdated(f"Chat {chat.id} has a later version than {chat.version}.")
    changed = row_to(Chat, row)
    if lines:
        first = changed.lines - len(lines) + 1
        rows = [_values(one, chat.id, first + place, at) for place, one in enumerate(lines)]
        await connection.execute(insert(chat_lines), rows)
    return changed


def _values(line: NewLine, chat_id: int, number: int, at: datetime) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "number": number,
        "at": at,
        "kind": line.kind.value,
        "text": line.text,
        "asked": line.asked,
        "buttons": [asdict(one) for one in line.buttons],
        "detail": dict(line.detail),
        "user_id": line.user_id,
        "received": line.received,
    }
