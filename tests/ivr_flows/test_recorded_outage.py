"""An outage that a person has recorded is told whole, in that voice, until it changes."""

from datetime import timedelta

import pytest

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.voice.speech import Language
from ivr_flows import outage_phrases
from ivr_flows.greeting import greeting
from ivr_flows.ports import FlowPorts
from tests.fakes.call import FakeCall
from tests.fakes.heads_phone import HeadsPhone

HOUR = timedelta(hours=1)
UK = Language.UKRAINIAN


@pytest.fixture
async def outage(city: FlowPorts, phone: HeadsPhone) -> Outage:
    new = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.REPAIR,
        starts_at=city.clock.now() - HOUR,
        expected_end=city.clock.now() + HOUR,
        reason="Заміна засувки",
    )
    made = await city.outages.enter(new, By())
    phone.said_by_people.add(f"outage-{made.id}")
    return made


async def test_the_recording_is_heard_in_the_place_of_all_its_parts(city: FlowPorts, outage: Outage) -> None:
    call = FakeCall("_")
    await greeting(call, city)
    assert call.heard[4:5] == [f"outage-{outage.id}"]
    assert "outage-1-what" not in "".join(call.heard)


async def test_who_hears_english_hears_the_synthesis(city: FlowPorts, outage: Outage) -> None:
    call = FakeCall("_")
    call.language = Language.ENGLISH
    await greeting(call, city)
    assert f"outage-{outage.id}" not in call.heard
    assert call.heard[4].startswith(f"outage-{outage.id}-what-")


async def test_it_tells_everything_with_all_areas_and_the_reason(city: FlowPorts, outage: Outage) -> None:
    areas = (Area(street="Вільнюський квартал"), Area(street="Ризький квартал"))
    parts = await city.outages.change(
        outage,
        NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.REPAIR,
            starts_at=outage.starts_at,
            reason="Заміна засувки",
            areas=areas,
        ),
        By(),
    )
    words = outage_phrases.as_one(parts, city.timezone, now=city.clock.now()).text(UK).replace("+", "")
    assert "Вільнюському" in words
    assert "Ризькому" in words
    assert "Заміна засувки" in words


async def test_what_it_is_bound_to_outlives_midnight_and_neither_an_edit_nor_its_end(
    city: FlowPorts, outage: Outage
) -> None:
    now, tomorrow = city.clock.now(), city.clock.now() + timedelta(minutes=30)
    first = outage_phrases.as_one(outage, city.timezone, now=now)
    assert outage_phrases.as_one(outage, city.timezone, now=tomorrow).basis(UK) == first.basis(UK)
    overdue = outage_phrases.as_one(outage, city.timezone, now=now + 2 * HOUR)
    assert overdue.basis(UK) != first.basis(UK)
    later = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.REPAIR,
        starts_at=outage.starts_at,
        expected_end=now + 3 * HOUR,
        reason="Заміна засувки",
    )
    moved = await city.outages.change(outage, later, By())
    assert outage_phrases.as_one(moved, city.timezone, now=now).basis(UK) != first.basis(UK)
