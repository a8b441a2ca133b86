"""The service dies while somebody tells the machine their message."""

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.sound import tone
from telephony.phone.timeline import Instant
from tests.system.hotline import Hotline
from tests.system.oracle import compare
from tests.system.people import SPOKEN_SECONDS, spoken

pytestmark = pytest.mark.system

CITIZEN = 440


async def test_whoever_was_leaving_a_message_does_not_hear_silence_afterwards(hotline: Hotline) -> None:
    call = await hotline.citizen("+380457900014", tone(CITIZEN))
    await call.answered()
    await call.press("3")
    await hotline.reached(Step.MESSAGE_LEFT)
    await spoken(hotline)
    await hotline.kill_service()
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED)
    await call.heard_voice(after=Instant.now().monotonic)
    await call.hang_up()
    await compare(hotline, reconciled=True)

    async def measured() -> bool:
        return not await hotline.storage.calls.unfinished_messages()

    await hotline.until(measured)
    (message,) = await hotline.storage.calls.messages()
    assert message.seconds
    assert message.seconds > SPOKEN_SECONDS
    assert (await hotline.ended_call()).outcome is Outcome.MESSAGE_LEFT
