"""The appeals, rules and people that a new document concerns; terms counted again by changed days off."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Recount
from hotline.appeals.appeal import PENDING, Appeal
from hotline.appeals.statute import law_end, recounted
from hotline.city.city_rules import CityRules
from hotline.city.days_off import DAYS_OFF, DaysOff
from hotline.city_data.preview import LOOKED_BACK_DAYS, Concerned
from hotline.informing.order_states import OrderState
from storage.appeals.changes import AppealWriter
from storage.appeals.register import read_appeal
from storage.appeals.rules import ALL_RULES, read_rule
from storage.tables import appeal_series, appeals, citizen_benefits, dispatchers, informing_orders

_OPEN = appeals.c.state.in_(sorted(PENDING))
_LATEST = (
    select(appeals)
    .where(or_(_OPEN, appeals.c.registered_at >= bindparam("since")))
    .order_by(appeals.c.registered_at, appeals.c.number)
)
_TO_RECOUNT = select(appeals).where(_OPEN).order_by(appeals.c.number).with_for_update()
_LAW_ENDS = update(appeals).where(appeals.c.number == bindparam("appeal"))
_CITIZENS = select(citizen_benefits.c.code, func.count()).group_by(citizen_benefits.c.code)
_OVER = (OrderState.STOPPED.value, OrderState.DONE.value)
_ORDERS = (
    select(informing_orders.c.id, informing_orders.c.audience)
    .where(informing_orders.c.state.not_in(_OVER))
    .order_by(informing_orders.c.id)
)
_REASONS = select(dispatchers.c.name, dispatchers.c.reason, dispatchers.c.wish_reason).order_by(
    dispatchers.c.name
)
_COUNTERS = select(appeal_series.c.series, appeal_series.c.last).where(
    appeal_series.c.year == bindparam("of")
)


async def read_concerned(connection: AsyncConnection, now: datetime, city: CityRules) -> Concerned:
    """Read it for any kind: a document is changed a few times a year."""
    since = {"since": now - timedelta(days=LOOKED_BACK_DAYS)}
    year = {"of": now.astimezone(city.timezone).year}
    orders, paused = defaultdict(list), defaultdict(list)
    for order in await connection.execute(_ORDERS):
        for code in order.audience.get("benefits", ()):
            orders[code].append(order.id)
    for who in await connection.execute(_REASONS):
        for reason in filter(None, {who.reason, who.wish_reason}):
            paused[reason].append(who.name)
    return Concerned(
        now=now,
        appeals=[read_appeal(row) for row in (await connection.execute(_LATEST, since)).mappings()],
        rules=[read_rule(row) for row in (await connection.execute(ALL_RULES)).mappings()],
        citizens=dict(tuple(row) for row in await connection.execute(_CITIZENS)),
        orders=orders,
        paused=paused,
        counters=dict(tuple(row) for row in await connection.execute(_COUNTERS, year)),
    )


async def recount(
    connection: AsyncConnection, writer: AppealWriter, before: DaysOff, after: DaysOff, at: datetime
) -> Sequence[Appeal]:
    """Let the terms of appeals that are not over end as the new days off have it, each with its entry.

    Where only the law's own end moves, as of a term that was extended, that is kept without one.
    Returns the appeals whose term is another now.
    """
    moved = []
    for row in (await connection.execute(_TO_RECOUNT)).mappings().all():
        appeal = read_appeal(row)
        term = recounted(appeal, writer.city, before, after)
        with DAYS_OFF.supposing(after):
            if term:
                act = Recount(by=SERVICE, at=at, until=term.due_on)
                moved.append(await writer.act(connection, appeal, act))
                continue
            law = law_end(appeal, writer.city)
        ends = law.due_at if law else None
        if ends != row["law_ends_at"]:
            await connection.execute(_LAW_ENDS.values(law_ends_at=ends), {"appeal": appeal.number})
    return moved
