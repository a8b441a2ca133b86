"""Rescuers, police, ambulance and gas are brought into a running talk; their numbers are nobody else's."""

import pytest
from playwright.async_api import expect

from hotline.calls.call import Step
from hotline.line.presence_states import Presence
from telephony.phone.call import Call
from telephony.phone.incoming import IncomingCall
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.people import CITIZEN, FIRST, SECOND
from tests.system.test_calling_out import City, city
from tests.system.test_conference import hears_both, in_talk

pytestmark = pytest.mark.system
__all__ = ["city"]


async def test_one_press_in_a_talk_calls_the_gas_service_and_one_more_joins_all_three(city: City) -> None:
    citizen = await in_talk(city)

    await city.desk.page.click("[data-emergency='104']")
    service = await city.provider.next_call()
    assert user_of(service.invite.uri) == "104"
    await service.answer(tone(SECOND))
    await service.heard_tone(FIRST)
    await city.hotline.until(lambda: not citizen.hears_tone(FIRST) and not citizen.hears_tone(SECOND))
    await city.third_is("alone")
    await city.desk.press("Shift+F8")

    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))
    await city.hotline.until(lambda: hears_both(service, FIRST, CITIZEN))
    seen = await city.hotline.storage.audit.latest(50)
    assert ("number:104", "third") in [(one.subject, one.detail) for one in seen]


async def with_service(city: City, number: str) -> tuple[Call, IncomingCall]:
    """A citizen and a service, who hear the dispatcher and each other."""
    citizen = await in_talk(city)
    await city.desk.page.click(f"[data-emergency='{number}']")
    service = await city.provider.next_call()
    await service.answer(tone(SECOND))
    await city.third_is("alone")
    await city.desk.press("Shift+F8")
    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))
    return citizen, service


async def talk_to_the_end(city: City, citizen: Call, service: IncomingCall) -> None:
    """The two alone hear each other, until the service hangs up."""
    await city.hotline.reached(Step.LEFT_TOGETHER)
    await city.hotline.until(lambda: not citizen.hears_tone(FIRST) and citizen.hears_tone(SECOND))
    await service.heard_tone(CITIZEN)
    assert service.end is None
    await service.hang_up()
    await citizen.ended()
    steps = await city.hotline.steps((await city.hotline.ended_call()).id)
    assert Step.RETURNED_TO_LINE not in steps
    assert steps.count(Step.LEFT_TOGETHER) == 1


@pytest.mark.nightly
async def test_the_citizen_and_the_service_talk_on_when_the_dispatchers_page_is_loaded_anew(
    city: City,
) -> None:
    citizen, service = await with_service(city, "104")
    await city.desk.page.reload()
    await talk_to_the_end(city, citizen, service)


@pytest.mark.nightly
async def test_the_service_stays_with_the_citizen_also_after_ours_was_killed_and_begun_again(
    city: City,
) -> None:
    citizen, service = await with_service(city, "101")
    await city.hotline.kill_service()
    await city.hotline.start_service()
    await city.hotline.reached(Step.SERVICE_RESUMED)
    await city.third_is("together")
    await expect(city.desk.page.locator("[data-softphone]")).to_contain_text("101")
    await city.desk.page.reload()
    await talk_to_the_end(city, citizen, service)


@pytest.mark.nightly
@pytest.mark.parametrize("leaves", [True, False], ids=["left them together", "lost their phone meanwhile"])
async def test_no_restart_of_ours_tears_the_citizen_from_the_service_when_the_dispatcher_has(
    city: City, *, leaves: bool
) -> None:
    citizen, service = await with_service(city, "103")
    if leaves:
        await city.desk.press("Control+F8")
        await city.hotline.reached(Step.LEFT_TOGETHER)
    await city.hotline.kill_service()
    if not leaves:
        (leg,) = [one for one in await city.hotline.node.ask("GET", "channels") if one["id"][:5] == "ring-"]
        await city.hotline.node.end_channel(leg["id"])
    await city.hotline.start_service()
    await city.hotline.reached(Step.SERVICE_RESUMED)
    await talk_to_the_end(city, citizen, service)


async def test_a_typed_102_is_the_police_though_a_colleague_has_that_extension(city: City) -> None:
    colleague = await city.hotline.desk("102")
    await city.hotline.presence("102", Presence.PAUSED, "tea")
    citizen = await in_talk(city)
    await city.hotline.presence("102", Presence.READY)

    await city.desk.dials("102", "call")
    police = await city.provider.next_call()
    assert user_of(police.invite.uri) == "102"
    await police.answer(tone(SECOND))
    await police.heard_tone(FIRST)
    await police.hang_up()
    await city.third_is("none")
    await citizen.heard_tone(FIRST)
    await city.desk.dials("102", "transfer")
    await expect(city.desk.page.get_by_role("alert")).to_contain_text("Екстрену службу")
    await citizen.heard_tone(FIRST)
    assert not colleague.calls


async def test_a_third_who_is_given_up_by_hand_is_no_failure_on_the_page(city: City) -> None:
    citizen = await in_talk(city)
    await city.desk.page.click("[data-emergency='103']")
    await city.provider.next_call()
    await city.third_is("ringing")

    await city.desk.press("F4")

    await city.third_is("none")
    await citizen.heard_tone(FIRST)
    await expect(city.desk.page.locator("[data-part=outside]")).to_be_hidden()
