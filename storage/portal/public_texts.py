"""Consents to publish the words of appeals, and their approved wordings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Update, bindparam, null, select

from hotline.errors import ForbiddenTransition
from hotline.portal.matters import SHOWN
from hotline.portal.public_texts import PUBLIC_TEXT, PublicText, TextAct, TextState, WaitingText
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.tables import appeals
from storage.tables import public_texts as table

_LISTED = appeals.c.state.in_(sorted(frozenset().union(*SHOWN.values())))
"""What was withdrawn or is not considered says nothing to anybody, whatever was approved before."""
_FIND = select(table).where(table.c.number == bindparam("asked"))
_WAITING = (
    select(table.c.number, appeals.c.category, table.c.agreed_at, appeals.c.text)
    .join(appeals, appeals.c.number == table.c.number)
    .where(table.c.state == TextState.WAITING.value, _LISTED)
    .order_by(table.c.agreed_at, table.c.number)
    .limit(bindparam("most"))
)
_PUBLISHED = (
    select(table.c.number, table.c.wording)
    .join(appeals, appeals.c.number == table.c.number)
    .where(
        table.c.number.in_(bindparam("numbers", expanding=True)),
        table.c.state == TextState.PUBLISHED.value,
        _LISTED,
    )
)
_NOBODY = {"wording": "", "decided_by": null(), "decided_at": null()}


@define(eq=False, repr=False)
class StoredPublicTexts:
    """`hotline.portal.public_texts.PublicTexts` on a database."""

    _database: Database

    async def find(self, number: str) -> PublicText | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FIND, {"asked": number})).mappings().first()
        return None if row is None else row_to(PublicText, row)

    async def waiting(self, most: int) -> Sequence[WaitingText]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_WAITING, {"most": most})).mappings()
            return [row_to(WaitingText, row) for row in rows]

    async def published(self, numbers: Sequence[str]) -> Mapping[str, str]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_PUBLISHED, {"numbers": list(numbers)})
            return {row.number: row.wording for row in rows}

    async def agree(self, number: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            moved = await connection.execute(
                _on(number, moving(table, PUBLIC_TEXT, TextAct.AGREE, agreed_at=at))
            )
            if not moved.rowcount:
                values = {"number": number, "state": TextState.WAITING.value, "agreed_at": at}
                await connection.execute(self._database.insert(table).values(values).on_conflict_do_nothing())

    async def take_back(self, number: str, at: datetime) -> None:
        values: dict[str, Any] = {**_NOBODY, "decided_at": at}
        await self._moved(number, moving(table, PUBLIC_TEXT, TextAct.TAKE_BACK, **values))

    async def publish(self, number: str, wording: str, *, by: int, at: datetime) -> None:
        values = {"wording": wording, "decided_by": by, "decided_at": at}
        await self._decided(number, TextAct.PUBLISH, values)

    async def refuse(self, number: str, *, by: int, at: datetime) -> None:
        await self._decided(number, TextAct.REFUSE, {"wording": "", "decided_by": by, "decided_at": at})

    async def _decided(self, number: str, act: TextAct, values: Mapping[str, Any]) -> None:
        if not await self._moved(number, moving(table, PUBLIC_TEXT, act, **values)):
            raise ForbiddenTransition("The applicant does not agree that their words are published.")

    async def _moved(self, number: str, statement: Update) -> bool:
        async with self._database.writing() as connection:
            return bool((await connection.execute(_on(number, statement))).rowcount)


def _on(number: str, statement: Update) -> Update:
    return statement.where(table.c.number == number)
