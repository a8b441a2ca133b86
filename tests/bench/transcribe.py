"""`hotline bench transcribe`: how much of a day's talks a core writes down, and the memory that it takes.

One side of a talk is composed of citizens' sentences, each followed by as much silence for the other one.
"""

import contextlib
import tempfile
import wave
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from hotline.speech.hearing import Use
from hotline.voice.speech import Language
from service.node.listener import joined
from service.settings.settings import Settings
from telephony.speech.corpus import spoken
from telephony.speech.models import look_at
from telephony.speech.process import listening
from telephony.voice.audio import samples_of
from telephony.voice.engines import find_engines
from tests.bench.hearing import Hearing
from tests.bench.measured import Measured

UK = Language.UKRAINIAN
RATE = 8000
TALK_SECONDS = 600
SIDES = 2
HOURS_OF_A_DAY = 24


async def bench_transcribe(settings: Settings, wanted: Hearing, *, seconds: int | None) -> Measured:
    """Measure the first of the models; of none, the one that is set for talks, or else Whisper base.

    `seconds` is the length of the talk.
    """
    with _scratch() as scratch:
        folder = (
            wanted.models[0]
            if wanted.models
            else _set_model(settings) or joined(_made(scratch / "whisper-base"))
        )
        said = await spoken(scratch, find_engines(settings.folders.private_root), UK)
        side = scratch / "side.wav"
        _compose(side, [samples_of(file, RATE) for _, file in said], seconds or TALK_SECONDS)
        async with listening(look_at(folder), UK) as ear:
            answer = await ear.answer(side)
    factor = answer.took / answer.seconds
    return Measured(
        name=f"transcribe {folder.name}",
        figures={
            "real_time_factor": round(factor, 3),
            "hours_per_day": round(HOURS_OF_A_DAY / (SIDES * factor), 1),
            "peak_mb": answer.peak_mb,
        },
        limits={},
    )


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hotline-writes-") as folder:
        yield Path(folder)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _set_model(settings: Settings) -> Path | None:
    ours = [one for one in settings.speech.models if (one.use, one.language) == (Use.RECORDINGS, UK)]
    return ours[0].folder if ours else None


def _compose(file: Path, said: Sequence[bytes], seconds: int) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setparams((1, 2, RATE, 0, "NONE", ""))
        for sentence in cycle(said):
            wav.writeframes(sentence + bytes(len(sentence)))
            if wav.getnframes() >= seconds * RATE:
                return
