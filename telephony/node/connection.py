"""Keeps the hotline connected with Asterisk: connects, serves, and when the connection is lost, again."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from attrs import define, field

from hotline.calls.web_calls import WebOrigin
from hotline.dialling.calling_out import CallOut, DeskTalk
from hotline.errors import TelephonyError
from hotline.line.line import Offer
from hotline.supervision.listening import Listener, Mode
from telephony.ami.client import AmiAddress
from telephony.ami.client import connect as connect_ami
from telephony.ari.client import AriAddress
from telephony.ari.client import connect as connect_ari
from telephony.ari.errors import AriUnavailable, AsteriskEnds
from telephony.calls.call import Converse
from telephony.desks.guest_phones import Guest
from telephony.node.exchange import Exchange
from telephony.node.invariant_watch import Defects
from telephony.node.ports import ExchangePlan, TelephonyPorts

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 1.0
ENDS_SECONDS = 2.0
"""The time for which an Asterisk that is being shut down still answers, and takes no calls."""
STEADY_SECONDS = 10.0
"""A connection that lasted this long was sound: the next one is made at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The addresses of one Asterisk."""

    ari: AriAddress
    ami: AmiAddress


@define(eq=False, repr=False)
class Connection:
    """The one Asterisk of this process. `up` tells whether calls are served right now."""

    _addresses: Addresses
    _ports: TelephonyPorts
    _plan: ExchangePlan
    _converse: Converse
    _exchange: Exchange | None = field(default=None, init=False)
    _browser_passwords: dict[str, str] = field(factory=dict, init=False)
    _guests: dict[str, Guest] = field(factory=dict, init=False)
    defects: Defects = field(factory=Defects, init=False)
    up: bool = field(default=False, init=False)
    _ending: bool = field(default=False, init=False)

    async def keep(self) -> None:
        """Serve until `end`, or cancellation."""
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE_SECONDS
        while not self._ending:
            began, ends = clock(), False
            try:
                await self._serve_once()
            except* TelephonyError as errors:
                ends = errors.subgroup(AsteriskEnds) is not None
                log.warning("asterisk away reason=%s", "; ".join(_reasons(errors)))
            except* Exception:
                log.exception("connection given up, all that is alive is taken up anew")
            steady, self.up = self.up and clock() - began >= STEADY_SECONDS, False
            pause = FIRST_PAUSE_SECONDS if steady else pause
            await asyncio.sleep(ENDS_SECONDS if ends else pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def end(self) -> None:
        """Shut down: before `keep` is cancelled, for a failure at that very moment hides the cancelling."""
        self._ending = True

    async def _serve_once(self) -> None:
        async with (
            connect_ami(self._addresses.ami) as ami,
            connect_ari(self._addresses.ari) as ari,
            self._ports.adoptions.serving() as held,
        ):
            exchange = Exchange(
                ari,
                ami,
                application=self._addresses.ari.application,
                ports=self._ports,
                plan=self._plan,
                converse=self._converse,
                passwords=self._browser_passwords,
                guests=self._guests,
                defects=self.defects,
            )
            try:
                await exchange.run(lambda: self._ready(exchange), held)
            finally:
                self._exchange = None

    def phones(self) -> Collection[str]:
        """Extensions of the desks whose telephone was in a call on this Asterisk a moment ago."""
        return () if self._exchange is None else self._exchange.phones()

    async def adopt(self, node: str, *, call_back: bool) -> None:
        """Go on with what a node was doing that is gone; nothing while Asterisk is away here, too."""
        if self._exchange is not None:
            await self._exchange.adopt(node, call_back=call_back)

    async def alive(self) -> set[str] | None:
        """Ids of all channels that live in Asterisk; None when it cannot be asked right now."""
        if self._exchange is None:
            return None
        try:
            return await self._exchange.alive()
        except TelephonyError:
            return None

    async def open_browser_phone(self, extension: str) -> str:
        """A new password for the browser phone of this desk; raises TelephonyError while Asterisk is away."""
        if self._exchange is None:
            raise AriUnavailable("Asterisk is away; the phone can be opened when it is back.")
        return await self._exchange.browsers.open(extension)

    async def browser_left(self, extension: str) -> None:
        """Take note that the browser with this desk's phone has gone."""
        if self._exchange is not None:
            self._exchange.browsers.leaves(extension)

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        """Let a resident's browser call once by this name; raises TelephonyError while Asterisk is away."""
        if self._exchange is None:
            raise AriUnavailable("Asterisk is away; browsers can call when it is back.")
        await self._exchange.guests.open(name, password, origin)

    async def close_guest(self, name: str) -> None:
        """End that call, and forget the name; while Asterisk is away the next connection does it."""
        self._guests.pop(name, None)
        if self._exchange is not None:
            try:
                await self._exchange.guests.close(name)
            except TelephonyError as error:
                log.warning("guest not closed endpoint=%s reason=%s", name, error)

    async def can_ring(self, extension: str) -> bool:
        """Whether a phone of this desk can ring; taken for granted while Asterisk is away."""
        try:
            return self._exchange is None or await self._exchange.browsers.can_ring(extension)
        except TelephonyError:
            return True

    async def trunk_online(self) -> bool | None:
        """Tell whether the provider answers Asterisk's OPTIONS; None while Asterisk cannot say."""
        if self._exchange is None:
            return None
        try:
            return await self._exchange.trunk_online()
        except TelephonyError:
            return None

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        """Begin a call that a dispatcher places; raises ForbiddenTransition, or TelephonyError while away."""
        return await self._served().desk_talks.call_out(wanted)

    async def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        return self._served().desk_talks.desk_talk(dispatcher_id)

    async def talks_with(self, dispatcher_id: int) -> str | None:
        return self._served().desk_talks.talks_with(dispatcher_id)

    async def consult(self, dispatcher_id: int, number: str) -> None:
        await self._served().desk_talks.consult(dispatcher_id, number)

    async def pass_to(self, dispatcher_id: int, number: str) -> None:
        await self._served().desk_talks.pass_to(dispatcher_id, number)

    async def join(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.join(dispatcher_id)

    async def drop_third(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.drop_third(dispatcher_id)

    async def drop_citizen(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.drop_citizen(dispatcher_id)

    async def leave(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.leave(dispatcher_id)

    async def pause_recording(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.pause_recording(dispatcher_id)

    async def resume_recording(self, dispatcher_id: int) -> None:
        await self._served().desk_talks.resume_recording(dispatcher_id)

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None:
        await self._served().desk_talks.supervisors.listen_in(supervisor_id, call_id, mode)

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None:
        await self._served().desk_talks.supervisors.set_mode(supervisor_id, mode)

    async def take_over(self, supervisor_id: int) -> None:
        await self._served().desk_talks.supervisors.take_over(supervisor_id)

    async def stop_listening(self, supervisor_id: int) -> None:
        await self._served().desk_talks.supervisors.stop_listening(supervisor_id)

    def listeners(self) -> Sequence[Listener]:
        return () if self._exchange is None else self._exchange.desk_talks.supervisors.listeners()

    def _served(self) -> Exchange:
        if self._exchange is None:
            raise AriUnavailable("Asterisk is away; calls can be placed when it is back.")
        return self._exchange

    async def ring(self, offer: Offer) -> None:
        """Ring the dispatcher who took this caller; a caller who cannot be connected waits on."""
        if self._exchange is None or not self._exchange.pairing.ring(offer):
            now = self._ports.clock.now()
            await self._ports.line.missed(
                offer.call_id, offer.dispatcher.id, now, pause_after=None, attempt=offer.attempt
            )

    def _ready(self, exchange: Exchange) -> None:
        log.info("asterisk connected")
        self._exchange = exchange
        self.up = True


def _reasons(errors: BaseExceptionGroup[BaseException]) -> list[str]:
    """The messages of a group's errors, however deep they lie, each once."""
    found: dict[str, None] = {}
    for error in errors.exceptions:
        lines = _reasons(error) if isinstance(error, BaseExceptionGroup) else [str(error)]
        found.update(dict.fromkeys(lines))
    return list(found)
