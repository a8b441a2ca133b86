"""Sessions and attempts to sign in."""

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import define
from sqlalchemy import Executable, bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.access.sign_in import REMEMBERED, Failures, Pace, Session, SignInAttempt, may_try_at
from storage.core.database import Database
from storage.tables import sign_in_attempts, user_sessions

_OPEN = insert(user_sessions)
_FIND = select(user_sessions).where(
    user_sessions.c.token_hash == bindparam("token"), user_sessions.c.expires_at > bindparam("now")
)
_FIND_ALL = select(user_sessions).where(
    user_sessions.c.token_hash.in_(bindparam("tokens", expanding=True)),
    user_sessions.c.expires_at > bindparam("now"),
)
_SEEN = (
    update(user_sessions)
    .where(user_sessions.c.token_hash == bindparam("token"))
    .values(seen_at=bindparam("at"), expires_at=bindparam("until"))
)
_CLOSE = delete(user_sessions).where(user_sessions.c.token_hash == bindparam("token"))
_CLOSE_ALL = delete(user_sessions).where(
    user_sessions.c.user_id == bindparam("user"), user_sessions.c.token_hash != bindparam("but")
)
_SWEEP = delete(user_sessions).where(user_sessions.c.expires_at <= bindparam("now"))

_LAST_SUCCESS = (
    select(func.coalesce(func.max(sign_in_attempts.c.id), 0))
    .where(sign_in_attempts.c.login == bindparam("who"), sign_in_attempts.c.succeeded)
    .scalar_subquery()
)
_FAILED = select(func.count(), func.max(sign_in_attempts.c.at)).where(
    sign_in_attempts.c.succeeded.is_(False), sign_in_attempts.c.at > bindparam("since")
)
_FAILED_FOR_LOGIN = _FAILED.where(
    sign_in_attempts.c.login == bindparam("who"), sign_in_attempts.c.id > _LAST_SUCCESS
)
_FAILED_FROM_ADDRESS = _FAILED.where(sign_in_attempts.c.address == bindparam("whence"))
_BEGIN = insert(sign_in_attempts).returning(sign_in_attempts.c.id)
_SUCCEEDED = (
    update(sign_in_attempts).where(sign_in_attempts.c.id == bindparam("attempt")).values(succeeded=True)
)
_FORGET = delete(sign_in_attempts).where(sign_in_attempts.c.at <= bindparam("since"))
_LOCK = text("LOCK TABLE sign_in_attempts IN SHARE ROW EXCLUSIVE MODE")


@define(eq=False, repr=False)
class StoredSessions:
    """`hotline.access.sign_in.Sessions` on a database."""

    _database: Database

    async def open(self, session: Session) -> None:
        values = {name: getattr(session, name) for name in Session.__dataclass_fields__}
        async with self._database.writing() as connection:
            await connection.execute(_OPEN, values)

    async def find(self, token_hash: str, now: datetime) -> Session | None:
        async with self._database.read_inline() as connection:
            found = await connection.execute(_FIND, {"token": token_hash, "now": now})
            row = found.mappings().one_or_none()
        return None if row is None else Session(**row)

    async def those(self, token_hashes: Collection[str], now: datetime) -> Mapping[str, Session]:
        asked = {"tokens": list(token_hashes), "now": now}
        async with self._database.read_inline() as connection:
            found = (await connection.execute(_FIND_ALL, asked)).mappings()
            return {row["token_hash"]: Session(**row) for row in found}

    async def seen(self, token_hash: str, at: datetime, expires_at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SEEN, {"token": token_hash, "at": at, "until": expires_at})

    async def close(self, token_hash: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_CLOSE, {"token": token_hash})

    async def close_all_of(self, user_id: int, *, but: str = "") -> None:
        async with self._database.writing() as connection:
            await connection.execute(_CLOSE_ALL, {"user": user_id, "but": but})

    async def sweep(self, now: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SWEEP, {"now": now})


@define(eq=False, repr=False)
class StoredSignInAttempts:
    """`hotline.access.sign_in.SignInAttempts` on a database. One attempt is counted at a time."""

    _database: Database

    async def begin(self, login: str, address: str, at: datetime, pace: Pace = may_try_at) -> SignInAttempt:
        values = {"login": login.casefold(), "address": address, "at": at, "succeeded": False}
        asked = {"who": login.casefold(), "whence": address, "since": at - REMEMBERED}
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_LOCK)
            await connection.execute(_FORGET, asked)
            of_login = await _failures(connection, _FAILED_FOR_LOGIN, asked)
            of_address = await _failures(connection, _FAILED_FROM_ADDRESS, asked)
            not_before = pace(of_login, of_address)
            if not_before is not None and at < not_before:
                return SignInAttempt(id=None, not_before=not_before)
            return SignInAttempt(id=(await connection.execute(_BEGIN, values)).scalar_one())

    async def succeeded(self, attempt_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SUCCEEDED, {"attempt": attempt_id})


async def _failures(connection: AsyncConnection, query: Executable, asked: dict[str, object]) -> Failures:
    row = (await connection.execute(query, asked)).one()
    return Failures(count=row[0], last=row[1])
