"""Executors (виконавці): the enterprises that do the work, and their contacts by hour."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Protocol

from hotline.contact.channel import Channel
from hotline.enterprises.open311 import Open311Endpoint


class ContactKind(StrEnum):
    """The kind of a contact."""

    DUTY = "duty"
    """Takes appeals and acknowledges emergencies."""
    MANAGER = "manager"
    """Gets notices of overdue appeals (regulation 4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHours:
    """When somebody can be reached, in the city's time. `until` not after `since`: over midnight.

    `days` are ISO weekdays, 1 is Monday; the hours after midnight belong to the day on which they began.
    """

    since: time = time(0)
    until: time = time(0)
    days: frozenset[int] = frozenset(range(1, 8))

    def hold(self, local: datetime) -> bool:
        """Whether the moment, in the city's time, is within."""
        clock, today = local.time().replace(tzinfo=None), local.isoweekday()
        if self.since < self.until:
            return today in self.days and self.since <= clock < self.until
        yesterday = (today - 2) % 7 + 1
        return (today in self.days and clock >= self.since) or (yesterday in self.days and clock < self.until)


ALWAYS = ContactHours()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a duty desk of an enterprise; `order` says who is tried first."""

    id: int = 0
    name: str
    kind: ContactKind = ContactKind.DUTY
    order: int = 1
    number: str | None = None
    """In E.164."""
    email: str | None = None
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    """Channels of notices that are not urgent; an emergency goes by every channel."""
    hours: ContactHours = ALWAYS

    def ways(self, *, urgent: bool) -> Sequence[tuple[Channel, str]]:
        """Give channel and address of each way to reach them."""
        addresses = {Channel.EMAIL: self.email, Channel.SMS: self.number, Channel.CALL: self.number}
        wanted = tuple(addresses) if urgent else self.channels
        return [(one, address) for one in wanted if (address := addresses.get(one))]

    def written_ways(self) -> Sequence[tuple[Channel, str]]:
        """Give the same of what is not urgent, without calls."""
        return [way for way in self.ways(urgent=False) if way[0] is not Channel.CALL]


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """One enterprise. `short` is how pages and messages name it."""

    id: int
    name: str
    short: str
    contacts: tuple[Contact, ...] = ()
    active: bool = True
    demo: bool = False
    """Its contacts are fictional, or it is not established who does this work in the city."""
    open311: Open311Endpoint | None = None
    """Where appeals go by program as well; None: nowhere."""

    def on_duty(self, local: datetime) -> Sequence[Contact]:
        """Return the contacts on duty, in the order to try them; all of them when nobody is on duty."""
        duty = [one for one in self.contacts if one.kind is ContactKind.DUTY]
        return _ordered([one for one in duty if one.hours.hold(local)] or duty)

    def somebody_at(self, local: datetime) -> bool:
        """Whether it is anybody's hour; else `on_duty` gives everybody."""
        return any(one.kind is ContactKind.DUTY and one.hours.hold(local) for one in self.contacts)

    def managers(self) -> Sequence[Contact]:
        return _ordered([one for one in self.contacts if one.kind is ContactKind.MANAGER])

    def contact(self, contact_id: int) -> Contact | None:
        return next((one for one in self.contacts if one.id == contact_id), None)


def revision_of(executor: Executor) -> str:
    """Return the revision of the enterprise's entry: an editor names the revision that they saw."""
    parts: list[object] = [executor.name, executor.short, executor.active]
    for one in sorted(executor.contacts, key=lambda one: one.id):
        days = sorted(one.hours.days)
        bare = replace(one, hours=replace(one.hours, days=frozenset()))
        parts += [repr(bare), days]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _ordered(contacts: Sequence[Contact]) -> Sequence[Contact]:
    return sorted(contacts, key=lambda one: (one.order, one.id))


class Executors(Protocol):
    """The register of executors. One is never deleted: appeals name it for ever."""

    async def add(
        self, name: str, short: str, contacts: Sequence[Contact], *, demo: bool = False
    ) -> Executor:
        """Enter an enterprise; raises AlreadyTaken when the name exists."""
        ...

    async def get(self, executor_id: int) -> Executor:
        """Find an enterprise by its id; raises NotFound."""
        ...

    async def all(self) -> Sequence[Executor]:
        """List all of them by their short names, those who are closed as well."""
        ...

    async def update(self, executor: Executor, *, seen: str | None = None) -> Executor:
        """Write names, contacts and whether it is active.

        Contacts with id 0 are new, missing ones are removed. Raises NotFound, AlreadyTaken, Outdated when its
        entry has changed since `seen` (its `revision_of`), or ForbiddenTransition when closing it while it
        still owes work on appeals.
        """
        ...
