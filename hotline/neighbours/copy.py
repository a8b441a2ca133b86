"""Copies of a city, as it gives them to the one that answers its telephone: name, outages, rules, contacts.

One document, written there and read here; it is kept as text, for the hour in which the other is away. It is
told to callers and shown at desks, so that it is held against bounds here, at the border, and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hotline.city.addresses import Area
from hotline.city.classifier import Category, Classifier, Urgency, Utility
from hotline.city.classifier import classifier as our_classifier
from hotline.city.terms import Unit
from hotline.enterprises.executors import Executor
from hotline.errors import HotlineError
from hotline.neighbours.agreement import LONGEST_NAME, Agreement, Shared
from hotline.outages.outage import Outage, OutageKind
from hotline.voice.city_name import CityName

LONGEST = 4 * 2**20
"""Octets; the streets of a large city are a tenth of it."""
MOST_STREETS = 20_000
MOST_OUTAGES = 2_000
MOST_ITEMS = 5_000
"""Areas of an outage, enterprises, lines of the classifier."""
_YEARS = range(2000, 2200)
"""Of moments; at the ends of the calendar they cannot be written in another zone."""
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Name = Annotated[str, Meta(max_length=300)]
Words = Annotated[str, Meta(max_length=5_000)]
House = Annotated[int, Meta(ge=1, le=99_999)]
Number = Annotated[int, Meta(ge=0, le=2**53)]


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

    document: Name
    since: datetime
    until: datetime
    hours_since: Name
    hours_until: Name
    shared: tuple[Shared, ...]
    duty: Annotated[str, Meta(pattern=r"^(\+[0-9]{7,15})?$")] = ""
    """The telephone that is rung while this city's hotline is away, E.164."""


class CopiedArea(msgspec.Struct, kw_only=True, frozen=True):
    """A part of the city, as `Area` has it."""

    street: Name
    first: House | None = None
    last: House | None = None
    side: Name = "both"
    letter: Name = ""


class CopiedOutage(msgspec.Struct, kw_only=True, frozen=True):
    """An outage that holds, or is coming within a day."""

    id: Number
    version: Number
    utility: Utility
    kind: OutageKind
    starts_at: datetime
    entered_at: datetime
    expected_end: datetime | None = None
    areas: Annotated[tuple[CopiedArea, ...], Meta(max_length=MOST_ITEMS)] = ()
    reason: Words = ""


class CopiedMessage(msgspec.Struct, kw_only=True, frozen=True):
    """The message to the whole city that is on; `mark` names it with these words."""

    mark: Name
    uk: Words
    en: Words


class CopiedStep(msgspec.Struct, kw_only=True, frozen=True):
    """A step of the guide through a conversation, in both languages."""

    uk: Words
    en: Words
    at_once: bool = False


class CopiedCategory(msgspec.Struct, kw_only=True, frozen=True):
    """A line of the classifier: its term in minutes, hours, days or months, and what is said and asked."""

    code: Name
    uk: Name
    en: Name
    urgency: Urgency
    term: Number
    unit: Unit
    steps: Annotated[tuple[CopiedStep, ...], Meta(max_length=MOST_ITEMS)] = ()
    asked: Annotated[tuple[CopiedStep, ...], Meta(max_length=MOST_ITEMS)] = ()
    """The questions that a dispatcher asks."""


class CopiedContact(msgspec.Struct, kw_only=True, frozen=True):
    """An enterprise, and the telephones of those on duty there now."""

    name: Name
    short: Name
    numbers: Annotated[tuple[Name, ...], Meta(max_length=MOST_ITEMS)] = ()


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
    outages: Annotated[tuple[CopiedOutage, ...], Meta(max_length=MOST_OUTAGES)] = ()
    categories: Annotated[tuple[CopiedCategory, ...], Meta(max_length=MOST_ITEMS)] = ()
    contacts: Annotated[tuple[CopiedContact, ...], Meta(max_length=MOST_ITEMS)] = ()
    streets: Annotated[tuple[Name, ...], Meta(max_length=MOST_STREETS)] = ()

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
    """Put together what the agreement shares; `local` is the moment in the city's time.

    Signs that `read_copy` refuses are left out of texts: one that was pasted here would cost the whole copy.
    """
    return CityCopy(
        made_at=at,
        city=CopiedCity(name=name.name, whose=name.whose, en=name.en),
        terms=terms_of(agreement),
        message=message and CopiedMessage(mark=message.mark, uk=_shown(message.uk), en=_shown(message.en)),
        outages=tuple(_copied(one) for one in outages[:MOST_OUTAGES]),
        categories=tuple(
            _category(one, classifier)
            for one in classifier.categories.values()
            if one.code != classifier.information_request
        ),
        contacts=_contacts(executors, local) if Shared.CONTACTS in agreement.shared else (),
        streets=tuple(map(_shown, streets[:MOST_STREETS])) if Shared.STREETS in agreement.shared else (),
    )


def terms_of(agreement: Agreement) -> CopiedTerms:
    return CopiedTerms(
        document=_shown(agreement.document),
        since=agreement.since,
        until=agreement.until,
        hours_since=agreement.hours_since,
        hours_until=agreement.hours_until,
        shared=tuple(agreement.shared),
        duty=agreement.duty_number,
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
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WrongCopy(str(error)[:200]) from error
    moments: list[datetime | None] = [copy.made_at, copy.terms.since, copy.terms.until]
    moments += [
        moment for one in copy.outages for moment in (one.starts_at, one.expected_end, one.entered_at)
    ]
    if any(one is not None and one.tzinfo is None for one in moments):
        raise WrongCopy("a moment without a zone")
    if any(one is not None and one.year not in _YEARS for one in moments):
        raise WrongCopy("a moment that is none of these days")
    if any(_UNSAYABLE.search(one) for one in _strings(msgspec.to_builtins(copy))):
        raise WrongCopy("letters that can be neither shown nor said")
    for name in (copy.city.name, copy.city.whose, copy.city.en):
        if not (name.strip() and min(name) >= " " and len(name) <= LONGEST_NAME):
            raise WrongCopy("a city without a name that can be said")
    return copy


def bare_copy(agreement: Agreement) -> CityCopy:
    """Give what is known of a city none of whose copies can be read: its name, and our own classifier."""
    at = agreement.read_at
    name = CityName(name=agreement.name, whose=f"громади {agreement.name}", en=agreement.name, own=True)
    return copy_of(
        agreement,
        name,
        at=at,
        local=at,
        outages=(),
        classifier=our_classifier(),
        executors=(),
        streets=(),
        message=None,
    )


def _strings(found: Any) -> Iterator[str]:
    """Go through all words of a document."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        yield from (one for value in found.values() for one in _strings(value))
    elif isinstance(found, list | tuple):
        yield from (one for value in found for one in _strings(value))


def _shown(text: str) -> str:
    return _UNSAYABLE.sub(" ", text)


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
                street=_shown(area.street),
                first=area.first or None,  # no house has the number 0, and none can be said
                last=area.last or None,
                side=area.side,
                letter=area.letter,
            )
            for area in one.areas
        ),
        reason=_shown(one.reason),
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
            name=_shown(one.name),
            short=_shown(one.short),
            numbers=tuple(contact.number for contact in one.on_duty(local) if contact.number),
        )
        for one in executors
        if one.active
    )


Copies = Mapping[int, CityCopy]
"""Of agreements, by their ids."""
