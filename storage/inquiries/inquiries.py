"""Requests for information on a database: an act, its line and its notices in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, Select, and_, bindparam, case, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.attachments import FileRefusal, FileRefused, StoredFile
from hotline.city.city_rules import CityRules
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.inquiries.inquiries import Inquiry, InquiryEntry, InquiryFile, NewInquiry
from hotline.inquiries.inquiry_states import INQUIRY, OWED, TO_READ, InquiryAct, InquiryState
from hotline.inquiries.telling import (
    AHEAD,
    ASKED,
    RETURNED,
    WITHDRAWN,
    matter_of,
    told_at_once,
    told_in_time,
)
from storage.core.database import Database
from storage.core.kept_files import file_values, listed_keys
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once, take_back_owed
from storage.enterprises.executors import read_executor
from storage.tables import appeals, inquiries, inquiry_appeals, inquiry_files, inquiry_history

_OWED = inquiries.c.state.in_(sorted(OWED))
_TO_READ = inquiries.c.state.in_(sorted(TO_READ))
_WAITING = _OWED | _TO_READ
_IN_ORDER = (
    case((_WAITING, 0), else_=1),
    case((_WAITING, inquiries.c.due_at)),
    inquiries.c.id.desc(),
)
_ONE = select(inquiries).where(inquiries.c.id == bindparam("this"))
_ONCE = select(inquiries).where(inquiries.c.once == bindparam("given"))
_LATEST = select(inquiries).order_by(*_IN_ORDER).limit(bindparam("most")).offset(bindparam("skipped"))
_OF_ENTERPRISE = (
    select(inquiries)
    .where(inquiries.c.executor_id == bindparam("executor"))
    .order_by(*_IN_ORDER)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_OF_APPEAL = (
    select(inquiries)
    .join(inquiry_appeals, inquiry_appeals.c.inquiry_id == inquiries.c.id)
    .where(inquiry_appeals.c.number == bindparam("appeal"))
    .order_by(inquiries.c.id.desc())
)
_FOR_CENTRE = (
    select(inquiries)
    .where(or_(_TO_READ, and_(_OWED, inquiries.c.due_at <= bindparam("now"))))
    .order_by(inquiries.c.due_at, inquiries.c.id)
    .limit(bindparam("most"))
)
_APPEALS = (
    select(inquiry_appeals)
    .where(inquiry_appeals.c.inquiry_id.in_(bindparam("ids", expanding=True)))
    .order_by(inquiry_appeals.c.number)
)
_KNOWN_APPEALS = select(appeals.c.number).where(appeals.c.number.in_(bindparam("numbers", expanding=True)))
_HISTORY = (
    select(inquiry_history)
    .where(inquiry_history.c.inquiry_id == bindparam("this"))
    .order_by(inquiry_history.c.id)
)
_FILES = (
    select(inquiry_files).where(inquiry_files.c.inquiry_id == bindparam("this")).order_by(inquiry_files.c.id)
)
_FILE = (
    select(inquiry_files, inquiries.c.executor_id)
    .join(inquiries, inquiries.c.id == inquiry_files.c.inquiry_id)
    .where(inquiry_files.c.id == bindparam("file"))
)


@define(eq=False, repr=False)
class StoredInquiries:
    """`hotline.inquiries.inquiries.Inquiries` on a database; terms and addresses are those of the city."""

    _database: Database
    _city: CityRules

    async def ask(
        self, new: NewInquiry, user_id: int, at: datetime, *, token_id: int | None = None
    ) -> Inquiry:
        async with self._database.writing() as connection:
            executor = await read_executor(connection, new.executor_id)
            if not executor.active:
                raise ForbiddenTransition(f"Enterprise {executor.id} is closed: nobody there answers.")
            known = set((await connection.execute(_KNOWN_APPEALS, {"numbers": new.appeals})).scalars())
            if missing := sorted(set(new.appeals) - known):
                raise NotFound("There is no appeal %(number)s.", number=missing[0])
            values = {
                "state": InquiryState.ASKED.value,
                "executor_id": new.executor_id,
                "text": new.text,
                "due_at": new.due_at,
                "asked_by": user_id,
                "asked_at": at,
                "answer": "",
                "version": 1,
                "once": new.once,
            }
            once = self._database.insert(inquiries).values(values).on_conflict_do_nothing()
            row = (await connection.execute(once.returning(inquiries))).mappings().one_or_none()
            if row is None:
                return (await _find(connection, _ONCE, given=new.once))[0]
            made = _read(row, new.appeals)
            if new.appeals:
                linked = [{"inquiry_id": made.id, "number": one} for one in new.appeals]
                await connection.execute(insert(inquiry_appeals), linked)
            await _line(connection, made.id, at, user_id, token_id, said="", due_at=made.due_at)
            told = told_at_once(made, executor, ASKED, at.astimezone(self._city.timezone))
            await owe_once(self._database, connection, told, at)
            await self._owe_ahead(connection, made, at)
        return made

    async def get(self, inquiry_id: int, *, executor_id: int | None = None) -> Inquiry:
        async with self._database.reading() as connection:
            found = await _find(connection, _ONE, this=inquiry_id)
        if not found or executor_id not in {None, found[0].executor_id}:
            raise NotFound("There is no request for information %(number)s.", number=inquiry_id)
        return found[0]

    async def act(
        self,
        was: Inquiry,
        act: InquiryAct,
        at: datetime,
        *,
        user_id: int,
        token_id: int | None = None,
        said: str = "",
        due_at: datetime | None = None,
    ) -> Inquiry:
        values: dict[str, Any] = {"state": INQUIRY.after(was.state, act).value, "version": was.version + 1}
        if act is InquiryAct.ANSWER:
            first = at < was.due_at if was.in_time is None else was.in_time
            values |= {"answer": said, "answered_at": at, "in_time": first}
        if act is InquiryAct.RETURN:
            if due_at is None:
                raise ValueError("Who returns an answer gives another term.")
            values["due_at"] = due_at
        step = update(inquiries).where(inquiries.c.id == was.id, inquiries.c.version == was.version)
        async with self._database.writing() as connection:
            done = await connection.execute(step.values(values).returning(inquiries))
            row = done.mappings().first()
            if row is None:
                raise Outdated(f"Request {was.id} has a later version than {was.version}.")
            now = _read(row, was.appeals)
            await _line(connection, was.id, at, user_id, token_id, act=act, said=said, due_at=due_at)
            await self._tell(connection, was, now, act=act, at=at, said=said)
        return now

    async def history(self, inquiry_id: int) -> Sequence[InquiryEntry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HISTORY, {"this": inquiry_id})).mappings().all()
        return [row_to(InquiryEntry, row) for row in rows]

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Inquiry]:
        return await self._list(_LATEST, most=most, skipped=skipped)

    async def of_enterprise(self, executor_id: int, most: int, skipped: int = 0) -> Sequence[Inquiry]:
        return await self._list(_OF_ENTERPRISE, executor=executor_id, most=most, skipped=skipped)

    async def of_appeal(self, number: str) -> Sequence[Inquiry]:
        return await self._list(_OF_APPEAL, appeal=number)

    async def waiting(self, now: datetime, most: int) -> Sequence[Inquiry]:
        return await self._list(_FOR_CENTRE, now=now, most=most)

    async def attach(
        self, inquiry_id: int, name: str, kept: StoredFile, *, user_id: int, at: datetime, most: int
    ) -> InquiryFile:
        values = {"inquiry_id": inquiry_id, **file_values(name, kept, by=user_id, at=at)}
        async with self._database.writing() as connection:
            (one,) = await _find(connection, _ONE.with_for_update(), this=inquiry_id)
            INQUIRY.after(one.state, InquiryAct.ANSWER)
            there = [
                _read_file(row) for row in (await connection.execute(_FILES, {"this": one.id})).mappings()
            ]
            same = next((file for file in there if file.sha256 == kept.sha256), None)
            if same is not None:
                return same
            if len(there) >= most:
                raise FileRefused(FileRefusal.TOO_MANY)
            new = insert(inquiry_files).values(values).returning(inquiry_files)
            return _read_file((await connection.execute(new)).mappings().one())

    async def files(self, inquiry_id: int) -> Sequence[InquiryFile]:
        async with self._database.reading() as connection:
            return [
                _read_file(row) for row in (await connection.execute(_FILES, {"this": inquiry_id})).mappings()
            ]

    async def file(self, file_id: int, *, executor_id: int | None = None) -> InquiryFile:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FILE, {"file": file_id})).mappings().first()
        if row is None or executor_id not in {None, row["executor_id"]}:
            raise NotFound(f"There is no file {file_id}.")
        return _read_file(row)

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        return await listed_keys(self._database, inquiry_files, keys)

    async def _list(self, asked: Select[Any], **values: Any) -> Sequence[Inquiry]:
        async with self._database.reading() as connection:
            return await _find(connection, asked, **values)

    async def _tell(
        self,
        connection: AsyncConnection,
        was: Inquiry,
        now: Inquiry,
        *,
        act: InquiryAct,
        at: datetime,
        said: str,
    ) -> None:
        """Take back what was owed for later, and owe what follows from the act."""
        matters = [matter_of(was, about) for about in AHEAD]
        await take_back_owed(connection, matters, at)
        about = {InquiryAct.RETURN: RETURNED, InquiryAct.WITHDRAW: WITHDRAWN}.get(act)
        if about is not None:
            executor = await read_executor(connection, now.executor_id)
            told = told_at_once(now, executor, about, at.astimezone(self._city.timezone), said)
            await owe_once(self._database, connection, told, at)
        if act is InquiryAct.RETURN:
            await self._owe_ahead(connection, now, at)

    async def _owe_ahead(self, connection: AsyncConnection, one: Inquiry, at: datetime) -> None:
        executor = await read_executor(connection, one.executor_id)
        owed = told_in_time(one, executor, at, self._city.timezone, self._city.head_email)
        await owe_once(self._database, connection, owed, at)


def _read(row: RowMapping, numbers: Sequence[str]) -> Inquiry:
    return row_to(Inquiry, row, appeals=tuple(numbers))


def _read_file(row: RowMapping) -> InquiryFile:
    return row_to(InquiryFile, row)


async def _find(connection: AsyncConnection, asked: Select[Any], **values: Any) -> Sequence[Inquiry]:
    rows = (await connection.execute(asked, values)).mappings().all()
    about: defaultdict[int, list[str]] = defaultdict(list)
    for link in (await connection.execute(_APPEALS, {"ids": [row["id"] for row in rows]})).all():
        about[link.inquiry_id].append(link.number)
    return [_read(row, about[row["id"]]) for row in rows]


async def _line(
    connection: AsyncConnection,
    inquiry_id: int,
    at: datetime,
    user_id: int,
    token_id: int | None,
    *,
    act: InquiryAct | None = None,
    said: str,
    due_at: datetime | None,
) -> None:
    line = {"inquiry_id": inquiry_id, "at": at, "user_id": user_id, "said": said, "due_at": due_at}
    await connection.execute(
        insert(inquiry_history), {**line, "token_id": token_id, "act": act and act.value}
    )
