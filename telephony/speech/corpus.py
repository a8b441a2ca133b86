"""Sentences of citizens to try an ear on, spoken by the hotline's own voice as the telephone carries it.

An ear that errs here errs more with people: one clear voice, no noise, no surzhyk.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from hotline.voice.speech import Language, Phrase
from telephony.voice.engines import Engine
from telephony.voice.synthesis import RHVoice


def sentences(language: Language) -> Sequence[str]:
    said = files("telephony.speech") / "said" / f"{language}.txt"
    return said.read_text(encoding="utf-8").splitlines()


async def spoken(
    folder: Path, voices: Mapping[Language, Engine], language: Language
) -> Sequence[tuple[str, Path]]:
    """Give each sentence with its sound, a WAV at 8 kHz that went through A-law. Raises SynthesisError."""
    synthesis = RHVoice(folder, voices)
    from telephony.voice.prompt_sound import (  # noqa: PLC0415 - numpy costs memory, and `serve` imports commands
        wav_of_a_law,
    )

    made = []
    for number, sentence in enumerate(sentences(language)):
        phrase = Phrase(name=f"said-{number}", uk=sentence, en=sentence)
        media = await synthesis.media(phrase, language)
        a_law = Path(media.removeprefix("sound:") + ".alaw")
        wav = folder / f"{number}.wav"
        wav.write_bytes(wav_of_a_law(await asyncio.to_thread(a_law.read_bytes)))
        made.append((sentence, wav))
    return made


class Meant(StrEnum):
    """The kinds of meaning that a sentence of the corpus has."""

    TOPIC = "topic"
    ANSWER = "answer"
    NUMBER = "number"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaningful:
    """A sentence and what it means: a topic, an answer (`unclear`: none), digits, or an address."""

    kind: Meant
    meaning: str
    sentence: str
    aside: bool = False
    """By it nothing was chosen: neither words nor constants. It tells how other callers are understood."""


UNCLEAR = "unclear"


def meaningful(language: Language) -> Sequence[Meaningful]:
    """Give the sentences of citizens whose meaning is written beside them; those kept aside come last."""
    return [one for aside in (False, True) for one in _read(f"{_KEPT[aside]}-{language}.tsv", aside=aside)]


_KEPT = {False: "meant", True: "aside"}


def _read(name: str, *, aside: bool) -> Iterator[Meaningful]:
    said = files("telephony.speech") / "said" / name
    for line in said.read_text(encoding="utf-8").splitlines():
        kind, meaning, sentence = line.split("\t")
        yield Meaningful(kind=Meant(kind), meaning=meaning, sentence=sentence, aside=aside)
