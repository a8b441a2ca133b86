"""The parts of one Asterisk node, each made of the parts that it rests on."""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import define

from hotline.calls.call import Outcome
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.ari.echo import Echo
from telephony.calls.call import AsteriskCall, Converse
from telephony.calls.contact_talk import ContactTalks
from telephony.calls.hearing import Hearing
from telephony.calls.mixing import Mixing
from telephony.calls.recording_pause import RecordingPauses
from telephony.calls.talk import Talks
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.desk_phones import DeskPhones
from telephony.desks.edges_asked import EdgesAsked
from telephony.desks.guest_phones import GuestPhones
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.claims import Claims
from telephony.dialling.conference import Conferences
from telephony.dialling.consult import Consults
from telephony.dialling.dialler import Dialler
from telephony.dialling.kept_places import KeptPlaceCalls, QueueCallbacks
from telephony.dialling.listening_in import Supervisors
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Placed
from telephony.line.engaged_elsewhere import EngagedElsewhere
from telephony.line.fallback_queue import FallbackQueue
from telephony.line.pairing import Pairing
from telephony.line.ringing import DeskRinging
from telephony.node.adoption import Adoption, nobody_known
from telephony.node.call_session import CallSessions
from telephony.node.cut_off_calls import CutOffCalls, HungUp
from telephony.node.invariant_healing import Healing
from telephony.node.invariant_watch import Defects, Watch
from telephony.node.ports import ExchangePlan, TelephonyPorts
from telephony.node.registry import ChannelRegistry
from telephony.node.restart_recovery import Recovery
from telephony.node.surviving_calls import Survivors
from telephony.node.wrongly_lost import WronglyLost
from telephony.owed import OwedWrites
from telephony.voice.signals import Signals


@define(eq=False, repr=False, kw_only=True)
class Node:
    """The common parts of one Asterisk."""

    ari: Ari
    ami: AmiConnection
    ports: TelephonyPorts
    plan: ExchangePlan
    tasks: asyncio.TaskGroup
    echo: Echo
    owed: OwedWrites
    registry: ChannelRegistry
    line_changed: asyncio.Event
    browsers: BrowserPhones
    guests: GuestPhones


@define(eq=False, repr=False, kw_only=True)
class DiallingParts:
    """The parts that place calls: a dispatcher's, and the hotline's own."""

    calling_out: CallingOut
    conferences: Conferences
    supervisors: Supervisors
    dialler: Dialler
    callbacks: QueueCallbacks


def desk_phones(node: Node, *, tells_transfers: bool) -> DeskPhones:
    return DeskPhones(
        ari=node.ari,
        ami=node.ami,
        dispatchers=node.ports.dispatchers,
        clock=node.ports.clock,
        plan=node.plan.desks,
        tells_transfers=tells_transfers,
        browsers=node.browsers,
        edges=EdgesAsked(ari=node.ari, plan=node.plan.desks),
    )


def talks(node: Node) -> Talks:
    ports = node.ports
    return Talks(
        ari=node.ari,
        ami=node.ami,
        line=ports.line,
        dispatchers=ports.dispatchers,
        calls=ports.calls,
        clock=ports.clock,
        recordings=node.plan.recordings,
        wrap_up=node.plan.wrap_up,
        line_changed=node.line_changed,
        events=ports.events,
        owed=node.owed,
    )


def recording_pauses(node: Node) -> RecordingPauses:
    return RecordingPauses(
        ami=node.ami,
        mixing=Mixing(node.ari),
        signals=Signals(node.plan.prompts),
        events=node.ports.events,
        clock=node.ports.clock,
        longest=node.plan.recording_pause,
        tasks=node.tasks,
    )


def fallback_queue(node: Node) -> FallbackQueue:
    return FallbackQueue(
        ari=node.ari,
        ami=node.ami,
        line=node.ports.line,
        clock=node.ports.clock,
        wrap_up=node.plan.wrap_up,
        line_changed=node.line_changed,
        echo=node.echo,
        dispatchers=node.ports.dispatchers,
        owed=node.owed,
        rung=node.registry.rung,
    )


def call_sessions(
    node: Node,
    converse: Converse,
    talks: Talks,
    fallback: FallbackQueue,
    called_out: Callable[[AsteriskCall, Outcome], Awaitable[None]],
) -> CallSessions:
    contact_talks = ContactTalks(
        ari=node.ari,
        calls=node.ports.calls,
        clock=node.ports.clock,
        messages=node.plan.messages,
        owed=node.owed,
    )
    hearing = Hearing(
        ari=node.ari,
        ears=node.ports.ears,
        media_url=node.plan.media_url,
        channels=node.registry.others,
        tasks=node.tasks,
    )
    return CallSessions(
        ari=node.ari,
        ports=node.ports,
        plan=node.plan,
        converse=converse,
        talks=talks,
        contact_talks=contact_talks,
        fallback=fallback,
        registry=node.registry,
        called_out=called_out,
        line_changed=node.line_changed,
        tasks=node.tasks,
        owed=node.owed,
        hearing=hearing,
        origin_of=node.guests.origin_of,
        wrongly_lost=wrongly_lost(node),
    )


def engaged_elsewhere(node: Node) -> EngagedElsewhere:
    return EngagedElsewhere(
        line=node.ports.line,
        clock=node.ports.clock,
        line_changed=node.line_changed,
        owed=node.owed,
        tasks=node.tasks,
        told=node.ports.elsewhere,
    )


def pairing(
    node: Node, fallback: FallbackQueue, callbacks: QueueCallbacks, elsewhere: EngagedElsewhere
) -> Pairing:
    ports = node.ports
    ringing = DeskRinging(
        ari=node.ari,
        line=ports.line,
        dispatchers=ports.dispatchers,
        clock=ports.clock,
        ringing=node.plan.ringing,
        legs=node.registry.legs,
        events=ports.events,
        screens=ports.screens,
        browsers=node.browsers,
        owed=node.owed,
        elsewhere=elsewhere if node.plan.node and node.plan.desks.registrars else None,
    )
    return Pairing(
        line=ports.line,
        clock=ports.clock,
        events=ports.events,
        changed=node.line_changed,
        calls=node.registry.calls,
        ringing=ringing,
        call_back=callbacks.call_back,
        rung=node.registry.rung,
        held=fallback.somebody_returns,
        tasks=node.tasks,
    )


def consults(node: Node, talks: Talks) -> Consults:
    ports, registry = node.ports, node.registry
    return Consults(
        ari=node.ari,
        talks=talks,
        line=ports.line,
        dispatchers=ports.dispatchers,
        clock=ports.clock,
        legs=registry.legs,
        channels=registry.others,
        ring_seconds=node.plan.ringing.seconds,
        line_changed=node.line_changed,
        browsers=node.browsers,
        events=ports.events,
        talk_of=registry.talk_of,
        owed=node.owed,
    )


def dialling(
    node: Node, sessions: CallSessions, talks: Talks, consults: Consults, converse: Converse
) -> DiallingParts:
    ports = node.ports
    outgoing = Outgoing(node.ari, node.plan.trunk)
    placed = Placed(
        *(sessions, ports.calls, ports.events, outgoing, node.plan.interpreters), ports.answers_for
    )
    claims = _claims(node, converse)
    dialler = Dialler(
        ari=node.ari,
        outgoing=outgoing,
        calls=sessions,
        placed=placed,
        clock=ports.clock,
        claims=claims,
        lines=node.plan.lines,
        tasks=node.tasks,
        owed=node.owed,
    )
    return DiallingParts(
        calling_out=_calling_out(node, sessions, outgoing, placed),
        conferences=_conferences(node, outgoing, talks, consults),
        supervisors=_supervisors(node, talks, consults),
        dialler=dialler,
        callbacks=QueueCallbacks(
            dialler=dialler,
            claims=claims,
            kept=ports.kept_places,
            line=ports.line,
            clock=ports.clock,
            events=ports.events,
            line_changed=node.line_changed,
            tasks=node.tasks,
            node=node.plan.node,
        ),
    )


def _claims(node: Node, converse: Converse) -> Claims:
    ports = node.ports
    kept_places = KeptPlaceCalls(
        ports.kept_places,
        converse,
        node.registry.calls,
        line=ports.line,
        refuses_recording=ports.refuses_recording,
    )
    sources = [kept_places, *ports.sources]
    return Claims(ports.jobs, sources, ports.calls, rules=node.plan.dialling, clock=ports.clock)


def _calling_out(node: Node, sessions: CallSessions, outgoing: Outgoing, placed: Placed) -> CallingOut:
    ports = node.ports
    return CallingOut(
        ari=node.ari,
        outgoing=outgoing,
        calls=sessions,
        placed=placed,
        line=ports.line,
        dispatchers=ports.dispatchers,
        clock=ports.clock,
        events=ports.events,
        browsers=node.browsers,
        legs=node.registry.legs,
        ring_seconds=node.plan.ringing.seconds,
        called_back=ports.called_back,
        jobs=ports.jobs,
        owed=node.owed,
        node=node.plan.node,
    )


def _conferences(node: Node, outgoing: Outgoing, talks: Talks, consults: Consults) -> Conferences:
    return Conferences(
        ari=node.ari,
        outgoing=outgoing,
        talks=talks,
        consults=consults,
        dispatchers=node.ports.dispatchers,
        clock=node.ports.clock,
        channels=node.registry.others,
        browsers=node.browsers,
        ring_seconds=node.plan.ringing.seconds,
        tasks=node.tasks,
    )


def _supervisors(node: Node, talks: Talks, consults: Consults) -> Supervisors:
    return Supervisors(
        ari=node.ari,
        talks=talks,
        consults=consults,
        dispatchers=node.ports.dispatchers,
        clock=node.ports.clock,
        events=node.ports.events,
        calls=node.registry.calls,
        channels=node.registry.others,
        browsers=node.browsers,
        ring_seconds=node.plan.ringing.seconds,
        tasks=node.tasks,
    )


def recovery(
    node: Node,
    sessions: CallSessions,
    fallback: FallbackQueue,
    dialling: DiallingParts,
    pauses: RecordingPauses,
) -> Recovery:
    ports = node.ports
    survivors = Survivors(
        ari=node.ari,
        calls=ports.calls,
        line=ports.line,
        kept=ports.kept_places,
        dispatchers=ports.dispatchers,
        clock=ports.clock,
        wrap_up=node.plan.wrap_up,
        node=node.plan.node,
        cut_off=_cut_off(node, ports.hung_up, node.plan.node),
        wrongly_lost=wrongly_lost(node),
        renew=lambda channels: node.ami.renew(channels, node.plan.lease_seconds),
    )
    return Recovery(
        survivors=survivors,
        ari=node.ari,
        ami=node.ami,
        clock=ports.clock,
        sessions=sessions,
        fallback=fallback,
        calling_out=dialling.calling_out,
        conferences=dialling.conferences,
        supervisors=dialling.supervisors,
        pauses=pauses,
        registry=node.registry,
        callbacks=dialling.callbacks,
        tasks=node.tasks,
    )


def wrongly_lost(node: Node) -> WronglyLost:
    ports = node.ports
    return WronglyLost(
        ari=node.ari,
        calls=ports.calls,
        line=ports.line,
        adoptions=ports.adoptions,
        dispatchers=ports.dispatchers,
        clock=ports.clock,
        node=node.plan.node,
    )


def _cut_off(node: Node, hung_up: HungUp, whose: str, in_its_place: str = "") -> CutOffCalls:
    ports = node.ports
    return CutOffCalls(
        calls=ports.calls,
        kept=ports.kept_places,
        clock=ports.clock,
        hung_up=hung_up,
        dialable=ports.dialable,
        interpreters=node.plan.interpreters,
        node=whose,
        in_its_place=in_its_place,
    )


def adoption(node: Node, dialling: DiallingParts) -> Adoption:
    ports = node.ports
    return Adoption(
        calls=ports.calls,
        line=ports.line,
        kept=ports.kept_places,
        adoptions=ports.adoptions,
        cut_off=lambda gone: _cut_off(node, nobody_known, gone, in_its_place=node.plan.node),
        callbacks=dialling.callbacks,
        end_lost=ports.end_lost,
        clock=ports.clock,
        wrap_up=node.plan.wrap_up,
        line_changed=node.line_changed,
        tasks=node.tasks,
    )


def watch(
    node: Node, talks: Talks, fallback: FallbackQueue, defects: Defects, elsewhere: EngagedElsewhere
) -> Watch:
    healing = Healing(
        ari=node.ari,
        line=node.ports.line,
        kept=node.ports.kept_places,
        fallback=fallback,
        registry=node.registry,
        talks=talks,
        clock=node.ports.clock,
        wrap_up=node.plan.wrap_up,
        line_changed=node.line_changed,
    )
    return Watch(
        ari=node.ari,
        records=node.ports.records,
        registry=node.registry,
        healing=healing,
        defects=defects,
        node=node.plan.node,
        elsewhere=elsewhere.desks,
    )
