"""Surveys counted and listed; one indexed read over a span of time each."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from hotline.surveys.completion import REACHED, RETURNED, SurveyOutcome
from hotline.surveys.results import Cell, ListedSurvey, ResultFilter, SurveyGroup, group_of
from storage.core.database import Database
from storage.tables import executors, survey_calls, surveys

NO_TRIAL = surveys.c.tried_by.is_(None)
_ENDED = surveys.c.ended_at.is_not(None)
_BY_OUTCOME = {
    SurveyGroup.RETURNED: RETURNED,
    SurveyGroup.UNREACHED: frozenset(SurveyOutcome) - REACHED - {SurveyOutcome.ELSEWHERE},
}
_LAST_CALL = (
    select(survey_calls.c.call_id)
    .where(survey_calls.c.survey_id == surveys.c.id)
    .order_by(survey_calls.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CALLS = select(func.count()).where(survey_calls.c.survey_id == surveys.c.id).scalar_subquery()


@define(eq=False, repr=False)
class StoredSurveyResults:
    """`hotline.surveys.results.SurveyResults` on a database."""

    _database: Database

    async def cells(self, bounds: Sequence[datetime]) -> Sequence[Cell]:
        spans = [(surveys.c.owed_at < end, place) for place, end in enumerate(bounds[1:])]
        kind = [
            surveys.c.executor_id,
            surveys.c.category,
            case(*spans, else_=len(spans)).label("span"),
            _ENDED.label("ended"),
            surveys.c.outcome,
            surveys.c.rating,
        ]
        counted = (
            select(*kind, func.count().label("surveys"))
            .where(NO_TRIAL, surveys.c.owed_at >= bounds[0], surveys.c.owed_at < bounds[-1])
            .group_by(*kind[:2], "span", "ended", *kind[4:])
        )
        async with self._database.reading() as connection:
            return [
                Cell(
                    executor_id=row.executor_id,
                    category=row.category,
                    span=row.span,
                    group=group_of(
                        SurveyOutcome(row.outcome) if row.outcome else None, ended=bool(row.ended)
                    ),
                    rating=row.rating,
                    count=row.surveys,
                )
                for row in await connection.execute(counted)
            ]

    async def find(
        self, wanted: ResultFilter, *, limit: int, before: int | None = None
    ) -> Sequence[ListedSurvey]:
        found = (
            select(surveys, executors.c.short, _LAST_CALL.label("call_id"), _CALLS.label("calls"))
            .outerjoin(executors, executors.c.id == surveys.c.executor_id)
            .where(NO_TRIAL, *_conditions(wanted))
            .order_by(surveys.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            found = found.where(surveys.c.id < before)
        async with self._database.reading() as connection:
            rows = (await connection.execute(found)).mappings().all()
        listed = []
        for row in rows:
            outcome = SurveyOutcome(row["outcome"]) if row["outcome"] else None
            listed.append(
                ListedSurvey(
                    id=row["id"],
                    appeal=row["appeal"],
                    owed_at=row["owed_at"],
                    ended_at=row["ended_at"],
                    group=group_of(outcome, ended=row["ended_at"] is not None),
                    outcome=outcome,
                    rating=row["rating"],
                    attempts=row["calls"],
                    executor=row["short"] or "",
                    category=row["category"],
                    call_id=row["call_id"] or "",
                )
            )
        return listed


def _conditions(wanted: ResultFilter) -> Iterator[ColumnElement[bool]]:
    yield surveys.c.owed_at >= wanted.since
    yield surveys.c.owed_at < wanted.until
    if wanted.executor_id is not None:
        yield surveys.c.executor_id == wanted.executor_id
    if wanted.nobodys:
        yield surveys.c.executor_id.is_(None)
    if wanted.category is not None:
        yield surveys.c.category == wanted.category
    if wanted.rating is not None:
        yield surveys.c.rating == wanted.rating
    if wanted.group is not None:
        yield of_group(wanted.group)


def of_group(group: SurveyGroup) -> ColumnElement[bool]:
    if group is SurveyGroup.WAITING:
        return or_(~_ENDED, surveys.c.outcome.is_(None))
    outcomes = _BY_OUTCOME.get(group) or {SurveyOutcome(group.value)}
    return and_(_ENDED, surveys.c.outcome.in_(sorted(outcomes)))
