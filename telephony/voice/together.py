"""Many texts read aloud by one process of a voice, and taken apart again.

To load a voice costs as much as to say ten words. Between two texts the voice says a boundary, by the same
samples each time, so the texts are the sounds between them: to the bit as if each had been read by itself.
"""

import wave
from collections.abc import Sequence
from pathlib import Path

from attrs import define, field

from telephony.voice.engines import LONGEST_SYNTHESIS, Engine, SynthesisError

BOUNDARY = "5!"
"""Both languages read a number aloud, and no text has this one for a sentence."""
MOST_TOGETHER = 24
"""Texts; some three minutes of speech, which take as many seconds."""
ENDS_OF_SENTENCES = (".", "!", "?")
"""What does not end with one of these would run on into the boundary."""


@define(eq=False, repr=False)
class Together:
    """Reads texts into files, and remembers how each voice says the boundary."""

    _boundaries: dict[str, bytes] = field(factory=dict, init=False)

    async def read(self, engine: Engine, texts: Sequence[str], folder: Path) -> list[Path] | None:
        """Read each text into a WAV of its own in `folder`; None when the voice did not keep them apart."""
        if engine.name not in self._boundaries:
            self._boundaries[engine.name] = (await _read(engine, [BOUNDARY], folder))[1]
        kind, samples = await _read(engine, texts, folder)
        sounds = samples.split(self._boundaries[engine.name])
        if len(sounds) != len(texts) or not all(sounds):
            return None
        files = [folder / f"{number}.wav" for number in range(len(sounds))]
        for file, sound in zip(files, sounds, strict=True):
            with wave.open(str(file), "wb") as written:
                written.setparams(kind)
                written.writeframes(sound)
        return files


async def _read(engine: Engine, texts: Sequence[str], folder: Path) -> tuple["wave._wave_params", bytes]:
    """Give the sound's kind and its samples; raises SynthesisError when there is none."""
    file = folder / "together.wav"
    await engine.speak(f"\n{BOUNDARY}\n".join(texts), file, LONGEST_SYNTHESIS * len(texts))
    try:
        with wave.open(str(file)) as wav:
            samples = wav.readframes(wav.getnframes())
            kind = wav.getparams()
    except (OSError, EOFError, wave.Error) as error:
        raise SynthesisError(f"The voice wrote no sound: {error}.") from error
    if not samples:
        raise SynthesisError("The voice was silent.")
    return kind, samples
