"""Tokens of other systems, found by the hash of their secret."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.access.tokens import KEY_REVOKED, Token
from hotline.errors import NotFound
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import api_tokens, neighbour_agreements

_ADD = insert(api_tokens).returning(api_tokens)
_BY_HASH = select(api_tokens).where(
    or_(api_tokens.c.secret_hash == bindparam("hash"), api_tokens.c.old_hash == bindparam("hash"))
)
_BY_ID = select(api_tokens).where(api_tokens.c.id == bindparam("token"))
_BY_IDS = select(api_tokens).where(api_tokens.c.id.in_(bindparam("tokens", expanding=True)))
_ALL = select(api_tokens).order_by(api_tokens.c.id.desc())
_USED = update(api_tokens).where(api_tokens.c.id == bindparam("token")).values(used_at=bindparam("at"))
_RENEW = (
    update(api_tokens)
    .where(api_tokens.c.id == bindparam("token"))
    .values(old_hash=api_tokens.c.secret_hash, old_until=bindparam("until"), secret_hash=bindparam("hash"))
    .returning(api_tokens)
)
_RESCOPE = (
    update(api_tokens)
    .where(api_tokens.c.id == bindparam("token"))
    .values(scopes=bindparam("opened", type_=api_tokens.c.scopes.type))
    .returning(api_tokens)
)
_REVOKE = (
    update(api_tokens)
    .where(api_tokens.c.id == bindparam("token"))
    .values(
        revoked_at=func.coalesce(api_tokens.c.revoked_at, bindparam("at", type_=api_tokens.c.used_at.type))
    )
)
_END_AGREEMENT = (
    update(neighbour_agreements)
    .where(
        neighbour_agreements.c.token_id == bindparam("token"),
        neighbour_agreements.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"), ended_why=KEY_REVOKED)
)


@define(eq=False, repr=False)
class StoredTokens:
    """`hotline.access.tokens.Tokens` on a database."""

    _database: Database

    async def add(
        self,
        secret_hash: str,
        *,
        name: str,
        role: Role,
        personal: bool,
        user_id: int,
        made_at: datetime,
        expires_at: datetime,
        scopes: Collection[Scope],
        executor_id: int | None = None,
    ) -> Token:
        async with self._database.writing() as connection:
            return await add_token(
                connection,
                secret_hash,
                name=name,
                role=role,
                personal=personal,
                user_id=user_id,
                made_at=made_at,
                expires_at=expires_at,
                scopes=scopes,
                executor_id=executor_id,
            )

    async def by_hash(self, secret_hash: str) -> Token | None:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(_BY_HASH, {"hash": secret_hash})).mappings().one_or_none()
        if row is None:
            return None
        token = row_to(Token, row)
        if row["secret_hash"] == secret_hash or token.old_until is None:
            return token
        return replace(token, expires_at=min(token.expires_at, token.old_until))

    async def those(self, token_ids: Collection[int]) -> Mapping[int, Token]:
        async with self._database.read_inline() as connection:
            found = (await connection.execute(_BY_IDS, {"tokens": list(token_ids)})).mappings()
            return {row["id"]: row_to(Token, row) for row in found}

    async def get(self, token_id: int) -> Token:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_ID, {"token": token_id})).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no token {token_id}.")
        return row_to(Token, row)

    async def all(self) -> Sequence[Token]:
        async with self._database.reading() as connection:
            return [row_to(Token, row) for row in (await connection.execute(_ALL)).mappings()]

    async def used(self, token_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_USED, {"token": token_id, "at": at})

    async def renew(self, token_id: int, secret_hash: str, *, old_until: datetime) -> Token:
        values = {"token": token_id, "hash": secret_hash, "until": old_until}
        return await self._changed(_RENEW, token_id, values)

    async def rescope(self, token_id: int, scopes: Collection[Scope]) -> Token:
        return await self._changed(_RESCOPE, token_id, {"token": token_id, "opened": sorted(scopes)})

    async def _changed(self, change: ReturningUpdate[Any], token_id: int, values: Mapping[str, Any]) -> Token:
        async with self._database.writing() as connection:
            row = (await connection.execute(change, values)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no token {token_id}.")
        return row_to(Token, row)

    async def revoke(self, token_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            # The agreement first, as `StoredAgreements.end` does: two at once never wait for each other.
            await connection.execute(_END_AGREEMENT, {"token": token_id, "at": at})
            done = await connection.execute(_REVOKE, {"token": token_id, "at": at})
        if not done.rowcount:
            raise NotFound(f"There is no token {token_id}.")


async def add_token(
    connection: AsyncConnection,
    secret_hash: str,
    *,
    name: str,
    role: Role,
    user_id: int,
    made_at: datetime,
    expires_at: datetime,
    scopes: Collection[Scope],
    personal: bool = False,
    executor_id: int | None = None,
    for_agreement: bool = False,
) -> Token:
    """Enter a token within a transaction that is under way."""
    values = {
        "secret_hash": secret_hash,
        "name": name,
        "role": role.value,
        "personal": personal,
        "user_id": user_id,
        "made_at": made_at,
        "expires_at": expires_at,
        "scopes": sorted(scopes),
        "executor_id": executor_id,
        "for_agreement": for_agreement,
    }
    return row_to(Token, (await connection.execute(_ADD, values)).mappings().one())
