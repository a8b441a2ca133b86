"""Whoever asked is called when an outage is over: real Asterisk, and citizens who are real SIP phones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import soxr

from hotline.calls.call import Direction, Outcome, Step
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.outages.answers import WatcherAnswer
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.outages.telling import OutageChange
from hotline.voice.speech import Language
from ivr_flows import outage_over_phrases
from storage.delivery.outbox import StoredOutbox
from tests.system.heard import recorded
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.outside import Outside
from tests.words import Listener, likeness

pytestmark = pytest.mark.system

MARIA, IVAN, LANDLINE = "+380671112301", "+380671112302", "+380457921580"
RATE = 8000
LIKE_ENOUGH = 0.7
LEAST_HEARD = 100
"""Letters of twelve seconds, as the slowest speak."""


def daytime() -> str:
    """A time zone in which it is about noon now: nobody is called at night."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@dataclass(kw_only=True)
class City(Outside):
    """The hotline, the provider through whom calls leave, and outages that are over."""

    async def over(self, *numbers: str) -> Outage:
        """An outage that these numbers asked about, ended now."""
        storage, now = self.hotline.storage, SystemClock().now()
        new = NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.REPAIR,
            starts_at=now - timedelta(hours=1),
            areas=(Area(street="Київський квартал"),),
        )
        outage = await storage.outages.enter(new, By())
        for number in numbers:
            await storage.outage_watch.watch(
                outage.id, channel=Channel.CALL, address=number, language=Language.UKRAINIAN, at=now
            )
        await storage.outages.end(outage.id, now, By())
        return await storage.outages.get(outage.id)

    async def said(self, outage: Outage, answers: dict[WatcherAnswer, int]) -> None:
        """Wait until these are the answers."""

        async def there() -> bool:
            return await self.hotline.storage.outage_answers.latest(outage.id) == answers

        await self.hotline.until(there)

    async def call_is(self, state: NoticeState, fault: str = "") -> None:
        """Wait until the first call that was owed came to this."""
        outbox: StoredOutbox = self.hotline.storage.outbox

        async def there() -> bool:
            one = await outbox.find(1)
            return one is not None and (one.state, one.fault) == (state, fault)

        await self.hotline.until(there)


@pytest.fixture
async def city(hotlines: Hotlines) -> AsyncIterator[City]:
    given = {
        "HOTLINE_TIMEZONE": daytime(),
        "HOTLINE_OUTAGE_SETTLE_SECONDS": "0",
        "HOTLINE_AUTOMATIC_CALLS": "1",
    }
    async with hotlines.calling_outside(**given) as outside:
        await outside.hotline.storage.streets.add(demo_streets())
        yield City(**vars(outside))


@pytest.mark.nightly
async def test_one_says_that_it_is_restored_and_what_they_hear_is_understood(
    city: City, listen: Listener
) -> None:
    outage = await city.over(MARIA)
    called = await city.rung(MARIA)
    await called.ring()
    await called.answer()
    await called.heard_voice()
    await city.hotline.until(lambda: recorded(called) > 12)
    await called.press("1")
    await city.said(outage, {WatcherAnswer.RESTORED: 1})
    await city.call_is(NoticeState.SENT)
    await called.ended()

    call = await city.hotline.ended_call()
    assert (call.number, call.direction, call.outcome) == (MARIA, Direction.OUTGOING, Outcome.TOLD)
    zone = city.hotline.settings.timezone
    news = outage_over_phrases.news(outage, OutageChange.OVER, zone, now=SystemClock().now())
    told = (outage_over_phrases.WHO_CALLS, news, outage_over_phrases.ASK)
    text = " ".join(one.written(Language.UKRAINIAN) for one in told)
    samples = soxr.resample(called.recording()[: 14 * RATE], RATE, 2 * RATE)
    heard = listen(samples, Language.UKRAINIAN)
    assert len(heard) > LEAST_HEARD, heard
    assert likeness(text[: len(heard)], heard) > LIKE_ENOUGH, heard
    await compare(city.hotline)
    assert len(city.provider.calls) == 1


async def test_two_says_that_it_is_not_and_an_appeal_of_the_outage_is_there(city: City) -> None:
    outage = await city.over(MARIA, IVAN)
    for number in (MARIA, IVAN):
        called = await city.rung(number)
        await called.answer()
        await called.heard_voice()
        await called.press("2")
        await called.ended()
    await city.said(outage, {WatcherAnswer.NOT_RESTORED: 2})
    reports = await city.hotline.storage.outage_reports.of_outage(outage.id)
    assert {one.number for one in reports} == {MARIA, IVAN}
    assert all(one.appeal for one in reports)
    (told,) = await city.hotline.storage.outbox.on_page("head")
    assert told.about == "outage-disputed"


async def test_zero_leads_to_a_dispatcher_who_talks_with_them(city: City) -> None:
    phone = await city.hotline.desk("201")
    outage = await city.over(MARIA)
    called = await city.rung(MARIA)
    await called.answer()
    await called.heard_voice()
    await called.press("0")
    ringing = await phone.next_call()
    await ringing.answer()
    await city.said(outage, {WatcherAnswer.DISPATCHER: 1})

    async def talks() -> bool:
        (call,) = await city.hotline.calls()
        return any(one.step is Step.TALK_STARTED for one in await city.hotline.journey(call.id))

    await city.hotline.until(talks)
    await ringing.hang_up()
    await called.ended()
    call = await city.hotline.ended_call()
    assert call.outcome is Outcome.TALKED
    await city.call_is(NoticeState.SENT)


@pytest.mark.parametrize(
    ("code", "fault"), [(486, "busy"), pytest.param(480, "no-answer", marks=pytest.mark.nightly)]
)
async def test_who_cannot_come_to_the_telephone_is_called_again_later(
    city: City, code: int, fault: str
) -> None:
    await city.over(MARIA)
    await (await city.rung(MARIA)).reject(code)
    await city.call_is(NoticeState.OWED, fault)
    assert len(city.provider.calls) == 1


async def test_who_refuses_is_told_by_a_short_message_and_a_landline_is_counted(city: City) -> None:
    outage = await city.over(MARIA, LANDLINE)
    for number in (MARIA, LANDLINE):
        await (await city.rung(number)).reject(603)
    await city.said(outage, {WatcherAnswer.UNREACHED: 2})
    folder = city.hotline.settings.folders.outbox
    await city.hotline.until(lambda: folder.is_dir() and any(folder.iterdir()))
    (file,) = folder.glob("*.txt")
    text = file.read_text("utf-8")
    assert text.startswith(f"Кому: {MARIA}\n\nВодопостачання відновлено: Київський квартал.")


@pytest.mark.nightly  # by day `service/outages/test_calls.py`, and who is busy on a real call
async def test_silence_is_no_answer_and_is_tried_once_more_later(city: City) -> None:
    await city.over(MARIA)
    called = await city.rung(MARIA)
    await called.answer()
    await called.heard_voice()
    await called.ended(timeout=150)
    await city.call_is(NoticeState.OWED, "unheard")
    call = await city.hotline.ended_call()
    assert call.outcome is Outcome.NOT_HEARD_OUT


@pytest.mark.nightly  # by day in `test_dialler_killed.py`
async def test_killed_in_the_call_nobody_is_called_twice_at_once_and_nobody_is_forgotten(city: City) -> None:
    outage = await city.over(MARIA)
    called = await city.rung(MARIA)
    await called.answer()
    await called.heard_voice()
    await city.hotline.kill_service()
    await city.hotline.start_service()
    await called.ended()
    await city.call_is(NoticeState.OWED, "interrupted")
    assert len(city.provider.calls) == 1
    assert await city.hotline.storage.outage_answers.latest(outage.id) == {}
    await compare(city.hotline, reconciled=True)


async def test_what_moves_is_told_and_confirmed_by_a_key(city: City) -> None:
    storage, now = city.hotline.storage, SystemClock().now()
    new = NewOutage(
        utility=Utility.POWER,
        kind=OutageKind.REPAIR,
        starts_at=now - timedelta(hours=1),
        expected_end=now + timedelta(hours=1),
    )
    outage = await storage.outages.enter(new, By())
    await storage.outage_watch.watch(
        outage.id, channel=Channel.CALL, address=MARIA, language=Language.ENGLISH, at=now
    )
    await storage.outages.change(outage, replace(new, expected_end=now + timedelta(hours=4)), By())
    called = await city.rung(MARIA)
    await called.answer()
    await called.heard_voice()
    await called.press("1")
    await city.said(outage, {WatcherAnswer.HEARD: 1})
    call = await city.hotline.ended_call()
    assert (call.language, call.outcome) == (Language.ENGLISH, Outcome.TOLD)
