"""An enterprise as typed: names, contacts in numbered rows, faults, and the entry it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from multidict import MultiMapping

from cti_server.frame.forms import read_form
from cti_server.frame.language import N_
from hotline.contact.channel import Channel
from hotline.contact.numbers import e164, gets_sms
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor

MOST_CONTACTS = 40
SPARE = 2
"""Empty rows below the contacts, to be filled in."""
LONGEST_NAME = 200
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_WEEK = tuple(str(day) for day in range(1, 8))
CHANNELS = (Channel.EMAIL, Channel.SMS)
"""Channels of notices that are not urgent; calls are for emergencies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedContact:
    """One row as typed; `id` is 0 for a new one."""

    id: int = 0
    name: str = ""
    kind: str = ContactKind.DUTY.value
    order: str = ""
    number: str = ""
    email: str = ""
    channels: Sequence[str] = ()
    since: str = "00:00"
    until: str = "00:00"
    days: Sequence[str] = _WEEK
    remove: bool = False

    @property
    def empty(self) -> bool:
        return not (self.id or self.name or self.number or self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedExecutor:
    """The whole form."""

    name: str = ""
    short: str = ""
    contacts: Sequence[TypedContact] = ()


def read_typed(form: MultiMapping[object]) -> TypedExecutor:
    """Take the form as a browser sends it."""
    rows = sum(f"contact-{row}-name" in form for row in range(MOST_CONTACTS))
    contacts = [read_form(TypedContact, form, before=f"contact-{row}-", one_line=True) for row in range(rows)]
    return replace(read_form(TypedExecutor, form, one_line=True), contacts=contacts)


def as_typed(executor: Executor) -> TypedExecutor:
    """Write an enterprise as the form shows it, with spare rows."""
    contacts = [
        TypedContact(
            id=one.id,
            name=one.name,
            kind=one.kind.value,
            order=str(one.order),
            number=one.number or "",
            email=one.email or "",
            channels=[channel.value for channel in one.channels],
            since=f"{one.hours.since:%H:%M}",
            until=f"{one.hours.until:%H:%M}",
            days=[str(day) for day in sorted(one.hours.days)],
        )
        for one in sorted(executor.contacts, key=lambda one: (one.kind.value, one.order, one.id))
    ]
    return TypedExecutor(name=executor.name, short=executor.short, contacts=contacts)


def spare(typed: TypedExecutor) -> TypedExecutor:
    """Add empty rows below the typed ones."""
    filled = [one for one in typed.contacts if not one.empty]
    rows = [TypedContact(channels=(Channel.EMAIL.value,)) for _ in range(SPARE)]
    return TypedExecutor(name=typed.name, short=typed.short, contacts=[*filled, *rows][:MOST_CONTACTS])


def contacts_of(
    typed: TypedExecutor, sms_prefixes: Sequence[str]
) -> tuple[Sequence[Contact], Mapping[str, str]]:
    """Make the contacts; each wrong field (`contact-0-number`, `name`) → the reason, to be translated."""
    faults: dict[str, str] = {}
    for field, text in (("name", typed.name), ("short", typed.short)):
        if not 0 < len(text) <= LONGEST_NAME:
            faults[field] = N_("Write a name of up to 200 characters.")
    contacts = []
    filled = [one for one in typed.contacts if not one.empty]  # as the form shows them again: `spare`
    for row, one in enumerate(filled):
        if one.remove:
            continue
        wrong = _faults(one) or _no_sms(one, sms_prefixes)
        faults |= {f"contact-{row}-{field}": reason for field, reason in wrong.items()}
        if not wrong:
            contacts.append(_contact(one, row))
    return contacts, faults


def _faults(one: TypedContact) -> dict[str, str]:
    found = {}
    if not 0 < len(one.name) <= LONGEST_NAME:
        found["name"] = N_("Write a name of up to 200 characters.")
    if one.kind not in set(ContactKind):
        found["kind"] = N_("Choose what they are.")
    if one.order and not (one.order.isdecimal() and len(one.order) <= 3):  # noqa: PLR2004 - up to 999
        found["order"] = N_("Write a number: who is tried first has the lowest.")
    if one.number and e164(one.number) is None:
        found["number"] = N_("Write the whole number, such as 067 123 45 67.")
    if one.email and not _MAIL.fullmatch(one.email):
        found["email"] = N_("Write an e-mail address, such as duty@example.org.")
    if not one.number and not one.email:
        found["number"] = N_("Write a number or an e-mail address: else nobody can be reached.")
    if not (_CLOCK.fullmatch(one.since) and _CLOCK.fullmatch(one.until)):
        found["since"] = N_("Write hours such as 08:00; the same twice is the whole day.")
    if not set(one.days) & set(_WEEK):
        found["days"] = N_("Choose at least one day.")
    return found


def _no_sms(one: TypedContact, prefixes: Sequence[str]) -> dict[str, str]:
    """Refuse what would fail at each message."""
    if one.number and Channel.SMS.value in one.channels and not gets_sms(e164(one.number), prefixes):
        return {"number": N_("Short messages do not go to this number: untick them, or write another.")}
    return {}


def _contact(one: TypedContact, row: int) -> Contact:
    return Contact(
        id=one.id,
        name=one.name,
        kind=ContactKind(one.kind),
        order=int(one.order) if one.order else row + 1,
        number=e164(one.number) if one.number else None,
        email=one.email or None,
        channels=tuple(channel for channel in CHANNELS if channel.value in one.channels),
        hours=ContactHours(
            since=_clock(one.since),
            until=_clock(one.until),
            days=frozenset(int(day) for day in one.days if day in _WEEK),
        ),
    )


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else time(0)
