from datetime import UTC, date, timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.classifier import Utility
from hotline.clock import SystemClock
from hotline.errors import AlreadyTaken, NotFound
from hotline.outages.outage import By, OutageKind
from storage.core.fresh import FRESH_SECONDS
from storage.outages.register import StoredOutages
from storage.store import Storage
from tests.fakes.outages import entered

from .conftest import NOON

HOUR = timedelta(hours=1)


def appeal(number: str, state: AppealState = AppealState.REGISTERED, hours: int = 0) -> Appeal:
    return Appeal(
        number=number,
        applicant_number="+380457900012",
        text="Немає гарячої води",
        state=state,
        registered_at=NOON + hours * HOUR,
        due_on=date(2026, 4, 1),
    )


async def test_outages_that_hold_come_emergencies_first_then_the_oldest(storage: Storage) -> None:
    newer = await entered(storage.outages, Utility.WATER, OutageKind.PLANNED, NOON - HOUR, NOON)
    older = await entered(storage.outages, Utility.HEAT, OutageKind.REPAIR, NOON - 2 * HOUR, None)
    urgent = await entered(storage.outages, Utility.GAS, OutageKind.EMERGENCY, NOON, None)
    await entered(storage.outages, Utility.POWER, OutageKind.PLANNED, NOON + HOUR, None)
    assert await storage.outages.now(NOON) == [urgent, older, newer]


async def test_an_ended_outage_no_longer_holds_and_an_unknown_one_cannot_be_ended(storage: Storage) -> None:
    outage = await entered(storage.outages, Utility.WATER, OutageKind.UNPLANNED, NOON, None)
    assert await storage.outages.now(NOON) == [outage]
    await storage.outages.end(outage.id, NOON, By())
    assert await storage.outages.now(NOON) == []
    with pytest.raises(NotFound):
        await storage.outages.end(outage.id + 1, NOON, By())


async def test_another_process_hears_of_an_outage_within_a_second(storage: Storage) -> None:
    seconds = [0.0]
    other = StoredOutages(storage.database, SystemClock(), seconds=lambda: seconds[0])
    assert await other.now(NOON) == []
    outage = await entered(storage.outages, Utility.POWER, OutageKind.EMERGENCY, NOON, None)
    seconds[0] += FRESH_SECONDS
    assert await other.now(NOON) == [outage]


async def test_times_come_back_aware_in_utc_whatever_zone_they_were_given_in(storage: Storage) -> None:
    kyiv = NOON.astimezone().replace(microsecond=123456)
    await entered(storage.outages, Utility.POWER, OutageKind.PLANNED, kyiv, None)
    (outage,) = await storage.outages.now(NOON + HOUR)
    assert outage.starts_at == kyiv
    assert outage.starts_at.tzinfo is UTC


async def test_an_appeal_is_found_by_its_number_and_by_its_applicant_until_closed(storage: Storage) -> None:
    for each in (appeal("201"), appeal("202", hours=1), appeal("203", AppealState.CLOSED)):
        await storage.appeals.register(each)
    assert await storage.appeals.find("201") == appeal("201")
    assert await storage.appeals.find("999") is None
    assert await storage.appeals.open_of("+380457900012") == [appeal("202", hours=1), appeal("201")]
    with pytest.raises(AlreadyTaken):
        await storage.appeals.register(appeal("201"))


async def test_everyone_known_under_a_number_is_a_candidate(storage: Storage) -> None:
    olha = await storage.citizens.add("Ольга", "Київський квартал, 3", ["+380457900012", "+380671112233"])
    ivan = await storage.citizens.add("Іван", "Київський квартал, 3", ["+380457900012", "+380457900012"])
    assert await storage.citizens.calling_from("+380457900012") == [olha, ivan]
    assert await storage.citizens.calling_from("+380671112233") == [olha]
    assert await storage.citizens.calling_from("+380000000000") == []


async def test_one_extension_belongs_to_one_dispatcher(storage: Storage) -> None:
    await storage.dispatchers.add("201", "Оля", "s", frozenset())
    with pytest.raises(AlreadyTaken):
        await storage.dispatchers.add("201", "Іван", "s", frozenset())
