"""Asterisk's side of the hotline: its parts, brought together for as long as one connection lasts.

`telephony.node.registry` finds the call of each event; `telephony.node.call_session` serves a call.
All that belongs to one connection lives in one task group. When the connection is lost, or the service or
Asterisk died, the next connection re-reads what is alive and goes on (`telephony.node.restart_recovery`).
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, MutableMapping
from typing import NoReturn

from hotline.calls.call import Outcome
from hotline.errors import CallGone
from hotline.isolation import run_isolated
from hotline.line.adoption import Held
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.ari.client import AriConnection
from telephony.ari.echo import Echo
from telephony.ari.errors import AriUnavailable, AsteriskEnds
from telephony.ari.messages import (
    EVENT_NAMES,
    ApplicationReplaced,
    Channel,
    ChannelHangupRequest,
    ChannelUserevent,
    Event,
    StasisStart,
)
from telephony.calls.call import AsteriskCall, Converse
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.guest_phones import Guest, GuestPhones
from telephony.ids import PROVIDER, is_nobody
from telephony.isolation import AGAIN_SECONDS
from telephony.node import assembly
from telephony.node.desk_talks import DeskTalks
from telephony.node.invariant_watch import Defects
from telephony.node.leases import keep_leases
from telephony.node.other_nodes import keep_told
from telephony.node.ports import ExchangePlan, TelephonyPorts
from telephony.node.registry import ChannelRegistry
from telephony.node.silent_phones import SilentPhones
from telephony.owed import OwedWrites


class Exchange:
    """The calls on one Asterisk, for as long as one connection lasts."""

    def __init__(
        self,
        ari: AriConnection,
        ami: AmiConnection,
        *,
        application: str,
        ports: TelephonyPorts,
        plan: ExchangePlan,
        converse: Converse,
        passwords: MutableMapping[str, str],
        guests: MutableMapping[str, Guest],
        defects: Defects,
    ) -> None:
        self._connection = ari
        self._tasks = asyncio.TaskGroup()
        self._ari = Ari(ari.requests, application)
        self._registry = ChannelRegistry()
        self._echo = Echo(self._ari)
        self.browsers = BrowserPhones(
            ari=self._ari,
            passwords=passwords,
            plan=plan.desks,
            tells_transfers=ari.tells_transfers,
            tasks=self._tasks,
        )
        self.guests = GuestPhones(ari=self._ari, guests=guests, plan=plan.desks)
        node = self._node = assembly.Node(
            ari=self._ari,
            ami=ami,
            ports=ports,
            plan=plan,
            tasks=self._tasks,
            echo=self._echo,
            owed=OwedWrites(self._tasks),
            registry=self._registry,
            line_changed=asyncio.Event(),
            browsers=self.browsers,
            guests=self.guests,
        )
        talks = assembly.talks(node)
        self._phones = assembly.desk_phones(node, tells_transfers=ari.tells_transfers)
        self._fallback = assembly.fallback_queue(node)
        self._sessions = assembly.call_sessions(node, converse, talks, self._fallback, self._called_out)
        self._consults = assembly.consults(node, talks)
        self._dialling = assembly.dialling(node, self._sessions, talks, self._consults, converse)
        elsewhere = assembly.engaged_elsewhere(node)
        self.pairing = assembly.pairing(node, self._fallback, self._dialling.callbacks, elsewhere)
        pauses = assembly.recording_pauses(node)
        self.desk_talks = DeskTalks(
            calling_out=self._dialling.calling_out,
            conferences=self._dialling.conferences,
            supervisors=self._dialling.supervisors,
            pauses=pauses,
            registry=self._registry,
            clock=ports.clock,
            tasks=self._tasks,
        )
        self._recovery = assembly.recovery(node, self._sessions, self._fallback, self._dialling, pauses)
        self._adoption = assembly.adoption(node, self._dialling)
        self._wrongly_lost = assembly.wrongly_lost(node)
        self._watch = assembly.watch(node, talks, self._fallback, defects, elsewhere)
        self._silent_phones = SilentPhones(ari=self._ari, registry=self._registry, plan=plan.desks)

    async def run(self, ready: Callable[[], None], held: Held) -> None:
        """Serve calls until the connection is lost or another node adopts them; raises AriUnavailable."""
        async with self._tasks:
            self._tasks.create_task(self._adopted(held), name="adopted")
            self._tasks.create_task(self._adopted_meanwhile(held), name="adopted-meanwhile")
            self._tasks.create_task(self._read(), name="ari-events")
            self._tasks.create_task(self._connection.keep_alive(), name="ari-alive")
            await self._ari.filter_events(EVENT_NAMES)
            self._tasks.create_task(self._echo.keep(), name="echo")
            await self.browsers.begin()
            await self.guests.begin()
            if self._node.plan.node:
                told = keep_told(self._ari, self._node.ports.nodes, asyncio.get_running_loop().time)
                self._tasks.create_task(told, name="other-nodes")
            await self._phones.reconcile()
            await self._recovery.recover()
            leases = keep_leases(self._registry, self._node.ami, self._node.plan.lease_seconds)
            self._tasks.create_task(self._fallback.follow(self._phones), name="ami-events")
            self._tasks.create_task(self.pairing.keep(), name="line")
            self._tasks.create_task(self.pairing.keep_duty(self._phones), name="duty")
            self._tasks.create_task(leases, name="leases")
            self._tasks.create_task(self._dialling.dialler.keep(), name="dialler")
            self._tasks.create_task(self._watch.keep(), name="watch")
            self._tasks.create_task(self._silent_phones.keep(), name="silent-phones")
            self._tasks.create_task(self.guests.keep(), name="guests")
            ready()

    def phones(self) -> Collection[str]:
        """Extensions of the desks whose telephone was in a call here a moment ago."""
        return self._watch.phones

    async def adopt(self, node: str, *, call_back: bool) -> None:
        """Go on with what a node was doing that is gone (`telephony.node.adoption`)."""
        await self._adoption.adopt(node, call_back=call_back)

    async def _adopted(self, held: Held) -> NoReturn:
        await held.lost()
        raise AriUnavailable("Another node has adopted what this one was doing.")

    async def _adopted_meanwhile(self, held: Held) -> NoReturn:
        """Have all that lives taken up anew when calls were ended on record while we were not heard of."""

        async def look() -> None:
            live = [one.id for one in self._registry.calls.values() if not one.channel.gone]
            if await self._wrongly_lost.among(live):
                raise AriUnavailable("Another node has adopted calls that go on here.")

        while True:
            await held.renewed()
            failure = f"not looked whether we were adopted, tried again in_seconds={AGAIN_SECONDS:.0f}"
            while not await run_isolated(look, failure, passing=AriUnavailable):  # noqa: ASYNC110 - the database is away
                await asyncio.sleep(AGAIN_SECONDS)

    async def alive(self) -> set[str]:
        """Ids of all channels that live in Asterisk."""
        return {channel.id for channel in await self._ari.channels()}

    async def trunk_online(self) -> bool | None:
        """Tell whether the provider answers; None where Asterisk has not found out yet."""
        state = (await self._ari.endpoint(PROVIDER)).state
        return None if state == "unknown" else state == "online"

    async def _read(self) -> NoReturn:
        await self._connection.read(self._take)
        raise AriUnavailable("Asterisk ended the event connection.")

    def _take(self, event: Event) -> None:
        match event:
            case ApplicationReplaced():
                raise AriUnavailable("Another program has taken Asterisk's application over.")
            case ChannelHangupRequest(shuts_down=True):  # nobody has hung up: they are owed a call-back
                raise AsteriskEnds("Asterisk is being shut down.")
            case ChannelUserevent():
                self._echo.take(event)
                return
            case StasisStart():
                self._arrived(event)
            case _:
                pass
        self._registry.take(event)

    def _arrived(self, event: StasisStart) -> None:
        if is_nobody(event.channel.id):  # its task follows it; some have no arguments
            return
        match event.args:
            case ["leg" | "outgoing" | "third" | "watch", *_]:
                pass  # the code that rings or dials follows this channel
            case ["dispatcher", extension]:
                self._tasks.create_task(self._consults.consult(event.channel, extension))
            case ["resumed", *_]:
                self._tasks.create_task(self._sessions.take_back(event.channel))
            case _ if self.guests.admits(event.channel):
                self._sessions.greet(event.channel, event.args[1:])
            case _:
                self._tasks.create_task(self._refuse(event.channel))

    async def _refuse(self, channel: Channel) -> None:
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(channel.id)

    async def _called_out(self, call: AsteriskCall, outcome: Outcome) -> None:
        await self._dialling.calling_out.ended(call, outcome)
