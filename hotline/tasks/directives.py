"""Directives: orders of the council, its committee and the mayor, whose points are tasks (regulation 4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hotline.tasks.task import TaskKind, TaskSource

LONGEST_NUMBER = 40
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """An order as it was issued; `kind` is one of OF_ORDERS."""

    id: int = 0
    kind: TaskKind
    number: str
    dated: date
    title: str

    @property
    def source(self) -> TaskSource:
        """The source of the tasks that are its points."""
        title = f"№ {self.number} від {self.dated:%d.%m.%Y} «{self.title}»"
        return TaskSource(kind=self.kind, record=f"directive:{self.id}", title=title)


class Directives(Protocol):
    """The orders that were entered."""

    async def enter(self, new: Directive, by: int, at: datetime) -> Directive:
        """Enter one; an order of this issuer, number and date that is there already is given instead."""
        ...

    async def get(self, directive_id: int) -> Directive:
        """Raises NotFound."""
        ...

    async def latest(self, limit: int, skip: int) -> Sequence[Directive]:
        """List them, the latest first."""
        ...
