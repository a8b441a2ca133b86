"""Idempotency keys of programs, with the fingerprints of the requests that they belong to."""

from attrs import define
from sqlalchemy import bindparam, delete, select

from storage.core.database import Database
from storage.tables import keyed_requests

_FINGERPRINT = select(keyed_requests.c.fingerprint).where(keyed_requests.c.key == bindparam("one"))
_FORGET = delete(keyed_requests).where(keyed_requests.c.key == bindparam("one"))


@define(eq=False, repr=False)
class StoredKeyedRequests:
    """`hotline.access.keyed_requests.KeyedRequests` on a database."""

    _database: Database

    async def claim(self, key: str, fingerprint: str) -> bool | None:
        values = {"key": key, "fingerprint": fingerprint}
        add = self._database.insert(keyed_requests).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            if (await connection.execute(add, values)).rowcount:
                return True
            known = (await connection.execute(_FINGERPRINT, {"one": key})).scalar_one_or_none()
        return False if known == fingerprint else None

    async def release(self, key: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_FORGET, {"one": key})
