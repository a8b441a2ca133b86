"""The running service, wired: read it from top to bottom as the graph of its parts."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from aiohttp import web

from cti_server.admin.imports import Intake, add_imports
from cti_server.announcements.routes import add_announcements
from cti_server.answers.routes import add_answers
from cti_server.api.routes import add_api
from cti_server.appeals.list_routes import add_appeal_lists
from cti_server.appeals.routes import add_appeals
from cti_server.application import application
from cti_server.calls.routes import add_past_calls
from cti_server.campaigns.routes import add_campaigns
from cti_server.control.routes import add_control
from cti_server.desk.calling_out import Calling, add_calling_out
from cti_server.desk.live import LiveDesks
from cti_server.desk.phone_routes import add_softphone
from cti_server.desk.routes import add_desk
from cti_server.desk.softphone import Softphones
from cti_server.desk.sources import Desk
from cti_server.enterprises.routes import add_executors
from cti_server.evidence.routes import add_evidence
from cti_server.executor.routes import add_work
from cti_server.frame.pages import Pages
from cti_server.handling.routes import add_handling
from cti_server.informing.routes import add_informing
from cti_server.notices.reports import add_reports
from cti_server.notices.routes import add_notices
from cti_server.outage_alerts.routes import add_outage_alerts
from cti_server.outage_alerts.sources import AlertSources
from cti_server.outage_register.routes import add_outage_register
from cti_server.public.routes import add_public_outages, add_subscribing
from cti_server.remarks.routes import add_remarks
from cti_server.rules.routes import add_rules
from cti_server.screens import Screens
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from cti_server.surveys.routes import add_surveys
from hotline.applicants import Guesses, GuessingRules
from hotline.calling_out import Pace
from hotline.clock import SystemClock
from hotline.conversation import Arrival, Call
from hotline.errors import SettingsError
from hotline.events import Events
from hotline.outage_alerts import Threshold
from ivr_flows.city import City as FlowCity
from ivr_flows.routing import converse
from service.accounts import accounts, require_no_demo_accounts
from service.announcements import Announcements
from service.api import api_sources, feed
from service.background import repeat
from service.board import HotlineBoard
from service.bus import Bus
from service.caller_card import CallerCards
from service.calling_out import (
    called_back,
    calling_rules,
    campaign_sources,
    dialling_rules,
    duty_calls,
    informing_sources,
    keeping,
    lines,
    outage_calls,
    survey_calls,
    trunk,
)
from service.campaign_calls import CampaignErrands
from service.delivery.wiring import answer_sources, delivery, notice_sources, reports
from service.desks import (
    appeal_sources,
    control_sources,
    desk_sources,
    executor_sources,
    handling_sources,
    list_sources,
    rule_sources,
    survey_sources,
)
from service.enterprises import evidence, work_sources
from service.escalation import Escalations
from service.imports import Imports, stored_imports
from service.informing import Informing
from service.mass_reports import MassReports
from service.outage_entries import OutageEntries
from service.outage_register import outage_sources
from service.outage_subscribers import OutageSubscribers
from service.outage_telling import OutageTelling
from service.past_calls import past_calls, remarks
from service.phone_codes import phone_codes
from service.public_outages import public_outages, subscribing
from service.reconciliation import Reconciliation
from service.recordings import ListeningCopies
from service.settings import Settings
from service.studio import dictated
from service.voices import Voices, announcing, keep_fallback, voices
from storage.store import Storage, open_storage
from telephony.agi.server import agi_server
from telephony.ami.client import AmiAddress
from telephony.ari.client import AriAddress
from telephony.city import City, Plan
from telephony.connection import Addresses, Connection
from telephony.dialling import Ringing
from telephony.endpoints import DeskPlan

log = logging.getLogger(__name__)

STREAM_SECONDS = 0.1
SWITCH_SECONDS = 0.001
"""How long a thread that looks up words may keep the interpreter from calls; Python's own 5 ms add up."""
LEAVE_SECONDS = 2.0
"""How long open pages and tasks may take to end."""


async def serve(settings: Settings) -> None:
    """Answer calls until SIGINT or SIGTERM; callers and talks stay in Asterisk and are taken up again."""
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        open_storage(settings.database_url, city=settings.city) as storage,
        delivery(settings, storage) as delivering,
        asyncio.TaskGroup() as tasks,
    ):
        await require_no_demo_accounts(settings, storage)
        speaking = voices(settings, storage)
        screens = Screens(shown_within=settings.line.screen_wait_ms / 1000)
        pages = Pages(settings.timezone)
        sources = desk_sources(storage, screens)
        desks = LiveDesks(sources, pages, storage.audit)
        stream = feed(storage)
        bus = Bus(desks.tell, stream.tell)
        storage = replace(  # noqa: PLW2901
            storage, handling=storage.handling.told_on(bus), outages=storage.outages.told_on(bus)
        )
        storage = replace(  # noqa: PLW2901
            storage, outage_alerts=storage.outage_alerts.entering_in(storage.outages)
        )
        connection = _connection(settings, storage, speaking, bus, screens)
        desk = Desk(
            sources=sources,
            events=bus,
            ring=connection.ring,
            more_time=timedelta(seconds=settings.line.more_time_seconds),
        )
        escalations = Escalations(storage.watch, storage.handling, SystemClock(), settings.timezone)
        announcements = Announcements(
            synthesis=speaking.synthesis,
            voice=speaking.voice,
            outages=storage.outages,
            messages=storage.city_messages,
            fallback=partial(keep_fallback, storage, speaking.fallback, SystemClock()),
            clock=SystemClock(),
            timezone=settings.timezone,
        )
        running = [
            tasks.create_task(connection.keep(), name="asterisk"),
            tasks.create_task(_reconciliation(settings, storage, connection).keep(), name="cel"),
            tasks.create_task(announcements.keep(), name="announcements"),
            tasks.create_task(desks.run(), name="desks"),
            tasks.create_task(
                repeat(stream.refresh, every=STREAM_SECONDS, failure="line not told to other systems"),
                name="stream",
            ),
            tasks.create_task(escalations.keep(), name="escalation"),
            tasks.create_task(
                _outage_telling(settings, storage).keep(),
                name="outage-telling",
            ),
            tasks.create_task(
                Informing(storage.informing, storage.informing_preparing, SystemClock()).keep(),
                name="informing",
            ),
            tasks.create_task(ListeningCopies(storage.calls, connection.alive).keep(), name="recordings"),
        ]
        running.append(tasks.create_task(delivering.keep(), name="delivery"))
        entries = OutageEntries(storage.outages, storage.executors, storage.outbox, SystemClock())
        running.append(tasks.create_task(entries.keep(), name="entries of outages"))
        subscribers = OutageSubscribers(storage.outages, storage.outage_subscriptions, SystemClock())
        running.append(tasks.create_task(subscribers.keep(), name="outage-subscribers"))
        running.append(tasks.create_task(_mass_reports(settings, storage).keep(), name="mass-reports"))
        imports = Imports(stored_imports(storage, settings.folders.imports, SystemClock()))
        running.append(tasks.create_task(imports.keep(), name="imports"))
        cards = CallerCards(storage.citizens, storage.appeals)
        board = HotlineBoard(storage, connection, escalations)
        app = _pages(settings, storage, connection, pages=pages, desk=desk, board=board)
        add_imports(app, Intake(imports=imports, registers=storage.registers))
        add_evidence(app, await evidence(settings, storage))
        add_work(app, work_sources(storage, settings.timezone))
        add_api(app, api_sources(settings, storage, bus, stream))
        public = public_outages(settings, storage)
        bus.add(public.published.tell)
        add_public_outages(app, public)
        add_announcements(app, announcing(settings, storage, speaking.studio))
        add_subscribing(app, subscribing(settings, storage))
        async with (
            agi_server(settings.asterisk.host, settings.asterisk.agi_port, cards.card),
            _web(settings, app),
        ):
            log.info("service started http_port=%s", settings.http_port)
            gc.freeze()  # what lives as long as the service is not looked through again and again
            await stop.wait()
        await delivering.end()
        connection.end()
        await _end(running)


def _connection(
    settings: Settings, storage: Storage, speaking: Voices, events: Events, screens: Screens
) -> Connection:
    clock, voice = SystemClock(), speaking.voice
    flow_city = FlowCity(
        outages=storage.outages,
        known_places=storage.known_places,
        outage_watch=storage.outage_watch,
        outage_reports=storage.outage_reports,
        appeals=storage.appeals,
        handling=storage.handling,
        executors=storage.executors,
        line=storage.line,
        kept_places=storage.kept_places,
        keeping=keeping(settings),
        clock=clock,
        timezone=settings.timezone,
        rules=settings.city,
        guesses=Guesses(GuessingRules()),
        messages=storage.city_messages,
        codes=phone_codes(storage),
        recorded=voice.recorded,
        dictated=dictated(
            storage.city_messages, speaking.studio, settings.folders.messages, clock, settings.timezone
        ),
        announce_seconds=settings.line.announce_seconds,
    )

    async def talk_with(call: Call, arrival: Arrival) -> None:
        await converse(call, arrival, flow_city)

    city = City(
        calls=storage.calls,
        line=storage.line,
        kept_places=storage.kept_places,
        dispatchers=storage.dispatchers,
        voice=voice,
        clock=clock,
        events=events,
        screens=screens,
        called_back=called_back(storage.callbacks),
        sources=[  # the most urgent first
            duty_calls(settings, storage, voice, clock),
            outage_calls(settings, storage, voice, clock, flow_city=flow_city),
            survey_calls(settings, storage, voice, clock, flow_city=flow_city),
            CampaignErrands(storage.campaign_calls, storage.do_not_call, voice=voice, clock=clock),
        ],
        attempts=storage.call_attempts,
        refuses_recording=storage.calls.refuses_recording,
    )
    cards = CallerCards(storage.citizens, storage.appeals)
    return Connection(_addresses(settings), city, _plan(settings, cards), talk_with)


def _informing(storage: Storage) -> Informing:
    return Informing(storage.informing, storage.informing_preparing, SystemClock())


def _outage_telling(settings: Settings, storage: Storage) -> OutageTelling:
    return OutageTelling(
        storage.outage_telling, SystemClock(), settings.outages_settle, settings.outages_called_percent
    )


def _mass_reports(settings: Settings, storage: Storage) -> MassReports:
    city = settings.city
    return MassReports(
        reports=storage.outage_reports,
        alerts=storage.outage_alerts,
        outages=storage.outages,
        streets=storage.streets,
        handling=storage.handling,
        clock=SystemClock(),
        threshold=Threshold(voices=city.reports_for_alert, within=city.reports_within),
    )


def _addresses(settings: Settings) -> Addresses:
    asterisk = settings.asterisk
    return Addresses(
        ari=AriAddress(
            url=f"http://{asterisk.host}:{asterisk.ari_port}",
            user="hotline",
            secret=asterisk.ari_secret,
            application="hotline",
        ),
        ami=AmiAddress(
            host=asterisk.host, port=asterisk.ami_port, user="hotline", secret=asterisk.ami_secret
        ),
    )


def _plan(settings: Settings, cards: CallerCards) -> Plan:
    line = settings.line
    return Plan(
        ringing=Ringing(
            seconds=line.ring_seconds, misses_before_pause=line.misses_before_pause, card=cards.card
        ),
        lease_seconds=line.lease_seconds,
        rest=timedelta(seconds=line.after_call_seconds),
        recordings=settings.folders.recordings,
        messages=settings.folders.messages,
        desks=DeskPlan(
            proxy=settings.desk_proxy,
            silence_seconds=line.desk_silence_seconds,
            hold_silence_seconds=line.desk_hold_silence_seconds,
        ),
        trunk=trunk(settings),
        lines=lines(settings),
        dialling=dialling_rules(settings),
    )


def _reconciliation(settings: Settings, storage: Storage, connection: Connection) -> Reconciliation:
    return Reconciliation(
        file=settings.folders.cel,
        cursor=storage.cel,
        calls=storage.calls,
        clock=SystemClock(),
        alive=connection.alive,
        messages=settings.folders.messages,
    )


def _sip_websocket(settings: Settings) -> str:
    return f"ws://{settings.asterisk.host}:{settings.asterisk.ari_port}/ws"


def _pages(
    settings: Settings,
    storage: Storage,
    connection: Connection,
    *,
    pages: Pages,
    desk: Desk,
    board: HotlineBoard,
) -> web.Application:
    app = application(board, settings.number, accounts(storage), pages, https=settings.https)
    add_desk(app, desk)
    add_appeals(app, appeal_sources(storage, settings.timezone, desk.events))
    add_handling(app, handling_sources(storage, settings.city))
    add_notices(app, notice_sources(settings, storage))
    add_answers(app, answer_sources(settings, storage))
    if reporting := reports(settings, storage):
        add_reports(app, reporting)
    add_campaigns(app, campaign_sources(storage))
    add_control(app, control_sources(storage, settings.city))
    add_search(app, Searching(search=storage.search, lemmas=storage.lemmas))
    add_appeal_lists(app, list_sources(storage, settings.timezone))
    add_executors(app, executor_sources(storage, settings.timezone))
    add_rules(app, rule_sources(storage, settings.timezone))
    add_surveys(app, survey_sources(storage, calling_rules(settings), settings.timezone))
    add_outage_register(app, outage_sources(storage, settings.timezone, SystemClock()))
    add_informing(app, informing_sources(settings, storage))
    add_outage_alerts(app, AlertSources(alerts=storage.outage_alerts, reports=storage.outage_reports))
    add_softphone(app, Softphones(phones=connection, websocket=_sip_websocket(settings)))
    add_calling_out(app, _calling(settings, storage, connection))
    add_past_calls(app, past_calls(settings.folders, storage))
    add_remarks(app, remarks(settings.folders, storage))
    return app


def _calling(settings: Settings, storage: Storage, connection: Connection) -> Calling:
    rules = calling_rules(settings)
    return Calling(
        telephone=connection,
        rules=rules,
        pace=Pace(rules),
        callbacks=storage.callbacks,
        clock=SystemClock(),
    )


@contextlib.asynccontextmanager
async def _web(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LEAVE_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, settings)
        yield
    finally:
        await runner.cleanup()


async def _end(running: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: an error that comes in the same moment can hide a cancellation."""
    while running:
        for task in running:
            task.cancel()
        _ended, left = await asyncio.wait(running, timeout=LEAVE_SECONDS)
        running = list(left)


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    host, port = settings.http_host, settings.http_port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({error.strerror}): stop the program that holds it, "
            "or set HOTLINE_HTTP_PORT and HOTLINE_HTTP_HOST."
        ) from error
