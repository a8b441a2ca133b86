"""Orders by which residents are informed, as people prepare, allow and steer them."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, case, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Streets
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import PersonState
from hotline.enterprises.executors import Executors
from hotline.errors import NotFound, Outdated
from hotline.informing.order_states import OrderAct, OrderState
from hotline.informing.orders import (
    Audience,
    InformedPerson,
    InformingOrder,
    InformingProgress,
    NewOrder,
    PaperTaken,
    Way,
)
from storage.core.areas import areas_as_json, areas_of_json
from storage.core.database import Database
from storage.informing import people as told
from storage.informing.audience import others, residents
from storage.informing.heard import heard_in
from storage.informing.repeat import not_delivered, tell_again
from storage.tables import informing_orders

_WAIT = (OrderState.SUBMITTED, OrderState.PREPARING, OrderState.RUNNING, OrderState.PAUSED)
_ADD = insert(informing_orders).returning(informing_orders)
_ONE = select(informing_orders).where(informing_orders.c.id == bindparam("this"))
_DISCARDED = informing_orders.c.stopped_at.is_not(None) & (informing_orders.c.stop_reason == "")
_LATEST = (
    select(informing_orders)
    .where(~_DISCARDED)
    .order_by(case((informing_orders.c.state.in_(_WAIT), 0), else_=1), informing_orders.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_BY_STATE = (
    select(informing_orders.c.state, func.count().label("orders"))
    .where(~_DISCARDED)
    .group_by(informing_orders.c.state)
)
_OF_YEAR = (
    select(informing_orders)
    .where(
        informing_orders.c.dated.between(bindparam("first"), bindparam("last")),
        informing_orders.c.state != OrderState.STOPPED.value,
    )
    .order_by(informing_orders.c.id)
)
_ONE_AT_A_TIME = text("LOCK TABLE informing_orders IN SHARE ROW EXCLUSIVE MODE")
"""Orders can be read meanwhile; two by one paper come one after the other. SQLite has one writer anyway."""
_CHANGE = (
    update(informing_orders)
    .where(informing_orders.c.id == bindparam("this"), informing_orders.c.version == bindparam("was"))
    .values(version=informing_orders.c.version + 1, changed_at=bindparam("now"))
    .returning(informing_orders)
)
_CALLS: Mapping[OrderAct, CampaignAct] = {
    OrderAct.RESUME: CampaignAct.START,
    OrderAct.PAUSE: CampaignAct.PAUSE,
    OrderAct.STOP: CampaignAct.STOP,
}
"""The act on an order's campaigns that follows from the act on the order."""
_ENDS = frozenset({OrderAct.STOP, OrderAct.DISCARD})


@define(eq=False, repr=False)
class StoredInformingOrders:
    """`hotline.informing.orders.InformingOrders` on a database."""

    _database: Database
    _streets: Streets
    _executors: Executors

    async def add(self, new: NewOrder, author_id: int, at: datetime, *, once: bool = False) -> InformingOrder:
        values = order_values(new) | {
            "state": OrderState.DRAFT.value,
            "author_id": author_id,
            "refusal": "",
            "stop_reason": "",
            "created_at": at,
            "changed_at": at,
            "version": 1,
            "looked_up_to": 0,
        }
        async with self._database.writing() as connection:
            if once:
                await self._require_only_one(connection, new)
            return read_order((await connection.execute(_ADD, values)).mappings().one())

    async def get(self, order_id: int) -> InformingOrder:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": order_id})).mappings().first()
        if row is None:
            raise NotFound("There is no order %(number)s.", number=order_id)
        return read_order(row)

    async def latest(self, most: int, skipped: int = 0) -> Sequence[InformingOrder]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LATEST, {"most": most, "skipped": skipped})
            return [read_order(row) for row in rows.mappings()]

    async def by_state(self) -> Mapping[OrderState, int]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_BY_STATE)
            return {OrderState(row.state): row.orders for row in rows}

    async def change(
        self, was: InformingOrder, now: NewOrder, at: datetime, *, user_id: int, once: bool = False
    ) -> InformingOrder:
        async with self._database.writing() as connection:
            if once:
                await self._require_only_one(connection, now, but=was.id)
            return await _become(connection, was, OrderAct.CHANGE, user_id, at, **order_values(now))

    async def speak(self, was: InformingOrder, voice: str, at: datetime, *, user_id: int) -> InformingOrder:
        async with self._database.writing() as connection:
            return await _become(connection, was, OrderAct.CHANGE, user_id, at, voice=voice)

    async def move(
        self, was: InformingOrder, act: OrderAct, at: datetime, *, user_id: int, reason: str = ""
    ) -> InformingOrder:
        values: dict[str, Any] = {}
        if act is OrderAct.APPROVE:
            values = {"approver_id": user_id, "decided_at": at, "refusal": ""}
        elif act is OrderAct.REFUSE:
            values = {"refusal": reason}
        elif act in _ENDS:
            if (act is OrderAct.STOP) != bool(reason):
                raise ValueError("Who stops an order says why; who deletes a draft does not.")
            values = {"stopped_by": user_id, "stopped_at": at, "stop_reason": reason}
        async with self._database.writing() as connection:
            moved = await _become(connection, was, act, user_id, at, **values)
            if calls := _CALLS.get(act):
                await told.steer(connection, moved, calls, at)
        return moved

    async def repeat(self, was: InformingOrder, way: Way, at: datetime, *, user_id: int) -> int:
        was.after(OrderAct.REPEAT, user_id)
        async with self._database.writing() as connection:
            again = await tell_again(connection, was, way, at, user_id)
            if again:
                await _become(connection, was, OrderAct.REPEAT, user_id, at)
        return again

    async def addresses(self, audience: Audience) -> Collection[str]:
        gazetteer, rest = await self._streets.gazetteer(), await others(audience, self._executors)
        found = {address for one in rest for address in one.numbers}
        async with self._database.reading() as connection:
            async for part in residents(connection, audience, gazetteer, 0):
                found |= {address for one in part.people for address in one.numbers}
        return found

    async def _require_only_one(
        self, connection: AsyncConnection, new: NewOrder, but: int | None = None
    ) -> None:
        """Raise PaperTaken where another order, not stopped, is by a paper of this number and year."""
        if self._database.shared:
            await connection.execute(_ONE_AT_A_TIME)
        year, number = new.dated.year, _as_compared(new.number)
        asked = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
        rows = (await connection.execute(_OF_YEAR, asked)).mappings()
        same = [row for row in rows if _as_compared(row["number"]) == number and row["id"] != but]
        if same:
            raise PaperTaken([read_order(row) for row in same])

    async def progress(self, order_id: int) -> InformingProgress:
        order = await self.get(order_id)
        async with self._database.reading() as connection:
            calls = {
                PersonState(one.state): int(one.people)
                for one in await told.calls_by_state(connection, order_id)
            }
            notices: Counter[tuple[Way, NoticeState]] = Counter()
            written: Counter[Way] = Counter()
            for one in await told.notices_by_state(connection, order.matter):
                notices[Way(one.channel), NoticeState(one.state)] += int(one.people)
                if one.written and one.state == NoticeState.SENT.value:
                    written[Way(one.channel)] += int(one.people)
            people = await told.count(connection, order_id)
            again = dict(await not_delivered(connection, order))
        if missed := calls.get(PersonState.GIVEN_UP):
            again[Way.CALL] = missed
        return InformingProgress(people=people, calls=calls, notices=notices, written=written, again=again)

    async def heard_in(self, order_id: int) -> int:
        order = await self.get(order_id)
        async with self._database.reading() as connection:
            return await heard_in(connection, order)

    async def people(self, order_id: int) -> AsyncIterator[InformedPerson]:
        order = await self.get(order_id)
        async with self._database.reading() as connection:
            async for person in told.everybody(connection, order):
                yield person


def _as_compared(number: str) -> str:
    """Write the number of a paper without what people write differently: spaces and capitals."""
    return "".join(number.split()).casefold()


_ENTERED = [one.name for one in fields(NewOrder)]


async def _become(
    connection: AsyncConnection,
    was: InformingOrder,
    act: OrderAct,
    user_id: int,
    at: datetime,
    **values: object,
) -> InformingOrder:
    """Do an act on an order that is still as it was seen; raises ForbiddenTransition, Outdated."""
    state = was.after(act, user_id)
    asked = {"this": was.id, "was": was.version, "now": at}
    row = (await connection.execute(_CHANGE.values(state=state.value, **values), asked)).mappings().first()
    if row is None:
        raise Outdated("Somebody has changed this order meanwhile: read it again.")
    return read_order(row)


def order_values(new: NewOrder) -> dict[str, Any]:
    values = {name: getattr(new, name) for name in _ENTERED}
    values["ways"] = sorted(new.ways)
    values["audience"] = asdict(new.audience) | {"areas": areas_as_json(new.audience.areas)}
    return values


def read_order(row: RowMapping) -> InformingOrder:
    values = {one.name: row[one.name] for one in fields(InformingOrder)}
    audience = dict(row["audience"])
    values["audience"] = Audience(
        **{
            **audience,
            "areas": areas_of_json(audience["areas"]),
            "benefits": tuple(audience["benefits"]),
            "listed": tuple(audience["listed"]),
        }
    )
    values["ways"] = frozenset(map(Way, row["ways"]))
    values["state"] = OrderState(row["state"])
    return InformingOrder(**values)
