"""Who is to be asked whether it was done: claimed one by one, renewed while they last, ended once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from hotline.surveys.completion import Answer, Survey, SurveyCall, SurveyOutcome, SurveyState, number_to_ask
from hotline.surveys.forms import Meaning, QuestionKind
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.tables import survey_answers, survey_calls, surveys

_CLAIMED = surveys.c.state == SurveyState.CLAIMED.value
_OWED = surveys.c.state == SurveyState.OWED.value
UNDER_WAY = surveys.c.state.in_([SurveyState.OWED.value, SurveyState.CLAIMED.value])
"""The hotline asks by itself: nobody else has to."""
_OTHER = surveys.alias("other")
_LOOKED_AT = 50
_ANY_DUE = select(surveys.c.id).where(_OWED, surveys.c.due_at <= bindparam("now")).limit(1)
_DUE = (
    select(surveys)
    .where(
        _OWED,
        surveys.c.due_at <= bindparam("now"),
        ~exists().where(_OTHER.c.state == SurveyState.CLAIMED.value, _OTHER.c.number == surveys.c.number),
    )
    .order_by(surveys.c.due_at, surveys.c.id)
    .limit(_LOOKED_AT)
    .with_for_update(skip_locked=True, of=surveys)
)
_CLAIM = (
    update(surveys)
    .where(surveys.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=SurveyState.CLAIMED.value, attempts=surveys.c.attempts + 1, changed_at=bindparam("now"))
    .returning(surveys)
)
_RENEW = (
    update(surveys)
    .where(surveys.c.id.in_(bindparam("ids", expanding=True)), _CLAIMED)
    .values(changed_at=bindparam("now"))
)
_ONE = update(surveys).where(surveys.c.id == bindparam("survey"))
_END = _ONE.where(surveys.c.attempts == bindparam("of_attempt"), _CLAIMED)
_GIVE_BACK = _END.values(
    state=SurveyState.OWED.value,
    attempts=surveys.c.attempts - 1,
    due_at=bindparam("until"),
    changed_at=bindparam("now"),
)
_ANY_LEFT = select(surveys.c.id).where(_CLAIMED, surveys.c.changed_at < bindparam("before")).limit(1)
_LEFT = (
    update(surveys)
    .where(_CLAIMED, surveys.c.changed_at < bindparam("before"))
    .values(state=SurveyState.OWED.value, attempts=surveys.c.attempts - 1, changed_at=bindparam("now"))
)
_TAKE_BACK = (
    update(surveys)
    .where(_OWED, surveys.c.tried_by == bindparam("user"))
    .values(
        state=SurveyState.ENDED.value, outcome=SurveyOutcome.NOT_CALLED.value, changed_at=bindparam("now")
    )
)
_ADD = insert(surveys).returning(surveys)
_OWE = insert(surveys)
_CALL = insert(survey_calls)
_ANSWER = insert(survey_answers)
_ANSWERS = (
    select(survey_answers)
    .where(survey_answers.c.survey_id == bindparam("survey"))
    .order_by(survey_answers.c.id)
)
_CALLS = (
    select(survey_calls).where(survey_calls.c.survey_id == bindparam("survey")).order_by(survey_calls.c.id)
)
_FIND = select(surveys).where(surveys.c.id == bindparam("survey"))
_OF_APPEAL = (
    select(surveys).where(surveys.c.appeal == bindparam("number_of_it")).order_by(surveys.c.id.desc())
)


async def owe_survey(connection: AsyncConnection, appeal: Appeal, at: datetime) -> None:
    """Owe the applicant a call about work reported done, in the transaction of that report."""
    number = number_to_ask(appeal)
    if number:
        values = _new(number, appeal.language, at)
        values |= {
            "appeal": appeal.number,
            "round": appeal.version,
            "executor_id": appeal.executor_id,
            "category": appeal.category,
        }
        await connection.execute(_OWE, values)


@define(eq=False, repr=False)
class StoredSurveys:
    """`hotline.surveys.completion.Surveys` on a database."""

    _database: Database

    async def claim(self, at: datetime, most: int) -> Sequence[Survey]:
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            if (await connection.execute(_ANY_DUE, {"now": at})).first() is None:
                return []
        async with self._database.writing() as connection:
            due = (await connection.execute(_DUE, {"now": at})).mappings().all()
            first_of = {row["number"]: row["id"] for row in reversed(due)}
            ids = [row["id"] for row in due if first_of[row["number"]] == row["id"]][:most]
            claimed = (await connection.execute(_CLAIM, {"ids": ids, "now": at})).mappings().all()
        return sorted(map(_survey, claimed), key=lambda one: (one.due_at, one.id))

    async def renew(self, survey_ids: Sequence[int], at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"ids": survey_ids, "now": at})

    async def put_off(self, survey_id: int, until: datetime, at: datetime, *, attempt: int) -> None:
        back = {"survey": survey_id, "of_attempt": attempt, "until": until, "now": at}
        async with self._database.writing() as connection:
            await connection.execute(_GIVE_BACK, back)

    async def asks_by(self, survey_id: int, form_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_ONE.values(form_id=form_id), {"survey": survey_id})

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
        attempt: int,
        call: SurveyCall | None = None,
        again_in: timedelta | None = None,
        rating: int | None = None,
    ) -> bool:
        values: dict[str, Any] = {
            "state": SurveyState.ENDED.value,
            "changed_at": at,
            "outcome": outcome.value,
        }
        if again_in is not None:
            values |= {"state": SurveyState.OWED.value, "due_at": at + again_in}
        if rating is not None:
            values["rating"] = rating
        async with self._database.writing() as connection:
            claim = {"survey": survey_id, "of_attempt": attempt}
            noted = (await connection.execute(_END.values(**values), claim)).rowcount
            if noted and call is not None:
                await connection.execute(_CALL, _values_of(survey_id, call))
        return bool(noted)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_LEFT, {"before": renewed_before})).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_LEFT, {"before": renewed_before, "now": at})).rowcount

    async def try_out(
        self, form_id: int, *, number: str, language: Language, user_id: int, at: datetime
    ) -> Survey:
        values = _new(number, language, at) | {"form_id": form_id, "tried_by": user_id, "category": ""}
        async with self._database.writing() as connection:
            await connection.execute(_TAKE_BACK, {"user": user_id, "now": at})
            return _survey((await connection.execute(_ADD, values)).mappings().one())

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
        "state": SurveyState.OWED.value,
        "owed_at": at,
        "due_at": at,
        "changed_at": at,
        "attempts": 0,
    }


def _values_of(survey_id: int, call: SurveyCall) -> dict[str, Any]:
    return {
        "survey_id": survey_id,
        "call_id": call.call_id,
        "at": call.at,
        "outcome": call.outcome.value,
        "question": call.question,
    }


def _survey(row: RowMapping) -> Survey:
    return Survey(
        id=row["id"],
        appeal=row["appeal"] or "",
        number=row["number"],
        language=Language(row["language"]),
        state=SurveyState(row["state"]),
        owed_at=row["owed_at"],
        due_at=row["due_at"],
        changed_at=row["changed_at"],
        attempts=row["attempts"],
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
