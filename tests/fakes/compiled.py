"""What engines learn is known to all of a process: else each test, with engines of its own, learns it anew.

That is SQL, which is compiled, and what a dialect asks a server at its first connection.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

MOST = 10_000
_COMPILED: dict[type, LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(MOST))


def compile_once() -> None:
    """Have all engines of one kind of database share what was compiled.

    SQLAlchemy keeps it in each engine, by the very object that is the engine's dialect. Ours are all alike:
    one driver, one version, one set of options.
    """
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        _ask_once(dialect)
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
    shared = property(lambda engine: _COMPILED[type(engine.dialect)], lambda _engine, _own: None)
    Engine._compiled_cache = shared  # type: ignore[assignment]


def _ask_once(dialect: type[DefaultDialect]) -> None:
    ask, known = dialect.initialize, dict[str, Any]()

    def initialize(self: DefaultDialect, connection: Connection) -> None:
        if not known:
            before = dict(vars(self))
            ask(self, connection)
            known.update(item for item in vars(self).items() if item not in before.items())
        vars(self).update(known)

    dialect.initialize = initialize  # type: ignore[method-assign]
