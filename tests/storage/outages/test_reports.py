import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.errors import NotFound, Outdated
from hotline.events import Event, OutageChanged
from hotline.outages.alert_states import ALERT, AlertEvent, AlertState
from hotline.outages.alerts import Alert, Decision, alerts
from hotline.outages.outage import LATE_AFTER, By, EntrySource, NewOutage, OutageKind
from hotline.outages.reports import OutageReport
from storage.outages.alerts import StoredOutageAlerts
from storage.store import Storage
from tests.storage.conftest import NOON

MINUTE = timedelta(minutes=1)
KYIV = "Київський квартал"
BY = By(source=EntrySource.REPORTS)
WATER = NewOutage(
    utility=Utility.WATER,
    kind=OutageKind.UNPLANNED,
    starts_at=NOON - 5 * MINUTE,
    areas=(Area(street=KYIV, first=1, last=5),),
)


def report(number: int, **differs: Any) -> OutageReport:
    values: dict[str, Any] = {
        "utility": Utility.WATER,
        "address": Address(street=KYIV, house=str(number), quarter=""),
        "at": NOON - MINUTE,
        "number": f"+38067000000{number}",
        "call_id": f"c{number}",
    }
    return OutageReport(**values | differs)


async def raised(storage: Storage, *numbers: int) -> Alert:
    for number in numbers:
        await storage.outage_reports.add(report(number))
    (proposal,) = alerts(await storage.outage_reports.open(NOON - 60 * MINUTE), [], NOON)
    alert = await storage.outage_alerts.raise_(proposal, NOON)
    assert alert is not None
    return alert


async def test_a_report_is_kept_once_a_call_and_utility_or_once_an_appeal(storage: Storage) -> None:
    reports = storage.outage_reports
    assert await reports.add(report(1))
    assert not await reports.add(report(1, at=NOON))
    assert await reports.add(report(1, utility=Utility.POWER))
    assert await reports.add(report(1, appeal="2600001"))
    assert not await reports.add(report(2, call_id=None, appeal="2600001"))
    kept = await reports.open(NOON - 60 * MINUTE)
    assert [(one.utility, one.call_id, one.appeal) for one in kept] == [
        (Utility.WATER, "c1", None),
        (Utility.POWER, "c1", None),
        (Utility.WATER, "c1", "2600001"),
    ]
    assert kept[0].address == Address(street=KYIV, house="1")


async def test_what_a_dispatcher_says_of_an_appeal_prevails(storage: Storage) -> None:
    reports = storage.outage_reports
    outage = await storage.outages.enter(WATER, BY)
    of_appeal = report(1, appeal="2600001")
    await reports.add(of_appeal)
    await reports.put(replace(of_appeal, outage_id=outage.id))
    assert await reports.outage_of("2600001") == outage
    assert await reports.open(NOON - 60 * MINUTE) == []
    await reports.put(replace(of_appeal, apart=True))
    assert await reports.outage_of("2600001") is None
    assert await reports.open(NOON - 60 * MINUTE) == []
    kept = await reports.of_appeal("2600001")
    assert kept is not None
    assert kept.apart


async def test_old_reports_are_left_alone_and_those_of_an_open_alert_are_not(storage: Storage) -> None:
    await raised(storage, 1, 2, 3)
    await storage.outage_reports.add(report(4))
    assert [one.call_id for one in await storage.outage_reports.open(NOON)] == ["c1", "c2", "c3"]


async def test_an_alert_grows_in_place_and_another_utility_has_its_own(storage: Storage) -> None:
    first = await raised(storage, 1, 2, 3)
    assert (first.voices, first.reports, first.areas) == (3, 3, (Area(street=KYIV, first=1, last=3),))
    await storage.outage_reports.add(report(5))
    (proposal,) = alerts(await storage.outage_reports.open(NOON - 60 * MINUTE), [], NOON)
    grown = await storage.outage_alerts.raise_(proposal, NOON + MINUTE)
    assert grown is not None
    assert grown.id == first.id
    assert (grown.voices, grown.areas) == (4, (Area(street=KYIV, first=1, last=5),))
    assert (grown.opened_at, grown.grew_at) == (NOON, NOON + MINUTE)
    assert await storage.outage_alerts.raise_(proposal, NOON + 2 * MINUTE) == grown
    power = await storage.outage_alerts.raise_(replace(proposal, utility=Utility.POWER, reports=()), NOON)
    assert power is not None
    assert [one.id for one in await storage.outage_alerts.open()] == [grown.id, power.id]
    assert [one.call_id for one in await storage.outage_reports.of_alert(first.id)] == [
        "c5",
        "c3",
        "c2",
        "c1",
    ]


async def test_accepted_it_is_an_outage_with_all_its_reports_and_is_told(storage: Storage) -> None:
    told: list[Event] = []

    class Heard:
        def tell(self, event: Event) -> None:
            told.append(event)

    alert = await raised(storage, 1, 2, 3)
    telling = storage.outage_alerts.entering_in(storage.outages.told_on(Heard()))
    outage = await telling.accept(alert.id, WATER, BY, NOON)
    assert [event.outage for event in told if isinstance(event, OutageChanged)] == [outage]
    there = await storage.outage_alerts.get(alert.id)
    assert (there.state, there.outage_id) == (AlertState.ACCEPTED, outage.id)
    assert len(await storage.outage_reports.of_outage(outage.id)) == 3
    assert await storage.outage_alerts.open() == []


async def test_reports_from_where_the_accepted_outage_is_not_are_counted_anew(storage: Storage) -> None:
    alert = await raised(storage, 1, 2, 3, 7, 8, 9)
    outage = await storage.outage_alerts.accept(alert.id, WATER, BY, NOON)
    linked = {one.call_id for one in await storage.outage_reports.of_outage(outage.id)}
    assert linked == {"c1", "c2", "c3"}
    left = await storage.outage_reports.open(NOON - 60 * MINUTE)
    (again,) = alerts(left, [outage], NOON)
    assert again.areas == (Area(street=KYIV, first=7, last=9),)
    other = await storage.outage_alerts.raise_(again, NOON)
    assert other is not None
    assert other.id != alert.id


async def test_of_two_who_decide_at_once_one_wins_and_no_second_outage_is_entered(storage: Storage) -> None:
    alert = await raised(storage, 1, 2, 3)
    stored = storage.outage_alerts
    dismissed = Decision(event=AlertEvent.DISMISS, at=NOON, reason="Перевірено: вода є.")
    results = await asyncio.gather(
        stored.accept(alert.id, WATER, BY, NOON),
        stored.accept(alert.id, WATER, BY, NOON),
        stored.decide(alert.id, dismissed),
        return_exceptions=True,
    )
    assert sorted(type(one) is Outdated for one in results) == [False, True, True]
    entered = await storage.outages.find(limit=9)
    accepted = (await stored.get(alert.id)).state is AlertState.ACCEPTED
    assert len(entered) == int(accepted)


@pytest.mark.parametrize(
    "first", [AlertEvent.ACCEPT, AlertEvent.ASSIGN, AlertEvent.COVER, AlertEvent.DISMISS]
)
async def test_what_was_decided_is_decided_no_more_whatever_it_was(
    storage: Storage, first: AlertEvent
) -> None:
    alert = await raised(storage, 1, 2, 3)
    outage = None if first is AlertEvent.DISMISS else (await storage.outages.enter(WATER, BY)).id
    decided = await storage.outage_alerts.decide(alert.id, Decision(event=first, at=NOON, outage_id=outage))
    assert decided.state is ALERT.target(first)
    for event in ALERT.possible(AlertState.OPEN) - {AlertEvent.GROW}:
        with pytest.raises(Outdated):
            await storage.outage_alerts.decide(alert.id, Decision(event=event, at=NOON))
    assert await storage.outage_alerts.get(alert.id) == decided


async def test_the_reports_of_one_that_was_dismissed_raise_no_other(storage: Storage) -> None:
    alert = await raised(storage, 1, 2, 3)
    decision = Decision(event=AlertEvent.DISMISS, at=NOON, reason="Навчання.")
    assert (await storage.outage_alerts.decide(alert.id, decision)).reason == "Навчання."
    await storage.outage_reports.add(report(4))
    assert [one.call_id for one in await storage.outage_reports.open(NOON - 60 * MINUTE)] == ["c4"]
    assert alerts(await storage.outage_reports.open(NOON - 60 * MINUTE), [], NOON) == []


async def test_what_was_decided_on_in_the_moment_in_which_it_was_to_grow_opens_no_other(
    storage: Storage,
) -> None:
    alert = await raised(storage, 1, 2, 3)
    await storage.outage_reports.add(report(5))
    (proposal,) = alerts(await storage.outage_reports.open(NOON - 60 * MINUTE), [], NOON)
    await storage.outage_alerts.decide(alert.id, Decision(event=AlertEvent.DISMISS, at=NOON, reason="Ні"))
    assert await storage.outage_alerts.raise_(proposal, NOON) is None
    assert await storage.outage_alerts.open() == []


async def test_missing_are_those_that_nobody_has_made_an_outage_of_in_time(storage: Storage) -> None:
    stored: StoredOutageAlerts = storage.outage_alerts
    alert = await raised(storage, 1, 2, 3)
    assert await stored.missing(NOON - MINUTE, NOON) == []
    assert await stored.missing(NOON - MINUTE, NOON + LATE_AFTER) == [alert]
    assert await stored.missing(NOON + MINUTE, NOON + LATE_AFTER) == []
    await stored.accept(alert.id, WATER, BY, NOON)
    assert await stored.missing(NOON - MINUTE, NOON + LATE_AFTER) == []


async def test_what_is_not_there_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.outage_alerts.get(7)
    with pytest.raises(NotFound):
        await storage.outage_alerts.decide(7, Decision(event=AlertEvent.DISMISS, at=NOON))
