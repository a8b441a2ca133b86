"""Survivors of a gap: calls that are still alive, read from Asterisk and the database together.

Events of the gap are lost, so nothing is guessed from them: channels and bridges come from Asterisk, the
places in the line and the journeys from the database, and channel ids tell which leg belongs to which call.
"""

import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta

from attrs import define, field

from hotline.calls.call import CallLog, CallRecord
from hotline.calls.conversation import Arrival
from hotline.clock import Clock
from hotline.dialling.calling_out import EMERGENCY
from hotline.errors import CallGone
from hotline.line.adoption import GivenBack
from hotline.line.cut_off import CallBackNow
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Dispatcher, Dispatchers, Line, QueueEntry
from hotline.line.on_node import looked_after
from hotline.line.presence_states import ASTERISKS_QUEUE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.supervision.listening import Mode
from telephony.ami.messages import FallbackCaller
from telephony.ari.actions import Ari
from telephony.ari.messages import UP, Channel
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg
from telephony.desks.endpoints import extension_of
from telephony.dialling.claims import ENGAGED_FOR
from telephony.dialling.conference import THIRD_PREFIX, asked_by
from telephony.dialling.listening_in import Watch
from telephony.ids import (
    CONSULT_PREFIX,
    HEARING_PREFIX,
    LEG_PREFIX,
    SNOOP_PREFIX,
    TALK_PREFIX,
    WATCH_PREFIX,
    WATCHING_PREFIX,
    bridge_id,
    call_of,
    consult_bridge,
    is_nobody,
    is_outgoing,
    place_kept,
    snooped_by,
    watched_by,
)
from telephony.node.cut_off_calls import CutOffCalls
from telephony.node.wrongly_lost import WronglyLost

FALLBACK = "fallback"
SERVED_BY_ASTERISK = frozenset({"Queue", "Record"})
"""In the fallback: talking with a dispatcher already, or leaving a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A citizen's channel in our application, with what we know of the call."""

    channel: Channel
    record: CallRecord | None
    journey: Journey
    arrival: Arrival
    leg: Leg | None = None
    third: Leg | None = None
    """The third whom the dispatcher has brought into the talk; one who is gone has left them aside."""
    third_number: str = ""
    """The number by which they were called; the channel's name where that is not known."""
    together: bool = False
    """All three hear one another."""
    watch: Watch | None = None
    """The supervisor who is on the talk."""

    @property
    def legs(self) -> Sequence[Leg]:
        """List who is on the telephone beside the citizen: dispatcher, third, supervisor."""
        found = (self.leg, self.third, self.watch.leg if self.watch is not None else None)
        return [one for one in found if one is not None and not one.gone]


@define(eq=False, repr=False, kw_only=True)
class Survivors:
    """Reads the calls that are alive on one Asterisk."""

    _ari: Ari
    _calls: CallLog
    _line: Line
    _kept: KeptPlaces
    _dispatchers: Dispatchers
    _clock: Clock
    _wrap_up: timedelta
    _cut_off: CutOffCalls
    _wrongly_lost: WronglyLost
    _renew: Callable[[Sequence[str]], Awaitable[None]]
    """Renews the leases of these channels, by name."""
    _node: str = ""
    """The name of this Asterisk where there are several; what is on the others is left to them."""
    called_back: list[CallBackNow] = field(factory=list, init=False)
    """Whom the reading of `alive_calls` has found cut off, in the order in which they are to be called."""
    _supervising: set[int] = field(factory=set, init=False)
    """The desks of supervisors who are on a talk."""

    async def alive_calls(self) -> Sequence[Alive]:
        """Every citizen still in our application, in the order of the line.

        Orphaned legs are hung up, empty bridges ended and places of callers who are gone given up, so that no
        dispatcher stays engaged for nobody.
        """
        silent = await self._silent()
        ours = set((await self._ari.in_application()).channel_ids)
        everything = {channel.id: channel for channel in await self._ari.channels()}
        channels = [channel for channel in everything.values() if channel.id in ours]
        talking = await self._talking(everything)
        bridged = {leg.id for leg in talking.values()}
        legs = talking | {
            call_of(leg.id): leg
            for leg in everything.values()
            if leg.id.startswith(LEG_PREFIX) and leg.id not in bridged
        }
        citizens = [one for one in channels if _is_citizen(one)]
        talks = {one.id: legs.pop(one.id, None) for one in citizens}
        for call_id in await self._wrongly_lost.among(talks):
            if not await self._goes_on_with(call_id, talks, everything, heard=call_id not in silent):
                citizens = [one for one in citizens if one.id != call_id]
        everybody = {entry.call_id: entry for entry in await self._line.entries()}
        entries = {one: entry for one, entry in everybody.items() if looked_after(entry, self._node)}
        kept = {leg.id for leg in talks.values() if leg is not None}
        found = [await self._alive(one, entries.get(one.id), talks[one.id]) for one in citizens]
        owed = await self._cut_off.owed(everything.keys(), everybody)
        self.called_back = [*owed.values()]
        called = {place_kept(one) for one in everything}
        for call_id, entry in entries.items():
            if entry.callback_to is not None:  # a person who was being called back is called again later
                now = self._clock.now()
                await self._kept.break_off(
                    call_id, now + ENGAGED_FOR, now, rings_no_more=call_id not in called
                )
                if (again := await self._cut_off.again(entry)) is not None:
                    self.called_back.append(again)
            elif call_id not in everything and call_id not in owed:
                await self._give_up(entry)
        found = [await self._with_watch(one, everything, kept) for one in found]
        await self._end_left_over(everything, list(legs.values()), kept, found)
        order = {call_id: position for position, call_id in enumerate(entries)}
        return sorted(found, key=lambda alive: order.get(alive.channel.id, len(order)))

    async def _silent(self) -> Collection[str]:
        """Find lost calls whose callers are gone, before all else is read: meanwhile others come."""
        ours = set((await self._ari.in_application()).channel_ids)
        found = [one for one in await self._ari.channels() if one.id in ours and one.state == UP]
        lost = await self._wrongly_lost.among([one.id for one in found if _is_citizen(one)])
        if lost:  # it takes some seconds; a talk has a lease of its own
            bridged = {one for bridge in await self._ari.bridges() for one in bridge.channels}
            alone = [one.name for one in found if _is_citizen(one) and one.id not in bridged]
            await self._renew(alone)
        return await self._wrongly_lost.silent(lost)

    async def _goes_on_with(
        self, call_id: str, talks: dict[str, Channel | None], everything: dict[str, Channel], *, heard: bool
    ) -> bool:
        """Have a call go on that was taken for lost; False, and it is hung up.

        That is one whose caller is not heard any more, or came back by another.
        """
        leg = talks[call_id]
        given = await self._wrongly_lost.bring_back(call_id, leg) if heard else GivenBack.ELSEWHERE
        if given is GivenBack.TALK:
            return True
        talks[call_id] = None
        over = [] if leg is None else [leg.id]
        if given is GivenBack.ELSEWHERE:
            over.append(call_id)
        else:
            await self._leave_bridges(call_id)
        for one in over:
            everything.pop(one, None)
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(one)
        return given is not GivenBack.ELSEWHERE

    async def _end_left_over(
        self,
        everything: dict[str, Channel],
        legs: Iterable[Channel],
        kept: AbstractSet[str],
        found: Iterable[Alive],
    ) -> None:
        """End legs, thirds and supervisors without a call of theirs, and bridges without anybody."""
        for orphan in legs:
            if orphan.id in kept or not orphan.id.startswith(LEG_PREFIX):
                continue
            if call_of(orphan.id) not in everything:
                await self._ari.hang_up(orphan.id)
                everything.pop(orphan.id, None)
        followed = {one.watch.leg.id for one in found if one.watch is not None} | kept
        followed |= {one.third.id for one in found if one.third is not None}
        await self._stop_hearing(everything)
        for channel in everything:
            left = channel.startswith(THIRD_PREFIX) and asked_by(channel) not in everything
            if (left or channel.startswith(WATCH_PREFIX)) and channel not in followed:
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(channel)
        for bridge in await self._ari.bridges():
            talk = bridge.id.removeprefix(TALK_PREFIX)
            if talk != bridge.id and not {talk, *bridge.channels} & everything.keys():
                with contextlib.suppress(CallGone):
                    await self._ari.destroy_bridge(bridge.id)

    async def _stop_hearing(self, everything: Mapping[str, Channel]) -> None:
        """End what heard a question of before, and supervisors' snoops: who listened is connected anew."""
        for channel in everything:
            if is_nobody(channel):
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(channel)
        for bridge in await self._ari.bridges():
            watch = bridge.id.removeprefix(WATCHING_PREFIX)
            left = watch not in everything if watch != bridge.id else bridge.id.startswith(HEARING_PREFIX)
            if left:
                with contextlib.suppress(CallGone):
                    await self._ari.destroy_bridge(bridge.id)

    async def _talking(self, everything: Mapping[str, Channel]) -> dict[str, Channel]:
        """Legs by the citizens who talk with them; an attended transfer's leg was rung for another call."""
        found: dict[str, Channel] = {}
        for bridge in await self._ari.bridges():
            leg = everything.get(bridge.id.removeprefix(TALK_PREFIX))
            if leg is not None:
                found |= {one: leg for one in bridge.channels if one != leg.id}
        return found

    async def _alive(self, channel: Channel, entry: QueueEntry | None, leg: Channel | None) -> Alive:
        journey = await Journey.taken_up(channel.id, self._calls, self._clock)
        left = None if leg is not None else await self._left_with_third(channel, entry, journey)
        if left is not None:
            return left
        answered = await self._leg(entry, leg) if entry is not None else None
        if is_outgoing(channel.id) and (channel.state != UP or not self._goes_on(answered, entry)):
            arrival = Arrival.LEFT_BEHIND
        elif answered is not None:
            arrival = Arrival.IN_TALK
        elif channel.state != UP:
            arrival = Arrival.NEW
        elif entry is None or entry.state is QueueEntryState.TALKING:
            arrival = Arrival.IN_MENU
        else:
            arrival = Arrival.IN_LINE
        record = await self._calls.find(channel.id)
        found = Alive(channel=channel, record=record, journey=journey, arrival=arrival, leg=answered)
        return await self._with_third(found, answered) if answered is not None else found

    async def _left_with_third(
        self, channel: Channel, entry: QueueEntry | None, journey: Journey
    ) -> Alive | None:
        """Find who talks on with a third, the dispatcher being out of it; None: nobody does.

        They were left together, or the dispatcher's phone went while we were away, and it is an emergency
        service, from which nobody is torn.
        """
        if entry is None or entry.state is not QueueEntryState.TALKING:
            return None
        talks = {one.id: one.channels for one in await self._ari.bridges() if channel.id in one.channels}
        for third in await self._ari.channels():
            talk = bridge_id(asked_by(third.id))
            if not third.id.startswith(THIRD_PREFIX) or third.id not in talks.get(talk, ()):
                continue
            number = await self._called(third)
            if entry.dispatcher_id is not None and number not in EMERGENCY:
                continue
            stays = Leg(third.id, third.name)
            stays.answered = True
            leg = Leg(asked_by(third.id), "")
            leg.dispatcher_id = entry.dispatcher_id or journey.left_together_by
            leg.answered = leg.joined = True
            leg.left_to, leg.freed = stays, entry.dispatcher_id is None
            leg.ended_untold(self._clock.now())
            record = await self._calls.find(channel.id)
            return Alive(
                channel=channel,
                record=record,
                journey=journey,
                arrival=Arrival.IN_TALK,
                leg=leg,
                third=stays,
                third_number=number,
            )
        return None

    async def _with_third(self, found: Alive, leg: Leg) -> Alive:
        """Add a third, if the dispatcher has one; a third who has not answered yet is hung up.

        A dispatcher who is aside with nobody has a third who is gone, and is brought back to the citizen.
        """
        rang = False
        for channel in await self._ari.channels():
            if not channel.id.startswith(THIRD_PREFIX) or asked_by(channel.id) != leg.id:
                continue
            if channel.state != UP:
                rang = True
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(channel.id)
                continue
            third = Leg(channel.id, channel.name)
            third.answered = True
            bridges = [set(bridge.channels) for bridge in await self._ari.bridges()]
            if not any(third.id in those for those in bridges):  # they answered while we were away
                with contextlib.suppress(CallGone):
                    await self._ari.add_to_bridge(consult_bridge(third.id), third.id)
            together = any({leg.id, found.channel.id} <= those for those in bridges)
            number = await self._called(channel)
            return replace(found, third=third, third_number=number, together=together)
        for bridge in await self._ari.bridges():
            left = bridge.id.removeprefix(CONSULT_PREFIX)
            if leg.id in bridge.channels and left.startswith(THIRD_PREFIX):
                third = Leg(left, "")
                third.answered = not rang
                third.ended_untold(self._clock.now())
                return replace(found, third=third)
        return found

    async def _called(self, third: Channel) -> str:
        """Tell whom a third's channel was made to call; its name where that is not known."""
        try:
            return (await self._ari.called(third.id)).value
        except CallGone:  # a colleague's telephone, whose extension may be 102; or it has just hung up
            return third.name

    async def _with_watch(
        self, found: Alive, everything: Mapping[str, Channel], legs: Collection[str]
    ) -> Alive:
        """Add the supervisor who is on the talk; a telephone that still rings is hung up."""
        modes = dict(snooped_by(one) for one in everything if one.startswith(SNOOP_PREFIX))
        for channel in everything.values():
            if not channel.id.startswith(WATCH_PREFIX) or channel.state != UP or channel.id in legs:
                continue
            call_id, supervisor_id = watched_by(channel.id)
            if found.leg is None or call_id != found.channel.id:
                continue
            leg = Leg(channel.id, channel.name)
            leg.answered = leg.up = True
            joined = any({channel.id, found.leg.id} <= set(one.channels) for one in await self._ari.bridges())
            mode = Mode.JOIN if joined else modes.get(channel.id, Mode.LISTEN)
            self._supervising.add(supervisor_id)
            supervisor = await self._dispatchers.get(supervisor_id)
            return replace(found, watch=Watch(leg=leg, mode=mode, supervisor=supervisor))
        return found

    @staticmethod
    def _goes_on(leg: Leg | None, entry: QueueEntry | None) -> bool:
        """Whether a person we called has a dispatcher, or waits to be brought back to one."""
        return leg is not None or (entry is not None and entry.state is not QueueEntryState.TALKING)

    async def _leg(self, entry: QueueEntry, channel: Channel | None) -> Leg | None:
        """The dispatcher's answered leg. One that is still ringing is ended, and the caller waits again."""
        if entry.dispatcher_id is None:
            if entry.state is QueueEntryState.TALKING:  # with a third, or with nobody any more
                await self._leave_bridges(entry.call_id)
            return None
        if channel is not None and channel.state == UP:
            return await self._answered(entry, entry.dispatcher_id, channel)
        if channel is not None:
            await self._ari.hang_up(channel.id)
        if entry.state is QueueEntryState.TALKING:
            # The dispatcher hung up while we were away; CEL tells when.
            await self._give_up(entry)
            await self._leave_bridges(entry.call_id)
        else:
            await self._line.missed(entry.call_id, entry.dispatcher_id, self._clock.now(), pause_after=None)
        return None

    async def _answered(self, entry: QueueEntry, dispatcher_id: int, channel: Channel) -> Leg:
        leg = Leg(channel.id, channel.name)
        leg.dispatcher_id = dispatcher_id
        leg.answered = True
        leg.joined = any(
            bridge_id(channel.id) == one.id and entry.call_id in one.channels
            for one in await self._ari.bridges()
        )
        if entry.state is QueueEntryState.OFFERED:
            await self._line.answered(entry.call_id, dispatcher_id, self._clock.now())
        return leg

    async def _leave_bridges(self, call_id: str) -> None:
        """Take a caller without a dispatcher out of the talk's bridge: a bridge can record no message."""
        for bridge in await self._ari.bridges():
            if call_id in bridge.channels:
                await self._ari.remove_from_bridge(bridge.id, call_id)
                await self._ari.destroy_bridge(bridge.id)

    async def fallen_back(self, queued: Sequence[FallbackCaller]) -> Sequence[FallbackCaller]:
        """Return the callers to fetch out of the fallback, in our line's order, then Asterisk's.

        Callers with a place in our line and no talk yet, anywhere in the fallback; and the others in the
        queue.
        """
        everything = {channel.id: channel for channel in await self._ari.channels()}
        waiting = {caller.channel_id for caller in queued}
        placed: dict[str, FallbackCaller] = {}
        for entry in await self._line.entries():
            channel = everything.get(entry.call_id)
            if channel is None or channel.dialplan.context != FALLBACK:
                continue
            if channel.id in waiting or channel.dialplan.app_name not in SERVED_BY_ASTERISK:
                placed[channel.id] = FallbackCaller(channel_id=channel.id, channel=channel.name)
            else:
                await self._give_up(entry)
        return [*placed.values(), *(one for one in queued if one.channel_id not in placed)]

    async def engaged(self) -> Mapping[str, int]:
        """Dispatchers who talk without us (in Asterisk's own queue, with a colleague), by their device.

        They become TALKING; those who have nobody to talk to any more are free again.
        """
        busy = {
            extension: channel.name.rpartition("-")[0]
            for channel in await self._ari.channels()
            if channel.state == UP
            and not channel.id.startswith(LEG_PREFIX)
            and (extension := extension_of(channel.name)) is not None
        }
        entries = [one for one in await self._line.entries() if not self._is_offered_elsewhere(one)]
        held = {entry.dispatcher_id for entry in entries} | self._supervising
        found: dict[str, int] = {}
        for one in await self._dispatchers.all():
            if one.id not in held and await self._is_engaged(one, one.extension in busy):
                found[busy[one.extension]] = one.id
        return found

    async def _is_engaged(self, dispatcher: Dispatcher, busy: bool) -> bool:  # noqa: FBT001 - a fact, not a mode
        now = self._clock.now()
        match dispatcher.presence:
            case Presence.TALKING | Presence.OFFERED if not busy and self._node:
                pass  # perhaps on another node: the watch sees when they are on none
            case Presence.TALKING if not busy:
                await self._line.disengage(dispatcher.id, now, wrap_up=self._wrap_up)
            case Presence.OFFERED if not busy:
                await self._line.disengage(dispatcher.id, now)
            case Presence.TALKING:
                return True
            case _ if busy:
                return await self._line.engage(dispatcher.id, now, ASTERISKS_QUEUE, begun=True)
            case _:
                pass
        return False

    def _is_offered_elsewhere(self, entry: QueueEntry) -> bool:
        """Tell an offer of another node, which knows nothing of a talk that goes on here."""
        return entry.state is QueueEntryState.OFFERED and not looked_after(entry, self._node)

    async def _give_up(self, entry: QueueEntry) -> None:
        now = self._clock.now()
        if entry.state is QueueEntryState.TALKING and entry.dispatcher_id is not None:
            await self._line.talk_ended(entry.call_id, entry.dispatcher_id, now, wrap_up=self._wrap_up)
        await self._line.leave(entry.call_id, now)


def _is_citizen(channel: Channel) -> bool:
    """Legs, dispatchers' own calls and channels by which callers were heard are in our application too."""
    ours = channel.id.startswith((LEG_PREFIX, THIRD_PREFIX, WATCH_PREFIX)) or is_nobody(channel.id)
    return not ours and extension_of(channel.name) is None
