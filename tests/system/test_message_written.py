"""A message that a citizen leaves by telephone is written down by the service itself, on a toy model."""

from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import Step
from telephony.phone.sound import Sound
from tests.fakes.sounds import RATE
from tests.fakes.toy_onnx import WORD, toy_model
from tests.system.lending import Hotlines
from tests.system.people import A_SECOND_OF_WAV

pytestmark = [pytest.mark.system, pytest.mark.nightly]  # a hotline of its own is started for it
SPOKEN_SECONDS = 3


def beeping() -> Sound:
    """A beep each second for as long as it is asked for, with a faint hiss between."""
    moments = np.arange(RATE) / RATE
    hiss = np.random.default_rng(1).normal(0, 30, RATE)
    return Sound(
        (8000 * np.sin(2 * np.pi * 440 * moments) * (moments < 0.4) + hiss).astype(np.int16), repeats=True
    )


async def test_a_message_left_by_telephone_gets_its_words(hotlines: Hotlines, tmp_path: Path) -> None:
    model = toy_model(tmp_path / "toy")
    async with hotlines.lent(HOTLINE_SPEECH_MESSAGES_UK=str(model)) as hotline:
        call = await hotline.citizen("+380457900014", beeping())
        await call.answered()
        await call.press("3")
        await hotline.reached(Step.MESSAGE_LEFT)
        (message,) = await hotline.storage.calls.messages()
        file = Path(message.file)
        await hotline.until(lambda: file.exists() and file.stat().st_size > SPOKEN_SECONDS * A_SECOND_OF_WAV)
        await call.press("#")
        await call.ended()

        async def written() -> bool:
            return bool(await hotline.storage.transcripts.of([message.id]))

        await hotline.until(written)
        kept = (await hotline.storage.transcripts.of([message.id]))[message.id]
        assert set(kept.text.split()) == {WORD}
        assert len(kept.words) >= SPOKEN_SECONDS - 1
        (owed,) = await hotline.storage.callbacks.owed(9)
        assert owed.transcripts == {message.id: kept}
