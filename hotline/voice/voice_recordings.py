"""A person's voice in the place of a synthesised one: which recording speaks which phrase, and until when.

A recording is bound to what it was made for. Once the phrase is another, the synthesis says the new words
until somebody records them, or confirms that the old recording still fits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from hotline.errors import HotlineError
from hotline.voice.speech import Language, Phrase

LONGEST_SECONDS = 180.0
MOST_BYTES = 30 * 2**20
"""The largest upload: three minutes of plain studio WAV, and half as much again."""


class Origin(StrEnum):
    """The place in which a recording was made."""

    FILE = "file"
    MICROPHONE = "microphone"
    TELEPHONE = "telephone"


class SoundFault(StrEnum):
    """Why a sound cannot be taken."""

    UNREADABLE = "unreadable"
    SILENT = "silent"
    TOO_LONG = "too-long"
    TOO_LARGE = "too-large"


class SoundRefused(HotlineError):  # noqa: N818 - reads as what happened
    """A sound cannot be taken; nothing of it is left."""

    code = "sound-refused"

    def __init__(self, fault: SoundFault) -> None:
        super().__init__(f"The sound is not taken: {fault}.")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecording:
    """A voice for a phrase in a language. `basis`: `Phrase.basis` of what it says."""

    phrase: str
    language: Language
    basis: str
    stem: str
    """The name of its files in the folder of voices, without their endings."""
    seconds: float
    origin: Origin
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRecording(NewRecording):
    """A recording as kept; one that was replaced or taken back stays in the history."""

    id: int
    made_at: datetime
    gone_at: datetime | None = None
    gone_by: int | None = None

    def speaks(self, phrase: Phrase) -> bool:
        """Whether it was made for what the phrase says now."""
        return self.basis == phrase.basis(self.language)


InUse = Mapping[tuple[str, Language], VoiceRecording]
"""By phrase and language; also those whose phrase has changed since."""


class VoiceRecordings(Protocol):
    """The register of voice recordings."""

    async def in_use(self) -> InUse:
        """Every call asks, so the answer is quick; another process's change is in it a second later."""
        ...

    async def keep(self, new: NewRecording) -> VoiceRecording:
        """Let this one speak from now on, in the place of any other."""
        ...

    async def confirm(self, recording_id: int, basis: str) -> None:
        """Confirm that the recording fits the new words. Raises NotFound for one that is not in use."""
        ...

    async def take_back(self, phrase: str, language: Language, user_id: int) -> bool:
        """Let the synthesis speak again; False when it did already."""
        ...

    async def history(self, phrase: str) -> Sequence[VoiceRecording]:
        """Tell all that were ever made for it, the newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample as callers hear it: a WAV file's octets, and its length."""

    wav: bytes
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Sample):
    """Several phrases as one sample, and the words that are read: figures and abbreviations written out."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseGroup:
    """Phrases that belong together; `name` is such as `call`, `outages`."""

    name: str
    phrases: Sequence[Phrase]


class PhraseBook(Protocol):
    """Everything that the hotline says."""

    async def groups(self) -> Sequence[PhraseGroup]:
        """Give all that is known now, the outages of this moment and the prepared messages included."""
        ...

    async def named(self, name: str) -> Phrase:
        """Raises NotFound."""
        ...


class Studio(Protocol):
    """Records and plays voices."""

    async def sample(self, phrase: Phrase, language: Language) -> Sample:
        """Give what a caller would hear now, read aloud first if it is new. Raises NotSpoken."""
        ...

    async def reading(self, phrases: Sequence[Phrase], language: Language) -> Reading:
        """Give what a caller would hear of all of them, one behind the other. Raises NotSpoken."""
        ...

    async def kept(self, recording: VoiceRecording) -> Sample:
        """Return the recording itself, even if not in use. Raises NotFound when its file is gone."""
        ...

    async def take(
        self, sound: Path, phrase: Phrase, language: Language, *, origin: Origin, user_id: int
    ) -> VoiceRecording:
        """Bring a sound file of any usual kind to telephone quality and let it speak. Raises SoundRefused."""
        ...
