"""Trial calls of training: a dispatcher talks with the demo citizen, who has a scenario.

It is recorded and scored as talks are. Nothing of it goes out or is counted; what is entered is no appeal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Protocol

import msgspec

from hotline.errors import HotlineError
from hotline.voice.speech import Phrase


class CitizensWait(HotlineError):  # noqa: N818 - reads as what is the case
    """Citizens wait in the line: no dispatcher is taken from it for training now."""

    code = "citizens-wait"


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The demo citizen's lines, and the entry expected of the dispatcher; no category: a consultation."""

    code: str
    uk: str
    en: str
    category: str
    urgency: str
    address: str
    lines: Sequence[str]
    mind_uk: str
    """Hints for the assessor."""
    mind_en: str

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk

    def mind(self, language: str) -> str:
        return self.mind_en if language == "en" else self.mind_uk

    @property
    def phrases(self) -> Sequence[Phrase]:
        """Give the lines to be read aloud; the demo citizen speaks Ukrainian."""
        return [
            Phrase(name=f"trial-{self.code}-{place}", uk=line, en="") for place, line in enumerate(self.lines)
        ]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    scenario: list[Scenario]


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Read them from `hotline/data/trial-calls.toml`, by code."""
    read = files("hotline").joinpath("data/trial-calls.toml").read_bytes()
    return {one.code: one for one in msgspec.toml.decode(read, type=_File).scenario}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The dispatcher's entry in a trial call, in place of an appeal; a consultation has text alone."""

    text: str
    category: str = ""
    urgency: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCall:
    """One trial call in the training record of a dispatcher."""

    call_id: str
    dispatcher_id: int
    user_id: int
    """The user who began the trial call."""
    scenario: str
    asked_at: datetime
    entered: Entered | None = None
    entered_at: datetime | None = None
    assessment_id: int | None = None
    """Of the talk, once it is in the queue."""
    percent: int | None = None
    """The score, once there is one."""
    passed: bool | None = None

    def differences(self) -> Sequence[str]:
        """Name the fields that are not as the scenario expects: `kind`, `category`, `urgency`, `address`.

        Nothing while nothing is entered, or where the scenario is no longer known.
        """
        wanted = scenarios().get(self.scenario)
        if self.entered is None or wanted is None:
            return ()
        if bool(wanted.category) != bool(self.entered.category):
            return ("kind",)
        return [
            name
            for name in ("category", "urgency", "address")
            if getattr(self.entered, name) != getattr(wanted, name)
        ]


class TrialCalls(Protocol):
    """The trial calls of all dispatchers."""

    async def add(self, trial: TrialCall) -> None: ...

    async def enter(self, call_id: str, entered: Entered, at: datetime) -> TrialCall:
        """Keep what was entered; what is entered once more takes its place. Raises NotFound."""
        ...

    async def of_call(self, call_id: str) -> TrialCall | None: ...

    async def of(self, dispatcher_id: int, most: int) -> Sequence[TrialCall]:
        """List those of one dispatcher with their scores, the latest first."""
        ...
