"""Time between two moments and whole seconds of one, as numbers that both databases add up.

PostgreSQL's `date_part` counts in floating point, which holds the microseconds of our times; `extract` takes
twice as long.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

MILLISECONDS = 1000


class milliseconds_between(GenericFunction[int]):  # noqa: N801 - named as a function of SQL
    """Whole milliseconds from the first moment to the second, negative when it is earlier."""

    type = BigInteger()
    inherit_cache = True


class unix_seconds(GenericFunction[int]):  # noqa: N801 - named as a function of SQL
    """Whole seconds of a moment since 1970 in UTC."""

    type = BigInteger()
    inherit_cache = True


def half_hour_of(moment: ColumnElement[Any], offset: ColumnElement[int] | int) -> ColumnElement[int]:
    """The half-hour of the day, from 0 at midnight, where clocks are `offset` seconds ahead of UTC."""
    return ((unix_seconds(moment) + offset) // 1800) % 48


def day_of(moment: ColumnElement[Any], offset: ColumnElement[int] | int) -> ColumnElement[int]:
    """The day, counted from 1 January 1970, where clocks are `offset` seconds ahead of UTC."""
    return (unix_seconds(moment) + offset) // 86_400


@compiles(milliseconds_between, "sqlite")
def _between_on_sqlite(element: milliseconds_between, compiler: SQLCompiler, **kw: Any) -> str:
    since, until = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(round((julianday({until}) - julianday({since})) * 86400000.0) AS INTEGER)"


@compiles(milliseconds_between, "postgresql")
def _between_on_postgresql(element: milliseconds_between, compiler: SQLCompiler, **kw: Any) -> str:
    since, until = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(round(date_part('epoch', {until} - {since}) * 1000) AS BIGINT)"


@compiles(unix_seconds, "sqlite")
def _seconds_on_sqlite(element: unix_seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"unixepoch({compiler.process(element.clauses, **kw)})"


@compiles(unix_seconds, "postgresql")
def _seconds_on_postgresql(element: unix_seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **kw)})) AS BIGINT)"
