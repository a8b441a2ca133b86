"""Outages by real calls: who hears what, checked by the words that a listener writes down."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.calls.call import CallRecord, Direction
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.voice.speech import Language, Phrase
from ivr_flows import outage_phrases, prompts
from ivr_flows.outage_phrases import announcement
from telephony.phone.outgoing import OutgoingCall
from tests.system.heard import heard, recorded, text_of, written
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.words import Listener, likeness

pytestmark = pytest.mark.system

KNOWN_WITHIN_SECONDS = 2
"""What another process enters, as these tests do, the service knows a second later at most."""
GREETED_SECONDS = 3
"""The greeting takes twice as long."""
LIKE_ENOUGH = 0.6
"""The listener writes numbers in digits, and has its own spelling of names."""
AT_HOME, ELSEWHERE, OLD_NAME, UNKNOWN = (f"+38045790000{last}" for last in range(1, 5))
VILNIUS, ATOMNYKIV = "Вільнюський квартал", "вулиця Атомників"
NAMES = tuple(one.name for one in prompts.GREETING)
IN_ENGLISH = prompts.ENGLISH_ON_NINE.name


@pytest.fixture(scope="module")
async def hotline(all_hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with all_hotlines.lent() as one:
        await one.storage.streets.add(demo_streets())
        await one.storage.citizens.add("Олена Коваль", "Вільнюський кв-л, 7, кв. 2", [AT_HOME])
        await one.storage.citizens.add("Петро Мороз", "Ризький квартал, 3", [ELSEWHERE])
        await one.storage.citizens.add("Ганна Бойко", "вул. Курчатова, 5", [OLD_NAME])
        yield one


@pytest.fixture(autouse=True)
async def _all_is_well_again(hotline: Hotline) -> AsyncIterator[None]:
    yield
    for one in await hotline.storage.outages.find(limit=9, over=False):
        await hotline.storage.outages.end(one.id, datetime.now(UTC), By())


async def _off(hotline: Hotline, *areas: Area, **more: object) -> Outage:
    what = {"utility": Utility.WATER, "kind": OutageKind.EMERGENCY, "starts_at": _begun()} | more
    return await hotline.storage.outages.enter(NewOutage(areas=areas, **what), By())  # type: ignore[arg-type]


def _begun() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


async def _calls(hotline: Hotline, number: str) -> OutgoingCall:
    call = await hotline.citizen(number)
    await call.answered()
    return call


def _for(hotline: Hotline, number: str, *outages: Outage) -> Sequence[Phrase]:
    there = {
        AT_HOME: Address(street=VILNIUS, house="7"),
        OLD_NAME: Address(street=ATOMNYKIV, house="5"),
        UNKNOWN: Address(street=ATOMNYKIV, house="5"),
    }[number]
    zone, now = hotline.settings.timezone, datetime.now(UTC)
    return [phrase for one in outages for phrase in announcement(one, [there], zone, now=now)]


async def _from(hotline: Hotline, number: str) -> list[CallRecord]:
    """Give the calls that this number made; we may be calling it meanwhile, as it asked to be told."""
    known = await hotline.calls()
    return [call for call in known if call.number == number and call.direction is Direction.INCOMING]


async def _names(hotline: Hotline, number: str) -> list[str]:
    """All that was said in this number's latest call."""
    latest = (await _from(hotline, number))[-1]
    return await hotline.phrases(latest.id)


async def _until_said(hotline: Hotline, number: str, *either: str, calls: int = 1) -> None:
    """Wait until the latest of so many calls from there hears one of these."""

    async def said() -> bool:
        known = await _from(hotline, number)
        return len(known) >= calls and not {*either}.isdisjoint(await _names(hotline, number))

    await hotline.until(said)


@pytest.mark.nightly  # by day `ivr_flows`, and one that is told in `test_emergencies.py`
async def test_whoever_is_concerned_hears_it_before_the_menu_and_nobody_else(
    hotline: Hotline, listen: Listener
) -> None:
    outage = await _off(hotline, Area(street=VILNIUS, first=1, last=15), reason="Прорив труби.")
    concerned, other = await asyncio.gather(_calls(hotline, AT_HOME), _calls(hotline, ELSEWHERE))
    phrases = _for(hotline, AT_HOME, outage)
    samples = await heard(hotline, concerned, phrases, number=AT_HOME)
    await _until_said(hotline, AT_HOME, outage_phrases.OUTAGE_KEYS.name)
    await concerned.press("1")
    await _until_said(hotline, AT_HOME, outage_phrases.WATCH_NOTED.name)
    await _until_said(hotline, ELSEWHERE, prompts.MENU.name)
    await asyncio.gather(concerned.hang_up(), other.hang_up())
    said = written(listen, samples)
    assert likeness(text_of(phrases), said) > LIKE_ENOUGH, said
    assert "вільн" in said
    names = [*NAMES, IN_ENGLISH, *(one.name for one in phrases), outage_phrases.OUTAGE_KEYS.name]
    assert (await _names(hotline, AT_HOME))[: len(names)] == names
    assert (await _names(hotline, ELSEWHERE))[:5] == [*NAMES, IN_ENGLISH, prompts.MENU.name]
    (watcher,) = await hotline.storage.outage_watch.watchers(outage.id)
    assert (watcher.channel, watcher.address) == (Channel.CALL, AT_HOME)


@pytest.mark.nightly
async def test_several_outages_of_a_renamed_street_are_told_in_order(
    hotline: Hotline, listen: Listener
) -> None:
    heating = await _off(hotline, Area(street=ATOMNYKIV), utility=Utility.HEAT, kind=OutageKind.REPAIR)
    power = await _off(hotline, Area(street=ATOMNYKIV), utility=Utility.POWER)
    call = await _calls(hotline, OLD_NAME)
    phrases = [outage_phrases.SEVERAL_OUTAGES, *_for(hotline, OLD_NAME, power)]
    samples = await heard(hotline, call, phrases, number=OLD_NAME)
    after = await heard(hotline, call, _for(hotline, OLD_NAME, heating), number=OLD_NAME)
    await call.hang_up()
    first, second = written(listen, samples), written(listen, after)
    assert likeness(text_of(phrases), first) > LIKE_ENOUGH, first
    assert "кілька" in first
    assert "опалення" in second, second
    assert "атомник" in second


@pytest.mark.nightly
async def test_an_unknown_caller_is_asked_where_and_known_at_the_next_call(
    hotline: Hotline, listen: Listener
) -> None:
    outage = await _off(hotline, Area(street=VILNIUS), Area(street=ATOMNYKIV, first=1, last=9))
    call = await _calls(hotline, UNKNOWN)
    await hotline.until(lambda: recorded(call) > KNOWN_WITHIN_SECONDS)
    await call.press("1")
    asked = outage_phrases.where_choices({"1": VILNIUS, "2": ATOMNYKIV}, more=False)
    choices = await heard(hotline, call, asked, number=UNKNOWN)
    await call.press("2")
    await _until_said(hotline, UNKNOWN, outage_phrases.ASK_HOUSE.name)
    await call.press("5#")
    samples = await heard(hotline, call, _for(hotline, UNKNOWN, outage), number=UNKNOWN)
    await call.hang_up()
    assert likeness(text_of(asked), written(listen, choices)) > LIKE_ENOUGH
    assert "атомник" in written(listen, samples)
    again = await _calls(hotline, UNKNOWN)
    await _until_said(hotline, UNKNOWN, outage_phrases.OUTAGE_KEYS.name, calls=2)
    await again.hang_up()
    told = [one.name for one in _for(hotline, UNKNOWN, outage)]
    assert [name for name in await _names(hotline, UNKNOWN) if name in told] == told


@pytest.mark.nightly
async def test_nine_tells_it_again_in_english(hotline: Hotline, listen: Listener) -> None:
    outage = await _off(hotline, Area(street=VILNIUS, first=1, last=15))
    calls = len(await _from(hotline, AT_HOME)) + 1
    call = await _calls(hotline, AT_HOME)
    await _until_said(hotline, AT_HOME, outage_phrases.OUTAGE_KEYS.name, calls=calls)
    pressed = datetime.now(UTC)
    await call.press("9")
    phrases, english = _for(hotline, AT_HOME, outage), Language.ENGLISH
    samples = await heard(hotline, call, phrases, number=AT_HOME, language=english, since=pressed)
    await call.hang_up()
    said = written(listen, samples, english)
    assert likeness(text_of(phrases, english), said) > LIKE_ENOUGH, said
    assert "water" in said


async def test_an_outage_that_ended_a_second_ago_is_not_told(hotline: Hotline) -> None:
    outage = await _off(hotline, Area(street=VILNIUS))
    calls = len(await _from(hotline, AT_HOME)) + 1
    call = await _calls(hotline, AT_HOME)
    await _until_said(hotline, AT_HOME, NAMES[-1], calls=calls)
    await hotline.until(lambda: recorded(call) > GREETED_SECONDS)
    await hotline.storage.outages.end(outage.id, datetime.now(UTC), By())
    await _until_said(hotline, AT_HOME, prompts.MENU.name, prompts.MENU_SHORT.name, calls=calls)
    await call.hang_up()
    assert not [name for name in await _names(hotline, AT_HOME) if name.startswith("outage-")]


@pytest.mark.nightly
async def test_an_end_that_was_moved_is_what_the_next_caller_hears(
    hotline: Hotline, listen: Listener
) -> None:
    outage = await _off(hotline, Area(street=VILNIUS))
    said = []
    for end in (None, datetime.now(UTC) + timedelta(days=3)):
        changed = replace(outage, expected_end=end)
        outage = await hotline.storage.outages.change(outage, changed, By())
        call = await _calls(hotline, AT_HOME)
        said.append(await heard(hotline, call, _for(hotline, AT_HOME, outage), number=AT_HOME))
        await call.hang_up()
    before, after = (written(listen, one) for one in said)
    assert "визначен" in before
    assert "очіку" not in before
    assert "очіку" in after
    assert "визначен" not in after
