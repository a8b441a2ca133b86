"""Asterisk's side of the hotline: its parts, brought together for as long as one connection lasts.

`telephony.node.registry` finds the call of each event; `telephony.node.call_session` serves a call.
All that belongs to one connection lives in one task group. When the connection is lost, or the service or
Asterisk died, the next connection re-reads what is alive and goes on (`telephony.node.recovery`).
"""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import NoReturn

from hotline.calls.call import Outcome
from hotline.isolation import run_isolated
from hotline.line.line import Offer
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.ari.client import AriConnection
from telephony.ari.echo import Echo
from telephony.ari.errors import AriUnavailable
from telephony.ari.messages import EVENT_NAMES, ApplicationReplaced, ChannelUserevent, Event, StasisStart
from telephony.calls.call import AsteriskCall, Converse
from telephony.calls.contact_talk import ContactTalks
from telephony.calls.talk import Talks
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.desk_phones import DeskPhones
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.claims import Claims
from telephony.dialling.conference import Conferences
from telephony.dialling.consult import Consults
from telephony.dialling.dialler import Dialler
from telephony.dialling.kept_places import KeptPlaceCalls, QueueCallbacks
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Placed
from telephony.line.fallback_queue import FallbackQueue
from telephony.line.pairing import Pairing
from telephony.line.ringing import DeskRinging
from telephony.node.call_session import CallSessions
from telephony.node.desk_talks import DeskTalks
from telephony.node.healing import Healing
from telephony.node.leases import keep_leases
from telephony.node.ports import ExchangePlan, TelephonyPorts
from telephony.node.recovery import Recovery
from telephony.node.registry import ChannelRegistry
from telephony.node.silent_phones import SilentPhones
from telephony.node.survivors import Survivors
from telephony.node.watch import Defects, Watch
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
        defects: Defects,
    ) -> None:
        self._connection = ari
        self._tasks = asyncio.TaskGroup()
        self._ari = Ari(ari.requests, application)
        self._ami = ami
        self._ports = ports
        self._plan = plan
        self._echo = Echo(self._ari)
        owed = OwedWrites(self._tasks)
        self._registry = ChannelRegistry()
        self._line_changed = asyncio.Event()
        self.browsers = BrowserPhones(
            ari=self._ari,
            passwords=passwords,
            tells_transfers=ari.tells_transfers,
            tasks=self._tasks,
        )
        self._phones = DeskPhones(
            ari=self._ari,
            ami=ami,
            dispatchers=ports.dispatchers,
            clock=ports.clock,
            plan=plan.desks,
            tells_transfers=ari.tells_transfers,
            browsers=self.browsers,
        )
        self._talks = Talks(
            ari=self._ari,
            ami=ami,
            line=ports.line,
            dispatchers=ports.dispatchers,
            calls=ports.calls,
            clock=ports.clock,
            recordings=plan.recordings,
            wrap_up=plan.wrap_up,
            line_changed=self._line_changed,
            events=ports.events,
            owed=owed,
        )
        self._fallback = FallbackQueue(
            ari=self._ari,
            ami=ami,
            line=ports.line,
            clock=ports.clock,
            wrap_up=plan.wrap_up,
            line_changed=self._line_changed,
            echo=self._echo,
            dispatchers=ports.dispatchers,
            owed=owed,
            rung=self._registry.rung,
        )
        self._sessions = CallSessions(
            ari=self._ari,
            ports=ports,
            plan=plan,
            converse=converse,
            talks=self._talks,
            contact_talks=ContactTalks(
                ari=self._ari, calls=ports.calls, clock=ports.clock, messages=plan.messages, owed=owed
            ),
            fallback=self._fallback,
            registry=self._registry,
            called_out=self._called_out,
            line_changed=self._line_changed,
            tasks=self._tasks,
            owed=owed,
        )
        self._ringing = DeskRinging(
            ari=self._ari,
            line=ports.line,
            dispatchers=ports.dispatchers,
            clock=ports.clock,
            ringing=plan.ringing,
            legs=self._registry.legs,
            events=ports.events,
            screens=ports.screens,
            browsers=self.browsers,
            owed=owed,
        )
        self._pairing = Pairing(
            line=ports.line,
            clock=ports.clock,
            events=ports.events,
            changed=self._line_changed,
            ring=self.ring,
            rung=self._registry.rung,
            held=self._fallback.somebody_returns,
        )
        self._consults = Consults(
            ari=self._ari,
            talks=self._talks,
            line=ports.line,
            dispatchers=ports.dispatchers,
            clock=ports.clock,
            legs=self._registry.legs,
            channels=self._registry.others,
            ring_seconds=plan.ringing.seconds,
            line_changed=self._line_changed,
            browsers=self.browsers,
            events=ports.events,
            talk_of=self._registry.talk_of,
            owed=owed,
        )
        outgoing = Outgoing(self._ari, plan.trunk)
        placed = Placed(self._sessions, ports.calls, ports.events, outgoing)
        self._calling_out = CallingOut(
            ari=self._ari,
            outgoing=outgoing,
            calls=self._sessions,
            placed=placed,
            line=ports.line,
            dispatchers=ports.dispatchers,
            clock=ports.clock,
            events=ports.events,
            browsers=self.browsers,
            legs=self._registry.legs,
            ring_seconds=plan.ringing.seconds,
            called_back=ports.called_back,
            jobs=ports.jobs,
            owed=owed,
        )
        kept_places = KeptPlaceCalls(
            ports.kept_places,
            converse,
            self._registry.calls,
            refuses_recording=ports.refuses_recording,
        )
        claims = Claims(
            ports.jobs, [kept_places, *ports.sources], ports.calls, rules=plan.dialling, clock=ports.clock
        )
        self._dialler = Dialler(
            ari=self._ari,
            outgoing=outgoing,
            calls=self._sessions,
            placed=placed,
            clock=ports.clock,
            claims=claims,
            lines=plan.lines,
            tasks=self._tasks,
        )
        self._queue_callbacks = QueueCallbacks(
            dialler=self._dialler,
            claims=claims,
            kept=ports.kept_places,
            line=ports.line,
            clock=ports.clock,
            events=ports.events,
            screens=ports.screens,
        )
        conferences = Conferences(
            ari=self._ari,
            outgoing=outgoing,
            talks=self._talks,
            consults=self._consults,
            dispatchers=ports.dispatchers,
            clock=ports.clock,
            channels=self._registry.others,
            browsers=self.browsers,
            ring_seconds=plan.ringing.seconds,
            tasks=self._tasks,
        )
        self.desk_talks = DeskTalks(
            calling_out=self._calling_out,
            conferences=conferences,
            registry=self._registry,
            clock=ports.clock,
            tasks=self._tasks,
        )
        self._recovery = Recovery(
            survivors=Survivors(
                ari=self._ari,
                calls=ports.calls,
                line=ports.line,
                kept=ports.kept_places,
                dispatchers=ports.dispatchers,
                clock=ports.clock,
                wrap_up=plan.wrap_up,
            ),
            ami=ami,
            sessions=self._sessions,
            fallback=self._fallback,
            calling_out=self._calling_out,
            conferences=conferences,
            registry=self._registry,
        )
        healing = Healing(
            ari=self._ari,
            line=ports.line,
            kept=ports.kept_places,
            fallback=self._fallback,
            registry=self._registry,
            talks=self._talks,
            clock=ports.clock,
            wrap_up=plan.wrap_up,
            line_changed=self._line_changed,
        )
        self._watch = Watch(
            ari=self._ari,
            records=ports.records,
            registry=self._registry,
            healing=healing,
            defects=defects,
        )
        self._silent_phones = SilentPhones(ari=self._ari, registry=self._registry, plan=plan.desks)

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve calls until the connection is lost; raises AriUnavailable then."""
        async with self._tasks:
            self._tasks.create_task(self._read(), name="ari-events")
            self._tasks.create_task(self._connection.keep_alive(), name="ari-alive")
            await self._ari.filter_events(EVENT_NAMES)
            self._tasks.create_task(self._echo.keep(), name="echo")
            await self.browsers.begin()
            await self._phones.reconcile()
            await self._recovery.recover()
            leases = keep_leases(self._registry, self._ami, self._plan.lease_seconds)
            self._tasks.create_task(self._fallback.follow(self._phones), name="ami-events")
            self._tasks.create_task(self._pairing.keep(), name="line")
            self._tasks.create_task(self._pairing.keep_duty(self._phones), name="duty")
            self._tasks.create_task(leases, name="leases")
            self._tasks.create_task(self._dialler.keep(), name="dialler")
            self._tasks.create_task(self._watch.keep(), name="watch")
            self._tasks.create_task(self._silent_phones.keep(), name="silent-phones")
            ready()

    async def alive(self) -> set[str]:
        """Ids of all channels that live in Asterisk."""
        return {channel.id for channel in await self._ari.channels()}

    async def _read(self) -> NoReturn:
        await self._connection.read(self._take)
        raise AriUnavailable("Asterisk ended the event connection.")

    def _take(self, event: Event) -> None:
        match event:
            case ApplicationReplaced():
                raise AriUnavailable("Another program has taken Asterisk's application over.")
            case ChannelUserevent():
                self._echo.take(event)
                return
            case StasisStart():
                self._arrived(event)
            case _:
                pass
        self._registry.take(event)

    def _arrived(self, event: StasisStart) -> None:
        match event.args:
            case ["leg" | "outgoing" | "third", *_]:
                pass  # the code that rings or dials follows this channel
            case ["dispatcher", extension]:
                self._tasks.create_task(self._consults.consult(event.channel, extension))
            case ["resumed", *_]:
                self._tasks.create_task(self._sessions.take_back(event.channel))
            case _:
                self._sessions.greet(event.channel)

    def ring(self, offer: Offer) -> bool:
        """Ring the dispatcher to whom a caller was offered; False when the caller is not here.

        A caller with a kept place is called first.
        """
        if offer.callback_to is not None:
            self._tasks.create_task(self._call_back(offer, offer.callback_to), name=f"back {offer.call_id}")
            return True
        call = self._registry.calls.get(offer.call_id)
        if call is None:
            return False
        self._tasks.create_task(self._offer(offer, call), name=f"offer {call.id}")
        return True

    async def _offer(self, offer: Offer, call: AsteriskCall) -> None:
        await self._ringing.offer(offer, call)
        self._line_changed.set()

    async def _call_back(self, offer: Offer, number: str) -> None:
        failure = f"a kept place was not called call_id={offer.call_id}"
        await run_isolated(
            lambda: self._queue_callbacks.call_back(offer, number), failure, passing=AriUnavailable
        )
        self._line_changed.set()

    async def _called_out(self, call: AsteriskCall, outcome: Outcome) -> None:
        await self._calling_out.ended(call, outcome)
