"""Programs that read text aloud: their locations and command lines.

RHVoice is GPL and its Python wrapper breaks on new Pythons, so it is a program beside ours. A private Debian
root serves machines whose distribution lacks it: the root's own loader runs it, without chroot.
"""

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from hotline.voice.speech import Language, NotSpoken

VOICES = {Language.UKRAINIAN: "Natalia", Language.ENGLISH: "Slt"}
"""Free voices (LGPL-2.1 and CMU's licence); two of the other Ukrainian ones forbid changes."""

RHVOICE_RATE = 100
"""Percent of the voice's own pace."""
ESPEAK_RATE = 150
"""Words a minute."""

LONGEST_SYNTHESIS = 30.0
"""Seconds; a minute of speech takes two."""


class SynthesisError(NotSpoken):
    """A phrase could not be turned into sound; the message says what is missing."""

    code: ClassVar[str] = "synthesis"


class VoiceMissing(SynthesisError):  # noqa: N818 - reads as what happened
    """No program on this machine has a voice for a language of the city."""

    code = "voice-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One program with one voice. It reads text from its input; the target file ends its command line."""

    name: str
    """`rhvoice-natalia`: a part of the cache's key, so another voice makes new files."""
    rate: int
    """How fast it reads, by the engine's own measure; a part of the key as well."""
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    alike: bool = False
    """It says one sentence by the same samples in every place, so that texts can be read `together`."""

    async def speak(self, text: str, target: Path, longest: float = LONGEST_SYNTHESIS) -> None:
        """Read `text` into `target`, a mono 16-bit WAV at the voice's own rate; raises SynthesisError.

        A program that takes longer, in seconds, is ended.
        """
        process = await asyncio.create_subprocess_exec(
            *self.command,
            str(target),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **self.environment},
        )
        try:
            async with asyncio.timeout(longest):
                _, complaint = await process.communicate(f"{text}\n".encode())
        except TimeoutError:
            raise SynthesisError(f"{self.name} did not finish a phrase in {longest:.0f} s.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            reason = complaint.decode(errors="replace").strip() or f"exit code {process.returncode}"
            raise SynthesisError(f"{self.name} failed: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RHVoiceInstallation:
    """One copy of RHVoice: the system's, or the private root's run by its own loader."""

    command: tuple[str, ...]
    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def engine(self, voice: str, rate: int = RHVOICE_RATE) -> Engine | None:
        """Give the named voice, or None when it is not there: RHVoice itself would read with any other."""
        if not (self.data / "voices" / voice.lower()).is_dir():
            return None
        return Engine(
            name=f"rhvoice-{voice.lower()}",
            rate=rate,
            command=(*self.command, "-p", voice, "-r", str(rate), "-o"),
            environment=self.environment,
            alike=True,
        )


def find_rhvoice(private_root: Path) -> list[RHVoiceInstallation]:
    """Every RHVoice of this machine: the installed one first, then the private root's."""
    found = []
    if installed := shutil.which("RHVoice-test"):
        data = Path(installed).parent.parent / "share" / "RHVoice"
        found.append(RHVoiceInstallation(command=(installed,), data=data))
    program = private_root / "usr" / "bin" / "RHVoice-test"
    loader = next(private_root.glob("usr/lib/*/ld-linux*.so.*"), None)
    if loader is not None and program.is_file():
        data = private_root / "usr" / "share" / "RHVoice"
        libraries = f"{loader.parent}:{private_root / 'usr' / 'lib'}"
        paths = {"RHVOICE_DATA_PATH": str(data), "RHVOICE_CONFIG_PATH": str(private_root / "etc" / "RHVoice")}
        command = (str(loader), "--library-path", libraries, str(program))
        found.append(RHVoiceInstallation(command=command, data=data, environment=paths))
    return found


def find_espeak(language: Language) -> Engine | None:
    """Find the second engine, for English only: its Ukrainian is hard to understand on the telephone."""
    program = shutil.which("espeak-ng")
    if program is None or language is not Language.ENGLISH:
        return None
    command = (program, "-v", "en-gb", "-s", str(ESPEAK_RATE), "--stdin", "-w")
    return Engine(name="espeak-ng-en", rate=ESPEAK_RATE, command=command)


def find_engines(private_root: Path) -> dict[Language, Engine]:
    """One engine for every language of the city; raises VoiceMissing when a language has none."""
    installations = find_rhvoice(private_root)
    engines = {}
    for language, voice in VOICES.items():
        voices = (installation.engine(voice) for installation in installations)
        engine = next((engine for engine in voices if engine), None) or find_espeak(language)
        if engine is None:
            raise VoiceMissing(
                f"RHVoice's voice {voice} ({language}) is neither installed nor in {private_root}: "
                "run ./start --setup-only once."
            )
        engines[language] = engine
    return engines
