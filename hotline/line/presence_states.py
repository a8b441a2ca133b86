"""The machine of a dispatcher's presence: its states, what happens to them, and why they are so."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.errors import ForbiddenTransition


class Presence(StrEnum):
    """A dispatcher's presence."""

    AWAY = "away"
    READY = "ready"
    PAUSED = "paused"
    OFFERED = "offered"
    TALKING = "talking"
    AFTER_CALL = "after-call"


_PRESENCE_MAY_BECOME: dict[Presence, frozenset[Presence]] = {
    Presence.AWAY: frozenset({Presence.READY}),
    Presence.READY: frozenset({Presence.AWAY, Presence.PAUSED, Presence.OFFERED, Presence.TALKING}),
    Presence.PAUSED: frozenset({Presence.AWAY, Presence.READY, Presence.TALKING}),
    Presence.OFFERED: frozenset({Presence.READY, Presence.PAUSED, Presence.TALKING, Presence.AWAY}),
    Presence.TALKING: frozenset({Presence.AFTER_CALL, Presence.READY, Presence.PAUSED, Presence.AWAY}),
    Presence.AFTER_CALL: frozenset({Presence.READY, Presence.PAUSED, Presence.AWAY, Presence.TALKING}),
}

UNREACHABLE = "phone-unreachable"
"""Why a dispatcher is PAUSED whose phone is not there; it is lifted when the phone registers again."""
FROM_PAUSE = "from-pause:"
"""Why a dispatcher is OFFERED who is rung on a pause; its reason stands behind, for they go back to it."""
CALLING_OUT = "calling-out"
"""Why a dispatcher is TALKING whose own call has not been answered yet."""
CONSULT = "consult"
"""Why a dispatcher is TALKING who speaks with a colleague, or is rung by one."""
ASTERISKS_QUEUE = "asterisk-queue"
"""Why a dispatcher is TALKING whom Asterisk's own queue has given a caller."""
ENGAGED = frozenset({Presence.OFFERED, Presence.TALKING})


def may_become(now: Presence, then: Presence) -> bool:
    return now is then or then in _PRESENCE_MAY_BECOME[now]


def require_transition(now: Presence, then: Presence) -> None:
    """Raise ForbiddenTransition unless a dispatcher who is `now` may become `then`."""
    if not may_become(now, then):
        message = f"A dispatcher who is {now} cannot become {then}."
        raise ForbiddenTransition(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an engaged dispatcher is to be when they are free again: PAUSED for a reason, or AWAY."""

    presence: Presence
    reason: str = ""
