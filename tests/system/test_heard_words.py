"""What a citizen hears on the telephone, word for word, from the citizen's own recording."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from ivr_flows import prompts
from ivr_flows.appeal_phrases import for_applicant
from ivr_flows.outage_phrases import announcement
from tests.fakes.outages import entered
from tests.system.heard import heard, text_of, written
from tests.system.hotline import Hotline
from tests.words import Listener, likeness

pytestmark = pytest.mark.system

LIKE_ENOUGH = 0.7
WITH_NUMBERS = 0.55
"""The listener writes numbers in digits: how many letters that takes depends on the hour."""
STATE_WITHOUT_NUMBERS = (
    "Ваше звернення номер. Не світить ліхтар. Виконується. Строк виконання — до грудня. "
    "Щойно роботу буде виконано, ми попросимо вас це підтвердити."
)
FIRST_WORDS = prompts.GREETING


@pytest.mark.nightly
async def test_the_greeting_an_outage_and_an_appeal_are_understood(
    hotline: Hotline, listen: Listener
) -> None:
    now = datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    outage = await entered(
        hotline.storage.outages,
        Utility.WATER,
        OutageKind.PLANNED,
        hour - timedelta(hours=1),
        hour + timedelta(hours=5),
    )
    appeal = _appeal(now)
    await hotline.storage.appeals.register(appeal)
    call = await hotline.citizen()
    await call.answered()
    greeting = await heard(hotline, call, FIRST_WORDS)
    announced = announcement(outage, [], hotline.settings.timezone, now=now)
    told = await heard(hotline, call, announced)
    await call.press("2")
    standing = for_applicant(appeal, None, hotline.settings.timezone, now=now, dispute_until=None)
    state = await heard(hotline, call, standing)
    await call.hang_up()
    assert likeness(text_of(FIRST_WORDS), written(listen, greeting)) > LIKE_ENOUGH
    assert likeness(text_of(announced), written(listen, told)) > WITH_NUMBERS
    without_numbers = re.sub(r"\d", "", written(listen, state))  # the listener writes some in digits
    assert likeness(STATE_WITHOUT_NUMBERS, without_numbers) > WITH_NUMBERS


def _appeal(now: datetime) -> Appeal:
    return Appeal(
        number="2600417",
        applicant_number="+380457900001",
        text="Не світить ліхтар",
        category="street-light",
        state=AppealState.IN_WORK,
        registered_at=now,
        due_on=date(2026, 12, 12),
    )
