"""What a citizen hears, cut out of their own recording and written down by a listener."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import soxr

from hotline.calls.call import JourneyStep, Step
from hotline.voice.speech import Language, Phrase
from telephony.phone.call import Call
from telephony.phone.g711 import Samples, decode
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sdp import Law
from telephony.phone.timeline import Instant
from telephony.voice.engines import find_engines
from telephony.voice.synthesis import RHVoice
from tests.system.hotline import PRIVATE_ROOT, Hotline
from tests.words import Listener

RATE = 8000
MARGIN_SECONDS = 0.5


async def heard(
    hotline: Hotline,
    call: OutgoingCall,
    phrases: Sequence[Phrase],
    *,
    number: str | None = None,
    language: Language = Language.UKRAINIAN,
    since: datetime | None = None,
) -> np.ndarray:
    """The citizen's recording from the moment the phrases began, for as long as their files last.

    With `number` only calls from there are looked at; what was said before `since`, or before this one was
    answered, counts not.
    """
    begun: list[JourneyStep] = []
    assert call.answered_at
    answered = call.answered_at.wall
    after = since or answered

    async def said() -> bool:
        for one in await hotline.calls():
            if number in (None, one.number):
                steps = await hotline.journey(one.id)
                begun.extend(step for step in steps if step.at > after and _says(step, phrases[0]))
        return bool(begun)

    await hotline.until(said)
    first = begun[0].at.timestamp() - answered.timestamp()
    until = first + await _seconds(hotline, phrases, language) + MARGIN_SECONDS
    await hotline.until(lambda: recorded(call) > until)
    return call.recording()[max(0, round(first * RATE)) : round(until * RATE)]


def recorded(call: Call) -> float:
    """Seconds of its recording so far, without the sound: who waits for more asks again and again."""
    if call.answered_at is None or call.end is not None:
        return len(call.recording()) / RATE
    return Instant.now().monotonic - call.answered_at.monotonic


async def sound_of(hotline: Hotline, phrase: Phrase) -> Samples:
    """The phrase as this hotline's machine says it."""
    voice = RHVoice(hotline.settings.folders.prompts, find_engines(PRIVATE_ROOT))
    media = await voice.media(phrase, Language.UKRAINIAN)
    return decode(Path(f"{media.removeprefix('sound:')}.alaw").read_bytes(), Law.ALAW)


def heard_of(prompt: np.ndarray, recording: np.ndarray) -> float:
    """Until which second of the recording a prompt is heard; 0 when it is not. Packets may be lost."""
    sound, piece = recording.astype("<i2").tobytes(), 800
    heard = (
        sound.find(prompt[at : at + piece].astype("<i2").tobytes()) // 2 + piece
        for at in range(2000, len(prompt) - piece, piece)
        if np.ptp(prompt[at : at + piece]) > 1000  # silence is found anywhere
    )
    return max((end for end in heard if end >= piece), default=0) / RATE


def written(listen: Listener, samples: np.ndarray, language: Language = Language.UKRAINIAN) -> str:
    """Write down what is said there, in small letters."""
    return listen(soxr.resample(samples, RATE, 2 * RATE), language).lower()


def text_of(phrases: Sequence[Phrase], language: Language = Language.UKRAINIAN) -> str:
    return " ".join(phrase.text(language) for phrase in phrases).replace("+", "")


def _says(step: JourneyStep, phrase: Phrase) -> bool:
    return step.step is Step.HEARD and phrase.name in str(step.detail["phrases"]).split()


async def _seconds(hotline: Hotline, phrases: Sequence[Phrase], language: Language) -> float:
    voice = RHVoice(hotline.settings.folders.prompts, find_engines(PRIVATE_ROOT))
    media = [await voice.media(phrase, language) for phrase in phrases]
    return sum(Path(one.removeprefix("sound:") + ".alaw").stat().st_size for one in media) / RATE
