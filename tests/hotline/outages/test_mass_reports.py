"""Appeals and reports of calls on real storage: what they raise, what they are linked to, and their sign."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from hotline.appeals.acts.keeping import Amend
from hotline.appeals.appeal import Appeal, Sign
from hotline.appeals.registering import NewPerson
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.outages.alert_states import AlertState
from hotline.outages.alerts import Threshold
from hotline.outages.mass_reports import POWER_ALERT_LASTS, MassReports
from hotline.outages.outage import By, EntrySource, NewOutage, OutageKind
from hotline.outages.reports import KnownReport, OutageReport
from storage.outages.reports import StoredOutageReports
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

QUARTER = "Київський квартал"
HEAT = NewOutage(
    utility=Utility.HEAT,
    kind=OutageKind.EMERGENCY,
    starts_at=NOON - timedelta(hours=1),
    areas=(Area(street=QUARTER),),
)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def city(storage: Storage) -> City:
    await storage.streets.add(demo_streets())
    return await found(storage)


@pytest.fixture
def mass(storage: Storage, clock: SetClock) -> MassReports:
    return MassReports(
        reports=storage.outage_reports,
        alerts=storage.outage_alerts,
        outages=storage.outages,
        streets=storage.streets,
        handling=storage.handling,
        clock=clock,
        threshold=Threshold(),
    )


async def appeal(city: City, at: int, **differs: Any) -> Appeal:
    """From a neighbour of their own, in house number `at`."""
    home = f"кв-л Київський, буд. {at}, кв. 5"
    person = NewPerson(name=f"Сусід {at}", address=home)
    number = f"+38067000000{at}"
    return await city.enter(**{"address": home, "applicant": person, "applicant_number": number} | differs)


async def sign(city: City, one: Appeal) -> Sign:
    now = await city.storage.appeals.find(one.number)
    assert now is not None
    return now.sign


async def test_three_appeals_from_a_quarter_raise_one_alert_and_get_the_sign(
    city: City, mass: MassReports
) -> None:
    appeals = [await appeal(city, at) for at in (1, 3)]
    await mass.look()
    assert await city.storage.outage_alerts.open() == []
    appeals.append(await appeal(city, 8))
    await mass.look()
    await mass.look()
    (alert,) = await city.storage.outage_alerts.open()
    assert (alert.utility, alert.areas) == (Utility.HEAT, (Area(street=QUARTER, first=1, last=8),))
    assert [await sign(city, one) for one in appeals] == [Sign.MASS] * 3


async def test_calls_and_appeals_count_together_and_a_call_with_its_appeal_once(
    city: City, mass: MassReports
) -> None:
    reports = city.storage.outage_reports
    for at in (1, 2):
        said = OutageReport(
            utility=Utility.HEAT,
            address=Address(street=QUARTER),
            at=NOON,
            number=f"+38067000000{at}",
            call_id=f"c{at}",
        )
        await reports.add(said)
    await appeal(city, 2, call_id="c2")
    await mass.look()
    assert await city.storage.outage_alerts.open() == []
    await appeal(city, 3)
    await mass.look()
    (alert,) = await city.storage.outage_alerts.open()
    assert (alert.voices, alert.reports, alert.areas) == (3, 4, (Area(street=QUARTER),))


async def test_what_says_nothing_of_an_outage_counts_nowhere(city: City, mass: MassReports) -> None:
    for at in range(1, 5):
        await appeal(city, at, category="heat-bill")
        await appeal(city, at, address="за містом, хутір", category="heat-none")
    await mass.look()
    assert await city.storage.outage_alerts.open() == []
    assert await city.storage.outage_reports.unread(NOON - timedelta(hours=1), ["heat-none"]) == []


async def test_an_outage_entered_meanwhile_takes_the_alert_and_its_reports(
    city: City, mass: MassReports
) -> None:
    appeals = [await appeal(city, at) for at in (1, 3, 8)]
    await mass.look()
    outage = await city.storage.outages.enter(HEAT, By(source=EntrySource.ENTERPRISE))
    await mass.look()
    (alert,) = await city.storage.outage_alerts.find(limit=9)
    assert (alert.state, alert.outage_id, alert.decided_by) == (AlertState.COVERED, outage.id, None)
    for one in appeals:
        assert await city.storage.outage_reports.outage_of(one.number) == outage


async def test_what_an_outage_tells_already_is_linked_and_raises_nothing(
    city: City, mass: MassReports
) -> None:
    outage = await city.storage.outages.enter(HEAT, By())
    appeals = [await appeal(city, at) for at in (1, 3, 8)]
    await mass.look()
    assert await city.storage.outage_alerts.find(limit=9) == []
    assert {one.appeal for one in await city.storage.outage_reports.of_outage(outage.id)} == {
        one.number for one in appeals
    }
    assert [await sign(city, one) for one in appeals] == [Sign.MASS] * 3


async def test_a_lone_appeal_of_an_outage_and_one_that_was_put_right_keep_their_sign(
    city: City, mass: MassReports
) -> None:
    await city.storage.outages.enter(HEAT, By())
    alone = await appeal(city, 1)
    await mass.look()
    assert await sign(city, alone) is Sign.FIRST
    await appeal(city, 2)
    await mass.look()
    assert await sign(city, alone) is Sign.MASS
    amend = Amend(by=city.dispatcher, at=NOON, sign=Sign.FIRST)
    await city.storage.handling.carry_out(alone.number, amend, version=None)
    await mass.look()
    assert await sign(city, alone) is Sign.FIRST


async def test_what_came_while_the_service_was_away_is_found(
    city: City, mass: MassReports, clock: SetClock
) -> None:
    for at in (1, 3, 8):
        await appeal(city, at)
    clock.pass_by(4 * 3600)
    await mass.look()
    assert len(await city.storage.outage_alerts.open()) == 1


async def test_an_alert_whose_reports_were_all_set_apart_is_over(city: City, mass: MassReports) -> None:
    for at in (1, 3, 8):
        await appeal(city, at)
    await mass.look()
    reports = city.storage.outage_reports
    for one in await reports.open(NOON - timedelta(hours=1)):
        said = {name: getattr(one, name) for name in OutageReport.__dataclass_fields__} | {"apart": True}
        await reports.put(OutageReport(**said))
    await mass.look()
    (alert,) = await city.storage.outage_alerts.find(limit=9)
    assert (alert.state, alert.outage_id) == (AlertState.DISMISSED, None)


class OneUnreadable(StoredOutageReports):
    """The register of reports, which cannot take one appeal's in."""

    appeal = ""

    async def add(self, report: OutageReport) -> bool:
        if report.appeal == self.appeal:
            raise RuntimeError(report.appeal)
        return await super().add(report)


async def test_an_appeal_that_cannot_be_read_does_not_block_the_next(
    city: City, storage: Storage, clock: SetClock
) -> None:
    reports = OneUnreadable(storage.database)
    reports.appeal = (await appeal(city, 1)).number
    for at in (3, 8, 9):
        await appeal(city, at)
    mass = MassReports(
        reports=reports,
        alerts=storage.outage_alerts,
        outages=storage.outages,
        streets=storage.streets,
        handling=storage.handling,
        clock=clock,
        threshold=Threshold(),
    )
    await mass.look()
    (alert,) = await storage.outage_alerts.open()
    assert alert.voices == 3


async def test_an_alert_of_no_power_ends_by_itself_when_the_schedule_explains_it_or_nobody_else_reports(
    mass: MassReports, city: City, storage: Storage, clock: SetClock
) -> None:
    explained = False

    class Schedule:
        def explains(self, _report: KnownReport) -> bool:
            return explained

        def queues(self, _report: KnownReport) -> list[str]:
            return []

    async def schedule() -> Schedule:
        return Schedule()

    mass = evolve(mass, schedule=schedule)

    async def three(name: str) -> None:
        for at in range(3):
            there = Address(street=QUARTER, house=str(at + 1))
            number, call = f"+38067000000{at}", f"{name}-{at}"
            new = OutageReport(
                utility=Utility.POWER, address=there, at=clock.now(), number=number, call_id=call
            )
            await storage.outage_reports.add(new)

    await three("first")
    await mass.look()
    (alert,) = await storage.outage_alerts.open()
    explained = True
    await mass.look()
    assert await storage.outage_alerts.open() == []
    explained = False
    await mass.look()
    assert await storage.outage_alerts.open() == [], "what was decided is not raised again"
    await three("second")
    await mass.look()
    (again,) = await storage.outage_alerts.open()
    assert again.id != alert.id
    clock.pass_by(POWER_ALERT_LASTS.total_seconds() - 1)
    await mass.look()
    assert [one.id for one in await storage.outage_alerts.open()] == [again.id]
    clock.pass_by(1)
    await mass.look()
    await mass.look()
    assert await storage.outage_alerts.open() == []
