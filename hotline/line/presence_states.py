"""The state machine of a dispatcher's presence, the events that change it, and the reasons of a state.

A dispatcher who is OFFERED or TALKING is engaged: their choice meanwhile is a wish, a machine of its own, and
becomes their presence when they are free again.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hotline.errors import ForbiddenTransition
from hotline.transitions import Transitions


class Presence(StrEnum):
    """A dispatcher's presence."""

    AWAY = "away"
    READY = "ready"
    PAUSED = "paused"
    OFFERED = "offered"
    TALKING = "talking"
    AFTER_CALL = "after-call"


class PresenceEvent(StrEnum):
    """Events that change a presence."""

    READY = "ready"
    """The dispatcher, or a program for them, chooses it; so the next two."""
    PAUSE = "pause"
    LEAVE = "leave"
    OFFER = "offer"
    """The first caller of the line is offered to them."""
    OFFER_EMERGENCY = "offer-emergency"
    """For which the work after a call ends, and a pause is interrupted."""
    PICK = "pick"
    """They take a caller out of turn."""
    ANSWER = "answer"
    ENGAGE = "engage"
    """They call somebody, speak with a colleague, or have a caller by Asterisk's own queue."""
    TAKE_OVER = "take-over"
    """A caller who is talking is passed on to them."""
    FREE = "free"
    """The offer or the talk is over; so the next three."""
    FREE_TO_PAUSE = "free-to-pause"
    FREE_TO_LEAVE = "free-to-leave"
    WRAP_UP = "wrap-up"
    """The work after a call begins."""
    BUSY = "busy"
    """Their telephone says that it is in a call: the end of their last one may be on its way to it."""
    LENGTHEN = "lengthen"
    WRAPPED_UP = "wrapped-up"
    """The time for the work after a call is over."""


_FREE_AGAIN = {
    PresenceEvent.FREE: Presence.READY,
    PresenceEvent.FREE_TO_PAUSE: Presence.PAUSED,
    PresenceEvent.FREE_TO_LEAVE: Presence.AWAY,
}

PRESENCE = Transitions(
    subject="The dispatcher",
    initial=frozenset({Presence.AWAY}),
    table={
        Presence.AWAY: {
            PresenceEvent.READY: Presence.READY,
            PresenceEvent.LEAVE: Presence.AWAY,
            PresenceEvent.TAKE_OVER: Presence.TALKING,
        },
        Presence.READY: {
            PresenceEvent.READY: Presence.READY,
            PresenceEvent.PAUSE: Presence.PAUSED,
            PresenceEvent.LEAVE: Presence.AWAY,
            PresenceEvent.OFFER: Presence.OFFERED,
            PresenceEvent.OFFER_EMERGENCY: Presence.OFFERED,
            PresenceEvent.PICK: Presence.OFFERED,
            PresenceEvent.ENGAGE: Presence.TALKING,
            PresenceEvent.TAKE_OVER: Presence.TALKING,
        },
        Presence.PAUSED: {
            PresenceEvent.READY: Presence.READY,
            PresenceEvent.PAUSE: Presence.PAUSED,
            PresenceEvent.LEAVE: Presence.AWAY,
            PresenceEvent.OFFER_EMERGENCY: Presence.OFFERED,
            PresenceEvent.PICK: Presence.OFFERED,
            PresenceEvent.ENGAGE: Presence.TALKING,
            PresenceEvent.TAKE_OVER: Presence.TALKING,
        },
        Presence.OFFERED: {
            PresenceEvent.ANSWER: Presence.TALKING,
            PresenceEvent.ENGAGE: Presence.TALKING,
            PresenceEvent.TAKE_OVER: Presence.TALKING,
            PresenceEvent.BUSY: Presence.AFTER_CALL,
            **_FREE_AGAIN,
        },
        Presence.TALKING: {
            PresenceEvent.TAKE_OVER: Presence.TALKING,
            PresenceEvent.WRAP_UP: Presence.AFTER_CALL,
            **_FREE_AGAIN,
        },
        Presence.AFTER_CALL: {
            PresenceEvent.READY: Presence.READY,
            PresenceEvent.PAUSE: Presence.PAUSED,
            PresenceEvent.LEAVE: Presence.AWAY,
            PresenceEvent.OFFER_EMERGENCY: Presence.OFFERED,
            PresenceEvent.PICK: Presence.OFFERED,
            PresenceEvent.ENGAGE: Presence.TALKING,
            PresenceEvent.TAKE_OVER: Presence.TALKING,
            PresenceEvent.LENGTHEN: Presence.AFTER_CALL,
            PresenceEvent.WRAPPED_UP: Presence.READY,
        },
    },
)
_BEFORE_READY = {Presence.TALKING: PresenceEvent.WRAP_UP, Presence.OFFERED: PresenceEvent.BUSY}
ENGAGED = frozenset({Presence.OFFERED, Presence.TALKING})

UNREACHABLE = "phone-unreachable"
"""Why a dispatcher is PAUSED whose phone is not there; it is lifted when the phone registers again."""
FROM_PAUSE = "from-pause:"
"""Why a dispatcher is OFFERED who is rung on a pause; its reason stands behind, for they go back to it."""
CALLING_OUT = "calling-out"
"""Why a dispatcher is TALKING whose own call has not been answered yet."""
CONSULT = "consult"
"""Why a dispatcher is TALKING who speaks with a colleague, or is rung by one."""
SUPERVISING = "supervising"
"""Why a head or deputy is TALKING who is on the talk of a dispatcher, or is rung for it."""
ASTERISKS_QUEUE = "asterisk-queue"
"""Why a dispatcher is TALKING whom Asterisk's own queue has given a caller."""


class Choice(StrEnum):
    """A dispatcher's choice: at once, or as a wish while they are engaged."""

    READY = "ready"
    PAUSE = "pause"
    LEAVE = "leave"


class Wished(StrEnum):
    """The state of an engaged dispatcher's wish."""

    NOTHING = "nothing"
    """As it comes: at work after the call, or ready."""
    PAUSED = "paused"
    AWAY = "away"


WISH = Transitions(
    subject="The wish of the dispatcher",
    initial=frozenset({Wished.NOTHING}),
    table={
        Wished.NOTHING: {Choice.PAUSE: Wished.PAUSED, Choice.LEAVE: Wished.AWAY},
        Wished.PAUSED: {
            Choice.READY: Wished.NOTHING,
            Choice.PAUSE: Wished.PAUSED,
            Choice.LEAVE: Wished.AWAY,
        },
        Wished.AWAY: {Choice.READY: Wished.NOTHING, Choice.LEAVE: Wished.AWAY},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The presence of an engaged dispatcher when they are free again: PAUSED for a reason, or AWAY."""

    presence: Presence
    reason: str = ""


_CHOICES = {Presence.READY: Choice.READY, Presence.PAUSED: Choice.PAUSE, Presence.AWAY: Choice.LEAVE}


def choice_of(presence: Presence) -> Choice:
    """Give the choice that leads to a presence; raises ForbiddenTransition for one that nobody can choose."""
    if presence not in _CHOICES:
        raise ForbiddenTransition("Nobody chooses to be %(state)s.", state=presence.value)
    return _CHOICES[presence]


def wish_after(wish: Wish | None, choice: Choice, reason: str) -> Wish | None:
    """Give the wish of an engaged dispatcher after their choice; raises ForbiddenTransition."""
    before = Wished.NOTHING if wish is None else Wished(wish.presence.value)
    after = WISH.after(before, choice)
    return None if after is Wished.NOTHING else Wish(presence=Presence(after.value), reason=reason)


def goes_back_to(presence: Presence, reason: str, wish: Wish | None) -> Wish | None:
    """Give the wish of a dispatcher who is engaged from now on, or goes on being so.

    A pause that is interrupted is gone back to, and who was away is so again.
    """
    if wish is not None:
        return wish
    if presence in {Presence.PAUSED, Presence.AWAY}:
        return Wish(presence=presence, reason=reason)
    if presence is Presence.OFFERED and reason.startswith(FROM_PAUSE):
        return Wish(presence=Presence.PAUSED, reason=reason.removeprefix(FROM_PAUSE))
    return None


def end_of(presence: Presence, wish: Wish | None, wrap_up: timedelta) -> PresenceEvent:
    """Give the event by which an engagement ends: as wished, else with `wrap_up`, else free."""
    if wish is not None:
        paused = wish.presence is Presence.PAUSED
        return PresenceEvent.FREE_TO_PAUSE if paused else PresenceEvent.FREE_TO_LEAVE
    if wrap_up <= timedelta(0):
        return PresenceEvent.FREE
    return _BEFORE_READY.get(presence, PresenceEvent.FREE)
