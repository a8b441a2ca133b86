"""Help that a dispatcher asks for in a talk, until a supervisor comes, they withdraw it, or the talk ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked:
    """One dispatcher who asks for help with a call."""

    dispatcher_id: int
    call_id: str
    asked_at: datetime


class HelpRequests(Protocol):
    """Who asks for help now: nobody any more whose talk is over."""

    async def open(self) -> Sequence[HelpAsked]:
        """List them, the one who asked first at first."""
        ...

    async def ask(self, dispatcher_id: int, call_id: str, at: datetime) -> None:
        """Ask for help with this talk; a dispatcher who has asked already goes on asking."""
        ...

    async def end(self, dispatcher_id: int, at: datetime, *, by: int) -> bool:
        """End it: withdrawn, or a supervisor has come; `by` the user. False when there was nothing to end."""
        ...
