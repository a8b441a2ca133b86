"""The desk's directory: whom a dispatcher may call, consult or pass a caller on to, found by typing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.city.search_terms import Lemmas, saying
from hotline.desk.search import digits_of_part
from hotline.enterprises.executors import Executor
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence


class EntryKind(StrEnum):
    """The groups of the directory, in the order in which they are shown."""

    COLLEAGUE = "colleague"
    SERVICE = "service"
    ENTERPRISE = "enterprise"


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


def colleagues(everyone: Sequence[Dispatcher], me: int) -> Iterator[DirectoryEntry]:
    """List the other dispatchers; the first is reached soonest."""
    others = (one for one in everyone if one.id != me)
    for one in sorted(others, key=lambda one: (_NEAREST.index(one.presence), one.name, one.extension)):
        yield DirectoryEntry(
            kind=EntryKind.COLLEAGUE, name=one.name, number=one.extension, presence=one.presence
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


async def matching(entries: Sequence[DirectoryEntry], typed: str, lemmas: Lemmas) -> Sequence[DirectoryEntry]:
    """Keep the entries with all that was typed: words in any form, their beginnings, or part of a number."""
    if digits := digits_of_part(typed):
        return [one for one in entries if digits in one.number]
    return await saying(entries, lambda one: one.said, typed, lemmas)
