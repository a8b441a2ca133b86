"""What a flow can ask of a call. Flows are written against these verbs and know no Asterisk."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotline.calls import Scalar, Step
from hotline.speech import Language, Phrase


class Next(StrEnum):
    """Where a caller goes when a flow returns; only `telephony` carries it out."""

    MENU = "menu"
    DISPATCHER = "dispatcher"
    EMERGENCY = "emergency"
    MESSAGE = "message"
    HANG_UP = "hang-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitTimeouts:
    """How long we wait for keys, in seconds."""

    first: float = 6.0
    """From the end of the prompt to the first key."""
    between: float = 3.0
    """Between two keys of one number."""


class Call(Protocol):
    """One citizen on the line. Every verb raises CallGone when they hang up; silence is None."""

    @property
    def id(self) -> str: ...

    @property
    def number(self) -> str | None:
        """Who calls, in E.164; None for anonymous callers."""
        ...

    @property
    def language(self) -> Language: ...

    async def answer(self) -> None: ...

    async def speak(self, language: Language) -> None:
        """Go on in this language; the choice is stored."""
        ...

    async def refuse_recording(self) -> None:
        """The citizen does not want to be recorded; the choice is stored."""
        ...

    async def play(self, *phrases: Phrase) -> None:
        """Say the phrases to their end; keys pressed meanwhile are kept for the next question."""
        ...

    async def choose(self, *phrases: Phrase, keys: str) -> str | None:
        """Say the phrases and wait for one of `keys`; any key stops the voice (barge-in).

        A key that is not offered is returned as well: the flow says what is kind. None is silence.
        """
        ...

    async def digits(self, *phrases: Phrase, most: int, end: str = "#") -> str | None:
        """Say the phrases and collect up to `most` digits, ended by `end` or by silence. None: no key at all."""
        ...

    async def record(self, *, most_seconds: int) -> float:
        """Record a message after a beep until `#`, silence or hang-up; seconds kept (0: nothing was said).

        What was said is kept even when the caller hangs up in the middle.
        """
        ...

    async def note(self, step: Step, **detail: Scalar) -> None:
        """Add a step to the call's journey."""
        ...
