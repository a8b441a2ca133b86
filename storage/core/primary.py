"""Connects to that one of several PostgreSQL servers which takes writes: a standby becomes it in a failover.

A caller of `connect` waits meanwhile, as for a locked SQLite. Of two that take writes, because one does
not know yet that it was replaced, the primary is the one of the later timeline.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg

PATIENCE_SECONDS = 25.0
"""How long a connection waits for a primary; SQLite waits as long for its writer."""
AGAIN_SECONDS = 0.25
ANSWER_SECONDS = 2.0
"""A server that has not answered by then is left out."""
GRACE_SECONDS = 0.3
"""How long an answer of the others is awaited when one has said that it takes writes."""
UNHEARD_SECONDS = 5
"""How long a connection lives whose machine says nothing: one that lost its power does not say goodbye."""
_STANDING = """
SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN 0
ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer END
"""
"""The timeline of a server that takes writes; 0 of any other."""
_AWAY = (
    OSError,
    asyncpg.OperatorInterventionError,  # it is shutting down, or starting up
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Writable:
    """A server that takes writes, and our connection to it."""

    timeline: int
    connection: Any


class Primary:
    """The server that takes writes, for all connections of one database; `connect` is asyncpg's."""

    def __init__(self) -> None:
        self._timelines: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._others: tuple[Sequence[str], Sequence[int | None], dict[str, Any]] | None = None

    async def connect(
        self, *, host: Sequence[str], port: Sequence[int | None] | None = None, **given: Any
    ) -> Any:
        """Connect to the primary as soon as there is one; raises ConnectionError when there is none."""
        ports = port or [None] * len(host)
        self._others = host, ports, given
        until = monotonic() + PATIENCE_SECONDS
        while (found := await _newest(host, ports, given)) is None:
            if monotonic() > until:
                raise ConnectionError(f"none of the databases takes writes: {', '.join(host)}")
            await asyncio.sleep(AGAIN_SECONDS)
        self._timelines[found.connection] = found.timeline
        _heard(found.connection)
        return found.connection

    async def leave_replaced(self) -> bool:
        """End the connections to a server that another has replaced; whether there were any.

        What it still acknowledges is lost, and its locks keep nobody out.
        """
        if self._others is None:
            return False
        try:
            found = await _newest(*self._others)
        except asyncpg.PostgresError:  # one of them refuses us, which a new connection will tell
            return False
        if found is None:
            return False
        await _close(found.connection)
        replaced = [one for one, timeline in self._timelines.items() if timeline < found.timeline]
        open_ones = [one for one in replaced if not one.is_closed()]
        for one in open_ones:
            one.terminate()
        if open_ones:
            log.warning("the database was replaced by its standby, left connections=%d", len(open_ones))
        return bool(open_ones)


async def _newest(
    hosts: Sequence[str], ports: Sequence[int | None], given: dict[str, Any]
) -> _Writable | None:
    """Ask all at once which of them takes writes, and keep the connection to the latest."""
    asked = {
        asyncio.create_task(_asked(host, port, given), name=f"database {host}")
        for host, port in zip(hosts, ports, strict=True)
    }
    pending, found = set(asked), False
    newest: _Writable | None = None
    try:
        while pending:
            done, pending = await asyncio.wait(
                pending, timeout=GRACE_SECONDS if found else None, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                break
            found = found or any(_answer(one) is not None for one in done)
        writable = [one for task in asked - pending if (one := _answer(task)) is not None]
        newest = max(writable, key=lambda one: one.timeline, default=None)
    finally:
        await _let_go(asked, newest)
    if newest is None:
        for refusal in (task.exception() for task in asked):
            if refusal is not None:
                raise refusal
    return newest


def _answer(task: "asyncio.Task[_Writable | None]") -> _Writable | None:
    """Give what it has found; a server that refuses us, as a standby that is full does, hides no other."""
    return None if task.exception() is not None else task.result()


async def _let_go(asked: set["asyncio.Task[_Writable | None]"], kept: _Writable | None) -> None:
    for task in asked:
        task.cancel()
    for one in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(one, _Writable) and one is not kept:
            one.connection.terminate()


async def _asked(host: str, port: int | None, given: dict[str, Any]) -> _Writable | None:
    """Connect and ask whether it takes writes; None when it does not, or is away."""
    connection: Any = None
    timeline: int | None = None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            connection = await asyncpg.connect(host=host, port=port, **given)
            timeline = await connection.fetchval(_STANDING)
    except _AWAY:
        return None
    finally:
        if timeline is None and connection is not None:
            connection.terminate()
    if not timeline:
        await _close(connection)
        return None
    return _Writable(timeline, connection)


async def _close(connection: Any) -> None:
    with contextlib.suppress(*_AWAY):
        await connection.close(timeout=ANSWER_SECONDS)


def _heard(connection: Any) -> None:
    """Have the kernel give the connection up when the other machine is silent; asyncpg has no word for it."""
    opened: socket.socket = connection._transport.get_extra_info("socket")  # noqa: SLF001
    if opened.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, UNHEARD_SECONDS - 2)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_SECONDS * 1000)
