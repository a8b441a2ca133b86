"""The list of appeals: filters, keyset paging, and the names behind ids; few indexed reads a page."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import define
from sqlalchemy import (
    Column,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.applicants_word import Confirm
from hotline.appeals.appeal import ENDED, PENDING, Appeal, AppealKind, AppealState, Sign
from hotline.appeals.figures import CLOSED
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order, Position
from hotline.city.classifier import Urgency
from hotline.city.search_terms import Terms, normalised
from storage.appeals.register import read_appeal
from storage.appeals.texts import A_DAY, LOOKED_THROUGH, AppealTexts, place_of, some_of_newest
from storage.core.database import Database
from storage.people.people_search import AFTER_ALL
from storage.tables import appeal_history, appeal_texts, appeals, citizens, executors, users

_LONGEST_NUMBER = 12
_YEARS_DIGITS = 4
_MOST_LOOKED_THROUGH = 40_000
_TO_BE_SURE = 1.5
_BY_NUMBER = select(appeals).where(appeals.c.number.in_(bindparam("numbers", expanding=True)))
CLOSING_TAKEN_DOWN = and_(
    appeal_history.c.number == appeals.c.number,
    appeal_history.c.act == Confirm.name,
    appeal_history.c.at == appeals.c.state_since,
    appeal_history.c.user_id.is_not(None),
)
"""The line of the history by which it was closed, where a user took the applicant's word down."""
IS_CLOSED = appeals.c.state.in_(sorted(state.value for state in CLOSED))
CLOSED_IN_TIME = or_(appeals.c.due_at.is_(None), appeals.c.state_since <= appeals.c.due_at)
_OWED = sorted(state.value for state in PENDING)


@define(eq=False, repr=False)
class StoredAppealLists:
    """`hotline.appeals.lists.AppealLists` on a database."""

    _database: Database
    _texts: AppealTexts

    async def find(
        self, wanted: AppealFilter, *, order: Order, limit: int, behind: Position | None = None
    ) -> Sequence[ListedAppeal]:
        terms = await self._texts.terms(wanted.text) if wanted.text else None
        by_words_alone = wanted == AppealFilter(text=wanted.text) and order is Order.NEWEST and behind is None
        async with self._database.reading() as connection:
            if terms is None or not self._database.shared:
                few = frozenset() if self._database.shared else _not_to_begin_with(wanted, order)
                matching = None if terms is None else self._texts.matching(terms).subquery()
                numbers = await _read(connection, _numbers(wanted, order, behind, matching, few), limit)
            elif terms and by_words_alone:
                numbers = await self._texts.newest(connection, [terms], limit)
            else:
                numbers = await self._by_words(connection, terms, wanted, order, behind, limit)
            rows = (await connection.execute(_BY_NUMBER, {"numbers": numbers})).mappings()
            found = {row["number"]: read_appeal(row) for row in rows}
            return await named(connection, [found[number] for number in numbers if number in found])

    async def _by_words(  # noqa: PLR0917 - the same as are asked for
        self,
        connection: AsyncConnection,
        terms: Terms,
        wanted: AppealFilter,
        order: Order,
        behind: Position | None,
        limit: int,
    ) -> Sequence[str]:
        """Look through the newest, then collect all that fit and put these in order: for PostgreSQL.

        Asked for the first few in order, it would go through all words of all appeals for a rare one: it
        cannot know that words and filter seldom stand together.
        """
        within = tuple(_places(wanted, order, behind))
        matching = self._texts.matching(terms).where(*within)
        many = LOOKED_THROUGH if order is Order.NEWEST else 0
        while many:
            # Read by itself: behind a place that it does not know yet PostgreSQL expects a third of all.
            before = await connection.scalar(select(some_of_newest(*within, many=many)))
            some = matching.where(appeal_texts.c.id > before).subquery()
            newest = _numbers(wanted, order, behind, some)
            numbers = await _read(connection, newest, limit)
            if len(numbers) == limit:
                return numbers
            many = _wider(many, len(numbers) / limit)
        fitting = _fitting(wanted, order, behind, matching.subquery())
        all_found = fitting.add_columns(_sorted_by(order).label("at")).cte().prefix_with("MATERIALIZED")
        query = select(all_found.c.number)
        return await _read(connection, _ordered(query, order, all_found.c.at, all_found.c.number), limit)

    async def count(self, wanted: Sequence[AppealFilter], most: int) -> Sequence[int]:
        counts = [_count(one, most) for one in wanted]
        async with self._database.reading() as connection:
            return tuple((await connection.execute(select(*counts))).one())


def _count(wanted: AppealFilter, most: int) -> ScalarSelect[int]:
    """Count rows of an index until `most` of them are found."""
    some = select(appeals.c.number).where(*_conditions(wanted, ())).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _not_to_begin_with(wanted: AppealFilter, order: Order) -> frozenset[Column[Any]]:
    """Name the columns whose index SQLite is not to begin with: it keeps no statistics of common values.

    Work owed by its term is rare, and a page in the order of terms is read before an index of a value that
    most appeals have; a short beginning of a number is a year.
    """
    table, found = appeals.c, set()
    common = (
        (table.urgency, wanted.urgency is Urgency.ORDINARY),
        (table.kind, wanted.kind is AppealKind.APPLICATION),
        (table.sign, wanted.sign is Sign.FIRST),
        (table.registered_by, False),
    )
    for column, most_have_it in common:
        if wanted.term is not None or (order is Order.TERM and most_have_it):
            found.add(column)
    if wanted.text:  # the index of words leaves fewer than any of these
        found |= {table.executor_id, table.category, *(column for column, _ in common)}
    if len(wanted.number) <= _YEARS_DIGITS:
        found.add(table.number)
    return frozenset(found)


def _numbers(
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
    query, at = _fitting(wanted, order, behind, matching, scanned), _sorted_by(order)
    if matching is not None and order is not Order.TERM:
        return query.order_by(matching.c.id.desc() if order is Order.NEWEST else matching.c.id)
    return _ordered(query, order, at, appeals.c.number)


def _fitting(
    wanted: AppealFilter,
    order: Order,
    behind: Position | None,
    matching: Subquery | None,
    scanned: Collection[Column[Any]] = (),
) -> Select[tuple[str]]:
    """Select the numbers of those that fit, in no order."""
    at = _sorted_by(order)
    query = select(appeals.c.number).where(*_conditions(wanted, scanned))
    if order is Order.TERM:
        query = query.where(at.is_not(None))
    if matching is not None:
        query = query.join(matching, matching.c.appeal == appeals.c.number)
    return query.where(*(_before(behind) if order is Order.NEWEST else _after(at, behind)))


def _wider(many: int, found: float) -> int:
    """Tell how many of the newest will hold enough, by the share that was found; 0 beyond the bound."""
    enough = int(many / found * _TO_BE_SURE) if found else 0
    return enough if many == LOOKED_THROUGH and enough <= _MOST_LOOKED_THROUGH else 0


def _sorted_by(order: Order) -> Column[Any]:
    return appeals.c.due_at if order is Order.TERM else appeals.c.registered_at


def _ordered(
    query: Select[tuple[str]], order: Order, at: ColumnElement[Any], number: ColumnElement[Any]
) -> Select[tuple[str]]:
    if order is Order.NEWEST:
        return query.order_by(at.desc(), number.desc())
    return query.order_by(at, number)


def _places(wanted: AppealFilter, order: Order, behind: Position | None) -> Iterator[ColumnElement[bool]]:
    """Bound the places in the word index by the moments of registration that are asked for.

    Of those registered in one second a few have later places, never earlier ones.
    """
    place = appeal_texts.c.id
    if wanted.since is not None:
        yield place >= place_of(wanted.since)
    if wanted.until is not None:
        yield place <= place_of(wanted.until) + A_DAY
    if behind is not None and order is Order.NEWEST:
        yield place <= place_of(behind.at) + A_DAY
    if behind is not None and order is Order.OLDEST:
        yield place >= place_of(behind.at)


async def _read(connection: AsyncConnection, query: Select[tuple[str]], limit: int) -> Sequence[str]:
    return [row.number for row in await connection.execute(query.limit(limit))]


def begins(words: str) -> ColumnElement[bool]:
    """Whether the address begins with these normalised words, whole ones."""
    key = appeals.c.address_key
    low, high = literal(f"{words} ", Text), literal(f"{words} {AFTER_ALL}", Text)
    return or_(key == literal(words, Text), and_(key >= low, key <= high))


def _compared(column: Column[Any], scanned: Collection[Column[Any]]) -> ColumnElement[Any]:
    """Give the column; with SQLite's sign for "not by its index" where it is among those."""
    return literal_column(f"+{column}", column.type) if column in set(scanned) else column


def _conditions(wanted: AppealFilter, scanned: Collection[Column[Any]]) -> Iterator[ColumnElement[bool]]:
    table = appeals.c
    states = _states(wanted)
    if states is not None:
        yield table.state.in_(states)
    for column, value in (
        (table.category, wanted.category or None),
        (table.executor_id, wanted.executor_id),
        (table.urgency, wanted.urgency and wanted.urgency.value),
        (table.kind, wanted.kind and wanted.kind.value),
        (table.sign, wanted.sign and wanted.sign.value),
        (table.registered_by, wanted.registered_by),
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
        yield appeals.c.state == AppealState.CLOSED.value
        yield exists().where(CLOSING_TAKEN_DOWN)
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


async def named(connection: AsyncConnection, found: Sequence[Appeal]) -> Sequence[ListedAppeal]:
    """Read the names behind the ids of these appeals, in few reads for all of them."""
    people = await _names(connection, citizens.c.name, (one.applicant_id for one in found))
    enterprises = await _names(connection, executors.c.short, (one.executor_id for one in found))
    registrars = await _names(connection, users.c.name, (one.registered_by for one in found))
    return [
        ListedAppeal(
            appeal=one,
            applicant=people.get(one.applicant_id or 0, ""),
            executor=enterprises.get(one.executor_id or 0, ""),
            registrar=registrars.get(one.registered_by or 0, ""),
        )
        for one in found
    ]


async def _names(
    connection: AsyncConnection, name: Column[str], ids: Iterable[int | None]
) -> Mapping[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    key = name.table.c.id
    rows = await connection.execute(select(key, name).where(key.in_(wanted)))
    return {row[0]: row[1] for row in rows}
