"""The desk's directory: whom a dispatcher may call, consult or pass a caller on to, found by typing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.access.users import User
from hotline.city.search_terms import Lemmas, saying
from hotline.contact.numbers import digits_of_part
from hotline.dialling.calling_out import EMERGENCY, is_dialled
from hotline.directory.bodies import Bodies
from hotline.enterprises.executors import Executor
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence


class EntryKind(StrEnum):
    """The groups of the directory, in the order in which they are shown."""

    COLLEAGUE = "colleague"
    OWN = "own"
    """A colleague's own telephone, away from the desk."""
    SERVICE = "service"
    INTERPRETER = "interpreter"
    """Interpreters of sign language."""
    ENTERPRISE = "enterprise"
    BODY = "body"
    """Bodies of power, services and institutions."""
    OFFICIAL = "official"
    """People of a body; one who is away is found by who stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """One line of the directory; `number` is what is dialled."""

    kind: EntryKind
    name: str
    number: str
    about: str = ""
    presence: Presence | None = None
    """Of a colleague."""
    on_duty: bool = True
    """A contact whose hour it is; enterprises without one are reached all the same."""
    known_as: str = ""
    """Further words by which it is found."""

    @property
    def said(self) -> str:
        return f"{self.name} {self.about} {self.known_as}"


_NEAREST = (
    Presence.READY,
    Presence.AFTER_CALL,
    Presence.TALKING,
    Presence.OFFERED,
    Presence.PAUSED,
    Presence.AWAY,
)
"""Colleagues who can come to the telephone soonest stand first."""


def colleagues(everyone: Sequence[Dispatcher], me: int, users: Sequence[User]) -> Iterator[DirectoryEntry]:
    """List the other dispatchers, the first is reached soonest, then the own telephones of all colleagues."""
    others = (one for one in everyone if one.id != me)
    at_desks = {one.dispatcher_id: one for one in users if one.active and one.dispatcher_id is not None}
    for one in sorted(others, key=lambda one: (_NEAREST.index(one.presence), one.name, one.extension)):
        user = at_desks.get(one.id)
        yield DirectoryEntry(
            kind=EntryKind.COLLEAGUE,
            name=one.name,
            number=one.extension,
            presence=one.presence,
            about=(user.email or "") if user else "",
        )
    for user in sorted(users, key=lambda one: one.name):
        if user.active and user.telephone and user.dispatcher_id != me and user.executor_id is None:
            yield DirectoryEntry(
                kind=EntryKind.OWN, name=user.name, number=user.telephone, about=user.email or ""
            )


def enterprises(executors: Sequence[Executor], local: datetime) -> Iterator[DirectoryEntry]:
    """List the duty contacts of this hour, in the city's time, that have a telephone."""
    for executor in executors:
        for contact in executor.on_duty(local) if executor.active else ():
            if contact.number:
                yield DirectoryEntry(
                    kind=EntryKind.ENTERPRISE,
                    name=executor.short,
                    number=contact.number,
                    about=contact.name,
                    on_duty=executor.somebody_at(local),
                    known_as=executor.name,
                )


def bodies(known: Bodies, local: datetime, language: str) -> Iterator[DirectoryEntry]:
    """List all numbers of bodies, then those of the people who are there on the day of `local`."""
    today = local.date()
    for body in known.bodies.values():
        for number in (*body.numbers, *body.inner):
            if is_dialled(number) and number not in EMERGENCY:
                yield DirectoryEntry(
                    kind=EntryKind.BODY,
                    name=body.name(language),
                    number=number,
                    known_as=" ".join((body.uk, body.en, *body.topics)),
                )
    away = [one for one in known.officials.values() if one.is_away(today)]
    for one in known.officials.values():
        if one in away:
            continue
        numbers = [number for number in (*one.numbers, *one.inner) if is_dialled(number)]
        covered = [other.name for other in away if known.who_acts(other, today) is one]
        for number in numbers:
            yield DirectoryEntry(
                kind=EntryKind.OFFICIAL,
                name=one.name,
                number=number,
                about=f"{one.post(language)}, {known.bodies[one.body].name(language)}",
                known_as=" ".join((one.post_uk, one.post_en, *covered)),
            )


async def matching(entries: Sequence[DirectoryEntry], typed: str, lemmas: Lemmas) -> Sequence[DirectoryEntry]:
    """Keep the entries with all that was typed: words in any form, their beginnings, or part of a number."""
    if digits := digits_of_part(typed):
        return [one for one in entries if digits in one.number]
    return await saying(entries, lambda one: one.said, typed, lemmas)
