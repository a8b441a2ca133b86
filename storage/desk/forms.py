"""Forms as they are filled in, so that neither a reload nor a crash loses a word."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, delete, or_, select

from storage.core.database import Database
from storage.tables import appeal_forms

_OWN = appeal_forms.c.user_id == bindparam("user", type_=BigInteger)
_OF_CALL = appeal_forms.c.call_id == bindparam("call")
_FIND = (
    select(appeal_forms.c.fields)
    .where(_OF_CALL, or_(_OWN, appeal_forms.c.call_id != ""))
    .order_by(_OWN.desc(), appeal_forms.c.saved_at.desc())
    .limit(1)
)
_SAVED = (
    select(appeal_forms.c.call_id)
    .where(appeal_forms.c.user_id == bindparam("user"), appeal_forms.c.saved_at > bindparam("since"))
    .order_by(appeal_forms.c.saved_at.desc(), appeal_forms.c.call_id)
)
_DROP = delete(appeal_forms).where(_OWN, _OF_CALL)


class StoredForms:
    """`hotline.desk.drafts.FormDrafts` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(appeal_forms)
        self._save = statement.on_conflict_do_update(
            index_elements=[appeal_forms.c.user_id, appeal_forms.c.call_id],
            set_={name: statement.excluded[name] for name in ("fields", "saved_at")},
        )

    async def save(self, user_id: int, call_id: str, fields: Mapping[str, str], at: datetime) -> None:
        values = {"user_id": user_id, "call_id": call_id, "fields": dict(fields), "saved_at": at}
        async with self._database.writing() as connection:
            await connection.execute(self._save, values)

    async def find(self, user_id: int, call_id: str) -> Mapping[str, str]:
        async with self._database.reading() as connection:
            found = await connection.execute(_FIND, {"user": user_id, "call": call_id})
            return found.scalar_one_or_none() or {}

    async def saved(self, user_id: int, since: datetime) -> Sequence[str]:
        async with self._database.reading() as connection:
            return (await connection.execute(_SAVED, {"user": user_id, "since": since})).scalars().all()

    async def drop(self, user_id: int, call_id: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_DROP, {"user": user_id, "call": call_id})
