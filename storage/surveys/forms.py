"""The versions of survey forms as kept: added to, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from hotline.clock import Clock
from hotline.errors import NotFound, Outdated
from hotline.surveys.forms import Form, KeptForm, as_data, built_in, form_of
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import survey_forms

_VERSIONS = (
    select(survey_forms)
    .where(survey_forms.c.key == bindparam("wanted"))
    .order_by(survey_forms.c.version.desc())
)
_NEWEST = _VERSIONS.limit(1)
_ONE = select(survey_forms).where(survey_forms.c.id == bindparam("form"))
_ADD = insert(survey_forms).returning(survey_forms)


class StoredSurveyForms:
    """`hotline.surveys.forms.Forms` on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._begin = database.insert(survey_forms).on_conflict_do_nothing(
            index_elements=[survey_forms.c.key, survey_forms.c.version]
        )

    async def present(self, key: str) -> KeptForm:
        async with self._database.reading() as connection:
            row = (await connection.execute(_NEWEST, {"wanted": key})).mappings().first()
        if row is None:
            first = _values(key, 1, built_in(key), self._clock.now())
            async with self._database.writing() as connection:
                await connection.execute(self._begin, first)
                row = (await connection.execute(_NEWEST, {"wanted": key})).mappings().one()
        return _kept(row)

    async def get(self, form_id: int) -> KeptForm:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"form": form_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no form {form_id}.")
        return _kept(row)

    async def versions(self, key: str) -> Sequence[KeptForm]:
        await self.present(key)
        async with self._database.reading() as connection:
            return [_kept(row) for row in (await connection.execute(_VERSIONS, {"wanted": key})).mappings()]

    async def add(
        self, key: str, form: Form, *, seen: int, by: int, at: datetime, note: str = ""
    ) -> KeptForm:
        if (await self.present(key)).version != seen:
            raise Outdated("Somebody else has made a newer version meanwhile.")
        values = _values(key, seen + 1, form, at) | {"made_by": by, "note": note}
        try:
            async with self._database.writing() as connection:
                return _kept((await connection.execute(_ADD, values)).mappings().one())
        except IntegrityError as same:  # in this very moment
            raise Outdated("Somebody else has made a newer version meanwhile.") from same


def _values(key: str, version: int, form: Form, at: datetime) -> dict[str, object]:
    return {
        "key": key,
        "version": version,
        "content": as_data(form),
        "made_at": at,
        "made_by": None,
        "note": "",
    }


def _kept(row: RowMapping) -> KeptForm:
    return row_to(KeptForm, row, form=form_of(row["content"]))
