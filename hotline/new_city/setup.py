"""The set-up of a hotline that has no city yet: what is done of it, and who may do it."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.errors import HotlineError

GROUPS, GROUP = 4, 4
"""Groups of a code, and digits of a group: 53 bits, typed on any keyboard."""


class SetupStep(StrEnum):
    """The steps, in the order in which they are offered; each may be done again."""

    CITY = "city"
    NUMBER = "number"
    STREETS = "streets"
    ENTERPRISES = "enterprises"
    HOLIDAYS = "holidays"
    RULES = "rules"
    PEOPLE = "people"
    VOICE = "voice"
    TRIAL = "trial"


NEEDED = frozenset({SetupStep.CITY, SetupStep.NUMBER, SetupStep.PEOPLE, SetupStep.VOICE, SetupStep.TRIAL})
"""Steps without which no city can begin; the others can be left for later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySetup:
    """The set-up as it is kept. Hashes are those of the code that opens it and of the browser's session."""

    code_hash: str | None = None
    session_hash: str | None = None
    done: Sequence[SetupStep] = ()
    begun_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def missing(self) -> Sequence[SetupStep]:
        """List the steps that have to be done before it can be finished."""
        return [one for one in SetupStep if one in NEEDED and one not in self.done]


class NotReady(HotlineError):  # noqa: N818 - reads as what happened
    """Steps without which no city can begin are not done yet."""

    code = "setup-not-ready"


class CitySetups(Protocol):
    """The one set-up of this hotline."""

    async def needed(self) -> bool:
        """Tell whether it is to be done: begun and not finished, or no account and no appeal is there yet."""
        ...

    async def get(self) -> CitySetup:
        """Give it as it stands; an empty one before anybody began."""
        ...

    async def offer(self, code_hash: str) -> None:
        """Let this code open it; one that was offered before opens it no more."""
        ...

    async def open(self, code_hash: str, session_hash: str, at: datetime) -> bool:
        """Give it to the session for the code, which is spent; a former session ends. False: another code."""
        ...

    async def note(self, step: SetupStep, *, undoing: Collection[SetupStep] = ()) -> None:
        """Take note that the step is done, and that those have to be done again."""
        ...

    async def finish(self, at: datetime) -> None:
        """Close it for good; raises NotReady while a step is missing."""
        ...

    async def give_up(self, at: datetime) -> None:
        """Close it for good, whatever is missing: the machine's administrator goes on by hand."""
        ...


def new_code() -> str:
    """Make a code as people type it: 1234 5678 9012 3456."""
    return " ".join(f"{secrets.randbelow(10**GROUP):0{GROUP}d}" for _ in range(GROUPS))


def plain_code(typed: str) -> str:
    """Give the digits alone, however they were typed."""
    return "".join(sign for sign in typed if sign in "0123456789")
