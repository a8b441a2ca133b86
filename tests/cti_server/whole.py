"""Everything that the service serves over HTTP, put together as the service does."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web

from cti_server.admin.imports import Intake, add_imports
from cti_server.admin.tokens import add_tokens
from cti_server.announcements.routes import add_announcements
from cti_server.answers.routes import add_answers
from cti_server.api.feed import Feed
from cti_server.api.routes import add_api
from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.remarks import RemarkSources, add_remarks
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.appeals.list.routes import add_appeal_lists
from cti_server.application import application
from cti_server.auth.rates import TokenLimits
from cti_server.calls.routes import add_past_calls
from cti_server.cameras.routes import add_cameras
from cti_server.campaigns.routes import add_campaigns
from cti_server.chats.gateway_hook import add_gateways
from cti_server.chats.routes import add_chats
from cti_server.chats.sms_hook import add_incoming_sms
from cti_server.chats.telegram_hook import add_telegram
from cti_server.citizens.routes import add_citizens
from cti_server.city_data.routes import add_city_data
from cti_server.city_now.routes import add_city_now
from cti_server.city_now.watch import CityWatch
from cti_server.control.routes import add_control
from cti_server.delivery.receipts import add_reports
from cti_server.delivery.routes import add_notices
from cti_server.desk.calling_out import add_calling_out
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
from cti_server.keys import REPORTING, Accounts
from cti_server.knowledge.routes import add_knowledge
from cti_server.line_report.routes import add_line_report
from cti_server.look.page import add_look
from cti_server.meetings.routes import add_meetings
from cti_server.memos.routes import add_memos
from cti_server.neighbours.routes import add_neighbours
from cti_server.new_city.routes import add_new_city
from cti_server.office.routes import add_office
from cti_server.open311.routes import add_open311
from cti_server.operation.routes import add_operation
from cti_server.outages.alerts.routes import add_outage_alerts
from cti_server.outages.alerts.sources import AlertSources
from cti_server.outages.public.routes import add_public_outages, add_subscribing
from cti_server.outages.register.routes import add_outage_register
from cti_server.portal.routes import add_portal
from cti_server.power.routes import add_power
from cti_server.quality.routes import add_quality
from cti_server.reports.routes import add_report_pages
from cti_server.retention.routes import add_retention
from cti_server.rules.routes import add_rules
from cti_server.screens import Screens
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from cti_server.shifts.routes import add_shifts
from cti_server.specialists.routes import add_specialists
from cti_server.statements.routes import add_statements
from cti_server.status.home import add_home
from cti_server.status.metrics import add_metrics
from cti_server.supervision.routes import add_supervision
from cti_server.supervision.watch import BoardWatch
from cti_server.surveys.routes import add_surveys
from cti_server.tasks.routes import add_tasks
from cti_server.web_calls.guests import Guests
from cti_server.web_calls.routes import add_web_calls
from cti_server.web_calls.sources import GuestPhones, WebCallSources
from cti_server.webhooks.routes import add_webhooks
from hotline.calls.web_calls import WebCallRules, WebOrigin
from hotline.cameras.watch_log import AWAKE
from hotline.dialling.calling_out import CallingRules
from hotline.equipment.states import NOTHING, Standing
from hotline.errors import TelephonyError
from hotline.events import Event
from hotline.line.line import Offer
from ivr_flows.typed_fields import sentences
from service.cameras.streams import CameraStreams
from service.folders import Folders
from service.intake.imports import Imports, stored_imports
from service.node.bus import Bus
from service.speech.masked_copies import MaskedCopies
from service.wiring.desks import (
    camera_sources,
    city_now_sources,
    desk_sources,
    directory_sources,
    inquiry_sources,
    knowledge_sources,
    line_report_sources,
    office_sources,
    quality_sources,
    shift_sources,
    statement_sources,
    supervision_sources,
    task_sources,
)
from service.wiring.equipment import equipment_sources, measured_sources
from service.wiring.meetings import memo_sources, specialist_sources
from service.wiring.operation import operation_sources
from service.wiring.portal import portal_sources, reporting
from service.wiring.public_outages import power_sources
from service.wiring.reports import report_sources
from storage.store import Storage
from tests.cti_server.announcements.conftest import announcing
from tests.cti_server.api.conftest import api_sources
from tests.cti_server.appeals.conftest import appeal_sources, control_sources, handling_sources, list_sources
from tests.cti_server.calls.conftest import past_calls
from tests.cti_server.campaigns.conftest import campaign_sources
from tests.cti_server.chats.conftest import chat_sources_on, no_gateways, no_news, no_sms
from tests.cti_server.citizens.conftest import citizen_sources, retention_sources
from tests.cti_server.city_data.conftest import city_data_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.delivery.conftest import answer_sources, notice_sources, sms_reports
from tests.cti_server.desk.conftest import calling_out_sources
from tests.cti_server.enterprise.conftest import evidence_sources, work_sources
from tests.cti_server.enterprises.conftest import executor_sources
from tests.cti_server.informing.conftest import informing_sources
from tests.cti_server.meetings.conftest import LINKS, meeting_sources
from tests.cti_server.neighbours.conftest import neighbour_sources_on
from tests.cti_server.new_city.conftest import NewCityAtHand, new_city_sources
from tests.cti_server.open311.conftest import open311_sources
from tests.cti_server.outages.public.conftest import public_sources, subscribing_sources
from tests.cti_server.outages.register.conftest import outage_sources
from tests.cti_server.rules.conftest import rule_sources
from tests.cti_server.surveys.conftest import survey_sources
from tests.cti_server.webhooks.conftest import webhook_sources_on
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.telephone import FakeTelephone
from tests.fakes.voice import ReadAloud


class Unwatched:
    """A watch over equipment that never looks."""

    def standing(self, item_id: int) -> Standing:
        del item_id
        return NOTHING

    def look_soon(self, item_id: int) -> None:
        del item_id


class Away:
    """A telephone exchange that is away: what is not allowed must be refused without asking it."""

    def tell(self, event: Event) -> None:
        del event

    async def ring(self, offer: Offer) -> None:
        raise TelephonyError(offer.call_id)

    async def browser_left(self, extension: str) -> None:
        pass

    async def open_browser_phone(self, extension: str) -> str:
        raise TelephonyError(extension)

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        del password, origin
        raise TelephonyError(name)

    async def close_guest(self, name: str) -> None:
        del name


UNHURRIED = TokenLimits(per_second=10_000.0, at_once=10_000)


def whole_application(  # noqa: PLR0915 - one statement a room
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    folder: Path,
    *,
    sip: str = "ws://127.0.0.1:1/ws",
    https: bool = False,
    telephone: FakeTelephone | None = None,
    awake: timedelta = AWAKE,
    guests: GuestPhones | None = None,
) -> web.Application:
    """Make it; `sip` is Asterisk's own WebSocket, `telephone` the exchange, which is away by itself.

    So is what lets browsers of residents call, `guests`.
    """
    exchange, telephone = Away(), telephone or FakeTelephone(away=True)
    sources = desk_sources(storage, Screens(), KYIV, clock)
    made = application(board, "1580", accounts, Pages(KYIV), https=https)
    add_desk(made, Desk(sources=sources, events=exchange, ring=exchange.ring, recording=telephone))
    _add_rooms_of_storage(made, storage, clock)
    add_quality(made, quality_sources(storage, KYIV, telephone, ReadAloud(), clock))
    add_executors(made, executor_sources(storage, clock))
    add_rules(made, rule_sources(storage, clock))
    add_city_data(made, city_data_sources(storage, clock))
    add_surveys(made, survey_sources(storage, clock))
    add_outage_register(made, outage_sources(storage, clock))
    add_informing(made, informing_sources(storage, clock, folder))
    add_outage_alerts(made, AlertSources(alerts=storage.outage_alerts, reports=storage.outage_reports))
    _add_phones(made, exchange, guests or exchange, sip, storage, clock)
    add_calling_out(made, calling_out_sources(storage, clock, telephone, CallingRules()))
    add_past_calls(made, past_calls(storage, folder, folder))
    add_citizens(made, citizen_sources(storage, clock, folder))
    add_retention(made, retention_sources(storage, clock))
    add_remarks(
        made,
        RemarkSources(
            handling=storage.handling,
            work=storage.executor_work,
            history=storage.history,
            transcripts=storage.transcripts,
            mask=MaskedCopies(folder / "masked", sounds_in(folder)),
            sounds=sounds_in(folder),
        ),
    )
    add_appeals(made, appeal_sources(storage, clock))
    add_api(
        made, api_sources(storage, clock, Bus(), Feed(storage.dispatchers, storage.callers, clock), UNHURRIED)
    )
    add_open311(made, open311_sources(storage, clock))
    add_tokens(made)
    add_neighbours(made, neighbour_sources_on(storage, clock))
    add_webhooks(made, webhook_sources_on(storage, clock))
    add_campaigns(made, campaign_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_notices(made, notice_sources(storage, clock))
    add_answers(made, answer_sources(storage, clock))
    add_public_outages(made, public_sources(storage, clock))
    add_home(made, storage.city_messages)
    add_chats(made, chat_sources_on(storage, clock))
    add_telegram(made, no_news, "secret")
    add_gateways(made, no_gateways())
    add_incoming_sms(made, no_sms(clock))
    add_subscribing(made, subscribing_sources(storage))
    add_reports(made, sms_reports(storage, clock))
    city = city_now_sources(storage, KYIV, clock)
    add_city_now(made, city, CityWatch(city))
    supervision = supervision_sources(storage, KYIV, telephone, Screens(), clock)
    add_supervision(made, supervision, BoardWatch(supervision))
    add_control(made, control_sources(storage, clock))
    _add_evidence_and_cameras(made, storage, clock, folder / "evidence", awake)
    add_line_report(made, line_report_sources(storage, KYIV, clock))
    add_report_pages(made, report_sources(storage, KYIV, clock))
    operation = operation_sources(
        Folders(var=folder, root="", own_edge="", memory=""),
        storage,
        KYIV,
        board=board,
        watching=Unwatched(),
        clock=clock,
    )
    add_operation(made, operation)
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    add_appeal_lists(made, list_sources(storage, clock))
    add_work(made, work_sources(storage, clock))
    announced = announcing(storage, clock, folder)
    add_announcements(made, announced)
    add_look(made)
    add_listening(made, Listening(studio=announced.studio, sentences=sentences))
    imports = Imports(stored_imports(storage, folder / "imports", clock))
    add_imports(made, Intake(imports=imports, registers=storage.registers))
    add_new_city(made, new_city_sources(storage, clock, imports, folder, NewCityAtHand()), open_now=False)
    return made


def _add_phones(  # noqa: PLR0917 - what phones are made of
    app: web.Application,
    exchange: Away,
    guests: GuestPhones,
    sip: str,
    storage: Storage,
    clock: MovedClock,
) -> None:
    add_softphone(app, Softphones(phones=exchange, websocket=sip))
    calling = WebCallSources(
        phones=guests,
        websocket=sip,
        number="1580",
        clock=clock,
        guests=Guests(WebCallRules()),
        closings=storage.web_call_closings,
    )
    add_web_calls(app, calling)


def _add_rooms_of_storage(made: web.Application, storage: Storage, clock: MovedClock) -> None:
    """Add the rooms whose sources are made of storage and the clock alone."""
    add_equipment(made, equipment_sources(storage, KYIV, Unwatched(), clock))
    add_metrics(made, measured_sources(storage, KYIV, Unwatched(), clock))
    add_office(made, office_sources(storage, KYIV, clock))
    add_power(made, power_sources(storage, KYIV, clock, key=b"test"))
    add_directory(made, directory_sources(storage, KYIV, clock))
    add_knowledge(made, knowledge_sources(storage, KYIV, clock))
    add_inquiries(made, inquiry_sources(storage, KYIV, clock))
    add_meetings(made, meeting_sources(storage, clock))
    add_specialists(made, specialist_sources(storage, KYIV, LINKS, "1580", clock))
    add_memos(made, memo_sources(storage, KYIV, clock))
    add_shifts(made, shift_sources(storage, KYIV, clock))
    add_tasks(made, task_sources(storage, KYIV, clock))


def _add_evidence_and_cameras(
    made: web.Application, storage: Storage, clock: MovedClock, folder: Path, awake: timedelta
) -> None:
    """Add both: what is seen on a camera lies where all evidence does."""
    evidence, streams = evidence_sources(storage, clock, folder), CameraStreams(storage.cameras.source, clock)
    add_evidence(made, evidence)
    add_statements(made, statement_sources(storage, KYIV, evidence.store, clock))
    kept = evidence.store
    add_portal(made, portal_sources(storage, b"key", KYIV, clock))
    made[REPORTING] = reporting(storage, KYIV, store=kept, events=Bus(), key=b"key", clock=clock)
    add_cameras(
        made, camera_sources(storage, KYIV, streams, store=kept, events=Bus(), clock=clock, awake=awake)
    )
