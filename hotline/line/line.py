"""The waiting line: who waits, who is on duty, and the rules by which the two are paired."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from hotline.errors import HotlineError
from hotline.line.presence_states import Presence, Wish
from hotline.line.queue_entry_states import QueueEntryState


class Priority(IntEnum):
    """The priority of a caller. Within one priority the earlier arrival goes first."""

    SLOWER = -10
    """An abusive caller: behind all others, and answered (`hotline.supervision.slower_places`)."""
    ORDINARY = 0
    RETURNING = 10
    """Was already talking, or was offered and not answered: the head of the line."""
    EMERGENCY = 20


NAMED_PLACES = 30
"""Places that a caller is told by number; who is farther back hears only that many are waiting."""
COMES_BACK_WITHIN = timedelta(seconds=90)
"""How long callers wait for a dispatcher whose phone went away: by then a crashed browser is open again, and
on a night shift there is nobody else."""


class NobodyElse(HotlineError):  # noqa: N818 - reads as what is the case
    """The dispatcher is the only one who answers citizens now, so they are not taken for training."""

    code = "nobody-else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """A person who answers calls. Colleagues dial the `extension`; callers ask for `skills`."""

    id: int
    extension: str
    name: str
    secret: str
    skills: frozenset[str] = frozenset()
    presence: Presence = Presence.AWAY
    reason: str = ""
    since: datetime
    misses: int = 0
    """Offers in a row that this dispatcher did not answer."""
    wrap_up_until: datetime | None = None
    """When the work after a call ends by itself; None for who is not AFTER_CALL."""
    wish: Wish | None = None
    """Their presence afterwards; only while OFFERED or TALKING, and withdrawn by READY."""

    @property
    def on_duty(self) -> bool:
        """Whether callers may count on this dispatcher: neither off duty, nor about to be."""
        return self.presence not in {Presence.AWAY, Presence.PAUSED} and self.wish is None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One caller's place in the line. `entered_at` never changes: it is what keeps the order just."""

    call_id: str
    priority: Priority
    entered_at: datetime
    state: QueueEntryState = QueueEntryState.WAITING
    skill: str | None = None
    """Dispatchers who have it are offered the caller before others."""
    topic: str | None = None
    """A second skill: who has both goes before who has the first alone."""
    anybody_from: datetime | None = None
    """Until then only they are, while one of them is on duty; None: anybody is from the start."""
    wanted_dispatcher_id: int | None = None
    dispatcher_id: int | None = None
    """The dispatcher engaged with them; None for a caller who is TALKING to no dispatcher any more."""
    callback_to: str | None = None
    """They have hung up and are called on this number (E.164) when it is their turn."""
    cut_at: datetime | None = None
    """When it was found that a fault of ours had ended their call; None: none did."""
    node: str = ""
    """The node that looks after a kept place in the stead of the call's own, which is gone; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One caller offered to one dispatcher. `attempt` counts the offers of this call from 1."""

    call_id: str
    dispatcher: Dispatcher
    attempt: int
    callback_to: str | None = None
    """The number to call first; None: they are on the telephone."""
    node: str = ""
    """The node that calls, where it is not the call's own (`QueueEntry.node`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A caller's position in the line, from 1, and whether any dispatcher could take them."""

    position: int
    """Beyond NAMED_PLACES it is that of some seconds ago: only the expected wait rests on it."""
    attended: bool
    """A dispatcher is on duty, or their phone went away a moment ago; in an emergency a pause will do."""


class Line(Protocol):
    """The line as kept in the database. Every claim is one transaction, so two workers never clash.

    A dispatcher is engaged by a place of theirs that is OFFERED or TALKING, or by `engage`. Nobody engaged is
    given another caller, whatever is pressed meanwhile: that is what they are afterwards (`Dispatcher.wish`).
    """

    async def enter(
        self,
        call_id: str,
        *,
        at: datetime,
        priority: Priority = Priority.ORDINARY,
        skill: str | None = None,
        topic: str | None = None,
        anybody_from: datetime | None = None,
        wanted_dispatcher_id: int | None = None,
        unless: Collection[QueueEntryState] = (),
    ) -> QueueEntry:
        """Enter the line, or return to the place already held (state WAITING).

        `entered_at` is kept, the priority only rises, skills and wanted dispatcher are replaced; a wait for
        the same skill goes on. An emergency waits for no skill, whatever `anybody_from` says. A place that is
        in one of the states `unless` by then stays as it is; an emergency's is one at once if it is OFFERED.
        Raises Adopted where another node goes on with this call by now, or has reached its caller by another.
        """
        ...

    async def entry(self, call_id: str) -> QueueEntry | None: ...

    async def entries(self) -> Sequence[QueueEntry]:
        """List all places WAITING, OFFERED or TALKING, in the order of service."""
        ...

    async def engaging(self, dispatcher_id: int) -> Sequence[str]:
        """List the calls that this dispatcher has on the line: one that rings, then those they talk in.

        A call that they place is among them from its first ring; one that goes on without them is not.
        """
        ...

    async def standing(self, call_id: str, at: datetime) -> Standing | None:
        """Return the caller's position; None when they are not waiting.

        A dispatcher whose phone went away counts for COMES_BACK_WITHIN, but not for callers who want one
        person: those go to any dispatcher meanwhile. A skill makes no difference.
        """
        ...

    async def pair(self, at: datetime) -> Offer | None:
        """Pair the first waiting caller that some READY dispatcher can take with the one idle longest.

        Place and dispatcher become OFFERED. A caller who wants one dispatcher gets only them. One who asked
        for a skill gets who has it, and others from `anybody_from` on, or when nobody on duty has it. An
        emergency that no READY dispatcher can take ends a wrap-up; else it is offered to each dispatcher on a
        pause once, and they go back to it afterwards.
        """
        ...

    async def pick(self, call_id: str, dispatcher_id: int, at: datetime) -> Offer | None:
        """Take a WAITING caller out of turn, whatever skill or person was asked for.

        The dispatcher may be READY, PAUSED or AFTER_CALL; None when they are away or engaged, or the caller
        no longer waits.
        """
        ...

    async def answered(
        self, call_id: str, dispatcher_id: int, at: datetime, *, attempt: int | None = None
    ) -> bool:
        """The offer was answered: make place and dispatcher TALKING, misses 0. False if it had ended.

        It may be done again. With its `attempt` it answers no other offer to the same dispatcher, however
        late it is written; None: whichever stands.
        """
        ...

    async def calls_out(self, call_id: str, dispatcher_id: int, at: datetime) -> Dispatcher | None:
        """Take the dispatcher for a call that they place themselves: nobody is offered to them from now on.

        The place is TALKING at once; a pause is gone back to when the call is over. Gives the dispatcher as
        they were before; None when they are away or engaged. A trial call takes nobody out of the line who
        alone answers citizens: raises NobodyElse where all others on duty are in trial calls themselves.
        """
        ...

    async def passed_on(self, call_id: str, dispatcher_id: int, at: datetime) -> None:
        """Have a caller who is TALKING go on with this dispatcher, who is on the line already.

        An offer to them that is under way goes back to the head of the line.
        """
        ...

    async def engage(self, dispatcher_id: int, at: datetime, reason: str, *, begun: bool = False) -> bool:
        """Engage the dispatcher in a conversation without a place: with a colleague, or in Asterisk's queue.

        They are TALKING with this reason, and go back to a pause afterwards. False when they are away or
        engaged already. `begun`: they speak already, so that a caller who is offered to them waits on, at the
        head of the line.
        """
        ...

    async def hold_again(self, dispatcher_id: int, at: datetime) -> bool:
        """Make engaged a dispatcher who has a caller OFFERED or TALKING and is shown as free.

        Who is away is rung by nobody: a caller offered to them waits on, at the head of the line. False when
        there is nothing to be done.
        """
        ...

    async def disengage(
        self,
        dispatcher_id: int,
        at: datetime,
        *,
        reason: str | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> bool:
        """End what `engage` began, for this reason or for any; False when it has ended already.

        A dispatcher with a place stays engaged.
        """
        ...

    async def missed(
        self,
        call_id: str,
        dispatcher_id: int,
        at: datetime,
        *,
        pause_after: int | None,
        attempt: int | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> None:
        """Put the caller back at the head, WAITING: the offer was not answered.

        They are RETURNING, unless SLOWER, and no longer want one dispatcher; the dispatcher is READY with one
        more miss, AFTER_CALL for `wrap_up` before that, or PAUSED with the reason `not-answering` after
        `pause_after` misses. None: it was not the dispatcher's fault, count nothing; nor is it that of who
        wished for something else meanwhile, and is that now. `attempt` as in `answered`.
        """
        ...

    async def leave(self, call_id: str, at: datetime) -> None:
        """Take the caller out of the line; an offer under way frees its dispatcher (READY).

        A kept place stays: its caller has hung up and is called back.
        """
        ...

    async def talk_ended(self, call_id: str, dispatcher_id: int, at: datetime, *, wrap_up: timedelta) -> None:
        """End this dispatcher's talk with this caller, whose place has no dispatcher then.

        Unless they have another place, the dispatcher is free: as wished, else AFTER_CALL when `wrap_up` is
        positive, else READY.
        """
        ...

    async def end_wrap_ups(self, at: datetime) -> Sequence[int]:
        """Make READY the dispatchers whose wrap-up is over; returns their ids."""
        ...

    async def expected_wait(self, at: datetime, position: int) -> timedelta:
        """From the last hour's talks and the dispatchers on duty; never below half a minute."""
        ...


class Dispatchers(Protocol):
    """The people who answer, and their presence."""

    async def add(self, extension: str, name: str, secret: str, skills: frozenset[str]) -> Dispatcher: ...

    async def renew_secret(self, dispatcher_id: int, secret: str) -> None:
        """Give the desk's telephone another password; one that signed in with the old is signed out."""
        ...

    async def set_skills(self, dispatcher_id: int, skills: frozenset[str]) -> None:
        """Replace the skills of the dispatcher."""
        ...

    async def all(self) -> Sequence[Dispatcher]: ...

    async def by_extension(self, extension: str) -> Dispatcher | None: ...

    async def get(self, dispatcher_id: int) -> Dispatcher:
        """Find the dispatcher; raises NotFound."""
        ...

    async def set_presence(
        self, dispatcher_id: int, presence: Presence, at: datetime, reason: str = "", *, found_in: str = ""
    ) -> Dispatcher:
        """Change presence by the table of transitions (raises ForbiddenTransition), and remember it.

        An engaged dispatcher stays so: PAUSED and AWAY become their wish, READY withdraws it (raises Engaged
        when there is none). An UNREACHABLE phone changes nobody's own pause, and nothing for who is kept
        free for a call-back: it was found so before, perhaps by a node that was itself cut off. One that was
        `found_in` a call changes nothing for who is engaged with another by now, or was after `at`: a node
        that was cut off writes this when others have had its dispatchers for long.
        """
        ...

    async def more_time(self, dispatcher_id: int, at: datetime, more: timedelta) -> Dispatcher:
        """Lengthen the work after a call by `more`; raises ForbiddenTransition for who is not AFTER_CALL."""
        ...
