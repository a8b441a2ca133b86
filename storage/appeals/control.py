"""Control: enterprises counted, what waits for a person, and reports of the same; few indexed reads each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.applicants_word import ReviewClosing
from hotline.appeals.appeal import ENDED, Appeal, AppealState
from hotline.appeals.control import AppealWaitsFor, EnterpriseStanding, Moments, TakenDown, WaitingAppeal
from hotline.appeals.counted import CountedAppeals
from hotline.appeals.lists import ListedAppeal
from hotline.city.classifier import Urgency
from hotline.city.search_terms import normalised
from storage.appeals.counted import CLOSING_TAKEN_DOWN, CONDITIONS, IS_OWED
from storage.appeals.handling import IN_SERVICE_ORDER
from storage.appeals.list_filters import begins
from storage.appeals.lists import named
from storage.appeals.register import read_appeal
from storage.core.database import Database
from storage.surveys.completion import UNDER_WAY
from storage.tables import Moment, appeal_history, appeals, executors, surveys

_HAND_BACKS = (
    select(appeal_history.c.number, appeal_history.c.said)
    .where(
        appeal_history.c.number.in_(bindparam("numbers", expanding=True)), appeal_history.c.act == "hand-back"
    )
    .order_by(appeal_history.c.id)
)
_SHORT = select(executors.c.id, executors.c.short)


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Moment())


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


_OPEN = (
    select(
        appeals.c.executor_id,
        func.count().label("owed"),
        _many(CONDITIONS[CountedAppeals.OVERDUE]).label("overdue"),
        _many(CONDITIONS[CountedAppeals.DUE_TODAY]).label("today"),
        _many(CONDITIONS[CountedAppeals.DUE_SOON]).label("soon"),
        _many(CONDITIONS[CountedAppeals.BREACHED]).label("breached"),
        _many(CONDITIONS[CountedAppeals.UNACCEPTED]).label("unaccepted"),
        _many(CONDITIONS[CountedAppeals.DISPUTED]).label("disputed"),
        _many(CONDITIONS[CountedAppeals.MORE_TIME]).label("more_time"),
    )
    .where(IS_OWED)
    .group_by(appeals.c.executor_id)
)
_CONTROLLED = (
    select(appeals.c.executor_id, func.count().label("controlled"))
    .where(appeals.c.controlled, appeals.c.state.not_in(sorted(ENDED)))
    .group_by(appeals.c.executor_id)
)
_TAKEN_DOWN = (
    select(appeals.c.executor_id, func.count().label("taken_down"))
    .join(appeal_history, CLOSING_TAKEN_DOWN)
    .where(CONDITIONS[CountedAppeals.CONFIRMED], appeals.c.registered_at >= _moment("since"))
    .group_by(appeals.c.executor_id)
)
_reviews = appeal_history.alias("reviews")
_REVIEWED = exists().where(
    _reviews.c.number == appeals.c.number,
    _reviews.c.act == ReviewClosing.name,
    _reviews.c.version > appeal_history.c.version,
)
_CLOSED_SO = (
    select(
        appeals,
        appeal_history.c.at.label("closed_at"),
        appeal_history.c.user_id.label("taken_down_by"),
        appeal_history.c.facts.label("closing_facts"),
        _REVIEWED.label("reviewed"),
    )
    .select_from(appeals.join(appeal_history, CLOSING_TAKEN_DOWN))
    .where(
        appeals.c.state == AppealState.CLOSED.value,
        appeals.c.state_since >= _moment("since"),
        appeals.c.state_since < _moment("until"),
    )
    .order_by(appeals.c.state_since, appeals.c.number)
)
_RECEIVED = (
    select(
        appeals.c.executor_id,
        func.count().label("received"),
        _many(CONDITIONS[CountedAppeals.CONFIRMED]).label("confirmed"),
        _many(CONDITIONS[CountedAppeals.UNCONFIRMED]).label("unconfirmed"),
    )
    .where(appeals.c.registered_at >= _moment("since"))
    .group_by(appeals.c.executor_id)
)


@define(eq=False, repr=False)
class StoredControl:
    """`hotline.appeals.control.Control` on a database."""

    _database: Database

    async def standings(self, at: Moments) -> Sequence[EnterpriseStanding]:
        wanted = {
            "now": at.now,
            "today_ends": at.today_ends,
            "soon_ends": at.soon_ends,
            "since": at.since,
        }
        counted: dict[int | None, dict[str, Any]] = {}
        async with self._database.reading() as connection:
            names = {row.id: row.short for row in await connection.execute(_SHORT)}
            for statement in (_OPEN, _CONTROLLED, _RECEIVED, _TAKEN_DOWN):
                for row in (await connection.execute(statement, wanted)).mappings():
                    counted.setdefault(row["executor_id"], {}).update(row)
        found = [
            EnterpriseStanding(**{**row, "executor": names.get(executor or 0, "")})
            for executor, row in counted.items()
        ]
        return sorted(found, key=lambda one: (one.executor_id is not None, one.executor.casefold()))

    async def waiting(self, wait: AppealWaitsFor, *, attempts: int, limit: int) -> Sequence[WaitingAppeal]:
        statement = select(appeals).where(_waits(wait, attempts)).order_by(*IN_SERVICE_ORDER).limit(limit)
        async with self._database.reading() as connection:
            found = [read_appeal(row) for row in (await connection.execute(statement)).mappings()]
            back = await _handed_back(connection, found) if wait is AppealWaitsFor.UNROUTED else {}
            listed = await named(connection, found)
        return [
            WaitingAppeal(
                listed=one,
                said=back.get(one.appeal.number, ""),
                handed_back=one.appeal.number in back,
            )
            for one in listed
        ]

    async def count(self, wait: AppealWaitsFor, *, attempts: int, most: int) -> int:
        some = select(appeals.c.number).where(_waits(wait, attempts)).limit(most).subquery()
        async with self._database.reading() as connection:
            counted: int = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
        return counted

    async def taken_down(self, since: datetime, until: datetime) -> Sequence[TakenDown]:
        async with self._database.reading() as connection:
            wanted = {"since": since, "until": until}
            rows = (await connection.execute(_CLOSED_SO, wanted)).mappings().all()
            listed = await named(connection, [read_appeal(row) for row in rows])
        return [
            TakenDown(
                listed=one,
                at=row["closed_at"],
                user_id=row["taken_down_by"],
                source=str(row["closing_facts"].get("source", "")),
                reviewed=bool(row["reviewed"]),
            )
            for one, row in zip(listed, rows, strict=True)
        ]

    async def same(
        self, appeal: Appeal, *, whole_street: bool, since: datetime, limit: int
    ) -> Sequence[ListedAppeal]:
        statement = (
            select(appeals)
            .where(
                appeals.c.category == literal(appeal.category),
                begins(_place(appeal.address, whole_street=whole_street)),
                appeals.c.registered_at >= since,
                IS_OWED,
                appeals.c.parent.is_(None),
                appeals.c.number != appeal.number,
            )
            .order_by(appeals.c.registered_at.desc(), appeals.c.number.desc())
            .limit(limit)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            return await named(connection, [read_appeal(row) for row in rows])


def _waits(wait: AppealWaitsFor, attempts: int) -> ColumnElement[bool]:
    table = appeals.c
    checked = table.state == AppealState.BEING_CHECKED.value
    match wait:
        case AppealWaitsFor.UNACCEPTED:
            urgent = table.urgency == Urgency.EMERGENCY.value
            return and_(table.state == AppealState.ASSIGNED.value, urgent, table.parent.is_(None))
        case AppealWaitsFor.UNROUTED:
            return table.state == AppealState.REGISTERED.value
        case AppealWaitsFor.ASKED:
            return and_(table.question != literal(""), IS_OWED)
        case AppealWaitsFor.TO_CHECK:
            return and_(
                or_(table.state == AppealState.DONE.value, and_(checked, table.attempts < attempts)),
                ~exists().where(surveys.c.appeal == table.number, UNDER_WAY),
            )
        case AppealWaitsFor.SPENT:
            return and_(checked, table.attempts >= attempts)


def _place(address: str, *, whole_street: bool) -> str:
    """Give the words up to the house's number, which is left out for the whole street."""
    found: list[str] = []
    for word in normalised(address).split():
        if found and word[0].isdigit():
            return " ".join(found if whole_street else [*found, word])
        found.append(word)
    return " ".join(found)


async def _handed_back(connection: AsyncConnection, found: Sequence[Appeal]) -> Mapping[str, str]:
    rows = await connection.execute(_HAND_BACKS, {"numbers": [one.number for one in found]})
    return {row.number: row.said for row in rows}
