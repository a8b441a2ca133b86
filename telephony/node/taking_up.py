"""Goes on with what went on without us: every call that is alive is taken up at the place where it stands."""

from hotline.calls.conversation import Arrival
from telephony.ami.client import AmiConnection
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.conference import Conferences
from telephony.dialling.placed import to_whom
from telephony.ids import is_outgoing
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.followed import Followed
from telephony.node.resumption import Alive, Resumption
from telephony.node.serving import Serving


class TakingUp:
    """Takes up the calls of one Asterisk, once, before anybody new is paired."""

    def __init__(
        self,
        *,
        resumption: Resumption,
        ami: AmiConnection,
        serving: Serving,
        fallback: FallbackQueue,
        calling_out: CallingOut,
        conferences: Conferences,
        followed: Followed,
    ) -> None:
        self._resumption = resumption
        self._ami = ami
        self._serving = serving
        self._fallback = fallback
        self._calling_out = calling_out
        self._conferences = conferences
        self._followed = followed

    async def everybody(self) -> None:
        """Those in our application first, in the order of the line; then those in Asterisk's own queue."""
        for alive in await self._resumption.alive_calls():
            if alive.channel.id not in self._followed.calls:
                self._take_up(alive)
        self._fallback.engaged(await self._resumption.engaged())
        for caller in await self._resumption.fallen_back(await self._ami.fallback_callers()):
            await self._fallback.fetch(caller)

    def _take_up(self, alive: Alive) -> None:
        channel = alive.channel
        if alive.record is not None and is_outgoing(channel.id):
            channel = to_whom(channel, alive.record)
        call = self._serving.follow(channel, alive.journey, alive.record)
        if alive.leg is not None:
            self._followed.legs[alive.leg.id] = alive.leg
            alive.leg.caller = call.channel
            call.leg = alive.leg
            if call.outgoing and alive.arrival is Arrival.IN_TALK:
                self._calling_out.taken_up(alive.leg.dispatcher_id, call)
            if alive.third is not None:
                self._conferences.taken_up(call, alive.leg, alive.third, together=alive.together)
        self._serving.take_up(call, alive.arrival)
