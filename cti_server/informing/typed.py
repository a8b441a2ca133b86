"""An order as typed: its faults, and the order that it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cti_server.frame.filters import day
from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed, moment_typed, read_moment
from hotline.city.addresses import Gazetteer
from hotline.city.area_notation import AreaFault, TypedAreas, areas_text, read_areas
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import gets_sms
from hotline.delivery.wording import ROOM_OF_SMS, utf16
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.informing.orders import STANDING, Audience, InformingOrder, NewOrder, Way
from hotline.people.benefits import benefits

LONGEST_LINE = 120
LONGEST_TEXT = 600
"""Letters that are read to somebody: about a minute."""
LONGEST_LIST = 200_000
_TYPING = timedelta(hours=1)
"""A moment that was filled in when the form was opened is still meant for now."""
_AHEAD = _OLDEST_PAPER = timedelta(days=366)
EVERYBODY, PART, NOBODY = "everybody", "part", "nobody"
MOST_LINES = 20
"""Wrong lines of a list that are named at once."""
_LINES = ("number", "issued_by", "subject", "exempt")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedOrder:
    """The form's fields as typed."""

    number: str = ""
    dated: str = ""
    issued_by: str = ""
    subject: str = ""
    text: str = ""
    short: str = ""
    ways: tuple[str, ...] = ()
    residents: str = ""
    """Nobody is chosen unasked: a new order could otherwise reach the whole city by a slip."""
    areas: str = ""
    benefits: tuple[str, ...] = ()
    enterprises: bool = False
    listed: str = ""
    starts: str = ""
    until: str = ""
    emergency: bool = False
    exempt: str = ""
    again: bool = False
    """It is one more order by a paper by which somebody has already prepared one."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Each wrong field → the reason, to be translated."""

    fields: Mapping[str, str]
    lines: Mapping[str, Sequence[AreaFault]] = field(default_factory=dict)
    """Of `areas` and `listed`: the lines that cannot be read."""
    same: Sequence[InformingOrder] = ()
    """Orders that somebody has prepared by the same paper."""


TAKEN = N_("An order by this paper is here already.")
NO_FAULTS = Faults(fields={})


def as_typed(order: NewOrder, zone: ZoneInfo, *, version: int = 0) -> TypedOrder:
    """Write an order as the form shows it."""
    audience = order.audience
    some = audience.areas or audience.benefits
    return TypedOrder(
        number=order.number,
        dated=day_typed(order.dated),
        issued_by=order.issued_by,
        subject=order.subject,
        text=order.text,
        short=order.short,
        ways=tuple(sorted(order.ways)),
        residents=NOBODY if audience.nobody else PART if some else EVERYBODY,
        areas=areas_text(audience.areas),
        benefits=audience.benefits,
        enterprises=audience.enterprises,
        listed="\n".join(audience.listed),
        starts=moment_typed(order.starts_at, zone),
        until=moment_typed(order.until, zone) if order.until else "",
        emergency=bool(order.exempt),
        exempt=order.exempt,
        version=version,
    )


def order_of(
    typed: TypedOrder,
    zone: ZoneInfo,
    gazetteer: Gazetteer,
    rules: CallingRules,
    now: datetime,
    *,
    sms_prefixes: Sequence[str],
    was: NewOrder | None = None,
) -> tuple[NewOrder | None, Faults]:
    """Make the order; or None, and the faults. `was` is the order that the form changes."""
    dated = day(typed.dated)
    starts = read_moment(typed.starts, zone, was.starts_at if was else None) if typed.starts else now
    until = read_moment(typed.until, zone, was.until if was else None) if stands(typed) else None
    faults = _plain_faults(typed) | {
        name: fault
        for name, fault in (
            ("dated", _day_fault(dated, now.astimezone(zone).date())),
            ("starts", _start_fault(starts, now) if was is None or starts != was.starts_at else ""),
            ("until", _end_fault(until, starts, now) if stands(typed) else ""),
        )
        if fault
    }
    areas = read_areas(typed.areas, gazetteer) if typed.residents == PART else TypedAreas()
    listed, wrong = _listed(typed.listed, rules)
    wrong = [*wrong, *_not_written_to(typed, listed, sms_prefixes)]
    if fault := _audience_fault(typed, areas, listed):
        faults["residents"] = fault
    if areas.fault:
        faults["areas"] = areas.fault.reason
    if wrong:
        faults["listed"] = wrong[0].reason
    if faults or dated is None or starts is None:
        lines = {"areas": areas.faults, "listed": wrong}
        return None, Faults(fields=faults, lines=lines)
    part = typed.residents == PART
    return NewOrder(
        **{name: getattr(typed, name) for name in ("number", "issued_by", "subject", "text", "short")},
        dated=dated,
        ways=frozenset(map(Way, typed.ways)),
        audience=Audience(
            nobody=typed.residents == NOBODY,
            areas=areas.areas,
            benefits=typed.benefits if part else (),
            enterprises=typed.enterprises,
            listed=tuple(listed),
        ),
        starts_at=starts,
        until=until,
        exempt=typed.exempt if typed.emergency else "",
    ), NO_FAULTS


def _day_fault(dated: date | None, today: date) -> str:
    if dated is None:
        return N_("Write the day of the order.")
    if dated > today:
        return N_("That day is yet to come: write the day on which it was signed.")
    if dated < today - _OLDEST_PAPER:
        return N_("That is more than a year ago: look at the year.")
    return ""


def _start_fault(starts: datetime | None, now: datetime) -> str:
    if starts is None:
        return N_("Write the moment as a date and a time.")
    if starts < now - _TYPING:
        return N_("That moment is past: write a later one, or none to begin once it is approved.")
    if starts > now + _AHEAD:
        return N_("That is more than a year ahead: look at the year.")
    return ""


def _end_fault(until: datetime | None, starts: datetime | None, now: datetime) -> str:
    if until is None:
        return N_("Write until when callers and readers are told: a date and a time.")
    if starts and until <= starts:
        return N_("That is before it begins: write a later moment.")
    return N_("That moment is past: write a later one.") if until <= now else ""


def stands(typed: TypedOrder) -> bool:
    """Whether it is a standing order."""
    return not STANDING.isdisjoint(typed.ways)


def _plain_faults(typed: TypedOrder) -> dict[str, str]:
    needed = {
        "number": N_("Write the number of the order."),
        "issued_by": N_("Write who signed it."),
        "subject": N_("Write what it is about, in a few words."),
        "text": N_("Write what people are to hear."),
    }
    faults = {name: reason for name, reason in needed.items() if not getattr(typed, name)}
    for name in _LINES:
        if len(getattr(typed, name)) > LONGEST_LINE:
            faults[name] = N_("Write no more than 120 characters.")
    if len(typed.text) > LONGEST_TEXT:
        faults["text"] = N_("That is more than a minute to listen to: write no more than 600 characters.")
    if not typed.ways or not set(typed.ways) <= set(Way):
        faults["ways"] = N_("Choose at least one way.")
    if Way.SMS in typed.ways and not typed.short:
        faults["short"] = N_("Write what stands in the short message.")
    elif utf16(typed.short) > ROOM_OF_SMS:
        faults["short"] = N_("A short message has room for 134 characters.")
    if typed.emergency and not typed.exempt:
        faults["exempt"] = N_("Write why it cannot wait until the morning.")
    return faults


def _audience_fault(typed: TypedOrder, areas: TypedAreas, listed: Sequence[str]) -> str:
    if typed.residents not in {EVERYBODY, PART, NOBODY} or not set(typed.benefits) <= set(benefits()):
        return N_("Choose for which residents it is.")
    if typed.residents == PART and not areas.areas and not areas.fault and not typed.benefits:
        return N_("Write in which streets or quarters they live, or choose categories.")
    if typed.residents == NOBODY and not typed.enterprises and not listed and not stands(typed):
        return N_("It is for nobody yet: choose residents, enterprises, or write a list.")
    return ""


def _listed(text: str, rules: CallingRules) -> tuple[Sequence[str], Sequence[AreaFault]]:
    """Read numbers and e-mail addresses, one a line; those that are neither are the faults."""
    if len(text) > LONGEST_LIST:
        return (), [AreaFault(line="", reason=N_("That is too much: make several orders of it."))]
    found: dict[str, None] = {}
    faults: list[AreaFault] = []
    for line in filter(None, map(str.strip, re.split(r"[\n;,]", text))):
        address = mail_address(line) if "@" in line else _dialled(line, rules)
        if not address:
            neither = N_("This is neither a number that we call nor an e-mail address.")
            faults.append(AreaFault(line=line, reason=neither))
        else:
            found[address] = None
    return list(found), faults[:MOST_LINES]


def _not_written_to(
    typed: TypedOrder, listed: Sequence[str], sms_prefixes: Sequence[str]
) -> Sequence[AreaFault]:
    """Find numbers that are told by short message alone, and get none."""
    if Way.SMS not in typed.ways or Way.CALL in typed.ways:
        return ()
    deaf = [one for one in listed if "@" not in one and not gets_sms(one, sms_prefixes)]
    reason = N_("Short messages do not go to this number: choose calls as well, or take it out.")
    return [AreaFault(line=one, reason=reason) for one in deaf[:MOST_LINES]]


def _dialled(typed: str, rules: CallingRules) -> str:
    try:
        return rules.dialable_by_itself(typed)
    except NotDialled:
        return ""
