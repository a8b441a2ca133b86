"""Copies of a city, as it gives them to the one that answers its telephone: name, outages, rules, contacts.

One document, written there and read here; it is kept as text, for the hour in which the other is away.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

import msgspec

from hotline.city.addresses import Area
from hotline.city.classifier import Category, Classifier, Urgency, Utility
from hotline.enterprises.executors import Executor
from hotline.errors import HotlineError
from hotline.neighbours.agreement import LONGEST_NAME, Agreement, Shared
from hotline.outages.outage import Outage, OutageKind
from hotline.voice.city_name import CityName

LONGEST = 4 * 2**20
"""Octets; the streets of a large city are a tenth of it."""
MOST_STREETS = 20_000


class WrongCopy(HotlineError):  # noqa: N818 - reads as what it is
    """The other city's hotline answered with something that is no such document."""

    code: ClassVar[str] = "wrong-copy"


class NotRead(HotlineError):  # noqa: N818 - reads as what happened
    """The other city was not read; `over`: its hotline says that there is no agreement."""

    code: ClassVar[str] = "not-read"

    def __init__(self, reason: str, *, over: bool = False) -> None:
        super().__init__(reason)
        self.over = over


class CopiedTerms(msgspec.Struct, kw_only=True, frozen=True):
    """The agreement as the city whose telephone it is has written it down."""

    document: str
    since: datetime
    until: datetime
    hours_since: str
    hours_until: str
    shared: tuple[Shared, ...]


class CopiedArea(msgspec.Struct, kw_only=True, frozen=True):
    """A part of the city, as `Area` has it."""

    street: str
    first: int | None = None
    last: int | None = None
    side: str = "both"
    letter: str = ""


class CopiedOutage(msgspec.Struct, kw_only=True, frozen=True):
    """An outage that holds, or is coming within a day."""

    id: int
    version: int
    utility: Utility
    kind: OutageKind
    starts_at: datetime
    entered_at: datetime
    expected_end: datetime | None = None
    areas: tuple[CopiedArea, ...] = ()
    reason: str = ""


class CopiedMessage(msgspec.Struct, kw_only=True, frozen=True):
    """The message to the whole city that is on; `mark` names it with these words."""

    mark: str
    uk: str
    en: str


class CopiedStep(msgspec.Struct, kw_only=True, frozen=True):
    """A step of the guide through a conversation, in both languages."""

    uk: str
    en: str
    at_once: bool = False


class CopiedCategory(msgspec.Struct, kw_only=True, frozen=True):
    """A line of the classifier: its term in minutes, hours, days or months, and what is said and asked."""

    code: str
    uk: str
    en: str
    urgency: Urgency
    term: int
    unit: str
    steps: tuple[CopiedStep, ...] = ()
    asked: tuple[CopiedStep, ...] = ()
    """The questions that a dispatcher asks."""


class CopiedContact(msgspec.Struct, kw_only=True, frozen=True):
    """An enterprise, and the telephones of those on duty there now."""

    name: str
    short: str
    numbers: tuple[str, ...] = ()


class CopiedCity(msgspec.Struct, kw_only=True, frozen=True):
    """How the city is named: `whose` is the genitive with the kind of place."""

    name: str
    whose: str
    en: str


class CityCopy(msgspec.Struct, kw_only=True, frozen=True):
    """The city at the moment `made_at`, as far as the agreement shares it."""

    made_at: datetime
    city: CopiedCity
    terms: CopiedTerms
    message: CopiedMessage | None = None
    outages: tuple[CopiedOutage, ...] = ()
    categories: tuple[CopiedCategory, ...] = ()
    contacts: tuple[CopiedContact, ...] = ()
    streets: tuple[str, ...] = ()

    @property
    def city_name(self) -> CityName:
        """The name for what callers hear; nothing that a catalogue would put something into."""
        return CityName(name=self.city.name, whose=self.city.whose, en=self.city.en, own=True)

    def outages_now(self, at: datetime) -> Sequence[Outage]:
        """Give what holds at this moment, of the whole city first, then emergencies."""
        holding = [outage_of(one) for one in self.outages if one.starts_at <= at]
        return sorted(
            holding,
            key=lambda one: (not one.city_wide, one.kind is not OutageKind.EMERGENCY, one.starts_at),
        )

    def outages_ahead(self, at: datetime) -> Sequence[Outage]:
        return [outage_of(one) for one in self.outages if one.starts_at > at]

    def category(self, code: str) -> CopiedCategory | None:
        return next((one for one in self.categories if one.code == code), None)


def outage_of(one: CopiedOutage) -> Outage:
    """Make the outage, for the phrases that tell of outages."""
    return Outage(
        id=one.id,
        version=one.version,
        utility=one.utility,
        kind=one.kind,
        starts_at=one.starts_at,
        expected_end=one.expected_end,
        entered_at=one.entered_at,
        areas=tuple(msgspec.convert(area, Area, from_attributes=True) for area in one.areas),
        reason=one.reason,
    )


def copy_of(
    agreement: Agreement,
    name: CityName,
    *,
    at: datetime,
    local: datetime,
    outages: Sequence[Outage],
    classifier: Classifier,
    executors: Sequence[Executor],
    streets: Sequence[str],
    message: CopiedMessage | None,
) -> CityCopy:
    """Put together what the agreement shares; `local` is the moment in the city's time."""
    return CityCopy(
        made_at=at,
        city=CopiedCity(name=name.name, whose=name.whose, en=name.en),
        terms=terms_of(agreement),
        message=message,
        outages=tuple(_copied(one) for one in outages),
        categories=tuple(
            _category(one, classifier)
            for one in classifier.categories.values()
            if one.code != classifier.information_request
        ),
        contacts=_contacts(executors, local) if Shared.CONTACTS in agreement.shared else (),
        streets=tuple(streets[:MOST_STREETS]) if Shared.STREETS in agreement.shared else (),
    )


def terms_of(agreement: Agreement) -> CopiedTerms:
    return CopiedTerms(
        document=agreement.document,
        since=agreement.since,
        until=agreement.until,
        hours_since=agreement.hours_since,
        hours_until=agreement.hours_until,
        shared=tuple(agreement.shared),
    )


def written(copy: CityCopy) -> str:
    """Write it as it is kept and sent."""
    return msgspec.json.encode(copy).decode()


@lru_cache(maxsize=8)
def read_copy(text: str) -> CityCopy:
    """Read one; raises WrongCopy. Fields that are not known are left aside: the other may be newer."""
    try:
        copy = msgspec.json.decode(text, type=CityCopy)
        for one in copy.outages:
            outage_of(one)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise WrongCopy(str(error)[:200]) from error
    moments: list[datetime | None] = [copy.made_at, copy.terms.since, copy.terms.until]
    moments += [
        moment for one in copy.outages for moment in (one.starts_at, one.expected_end, one.entered_at)
    ]
    if any(one is not None and one.tzinfo is None for one in moments):
        raise WrongCopy("a moment without a zone")
    for name in (copy.city.name, copy.city.whose, copy.city.en):
        if not (name.strip() and min(name) >= " " and len(name) <= LONGEST_NAME):
            raise WrongCopy("a city without a name that can be said")
    return copy


def _copied(one: Outage) -> CopiedOutage:
    return CopiedOutage(
        id=one.id,
        version=one.version,
        utility=one.utility,
        kind=one.kind,
        starts_at=one.starts_at,
        expected_end=one.expected_end,
        entered_at=one.entered_at,
        areas=tuple(
            CopiedArea(
                street=area.street, first=area.first, last=area.last, side=area.side, letter=area.letter
            )
            for area in one.areas
        ),
        reason=one.reason,
    )


def _category(one: Category, classifier: Classifier) -> CopiedCategory:
    return CopiedCategory(
        code=one.code,
        uk=one.uk,
        en=one.en,
        urgency=one.urgency,
        term=one.term.amount,
        unit=one.term.unit,
        steps=tuple(
            CopiedStep(uk=step.uk, en=step.en, at_once=step.at_once) for step in classifier.steps_of(one.code)
        ),
        asked=tuple(CopiedStep(uk=asked.uk, en=asked.en) for asked in classifier.questions_of(one.code)),
    )


def _contacts(executors: Sequence[Executor], local: datetime) -> tuple[CopiedContact, ...]:
    return tuple(
        CopiedContact(
            name=one.name,
            short=one.short,
            numbers=tuple(contact.number for contact in one.on_duty(local) if contact.number),
        )
        for one in executors
        if one.active
    )


Copies = Mapping[int, CityCopy]
"""Of agreements, by their ids."""
