"""Words of ours as they stand in a statement's text: each is the same whenever the statement runs.

A database that reads the word itself knows the partial index that names it, which it does not of a value.
And a list of values is written into the statement's text anew at each run: 4 % of the time of a busy service.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def constant(word: str) -> ColumnElement[str]:
    """Give the word, which must be one of our own code, as a part of the text."""
    return literal_column(f"'{word}'", Text)


def is_one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Tell whether the column holds one of these words of our own code; `words` is not empty."""
    return column.in_([constant(word) for word in sorted(words)])


def all_of(column: ColumnElement[str], between: str) -> ColumnElement[str]:
    """Give the words of a group of rows as one text, with `between`, a word of our own, between them."""
    separator: Any = constant(between)  # SQLAlchemy's own declaration knows values alone
    return func.aggregate_strings(column, separator)


class _OffItsIndex(FunctionElement[str]):
    type = Text()
    inherit_cache = True


@compiles(_OffItsIndex)
def _as_it_is(one: _OffItsIndex, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(one.clauses, **more)


@compiles(_OffItsIndex, "sqlite")
def _as_an_expression(one: _OffItsIndex, compiler: SQLCompiler, **more: Any) -> str:
    return f"({compiler.process(one.clauses, **more)} || '')"


def off_its_index(column: ColumnElement[str]) -> ColumnElement[str]:
    """Give the column, of which SQLite does not use an index.

    PostgreSQL chooses by how common a value is, which it does not know of an expression: it takes one row of
    two hundred for what nearly all are, and joins months of calls one by one.
    """
    return _OffItsIndex(column)
