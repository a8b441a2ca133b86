"""The telephone exchange, wired: what a call may touch, and how the exchange behaves."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address

from cti_server.screens import Screens
from hotline.calls.conversation import Arrival, Call
from hotline.clock import SystemClock
from hotline.desk.caller_card import CallerCards
from hotline.events import Events
from hotline.outages.watchers import WatcherWays
from hotline.speech.vocabulary import vocabularies
from hotline.voice.city_name import in_name_of
from ivr_flows import prompts
from ivr_flows.main_menu import EMERGENCY
from ivr_flows.recording_notice import REFUSES
from ivr_flows.routing import converse
from service.access.phone_codes import phone_codes
from service.calls.alarm_calls import AlarmCalls
from service.calls.hang_ups import HangUps
from service.calls.lost_calls import LostCalls
from service.chats.by_phone import ChatsByPhone
from service.chats.links import Links
from service.informing.calls import CampaignCalls
from service.neighbours.lines import NeighbourLines
from service.settings.settings import Settings
from service.settings.telephony import DeskTls
from service.voice.studio import dictated
from service.wiring.calling_out import (
    called_back,
    calling_rules,
    dialling_rules,
    duty_calls,
    equipment_calls,
    keeping,
    lines,
    outage_calls,
    power_calls,
    survey_calls,
    trunk,
    untaken_calls,
)
from service.wiring.delivery import answer_links
from service.wiring.flows import flow_ports
from service.wiring.neighbours import ports_of
from service.wiring.voices import Voices
from storage.core.database import is_lost
from storage.store import Storage
from telephony.ami.client import AmiAddress
from telephony.ari.client import AriAddress
from telephony.calls.dead_air import WaitWords
from telephony.desks.endpoints import DeskPlan
from telephony.line.ringing import Ringing
from telephony.node.connection import Addresses, Connection
from telephony.node.ports import ExchangePlan, TelephonyPorts
from telephony.speech.talk_ears import TalkEars


def exchange(
    settings: Settings,
    storage: Storage,
    speaking: Voices,
    events: Events,
    screens: Screens,
    *,
    alarm: AlarmCalls,
    ears: TalkEars,
    neighbours: NeighbourLines,
    chats: ChatsByPhone | None = None,
    links: Links | None = None,
    alone: bool = True,
    elsewhere: Callable[[], Collection[str]] = tuple,
    nodes: Callable[[], Collection[str]] = tuple,
) -> Connection:
    """Wire it; `alone`: no other process serves pages with browser phones.

    `elsewhere` tells the desks whose telephone is in a call on another Asterisk node, `nodes` which serve.
    """
    clock, voice, kept = SystemClock(), speaking.voice, keeping(settings)
    ports = flow_ports(
        storage,
        rules=settings.city,
        clock=clock,
        alarm=alarm,
        keeping=kept,
        codes=phone_codes(storage),
        dictated=dictated(
            storage.city_messages, speaking.studio, settings.folders.messages, clock, settings.timezone
        ),
        recorded=voice.recorded,
        read_ahead=speaking.ahead.ask,
        announce_seconds=settings.line.announce_seconds,
        skill_wait=timedelta(seconds=settings.line.skill_wait_seconds),
        code_key=answer_links(settings).key,
        words=vocabularies(settings.speech.words),
        watcher_ways=WatcherWays(sms=settings.delivery.sms_settings.prefixes, rules=calling_rules(settings)),
        chats=chats,
        links=links,
    )

    async def talk_with(call: Call, arrival: Arrival) -> None:
        theirs = None if call.answered_for is None else neighbours.of(call.answered_for)
        if theirs is None:  # ours, or the agreement has ended meanwhile
            await converse(call, arrival, ports)
            return
        with in_name_of(theirs.copy.city_name):
            await converse(call, arrival, ports_of(theirs, ports))

    city = TelephonyPorts(
        calls=storage.calls,
        line=storage.line,
        kept_places=storage.kept_places,
        adoptions=storage.adoptions,
        dispatchers=storage.dispatchers,
        voice=voice,
        clock=clock,
        events=events,
        screens=screens,
        called_back=called_back(storage.callbacks, storage.scheduled_callbacks),
        sources=[
            alarm,
            duty_calls(settings, storage, voice, clock),
            untaken_calls(settings, storage, voice, clock),
            equipment_calls(settings, storage, voice),
            outage_calls(settings, storage, voice, clock, flow_ports=ports),
            power_calls(settings, storage, voice, clock, flow_ports=ports),
            survey_calls(settings, storage, voice, clock, flow_ports=ports),
            CampaignCalls(storage.campaigns, storage.do_not_call, voice=voice, clock=clock),
        ],
        jobs=storage.call_jobs,
        records=storage.records,
        elsewhere=elsewhere,
        nodes=nodes,
        ears=ears,
        refuses_recording=storage.calls.refuses_recording,
        hung_up=HangUps(settings.folders.cel, storage.cel).among,
        end_lost=LostCalls(storage.calls, storage.cel).end,
        line_of=neighbours.dialled,
        answers_for=neighbours.holds,
        dialable=lambda number: kept.number(number) if kept is not None else None,
        is_database_lost=is_lost,
    )
    cards = CallerCards(storage.citizens, storage.appeals)
    return Connection(_addresses(settings), city, _plan(settings, cards, alone=alone), talk_with)


def ari_address(settings: Settings) -> AriAddress:
    asterisk = settings.asterisk
    return AriAddress(
        url=f"http://{asterisk.host}:{asterisk.ari_port}",
        user="hotline",
        secret=asterisk.ari_secret,
        application="hotline",
    )


def _addresses(settings: Settings) -> Addresses:
    asterisk = settings.asterisk
    return Addresses(
        ari=ari_address(settings),
        ami=AmiAddress(
            host=asterisk.host, port=asterisk.ami_port, user="hotline", secret=asterisk.ami_secret
        ),
    )


def _only_here(asterisk: str) -> str | None:
    """Return the address at which the service itself reaches an Asterisk on this machine; else None."""
    with suppress(ValueError):
        if ip_address(asterisk).is_loopback:
            return asterisk
    return None


def desks_from(settings: Settings) -> str:
    """Name whence a node takes desk phones' SIP: from the edge alone where TLS is demanded.

    Nodes speak no TLS with phones.
    """
    networks = () if settings.sip.desk_tls is DeskTls.DEMANDED else settings.desk_networks
    return ",".join(map(str, [*networks, *_edge(settings)]))


def _edge(settings: Settings) -> Sequence[str]:
    """Give the addresses through which desk phones speak where several nodes stand behind them."""
    return [one.host for one in settings.edge.addresses]


def _plan(settings: Settings, cards: CallerCards, *, alone: bool) -> ExchangePlan:
    line, at_edge = settings.line, bool(settings.edge.addresses and settings.edge.websockets)
    return ExchangePlan(
        node=settings.edge.node,
        ringing=Ringing(
            seconds=line.ring_seconds, misses_before_pause=line.misses_before_pause, card=cards.card
        ),
        lease_seconds=line.lease_seconds,
        wrap_up=timedelta(seconds=line.after_call_seconds),
        recording_pause=timedelta(seconds=line.recording_pause_seconds),
        recordings=settings.folders.recordings,
        messages=settings.folders.messages,
        prompts=settings.folders.prompts,
        desks=DeskPlan(
            sound_address=settings.sip.sound_address,
            proxy=settings.desk_proxy,
            registrars=[str(one) for one in settings.edge.addresses],
            desks_from=desks_from(settings),
            silence_seconds=line.desk_silence_seconds,
            hold_silence_seconds=line.desk_hold_silence_seconds,
            browsers_from=",".join(_edge(settings)) if at_edge else _only_here(settings.asterisk.host),
            browsers_at_edge=at_edge,
            guests=settings.web_call_rules.at_once,
            guest_seconds=settings.web_call_rules.longest.total_seconds(),
            srtp_offered=settings.sip.desk_tls is not DeskTls.NO,
            srtp_demanded=settings.sip.desk_tls is DeskTls.DEMANDED,
            pages_here=alone,
        ),
        trunk=trunk(settings),
        interpreters=settings.sign_language.interpreters,
        lines=lines(settings),
        dialling=dialling_rules(settings),
        media_url=f"ws://{settings.asterisk.host}:{settings.asterisk.ari_port}/media/",
        wait_words=WaitWords(
            please_wait=prompts.PLEASE_WAIT,
            emergency_key=prompts.EMERGENCY_KEY,
            key=EMERGENCY,
            kept=REFUSES,
            recorded=prompts.RECORDING_NOTICE,
        ),
    )
