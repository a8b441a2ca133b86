"""The register of appeals, as far as the telephone needs it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, case, func, insert, or_, select, text
from sqlalchemy.exc import IntegrityError

from hotline.appeals.appeal import ENDED, Appeal
from hotline.appeals.handling import first_entry
from hotline.appeals.statute import law_end
from hotline.city.city_rules import CityRules
from hotline.city.search_terms import normalised
from hotline.contact.channel import Channel
from hotline.errors import AlreadyTaken
from storage.appeals.history_rows import add_entry
from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.core.rows import row_to
from storage.people.numbers import know_numbers
from storage.tables import appeals

_ONE = select(appeals).where(appeals.c.number == bindparam("appeal"))
_OPEN_OF = (
    select(appeals)
    .where(appeals.c.applicant_number == bindparam("applicant"), appeals.c.state.not_in(sorted(ENDED)))
    .order_by(appeals.c.registered_at.desc(), appeals.c.number.desc())
)
_CALLED_FROM = select(appeals.c.number).where(appeals.c.applicant_number == bindparam("caller"))
_ANSWERED_AT = select(appeals.c.number).where(
    text("appeals.reply_to <> ''"),  # written as the index has it
    appeals.c.reply_to == bindparam("caller"),
    appeals.c.reply_by.in_((Channel.SMS.value, Channel.CALL.value, Channel.EMAIL.value)),
)
_HAS_ENDED = appeals.c.state.in_(sorted(ENDED))
_OF_CALLER = (
    select(appeals)
    .where(
        appeals.c.number.in_(_CALLED_FROM.union_all(_ANSWERED_AT)),
        or_(~_HAS_ENDED, func.coalesce(appeals.c.state_since, appeals.c.registered_at) >= bindparam("since")),
    )
    .order_by(case((_HAS_ENDED, 1), else_=0), appeals.c.registered_at.desc(), appeals.c.number.desc())
    .limit(bindparam("most"))
)
_ADD = insert(appeals)


@define(eq=False, repr=False)
class StoredAppeals:
    """`hotline.appeals.appeal.Appeals` on a database."""

    _database: Database
    _texts: AppealTexts
    _city: CityRules

    async def find(self, number: str) -> Appeal | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"appeal": number})).mappings().first()
        return None if row is None else read_appeal(row)

    async def open_of(self, applicant_number: str) -> Sequence[Appeal]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OPEN_OF, {"applicant": applicant_number})).mappings().all()
        return [read_appeal(row) for row in rows]

    async def of_caller(self, number: str, *, ended_since: datetime, most: int) -> Sequence[Appeal]:
        wanted = {"caller": number, "since": ended_since, "most": most}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF_CALLER, wanted)).mappings().all()
        return [read_appeal(row) for row in rows]

    async def register(self, appeal: Appeal) -> None:
        """Enter a new appeal; raises AlreadyTaken when the number is in use."""
        text = await self._texts.of(appeal.text, appeal.address)
        try:
            async with self._database.writing() as connection:
                await connection.execute(_ADD, values_of(appeal, self._city))
                await add_entry(connection, first_entry(appeal))
                await self._texts.add(connection, appeal.number, appeal.registered_at, text)
                await know_numbers(connection, [appeal.applicant_number])
        except IntegrityError as error:
            raise AlreadyTaken(f"There is an appeal {appeal.number} already.") from error


def read_appeal(row: RowMapping) -> Appeal:
    return row_to(Appeal, row)


def values_of(appeal: Appeal, city: CityRules) -> dict[str, Any]:
    """Give the row's values, those that are compared included."""
    law = law_end(appeal, city)
    values = asdict(appeal) | {
        "address_key": normalised(appeal.address),
        "law_ends_at": law and law.due_at,
    }
    return {name: one.value if isinstance(one, Enum) else one for name, one in values.items()}
