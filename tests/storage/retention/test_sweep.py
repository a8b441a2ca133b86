"""What has served its time is forgotten then, and not before."""

from datetime import timedelta

from sqlalchemy import func, select

from hotline.city.addresses import Address, Street
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import Brief, NewJob, Verdict
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.outages.reports import OutageReport
from hotline.retention.terms import Retention
from hotline.voice.speech import Language
from storage.retention.sweep import AT_ONCE
from storage.store import Storage
from storage.tables import call_attempts, outage_reports
from tests.storage.conftest import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
KEPT = Retention(watchers=DAY, reports=2 * DAY, places=3 * DAY)
HOME = Address(street="Київський квартал", house="7")
NUMBER = "+380671112201"
WATER = NewOutage(utility=Utility.WATER, kind=OutageKind.REPAIR, starts_at=NOON)


async def reported(storage: Storage, number: int = 1, appeal: str | None = None) -> None:
    await storage.outage_reports.add(
        OutageReport(
            utility=Utility.WATER, address=HOME, at=NOON, number=NUMBER, call_id=f"c{number}", appeal=appeal
        )
    )


async def reports(storage: Storage) -> int:
    async with storage.database.reading() as connection:
        number: int = (
            await connection.execute(select(func.count()).select_from(outage_reports))
        ).scalar_one()
        return number


async def test_attempts_to_call_are_forgotten_when_they_are_long_over_and_not_while_they_are_under_way(
    storage: Storage,
) -> None:
    jobs = storage.call_jobs
    owed = [
        NewJob(source="survey", subject=at, number=f"{NUMBER[:-1]}{at}", kind=Kind.SURVEY, due_at=NOON)
        for at in (1, 2)
    ]
    await jobs.owe(owed, NOON)
    for job in await jobs.claim(NOON, 9):
        brief = Brief(number=job.number, about=None)
        assert await jobs.admit(job, brief, NOON, since=NOON, budget=3) is Verdict.ADMITTED
        assert await jobs.dial(job.call_id, NOON)
    await jobs.end(job.call_id, Result.BUSY, NOON)
    kept = Retention(attempts=DAY)
    assert await storage.retention.sweep(kept, NOON + DAY) == 0
    assert await storage.retention.sweep(kept, NOON + DAY + SECOND) == 1
    async with storage.database.reading() as connection:
        numbers = (await connection.execute(select(call_attempts.c.number))).scalars().all()
    assert numbers == [f"{NUMBER[:-1]}1"]


async def test_who_wanted_to_be_told_is_forgotten_once_it_has_long_been_over(
    storage: Storage,
) -> None:
    over = await storage.outages.enter(WATER, By())
    holds = await storage.outages.enter(WATER, By())
    for outage in (over, holds):
        await storage.outage_watch.watch(
            outage.id, channel=Channel.SMS, address=NUMBER, language=Language.UKRAINIAN, at=NOON
        )
    await storage.outages.end(over.id, NOON, By())
    assert await storage.retention.sweep(KEPT, NOON + DAY) == 0
    assert await storage.retention.sweep(KEPT, NOON + DAY + SECOND) == 1
    assert [await storage.outage_watch.count(one.id) for one in (over, holds)] == [0, 1]


async def test_what_was_reported_by_keys_is_forgotten_and_what_belongs_to_an_appeal_is_not(
    storage: Storage,
) -> None:
    await reported(storage)
    await reported(storage, appeal="2600001")
    assert await storage.retention.sweep(KEPT, NOON + 2 * DAY) == 0
    assert await storage.retention.sweep(KEPT, NOON + 2 * DAY + SECOND) == 1
    assert await reports(storage) == 1
    assert await storage.outage_reports.of_appeal("2600001") is not None


async def test_where_somebody_is_is_forgotten_unless_they_said_it_again(storage: Storage) -> None:
    await storage.streets.add([Street(name=HOME.street)])
    other = "+380671112202"
    for number in (NUMBER, other):
        await storage.known_places.remember(number, HOME, call_id="c1", at=NOON)
    await storage.known_places.remember(other, HOME, call_id="c2", at=NOON + DAY)
    assert await storage.retention.sweep(KEPT, NOON + 3 * DAY) == 0
    assert await storage.retention.sweep(KEPT, NOON + 3 * DAY + SECOND) == 1
    assert await storage.known_places.addresses_of(NUMBER) == []
    assert await storage.known_places.addresses_of(other) == [HOME]


async def test_of_much_that_is_too_old_all_is_forgotten(storage: Storage) -> None:
    for number in range(AT_ONCE + 1):
        await reported(storage, number)
    assert await storage.retention.sweep(KEPT, NOON + 3 * DAY) == AT_ONCE + 1
    assert await reports(storage) == 0
