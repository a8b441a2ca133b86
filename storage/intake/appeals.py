"""Appeals brought in and taken out, with their applicants, executors, words and first line of history."""

import hashlib
from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Text, and_, bindparam, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.actors import Part
from hotline.appeals.appeal import PENDING, AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.appeals.handling import REGISTERED, Entry
from hotline.city.classifier import CURRENT, Urgency
from hotline.city.searching import normalised
from hotline.city.terms import Deadline
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Executor
from hotline.intake.appeals import APPEAL_COLUMNS, AppealRecord, appeal_cells, read_appeal
from hotline.intake.lines import Cells, Fault
from storage.appeals.history_rows import add_entry
from storage.appeals.registry import goes_first
from storage.appeals.texts import AppealText, AppealTexts
from storage.core.database import Database
from storage.enterprises.executors import read_executors
from storage.intake.citizens import Who, people, who
from storage.intake.counters import Counters
from storage.intake.register import READ_AT_ONCE, Seen
from storage.people.citizens import add_citizen
from storage.people.numbers import know_numbers
from storage.tables import Moment, appeals, citizens, executors

NO_EXECUTOR = "There is no such executor: bring in the enterprises first, or mend the name."
CLOSED_EXECUTOR = "This executor takes no appeals any more: name another, or write another state."
_THERE = select(appeals.c.number, appeals.c.form).where(
    or_(
        appeals.c.number.in_(bindparam("numbers", expanding=True)),
        appeals.c.form.in_(bindparam("forms", expanding=True)),
    )
)
_READ = (
    select(appeals, citizens.c.name, citizens.c.address.label("home"), executors.c.name.label("enterprise"))
    .outerjoin(citizens, citizens.c.id == appeals.c.applicant_id)
    .outerjoin(executors, executors.c.id == appeals.c.executor_id)
    .order_by(appeals.c.registered_at, appeals.c.number)
    .limit(READ_AT_ONCE)
)
_AT, _BEHIND = bindparam("at", type_=Moment), bindparam("behind", type_=Text)
_FURTHER = _READ.where(
    appeals.c.registered_at >= _AT,
    or_(appeals.c.registered_at > _AT, and_(appeals.c.registered_at == _AT, appeals.c.number > _BEHIND)),
)
_ADD = insert(appeals)


class AppealRegister:
    """`storage.intake.register.Register` of appeals. `timezone` is the city's: files have its times."""

    columns = APPEAL_COLUMNS

    def __init__(self, database: Database, texts: AppealTexts, timezone: ZoneInfo) -> None:
        self._texts = texts
        self._zone = timezone
        self._counters = Counters(database)
        self._prepared: dict[AppealRecord, AppealText] = {}

    def read(self, cells: Cells) -> AppealRecord:
        return read_appeal(cells, self._zone)

    def key(self, record: AppealRecord) -> Hashable:
        return record.number or self._form(record)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[AppealRecord],
        seen: Seen,
    ) -> Sequence[bool | Fault]:
        del seen
        wanted = {
            "numbers": [record.number for record in records if record.number],
            "forms": [self._form(record) for record in records if not record.number],
        }
        there = {value for row in (await connection.execute(_THERE, wanted)).all() for value in row}
        enterprises = await _enterprises(connection)
        return [_executor_fault(record, enterprises) or self.key(record) in there for record in records]

    async def prepare(self, records: Sequence[AppealRecord]) -> None:
        self._prepared = {one: await self._texts.of(one.summary, one.address) for one in records}

    async def bring(self, connection: AsyncConnection, records: Sequence[AppealRecord]) -> None:
        enterprises = await _enterprises(connection)
        there = dict(await people(connection, (one.applicant for one in records if one.applicant)))
        for record in records:
            year = record.registered_at.astimezone(self._zone).year
            applicant = await _applicant(connection, record, there)
            number = record.number or await self._counters.number(connection, year)
            index = record.index or await self._counters.index(connection, record, applicant, number, year)
            await self._counters.pass_by(connection, record, year)
            executor = enterprises[normalised(record.executor)].id if record.executor else None
            values = {"number": number, "applicant_id": applicant, "executor_id": executor}
            values["served_first"] = applicant is not None and await goes_first(connection, applicant)
            form = None if record.number else self._form(record)
            await connection.execute(
                _ADD, _values(record) | values | {"registration_index": index, "form": form}
            )
            await add_entry(connection, _entry(record, number))
            await self._texts.add(connection, number, record.registered_at, self._prepared[record])
        await know_numbers(connection, [record.phone for record in records])

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        rows = (await connection.execute(_READ)).mappings().all()
        while rows:
            for row in rows:
                yield appeal_cells(_record(row), self._zone)
            place = {"at": rows[-1]["registered_at"], "behind": rows[-1]["number"]}
            rows = (await connection.execute(_FURTHER, place)).mappings().all()

    def _form(self, record: AppealRecord) -> str:
        """Name the line by what it says, so that the same line is one appeal however often it comes."""
        said = "\0".join(appeal_cells(record, self._zone))
        return "import:" + hashlib.sha256(said.encode()).hexdigest()


async def _enterprises(connection: AsyncConnection) -> Mapping[str, Executor]:
    """Give the executors by their names, whole and short, as they are compared."""
    found = await read_executors(connection)
    return {normalised(name): one for one in reversed(found) for name in (one.short, one.name)}


def _executor_fault(record: AppealRecord, enterprises: Mapping[str, Executor]) -> Fault | None:
    if not record.executor:
        return None
    one = enterprises.get(normalised(record.executor))
    if one is None:
        return Fault("executor", NO_EXECUTOR)
    return Fault("executor", CLOSED_EXECUTOR) if record.state in PENDING and not one.active else None


async def _applicant(connection: AsyncConnection, record: AppealRecord, there: dict[Who, int]) -> int | None:
    if not record.applicant:
        return None
    key = who(record.applicant, record.home)
    if key not in there:
        numbers = [record.phone] if record.phone else []
        there[key] = await add_citizen(connection, record.applicant, record.home, numbers)
    return there[key]


def _values(record: AppealRecord) -> dict[str, Any]:
    return {
        "applicant_number": record.phone,
        "summary": record.summary,
        "state": record.state.value,
        "state_since": record.since,
        "registered_at": record.registered_at,
        "due_on": record.due.due_on,
        "due_at": record.due.due_at,
        "kind": record.kind.value,
        "category": record.category,
        "classifier": CURRENT,
        "address": record.address,
        "address_key": normalised(record.address),
        "urgency": record.urgency.value,
        "consent": record.consent,
        "sign": record.sign.value,
        "subject": record.subject.value,
        "receipt": record.receipt.value,
        "result": record.result and record.result.value,
        "answer": record.answer,
        "earlier": record.earlier or None,
        "parent": record.parent or None,
        "controlled": record.controlled,
        "extended": record.extended,
        "extension_wanted": record.wanted,
        "attempts": record.attempts,
        "reply_by": record.reply_by and record.reply_by.value,
        "reply_to": record.reply_to,
    }


def _entry(record: AppealRecord, number: str) -> Entry:
    """Write into the history that it came from a file, as it stood there."""
    return Entry(
        number=number,
        version=1,
        at=record.registered_at,
        act=REGISTERED,
        part=Part.SERVICE,
        before=None,
        after=record.state,
        facts={"source": "import"},
    )


def _record(row: RowMapping) -> AppealRecord:
    return AppealRecord(
        number=row["number"],
        index=row["registration_index"],
        registered_at=row["registered_at"],
        kind=AppealKind(row["kind"]),
        sign=Sign(row["sign"]),
        subject=Subject(row["subject"]),
        receipt=Receipt(row["receipt"]),
        category=row["category"],
        urgency=Urgency(row["urgency"]),
        summary=row["summary"],
        address=row["address"],
        applicant=row["name"] or "",
        home=row["home"] or "",
        phone=row["applicant_number"],
        executor=row["enterprise"] or "",
        state=AppealState(row["state"]),
        due=Deadline(due_on=row["due_on"], due_at=row["due_at"]),
        result=ResultKind(row["result"]) if row["result"] else None,
        answer=row["answer"],
        earlier=row["earlier"] or "",
        parent=row["parent"] or "",
        consent=row["consent"],
        controlled=row["controlled"],
        extended=row["extended"],
        wanted=row["extension_wanted"],
        attempts=row["attempts"],
        since=row["state_since"] or row["registered_at"],
        reply_by=Channel(row["reply_by"]) if row["reply_by"] else None,
        reply_to=row["reply_to"],
    )
