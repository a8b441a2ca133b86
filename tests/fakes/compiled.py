"""SQL compiled once a process: else each test, with engines of its own, compiles all statements anew."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

MOST = 10_000
_COMPILED: dict[type, LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(MOST))


def compile_once() -> None:
    """Have all engines of one kind of database share what was compiled.

    SQLAlchemy keeps it in each engine, by the very object that is the engine's dialect. Ours are all alike:
    one driver, one version, one set of options.
    """
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
    shared = property(lambda engine: _COMPILED[type(engine.dialect)], lambda _engine, _own: None)
    Engine._compiled_cache = shared  # type: ignore[assignment]
