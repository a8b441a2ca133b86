"""The interpreters of sign language under contract: how they are reached, and what holds of calls with them.

Many citizens speak by their numbers, so that a call with one of these has no number: nothing of one citizen
is told to another, kept for them or counted against them.
"""

from collections.abc import Callable
from dataclasses import dataclass

FROM_INTERPRETER = "interpreter"
"""In the place of the number of a call from or to them (`CallRecord.shown`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreters:
    """The service as the city has set it; without `numbers` and `url` there is none."""

    name: str = ""
    numbers: tuple[str, ...] = ()
    """E.164: those from which they call us; at the first one they are rung."""
    url: str = ""
    """Their page, on which a resident talks with them by video."""
    hours: str = ""
    """When they work, as the contract has it, for people to read."""
    contract: str = ""
    """The number of the contract."""

    @property
    def number(self) -> str:
        """The number at which they are rung; empty where they are not."""
        return self.numbers[0] if self.numbers else ""

    def theirs(self, number: str | None) -> bool:
        """Tell whether this E.164 number is one of theirs."""
        return number in self.numbers

    def own(self, number: str | None, shown: str) -> tuple[str | None, str]:
        """Give what a call has of its number: the number that proves somebody, and what is shown."""
        if self.theirs(number):
            return None, FROM_INTERPRETER
        return number, "" if shown == FROM_INTERPRETER else shown

    def call_back(self, number: str | None, shown: str, dialable: Callable[[str], str | None]) -> str | None:
        """Give the number at which who called is reached; None where we cannot call them by ourselves."""
        at = self.number if shown == FROM_INTERPRETER else number
        return dialable(at) if at else None


NO_INTERPRETERS = Interpreters()
