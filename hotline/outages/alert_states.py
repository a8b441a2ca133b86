"""The machine of an alert of many reports: its states, and what is decided of it, once."""

from enum import StrEnum

from hotline.transitions import Transitions


class AlertState(StrEnum):
    """The state of an alert."""

    OPEN = "open"
    ACCEPTED = "accepted"
    """A dispatcher entered an outage from it."""
    BELONGS = "belongs"
    """A dispatcher says that it belongs to an outage that was entered otherwise."""
    COVERED = "covered"
    """An outage was entered meanwhile that concerns all its reports."""
    DISMISSED = "dismissed"
    """A dispatcher says that it is no outage, and why."""


class AlertEvent(StrEnum):
    """Events of an alert."""

    GROW = "grow"
    """More people report the same."""
    ACCEPT = "accept"
    ASSIGN = "assign"
    """It belongs to an outage that was entered otherwise."""
    COVER = "cover"
    DISMISS = "dismiss"


ALERT = Transitions(
    subject="The alert",
    initial=frozenset({AlertState.OPEN}),
    table={
        AlertState.OPEN: {
            AlertEvent.GROW: AlertState.OPEN,
            AlertEvent.ACCEPT: AlertState.ACCEPTED,
            AlertEvent.ASSIGN: AlertState.BELONGS,
            AlertEvent.COVER: AlertState.COVERED,
            AlertEvent.DISMISS: AlertState.DISMISSED,
        },
        AlertState.ACCEPTED: {},
        AlertState.BELONGS: {},
        AlertState.COVERED: {},
        AlertState.DISMISSED: {},
    },
)
