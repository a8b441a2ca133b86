"""Who is told that outages are entered late or are overdue, on a real database and in whole sentences."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.wording import House, Wording
from hotline.outages.late_entries import OutageEntries
from hotline.outages.outage import By, EntrySource, NewOutage, OutageKind
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.fakes.databases import fresh_storage
from tests.storage.enterprise import CONTACTS

WORDING = Wording(House(number="1580", zone=ZoneInfo("Europe/Kyiv")))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def storage(clock: MovedClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


async def test_the_head_and_the_manager_are_told_once_of_each(storage: Storage, clock: MovedClock) -> None:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", CONTACTS)
    new = NewOutage(
        utility=Utility.HEAT,
        kind=OutageKind.EMERGENCY,
        starts_at=clock.now() - timedelta(hours=2),
        expected_end=clock.now() + timedelta(hours=1),
        areas=(Area(street="Київський квартал", first=1, last=15),),
        executor_id=heat.id,
    )
    by = By(source=EntrySource.ENTERPRISE, executor_id=heat.id)
    entered = await storage.outages.enter(new, by)

    def looking() -> OutageEntries:
        return OutageEntries(storage.outages, storage.executors, storage.outbox, clock)

    entries = looking()
    for one in (entries, entries, looking()):  # the third as after a restart
        await one.once()
    clock.pass_(hours=2)
    await entries.once()
    head = [WORDING.line(one, Language.UKRAINIAN) for one in await storage.outbox.on_page("head")]
    whose = "(Тепломережі): Опалення, Київський квартал, 1–15"
    times = "почалося 02.03.2026 о 12:00, внесено 02.03.2026 о 14:00"
    assert sorted(head) == [
        f"Відключення внесено із запізненням {whose}, {times}",
        f"Час завершення відключення минув {whose}, очікували 02.03.2026 о 15:00",
    ]
    (late,) = await storage.outbox.claim([Channel.EMAIL], clock.now())
    await storage.outbox.sent(late.id, clock.now())  # the second goes when the first has gone
    (over,) = await storage.outbox.claim([Channel.EMAIL], clock.now())
    assert {late.address, over.address} == {"director@example.org"}
    texts = [WORDING.message(one).text for one in (late, over)]
    assert ["внесли його лише 02.03.2026 о 14:00" in text for text in texts] == [True, False]
    assert "обіцяли 02.03.2026 о 15:00" in texts[1]
    await storage.outages.change(entered, replace(new, expected_end=clock.now() + timedelta(hours=1)), by)
    await entries.once()
    assert len(await storage.outbox.on_page("head")) == 2
