"""Wires chats: the flows' ports as a chat needs them, the conversations, and their pages."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial

from cti_server.chats.sources import ChatSources
from hotline.access.permissions import Permission
from hotline.access.phone_codes import CodeRefused
from hotline.access.users import User
from hotline.appeals.word_codes import WordCodes
from hotline.chats.chats import Medium
from hotline.city.city_rules import CityRules
from hotline.clock import Clock, SystemClock
from hotline.contact.channel import Channel
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.delivery.handing_over import QuietHours
from hotline.delivery.wording import Wording
from hotline.errors import SettingsError
from hotline.informing.city_messages import CityMessage, MessageBy
from hotline.line.presence_states import Presence
from hotline.outages.watchers import WatcherWays
from hotline.portal.reporting import Reporting
from hotline.speech.vocabulary import Vocabularies, vocabularies
from hotline.voice.speech import Language, Phrase
from hotline.voice.voice_recordings import SoundFault, SoundRefused
from ivr_flows.ports import FlowPorts, MakesPhrases
from service.chats.alarm import ChatAlarm, RingsForChats
from service.chats.by_number import ChatsByNumber
from service.chats.by_phone import ChatsByPhone
from service.chats.conversations import Conversations
from service.chats.going_on import GoingOn
from service.chats.held_flows import HeldFlows
from service.chats.in_line import ChatsInLine
from service.chats.links import Links
from service.chats.news import CarriesNews
from service.chats.photos import PhotosOfChats
from service.chats.reports import ReportsOfChats
from service.chats.surveys import SurveysOfChats
from service.chats.told_ahead import StopsTelling
from service.chats.turns import ChatTurns
from service.delivery.courier import Books, Courier, CourierLimits
from service.settings.settings import Settings
from service.surveys.in_writing import AsksInWriting, SurveyWords
from service.surveys.what_follows import SurveyEndings
from service.wiring.calling_out import calling_rules
from service.wiring.delivery import answer_links, applicants_address
from service.wiring.flows import ANY_WAY, flow_ports
from storage.store import Storage

NEWS_PER_MINUTE = 600
"""Notices into chats: each is written into the database, and messengers take some thirty a second."""


class _NobodyRung:
    """`hotline.line.emergency_alarm.Alarm`: a chat is before dispatchers, and rings nobody."""

    async def sound(self, call_id: str, number: str | None) -> bool:
        del call_id, number
        return False

    def rings(self) -> bool:
        return False

    def holds_no_longer(self, call_id: str, *, served: bool) -> None:
        del call_id, served


class _NoCodes:
    """`hotline.access.phone_codes.PhoneCodes`: heads switch the city's message by telephone alone."""

    async def asked_of(self, number: str) -> bool:
        del number
        return False

    async def whose(self, code: str, *, number: str | None, call_id: str) -> User | CodeRefused:
        del code, number, call_id
        return CodeRefused.WRONG


def conversations(
    settings: Settings, storage: Storage, others: Callable[[int], None] = lambda _chat_id: None
) -> Conversations:
    """Make them; `others` tells other processes which chat has changed."""
    ways = WatcherWays(sms=settings.delivery.sms_settings.prefixes, rules=calling_rules(settings))
    city = chat_ports(
        storage,
        SystemClock(),
        settings.city,
        code_key=answer_links(settings).key,
        words=vocabularies(settings.speech.words),
        watcher_ways=ways,
    )
    return conversations_on(storage, SystemClock(), city, others)


def conversations_on(
    storage: Storage,
    clock: Clock,
    city: FlowPorts,
    others: Callable[[int], None] = lambda _chat_id: None,
) -> Conversations:
    """Make them on this storage; `city` are the ports of the flows."""
    turns = ChatTurns(chats=storage.chats, clock=clock, others=others)
    flows = HeldFlows(turns=turns, city=city, on_duty=partial(_on_duty, storage))
    return Conversations(
        turns=turns,
        flows=flows,
        going_on=GoingOn(turns=turns, flows=flows, free=partial(_free, storage)),
        understanding=city.understanding,
        only_in_writing=storage.surveys_in_writing.only_in_writing,
        telling=StopsTelling(storage.outage_subscriptions.stop),
    )


def reports_of_chats(storage: Storage, reporting: Reporting, clock: Clock) -> ReportsOfChats:
    """Let chats register by the act of all residents, with photos of theirs."""
    photos = PhotosOfChats(
        photos=storage.chat_photos, reporting=reporting, handling=storage.handling, clock=clock
    )
    return ReportsOfChats(reporting=reporting, proposals=storage.proposals, photos=photos)


def survey_words(storage: Storage, clock: Clock, rules: CityRules) -> SurveyWords:
    """Wire what carries out the words of applicants who are asked in chats."""
    return SurveyWords(
        kept=storage.surveys_in_writing,
        surveys=storage.surveys,
        appeals=storage.appeals,
        endings=survey_endings(storage, rules),
        clock=clock,
    )


def survey_endings(storage: Storage, rules: CityRules) -> SurveyEndings:
    return SurveyEndings(
        surveys=storage.surveys, appeals=storage.appeals, handling=storage.handling, city=rules
    )


def surveys_of_chats(storage: Storage, words: SurveyWords, code_key: bytes) -> SurveysOfChats:
    """Let chats be asked whether what was reported in them is done."""
    return SurveysOfChats(
        kept=storage.surveys_in_writing,
        surveys=storage.surveys,
        forms=storage.survey_forms,
        words=words,
        codes=WordCodes(code_key),
        history=partial(storage.handling.history, hidden=True),
    )


def asks_in_writing(
    storage: Storage,
    made: Conversations,
    clock: Clock,
    rules: CityRules,
    *,
    media: Collection[Medium],
    most_paid: int,
    quiet: QuietHours | None = None,
) -> AsksInWriting:
    """Wire the round that asks in chats, and hands to a call who does not answer there."""
    return AsksInWriting(
        kept=storage.surveys_in_writing,
        surveys=storage.surveys,
        chats=storage.chats,
        endings=survey_endings(storage, rules),
        words=survey_words(storage, clock, rules),
        asks=made.asking.ask,
        clock=clock,
        media=media,
        within=rules.survey_written_for,
        most_paid=most_paid,
        quiet=quiet,
    )


def news_of_chats(
    storage: Storage, made: Conversations, clock: Clock, words: Wording, media: Collection[Medium]
) -> Courier:
    """Wire what carries notices into the chats of messengers; `media` are those that have a road."""
    books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=clock)
    carrier = CarriesNews(news=made.news, media=media)
    return Courier(
        Channel.CHAT, carrier, books, words.message, limits=CourierLimits(per_minute=NEWS_PER_MINUTE)
    )


async def chats_by_number(storage: Storage, made: Conversations, clock: Clock | None = None) -> ChatsByNumber:
    """Know the chats of the last day by their numbers, and all that change from now on."""
    known = ChatsByNumber(chats=storage.chats, clock=clock or SystemClock())
    await known.load()
    made.tell(known.tell)
    return known


async def chats_in_line(storage: Storage, made: Conversations) -> ChatsInLine:
    """Know the chats that wait for a dispatcher, from now on."""
    known = ChatsInLine(storage.chats)
    await known.load()
    made.tell(known.tell)
    return known


def chats_by_phone(
    storage: Storage,
    made: Conversations,
    known: ChatsByNumber,
    clock: Clock | None = None,
    *,
    within: timedelta,
) -> ChatsByPhone:
    """Let callers go on with chats in which something was written `within` that time."""
    return ChatsByPhone(
        going_on=made.going_on,
        known=known,
        users=storage.users,
        dispatchers=storage.dispatchers,
        clock=clock or SystemClock(),
        within=within,
    )


def chat_alarm(
    storage: Storage, made: Conversations, rings: RingsForChats, clock: Clock, *, alone: bool
) -> ChatAlarm:
    """Have contacts on duty rung for chats with an emergency that no dispatcher is there to take.

    `alone`: no other process changes chats.
    """
    alarm = ChatAlarm(
        chats=storage.chats, alarm=rings, on_duty=partial(_on_duty, storage), clock=clock, alone=alone
    )
    made.tell(alarm.tell)
    return alarm


async def _on_duty(storage: Storage) -> bool:
    return any(one.presence is not Presence.AWAY for one in await storage.dispatchers.all())


async def _free(storage: Storage, user_id: int, call_id: str) -> User | None:
    """Find the user where they are on duty, and in no call but this."""
    user = await storage.users.get(user_id)
    if user.dispatcher_id is None or not user.may(Permission.ANSWER_CHATS):
        return None
    one = await storage.dispatchers.get(user.dispatcher_id)
    others = [call for call in await storage.line.engaging(one.id) if call != call_id]
    return None if one.presence is Presence.AWAY or others else user


def links(settings: Settings, storage: Storage) -> Links | None:
    """Make the links by which calls go on in chats; None where the city sends none. Raises SettingsError."""
    most, address = settings.chats.links_a_day, applicants_address(settings)
    if not most:
        return None
    if not address:
        raise SettingsError("HOTLINE_CHAT_LINKS_A_DAY sends links: give HOTLINE_PUBLIC_URL.")
    bot = settings.telegram.name if settings.telegram.token else ""
    prefixes = settings.delivery.sms_settings.prefixes
    return links_of(storage, SystemClock(), address=address, most=most, bot=bot, prefixes=prefixes)


def links_of(
    storage: Storage,
    clock: Clock,
    *,
    address: str,
    most: int,
    bot: str = "",
    prefixes: Sequence[str] = UKRAINIAN_MOBILES,
) -> Links:
    """Make those of this storage; `most` a day lead to pages of this `address`."""
    return Links(
        chats=storage.chats,
        begins=storage.chats,
        clock=clock,
        prefixes=prefixes,
        address=address,
        bot=bot,
        most=most,
    )


def chat_sources(
    storage: Storage,
    made: Conversations,
    clock: Clock | None = None,
    *,
    kept: timedelta,
) -> ChatSources:
    sources = ChatSources(
        chats=storage.chats,
        conversations=made,
        clock=clock or SystemClock(),
        kept=kept,
    )
    made.tell(sources.tell)
    return sources


def chat_ports(
    storage: Storage,
    clock: Clock,
    rules: CityRules,
    *,
    code_key: bytes,
    words: Vocabularies | None = None,
    watcher_ways: WatcherWays = ANY_WAY,
) -> FlowPorts:
    """Wire the flows for chats: nobody is rung, nothing is dictated, and no voice is recorded."""

    async def recorded(phrase: Phrase, language: Language) -> bool:
        del phrase, language
        return False

    async def dictated(name: str, by: MessageBy) -> CityMessage:
        del name, by
        raise SoundRefused(SoundFault.SILENT)

    def read_ahead(phrases: MakesPhrases, language: Language) -> None:
        del phrases, language

    return flow_ports(
        storage,
        rules=rules,
        clock=clock,
        alarm=_NobodyRung(),
        keeping=None,
        codes=_NoCodes(),
        dictated=dictated,
        recorded=recorded,
        read_ahead=read_ahead,
        announce_seconds=0.0,
        skill_wait=timedelta(0),
        code_key=code_key,
        words=words,
        watcher_ways=watcher_ways,
    )
