"""Callers who heard an order, by the journeys of their calls."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Step
from hotline.informing.orders import InformingOrder, Way
from storage.tables import calls, journey_steps

_HEARD = (
    select(calls.c.number, func.min(calls.c.id).label("call_id"))
    .join(journey_steps, journey_steps.c.call_id == calls.c.id)
    .where(
        calls.c.arrived_at >= bindparam("since"),
        calls.c.arrived_at < bindparam("until"),
        journey_steps.c.step == Step.INFORMED.value,
        journey_steps.c.detail["order"].as_integer() == bindparam("this"),
    )
)
_COUNT = _HEARD.with_only_columns(func.count(calls.c.id.distinct()))
_BY_NUMBER = _HEARD.where(calls.c.number.in_(bindparam("numbers", expanding=True))).group_by(calls.c.number)


async def heard_in(connection: AsyncConnection, order: InformingOrder) -> int:
    """Count the calls in which it was heard to its end."""
    if Way.IVR not in order.ways:
        return 0
    return int((await connection.execute(_COUNT, _asked(order))).scalar_one())


async def heard_by(
    connection: AsyncConnection, order: InformingOrder, numbers: Sequence[str]
) -> Mapping[str, str]:
    """Give, by number, a call in which it was heard."""
    if Way.IVR not in order.ways or not numbers:
        return {}
    found = await connection.execute(_BY_NUMBER, {**_asked(order), "numbers": list(numbers)})
    return {one.number: one.call_id for one in found}


def _asked(order: InformingOrder) -> Mapping[str, object]:
    return {"this": order.id, "since": order.starts_at, "until": order.until}
