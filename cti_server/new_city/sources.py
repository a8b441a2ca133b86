"""Ports of the set-up of a new city."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.routing import Rules
from hotline.calls.call import CallLog
from hotline.clock import Clock
from hotline.documents.document import Documents
from hotline.enterprises.executors import Executors
from hotline.intake.imports import Imports
from hotline.new_city.setup import CitySetups
from hotline.voice.voice_recordings import PhraseBook, Studio

LINE_SETTINGS = (
    "HOTLINE_NUMBER",
    "HOTLINE_TRUNK_HOST",
    "HOTLINE_TRUNK_USER",
    "HOTLINE_TRUNK_SECRET",
    "HOTLINE_SIP_HOST",
)
"""Settings that the step of number and line asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSoFar:
    """How many of the phrases there are; `failed`: the last attempt ended before its time."""

    done: int = 0
    of: int = 0
    running: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The call from this machine; `lines` tell what happened, in the words of `hotline citizen`."""

    running: bool = False
    failed: bool = False
    lines: Sequence[str] = ()


class Speaking(Protocol):
    """Speaks the phrases beside the pages."""

    def begin(self) -> None:
        """Speak what is not there yet; nothing happens while it goes on."""
        ...

    def stop(self) -> None:
        """Stop; what is spoken stays."""
        ...

    def so_far(self) -> SpokenSoFar: ...


class Trial(Protocol):
    """Calls the number from this machine."""

    def begin(self, language: str) -> None: ...

    def so_far(self) -> Tried: ...


class CityLine(Protocol):
    """The number and the line, by the names of `LINE_SETTINGS`."""

    def now(self) -> Mapping[str, str]: ...

    def fixed(self) -> Collection[str]:
        """List those that the environment gives: what is kept here would not count."""
        ...

    def begins_anew(self) -> bool:
        """Tell whether `begin_anew` brings Asterisk along, or a person has to."""
        ...

    def ours(self, host: str) -> bool:
        """Tell whether this machine has the address."""
        ...

    def keep(self, values: Mapping[str, str]) -> None: ...

    def begin_anew(self) -> None:
        """Have the service end and begin with what is kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCitySources:
    """Parts of the service that pages of the set-up read and write. `begun`: when the service started."""

    setup: CitySetups
    documents: Documents
    imports: Imports
    executors: Executors
    rules: Rules
    calls: CallLog
    book: PhraseBook
    studio: Studio
    speaking: Speaking
    trial: Trial
    line: CityLine
    clock: Clock
    begun: datetime
