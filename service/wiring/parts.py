"""The parts of the service, each wired with those that it rests on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from aiohttp import web
from attrs import define

from cti_server.admin.tokens import add_tokens
from cti_server.api.routes import add_api
from cti_server.api.sources import ApiSources
from cti_server.city_now.watch import CityWatch
from cti_server.desk.live import LiveDesks
from cti_server.desk.sources import Desk
from cti_server.frame.brand import Brand, read_crest
from cti_server.frame.pages import Pages
from cti_server.keys import REPORTING
from cti_server.neighbours.routes import add_neighbours
from cti_server.new_city.routes import add_new_city
from cti_server.open311.routes import add_open311
from cti_server.operation.sources import OPERATION
from cti_server.supervision.watch import BoardWatch
from cti_server.webhooks.routes import add_webhooks
from hotline.air_raid.alarm import AirRaid, AirState
from hotline.appeals.escalation_loop import Escalations
from hotline.clock import SystemClock
from hotline.desk.caller_card import CallerCards
from hotline.line.line import Offer
from hotline.speech.live import LiveTalks
from hotline.tasks.reminding import TaskTerms
from service.chats.alarm import ChatAlarm
from service.chats.by_number import ChatsByNumber
from service.chats.by_phone import ChatsByPhone
from service.chats.conversations import Conversations
from service.chats.left_behind import ChatsLeftBehind
from service.chats.links import Links
from service.delivery.delivery import Delivery
from service.informing.announcements import Announcements
from service.intake.imports import Imports, stored_imports
from service.node.bus import Bus
from service.processes.among import ALONE, Among, Lasting, together
from service.processes.roles import Role
from service.settings.settings import Settings
from service.surveys.in_writing import AsksInWriting
from service.wiring.api import api_sources, feed
from service.wiring.beside import talks_beside
from service.wiring.board import HotlineBoard
from service.wiring.calling_out import alarm_calls
from service.wiring.cameras import camera_streams
from service.wiring.chats import (
    asks_in_writing,
    chat_alarm,
    chat_sources,
    chats_by_number,
    chats_by_phone,
    chats_in_line,
    conversations,
    links,
    news_of_chats,
    reports_of_chats,
    survey_words,
    surveys_of_chats,
)
from service.wiring.delivery import answer_links, quiet_hours, wording
from service.wiring.desks import city_now_sources, desk_sources, supervision_sources
from service.wiring.equipment import equipment_watch
from service.wiring.lasting import Work
from service.wiring.messengers import Messengers, messengers
from service.wiring.neighbours import neighbour_lines, neighbour_sources
from service.wiring.new_city import NewCity, new_city
from service.wiring.open311 import open311_sources
from service.wiring.pages import all_pages
from service.wiring.public_outages import public_outages
from service.wiring.rounds import disk_of
from service.wiring.sounds import kept_sounds, storing
from service.wiring.speech import talk_ears
from service.wiring.telephony import exchange
from service.wiring.voices import Voices, keep_fallback, voices
from service.wiring.webhooks import webhook_sources
from storage.store import Storage
from telephony.node.connection import Connection

IMPORT_BEGUN, LEAVING_NOTED, LOOKED_AT = "import-begun", "leaving-noted", "equipment-looked-at"
CHAT_CHANGED = "chat-changed"
"""What processes tell one another by number."""
AT_ONE_TABLE = frozenset({Role.TELEPHONY, Role.WEB})


@define(eq=False, repr=False, kw_only=True)
class Parts:
    """The service before it takes a call."""

    app: web.Application
    cards: CallerCards
    lasting: Callable[[], Lasting]
    """Begins it; not before all ports are ours."""
    end: Callable[[], None]
    """Told before what lasts is cancelled."""


async def parts(  # noqa: PLR0915 - one a part
    settings: Settings,
    storage: Storage,
    among: Among = ALONE,
    *,
    begin_anew: Callable[[], None] = lambda: None,
) -> Parts:
    """Wire them on this storage; `among` other processes only what its roles are lasts, else everything.

    `begin_anew` ends the service, to be started with settings that a page has kept.
    """
    speaking = voices(settings, storage)
    screens = among.screens(settings.line.screen_wait_ms / 1000)
    air = AirRaid()

    def air_now() -> AirState:
        return air.now(SystemClock().now())

    pages = Pages(settings.timezone, _brand(settings), air_now, settings.sign_language.interpreters)
    dials_after = timedelta(seconds=settings.line.progressive_seconds)
    live = LiveTalks()
    stream = feed(storage)
    bus = among.bus(stream.tell)
    desks_storage, storage = storage, _told_on(bus, storage)
    # What is heard in a talk is in memory alone: for the desks of the process that has the telephone.
    beside = talks_beside(settings, storage, live, bus) if among.roles >= AT_ONE_TABLE else None
    if beside is not None:
        bus.add(beside.tell)
    ears = talk_ears(settings.speech)
    alarm = alarm_calls(settings, storage, speaking.voice, SystemClock())
    chats, by_number, by_phone, by_link = await _chats(settings, storage, among)
    neighbours = await neighbour_lines(storage)
    here = exchange(
        settings,
        storage,
        speaking,
        bus,
        screens,
        alarm=alarm,
        ears=ears,
        neighbours=neighbours,
        chats=by_phone,
        links=by_link,
        alone=among.alone,
        elsewhere=among.phones_elsewhere,
        nodes=among.nodes,
    )
    storage.line.beside(among.nodes)
    connection = among.exchange(here, partial(_waits_on, storage))
    sources = desk_sources(
        desks_storage,
        screens,
        settings.timezone,
        dials_after=dials_after,
        live=live,
        listening=connection,
        chats_waiting=(await chats_in_line(storage, chats)).all,
        chat_of=by_number.of,
        links=by_link,
    )
    desks = LiveDesks(sources, pages, storage.audit)
    bus.add(desks.tell)
    desk = Desk(
        sources=sources,
        events=bus,
        ring=connection.ring,
        can_ring=connection.can_ring,
        recording=connection,
        more_time=timedelta(seconds=settings.line.more_time_seconds),
    )
    carriers = messengers(settings, storage, chats)
    for_chats = chat_alarm(storage, chats, alarm, SystemClock(), alone=among.alone)
    escalations = _escalations(settings, storage, chats, for_chats, among)
    imports = Imports(
        stored_imports(storage, settings.folders.imports, SystemClock()), among.tells(IMPORT_BEGUN)
    )
    public = public_outages(settings, storage, air_now)
    bus.add(public.published.tell)
    city_now = city_now_sources(storage, settings.timezone, air=air)
    city_watch = CityWatch(city_now)
    bus.add(city_watch.tell)
    supervision = supervision_sources(storage, settings.timezone, connection, screens)
    board_watch = BoardWatch(
        supervision, follows=Role.TELEPHONY in among.roles, noted=among.tells(LEAVING_NOTED)
    )
    bus.add(board_watch.tell)
    streams = camera_streams(settings, storage)
    disk = disk_of(settings)
    sounds = kept_sounds(settings, storage)
    putting = storing(settings, storage, sounds, disk.room)
    keeps_pace = among.works("escalation", Role.SCHEDULER, escalations.keeps_pace)
    board = HotlineBoard(
        storage,
        connection,
        keeps_pace,
        disk,
        sounds,
        putting,
        among.held,
        partial(_nodes, settings, here, among),
    )
    equipment = equipment_watch(settings, storage, connection, board, others=among.tells(LOOKED_AT))
    for kind, told in (
        (IMPORT_BEGUN, imports.look),
        (LEAVING_NOTED, board_watch.noted_elsewhere),
        (LOOKED_AT, equipment.look_as_told),
    ):
        among.hears(kind, told)
    app = await all_pages(
        settings,
        storage,
        connection,
        pages=pages,
        desk=desk,
        board=board,
        equipment=equipment,
        imports=imports,
        public=public,
        speaking=speaking,
        sounds=sounds,
        city=(city_now, city_watch),
        supervision=(supervision, board_watch),
        streams=streams,
        among=among,
        begun_in_chat=by_phone.begun_report,
        chats=chat_sources(
            storage,
            chats,
            kept=settings.keeping.retention.chats,
        ),
    )
    _add_interfaces(app, settings, storage, api_sources(settings, storage, bus, stream, connection.can_ring))
    carriers.add_doors(app)
    city = await _with_new_city(
        app, settings, storage, speaking=speaking, imports=imports, begin_anew=begin_anew
    )
    chats.register(reports_of_chats(storage, app[REPORTING], SystemClock()))
    work = Work(
        settings=settings,
        storage=storage,
        among=among,
        here=here,
        exchange=connection,
        speaking=speaking,
        alerts=app[OPERATION].watch,
        announcements=_announcements(settings, storage, speaking),
        ears=ears,
        neighbours=neighbours,
        beside=beside,
        desks=desks,
        stream=stream,
        city_watch=city_watch,
        board_watch=board_watch,
        streams=streams,
        air=air,
        equipment=equipment,
        escalations=escalations,
        chat_alarm=for_chats,
        asks_in_writing=_asks_in_writing(settings, storage, chats, carriers),
        news_of_chats=Delivery(
            [news_of_chats(storage, chats, SystemClock(), wording(settings), carriers.media)],
            alone=not storage.database.shared,
        ),
        imports=imports,
        carriers=carriers,
        disk=disk,
        events=bus,
        sounds=sounds,
        putting=putting,
    )
    return Parts(
        app=app,
        cards=CallerCards(storage.citizens, storage.appeals),
        lasting=lambda: together(work.lasting(), city.lasting()),
        end=here.end,
    )


async def _chats(
    settings: Settings, storage: Storage, among: Among
) -> tuple[Conversations, ChatsByNumber, ChatsByPhone, Links | None]:
    """Wire the chats, those of each number, how callers go on with them, and how calls go on in them."""
    made = conversations(settings, storage, among.tells(CHAT_CHANGED))
    among.follows(CHAT_CHANGED, made.changed_elsewhere)
    known = await chats_by_number(storage, made)
    by_phone = chats_by_phone(storage, made, known, within=settings.chats.by_phone_within)
    return made, known, by_phone, links(settings, storage)


def _asks_in_writing(
    settings: Settings, storage: Storage, chats: Conversations, carriers: Messengers
) -> AsksInWriting:
    """Let chats be asked whether what was reported there is done, and wire what asks."""
    words = survey_words(storage, SystemClock(), settings.city)
    chats.survey(surveys_of_chats(storage, words, answer_links(settings).key))
    return asks_in_writing(
        storage,
        chats,
        SystemClock(),
        settings.city,
        media=carriers.media,
        most_paid=settings.chats.surveys_a_day,
        quiet=quiet_hours(settings),
    )


def _add_interfaces(app: web.Application, settings: Settings, storage: Storage, api: ApiSources) -> None:
    """Add what is for programs."""
    add_api(app, api)
    add_open311(app, open311_sources(settings, storage))
    add_neighbours(app, neighbour_sources(settings, storage))
    add_tokens(app)
    add_webhooks(app, webhook_sources(settings, storage))


async def _with_new_city(
    app: web.Application,
    settings: Settings,
    storage: Storage,
    *,
    speaking: Voices,
    imports: Imports,
    begin_anew: Callable[[], None],
) -> NewCity:
    """Add the set-up of a new city; where there is none to do, its pages are not found."""
    made = await new_city(settings, storage, speaking=speaking, imports=imports, begin_anew=begin_anew)
    add_new_city(app, made.sources, open_now=made.open_now)
    return made


async def _waits_on(storage: Storage, offer: Offer) -> None:
    """Let the caller wait on: who took them on a page cannot be rung, as the exchange is away."""
    now = SystemClock().now()
    await storage.line.missed(
        offer.call_id, offer.dispatcher.id, now, pause_after=None, attempt=offer.attempt
    )


def _nodes(settings: Settings, here: Connection, among: Among) -> dict[str, bool]:
    """Tell of each Asterisk node that is set, or was heard of, whether it serves its callers."""
    own = {settings.edge.node: here.up} if settings.edge.node and Role.TELEPHONY in among.roles else {}
    return {**dict.fromkeys(settings.edge.nodes, False), **among.nodes_served(), **own}


def _brand(settings: Settings) -> Brand:
    crest = read_crest(Path(settings.crest)) if settings.crest else None
    return Brand(city=settings.city_name, crest=crest)


def _escalations(
    settings: Settings, storage: Storage, chats: Conversations, alarm: ChatAlarm, among: Among
) -> Escalations:
    """Wire them; for chats contacts are rung by the process that has the telephone."""
    clock = SystemClock()
    tasks = TaskTerms(
        storage.tasks, storage.users, storage.executors, storage.outbox, clock, settings.timezone
    )
    left_behind = ChatsLeftBehind(
        chats=storage.chats,
        users=storage.users,
        dispatchers=storage.dispatchers,
        give_back=chats.give_back,
        clock=clock,
    )
    return Escalations(
        storage.watch,
        storage.handling,
        clock,
        settings.city,
        others=[tasks.look, chats.end_silent, left_behind.look],
        other_emergencies=[alarm.look] if Role.TELEPHONY in among.roles else [],
    )


def _told_on(bus: Bus, storage: Storage) -> Storage:
    """Have what is done to appeals and outages told to the desks at once."""
    storage = replace(storage, handling=storage.handling.told_on(bus), outages=storage.outages.told_on(bus))
    return replace(storage, outage_alerts=storage.outage_alerts.entering_in(storage.outages))


def _announcements(settings: Settings, storage: Storage, speaking: Voices) -> Announcements:
    return Announcements(
        synthesis=speaking.synthesis,
        voice=speaking.voice,
        outages=storage.outages,
        messages=storage.city_messages,
        articles=storage.articles,
        orders=storage.standing_orders,
        power=storage.power,
        fallback=partial(keep_fallback, storage, speaking.fallback, SystemClock()),
        clock=SystemClock(),
        timezone=settings.timezone,
    )
