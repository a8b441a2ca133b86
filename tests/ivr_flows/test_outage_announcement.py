"""What is off at the caller's own address comes before the menu."""

from datetime import timedelta

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.outages.outage import By, Outage, OutageKind
from hotline.voice.speech import Language, Phrase
from ivr_flows import prompts
from ivr_flows.greeting import greeting
from ivr_flows.ports import FlowPorts
from storage.store import Storage
from tests.fakes.call import FakeCall, aloud
from tests.fakes.outages import entered

FIRST_WORDS = len(prompts.GREETING) + 1
"""The greeting, and the other language offered."""

HOUR = timedelta(hours=1)
VILNIUS, ATOMNYKIV, RIGA = "Вільнюський квартал", "вулиця Атомників", "Ризький квартал"
NUMBER = "+380457900001"
MOBILE = "+380671234567"


@pytest.fixture(autouse=True)
async def _city_with_streets(storage: Storage) -> None:
    await storage.streets.add(demo_streets())


async def _off(
    city: FlowPorts, *streets: str, utility: Utility = Utility.WATER, kind: OutageKind = OutageKind.PLANNED
) -> Outage:
    areas = tuple(Area(street=one) for one in streets)
    return await entered(city.outages, utility, kind, city.clock.now() - HOUR, None, areas=areas)


def _told(call: FakeCall) -> list[str]:
    """The kinds of outage phrases that were heard after the greeting, without the digests of their words."""
    return [name.rsplit("-", 1)[0] if name.count("-") > 2 else name for name in call.heard[FIRST_WORDS:]]


async def test_a_known_caller_hears_of_their_outage_before_any_menu(
    city: FlowPorts, storage: Storage
) -> None:
    outage = await _off(city, VILNIUS, RIGA)
    await storage.citizens.add("Олена Коваль", "Вільнюський кв-л, 7, кв. 2", [NUMBER])
    call = FakeCall("_")
    assert await greeting(call, city) is Next.MENU
    assert _told(call) == ["outage-1-what", "outage-1-times", "outage-keys"]
    assert call.said[FIRST_WORDS].startswith("Планове відключення води у В+ільнюському кварт+алі.")
    assert "Р+изькому" not in "".join(call.said)
    assert call.notes == [(Step.INFORMED, {"about": "outage", "outage": outage.id})]


async def test_a_renamed_street_is_the_same_street(city: FlowPorts, storage: Storage) -> None:
    await _off(city, ATOMNYKIV)
    await storage.citizens.add("Олена Коваль", "вул. Курчатова, 5", [NUMBER])
    call = FakeCall("_")
    await greeting(call, city)
    assert call.said[FIRST_WORDS].startswith("Планове відключення води на в+улиці +Атомників.")


async def test_a_caller_elsewhere_hears_nothing_of_it(city: FlowPorts, storage: Storage) -> None:
    await _off(city, VILNIUS)
    await storage.citizens.add("Олена Коваль", "Ризький квартал, 7", [NUMBER])
    call = FakeCall("_")
    assert await greeting(call, city) is Next.MENU
    assert _told(call) == []


async def test_an_outage_that_has_just_ended_is_not_told(city: FlowPorts, storage: Storage) -> None:
    outage = await _off(city, VILNIUS)
    await storage.citizens.add("Олена Коваль", "Вільнюський квартал, 7", [NUMBER])
    await city.outages.end(outage.id, city.clock.now(), By())
    call = FakeCall("_")
    await greeting(call, city)
    assert _told(call) == []


async def test_several_are_told_in_order_those_of_every_address_of_the_number(
    city: FlowPorts, storage: Storage
) -> None:
    await _off(city, ATOMNYKIV, utility=Utility.HEAT)
    await _off(city, VILNIUS, utility=Utility.POWER, kind=OutageKind.EMERGENCY)
    await _off(city, RIGA, utility=Utility.GAS)
    await storage.citizens.add("Олена Коваль", "Вільнюський квартал, 7", [NUMBER])
    await storage.citizens.add("Петро Коваль", "вул. Атомників, 5", [NUMBER])
    call = FakeCall("_")
    await greeting(call, city)
    assert _told(call) == [
        "several-outages",
        *("outage-2-what", "outage-2-times", "outage-1-what", "outage-1-times"),
        "outage-keys",
    ]
    assert [detail["outage"] for _, detail in call.notes] == [2, 1]


async def test_one_key_has_them_told_when_it_is_over(city: FlowPorts, storage: Storage) -> None:
    outage = await _off(city, VILNIUS)
    await storage.citizens.add("Олена Коваль", "Вільнюський квартал, 7", [MOBILE, NUMBER])
    mobile, again, at_home = FakeCall("1", number=MOBILE), FakeCall("1", number=MOBILE), FakeCall("1")
    for call in (mobile, again, at_home):
        assert await greeting(call, city) is Next.MENU
    assert [call.heard[-1] for call in (mobile, again, at_home)] == [
        *("watch-noted", "watch-known", "watch-noted")
    ]
    watchers = await storage.outage_watch.watchers(outage.id)
    assert [(one.channel, one.address, one.language) for one in watchers] == [
        (Channel.SMS, MOBILE, Language.UKRAINIAN),
        (Channel.CALL, NUMBER, Language.UKRAINIAN),
    ]
    assert mobile.notes[-1] == (Step.ASKED_TO_BE_TOLD, {"outage": outage.id, "by": "sms"})


async def test_a_hidden_number_is_not_offered_what_it_cannot_have(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall("1", number=None)
    assert await greeting(call, city) is Next.OUTAGES
    assert call.heard[-1] == "outage-keys-hidden"


@pytest.mark.parametrize(
    ("key", "leads"),
    [
        *(("0", Next.DISPATCHER), ("2", Next.APPEAL_STATE), ("3", Next.MESSAGE), ("4", Next.EMERGENCY)),
        *(("888", Next.DISPATCHER), ("8_", Next.MENU), ("*_", Next.MENU)),
    ],
)
async def test_keys_of_the_menu_lead_where_they_lead_there(city: FlowPorts, key: str, leads: Next) -> None:
    await _off(city)
    assert await greeting(FakeCall(key), city) is leads


async def test_nine_tells_it_again_in_the_other_language(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall("9_")
    await greeting(call, city)
    assert "Planned outage of water in the whole city." in call.said
    assert call.said[-1].startswith("If you want us to tell you when it is over")


async def test_a_key_pressed_in_the_greeting_waits_for_the_menu(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall("1", impatient=True)
    assert await greeting(call, city) is Next.MENU
    assert "outage-keys" not in call.heard
    assert await city.outage_watch.watchers(1) == []


async def test_what_was_once_keyed_in_counts_at_the_next_call(city: FlowPorts, storage: Storage) -> None:
    await storage.known_places.remember(
        NUMBER, Address(street=VILNIUS, house="9"), call_id="call-0", at=city.clock.now()
    )
    await _off(city, VILNIUS)
    call = FakeCall("_")
    await greeting(call, city)
    assert _told(call) == ["outage-1-what", "outage-1-times", "outage-keys"]


async def test_an_outage_entered_while_they_are_greeted_is_told_as_well(
    city: FlowPorts, storage: Storage
) -> None:
    await storage.citizens.add("Олена Коваль", "Вільнюський квартал, 7", [NUMBER])

    class Greeted(FakeCall):
        async def announce(self, *phrases: Phrase, insist: bool = False) -> bool:
            if not insist:
                await _off(city, VILNIUS)
            return await super().announce(*phrases, insist=insist)

    call = Greeted("_")
    await greeting(call, city)
    assert _told(call) == ["outage-1-what", "outage-1-times", "outage-keys"]


@pytest.mark.parametrize(
    ("number", "by"),
    [(NUMBER, Channel.CALL), (MOBILE, Channel.SMS), ("+4915112345678", None), ("+48221234567", None)],
)
async def test_being_told_is_offered_to_those_alone_whom_a_message_or_a_call_reaches(
    city: FlowPorts, number: str, by: Channel | None
) -> None:
    outage = await entered(
        city.outages, Utility.WATER, OutageKind.EMERGENCY, city.clock.now() - HOUR, None, areas=()
    )
    call = FakeCall("1", number=number)
    await greeting(call, city)
    assert ("outage-keys" in call.heard, "outage-keys-hidden" in call.heard) == (bool(by), not by)
    assert [one.channel for one in await city.outage_watch.watchers(outage.id)] == ([by] if by else [])


@pytest.mark.parametrize(
    ("said", "sure", "watches", "going"),
    [
        ("так", 1.0, True, Next.MENU),
        ("так скажіть коли буде вода", 1.0, True, Next.MENU),
        ("ні дякую", 1.0, False, Next.MENU),
        ("світла немає", 1.0, False, Next.OUTAGES),  # no “no”: something else is off
        ("що з моєю заявкою", 1.0, False, Next.APPEAL_STATE),
        ("газом тхне у під'їзді", 1.0, False, Next.EMERGENCY),
        ("так", 0.1, False, Next.DISPATCHER),  # unsure: asked again, and they press 0
    ],
)
async def test_behind_an_announcement_they_say_what_they_want(
    city: FlowPorts, storage: Storage, said: str, sure: float, *, watches: bool, going: Next
) -> None:
    outage = await _off(city, VILNIUS)
    await storage.citizens.add("Олена Коваль", "Вільнюський квартал, 7", [NUMBER])
    call = FakeCall([aloud(said, sure), "0"])
    assert await greeting(call, city) is going
    asked = [note for note in call.notes if note[0] is Step.ASKED_TO_BE_TOLD]
    assert asked == ([(Step.ASKED_TO_BE_TOLD, {"outage": outage.id, "by": "call"})] if watches else [])
    assert (call.said_in_menu is None) is (going not in {Next.OUTAGES, Next.APPEAL_STATE})


async def test_who_cannot_be_told_later_is_asked_only_what_they_want(city: FlowPorts) -> None:
    await _off(city)
    call = FakeCall([aloud("так"), aloud("диспетчера")], number=None)
    assert await greeting(call, city) is Next.DISPATCHER
    assert call.heard.count("say-or-press") == 2
    assert "outage-aloud" not in call.heard
