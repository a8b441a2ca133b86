"""What the flows may ask the city: its registers, its line, its clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo

from hotline.alarm import Alarm
from hotline.appeals import Appeals
from hotline.applicants import Guesses
from hotline.city_messages import CityMessage, CityMessages, MessageBy
from hotline.city_rules import CityRules
from hotline.clock import Clock
from hotline.executors import Executors
from hotline.handling import Handling
from hotline.known_places import KnownPlaces
from hotline.line import Line
from hotline.outage_reports import OutageReports
from hotline.outage_watch import OutageWatch
from hotline.outages import Outages
from hotline.phone_codes import PhoneCodes
from hotline.queue_callback import KeepingRules, KeptPlaces
from hotline.speech import Language, Phrase
from hotline.standing_orders import StandingOrders


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The city as a conversation needs it."""

    outages: Outages
    known_places: KnownPlaces
    outage_watch: OutageWatch
    outage_reports: OutageReports
    appeals: Appeals
    handling: Handling
    executors: Executors
    line: Line
    alarm: Alarm
    clock: Clock
    timezone: tzinfo
    rules: CityRules
    guesses: Guesses
    kept_places: KeptPlaces
    keeping: KeepingRules | None
    """None: nobody is called back, as there is no way out."""
    messages: CityMessages
    orders: StandingOrders
    codes: PhoneCodes
    dictated: Callable[[str, MessageBy], Awaitable[CityMessage]]
    """Makes a prepared message of what was dictated under this id. Raises SoundRefused."""
    recorded: Callable[[Phrase, Language], Awaitable[bool]]
    """Whether a person has recorded what this phrase says now."""
    announce_seconds: float
    """How often a waiting caller is told where they stand."""
