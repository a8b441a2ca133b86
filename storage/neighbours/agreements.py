"""Agreements with other cities. One that ends takes its key along in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Text, and_, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.errors import AlreadyTaken, NotFound
from hotline.neighbours.agreement import Agreement, NewAgreement, Part
from storage.access.tokens import add_token
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import Moment, api_tokens, neighbour_agreements

_AGREEMENTS = neighbour_agreements.c
_SHOWN = [one for one in neighbour_agreements.c if one.name not in {"secret", "copy"}]
"""Key and copy are read by themselves: no list carries them about."""
_THIS = _AGREEMENTS.id == bindparam("agreement")
_ADD = insert(neighbour_agreements).returning(*_SHOWN)
_ALL = select(*_SHOWN).order_by(_AGREEMENTS.id.desc())
_ONE = select(*_SHOWN).where(_THIS)
_BY_TOKEN = select(*_SHOWN).where(_AGREEMENTS.token_id == bindparam("token"))
_BY_US = (
    select(*_SHOWN)
    .where(_AGREEMENTS.part == Part.ANSWERS.value, _AGREEMENTS.ended_at.is_(None))
    .order_by(_AGREEMENTS.id)
)
_COPY = select(_AGREEMENTS.copy).where(_THIS)
_KEY = select(_AGREEMENTS.secret).where(_THIS)
_NOT_ENDED = and_(_THIS, _AGREEMENTS.ended_at.is_(None))
_END = (
    update(neighbour_agreements)
    .where(_NOT_ENDED)
    .values(
        ended_at=bindparam("at"), ended_by=bindparam("by"), ended_why=bindparam("why"), secret="", copy=""
    )
)
_REVOKE = (
    update(api_tokens)
    .where(
        api_tokens.c.id
        == select(_AGREEMENTS.token_id).where(_AGREEMENTS.id == bindparam("agreement")).scalar_subquery(),
        api_tokens.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"))
)
_COPIED = (
    update(neighbour_agreements)
    .where(_NOT_ENDED)
    .values(
        copy=bindparam("text"),
        copied_at=bindparam("at"),
        failing_since=None,
        fault="",
        duty_number=func.coalesce(func.nullif(bindparam("duty", type_=Text), ""), _AGREEMENTS.duty_number),
    )
)
_RUNG_AT = update(neighbour_agreements).where(_THIS).values(duty_number=bindparam("duty"))
_FAILED = (
    update(neighbour_agreements)
    .where(_NOT_ENDED)
    .values(
        failing_since=func.coalesce(_AGREEMENTS.failing_since, bindparam("at", type_=Moment)),
        fault=bindparam("because"),
    )
)
_KEEP_KEY = (
    update(neighbour_agreements)
    .where(_NOT_ENDED, _AGREEMENTS.secret == bindparam("was"))
    .values(secret=bindparam("now_sealed"))
)


@define(eq=False, repr=False)
class StoredAgreements:
    """`hotline.neighbours.agreement.Agreements` on a database."""

    _database: Database

    async def add(self, new: NewAgreement, *, key: str = "", copy: str = "") -> Agreement:
        more = {"secret": key, "copy": copy, "copied_at": new.made_at if copy else None}
        try:
            async with self._database.writing() as connection:
                row = (await connection.execute(_ADD.values({**_values(new), **more}))).mappings().one()
        except IntegrityError as error:
            raise AlreadyTaken(f"The number {new.number} has an agreement that holds.") from error
        return row_to(Agreement, row)

    async def give(self, new: NewAgreement, secret_hash: str) -> Agreement:
        async with self._database.writing() as connection:
            token = await add_token(
                connection,
                secret_hash,
                name=new.name,
                role=Role.DISPATCHER,
                user_id=new.made_by,
                made_at=new.made_at,
                expires_at=new.until,
                scopes=[Scope.NEIGHBOUR],
                for_agreement=True,
            )
            values = {**_values(new), "token_id": token.id}
            row = (await connection.execute(_ADD.values(values))).mappings().one()
        return row_to(Agreement, row)

    async def get(self, agreement_id: int) -> Agreement:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"agreement": agreement_id})).mappings().first()
        return _found(agreement_id, row)

    async def all(self) -> Sequence[Agreement]:
        async with self._database.reading() as connection:
            return [row_to(Agreement, row) for row in (await connection.execute(_ALL)).mappings()]

    async def by_token(self, token_id: int) -> Agreement | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_TOKEN, {"token": token_id})).mappings().first()
        return None if row is None else row_to(Agreement, row)

    async def answered_by_us(self) -> Sequence[Agreement]:
        async with self._database.reading() as connection:
            return [row_to(Agreement, row) for row in (await connection.execute(_BY_US)).mappings()]

    async def copy(self, agreement_id: int) -> str:
        return await self._text(_COPY, agreement_id)

    async def key(self, agreement_id: int) -> str:
        return await self._text(_KEY, agreement_id)

    async def _text(self, asked: Any, agreement_id: int) -> str:
        async with self._database.reading() as connection:
            found: str | None = (await connection.execute(asked, {"agreement": agreement_id})).scalar()
        if found is None:
            raise NotFound(f"There is no agreement {agreement_id}.")
        return found

    async def end(self, agreement_id: int, *, by: int | None, why: str, at: datetime) -> Agreement:
        ended = {"agreement": agreement_id, "by": by, "why": why, "at": at}
        async with self._database.writing() as connection:
            if (await connection.execute(_END, ended)).rowcount:
                await connection.execute(_REVOKE, {"agreement": agreement_id, "at": at})
            row = (await connection.execute(_ONE, {"agreement": agreement_id})).mappings().first()
        return _found(agreement_id, row)

    async def copied(self, agreement_id: int, copy: str, at: datetime, *, duty_number: str = "") -> None:
        await self._change(_COPIED, agreement_id, text=copy, at=at, duty=duty_number)

    async def rung_at(self, agreement_id: int, duty_number: str) -> None:
        await self._change(_RUNG_AT, agreement_id, duty=duty_number)

    async def failed(self, agreement_id: int, fault: str, at: datetime) -> None:
        await self._change(_FAILED, agreement_id, because=fault, at=at)

    async def keep_key(self, agreement_id: int, key: str, *, was: str) -> None:
        """Keep the same key in another form; nothing where it is no longer as it `was`."""
        await self._change(_KEEP_KEY, agreement_id, now_sealed=key, was=was)

    async def _change(self, change: Any, agreement_id: int, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(change, {"agreement": agreement_id, **values})


def _values(new: NewAgreement) -> Mapping[str, Any]:
    """Give the columns of an agreement as it is entered."""
    return {**asdict(new), "part": new.part.value, "shared": [one.value for one in new.shared]}


def _found(agreement_id: int, row: Any) -> Agreement:
    if row is None:
        raise NotFound(f"There is no agreement {agreement_id}.")
    return row_to(Agreement, row)
