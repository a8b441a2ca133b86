"""Calls that the hotline places by itself: each is claimed in the database before anybody is rung.

One piece for all of them: whatever wants somebody called (`hotline.appeals.duty_calls`, surveys, the news of
outages, informing by order) is a source of errands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from attrs import define

from hotline.calls.call import Outcome
from hotline.calls.conversation import Call


class Kind(StrEnum):
    """The purpose of an automatic call; each has hours of its own (`hotline.dialling.dialling_rules`)."""

    EMERGENCY = "emergency"
    CALL_BACK = "call-back"
    """They wait for it: they gave their place in the line away for it, or it was agreed upon."""
    OUTAGE = "outage"
    """They asked to be told when it is over."""
    SURVEY = "survey"
    INFORMING = "informing"


class Result(StrEnum):
    """What came of one attempt."""

    SETTLED = "settled"
    """Whoever answered did what they were asked, by a key. Nothing else decides that a person was there."""
    UNHEARD = "unheard"
    """The call was answered, by whomever or whatever, and no key settled it."""
    MACHINE = "machine"
    """The same, and what was said first was as long as an answering machine's greeting: a hint."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    NOT_IN_USE = "not-in-use"
    FAILED = "failed"
    """The network, or there is no way out."""
    INTERRUPTED = "interrupted"
    """It rang or they had answered, and the service died under it."""
    UNWANTED = "unwanted"
    """They do not want to be called: nobody was rung."""
    NOT_PLACED = "not-placed"
    """The service died before it dialled: nobody was rung, and it is no attempt."""


NOBODY_RUNG = frozenset({Result.FAILED, Result.NOT_IN_USE, Result.UNWANTED, Result.NOT_PLACED})
"""What does not count as a call to a person."""


_OF_OUTCOME: Mapping[Outcome, Result] = {
    Outcome.BUSY: Result.BUSY,
    Outcome.NO_ANSWER: Result.NO_ANSWER,
    Outcome.REFUSED: Result.REFUSED,
    Outcome.NOT_IN_USE: Result.NOT_IN_USE,
    Outcome.GIVEN_UP: Result.INTERRUPTED,
}


def result_of(outcome: Outcome) -> Result:
    """Tell what an attempt came to that nobody answered."""
    return _OF_OUTCOME.get(outcome, Result.FAILED)


@define(eq=False, repr=False)
class RetryRules:
    """Pauses before the second, the third … attempt, by what the one before came to; then it is given up."""

    _pauses: Mapping[Result, Sequence[timedelta]]

    def again_in(self, result: Result, attempt: int) -> timedelta | None:
        """Give the pause after this attempt (from 1); None: no further one."""
        pauses = self._pauses.get(result, ())
        return pauses[attempt - 1] if attempt <= len(pauses) else None


_ONE_MORE_FOR = 4
"""For so many citizens who call at once one more line is kept free: others are about to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How many calls of the trunk the hotline's own ones may take, and how fast they are placed."""

    whole: int | None = None
    """How many calls the trunk carries at once; None: not known."""
    kept_free: int = 1
    """So many of them are left to citizens, whatever is due; more while many of them call."""
    most: int = 2
    """Calls of the hotline's own at once; 0: it places none."""
    per_second: float = 2.0
    """How many calls are placed in a second."""

    def room(self, *, busy: int, ours: int) -> int:
        """Tell how many calls may be placed now; `busy` are all calls of the trunk, `ours` among them."""
        room = self.most - ours
        if self.whole is not None:
            kept_free = max(self.kept_free, (busy - ours) // _ONE_MORE_FOR)
            room = min(room, self.whole - kept_free - busy)
        return max(0, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call to be placed, claimed. `attempt` counts from 1."""

    name: str
    """Names it for ever: its source's name and what the source knows it by, such as `notice-17`."""
    attempt: int
    claimed_at: datetime
    number: str
    """As it is dialled (`calling_out.CallingRules.dialable`)."""
    kind: Kind = Kind.SURVEY
    exempt: str = ""
    """Why quiet hours, the budget and the list of whom not to call do not hold; empty: they do."""
    answers: str = ""
    """The call of theirs that this one answers: it is over, even if that is not written down yet."""

    @property
    def call(self) -> str:
        """Name the attempt. A person may have an errand begun anew: the moment tells its attempts apart."""
        return f"{self.name}-{self.attempt}-{int(self.claimed_at.timestamp()):x}"


@dataclass(slots=True)
class Attempt:
    """An errand while it is carried out. Whoever converses says when it is settled."""

    errand: Errand
    call_id: str
    dialled: bool = False
    """Whether they may have been rung."""
    settled: bool = False


class Errands(Protocol):
    """Where calls come from that are to be placed. A claim is the caller's alone until it is ended."""

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        """Take up to so many errands that are due, the most pressing first; nobody else gets them."""
        ...

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        """Say that these are still under way; a claim that nobody renews was left behind."""
        ...

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        """Note what the attempt came to; whether there is another is for the source to say.

        May be told again of an attempt that was noted before: then nothing changes.
        """
        ...

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        """Give the claim back: nobody was rung. It is due again then, and the attempt does not count.

        May be told again, too; and of a claim that is no more nothing changes.
        """
        ...

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        """Give back what was claimed and not renewed since: nobody was rung. How many.

        What was dialled is never among them: the dialler renews it until it knows what came of it
        (`hotline.dialling.call_attempts`).
        """
        ...


class Source(Errands, Protocol):
    """Errands of one kind, and what is said to whoever answers. Its errands are named `<name>-<id>`."""

    @property
    def name(self) -> str: ...

    async def prepare(self, errand: Errand) -> None:
        """Make ready what is said, before anybody is rung; other errands do not wait for it."""
        ...

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Speak with whoever answered; the call is hung up when it returns."""
        ...
