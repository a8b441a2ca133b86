"""Real calls are replayed from their journeys without telephony: the same caller hears the same."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.city_rules import CityRules
from service.talk.recorded import recorded
from service.talk.replay import otherwise, replay
from service.talk.transcript import typed_in
from service.talk.words import UKRAINIAN
from telephony.phone.sound import tone
from tests.system.hotline import Hotline

pytestmark = pytest.mark.system

DISPATCHER = 700
CALLER = "+380457900001"


async def said(hotline: Hotline, phrase: str) -> None:
    async def begun() -> bool:
        return phrase in [name for call in await hotline.calls() for name in await hotline.phrases(call.id)]

    await hotline.until(begun)


async def replayed(hotline: Hotline) -> list[str]:
    """Where the only call that has ended goes otherwise without telephony; the caller's lines before it."""
    call = await hotline.ended_call()
    zone = hotline.settings.timezone
    was = await recorded(hotline.storage, call.id, zone, CityRules(timezone=zone))
    now = await replay(was, UKRAINIAN, zone)
    assert [line for line in now.lines if CALLER in line] == []
    return [*(line for line in now.lines if line.startswith(">")), *otherwise(was, now)]


@pytest.mark.nightly  # by day `service/talk/test_replay.py`, and the other one
async def test_keys_pressed_ahead_lead_the_replay_where_they_led_the_call(hotline: Hotline) -> None:
    now = datetime.now(UTC)
    appeal = Appeal(
        number="1001",
        applicant_number="+380457999001",
        text="Не світить ліхтар",
        state=AppealState.IN_WORK,
        registered_at=now,
        due_on=(now + timedelta(days=15)).date(),
    )
    await hotline.storage.appeals.register(appeal)
    call = await hotline.citizen(CALLER)
    await call.answered()
    await call.press("921001#")
    await said(hotline, "keys-always")
    await call.hang_up()
    now = await replayed(hotline)
    assert [line for line in now if not line.startswith(">")] == []
    assert "".join(typed_in(line) or "" for line in now).replace(" ", "").replace("!", "") == "921001#x"


async def test_a_talk_is_held_again_in_the_replay(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    call = await hotline.citizen(CALLER)
    await call.answered()
    await call.press("0")
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    await ringing.hang_up()
    await call.ended()
    assert await replayed(hotline) == ["> !0 (перебиває)"]
