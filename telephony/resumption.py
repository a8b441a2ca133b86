"""What is alive after we were away: read from Asterisk and the database together, then gone on with.

Events of the gap are lost, so nothing is guessed from them: channels and bridges come from Asterisk, the
places in the line and the journeys from the database, and channel ids tell which leg belongs to which call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.calls import CallLog, CallRecord
from hotline.clock import Clock
from hotline.conversation import Arrival
from hotline.line import Line, Place, PlaceState
from telephony.ari.actions import Ari
from telephony.ari.messages import Channel
from telephony.journey import Journey
from telephony.leg import LEG_PREFIX, Leg, call_of

UP = "Up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A citizen's channel in our application, with what we know of the call."""

    channel: Channel
    record: CallRecord | None
    journey: Journey
    arrival: Arrival
    leg: Leg | None = None


async def alive_calls(ari: Ari, calls: CallLog, line: Line, clock: Clock) -> Sequence[Alive]:
    """Every citizen still in our application, in the order of the line; orphaned legs are hung up,
    and places of callers who are gone are given up, so that no dispatcher stays engaged for nobody."""
    ours = set((await ari.in_application()).channel_ids)
    channels = {channel.id: channel for channel in await ari.channels() if channel.id in ours}
    legs = {call_of(id_): channel for id_, channel in channels.items() if id_.startswith(LEG_PREFIX)}
    places = {place.call_id: place for place in await line.places()}
    await _give_up_places(line, clock, places, channels)
    found = []
    for channel in channels.values():
        if not channel.id.startswith(LEG_PREFIX):
            leg = await _leg(ari, line, clock, places.get(channel.id), legs.pop(channel.id, None))
            found.append(await _alive(channel, calls, clock, places.get(channel.id), leg))
    for orphan in legs.values():
        await ari.hang_up(orphan.id)
    order = {call_id: position for position, call_id in enumerate(places)}
    return sorted(found, key=lambda alive: order.get(alive.channel.id, len(order)))


async def _give_up_places(
    line: Line, clock: Clock, places: Mapping[str, Place], channels: Mapping[str, Channel]
) -> None:
    for place in places.values():
        if place.call_id not in channels:
            await line.leave(place.call_id, clock.now())


async def _leg(
    ari: Ari, line: Line, clock: Clock, place: Place | None, channel: Channel | None
) -> Leg | None:
    """The dispatcher's answered leg; one that is still ringing is ended and the caller waits again."""
    if place is None or place.dispatcher_id is None:
        return None
    if channel is not None and channel.state == UP:
        leg = Leg(channel.id, channel.name)
        leg.dispatcher_id = place.dispatcher_id
        leg.answered = True
        if place.state is PlaceState.OFFERED:
            await line.answered(place.call_id, place.dispatcher_id, clock.now())
        return leg
    if channel is not None:
        await ari.hang_up(channel.id)
    if place.state is PlaceState.TALKING:  # the dispatcher hung up while we were away
        await line.leave(place.call_id, clock.now())
    else:
        await line.missed(place.call_id, place.dispatcher_id, clock.now(), pause_after=None)
    return None


async def _alive(
    channel: Channel, calls: CallLog, clock: Clock, place: Place | None, leg: Leg | None
) -> Alive:
    arrival = Arrival.IN_MENU
    if leg is not None:
        arrival = Arrival.IN_TALK
    elif place is not None:
        arrival = Arrival.IN_LINE
    return Alive(
        channel=channel,
        record=await calls.find(channel.id),
        journey=await Journey.taken_up(channel.id, calls, clock),
        arrival=arrival,
        leg=leg,
    )
