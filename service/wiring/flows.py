"""The ports of the flows on one storage: of the running service, of a talk in a terminal, of tests."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from hotline.access.phone_codes import PhoneCodes
from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.appeals.word_codes import WordCodes
from hotline.city.category_search import CategorySearch
from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.informing.city_messages import CityMessage, MessageBy
from hotline.line.emergency_alarm import Alarm
from hotline.line.kept_places import KeepingRules
from hotline.outages.disputes import OutageDisputes
from hotline.outages.watchers import WatcherWays
from hotline.power.accounts import AccountQueues
from hotline.speech.understanding import Understanding
from hotline.speech.vocabulary import Vocabularies, built_in
from hotline.voice.speech import Language, Phrase
from ivr_flows.ports import ChatsOfCallers, FlowPorts, MakesPhrases, SendsLinks
from storage.store import Storage

ANY_WAY = WatcherWays()


def flow_ports(
    storage: Storage,
    *,
    rules: CityRules,
    clock: Clock,
    alarm: Alarm,
    keeping: KeepingRules | None,
    codes: PhoneCodes,
    dictated: Callable[[str, MessageBy], Awaitable[CityMessage]],
    recorded: Callable[[Phrase, Language], Awaitable[bool]],
    read_ahead: Callable[[MakesPhrases, Language], None],
    announce_seconds: float,
    skill_wait: timedelta,
    code_key: bytes,
    words: Vocabularies | None = None,
    watcher_ways: WatcherWays = ANY_WAY,
    chats: ChatsOfCallers | None = None,
    links: SendsLinks | None = None,
) -> FlowPorts:
    """Wire the conversations with the city's registers and its line; `words` are those of the product."""
    return FlowPorts(
        streets=storage.streets,
        outages=storage.outages,
        known_places=storage.known_places,
        outage_watch=storage.outage_watch,
        watcher_ways=watcher_ways,
        outage_reports=storage.outage_reports,
        appeals=storage.appeals,
        handling=storage.handling,
        executors=storage.executors,
        line=storage.line,
        alarm=alarm,
        kept_places=storage.kept_places,
        keeping=keeping,
        clock=clock,
        timezone=rules.timezone,
        rules=rules,
        guesses=Guesses(GuessingRules()),
        word_codes=WordCodes(code_key),
        ask_back=storage.surveys.ask_now,
        messages=storage.city_messages,
        articles=storage.articles,
        orders=storage.standing_orders,
        power=storage.power,
        subscriptions=storage.outage_subscriptions,
        accounts=AccountQueues(storage.power_accounts, code_key),
        codes=codes,
        dictated=dictated,
        heard_menu=storage.calls.heard_menu,
        read_ahead=read_ahead,
        understanding=understanding(storage, words),
        recorded=recorded,
        slower_places=storage.slower_places,
        announce_seconds=announce_seconds,
        skill_wait=skill_wait,
        chats=chats,
        links=links,
    )


def understanding(storage: Storage, words: Vocabularies | None = None) -> Understanding:
    """Wire the rules by which callers' words are understood."""
    return Understanding(
        lemmas=storage.lemmas,
        words=words or built_in(),
        categories=CategorySearch(storage.lemmas),
        streets=storage.streets,
    )


def outage_disputes(
    storage: Storage, zone: ZoneInfo, sms: Sequence[str] = UKRAINIAN_MOBILES
) -> OutageDisputes:
    """Wire what follows when a watcher says that it is not restored."""
    return OutageDisputes(
        registry=storage.registry,
        citizens=storage.citizens,
        places=storage.known_places,
        reports=storage.outage_reports,
        answers=storage.outage_answers,
        outbox=storage.outbox,
        zone=zone,
        sms=sms,
    )
