"""Ports of the flows: the city's registers, the line, the clock."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from hotline.access.phone_codes import PhoneCodes
from hotline.appeals.acts.act import Act
from hotline.appeals.appeal import Appeal, Appeals
from hotline.appeals.handling import Entry
from hotline.appeals.word_codes import CodeCheck
from hotline.calls.conversation import Next
from hotline.city.addresses import Streets
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Category
from hotline.city.known_places import KnownPlaces
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.contact.codes import new_code
from hotline.enterprises.executors import Executors
from hotline.informing.city_messages import CityMessage, CityMessages, MessageBy
from hotline.informing.standing_orders import StandingOrders
from hotline.knowledge.articles import Articles
from hotline.line.emergency_alarm import Alarm
from hotline.line.kept_places import KeepingRules, KeptPlaces
from hotline.line.line import Line
from hotline.neighbours.line import NeighbourLine
from hotline.outages.outage import Outages
from hotline.outages.reports import OutageReports
from hotline.outages.subscriptions import Subscription, SubscriptionRequest
from hotline.outages.watchers import OutageWatch, WatcherWays
from hotline.portal.reporting import Accepted, Known
from hotline.power.accounts import AccountQueues
from hotline.power.schedule import PowerSchedules
from hotline.speech.understanding import Understanding
from hotline.supervision.slower_places import SlowerPlaces
from hotline.surveys.forms import Form
from hotline.voice.speech import Language, Phrase
from ivr_flows.completion_survey import AnswerSink
from ivr_flows.survey_phrases import About

MakesPhrases = Callable[[], Awaitable[Sequence[Phrase]]]


class ActsOnAppeals(Protocol):
    """Acts on appeals, as flows use them (of `hotline.appeals.handling.Handling`)."""

    async def carry_out(self, number: str, act: Act, *, version: int | None) -> Appeal: ...
    async def history(self, number: str, *, hidden: bool) -> Sequence[Entry]: ...


class CountsGuesses(Protocol):
    """The count of guesses at others' appeals, as flows use it (of `hotline.appeals.applicants.Guesses`)."""

    def take(self, number: str | None, at: datetime) -> bool: ...


class TakesReports(Protocol):
    """Registers what residents write themselves, as their own pages do."""

    async def proposed(self, text: str) -> Sequence[Category]:
        """Give the likeliest categories of these words."""
        ...

    async def known(self, category: str, address: str) -> Known: ...

    async def report(self, *, text: str, category: str, address: str, joins: str) -> Accepted:
        """Register it, once for the same words of a chat. Raises ReportFault, TooManyReports."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSurvey:
    """The completion survey that a chat is asked: by which form, about what, and who keeps the answers.

    `code` has to be sent back first; empty: the medium proves who writes.
    """

    appeal: str
    form: Form
    about: About
    sink: AnswerSink
    settle: Callable[[], Awaitable[None]]
    """Carries out what they have said, once."""
    code: str = ""
    called: bool = False
    """Whether somebody calls them if they do not answer."""


class AsksSurveys(Protocol):
    """The surveys that a chat is asked."""

    async def of(self, survey_id: str) -> AskedSurvey | None:
        """Find it; None where there is none to be asked any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadWay:
    """How somebody who writes is told before the power changes; Channel.PAGE: they ask for it there.

    `proven`: the medium proves that the contact is theirs, and no code does.
    """

    channel: Channel
    contact: str = ""
    proven: bool = False


class AsksAhead(Protocol):
    """The subscriptions, as flows use them (of `hotline.outages.subscriptions.OutageSubscriptions`)."""

    async def of_contact(self, channel: Channel, contact: str) -> Sequence[Subscription]: ...
    async def ask(self, wish: SubscriptionRequest, code: str, about: str, at: datetime) -> Subscription: ...
    async def find(self, subscription_id: int) -> Subscription | None: ...
    async def try_code(self, subscription_id: int, typed: str, at: datetime) -> bool: ...
    async def keep(self, wish: SubscriptionRequest, at: datetime) -> None: ...
    async def end(self, subscription_ids: Sequence[int], at: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A conversation that was begun in writing, as a call takes it up: the station to which it leads.

    `about` is the appeal that it was about; `dispatcher_id` the dispatcher who has it, and is free now.
    """

    chat_id: int
    going: Next
    about: str = ""
    dispatcher_id: int | None = None


class SendsLinks(Protocol):
    """Sends callers the link by which their conversation goes on in a chat."""

    def goes_to(self, number: str | None) -> bool:
        """Tell whether a short message goes to this telephone."""
        ...

    async def send(
        self, call_id: str, number: str, *, going: Next, language: Language, about: str = ""
    ) -> bool:
        """Send one, once a call; False where today's limit is reached. `about` is an appeal's number."""
        ...


class ChatsOfCallers(Protocol):
    """The chats of numbers that call."""

    async def unfinished(self, number: str) -> bool:
        """Tell whether a chat of this number is under way; for numbers without one nothing is read."""
        ...

    async def take_along(self, number: str, call_id: str) -> Carried | None:
        """Have it go on in this call; None where it is over by now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPorts:
    """Ports that a conversation uses."""

    streets: Streets
    outages: Outages
    known_places: KnownPlaces
    outage_watch: OutageWatch
    watcher_ways: WatcherWays
    outage_reports: OutageReports
    appeals: Appeals
    handling: ActsOnAppeals
    executors: Executors
    line: Line
    alarm: Alarm
    clock: Clock
    timezone: tzinfo
    rules: CityRules
    guesses: CountsGuesses
    word_codes: CodeCheck
    ask_back: Callable[[str, datetime], Awaitable[None]]
    """Owes the applicant of the appeal with this number a call at once, in which they give their word."""
    kept_places: KeptPlaces
    keeping: KeepingRules | None
    """None: nobody is called back, as there is no way out."""
    messages: CityMessages
    articles: Articles
    orders: StandingOrders
    power: PowerSchedules
    subscriptions: AsksAhead
    accounts: AccountQueues
    chats: ChatsOfCallers | None = None
    """None: no caller goes on with a chat."""
    links: SendsLinks | None = None
    """None: no conversation goes on in writing."""
    reports: TakesReports | None = None
    """None: nothing is registered without a dispatcher."""
    surveys: AsksSurveys | None = None
    """None: nobody is asked in writing whether it was done."""
    ahead: AheadWay | None = None
    """In a chat: how its person is told before the power changes; None: by the number, as callers are."""
    new_code: Callable[[], str] = new_code
    """Makes up the code that confirms a subscription."""
    codes: PhoneCodes
    dictated: Callable[[str, MessageBy], Awaitable[CityMessage]]
    """Makes a prepared message of the dictation with this id. Raises SoundRefused."""
    read_ahead: Callable[[MakesPhrases, Language], None]
    """Has phrases read aloud that this call may soon ask for; returns at once."""
    heard_menu: Callable[[str, datetime], Awaitable[bool]]
    """Tells whether callers of this number have heard the menu since that moment (`CallLog.heard_menu`)."""
    understanding: Understanding
    recorded: Callable[[Phrase, Language], Awaitable[bool]]
    """Whether a person has recorded what this phrase says now."""
    slower_places: SlowerPlaces
    neighbour: NeighbourLine | None = None
    """The city whose number was dialled, where we answer it by agreement; None: ours was."""
    announce_seconds: float
    """Seconds between two announcements of a waiting caller's position."""
    skill_wait: timedelta
    """How long a caller waits for a dispatcher with the skill that they asked for, before anybody will do."""
