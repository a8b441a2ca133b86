"""A dispatcher's telephone puts the citizen on hold: it stands in the journey, over a restart as well."""

import pytest

from hotline.calls.call import Step
from telephony.ari.actions import HELD, OFFER_AGAIN
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.invariants import hold
from tests.system.people import FIRST, SECOND, asks_for_a_dispatcher, in_talk

pytestmark = pytest.mark.system

HOLDS = frozenset({Step.HOLD_BEGAN, Step.HOLD_ENDED})


async def holds(hotline: Hotline) -> list[Step]:
    return [one for one in await hotline.steps((await hotline.only_call()).id) if one in HOLDS]


async def test_holds_stand_in_the_journey_and_are_added_up(hotline: Hotline) -> None:
    call, desk = await in_talk(hotline, await hotline.desk("201"))
    await desk.hold()
    await hotline.reached(Step.HOLD_BEGAN)
    await desk.resume()
    await hotline.reached(Step.HOLD_ENDED)
    await desk.hold()

    async def held_again() -> bool:
        return len(await holds(hotline)) == 3

    await hotline.until(held_again)
    await hotline.kill_service()
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED)
    await desk.resume()

    async def all_ended() -> bool:
        return await holds(hotline) == [Step.HOLD_BEGAN, Step.HOLD_ENDED] * 2

    await hotline.until(all_ended)
    desk.say(tone(SECOND))
    await call.heard_tone(SECOND)
    await desk.hold()
    await hotline.until(lambda: not call.hears_tone(FIRST) and not call.hears_tone(SECOND))
    await call.hang_up()
    await hotline.ended_call()
    assert await holds(hotline) == [*[Step.HOLD_BEGAN, Step.HOLD_ENDED] * 2, Step.HOLD_BEGAN]
    story = await hotline.storage.talks.story((await hotline.only_call()).id)
    assert story.held_seconds > 0
    assert story.asked_seconds == 0
    await hold(hotline)


async def test_a_caller_who_holds_us_is_known_as_such_and_ends_once_their_telephone_knows_of_no_call(
    hotline: Hotline,
) -> None:
    call = await asks_for_a_dispatcher(hotline)
    channel = f"channels/{(await hotline.only_call()).id}/variable"

    async def is_held() -> bool:
        return (await hotline.node.ask("GET", channel, variable=HELD))["value"] == "1"

    assert not await is_held()
    for _ in range(2):
        await call.hold()
        assert await is_held()
        await hotline.node.ask("POST", channel, variable=OFFER_AGAIN, value="invite")
        await call.resume()
        assert not await is_held()
    await call.hold()
    await hotline.node.ask("POST", channel, variable=OFFER_AGAIN, value="invite")
    assert await is_held()
    call.drop()
    await hotline.node.ask("POST", channel, variable=OFFER_AGAIN, value="invite")
    await hotline.ended_call()
