"""Surveys that are asked in a chat first: where, since when, and the call that takes over."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from hotline.chats.chats import Medium
from hotline.dialling.job_states import JobState
from hotline.surveys.completion import SURVEY
from hotline.surveys.in_writing import PAID, SurveyInWriting
from storage.core.database import Database
from storage.core.rows import row_to
from storage.dialling.job_rows import in_state
from storage.tables import appeal_chats, call_jobs, chats, survey_chats, surveys

_WRITTEN = select(survey_chats, surveys.c.owed_at).join(surveys, surveys.c.id == survey_chats.c.survey_id)
_UNDER_WAY = (
    _WRITTEN.where(surveys.c.ended_at.is_(None), surveys.c.id > bindparam("after"))
    .order_by(surveys.c.id)
    .limit(bindparam("most"))
)
_OF = _WRITTEN.where(survey_chats.c.survey_id == bindparam("survey"))
_LATER = surveys.alias("later")
_IS_LATER = select(
    exists().where(
        surveys.c.id == bindparam("survey"),
        _LATER.c.appeal == surveys.c.appeal,
        _LATER.c.id > surveys.c.id,
    )
)
_ONE = update(survey_chats).where(survey_chats.c.survey_id == bindparam("survey"))
_FIRST_CALLED = _ONE.where(survey_chats.c.called_from.is_(None))
_CALL_AT = (
    update(call_jobs)
    .where(in_state(JobState.DUE), call_jobs.c.source == SURVEY, call_jobs.c.subject == bindparam("survey"))
    .values(due_at=bindparam("at"))
)
_OWED = select(
    exists().where(
        call_jobs.c.source == SURVEY,
        call_jobs.c.subject == bindparam("survey"),
        call_jobs.c.state.not_in([JobState.GIVEN_UP.value]),
    )
)
_ONLY = (
    select(appeal_chats.c.only_in_writing)
    .join(surveys, surveys.c.appeal == appeal_chats.c.appeal)
    .where(surveys.c.id == bindparam("survey"))
)
_CHATS_NOW = select(chats.c.id).where(
    chats.c.medium == bindparam("by"), chats.c.address == bindparam("whose")
)
"""Chats whose present address this is; some were begun at another."""
_WANTS_ONLY = (
    update(appeal_chats)
    .where(
        or_(
            and_(appeal_chats.c.medium == bindparam("by"), appeal_chats.c.address == bindparam("whose")),
            appeal_chats.c.chat_id.in_(_CHATS_NOW),
        )
    )
    .values(only_in_writing=True)
)
_PAID = select(
    func.count(),
    func.count().filter(
        survey_chats.c.medium == bindparam("by"), survey_chats.c.address == bindparam("whose")
    ),
).where(survey_chats.c.medium.in_(sorted(PAID)), survey_chats.c.asked_at > bindparam("since"))


@define(eq=False, repr=False)
class StoredSurveysInWriting:
    """`hotline.surveys.in_writing.SurveysInWriting` on a database."""

    _database: Database

    async def under_way(self, limit: int, after: int = 0) -> Sequence[SurveyInWriting]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_UNDER_WAY, {"most": limit, "after": after})
            return [row_to(SurveyInWriting, row) for row in rows.mappings()]

    async def of(self, survey_id: int) -> SurveyInWriting | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF, {"survey": survey_id})).mappings().first()
        return None if row is None else row_to(SurveyInWriting, row)

    async def is_latest(self, survey_id: int) -> bool:
        async with self._database.reading() as connection:
            return not (await connection.execute(_IS_LATER, {"survey": survey_id})).scalar()

    async def asked(self, survey_id: int, chat_id: int, at: datetime, call_at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_ONE.values(chat_id=chat_id, asked_at=at), {"survey": survey_id})
            await connection.execute(_CALL_AT, {"survey": survey_id, "at": call_at})

    async def call_now(self, survey_id: int, at: datetime) -> bool:
        async with self._database.writing() as connection:
            owed = bool((await connection.execute(_OWED, {"survey": survey_id})).scalar())
            if owed:
                called = await connection.execute(_FIRST_CALLED.values(called_from=at), {"survey": survey_id})
                if called.rowcount:  # else a call was tried by now, and the next has its own time
                    await connection.execute(_CALL_AT, {"survey": survey_id, "at": at})
        return owed

    async def may_be_called(self, survey_id: int) -> bool:
        async with self._database.reading() as connection:
            return not (await connection.execute(_ONLY, {"survey": survey_id})).scalar()

    async def only_in_writing(self, medium: Medium, address: str) -> int:
        async with self._database.writing() as connection:
            asked = {"by": medium.value, "whose": address}
            return (await connection.execute(_WANTS_ONLY, asked)).rowcount

    async def paid_since(self, since: datetime, medium: Medium, address: str) -> tuple[int, int]:
        asked = {"since": since, "by": medium.value, "whose": address}
        async with self._database.reading() as connection:
            row = (await connection.execute(_PAID, asked)).one()
        return row[0], row[1]
