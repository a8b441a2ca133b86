"""The hotline's side of a conversation as sound, by the city's voice, in one WAV."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from hotline.voice.speech import Language, Phrase, Voice

SILENCE = b"\xd5" * 3200
"""Between two phrases: four tenths of a second of A-law at 8 kHz."""


async def speak_to(file: Path, said: Sequence[tuple[Phrase, Language]], voice: Voice) -> None:
    """Write it; raises SynthesisError where no voice is installed, OSError where it cannot be written."""
    sounds = []
    for phrase, language in said:
        if phrase.text(language).strip():
            media = await voice.media(phrase, language)
            sounds.append(Path(media.removeprefix("sound:") + ".alaw"))
    await asyncio.to_thread(_write, file, sounds)


def _write(file: Path, sounds: Sequence[Path]) -> None:
    from telephony.voice.prompt_sound import (  # noqa: PLC0415 - numpy costs memory, and `serve` imports commands
        wav_of_a_law,
    )

    file.write_bytes(wav_of_a_law(SILENCE.join(one.read_bytes() for one in sounds)))
