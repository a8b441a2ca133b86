"""The caller's card: who may be calling and what the city knows of them, shown before the ring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.calls.call import CallRecord, Scalar, VoiceMessage
from hotline.desk.timeline import ReportedOff, SurveySaid, TimelineEntry, timeline
from hotline.line.line import QueueEntry
from hotline.people.citizens import Citizen, CitizenCard

MENU = "menu"


def menu_key(detail: Mapping[str, Scalar]) -> str | None:
    """Tell the key of a PRESSED step's detail when it was the main menu that asked; else None."""
    return str(detail["key"]) if MENU in str(detail.get("asked", "")).split() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCard:
    """Everyone known under a number, their open appeals, and their latest calls, newest first.

    Or one person under all their numbers (`Callers.of_citizen`).
    """

    number: str | None
    """E.164; None for a hidden number, of which the registers know nothing, and for one person."""
    candidates: Sequence[Citizen] = ()
    appeals: Sequence[Appeal] = ()
    """Open appeals of the number itself and of every other number of the candidates, newest first."""
    ended: Sequence[Appeal] = ()
    """Their latest appeals that have ended, newest first."""
    calls: Sequence[CallRecord] = ()
    ratings: Mapping[str, int] = field(default_factory=dict)
    """An appeal's number → the latest rating that its applicant gave, from 1 to 5."""
    messages: Sequence[VoiceMessage] = ()
    reports: Sequence[ReportedOff] = ()
    surveys: Sequence[SurveySaid] = ()

    @property
    def before(self) -> Sequence[TimelineEntry]:
        """All of it in one order, but the appeals that are open."""
        return timeline(
            appeals=self.ended,
            calls=self.calls,
            messages=self.messages,
            reports=self.reports,
            surveys=self.surveys,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCaller:
    """A caller in the line; `number` is None when hidden or not written yet."""

    entry: QueueEntry
    number: str | None
    chosen: Sequence[str] = ()
    """The keys pressed in the main menu, in order; told only for those who are served first."""
    shown: str = ""
    """Of a call without a number, what stands in its place: FROM_BROWSER, FROM_INTERPRETER."""


class Callers(Protocol):
    """The registers' knowledge of callers. Each answer takes a few indexed reads."""

    async def card(self, number: str | None, *, but_call: str = "") -> CallerCard:
        """Tell all about an E.164 number, without the call `but_call` that is going on."""
        ...

    async def expect(self, number: str, *, but_call: str) -> CallerCard:
        """Return the same as `card` for somebody whose call has just begun; it may wait for the disk."""
        ...

    async def of_citizen(self, person: CitizenCard, most: int) -> CallerCard:
        """Tell all about one person, by all their numbers: `most` calls, and `most` appeals, open ones first.

        Appeals of others from a number that they share are left out; calls may be theirs.
        """
        ...

    async def in_line(self) -> Sequence[WaitingCaller]:
        """Everyone WAITING, OFFERED or TALKING with their number, in the order of the line."""
        ...
