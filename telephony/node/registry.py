"""Registry of the channels followed on one Asterisk: it finds the call or leg of each event."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field

from telephony.ari.messages import ChannelDestroyed, Event, StasisEnd, channel_of
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg


@dataclass(kw_only=True)
class ChannelRegistry:
    """Calls, legs and other channels by channel id."""

    calls: dict[str, AsteriskCall] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    others: dict[str, FollowedChannel] = field(default_factory=dict)
    """Thirds in a talk, dispatchers who ask a colleague, and channels by which callers are heard."""
    _left: set[str] | None = None
    """Channels that left our application unfollowed; None: nobody asks, as all that live are followed."""

    def take(self, event: Event) -> None:
        """Hand the event to the follower of its channel; drop it when nobody follows that channel."""
        channel = channel_of(event)
        followed = self.calls.get(channel) or self.legs.get(channel) or self.others.get(channel)
        if followed is not None:
            followed.take(event)
        elif self._left is not None and isinstance(event, StasisEnd):
            self._left.add(channel)
        if isinstance(event, ChannelDestroyed):  # its last event; calls are taken out by their own task
            self.legs.pop(channel, None)
            self.others.pop(channel, None)

    @contextmanager
    def unfollowed(self) -> Iterator[AbstractSet[str]]:
        """Take note, for the block, of channels that leave our application before anybody follows them."""
        self._left = left = set[str]()
        try:
            yield left
        finally:
            self._left = None

    def ids(self) -> AbstractSet[str]:
        """Ids of all followed channels."""
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
