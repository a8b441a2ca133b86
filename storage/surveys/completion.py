"""Surveys: owed in one transaction with their calls, and what applicants answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.dialling.dialler import Kind
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import NewJob
from hotline.surveys.completion import ASKED, SURVEY, Answer, Survey, SurveyCall, SurveyOutcome, number_to_ask
from hotline.surveys.forms import Meaning, QuestionKind
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.core.rows import row_to
from storage.dialling.job_rows import in_state
from storage.dialling.owing import owe_calls
from storage.tables import (
    appeal_chats,
    appeals,
    call_jobs,
    calls,
    chats,
    survey_answers,
    survey_calls,
    survey_chats,
    surveys,
)

UNDER_WAY = surveys.c.ended_at.is_(None)
"""The hotline asks by itself: nobody else has to."""
_ONE = update(surveys).where(surveys.c.id == bindparam("survey"), UNDER_WAY)
_TAKE_BACK = (
    update(surveys)
    .where(UNDER_WAY, surveys.c.tried_by == bindparam("user"))
    .values(ended_at=bindparam("now"), outcome=SurveyOutcome.NOT_CALLED.value)
)
_APPEAL = select(appeals).where(appeals.c.number == bindparam("number_of_it")).with_for_update()
_DUE_NOW = (
    update(call_jobs)
    .where(in_state(JobState.DUE), call_jobs.c.source == SURVEY, call_jobs.c.subject == bindparam("survey"))
    .values(due_at=bindparam("now"))
)
_WRITTEN_FROM = (
    select(
        func.coalesce(chats.c.medium, appeal_chats.c.medium).label("medium"),
        func.coalesce(chats.c.address, appeal_chats.c.address).label("address"),
        appeal_chats.c.only_in_writing,
    )
    .outerjoin(chats, chats.c.id == appeal_chats.c.chat_id)
    .where(appeal_chats.c.appeal == bindparam("number_of_it"))
)
_IN_WRITING = insert(survey_chats)
_SHOWN = select(calls.c.shown).where(calls.c.id == bindparam("call", type_=calls.c.id.type))
_ADD = insert(surveys).returning(surveys)
_ONE_AT_A_TIME = select(surveys.c.id).where(surveys.c.id == bindparam("survey_id")).with_for_update()
_ANSWER = insert(survey_answers)
_ANSWERED = select(survey_answers.c.id).where(
    *(
        survey_answers.c[one] == bindparam(one)
        for one in ("survey_id", "call_id", "question", "kind", "said", "at")
    )
)
_ANSWERS = (
    select(survey_answers)
    .where(survey_answers.c.survey_id == bindparam("survey"))
    .order_by(survey_answers.c.id)
)
_CALLS = (
    select(survey_calls).where(survey_calls.c.survey_id == bindparam("survey")).order_by(survey_calls.c.id)
)
_CAME_TO = update(survey_calls).where(survey_calls.c.call_id == bindparam("call"))
_FIND = select(surveys).where(surveys.c.id == bindparam("survey"))
_OF_APPEAL = (
    select(surveys).where(surveys.c.appeal == bindparam("number_of_it")).order_by(surveys.c.id.desc())
)


async def owe_survey(
    connection: AsyncConnection,
    appeal: Appeal,
    at: datetime,
    *,
    calls: bool = True,
    written_for: timedelta = timedelta(),
) -> None:
    """Owe the applicant the question whether it was done, in the transaction of that report.

    Who wrote in a chat is asked there, for `written_for`; zero: nobody is. A call asks all others at once,
    where the hotline `calls`, and them if they did not answer.
    """
    number = (calls and number_to_ask(appeal)) or ""
    if number and await _spoken_for(connection, appeal):
        number = ""
    whence = await _written_from(connection, appeal.number) if written_for else None
    if not number and whence is None:
        return
    values = _new(number, appeal.language, at)
    values |= {
        "appeal": appeal.number,
        "round": appeal.version,
        "executor_id": appeal.executor_id,
        "category": appeal.category,
    }
    survey = _survey((await connection.execute(_ADD, values)).mappings().one())
    if whence is not None:
        asked = {"survey_id": survey.id, "medium": whence["medium"], "address": whence["address"]}
        await connection.execute(_IN_WRITING, asked)
    if number and not (whence and whence["only_in_writing"]):
        due_at = at if whence is None else at + written_for
        await owe_calls(connection, [_call_of(survey, due_at)], at)


async def _written_from(connection: AsyncConnection, number: str) -> RowMapping | None:
    """Find where the applicant writes: the chat's own way now, or that of then where it is deleted."""
    return (await connection.execute(_WRITTEN_FROM, {"number_of_it": number})).mappings().first()


async def _spoken_for(connection: AsyncConnection, appeal: Appeal) -> bool:
    """Tell whether an interpreter called for the applicant, who does not hear and is asked in writing."""
    shown = (await connection.execute(_SHOWN, {"call": appeal.call_id})).scalar()
    return shown == FROM_INTERPRETER


async def _bring_forward(connection: AsyncConnection, survey: int, at: datetime) -> None:
    """Let the call that is owed be due now; one that is under way, or over, is left alone."""
    await connection.execute(_DUE_NOW, {"survey": survey, "now": at})


class StoredSurveys:
    """`hotline.surveys.completion.Surveys` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._add_call = database.insert(survey_calls).on_conflict_do_nothing()

    async def asks_by(self, survey_id: int, form_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_ONE.values(form_id=form_id), {"survey": survey_id})

    async def ask_now(self, appeal: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            row = (await connection.execute(_APPEAL, {"number_of_it": appeal})).mappings().first()
            if row is None or AppealState(row["state"]) not in ASKED:
                return
            asked = (await connection.execute(_OF_APPEAL, {"number_of_it": appeal})).mappings().first()
            if asked is not None and asked["ended_at"] is None:
                await _bring_forward(connection, asked["id"], at)
            elif asked is None or asked["round"] != row["version"]:
                await owe_survey(connection, row_to(Appeal, row), at)

    async def answer(self, answer: Answer) -> None:
        values = {
            "survey_id": answer.survey_id,
            "call_id": answer.call_id,
            "question": answer.question,
            "kind": answer.kind.value,
            "said": answer.said,
            "means": answer.means.value if answer.means else None,
            "at": answer.at,
        }
        async with self._database.writing() as connection:
            await connection.execute(_ONE_AT_A_TIME, values)  # a try before may be on its way to the disk
            if (await connection.execute(_ANSWERED, values)).first() is None:
                await connection.execute(_ANSWER, values)

    async def answers(self, survey_id: int, call_id: str = "") -> Sequence[Answer]:
        wanted = _ANSWERS.where(survey_answers.c.call_id == call_id) if call_id else _ANSWERS
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted, {"survey": survey_id})
            return [_answer(row) for row in rows.mappings()]

    async def ended(
        self,
        survey_id: int,
        outcome: SurveyOutcome,
        at: datetime,
        *,
        call: SurveyCall | None = None,
        goes_on: bool = False,
        rating: int | None = None,
    ) -> bool:
        values: dict[str, Any] = {"outcome": outcome.value}
        if not goes_on:
            values["ended_at"] = at
        if rating is not None:
            values["rating"] = rating
        async with self._database.writing() as connection:
            noted_before = False
            if call is not None:
                added = await connection.execute(self._add_call, _values_of(survey_id, call))
                noted_before = added.rowcount == 0
                if goes_on and noted_before:
                    return False
            under_way = (await connection.execute(_ONE.values(**values), {"survey": survey_id})).rowcount > 0
            if call is not None and noted_before and under_way:  # what it came to was not known at first
                await connection.execute(_CAME_TO.values(**_heard(call)), {"call": call.call_id})
            return under_way

    async def try_out(
        self, form_id: int, *, number: str, language: Language, user_id: int, at: datetime
    ) -> Survey:
        values = _new(number, language, at) | {"form_id": form_id, "tried_by": user_id, "category": ""}
        async with self._database.writing() as connection:
            await connection.execute(_TAKE_BACK, {"user": user_id, "now": at})
            survey = _survey((await connection.execute(_ADD, values)).mappings().one())
            await owe_calls(connection, [_call_of(survey, at)], at)
        return survey

    async def find(self, survey_id: int) -> Survey | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_FIND, {"survey": survey_id})).mappings().first()
        return None if row is None else _survey(row)

    async def of_appeal(self, appeal: str) -> Sequence[Survey]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_OF_APPEAL, {"number_of_it": appeal})
            return [_survey(row) for row in rows.mappings()]

    async def calls(self, survey_id: int) -> Sequence[SurveyCall]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_CALLS, {"survey": survey_id})).mappings()
            return [
                SurveyCall(
                    call_id=row["call_id"],
                    at=row["at"],
                    outcome=SurveyOutcome(row["outcome"]),
                    question=row["question"],
                )
                for row in rows
            ]


def _new(number: str, language: Language, at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "language": language.value,
        "owed_at": at,
    }


def _call_of(survey: Survey, due_at: datetime) -> NewJob:
    return NewJob(
        source=SURVEY,
        subject=survey.id,
        about=survey.appeal,
        number=survey.number,
        kind=Kind.SURVEY,
        due_at=due_at,
    )


def _values_of(survey_id: int, call: SurveyCall) -> dict[str, Any]:
    return {
        "survey_id": survey_id,
        "call_id": call.call_id,
        "at": call.at,
        "outcome": call.outcome.value,
        "question": call.question,
    }


def _heard(call: SurveyCall) -> dict[str, Any]:
    """Say what it came to; how far they got in it may have been known to the process that died alone."""
    heard = {"outcome": call.outcome.value, "question": call.question}
    return {name: value for name, value in heard.items() if value}


def _survey(row: RowMapping) -> Survey:
    return Survey(
        id=row["id"],
        appeal=row["appeal"] or "",
        number=row["number"],
        language=Language(row["language"]),
        owed_at=row["owed_at"],
        ended_at=row["ended_at"],
        form_id=row["form_id"],
        tried_by=row["tried_by"],
        outcome=SurveyOutcome(row["outcome"]) if row["outcome"] else None,
        rating=row["rating"],
    )


def _answer(row: RowMapping) -> Answer:
    return Answer(
        survey_id=row["survey_id"],
        call_id=row["call_id"],
        question=row["question"],
        kind=QuestionKind(row["kind"]),
        at=row["at"],
        said=row["said"],
        means=Meaning(row["means"]) if row["means"] else None,
    )
