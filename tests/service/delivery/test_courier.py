"""A courier with a real gateway: each notice once, whatever the gateway does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import Attachment, Message, QuietHours, Refused, Word
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice
from service.delivery.courier import CourierLimits
from service.delivery.files import FileCarrier
from service.delivery.http_gateway import HttpGateway
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.sms_gateway import Gateway
from tests.storage.enterprise import NUMBER, City

from .conftest import LATER, courier, gateway, message, plan, the_only

QUIET = QuietHours(since=time(21), until=time(8), zone=KYIV)


async def test_what_is_owed_is_handed_over_once_with_its_key_and_secret(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        one = courier(city.storage, clock, carrier)
        while await one.round():
            pass
        await one.round()
        (sent,) = far.delivered
        (request,) = far.requests
    notice = await the_only(city.storage, appeal.number)
    assert (notice.state, notice.provider_id) == (NoticeState.SENT, f"gw-{notice.key}")
    assert sent["to"] == NUMBER.lstrip("+")
    assert sent["text"].startswith(f"Ваше звернення № {appeal.number} зареєстровано.")
    assert sent["reference"] == notice.key
    assert request.headers["Authorization"] == "Bearer s3cret"


async def test_a_gateway_that_is_busy_is_left_alone_and_tried_again(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    first, second = await city.enter(category="water-none"), await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        far.answers = [503]
        one = courier(city.storage, clock, carrier, limits=CourierLimits(at_once=1))
        assert not await one.round()
        assert not await one.round()  # the second notice does not run into the same wall
        assert len(far.requests) == 1
        notice = await the_only(city.storage, first.number)
        assert (notice.state, notice.fault) == (NoticeState.OWED, "gateway answered 503")
        assert notice.due_at > clock.now()
        clock.pass_(seconds=LATER.total_seconds())
        again = courier(city.storage, clock, carrier)  # after a restart nobody remembers the pause
        while await again.round():
            pass
        assert len(far.delivered) == 2
    for appeal in (first, second):
        assert (await the_only(city.storage, appeal.number)).state is NoticeState.SENT


async def test_what_is_refused_waits_for_a_person_and_others_go_on(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    first, second = await city.enter(category="water-none"), await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        far.answers = [400]
        one = courier(city.storage, clock, carrier, limits=CourierLimits(at_once=1))
        while await one.round():
            pass
        refused = await the_only(city.storage, first.number)
        assert (refused.state, refused.fault[:20]) == (NoticeState.FAILED, "gateway answered 400")
        assert (await the_only(city.storage, second.number)).state is NoticeState.SENT
        assert [one.id for one in await city.storage.outbox.undecided()] == [refused.id]
        await city.storage.outbox.decide(refused.id, NoticeEvent.SEND_AGAIN, clock.now())
        while await one.round():
            pass
        sent = await the_only(city.storage, first.number)
        assert (sent.state, sent.round) == (NoticeState.SENT, 1)
        assert sent.key != refused.key  # a gateway that remembers its refusal does not give it again
        assert far.delivered[-1]["reference"] == sent.key


async def test_what_has_no_files_in_time_was_surely_not_handed_over_and_holds_up_nobody(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    first, second = await city.enter(category="water-none"), await city.enter(category="water-none")

    async def attach(notice: Notice) -> Sequence[Attachment]:
        if notice.number == first.number:
            await asyncio.Event().wait()
        return [Attachment(name="report.pdf", media_type="application/pdf", content=b"%PDF")]

    carrier = FileCarrier(tmp_path, KYIV)
    limits = CourierLimits(attach_seconds=0.05)
    one = courier(city.storage, clock, carrier, limits=limits, attach=attach)
    while await one.round():
        pass
    late = await the_only(city.storage, first.number)
    assert (late.state, late.fault) == (NoticeState.OWED, "its files were not made in time")
    sent = await the_only(city.storage, second.number)
    assert sent.state is NoticeState.SENT
    (written,) = tmp_path.rglob("*-report.pdf")
    assert written.read_bytes() == b"%PDF"


async def test_no_short_message_goes_to_a_number_that_the_city_does_not_pay_for(tmp_path: Path) -> None:
    async with gateway(tmp_path, only_to=("+38067",)) as (far, carrier):
        with pytest.raises(Refused, match="HOTLINE_SMS_PREFIXES"):
            await carrier.hand_over(message("+992931234567"))
        await carrier.hand_over(message("+380671234567"))
    assert len(far.requests) == 1


async def test_a_broken_line_leaves_it_unsure_where_nobody_can_be_asked(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        far.answers = [None]
        one = courier(city.storage, clock, carrier)
        await one.round()
        clock.pass_(days=1)
        again = courier(city.storage, clock, carrier)
        while await again.round():
            pass
        assert len(far.delivered) == 1
    notice = await the_only(city.storage, appeal.number)
    assert (notice.state, notice.fault) == (
        NoticeState.UNSURE,
        "gateway gave no answer: ServerDisconnectedError",
    )


async def test_a_gateway_that_can_be_asked_settles_what_is_unsure(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    async with gateway(tmp_path, asks=True) as (far, carrier):
        far.answers = [None]
        await courier(city.storage, clock, carrier).round()
        assert (await the_only(city.storage, appeal.number)).state is NoticeState.UNSURE
        clock.pass_(seconds=LATER.total_seconds())
        again = courier(city.storage, clock, carrier)
        while await again.round():
            pass
        notice = await the_only(city.storage, appeal.number)
        assert (notice.state, notice.provider_id) == (NoticeState.SENT, f"gw-{notice.key}")
        assert far.asked == [notice.key]
        assert len(far.delivered) == 1


async def test_what_the_gateway_never_had_is_handed_over_again(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    outbox = city.storage.outbox
    await outbox.claim((Channel.SMS,), clock.now())  # and then the process dies
    clock.pass_(seconds=LATER.total_seconds())
    async with gateway(tmp_path, asks=True) as (far, carrier):
        one = courier(city.storage, clock, carrier)
        await one.round()
        assert (await the_only(city.storage, appeal.number)).state is NoticeState.UNSURE
        clock.pass_(seconds=LATER.total_seconds())
        while await one.round():
            pass
        assert [each["reference"] for each in far.delivered] == [far.asked[0]]
    assert (await the_only(city.storage, appeal.number)).state is NoticeState.SENT


async def test_the_gateways_word_on_delivery_is_kept(city: City, clock: MovedClock, tmp_path: Path) -> None:
    first, second = await city.enter(category="water-none"), await city.enter(category="water-none")
    async with gateway(tmp_path, asks=True) as (far, carrier):
        one = courier(city.storage, clock, carrier)
        while await one.round():
            pass
        good, bad = await the_only(city.storage, first.number), await the_only(city.storage, second.number)
        far.states |= {good.key: "delivered", bad.key: "undelivered"}
        clock.pass_(seconds=LATER.total_seconds())
        await one.round()
        assert (await the_only(city.storage, first.number)).state is NoticeState.DELIVERED
        lost = await the_only(city.storage, second.number)
        assert (lost.state, lost.fault) == (NoticeState.FAILED, "undelivered")


async def test_at_night_only_what_cannot_wait_is_sent_and_the_rest_in_the_morning(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    clock.moment = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # half past eleven in the evening there
    waits = await city.enter(category="heat-none", registered_at=clock.now())
    alarm = await city.enter(
        category="water-none", registered_at=clock.now(), urgency=Urgency.EMERGENCY, applicant=None
    )
    for answer in await city.storage.outbox.claim((Channel.SMS,), clock.now()):  # answers go at once
        await city.storage.outbox.sent(answer.id, clock.now())
    for appeal in (waits, alarm):
        await _noted(city, clock, appeal.number)
    async with gateway(tmp_path) as (far, carrier):
        one = courier(city.storage, clock, carrier, quiet=QUIET)
        while await one.round():
            pass
        assert [alarm.number in each["text"] for each in far.delivered] == [True]
        clock.moment = datetime(2026, 3, 3, 5, 59, tzinfo=UTC)
        await one.round()
        assert len(far.delivered) == 1
        clock.pass_(minutes=1)
        while await one.round():
            pass
        assert waits.number in far.delivered[1]["text"]
        (noted, *_rest) = await city.storage.outbox.of_appeal(waits.number)
        assert noted.tries == 1  # waiting is no try


async def _noted(city: City, clock: MovedClock, number: str) -> None:
    from hotline.appeals.acts.keeping import Note  # noqa: PLC0415

    note = Note(by=city.dispatcher, at=clock.now(), text="Майстер буде завтра", internal=False)
    await city.storage.handling.carry_out(number, note, version=None)


async def test_no_more_than_the_pace_allows_is_sent_in_a_minute(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    for _ in range(5):
        await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        one = courier(city.storage, clock, carrier, limits=CourierLimits(per_minute=3))
        while await one.round():
            pass
        assert len(far.delivered) == 3


async def test_a_notice_is_given_up_after_two_days_and_a_person_is_asked(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        for _ in range(60):
            far.answers = [503]
            await courier(city.storage, clock, carrier).round()
            clock.pass_(hours=2)
        assert 10 < len(far.requests) < 40
    assert (await the_only(city.storage, appeal.number)).state is NoticeState.FAILED


async def test_several_couriers_deliver_each_notice_once(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    for _ in range(12):
        await city.enter(category="water-none")
    async with gateway(tmp_path) as (far, carrier):
        couriers = [courier(city.storage, clock, carrier) for _ in range(3)]
        for _ in range(3):
            await asyncio.gather(*(one.round() for one in couriers))
        references = [each["reference"] for each in far.delivered]
    assert len(references) == len(set(references)) == 12


async def test_without_a_gateway_each_notice_is_a_readable_file(
    city: City, storage: Storage, clock: MovedClock, tmp_path: Path
) -> None:
    appeal = await city.enter(category="water-none")
    carrier = FileCarrier(tmp_path / "outbox", KYIV)
    while await courier(storage, clock, carrier).round():
        pass
    notice = await the_only(storage, appeal.number)
    (file,) = (tmp_path / "outbox").iterdir()
    assert notice.provider_id == f"file:{file.name}"
    assert file.name == f"20260302-140000-{notice.key}.txt"
    assert file.read_text("utf-8").startswith(f"Кому: {NUMBER}\n\nВаше звернення № {appeal.number}")
    assert timedelta() < clock.now() - notice.owed_at + timedelta(seconds=1)


class Stumbling(HttpGateway):
    """A way to the gateway that breaks, as no foreseen error does, on one notice."""

    stumbles_over = ""

    async def hand_over(self, message: Message) -> str:
        if message.key == self.stumbles_over:
            raise RuntimeError(message.key)
        return await super().hand_over(message)

    async def ask(self, *, key: str, provider_id: str) -> Word:
        if key == self.stumbles_over:
            raise RuntimeError(key)
        return await super().ask(key=key, provider_id=provider_id)


async def test_a_notice_that_cannot_be_worked_off_does_not_block_the_next(
    city: City, clock: MovedClock, tmp_path: Path
) -> None:
    poison = await city.enter(category="water-none")
    async with stumbling(tmp_path) as (far, carrier):
        carrier.stumbles_over = (await the_only(city.storage, poison.number)).key
        one = courier(city.storage, clock, carrier)
        for _ in range(3):
            while await one.round():
                pass
            good = await city.enter(category="water-none")
            clock.pass_(seconds=LATER.total_seconds())
        while await one.round():
            pass
        assert len(far.delivered) == 3
    assert (await the_only(city.storage, good.number)).state is NoticeState.SENT
    notice = await the_only(city.storage, poison.number)
    assert (notice.state, notice.fault) == (NoticeState.UNSURE, "failed unexpectedly: see the log")


@asynccontextmanager
async def stumbling(folder: Path) -> AsyncIterator[tuple[Gateway, Stumbling]]:
    far = Gateway(idempotent=False)
    connector = aiohttp.TCPConnector(force_close=True)
    async with TestServer(far.app()) as server, aiohttp.ClientSession(connector=connector) as session:
        assert server.port
        described = plan(folder, server.port, asks=True)
        yield far, Stumbling(described, session, sender="Slavutych", secret="s3cret")
