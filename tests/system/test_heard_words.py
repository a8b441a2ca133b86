"""What a citizen hears on the telephone, word for word, from the citizen's own recording."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soxr

from hotline.appeals import Appeal, AppealState
from hotline.calls import JourneyStep, Step
from hotline.outages import OutageKind, Utility
from hotline.speech import Language, Phrase
from ivr_flows import prompts
from ivr_flows.appeal_phrases import for_applicant
from telephony.engines import find_engines
from telephony.phone.outgoing import OutgoingCall
from telephony.synthesis import RHVoice
from tests.fakes.outages import entered
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.words import Listener, likeness, listener

pytestmark = pytest.mark.system

LIKE_ENOUGH = 0.7
WITH_NUMBERS = 0.55
"""The listener writes numbers in digits: how many letters that takes depends on the hour."""
RATE = 8000
MARGIN_SECONDS = 0.5
STATE_WITHOUT_NUMBERS = (
    "Ваше звернення номер. Не світить ліхтар. Виконується. Строк виконання — до грудня. "
    "Щойно роботу буде виконано, ми попросимо вас це підтвердити."
)
FIRST_WORDS = (prompts.EMERGENCY_NOTICE, prompts.WELCOME, prompts.RECORDING_NOTICE)


@pytest.fixture(scope="module")
def listen(tmp_path_factory: pytest.TempPathFactory) -> Listener:
    return listener(tmp_path_factory.mktemp("whisper"))


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
    greeting = await _heard(hotline, call, FIRST_WORDS)
    await call.press("1")
    announced = prompts.outage(outage, hotline.settings.timezone, now=now)
    told = await _heard(hotline, call, [announced])
    await call.press("2")
    standing = for_applicant(appeal, None, hotline.settings.timezone, now=now, dispute_until=None)
    state = await _heard(hotline, call, standing)
    await call.hang_up()
    assert likeness(_text(FIRST_WORDS), _words(listen, greeting)) > LIKE_ENOUGH
    assert likeness(_text([announced]), _words(listen, told)) > WITH_NUMBERS
    without_numbers = re.sub(r"\d", "", _words(listen, state))  # the listener writes some of them in digits
    assert likeness(STATE_WITHOUT_NUMBERS, without_numbers) > WITH_NUMBERS


def _appeal(now: datetime) -> Appeal:
    return Appeal(
        number="2600417",
        applicant_number="+380457900001",
        summary="Не світить ліхтар",
        category="street-light",
        state=AppealState.IN_WORK,
        registered_at=now,
        due_on=date(2026, 12, 12),
    )


async def _heard(hotline: Hotline, call: OutgoingCall, phrases: Sequence[Phrase]) -> np.ndarray:
    """The citizen's recording from the moment the phrases began, for as long as their files last."""
    begun: list[JourneyStep] = []

    async def said() -> bool:
        for one in await hotline.calls():
            begun.extend(step for step in await hotline.journey(one.id) if _says(step, phrases[0]))
        return bool(begun)

    await hotline.until(said, seconds=40)
    assert call.answered_at
    since = begun[0].at.timestamp() - call.answered_at.wall.timestamp()
    until = since + await _seconds(hotline, phrases) + MARGIN_SECONDS
    await hotline.until(lambda: len(call.recording()) / RATE > until, seconds=40)
    return call.recording()[max(0, round(since * RATE)) : round(until * RATE)]


def _says(step: JourneyStep, phrase: Phrase) -> bool:
    return step.step is Step.HEARD and phrase.name in str(step.detail["phrases"]).split()


async def _seconds(hotline: Hotline, phrases: Sequence[Phrase]) -> float:
    voice = RHVoice(hotline.settings.folders.prompts, find_engines(PRIVATE_ROOT))
    media = [await voice.media(phrase, Language.UKRAINIAN) for phrase in phrases]
    return sum(Path(one.removeprefix("sound:") + ".alaw").stat().st_size for one in media) / RATE


def _text(phrases: Sequence[Phrase]) -> str:
    return " ".join(phrase.uk for phrase in phrases)


def _words(listen: Listener, samples: np.ndarray) -> str:
    return listen(soxr.resample(samples, RATE, 2 * RATE), Language.UKRAINIAN).lower()
