"""A rule of the sweep: the rows of a table that are too old, those that go with them, and what holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Select, Table, and_, exists, or_, select

from hotline.retention.terms import Kind
from storage.retention.holds import HELD_APPEALS, HELD_CALLS, HELD_CITIZENS, HELD_NUMBERS


class Noted(Enum):
    """Values of a cut that are known when it is made."""

    AT = "at"
    CAUSE = "cause"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A column by which legal holds reach a row, and the set of those that they keep."""

    column: Column[Any]
    among: CompoundSelect[Any]

    @property
    def free(self) -> ColumnElement[bool]:
        return or_(self.column.is_(None), self.column.not_in(self.among))


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows of another table that go with those of a rule: before them, as they may refer to them.

    `column` holds the key of the rule's row; with `through`, a value of its first column, in a row whose
    second column holds that key.
    """

    column: Column[Any]
    through: tuple[Column[Any], Column[Any]] | None = None
    files: tuple[Column[Any], ...] = ()
    cut: Mapping[str, Any] | None = None

    @property
    def table(self) -> Table:
        return self.column.table

    def of(self, keys: Select[Any] | list[Any]) -> ColumnElement[bool]:
        if self.through is None:
            return self.column.in_(keys)
        key, names = self.through
        return self.column.in_(select(key).where(names.in_(keys)))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Rows of one table that are too old. `cut` None: they are deleted; else these columns are emptied."""

    kind: Kind
    table: Table
    old: ColumnElement[bool]
    held: tuple[Held, ...] = ()
    files: tuple[Column[Any], ...] = ()
    parts: tuple[Part, ...] = ()
    cut: Mapping[str, Any] | None = field(default=None)

    @cached_property
    def due(self) -> ColumnElement[bool]:
        """Match the rows that the sweep takes."""
        return and_(self.old, *(one.free for one in self.held))


def by_appeal(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_APPEALS)


def by_call(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_CALLS)


def by_citizen(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_CITIZENS)


def by_number(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_NUMBERS)


def in_no_row(column: Column[Any], names: Column[Any]) -> ColumnElement[bool]:
    """Match what no row of the other table names."""
    return ~exists().where(names == column)
