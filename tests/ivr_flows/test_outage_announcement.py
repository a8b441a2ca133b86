"""What is off in the city, told by the machine."""

from datetime import timedelta

from hotline.calls import Step
from hotline.conversation import Next
from hotline.outages import By, OutageKind, Utility
from hotline.speech import Language
from ivr_flows.city import City
from ivr_flows.outage_announcement import outage_announcement
from tests.fakes.call import FakeCall
from tests.fakes.outages import entered


async def test_no_outage_is_an_answer_too(city: City) -> None:
    call = FakeCall()
    assert await outage_announcement(call, city) is Next.MENU
    assert call.heard == ["no-outages"]
    assert call.steps == [Step.INFORMED]


async def test_every_outage_is_told_emergencies_first(city: City) -> None:
    now = city.clock.now()
    await entered(city.outages, Utility.POWER, OutageKind.PLANNED, now - timedelta(hours=3), None)
    await entered(city.outages, Utility.HEAT, OutageKind.EMERGENCY, now - timedelta(hours=1), None)
    call = FakeCall()
    assert await outage_announcement(call, city) is Next.MENU
    assert call.heard == ["outage-2", "outage-1"]
    assert call.notes == [(Step.INFORMED, {"about": "outage"})]


async def test_an_outage_that_has_ended_or_not_begun_is_not_told(city: City) -> None:
    now = city.clock.now()
    over = await entered(city.outages, Utility.GAS, OutageKind.REPAIR, now - timedelta(hours=2), None)
    await city.outages.end(over.id, now, By())
    await entered(city.outages, Utility.WATER, OutageKind.PLANNED, now + timedelta(hours=2), None)
    call = FakeCall()
    await outage_announcement(call, city)
    assert call.heard == ["no-outages"]


async def test_it_is_told_in_the_callers_language(city: City) -> None:
    now = city.clock.now()
    await entered(
        city.outages,
        Utility.HOT_WATER,
        OutageKind.PLANNED,
        now - timedelta(hours=1),
        now + timedelta(hours=6),
    )
    call = FakeCall()
    await outage_announcement(call, city)
    await call.speak(Language.ENGLISH)
    await outage_announcement(call, city)
    assert call.said == [
        (
            "Планове відключення гарячої води. Почалося сьогодні об одинадцятій годині. "
            "Відновлення очікується сьогодні до вісімнадцятої години."
        ),
        (
            "Planned outage of hot water. It began today at eleven in the morning. "
            "It is expected to be over today by six in the evening."
        ),
    ]


async def test_whoever_cuts_it_short_was_not_informed(city: City) -> None:
    call = FakeCall("1", impatient=True)
    assert await outage_announcement(call, city) is Next.MENU
    assert call.steps == []
