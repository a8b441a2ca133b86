"""AMI headers as types; panoramisk's messages exist nowhere else."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStatus:
    """A registered address of a phone appeared, answered, fell silent or went away."""

    endpoint: str
    reachable: bool
    contact: str
    """The address, as registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """The state of a device in Asterisk: NOT_INUSE, INUSE, RINGING, UNAVAILABLE and so on."""

    device: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackCaller:
    """A caller in Asterisk's own queue: they called while the service was away."""

    channel_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackAnswered:
    """A dispatcher has answered a caller of Asterisk's own queue."""

    device: str
    channel_id: str
    """The dispatcher's channel."""


AmiEvent = PhoneStatus | DeviceState | FallbackCaller | FallbackAnswered

GONE = frozenset({"Removed", "Unreachable"})
TOLD = frozenset({"ContactStatus", "DeviceStateChange", "QueueCallerJoin", "AgentConnect"})
"""The manager events that Asterisk sends us; its filters (`asterisk-conf/manager.d`) hold all others back."""


def read_event(message: Any) -> AmiEvent | None:
    """Translate a panoramisk message; None for the many that say nothing to us."""
    match message.event:
        case "ContactStatus":
            return PhoneStatus(
                endpoint=message.endpointname or message.aor,
                reachable=message.contactstatus not in GONE,
                contact=message.uri,
            )
        case "DeviceStateChange":
            return DeviceState(device=message.device, state=message.state)
        case "QueueCallerJoin" | "QueueEntry":
            return FallbackCaller(channel_id=message.uniqueid, channel=message.channel)
        case "AgentConnect":
            return FallbackAnswered(device=message.interface, channel_id=message.destuniqueid)
        case _:
            return None
