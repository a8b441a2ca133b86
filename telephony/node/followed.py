"""Whom we follow on one Asterisk: every event finds its call or leg by the channel's id."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from telephony.ari.messages import ChannelDestroyed, Event, channel_of
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg


@dataclass(kw_only=True)
class Followed:
    """Channels by their ids."""

    calls: dict[str, AsteriskCall] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    others: dict[str, FollowedChannel] = field(default_factory=dict)
    """Thirds in a talk, and dispatchers who ask a colleague."""

    def take(self, event: Event) -> None:
        """Tell whoever follows the event's channel; an event about no one we know is nobody's."""
        channel = channel_of(event)
        followed = self.calls.get(channel) or self.legs.get(channel) or self.others.get(channel)
        if followed is not None:
            followed.take(event)
        if isinstance(event, ChannelDestroyed):  # nothing is told of it any more; calls end by their own task
            self.legs.pop(channel, None)
            self.others.pop(channel, None)

    def ids(self) -> AbstractSet[str]:
        """The channels that somebody follows."""
        return self.calls.keys() | self.legs.keys() | self.others.keys()

    def talk_of(self, dispatcher_id: int) -> AsteriskCall | None:
        """The call that this dispatcher is talking on."""
        for call in self.calls.values():
            if call.leg is not None and call.leg.joined and call.leg.dispatcher_id == dispatcher_id:
                return call
        return None

    def rung(self) -> Sequence[Leg]:
        """Dispatchers' phones that ring now."""
        return [leg for leg in self.legs.values() if not leg.answered]
