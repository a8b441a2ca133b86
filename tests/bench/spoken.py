"""The corpus of citizens' sentences spoken for a bench: Ukrainian voices of RHVoice, three paces, noise."""

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotline.voice.speech import Language, Phrase
from telephony.speech.corpus import Meaningful, Meant
from telephony.speech.models import TELEPHONE
from telephony.voice.engines import Engine, VoiceMissing, find_rhvoice
from telephony.voice.prompt_sound import a_law, read_wav, wav_of_a_law
from telephony.voice.synthesis import RHVoice

SPEAKERS = ("Natalia", "Anatol", "Marianna", "Volodymyr")
PACES = (85, 100, 120)
"""Percent of a voice's own."""
Sound = NDArray[np.floating]
"""From -1 to 1."""
Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A sentence as one voice says it at one pace."""

    meant: Meaningful
    engine: Engine


def voices(private_root: Path) -> Sequence[Engine]:
    """Give each voice that is set up here at each pace. Raises VoiceMissing where there is none."""
    found = [
        engine
        for speaker, pace in product(SPEAKERS, PACES)
        for installation in find_rhvoice(private_root)[:1]
        if (engine := installation.engine(speaker, pace)) is not None
    ]
    if not found:
        raise VoiceMissing("RHVoice has no Ukrainian voice here: run ./start --setup-only once.")
    return found


SAMPLED: Mapping[Meant, int] = {Meant.TOPIC: 130, Meant.ANSWER: 210, Meant.NUMBER: 24, Meant.ADDRESS: 66}
"""The clips of a sample by kind: of yes and no more than 150, as one wrong of 30 breaks the limit."""


def every_clip(corpus: Sequence[Meaningful], speaking: Sequence[Engine]) -> Sequence[Clip]:
    """Give each sentence by each voice at each pace, in a spread order."""
    every = [Clip(meant=one, engine=engine) for one, engine in product(corpus, speaking)]
    return [every[at] for at in in_turn(len(every))]


def sample(
    corpus: Sequence[Meaningful], speaking: Sequence[Engine], wanted: Mapping[Meant, int] = SAMPLED
) -> Sequence[Clip]:
    """Give the clips `wanted` of each kind, at most; a run that is stopped early has its share of each.

    A sentence comes a second time, by another voice or at another pace, when all of its kind have come.
    """
    placed: list[tuple[float, Clip]] = []
    for kind, most in wanted.items():
        sentences = [one for one in corpus if one.kind is kind]
        if not sentences:
            continue
        speakers = [random.Random(one.sentence).sample(speaking, len(speaking)) for one in sentences]  # noqa: S311
        rounds = product(range(len(speaking)), in_turn(len(sentences)))
        chosen = [Clip(meant=sentences[at], engine=speakers[at][turn]) for turn, at in islice(rounds, most)]
        placed += [((number + 0.5) / len(chosen), clip) for number, clip in enumerate(chosen)]
    return [clip for _, clip in sorted(placed, key=lambda one: one[0])]


class Speaker:
    """Speaks clips into a folder, as a telephone carries them."""

    def __init__(self, folder: Path, noise: float | None) -> None:
        """`noise`: the decibels by which the voice is above a white noise; None: there is none."""
        self._folder = folder
        self._noise = noise
        self._random = np.random.default_rng(1)

    async def speak(self, clip: Clip) -> Path:
        """Give a WAV at 8 kHz that went through A-law. Raises SynthesisError."""
        synthesis = RHVoice(self._folder, dict.fromkeys(Language, clip.engine))
        text = clip.meant.sentence
        media = await synthesis.media(Phrase(name="said", uk=text, en=text), Language.UKRAINIAN)
        a_law_file = Path(media.removeprefix("sound:") + ".alaw")
        return await asyncio.to_thread(self._as_heard, a_law_file)

    def _as_heard(self, file: Path) -> Path:
        wav = file.with_suffix(".wav")
        wav.write_bytes(wav_of_a_law(file.read_bytes()))
        if self._noise is not None:
            sound, _ = read_wav(wav)
            wav.write_bytes(wav_of_a_law(a_law(noisy(sound, self._noise, self._random))))
        return wav


def noisy(sound: Sound, decibels: float, chance: np.random.Generator, *, around: float = 0.0) -> Samples:
    """Lay a white noise under a voice; `decibels`: how far the voice stands above it.

    `around`: the seconds of noise before and behind the voice, as in a loud place.
    """
    level = np.sqrt(np.mean(np.square(sound))) / 10 ** (decibels / 20)
    alone = np.zeros(round(around * TELEPHONE))
    place = np.concatenate([alone, sound, alone])
    loud = place + chance.normal(0, level, place.size)
    return (np.clip(loud, -1, 1) * np.iinfo(np.int16).max).astype(np.int16)


def in_turn(count: int) -> Iterator[int]:
    """Numbers from 0 to before `count`, spread: a run that is stopped early has some of everything."""
    step = next(one for one in (97, 89, 83, 79) if count % one)
    return ((number * step) % count for number in range(count))
