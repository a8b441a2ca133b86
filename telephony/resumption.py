"""What is alive after we were away: read from Asterisk and the database together, then gone on with.

Events of the gap are lost, so nothing is guessed from them: channels and bridges come from Asterisk, the
places in the line and the journeys from the database, and channel ids tell which leg belongs to which call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hotline.calls import CallLog, CallRecord, Step
from hotline.clock import Clock
from hotline.conversation import Arrival
from hotline.line import Line, Place, PlaceState
from telephony.ari.actions import Ari
from telephony.ari.messages import Channel
from telephony.endpoints import extension_of
from telephony.journey import Journey
from telephony.leg import LEG_PREFIX, Leg, bridge_id, call_of

UP = "Up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A citizen's channel in our application, with what we know of the call."""

    channel: Channel
    record: CallRecord | None
    journey: Journey
    arrival: Arrival
    leg: Leg | None = None


class Resumption:
    """Reads what is alive on one Asterisk."""

    def __init__(self, *, ari: Ari, calls: CallLog, line: Line, clock: Clock, rest: timedelta) -> None:
        self._ari = ari
        self._calls = calls
        self._line = line
        self._clock = clock
        self._rest = rest

    async def alive_calls(self) -> Sequence[Alive]:
        """Every citizen still in our application, in the order of the line; orphaned legs are hung up,
        and places of callers who are gone are given up, so that no dispatcher stays engaged for nobody."""
        ours = set((await self._ari.in_application()).channel_ids)
        everything = {channel.id: channel for channel in await self._ari.channels()}
        channels = [channel for channel in everything.values() if channel.id in ours]
        legs = {call_of(leg.id): leg for leg in channels if leg.id.startswith(LEG_PREFIX)}
        places = {place.call_id: place for place in await self._line.places()}
        citizens = [one for one in channels if _is_citizen(one)]
        found = [await self._alive(one, places.get(one.id), legs.pop(one.id, None)) for one in citizens]
        for call_id, place in places.items():
            if call_id not in everything:
                await self._give_up(place)
        for orphan in legs.values():
            if orphan.id.startswith(LEG_PREFIX) and call_of(orphan.id) not in everything:
                await self._ari.hang_up(orphan.id)
        order = {call_id: position for position, call_id in enumerate(places)}
        return sorted(found, key=lambda alive: order.get(alive.channel.id, len(order)))

    async def _alive(self, channel: Channel, place: Place | None, leg: Channel | None) -> Alive:
        journey = await Journey.taken_up(channel.id, self._calls, self._clock)
        answered = await self._leg(place, leg, journey) if place is not None else None
        if answered is not None:
            arrival = Arrival.IN_TALK
        elif place is None or place.state is PlaceState.TALKING:
            arrival = Arrival.IN_MENU
        else:
            arrival = Arrival.IN_LINE
        record = await self._calls.find(channel.id)
        return Alive(channel=channel, record=record, journey=journey, arrival=arrival, leg=answered)

    async def _leg(self, place: Place, channel: Channel | None, journey: Journey) -> Leg | None:
        """The dispatcher's answered leg. One that is still ringing is ended, and the caller waits again."""
        if place.dispatcher_id is None:
            return None
        if channel is not None and channel.state == UP:
            return await self._answered(place, place.dispatcher_id, channel)
        if channel is not None:
            await self._ari.hang_up(channel.id)
        if place.state is PlaceState.TALKING:  # the dispatcher hung up while we were away
            await journey.note(Step.TALK_ENDED, {"dispatcher": place.dispatcher_id})
            await self._give_up(place)
        else:
            await self._line.missed(place.call_id, place.dispatcher_id, self._clock.now(), pause_after=None)
        return None

    async def _answered(self, place: Place, dispatcher_id: int, channel: Channel) -> Leg:
        leg = Leg(channel.id, channel.name)
        leg.dispatcher_id = dispatcher_id
        leg.answered = True
        leg.joined = any(
            bridge_id(channel.id) == one.id and {place.call_id, channel.id} <= set(one.channels)
            for one in await self._ari.bridges()
        )
        if place.state is PlaceState.OFFERED:
            await self._line.answered(place.call_id, dispatcher_id, self._clock.now())
        return leg

    async def _give_up(self, place: Place) -> None:
        now = self._clock.now()
        if place.state is PlaceState.TALKING and place.dispatcher_id is not None:
            await self._line.talk_ended(place.dispatcher_id, now, rest=self._rest)
        await self._line.leave(place.call_id, now)


def _is_citizen(channel: Channel) -> bool:
    """Legs and dispatchers' own calls are in our application too."""
    return not channel.id.startswith(LEG_PREFIX) and extension_of(channel.name) is None
