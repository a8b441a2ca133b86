"""Calls that the hotline owes: each is a job, written in the transaction that owes the call.

One machine for all of them (`hotline.dialling.job_states`). A worker claims a job, asks its source for a
brief, has the number admitted, dials, and tells the source what the call came to; the source says what
follows. Each step is in the database before the next one begins: after a crash it is known how far it was.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from hotline.calls.call import CallRecord, Outcome
from hotline.calls.conversation import Call
from hotline.dialling.dialler import Kind, Result, result_of
from hotline.dialling.job_states import JobEvent, JobState
from hotline.isolation import Job as Work

About = TypeVar("About")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A call to be owed."""

    source: str
    """The name of the `JobSource` that knows what it is about."""
    number: str
    kind: Kind
    subject: int | None = None
    """The id under which its source keeps what it is about: a survey, a notice; a source owes each once."""
    about: str = ""
    """What its source knows it by besides: an appeal's number, the call whose place was kept."""
    due_at: datetime | None = None
    """None: its source has it claimed when its moment has come (`CallJobs.claim_this`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(NewJob):
    """A call that is owed. `attempt` counts from 1."""

    id: int
    state: JobState
    attempt: int
    campaign_id: int | None = None
    claimed_at: datetime
    call_id: str
    """Names this attempt for ever: the channel's id."""
    exempt: str = ""
    result: Result | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Generic[About]):
    """Whom a job calls, and what is needed to speak with them."""

    number: str
    """As it is dialled (`calling_out.CallingRules.dialable`)."""
    about: About
    exempt: str = ""
    """Why quiet hours, the budget and the list of whom not to call do not hold; empty: they do."""
    answers: str = ""
    """The call of theirs that this one answers: it is over, even if that is not written down yet."""
    listens: bool = True
    """Asterisk is asked how long the called speak at first: it may be a machine."""


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows for a job, in its source's word."""

    event: JobEvent
    due_at: datetime | None = None
    """When it is due again; None: when its source has it claimed."""


REACHED = Follows(JobEvent.REACH)
GIVEN_UP = Follows(JobEvent.GIVE_UP)


def again_at(due_at: datetime | None) -> Follows:
    """Another attempt follows."""
    return Follows(JobEvent.AGAIN, due_at)


def later(due_at: datetime | None) -> Follows:
    """Nobody is called now, and the attempt does not count."""
    return Follows(JobEvent.PUT_OFF, due_at)


async def _at_once(work: Work, failure: str) -> None:
    del failure
    await work()


@dataclass(slots=True)
class Attempt(Generic[About]):
    """A job while a worker carries it out."""

    job: Job
    brief: Brief[About]
    keep_settled: Callable[[], Awaitable[None]]
    owe: Callable[[Work, str], Awaitable[None]] = _at_once
    """Have something of the call written, for which the call does not wait where the database is away.

    It may be done again though it was done. What is owed is written in its order, and before it is decided
    what the call came to; `failure` tells the log what is not written yet.
    """
    dialled: bool = False
    """Whether they may have been rung."""
    settled: bool = False

    @property
    def call_id(self) -> str:
        return self.job.call_id

    async def settle(self, word: Work | None = None) -> None:
        """Carry out the word that they gave by a key, and note that they did what they were asked.

        It is on disk before the answer to their key is heard; where the database is away, it is owed, and
        `settled` tells when it is written.
        """

        async def write() -> None:
            if word is not None:
                await word()
            await self.keep_settled()
            self.settled = True

        await self.owe(write, f"their key is not on record call_id={self.call_id}")


class JobSource(Protocol[About]):
    """What jobs of one name are about: whom they call, what is said, and what follows."""

    @property
    def name(self) -> str: ...

    async def brief(self, job: Job, at: datetime) -> Brief[About] | Follows:
        """Say whom the job calls; or, where nobody is to be called now, what follows."""
        ...

    async def prepare(self, about: About) -> None:
        """Make ready what is said, before anybody is rung; other jobs do not wait for it."""
        ...

    async def attend(self, call: Call, attempt: Attempt[About]) -> None:
        """Speak with the person who answered; the call is hung up when it returns."""
        ...

    async def after(self, job: Job, result: Result, at: datetime, about: About | None) -> Follows:
        """Carry out what the call came to, and say what follows for the job.

        May be asked again of the same attempt, by another worker: then nothing is carried out twice.
        `about` is what the brief had; None where another worker had asked for it.
        """
        ...


class Verdict(StrEnum):
    """Whether a job may be carried out now."""

    ADMITTED = "admitted"
    ENGAGED = "engaged"
    """Another call to the number is under way, or they are on the line with us now."""
    SPENT = "spent"
    """The number was called as often today as anybody is."""
    UNWANTED = "unwanted"
    """They do not want to be called (`hotline.people.do_not_call`)."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A job whose number is rung or spoken with at this moment; `since` it was dialled, or else claimed."""

    job: Job
    dialled: bool
    since: datetime


class CallJobs(Protocol):
    """The jobs of all sources and workers. A claim is one worker's alone until it ends."""

    async def owe(self, new: Sequence[NewJob], at: datetime) -> None:
        """Owe these calls."""
        ...

    async def claim(self, at: datetime, most: int) -> Sequence[Job]:
        """Take up to `most` jobs that are due, the most pressing kind first; no other worker gets them.

        To one number, and about one appeal, only one at a time; of a campaign no more than its bounds allow.
        """
        ...

    async def claim_this(
        self, source: str, about: str, call_id: str, at: datetime, *, attempt: int
    ) -> Job | None:
        """Take the job that is due when its source says so; None: it is under way, or over."""
        ...

    async def admit(
        self, job: Job, brief: Brief[About], at: datetime, *, since: datetime, budget: int
    ) -> Verdict:
        """Keep the number for this job, unless something speaks against calling it.

        Nobody is called who is on the line with us, by their call or by ours; `since` then a number is called
        at most `budget` times.
        """
        ...

    async def on_the_line(self, number: str, *, but: str = "") -> bool:
        """Tell whether a call from or to the number goes on; `but` is a call that does not count."""
        ...

    async def dialled_to(self, number: str) -> bool:
        """Tell whether this number is rung or spoken with at this moment, by a call of a job."""
        ...

    async def dial(self, call_id: str, at: datetime) -> bool:
        """Note that it is dialled from now on; False: others have taken it over, it must not be."""
        ...

    async def settle(self, call_id: str) -> None:
        """Note what the call, which goes on, comes to: they settled it."""
        ...

    async def end(self, call_id: str, result: Result, at: datetime) -> Job | None:
        """Note that the call is over, and what it came to; the first to say so is right.

        None: it was said before.
        """
        ...

    async def follow(self, call_id: str, follows: Follows, at: datetime) -> None:
        """Bring it to where its source says. A claim that has gone is left alone."""
        ...

    async def renew(self, call_ids: Collection[str], at: datetime) -> None:
        """Say that these are still ours."""
        ...

    async def give_back(self, renewed_before: datetime, at: datetime) -> int:
        """Make due again what was claimed and never dialled, and nobody has renewed since. How many."""
        ...

    async def take_over(self, renewed_before: datetime, at: datetime) -> Sequence[Job]:
        """Take what was dialled, and nobody has renewed since; it is ours then.

        A `result` is known where only its source was not told, or a key had settled it.
        """
        ...

    async def take_these_over(self, call_id: str, source: str, at: datetime) -> Sequence[Job]:
        """Take the jobs of a call that was cut off: whose call this is, and the one of `source` about it.

        Only those that were dialled and of which not all is said.
        """
        ...

    async def under_way(self, most: int) -> Sequence[UnderWay]:
        """Give whom all workers call or speak with at this moment, the oldest first."""
        ...


_SETTLED = frozenset({Outcome.TALKED, Outcome.CALLBACK_WANTED})
"""They wanted a dispatcher, who spoke with them or calls them back.

That they pressed the key they were asked for (TOLD) is not enough: what they said by it is carried out in the
write that notes a result, and was lost with a process that owed it.
"""


def came_to(left: Job, call: CallRecord | None) -> Result | None:
    """Decide what became of a call that was dialled, from the call log, which Asterisk's account makes whole.

    None: it is not known yet. A call is on record before it is dialled.
    """
    if left.result is not None:
        return left.result
    if call is None:
        return Result.NOT_PLACED
    if call.ended_at is None:
        return None
    if call.outcome in _SETTLED:
        return Result.SETTLED
    if call.answered_at is not None:
        return Result.INTERRUPTED
    return result_of(call.outcome) if call.outcome else Result.FAILED
