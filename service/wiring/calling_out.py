"""Wires calls to the outside: the trunk, the rules of dialling, the sources of automatic calls."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from cti_server.campaigns.sources import CampaignSources
from cti_server.informing.sources import InformingSources
from hotline.calls.call import Outcome
from hotline.calls.conversation import Call
from hotline.clock import Clock, SystemClock
from hotline.dialling.calling_out import CalledBack, CallingRules, Pace, own_numbers
from hotline.dialling.dialler import Kind, Lines
from hotline.dialling.dialling_rules import CALLING_HOURS, CallingWeek, DiallingRules
from hotline.dialling.hosts import in_uri
from hotline.errors import NotFound
from hotline.informing.reach import Prices
from hotline.isolation import read_isolated
from hotline.line.callbacks import Callback, CallbackResult, Callbacks
from hotline.line.kept_places import KeepingRules
from hotline.line.presence_states import Presence
from hotline.line.scheduled_callbacks import EitherClaims, ScheduledCallbacks, referred
from hotline.voice.speech import Voice
from hotline.voice.voice_recordings import Studio
from ivr_flows.person_wanted import person_wanted
from ivr_flows.ports import FlowPorts
from service.calls.alarm_calls import AlarmCalls
from service.calls.duty_calls import DutyCalls
from service.calls.untaken_calls import UntakenCalls
from service.equipment.calls import EquipmentCalls
from service.outages.calls import OutageCalls
from service.power.calls import PowerCalls
from service.settings.settings import Settings
from service.surveys.calls import SurveyCalls, ToDispatcher
from service.surveys.what_follows import SurveyEndings
from service.wiring.flows import outage_disputes
from storage.store import Storage
from telephony.dialling.outgoing import Trunk

RESULTS = {
    Outcome.TALKED: CallbackResult.REACHED,
    Outcome.BUSY: CallbackResult.BUSY,
    Outcome.NO_ANSWER: CallbackResult.NO_ANSWER,
}
"""All other outcomes are calls that were not connected."""


def trunk(settings: Settings) -> Trunk:
    """Say where calls leave: the city's trunk, or in the demo without one a phone on this machine."""
    line = settings.trunk
    address = f"{in_uri(line.host)}:{line.port}" if line.host else f"127.0.0.1:{settings.call_out.demo_port}"
    if line.transport != "udp":
        address += f";transport={line.transport}"
    return Trunk(
        address=address,
        shown=line.shown or line.number or settings.number,
        ring_seconds=settings.call_out.ring_seconds,
    )


def lines(settings: Settings) -> Lines:
    """Say how many calls of the trunk the hotline's own ones may take."""
    wanted = settings.call_out
    return Lines(
        whole=wanted.lines or None,
        kept_free=wanted.lines_for_citizens,
        most=wanted.automatic,
        per_second=wanted.automatic_per_second,
    )


def campaign_sources(storage: Storage) -> CampaignSources:
    """Wire the pages of automatic calls."""
    return CampaignSources(
        campaigns=storage.campaigns,
        jobs=storage.call_jobs,
        do_not_call=storage.do_not_call,
        users=storage.users,
        lemmas=storage.lemmas,
        clock=SystemClock(),
    )


def dialling_rules(settings: Settings) -> DiallingRules:
    """Say when, and how often, the hotline calls somebody by itself."""
    hours, week = settings.call_out.survey_hours, dict(CALLING_HOURS)
    if hours is not None:
        week[Kind.SURVEY] = CallingWeek(hours, hours)
    return DiallingRules(
        zone=settings.timezone,
        budget=settings.call_out.automatic_per_person,
        week=week,
        own=_own_numbers(settings),
    )


def duty_calls(settings: Settings, storage: Storage, voice: Voice, clock: Clock) -> DutyCalls:
    """Wire the automatic calls about emergencies."""
    return DutyCalls(
        outbox=storage.outbox,
        appeals=storage.appeals,
        executors=storage.executors,
        handling=storage.handling,
        rules=calling_rules(settings),
        voice=voice,
        clock=clock,
        demo=not settings.trunk.host,
    )


def untaken_calls(settings: Settings, storage: Storage, voice: Voice, clock: Clock) -> UntakenCalls:
    """Wire the automatic calls to who answers for the centre about emergencies that nobody takes."""
    return UntakenCalls(
        outbox=storage.outbox,
        appeals=storage.appeals,
        handling=storage.handling,
        users=storage.users,
        in_turn=storage.in_turn,
        rules=calling_rules(settings),
        voice=voice,
        clock=clock,
        zone=settings.timezone,
    )


def equipment_calls(settings: Settings, storage: Storage, voice: Voice) -> EquipmentCalls:
    """Wire the automatic calls about equipment that is out of order."""
    return EquipmentCalls(
        outbox=storage.outbox,
        equipment=storage.equipment,
        rules=calling_rules(settings),
        voice=voice,
    )


def alarm_calls(settings: Settings, storage: Storage, voice: Voice, clock: Clock) -> AlarmCalls:
    """Wire the calls to duty contacts for somebody with an emergency who holds."""
    return AlarmCalls(
        jobs=storage.call_jobs,
        routing=storage.rules,
        executors=storage.executors,
        rules=calling_rules(settings),
        city=settings.city,
        voice=voice,
        clock=clock,
        demo=not settings.trunk.host,
        most=settings.call_out.automatic,
    )


def outage_calls(
    settings: Settings, storage: Storage, voice: Voice, clock: Clock, *, flow_ports: FlowPorts
) -> OutageCalls:
    """Wire the automatic calls to those who asked to be told of an outage."""
    return OutageCalls(
        outbox=storage.outbox,
        watch=storage.outage_watch,
        outages=storage.outages,
        answers=storage.outage_answers,
        disputes=outage_disputes(storage, settings.timezone, settings.delivery.sms_settings.prefixes),
        rules=calling_rules(settings),
        voice=voice,
        clock=clock,
        zone=settings.timezone,
        asked_percent=settings.outages.asked_percent,
        to_dispatcher=to_dispatcher(storage, flow_ports),
    )


def power_calls(
    settings: Settings, storage: Storage, voice: Voice, clock: Clock, *, flow_ports: FlowPorts
) -> PowerCalls:
    """Wire the automatic calls to landlines before their power changes."""
    return PowerCalls(
        outbox=storage.outbox,
        subscriptions=storage.outage_subscriptions,
        rules=calling_rules(settings),
        voice=voice,
        clock=clock,
        zone=settings.timezone,
        to_dispatcher=to_dispatcher(storage, flow_ports),
    )


def survey_calls(
    settings: Settings, storage: Storage, voice: Voice, clock: Clock, *, flow_ports: FlowPorts
) -> SurveyCalls:
    """Wire the automatic calls that ask applicants whether it was done."""
    return SurveyCalls(
        surveys=storage.surveys,
        in_writing=storage.surveys_in_writing,
        forms=storage.survey_forms,
        appeals=storage.appeals,
        executors=storage.executors,
        endings=SurveyEndings(
            surveys=storage.surveys,
            appeals=storage.appeals,
            handling=storage.handling,
            city=settings.city,
        ),
        refuses_recording=storage.calls.refuses_recording,
        to_dispatcher=to_dispatcher(storage, flow_ports),
        understanding=flow_ports.understanding,
        rules=calling_rules(settings),
        voice=voice,
        clock=clock,
        demo=not settings.trunk.host,
    )


def to_dispatcher(storage: Storage, flow_ports: FlowPorts) -> ToDispatcher:
    """Connect a called person with a dispatcher who is free now, or owe them a call-back."""

    async def bring(call: Call, *, urgent: bool = False) -> None:
        everybody = await read_isolated(storage.dispatchers.all(), "nobody known to be free", otherwise=())
        free = any(one.presence is Presence.READY for one in everybody)
        await person_wanted(call, flow_ports, free=free, urgent=urgent)

    return bring


def calling_rules(settings: Settings) -> CallingRules:
    return CallingRules(
        prefixes=settings.call_out.prefixes,
        most=settings.call_out.most,
        own=_own_numbers(settings),
        interpreters=settings.sign_language.numbers,
    )


def _own_numbers(settings: Settings) -> frozenset[str]:
    """Give all under which citizens reach us, or the provider knows us."""
    line = settings.trunk
    return own_numbers(settings.number, line.number, line.user, line.shown)


def informing_sources(settings: Settings, storage: Storage, studio: Studio) -> InformingSources:
    """Wire the pages of informing by order."""
    rules = calling_rules(settings)
    return InformingSources(
        orders=storage.informing,
        streets=storage.streets,
        lemmas=storage.lemmas,
        rules=rules,
        pace=Pace(rules),
        campaigns=storage.campaigns,
        do_not_call=storage.do_not_call,
        at_once=lines(settings).room(busy=0, ours=0),
        prices=Prices(
            sms_part=settings.delivery.sms_settings.part_price,
            call_minute=settings.call_out.minute_price,
        ),
        recordings=storage.voice_recordings,
        studio=studio,
        clock=SystemClock(),
        timezone=settings.timezone,
    )


def keeping(settings: Settings) -> KeepingRules | None:
    """Return the rules of kept places; None without automatic calls."""
    rules = KeepingRules(
        dialable=calling_rules(settings).dialable_back,
        shared=settings.sign_language.numbers,
        called_after=timedelta(seconds=settings.line.callback_after_seconds),
    )
    return rules if settings.call_out.automatic else None


def called_back(
    callbacks: Callbacks, scheduled: ScheduledCallbacks
) -> Callable[[CalledBack], Awaitable[None]]:
    """Write down how calling back went; a call that was given up leaves it to others."""
    claims = EitherClaims(callbacks, scheduled)

    async def write(call: CalledBack) -> None:
        if call.outcome is Outcome.GIVEN_UP:
            await claims.release(call.missed, call.user_id)
            return
        result = RESULTS.get(call.outcome, CallbackResult.NOT_CONNECTED)
        tried = Callback(
            call_id=call.missed,
            user_id=call.user_id,
            at=call.at,
            result=result,
            made_call_id=call.call_id,
        )
        try:
            if (arranged := referred(call.missed)) is None:
                await callbacks.add(tried)
            else:
                await scheduled.tried(arranged, call.user_id, result, call.at, made_call_id=call.call_id)
        except NotFound:
            return  # nothing is on record, or it is settled already: nothing is taken off the list

    return write
