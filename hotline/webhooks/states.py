"""The machine of a webhook: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class WebhookState(StrEnum):
    """Whether anything is sent to a webhook."""

    ON = "on"
    OFF = "off"
    """A person or its own system has turned it off; its place is kept."""
    FAILED = "failed"
    """Turned off by the hotline: its address has failed for long, or has said that it is gone."""
    ENDED = "ended"
    """It gets nothing any more and is on no list."""


class WebhookEvent(StrEnum):
    """Events of a webhook."""

    TURN_OFF = "turn-off"
    GIVE_UP = "give-up"
    """Its address has failed for too long."""
    RESUME = "resume"
    """It goes on from where it stopped."""
    END = "end"


WEBHOOK = Transitions(
    subject="The webhook",
    initial=frozenset({WebhookState.ON}),
    table={
        WebhookState.ON: {
            WebhookEvent.TURN_OFF: WebhookState.OFF,
            WebhookEvent.GIVE_UP: WebhookState.FAILED,
            WebhookEvent.END: WebhookState.ENDED,
        },
        WebhookState.OFF: {
            WebhookEvent.RESUME: WebhookState.ON,
            WebhookEvent.END: WebhookState.ENDED,
        },
        WebhookState.FAILED: {
            WebhookEvent.RESUME: WebhookState.ON,
            WebhookEvent.TURN_OFF: WebhookState.OFF,
            WebhookEvent.END: WebhookState.ENDED,
        },
        WebhookState.ENDED: {},
    },
)
