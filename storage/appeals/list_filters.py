"""Filters and orders of the list of appeals as queries: only numbers are selected, by indexes."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from hotline.appeals.appeal import ENDED, PENDING, AppealKind, AppealState, Sign
from hotline.appeals.counted import CountedAppeals
from hotline.appeals.lists import AppealFilter, Order, Position
from hotline.city.classifier import Urgency
from hotline.city.search_terms import normalised
from storage.appeals.counted import CLOSED_IN_TIME, CONDITIONS, IS_CLOSED
from storage.people.people_search import AFTER_ALL
from storage.tables import appeals

_LONGEST_NUMBER = 12
_YEARS_DIGITS = 4
_OWED = sorted(state.value for state in PENDING)

COMMON = frozenset({appeals.c.urgency, appeals.c.kind, appeals.c.sign, appeals.c.registered_by})
"""Columns of few values, each of which many appeals have."""


def count_of(wanted: AppealFilter, most: int, scanned: Collection[Column[Any]] = ()) -> ScalarSelect[int]:
    """Count rows of an index until `most` of them are found."""
    some = select(appeals.c.number).where(*_conditions(wanted, scanned)).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def not_to_begin_with(wanted: AppealFilter, order: Order) -> frozenset[Column[Any]]:
    """Name the columns whose index SQLite is not to begin with: it keeps no statistics of common values.

    Work owed by its term is rare, and a page in the order of terms, or a state other than closed, is read
    before an index of a value that most appeals have; a short beginning of a number is a year.
    """
    table, found = appeals.c, set()
    states_are_few = bool(wanted.states) and AppealState.CLOSED not in wanted.states
    common = (
        (table.urgency, wanted.urgency is Urgency.ORDINARY),
        (table.kind, wanted.kind is AppealKind.APPLICATION),
        (table.sign, wanted.sign is Sign.FIRST),
        (table.registered_by, False),
    )
    for column, most_have_it in common:
        if wanted.term is not None or (most_have_it and (order is Order.TERM or states_are_few)):
            found.add(column)
    if states_are_few:  # of an enterprise there are ever more
        found.add(table.executor_id)
    if wanted.text:  # the index of words leaves fewer than any of these
        found |= {table.executor_id, table.category, *(column for column, _ in common)}
    if len(wanted.number) <= _YEARS_DIGITS:
        found.add(table.number)
    return frozenset(found)


def numbers_of(
    wanted: AppealFilter,
    order: Order,
    behind: Position | None,
    matching: Subquery | None,
    scanned: Collection[Column[Any]] = (),
) -> Select[tuple[str]]:
    """Select only the numbers: an index holds all compared columns, and only the page's rows are read.

    The index of `scanned` is not used. Matches of words come in the order of registration anyway, by the `id`
    of the word index.
    """
    query, at = fitting(wanted, order, behind, matching, scanned), sorted_by(order)
    if matching is not None and order is not Order.TERM:
        return query.order_by(matching.c.id.desc() if order is Order.NEWEST else matching.c.id)
    return ordered(along(query, wanted, order), order, at, appeals.c.number)


def fitting(
    wanted: AppealFilter,
    order: Order,
    behind: Position | None,
    matching: Subquery | None,
    scanned: Collection[Column[Any]] = (),
) -> Select[tuple[str]]:
    """Select the numbers of those that fit, in no order."""
    at = sorted_by(order)
    query = select(appeals.c.number).where(*_conditions(wanted, scanned))
    if order is Order.TERM:
        query = query.where(at.is_not(None))
    if matching is not None:
        query = query.join(matching, matching.c.appeal == appeals.c.number)
    return query.where(*(_before(behind) if order is Order.NEWEST else _after(at, behind)))


def sorted_by(order: Order) -> Column[Any]:
    return appeals.c.due_at if order is Order.TERM else appeals.c.registered_at


def along(query: Select[Any], wanted: AppealFilter, order: Order) -> Select[Any]:
    """Have appeals that nobody has put in order along the index of executors.

    They are alike in it, but PostgreSQL sees that of values alone, not of none.
    """
    if not wanted.unassigned or order is Order.TERM:
        return query
    nobody = appeals.c.executor_id
    return query.order_by(nobody.desc() if order is Order.NEWEST else nobody)


def ordered(
    query: Select[tuple[str]], order: Order, at: ColumnElement[Any], number: ColumnElement[Any]
) -> Select[tuple[str]]:
    if order is Order.NEWEST:
        return query.order_by(at.desc(), number.desc())
    return query.order_by(at, number)


def begins(words: str) -> ColumnElement[bool]:
    """Whether the address begins with these normalised words, whole ones.

    One piece of the index: in a normalised address nothing but a space stands before letters and digits.
    """
    return appeals.c.address_key.between(literal(words, Text), literal(f"{words} {AFTER_ALL}", Text))


def _compared(column: Column[Any], scanned: Collection[Column[Any]]) -> ColumnElement[Any]:
    """Give the column; with SQLite's sign for "not by its index" where it is among those."""
    return literal_column(f"+{column}", column.type) if column in set(scanned) else column


def _conditions(wanted: AppealFilter, scanned: Collection[Column[Any]]) -> Iterator[ColumnElement[bool]]:
    table = appeals.c
    states = _states(wanted)
    if states is not None:
        yield table.state.in_(states)
    if wanted.categories:
        yield table.category.in_(sorted(wanted.categories))
    for column, value in (
        (table.category, wanted.category or None),
        (table.executor_id, wanted.executor_id),
        (table.urgency, wanted.urgency and wanted.urgency.value),
        (table.kind, wanted.kind and wanted.kind.value),
        (table.sign, wanted.sign and wanted.sign.value),
        (table.registered_by, wanted.registered_by),
        (table.assignee_id, wanted.assignee_id),
    ):
        if value is not None:
            yield _compared(column, scanned) == value
    if wanted.unassigned:
        yield table.executor_id.is_(None)
    if wanted.since is not None:
        yield table.registered_at >= wanted.since
    if wanted.until is not None:
        yield table.registered_at < wanted.until
    if wanted.addresses:
        yield or_(*(begins(normalised(address)) for address in wanted.addresses))
    if wanted.number:
        yield _numbered(wanted.number, _compared(table.number, scanned))
    yield from _term(wanted)
    yield from _closed(wanted)
    yield from _marked(wanted)


def _states(wanted: AppealFilter) -> Sequence[str] | None:
    """Tell the states to look for; None for any, an empty list for none."""
    asked = sorted(state.value for state in wanted.states)
    if wanted.term is None:
        return asked or None
    return [state for state in _OWED if not asked or state in asked]


def _term(wanted: AppealFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.term is None:
        return
    if wanted.term.after is not None:
        yield appeals.c.due_at > wanted.term.after
    if wanted.term.until is not None:
        yield appeals.c.due_at <= wanted.term.until


def _closed(wanted: AppealFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.closed_since is None and wanted.closed_until is None and not wanted.in_time:
        return
    yield IS_CLOSED
    if wanted.closed_since is not None:
        yield appeals.c.state_since >= wanted.closed_since
    if wanted.closed_until is not None:
        yield appeals.c.state_since < wanted.closed_until
    if wanted.in_time:
        yield CLOSED_IN_TIME


def _marked(wanted: AppealFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.controlled:
        yield appeals.c.controlled
        yield appeals.c.state.not_in(sorted(ENDED))
    if wanted.more_time:
        yield appeals.c.extension_wanted.is_not(None)
        yield appeals.c.state.in_(_OWED)
    if wanted.taken_down:
        yield CONDITIONS[CountedAppeals.TAKEN_DOWN]
    if wanted.breached_at is not None:
        yield appeals.c.law_ends_at <= wanted.breached_at
        yield appeals.c.state.in_(_OWED)


def _numbered(text: str, number: ColumnElement[Any]) -> ColumnElement[bool]:
    digits = "".join(text.split())
    if not digits.isascii() or not digits.isdigit():
        return appeals.c.registration_index == text.upper()
    return number.between(digits, digits + "9" * _LONGEST_NUMBER)


def _before(last: Position | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        at, number = appeals.c.registered_at, appeals.c.number
        yield at <= last.at  # by itself, so that the index is entered at this place
        yield or_(at < last.at, and_(at == last.at, number < last.number))


def _after(at: ColumnElement[object], last: Position | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        yield at >= last.at
        yield or_(at > last.at, and_(at == last.at, appeals.c.number > last.number))
