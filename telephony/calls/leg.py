"""The leg of a call that leads to a dispatcher's phone."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime

from telephony.ari.messages import ChannelTransfer, Event, StasisStart
from telephony.calls.channel import FollowedChannel
from telephony.causes import NORMAL_CLEARING


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    """The phone asked (SIP REFER) to pass the caller on: to an extension, or to an answered leg."""

    extension: str
    answered_channel: str | None
    by_phone: bool = True
    """False when the desk's page asked: then there is no phone to be told how it went."""
    settled: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    """The transfer was carried out or refused, and the line knows: the engaged colleague may be freed."""


class Leg(FollowedChannel):
    """A dispatcher's phone, ringing or talking, for one caller."""

    dispatcher_id: int
    answered = False
    joined = False
    """Caller and dispatcher are in one bridge already: a talk that is taken up again."""
    met = False
    """Caller and dispatcher heard each other before this talk, in that of a colleague: hanging up ends it."""
    lasting = False
    """The talk has begun to be joined: the caller's lease outlasts it."""
    recording_paused_at: datetime | None = None
    """Since when the recording of the talk is silent, as the dispatcher wished."""
    mixed_by: str | None = None
    """The playback that keeps the talk mixed; None: there is none, or it is not known after a restart."""
    withdrawn = False
    """The dispatcher went on a pause, or away, while it rang: it rings no longer."""
    passed_on: PassOn | None = None
    caller: FollowedChannel | None = None
    third: FollowedChannel | None = None
    """The third whom the dispatcher has brought into the talk."""
    rescue: "Leg | None" = None
    """An emergency service that speaks with citizen and dispatcher: it stays when the latter's phone dies."""
    parted = False
    """The dispatcher speaks with a third while the citizen hears music."""
    placeless = False
    """The line has no place for this talk: it is ended, and the citizen waits on."""
    left_to: "Leg | None" = None
    """The third with whom the dispatcher has left the citizen talking."""
    freed = False
    """Its dispatcher had left the two already, and is free, as their talk was taken up again."""

    def take(self, event: Event) -> None:
        match event:
            case StasisStart():
                self.answered = True
                self.name = event.channel.name
            case ChannelTransfer() if not event.state:
                self.passed_on = _pass_on(event)
            case _:
                pass
        super().take(event)
        self.changed()

    def changed(self) -> None:
        super().changed()
        if self.caller is not None:
            self.caller.changed()
        if self.third is not None:
            self.third.changed()

    def withdraw(self) -> None:
        self.withdrawn = True
        self.changed()

    @property
    def stays(self) -> "Leg | None":
        """Give who goes on with the citizen, as it was no act of the dispatcher's that ended their part."""
        died = self.gone and self.cause not in {0, NORMAL_CLEARING}
        return self.rescue if died and self.rescue is not None and not self.rescue.gone else None

    @property
    def over(self) -> bool:
        """The talk on this leg cannot go on: hung up, dead, or passed on."""
        return self.gone or self.passed_on is not None


def _pass_on(event: ChannelTransfer) -> PassOn:
    destination = event.refer_to.requested_destination.destination
    connected = event.refer_to.connected_channel
    digits = re.search(r"(?:^|sip:)(\d+)", destination)
    return PassOn(
        extension=digits.group(1) if digits else "", answered_channel=connected.id if connected else None
    )
