"""The corpus of announcements, spoken as callers hear it and written down by a listener.

One night hears a fifth of it, another each day; HOTLINE_CORPUS=whole hears all. What was understood worst
is logged (`pytest --log-cli-level=INFO`): where the reading is wrong, and not the listener, it is mended.
"""

import io
import logging
import os
import wave
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soxr

from hotline.speech.word_errors import word_errors
from hotline.voice.read_aloud import read_aloud
from hotline.voice.speech import Language, Phrase
from service.voice.studio import VoiceStudio
from storage.store import Storage
from telephony.voice.engines import find_engines
from telephony.voice.synthesis import RHVoice
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.hotline.voice.test_read_aloud import ANNOUNCEMENTS
from tests.system.hotline import PRIVATE_ROOT
from tests.words import Listener

pytestmark = [pytest.mark.system, pytest.mark.nightly, pytest.mark.timeout(3600)]  # all of it takes a while

NIGHTS = 5
MOST_WORD_ERRORS = 0.45
"""The listener is a small one, and hears a telephone: it tears words apart that a person understands."""
SHOWN = 10
RATE = 8000
log = logging.getLogger(__name__)


def tonight() -> Sequence[str]:
    """What people typed: all of it, or every fifth sentence, beginning with another each day."""
    if os.environ.get("HOTLINE_CORPUS") == "whole":
        return [written for written, _ in ANNOUNCEMENTS]
    return [written for written, _ in ANNOUNCEMENTS[datetime.now(UTC).toordinal() % NIGHTS :: NIGHTS]]


async def spoken(storage: Storage, folder: Path, written: str) -> tuple[str, np.ndarray]:
    """The words that are read, and their sound on the telephone."""
    synthesis = RHVoice(folder, find_engines(PRIVATE_ROOT))
    studio = VoiceStudio(storage.voice_recordings, folder, synthesis)
    read = await studio.reading([Phrase(name="typed", uk=written, en="")], Language.UKRAINIAN)
    with wave.open(io.BytesIO(read.wav)) as sound:
        return read.words, np.frombuffer(sound.readframes(sound.getnframes()), "<i2")


async def test_typed_announcements_are_understood_on_the_telephone(listen: Listener, tmp_path: Path) -> None:
    errors: list[tuple[float, str, str]] = []
    async with fresh_storage(SetClock()) as storage:
        for written in tonight():
            words, sound = await spoken(storage, tmp_path, written)
            heard = read_aloud(listen(soxr.resample(sound, RATE, 2 * RATE), Language.UKRAINIAN))
            errors.append((word_errors(words, heard), words, heard))
    errors.sort(reverse=True)
    mean = sum(share for share, _, _ in errors) / len(errors)
    worst = "\n".join(f"{share:.2f} {words}\n     {heard}" for share, words, heard in errors[:SHOWN])
    log.info("%d sentences, mean word error rate %.3f, the worst:\n%s", len(errors), mean, worst)
    assert mean < MOST_WORD_ERRORS, worst
