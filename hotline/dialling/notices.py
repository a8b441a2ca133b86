"""Notices of the outbox that are calls: their sources and kinds, by recipient."""

from dataclasses import dataclass

from hotline.dialling.dialler import Kind

DUTY = "duty"
"""The source of the calls to duty contacts about emergencies."""
OUTAGE = "outage"
"""The source of the calls to those who asked to be told of an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Recipients whose names begin so are called, by jobs of this source and kind."""

    recipients: str
    source: str
    kind: Kind


CALLS_TO = (
    Called(recipients="contact:", source=DUTY, kind=Kind.EMERGENCY),
    Called(recipients="watcher:", source=OUTAGE, kind=Kind.OUTAGE),
)


def call_to(recipient: str) -> Called:
    """Say how a recipient of a notice is called, such as `contact:7`."""
    return next(one for one in CALLS_TO if recipient.startswith(one.recipients))
