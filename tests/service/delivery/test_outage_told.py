"""An outage that ends or moves arrives once: in a real letter, in a real gateway, by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import QuietHours
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.voice.speech import Language
from service.delivery.courier import Courier
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.mail_server import mail_server

from .conftest import courier, gateway
from .test_mail import to

SETTLING = timedelta(minutes=2)
QUIET = QuietHours(since=time(21), until=time(8), zone=KYIV)
MARIA, IVAN = "maria@example.com", "+380671112233"


async def watched(
    storage: Storage, clock: MovedClock, kind: OutageKind = OutageKind.REPAIR
) -> tuple[Outage, NewOutage]:
    now = clock.now()
    new = NewOutage(
        utility=Utility.WATER, kind=kind, starts_at=now - timedelta(hours=1), expected_end=_hours(now, 1)
    )
    outage = await storage.outages.enter(new, By())
    for channel, address in ((Channel.EMAIL, MARIA), (Channel.SMS, IVAN)):
        await storage.outage_watch.watch(
            outage.id, channel=channel, address=address, language=Language.UKRAINIAN, at=now
        )
    return outage, new


def _hours(at: datetime, hours: float) -> datetime:
    return at + timedelta(hours=hours)


async def deliver(storage: Storage, clock: MovedClock, couriers: Sequence[Courier]) -> None:
    clock.pass_(seconds=SETTLING.total_seconds())
    await storage.outage_telling.tell(clock.now(), SETTLING)
    for one in couriers:
        while await one.round():
            pass


async def test_that_it_is_over_arrives_once_by_letter_and_by_short_message(
    storage: Storage, clock: MovedClock, tmp_path: Path
) -> None:
    outage, _ = await watched(storage, clock)
    await storage.outages.end(outage.id, clock.now(), By())
    async with gateway(tmp_path) as (far, carrier), mail_server() as letters:
        both = [
            courier(storage, clock, carrier),
            courier(storage, clock, to(letters), Channel.EMAIL),
        ]
        await deliver(storage, clock, both)
        await deliver(storage, clock, both)
    assert [(one["to"], one["text"]) for one in far.delivered] == [
        (IVAN.lstrip("+"), "Водопостачання відновлено. Якщо у вас ні, телефонуйте: 1580.")
    ]
    assert letters.recipients == [MARIA]
    (letter,) = letters.whole
    assert letter["Subject"] == "Водопостачання відновлено"
    assert "Якщо у вас це не так, зателефонуйте, будь ласка: 1580." in letter.get_content()


async def test_a_moved_end_waits_for_the_morning_unless_it_is_an_emergencys(
    storage: Storage, clock: MovedClock, tmp_path: Path
) -> None:
    clock.pass_(seconds=timedelta(hours=10).total_seconds())  # midnight in Kyiv
    repair, planned = await watched(storage, clock)
    emergency, new = await watched(storage, clock, OutageKind.EMERGENCY)
    await storage.outages.change(repair, replace(planned, expected_end=_hours(clock.now(), 12)), By())
    await storage.outages.change(emergency, replace(new, expected_end=None), By())
    async with gateway(tmp_path) as (far, carrier):
        one = courier(storage, clock, carrier, quiet=QUIET)
        await deliver(storage, clock, [one])
        assert [sent["text"] for sent in far.delivered] == [
            "Водопостачання: коли буде відновлено, поки невідомо. Повідомимо вас. Довідки: 1580."
        ]
        clock.pass_(seconds=timedelta(hours=11).total_seconds())
        await deliver(storage, clock, [one])
    assert [sent["text"] for sent in far.delivered[1:]] == [
        "Водопостачання: відновлення перенесено на 03.03.2026 о 12:00. Довідки: 1580."
    ]
