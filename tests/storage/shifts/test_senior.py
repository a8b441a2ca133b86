"""The senior of the shift is told and called at once of an emergency that nobody has, or nobody accepts."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Escalate
from hotline.city.classifier import Urgency
from hotline.delivery.outbox import StepKind
from hotline.dialling.notices import UNTAKEN
from hotline.shifts.roster import Shift
from storage.store import Storage
from storage.tables import call_jobs, notices
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

MONDAY = date(2026, 3, 2)
HOURS = time(8), time(20)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def drawn(city: City, *, senior: bool) -> int:
    """Publish a roster with one dispatcher; gives who it is."""
    one = await city.storage.users.add(
        login="olena",
        name="Олена",
        role=city.olya.role,
        password_hash="h",
        telephone="+380670000009",
        email="olena@city.example",
    )
    shift = Shift(user_id=one.id, day=MONDAY, since=HOURS[0], until=HOURS[1], senior=senior)
    draft = await city.storage.roster.save(MONDAY, [shift], instead_of=0, by=city.head.id, at=NOON)
    await city.storage.roster.publish(MONDAY, edition=draft.edition, by=city.head.id, at=NOON)
    return one.id


async def told(city: City, kind: StepKind, *, later: timedelta = timedelta(minutes=15)) -> list[str]:
    """Take the step of an emergency; gives whom of the centre's users it told, by which way."""
    appeal = await city.enter(urgency=Urgency.EMERGENCY)
    act = Escalate(by=SERVICE, at=NOON + later, kind=kind, key=f"{kind}:1")
    await city.storage.handling.carry_out(appeal.number, act, version=None)
    wanted = select(notices.c.recipient, notices.c.channel).where(
        notices.c.about == kind.value, notices.c.recipient.startswith("user:")
    )
    async with city.storage.database.reading() as connection:
        return sorted(f"{who} {way}" for who, way in await connection.execute(wanted))


@pytest.mark.parametrize("kind", [StepKind.UNROUTED, StepKind.NOBODY_ACKNOWLEDGES])
async def test_the_senior_is_told_by_message_and_mail_and_called(city: City, kind: StepKind) -> None:
    olena = await drawn(city, senior=True)
    assert await told(city, kind) == [f"user:{olena} {way}" for way in ("call", "email", "sms")]
    assert await of_senior_job(city) == "+380670000009"


async def of_senior_job(city: City) -> str:
    """The number of the one call that is owed to who answers for the centre."""
    wanted = select(call_jobs.c.number).where(call_jobs.c.source == UNTAKEN)
    async with city.storage.database.reading() as connection:
        return str((await connection.execute(wanted)).scalar_one())


async def test_of_a_reminder_or_when_nobody_is_senior_or_the_shift_is_over_they_are_not(city: City) -> None:
    await drawn(city, senior=True)
    assert await told(city, StepKind.OVERDUE) == []
    assert await told(city, StepKind.UNROUTED, later=timedelta(hours=12)) == []


async def test_without_a_senior_all_is_as_without_a_roster(city: City) -> None:
    await drawn(city, senior=False)
    assert await told(city, StepKind.UNROUTED) == []


async def test_after_the_senior_come_the_acting_head_and_the_heads_who_have_a_telephone(city: City) -> None:
    async def head(login: str, telephone: str | None, *, role: Role = Role.HEAD) -> int:
        added = await city.storage.users.add(
            login=login, name=login, role=role, password_hash="h", telephone=telephone
        )
        return added.id

    first = await head("first", "+380670000001")
    await head("second", None)
    acting = await head("acting", "+380670000003", role=Role.DISPATCHER)
    day = timedelta(days=1)
    await city.storage.acting_heads.name(acting, NOON - day, NOON + day, order="1", by=city.head.id, at=NOON)
    senior = await drawn(city, senior=True)

    async def called(later: timedelta) -> list[int]:
        return [one.user_id for one in await city.storage.in_turn.at(NOON + later)]

    assert await called(timedelta()) == [senior, acting, first]
    assert await called(timedelta(hours=12)) == [acting, first]
    assert await called(timedelta(days=2)) == [first]
    assert await told(city, StepKind.UNROUTED, later=timedelta(days=2)) == [f"user:{first} call"]
