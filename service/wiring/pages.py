"""Wires the pages: each audience's routes with their sources."""

from functools import partial

from aiohttp import web

from cti_server.admin.imports import Intake, add_imports
from cti_server.announcements.routes import add_announcements
from cti_server.answers.routes import add_answers
from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.remarks import add_remarks
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.appeals.form.sources import BegunInChat
from cti_server.appeals.list.routes import add_appeal_lists
from cti_server.application import application
from cti_server.calls.routes import add_past_calls
from cti_server.cameras.routes import add_cameras
from cti_server.campaigns.routes import add_campaigns
from cti_server.chats.routes import add_chats
from cti_server.chats.sources import ChatSources
from cti_server.citizens.routes import add_citizens
from cti_server.city_data.routes import add_city_data
from cti_server.city_now.routes import add_city_now
from cti_server.city_now.sources import CityNowSources
from cti_server.city_now.watch import CityWatch
from cti_server.control.routes import add_control
from cti_server.delivery.receipts import add_reports
from cti_server.delivery.routes import add_notices
from cti_server.desk.calling_out import CallingOutSources, add_calling_out
from cti_server.desk.phone_routes import add_softphone
from cti_server.desk.routes import add_desk
from cti_server.desk.softphone import Softphones
from cti_server.desk.sources import Desk
from cti_server.directory.routes import add_directory
from cti_server.enterprise.routes import add_work
from cti_server.enterprises.routes import add_executors
from cti_server.equipment.routes import add_equipment
from cti_server.frame.listening import Listening, add_listening
from cti_server.frame.pages import Pages
from cti_server.informing.routes import add_informing
from cti_server.inquiries.routes import add_inquiries
from cti_server.keys import REPORTING
from cti_server.knowledge.routes import add_knowledge
from cti_server.line_report.routes import add_line_report
from cti_server.look.page import add_look
from cti_server.meetings.routes import add_meetings
from cti_server.memos.routes import add_memos
from cti_server.office.routes import add_office
from cti_server.operation.routes import add_operation
from cti_server.outages.alerts.routes import add_outage_alerts
from cti_server.outages.alerts.sources import AlertSources
from cti_server.outages.public.routes import add_public_outages, add_subscribing
from cti_server.outages.public.sources import PublicSources
from cti_server.outages.register.routes import add_outage_register
from cti_server.portal.routes import add_portal
from cti_server.power.routes import add_power
from cti_server.quality.routes import add_quality
from cti_server.reports.routes import add_report_pages
from cti_server.retention.routes import add_retention
from cti_server.rules.routes import add_rules
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from cti_server.shifts.routes import add_shifts
from cti_server.specialists.routes import add_specialists
from cti_server.statements.routes import add_statements
from cti_server.status.home import add_home
from cti_server.status.metrics import add_metrics
from cti_server.supervision.routes import add_supervision
from cti_server.supervision.sources import SupervisionSources
from cti_server.supervision.watch import BoardWatch
from cti_server.surveys.routes import add_surveys
from cti_server.tasks.routes import add_tasks
from cti_server.web_calls.guests import Guests
from cti_server.web_calls.routes import add_web_calls
from cti_server.web_calls.sources import WebCallSources
from hotline.calls.sound_store import SoundStore
from hotline.cameras.streams import Streams
from hotline.clock import SystemClock
from hotline.dialling.calling_out import Pace
from hotline.events import Events
from hotline.line.scheduled_callbacks import EitherClaims
from ivr_flows.typed_fields import sentences
from service.demo.accounts import accounts
from service.equipment.watch import EquipmentWatch
from service.intake.imports import Imports
from service.processes.among import Among, Exchange
from service.settings.settings import Settings
from service.speech.masked_copies import MaskedCopies
from service.wiring.board import HotlineBoard
from service.wiring.calling_out import (
    calling_rules,
    campaign_sources,
    informing_sources,
)
from service.wiring.delivery import answer_links, answer_sources, notice_sources, recipient_links, reports
from service.wiring.desks import (
    appeal_sources,
    camera_sources,
    city_data_sources,
    control_sources,
    directory_sources,
    executor_sources,
    handling_sources,
    inquiry_sources,
    knowledge_sources,
    line_report_sources,
    list_sources,
    office_sources,
    quality_sources,
    rule_sources,
    shift_sources,
    statement_sources,
    survey_sources,
    task_sources,
)
from service.wiring.enterprises import attachment_sources, work_sources
from service.wiring.equipment import equipment_sources, measured_sources
from service.wiring.meetings import meeting_sources, memo_sources, specialist_sources
from service.wiring.operation import operation_sources, unproven
from service.wiring.outage_register import outage_sources
from service.wiring.past_calls import past_calls, remarks
from service.wiring.portal import portal_sources, reporting
from service.wiring.public_outages import power_sources, subscribing
from service.wiring.reports import report_sources
from service.wiring.retention import citizen_sources, retention_sources
from service.wiring.voices import Voices, announcing
from storage.store import Storage

_WEB_CALLS_OPEN = "web-calls-open"


async def all_pages(
    settings: Settings,
    storage: Storage,
    connection: Exchange,
    *,
    pages: Pages,
    desk: Desk,
    board: HotlineBoard,
    equipment: EquipmentWatch,
    imports: Imports,
    public: PublicSources,
    speaking: Voices,
    sounds: SoundStore,
    city: tuple[CityNowSources, CityWatch],
    supervision: tuple[SupervisionSources, BoardWatch],
    streams: Streams,
    chats: ChatSources,
    begun_in_chat: BegunInChat,
    among: Among,
) -> web.Application:
    """Put together everything that is reached over HTTP, but the interface for programs."""
    app = application(
        board,
        settings.number,
        accounts(storage),
        pages,
        https=settings.https,
        code_needed=not settings.demo,
        trusted=settings.trusted_proxies,
        hosts=settings.hosts,
        sms_prefixes=settings.delivery.sms_settings.prefixes,
    )
    add_desk(app, desk)
    add_appeals(
        app,
        appeal_sources(
            storage, settings.timezone, desk.events, live=desk.sources.live, begun_in_chat=begun_in_chat
        ),
    )
    add_handling(app, handling_sources(storage, settings.city))
    add_notices(app, notice_sources(settings, storage))
    add_answers(app, answer_sources(settings, storage))
    if receiver := reports(settings, storage):
        add_reports(app, receiver)
    add_campaigns(app, campaign_sources(storage))
    add_city_now(app, *city)
    add_supervision(app, *supervision)
    add_control(app, control_sources(storage, settings.city))
    add_line_report(app, line_report_sources(storage, settings.timezone))
    add_report_pages(app, report_sources(storage, settings.timezone))
    add_search(app, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    add_appeal_lists(app, list_sources(storage, settings.timezone))
    add_executors(app, executor_sources(storage, settings.timezone, key_file=settings.recordings.key_file))
    add_rules(app, rule_sources(storage, settings.timezone))
    add_city_data(app, city_data_sources(storage, settings.timezone))
    add_surveys(app, survey_sources(storage, calling_rules(settings), settings.timezone))
    add_outage_register(app, outage_sources(storage, settings.timezone, SystemClock()))
    add_informing(app, informing_sources(settings, storage, speaking.studio))
    add_outage_alerts(app, AlertSources(alerts=storage.outage_alerts, reports=storage.outage_reports))
    softphones = Softphones(
        phones=connection,
        websocket=_sip_websocket(settings),
        edges=settings.edge.websockets,
        open_phones=among.phones(),
    )
    add_softphone(app, softphones)
    add_calling_out(app, _calling(settings, storage, connection))
    mask = MaskedCopies(settings.folders.masked, sounds)
    add_past_calls(app, past_calls(settings, storage, desk.events, sounds, mask))
    _add_rooms_of_storage(app, settings, storage)
    add_quality(app, quality_sources(storage, settings.timezone, connection, speaking.voice))
    add_knowledge(app, knowledge_sources(storage, settings.timezone, live=desk.sources.live))
    add_citizens(app, citizen_sources(settings, storage, sounds))
    _add_rooms_of_links(app, settings, storage)
    _add_what_is_watched(app, settings, storage, board, equipment)
    add_retention(app, retention_sources(settings, storage))
    add_remarks(app, remarks(storage, sounds, mask))
    add_imports(app, Intake(imports=imports, registers=storage.registers))
    await _add_what_keeps_files(app, settings, storage, streams, desk.events)
    add_work(app, work_sources(storage, settings.city))
    add_public_outages(app, public)
    add_home(app, storage.city_messages)
    add_chats(app, chats)
    add_web_calls(app, await _web_calls(settings, storage, connection, among))
    add_announcements(app, announcing(settings, storage, speaking.studio))
    add_subscribing(app, subscribing(settings, storage))
    add_listening(app, Listening(studio=speaking.studio, sentences=sentences))
    if settings.demo:
        add_look(app)
    return app


def _add_what_is_watched(
    app: web.Application, settings: Settings, storage: Storage, board: HotlineBoard, equipment: EquipmentWatch
) -> None:
    """Add the pages and metrics that tell how the hotline itself stands."""
    add_equipment(app, equipment_sources(storage, settings.timezone, equipment))
    trials = bool(settings.prove_backup)
    told = partial(unproven, settings.folders, wished=trials)
    add_metrics(app, measured_sources(storage, settings.timezone, equipment, unproven=told))
    operation = operation_sources(
        settings.folders, storage, settings.timezone, board=board, watching=equipment, trials=trials
    )
    add_operation(app, operation)


def _add_rooms_of_links(app: web.Application, settings: Settings, storage: Storage) -> None:
    """Add the rooms with pages that links open to people without an account."""
    links = recipient_links(settings)
    add_meetings(app, meeting_sources(storage, settings.timezone, links, settings.number))
    add_specialists(app, specialist_sources(storage, settings.timezone, links, settings.number))


def _add_rooms_of_storage(app: web.Application, settings: Settings, storage: Storage) -> None:
    """Add the rooms whose sources are made of storage and the city's clock alone."""
    timezone = settings.timezone
    add_power(
        app,
        power_sources(storage, timezone, key=answer_links(settings).key, fetched_from=settings.power.url),
    )
    add_memos(app, memo_sources(storage, timezone))
    add_office(app, office_sources(storage, timezone))
    add_directory(app, directory_sources(storage, timezone))
    add_inquiries(app, inquiry_sources(storage, timezone))
    add_shifts(app, shift_sources(storage, timezone))
    add_tasks(app, task_sources(storage, timezone, trusted=settings.signatures_trusted))


async def _add_what_keeps_files(
    app: web.Application, settings: Settings, storage: Storage, streams: Streams, events: Events
) -> None:
    """Add them: what residents send, pictures of statements and stills of cameras lie with all evidence."""
    evidence = await attachment_sources(settings, storage)
    add_evidence(app, evidence)
    add_statements(app, statement_sources(storage, settings.timezone, evidence.store))
    app[REPORTING] = reporting(
        storage, settings.timezone, store=evidence.store, events=events, key=answer_links(settings).key
    )
    add_portal(app, portal_sources(storage, answer_links(settings).key, settings.timezone))
    add_cameras(
        app,
        camera_sources(
            storage,
            settings.timezone,
            streams,
            store=evidence.store,
            events=events,
            awake=settings.cameras.awake,
        ),
    )


def _calling(settings: Settings, storage: Storage, connection: Exchange) -> CallingOutSources:
    rules = calling_rules(settings)
    return CallingOutSources(
        telephone=connection,
        rules=rules,
        pace=Pace(rules),
        claims=EitherClaims(storage.callbacks, storage.scheduled_callbacks),
        progressive=storage.progressive,
        clock=SystemClock(),
    )


async def _web_calls(
    settings: Settings, storage: Storage, connection: Exchange, among: Among
) -> WebCallSources:
    closed = await storage.web_call_closings.holding() is not None
    sources = WebCallSources(
        phones=connection,
        websocket=_sip_websocket(settings),
        number=settings.number,
        clock=SystemClock(),
        guests=Guests(settings.web_call_rules, closed=closed),
        closings=storage.web_call_closings,
        edges=settings.edge.websockets,
        tells=among.tells(_WEB_CALLS_OPEN),
    )
    among.hears(_WEB_CALLS_OPEN, sources.told)
    return sources


def _sip_websocket(settings: Settings) -> str:
    return f"ws://{settings.asterisk.host}:{settings.asterisk.ari_port}/ws"
