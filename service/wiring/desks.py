"""Wires the dispatchers' desks with the storage."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cti_server.appeals.card.sources import HandlingSources
from cti_server.appeals.form.sources import AppealSources, BegunInChat, nothing_begun
from cti_server.appeals.list.sources import ListSources
from cti_server.cameras.sources import CameraSources
from cti_server.city_data.sources import CityDataSources
from cti_server.city_now.sources import CityNowSources
from cti_server.control.sources import ControlSources
from cti_server.desk.sources import SendsLinks, Sources, no_chat
from cti_server.directory.sources import DirectorySources
from cti_server.enterprises.sources import ExecutorSources
from cti_server.inquiries.sources import InquirySources
from cti_server.knowledge.sources import KnowledgeSources
from cti_server.line_report.sources import LineReportSources
from cti_server.office.sources import OfficeSources
from cti_server.quality.sources import QualitySources
from cti_server.rules.sources import RuleSources
from cti_server.screens import Screens
from cti_server.shifts.open_work import OpenWork
from cti_server.shifts.sources import ShiftSources
from cti_server.statements.sources import StatementSources
from cti_server.supervision.sources import SupervisionSources
from cti_server.surveys.sources import SurveySources
from cti_server.tasks.sources import TaskSources
from hotline.air_raid.alarm import AirRaid
from hotline.appeals.attachments import FileStore
from hotline.cameras.streams import Streams
from hotline.cameras.watch_log import AWAKE
from hotline.chats.chats import Chat
from hotline.city.category_search import CategorySearch
from hotline.city.city_rules import CityRules
from hotline.clock import Clock, SystemClock
from hotline.dialling.calling_out import CallingRules, Pace, Telephone
from hotline.events import Events
from hotline.line.progressive import SHOWN_FOR
from hotline.shifts.duty import PlannedNow
from hotline.speech.live import LiveTalks
from hotline.supervision.listening import Listened, ListeningIn, NobodyListens
from hotline.voice.speech import Voice
from service.open311.sealed_keys import sealed_endpoints
from service.signatures.checking import SignaturesByList
from storage.intake.document_sheets import read_document_sheets
from storage.intake.map_file import read_map_file
from storage.store import Storage

CLOCK = SystemClock()


def desk_sources(
    storage: Storage,
    screens: Screens,
    timezone: ZoneInfo,
    clock: Clock = CLOCK,
    *,
    dials_after: timedelta = SHOWN_FOR,
    live: LiveTalks | None = None,
    listening: Listened | None = None,
    chat_of: Callable[[str], Chat | None] = no_chat,
    chats_waiting: Callable[[], Sequence[Chat]] = tuple,
    links: SendsLinks | None = None,
) -> Sources:
    return Sources(
        callers=storage.callers,
        calls=storage.calls,
        callbacks=storage.callbacks,
        scheduled=storage.scheduled_callbacks,
        progressive=storage.progressive,
        drafts=storage.drafts,
        forms=storage.forms,
        line=storage.line,
        line_today=storage.line_today,
        dispatchers=storage.dispatchers,
        outages=storage.outages,
        alerts=storage.outage_alerts,
        known_places=storage.known_places,
        executors=storage.executors,
        lemmas=storage.lemmas,
        clock=clock,
        screens=screens,
        timezone=timezone,
        chat_of=chat_of,
        chats_waiting=chats_waiting,
        links=links,
        dials_after=dials_after,
        live=live or LiveTalks(),
        listening=listening or NobodyListens(),
        listening_orders=storage.listening_orders,
        help=storage.help_requests,
        threats=storage.threats,
    )


def appeal_sources(
    storage: Storage,
    timezone: ZoneInfo,
    events: Events,
    clock: Clock = CLOCK,
    *,
    live: LiveTalks | None = None,
    begun_in_chat: BegunInChat = nothing_begun,
) -> AppealSources:
    return AppealSources(
        live=live or LiveTalks(),
        begun_in_chat=begun_in_chat,
        registry=storage.registry,
        executors=storage.executors,
        handling=storage.handling,
        citizens=storage.citizens,
        streets=storage.streets,
        categories=CategorySearch(storage.lemmas),
        proposals=storage.proposals,
        calls=storage.calls,
        line=storage.line,
        drafts=storage.drafts,
        forms=storage.forms,
        outages=storage.outages,
        reports=storage.outage_reports,
        trials=storage.trial_calls,
        events=events,
        clock=clock,
        timezone=timezone,
    )


def handling_sources(storage: Storage, city: CityRules, clock: Clock = CLOCK) -> HandlingSources:
    return HandlingSources(
        transcripts=storage.transcripts,
        registry=storage.registry,
        handling=storage.handling,
        executors=storage.executors,
        rules=storage.rules,
        citizens=storage.citizens,
        streets=storage.streets,
        calls=storage.calls,
        past_calls=storage.history,
        control=storage.control,
        outages=storage.outages,
        reports=storage.outage_reports,
        city=city,
        clock=clock,
    )


def executor_sources(
    storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK, *, key_file: Path | None = None
) -> ExecutorSources:
    endpoints = sealed_endpoints(storage, key_file)
    return ExecutorSources(executors=storage.executors, endpoints=endpoints, clock=clock, timezone=timezone)


def office_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> OfficeSources:
    return OfficeSources(
        plans=storage.file_plans,
        acts=storage.office_acts,
        journals=storage.journals,
        clock=clock,
        timezone=timezone,
    )


def directory_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> DirectorySources:
    return DirectorySources(
        executors=storage.executors, lemmas=storage.lemmas, clock=clock, timezone=timezone
    )


def rule_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> RuleSources:
    return RuleSources(
        rules=storage.rules,
        executors=storage.executors,
        lists=storage.appeal_lists,
        streets=storage.streets,
        clock=clock,
        timezone=timezone,
    )


def city_data_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> CityDataSources:
    return CityDataSources(
        documents=storage.city_documents,
        preview=storage.city_documents.preview,
        read_sheets=read_document_sheets,
        maps=storage.city_maps,
        read_map=read_map_file,
        streets=storage.streets,
        clock=clock,
        timezone=timezone,
    )


def camera_sources(
    storage: Storage,
    timezone: ZoneInfo,
    streams: Streams,
    *,
    store: FileStore,
    events: Events,
    clock: Clock = CLOCK,
    awake: timedelta = AWAKE,
) -> CameraSources:
    return CameraSources(
        cameras=storage.cameras,
        streams=streams,
        log=storage.watch_log,
        incidents=storage.incidents,
        registry=storage.registry,
        files=storage.files,
        store=store,
        lists=storage.appeal_lists,
        outages=storage.outages,
        maps=storage.city_maps,
        executors=storage.executors,
        streets=storage.streets,
        roster=storage.roster,
        events=events,
        clock=clock,
        timezone=timezone,
        awake=awake,
    )


def city_now_sources(
    storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK, *, air: AirRaid | None = None
) -> CityNowSources:
    return CityNowSources(
        air=air or AirRaid(),
        line=storage.line_today,
        callers=storage.callers,
        dispatchers=storage.dispatchers,
        figures=storage.appeal_figures,
        outages=storage.outages,
        alerts=storage.outage_alerts,
        power=storage.power,
        maps=storage.city_maps,
        streets=storage.streets,
        messages=storage.city_messages,
        orders=storage.standing_orders,
        planned=PlannedNow(storage.roster, timezone),
        papers=storage.papers,
        clock=clock,
        timezone=timezone,
    )


def survey_sources(
    storage: Storage, rules: CallingRules, timezone: ZoneInfo, clock: Clock = CLOCK
) -> SurveySources:
    return SurveySources(
        jobs=storage.call_jobs,
        forms=storage.survey_forms,
        surveys=storage.surveys,
        results=storage.survey_results,
        executors=storage.executors,
        rules=rules,
        pace=Pace(rules),
        clock=clock,
        timezone=timezone,
    )


def quality_sources(
    storage: Storage, timezone: ZoneInfo, telephone: Telephone, voice: Voice, clock: Clock = CLOCK
) -> QualitySources:
    return QualitySources(
        assessments=storage.assessments,
        stories=storage.talks,
        trainings=storage.trainings,
        trials=storage.trial_calls,
        telephone=telephone,
        voice=voice,
        line=storage.line,
        history=storage.history,
        transcripts=storage.transcripts,
        dispatchers=storage.dispatchers,
        clock=clock,
        timezone=timezone,
    )


def knowledge_sources(
    storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK, *, live: LiveTalks | None = None
) -> KnowledgeSources:
    return KnowledgeSources(
        articles=storage.articles,
        missing=storage.missing_answers,
        uses=storage.article_uses,
        calls=storage.calls,
        live=live or LiveTalks(),
        lemmas=storage.lemmas,
        clock=clock,
        timezone=timezone,
    )


def inquiry_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> InquirySources:
    return InquirySources(
        inquiries=storage.inquiries,
        executors=storage.executors,
        lemmas=storage.lemmas,
        clock=clock,
        timezone=timezone,
    )


def statement_sources(
    storage: Storage, timezone: ZoneInfo, store: FileStore, clock: Clock = CLOCK
) -> StatementSources:
    return StatementSources(
        store=store, statements=storage.statements, lemmas=storage.lemmas, clock=clock, timezone=timezone
    )


def task_sources(
    storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK, *, trusted: Path | None = None
) -> TaskSources:
    return TaskSources(
        signatures=SignaturesByList(trusted),
        tasks=storage.tasks,
        directives=storage.directives,
        files=storage.record_files,
        executors=storage.executors,
        lemmas=storage.lemmas,
        clock=clock,
        timezone=timezone,
    )


def shift_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> ShiftSources:
    return ShiftSources(
        roster=storage.roster,
        feeds=storage.roster_feeds,
        presence=storage.presence_log,
        handovers=storage.handovers,
        wishes=storage.wishes,
        swaps=storage.swaps,
        open_work=OpenWork(
            control=storage.control,
            callbacks=storage.callbacks,
            scheduled=storage.scheduled_callbacks,
            outages=storage.outages,
            orders=storage.standing_orders,
            messages=storage.city_messages,
        ),
        clock=clock,
        timezone=timezone,
    )


def line_report_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> LineReportSources:
    return LineReportSources(
        report=storage.line_report, dispatchers=storage.dispatchers, clock=clock, timezone=timezone
    )


def control_sources(storage: Storage, city: CityRules, clock: Clock = CLOCK) -> ControlSources:
    return ControlSources(
        control=storage.control,
        outbox=storage.outbox,
        outages=storage.outages,
        alerts=storage.outage_alerts,
        executors=storage.executors,
        lemmas=storage.lemmas,
        city=city,
        clock=clock,
        registry=storage.registry,
        public_texts=storage.public_texts,
    )


def list_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> ListSources:
    return ListSources(
        lists=storage.appeal_lists,
        streets=storage.streets,
        executors=storage.executors,
        handling=storage.handling,
        clock=clock,
        timezone=timezone,
    )


def supervision_sources(
    storage: Storage,
    timezone: ZoneInfo,
    listening: ListeningIn,
    screens: Screens,
    clock: Clock = CLOCK,
) -> SupervisionSources:
    return SupervisionSources(
        calls=storage.live_calls,
        dispatchers=storage.dispatchers,
        listening=listening,
        screens=screens,
        help=storage.help_requests,
        threats=storage.threats,
        slower=storage.slower_places,
        orders=storage.listening_orders,
        users=storage.users,
        acting_heads=storage.acting_heads,
        audit=storage.audit,
        clock=clock,
        timezone=timezone,
    )
