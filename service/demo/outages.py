"""The demo city's outages: one that goes on in a quarter, one planned, one that is over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.enterprises.executors import Executor
from hotline.outages.outage import By, EntrySource, NewOutage, OutageKind
from service.demo.executors import HEAT, POWER, WATER
from storage.outages.rows import add_outage
from storage.store import Storage

PLANNED_IN = timedelta(days=12)


async def add_demo_outages(
    storage: Storage, enterprises: Mapping[str, Executor], zone: ZoneInfo, now: datetime
) -> None:
    """Enter them as the enterprises would have done, each in its time."""
    for short, new in (
        (HEAT, _now(now)),
        (POWER, _planned(now.astimezone(zone) + PLANNED_IN)),
        (WATER, _over(now.astimezone(zone) - timedelta(days=1))),
    ):
        executor = enterprises[short]
        user = next(iter(await storage.users.of_executor(executor.id)), None)
        by = By(source=EntrySource.ENTERPRISE, user_id=user.id if user else None, executor_id=executor.id)
        entered_at = min(now, new.starts_at + timedelta(minutes=10))
        async with storage.database.writing() as connection:
            own = replace(new, executor_id=executor.id)
            entered = await add_outage(connection, own, by, entered_at)
        if new.expected_end and new.expected_end < now:
            await storage.outages.end(entered.id, new.expected_end, by, "Воду подано, тиск у нормі")


def _now(now: datetime) -> NewOutage:
    begun = (now - timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    return NewOutage(
        utility=Utility.HOT_WATER,
        kind=OutageKind.REPAIR,
        starts_at=begun,
        expected_end=begun + timedelta(hours=6),
        areas=(Area(street="Київський квартал", first=1, last=15),),
        reason="Заміна засувки на тепловій мережі",
    )


def _planned(day: datetime) -> NewOutage:
    return NewOutage(
        utility=Utility.POWER,
        kind=OutageKind.PLANNED,
        starts_at=datetime.combine(day, time(9), day.tzinfo),
        expected_end=datetime.combine(day, time(16), day.tzinfo),
        areas=(Area(street="Талліннський квартал"), Area(street="вулиця Атомників", first=1, last=9)),
        reason="Плановий ремонт трансформаторної підстанції",
        order="№ 41 (демо)",
    )


def _over(day: datetime) -> NewOutage:
    return NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.EMERGENCY,
        starts_at=datetime.combine(day, time(10), day.tzinfo),
        expected_end=datetime.combine(day, time(14, 30), day.tzinfo),
        areas=(Area(street="Ризький квартал"),),
        reason="Прорив водогону біля будинку 3",
    )
