"""Calls that a dispatcher has arranged with somebody: at such a moment, for such a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from attrs import define

from hotline.line.callbacks import CallbackResult, Callbacks, Claim
from hotline.line.scheduled_states import ScheduledState

TRIED_AGAIN_AFTER = timedelta(minutes=15)
"""When a call that nobody answered is due again, unless a person says otherwise."""
LONGEST_WHY = 500
FURTHEST = timedelta(days=90)
"""Further ahead nobody remembers what it was about."""
_REFERENCE = "scheduled-"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScheduled:
    """A call to be arranged. `number` is as it is dialled (`CallingRules.dialable`)."""

    number: str
    due_at: datetime
    why: str
    arranged_by: int
    arranged_at: datetime
    for_user_id: int | None = None
    """The user who is to make the call; None when anybody may."""
    call_id: str | None = None
    """The call in which it was arranged."""
    appeal_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """An arranged call."""

    id: int
    about: NewScheduled
    due_at: datetime
    """The moment it is due: later than arranged once an attempt failed or it was moved."""
    state: ScheduledState = ScheduledState.DUE
    tries: int = 0
    last_result: CallbackResult | None = None
    claim: Claim | None = None

    @property
    def reference(self) -> str:
        """The reference, in a form that tells it from a missed call's (`calling_out.CallOut`)."""
        return f"{_REFERENCE}{self.id}"

    @property
    def number(self) -> str:
        return self.about.number

    def concerns(self, user_id: int) -> bool:
        return self.about.for_user_id in {None, user_id}


def referred(reference: str) -> int | None:
    """Find the id in a `Scheduled.reference`; None for the id of a call."""
    number = reference.removeprefix(_REFERENCE)
    return int(number) if number != reference and number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004


class ScheduledCallbacks(Protocol):
    """The arranged calls. Changing one that is over, or does not exist, raises NotFound."""

    async def arrange(self, wanted: NewScheduled) -> Scheduled:
        """Arrange the call; a form that was sent twice arranges one."""
        ...

    async def waiting(self, limit: int, until: datetime | None = None) -> Sequence[Scheduled]:
        """List those that are DUE, in order of time; only those due `until` then, if it is given."""
        ...

    async def claim(self, scheduled_id: int, user_id: int, at: datetime) -> Claim:
        """Claim this call for the user; returns the claim that holds."""
        ...

    async def release(self, scheduled_id: int, user_id: int) -> None:
        """Give one's own claim back without a result; another's stays, and nothing to give back is fine."""
        ...

    async def tried(
        self,
        scheduled_id: int,
        user_id: int,
        result: CallbackResult,
        at: datetime,
        *,
        made_call_id: str | None = None,
    ) -> None:
        """Record the result of the call, once for each `made_call_id`.

        A result of REACHED takes it off the list; otherwise it is due again TRIED_AGAIN_AFTER. The user's
        claim is over.
        """
        ...

    async def move(self, scheduled_id: int, due_at: datetime) -> None: ...

    async def give_up(self, scheduled_id: int) -> None: ...


class CallClaims(Protocol):
    """Claims on calls to be made, of missed and of arranged ones."""

    async def claim(self, reference: str, user_id: int, at: datetime) -> Claim:
        """Claim; returns the claim that holds. Raises NotFound for a reference to nothing."""
        ...

    async def release(self, reference: str, user_id: int) -> None: ...


@define(eq=False, repr=False)
class EitherClaims:
    """`CallClaims` on both lists."""

    _missed: Callbacks
    _scheduled: ScheduledCallbacks

    async def claim(self, reference: str, user_id: int, at: datetime) -> Claim:
        if (scheduled_id := referred(reference)) is not None:
            return await self._scheduled.claim(scheduled_id, user_id, at)
        return await self._missed.claim(reference, user_id, at)

    async def release(self, reference: str, user_id: int) -> None:
        if (scheduled_id := referred(reference)) is not None:
            await self._scheduled.release(scheduled_id, user_id)
        else:
            await self._missed.release(reference, user_id)
