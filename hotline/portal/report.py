"""Reports of residents without a dispatcher: a resident report has fields, faults and limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from hotline.appeals.attachments import StoredFile
from hotline.chats.chats import WrittenFrom
from hotline.city.classifier import classifier
from hotline.city.questions import Detail
from hotline.contact.channel import Channel
from hotline.errors import HotlineError
from hotline.voice.speech import Language

LONGEST_TEXT = 4000
LONGEST_ADDRESS = 300
LONGEST_NAME = 120
SHORTEST_KEY = 16
LONGEST_KEY = 100
MOST_PHOTOS = 5
MOST_ADDED = 10
"""Times that the applicant may add words or photos to one appeal."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Source(StrEnum):
    """The way by which it came."""

    WEB = "web"
    API = "api"
    OPEN311 = "open311"
    CHAT = "chat"
    TELEGRAM = "telegram"
    GATEWAY = "gateway"
    """A messenger behind a gateway, such as Viber or WhatsApp."""
    SMS = "sms"


MOST_OF_ONE: Mapping[Source, int] = {Source.API: 1200, Source.OPEN311: 1200}
"""Reports an hour from one sender that has a key of ours, by which it is known."""
MOST_OF_STRANGER = 20
"""The same of any other: a telephone, a school behind one address."""
MOST_OF_NETWORK = 300
"""Reports an hour from one neighbourhood of the network: a mobile operator's gateway has whole towns."""
MOST_OF_CONTACT = 10
"""Reports a day that name one telephone or mailbox."""
MOST_IN_ALL = 3000
"""Reports an hour by strangers, all together: a blackout brings hundreds, more is an attack."""


class TooManyReports(HotlineError):  # noqa: N818 - reads as what happened
    """A sender, contact or network, or all strangers together, have reported too much: they may call."""

    code = "too-many-reports"


class ReportFault(HotlineError):  # noqa: N818 - reads as what it is
    """Something that the report says is missing or impossible; `field` names it, the message says why."""

    code = "report-fault"

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


class Point(NamedTuple):
    """A place by WGS 84, in degrees."""

    latitude: float
    longitude: float

    @property
    def text(self) -> str:
        return f"{self.latitude:.5f}, {self.longitude:.5f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How the resident can be told: E.164 for a short message, or an e-mail address.

    `confirmed` says that it is surely theirs: by a code, or because the message itself came from there.
    Nothing is ever sent to one that is not, but for the code that confirms it.
    """

    channel: Channel
    address: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that the store has taken in and redrawn already. `name` is what its owner calls it."""

    name: str
    file: StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentReport:
    """One report. `key` is the sender's own name for it: sent twice under one key and source it is one.

    `sender` is by what the sender is counted: the network address of a page's reader, `telegram:17`,
    `token:3`.
    """

    key: str
    source: Source
    sender: str
    category: str
    address: str = ""
    """Where it is, as typed; empty only with a `point`."""
    point: Point | None = None
    text: str = ""
    """Empty: the category says it all."""
    contact: Contact | None = None
    name: str = ""
    """Of somebody who does not want to stay anonymous; goes with `consent`."""
    consent: bool = False
    """They agree to the use of their name by the city."""
    publish: bool = False
    """They agree that the text may be published, once somebody has read it."""
    photos: Sequence[Photo] = ()
    language: Language = Language.UKRAINIAN
    details: tuple[Detail, ...] = ()
    written_from: WrittenFrom | None = None
    """The chat in which it was written, where the applicant can be asked."""
    joins: str = ""
    """The number of an open appeal about the same, as `Reporting.known` found it: it goes along with it."""

    def check(self) -> None:
        """Raise ReportFault for the first field that cannot be taken."""
        if not SHORTEST_KEY <= len(self.key) <= LONGEST_KEY:
            raise ReportFault("key", "Give the report a key of its own, of 16 to 100 characters.")
        if self.category not in classifier().categories or self.category == classifier().information_request:
            raise ReportFault("category", "Choose what it is about.")
        if not self.address.strip() and self.point is None:
            raise ReportFault("address", "Write where it is.")
        lengths = {"address": LONGEST_ADDRESS, "text": LONGEST_TEXT, "name": LONGEST_NAME}
        for field, longest in lengths.items():
            if len(getattr(self, field)) > longest:
                raise ReportFault(field, "Write no more than %(most)s characters.", most=longest)
        if self.name.strip() and not self.consent:
            raise ReportFault("consent", "Agree that the city may use your name, or leave the name out.")
        if len(self.photos) > MOST_PHOTOS:
            raise ReportFault("photos", "Send no more than %(most)s photos.", most=MOST_PHOTOS)

    @property
    def known_sender(self) -> bool:
        return self.source in MOST_OF_ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """The part of a report that is kept beside its appeal; `appeal` is None until it is registered."""

    id: int
    source: Source
    at: datetime
    appeal: str | None
    channel: Channel | None
    contact: str
    publish: bool
    latitude: float | None
    longitude: float | None
    confirmed_at: datetime | None


class ResidentReports(Protocol):
    """Reports as they came in."""

    async def admit(self, report: ResidentReport, at: datetime) -> KeptReport:
        """Keep a report that is to be registered; one that came before is given as it is kept.

        Raises TooManyReports, and nothing is kept then.
        """
        ...

    async def require_room(self, source: Source, sender: str, at: datetime) -> None:
        """Raise TooManyReports if nothing would be taken from this sender now."""
        ...

    async def registered(self, report_id: int, number: str) -> None:
        """Note the appeal that it became."""
        ...

    async def latest_of(self, sender: str, since: datetime) -> str | None:
        """Find the appeal of what this sender reported last, since that moment."""
        ...

    async def of_appeal(self, number: str) -> KeptReport | None:
        """Find the report that an appeal was made of."""
        ...
