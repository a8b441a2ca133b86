"""Connects to that one of several PostgreSQL servers which takes writes: a standby becomes it in a failover.

A caller of `connect` waits meanwhile, as for a locked SQLite. Of two that take writes, because one does
not know yet that it was replaced, the primary is the one of the later timeline.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg

PATIENCE_SECONDS = 25.0
"""How long a connection waits for a primary; SQLite waits as long for its writer."""
AGAIN_SECONDS = 0.25
ANSWER_SECONDS = 2.0
"""A server that has not answered by then is left out, if another has answered in half that time."""
SLOWEST_SECONDS = 10.0
"""How long is waited where none has answered: it may be us, or a machine with too much to do."""
GRACE_SECONDS = 0.3
"""How long an answer of the others is awaited when one has said that it takes writes."""
AT_ONCE = 3
"""Connections that a process opens at a time. After a failover all pools of all processes open theirs: a
server that is asked by all of them at once answers none of them in time, and all ask again."""
KNOWN_SECONDS = 3.0
"""How long the primary that was found last is asked alone; as often `leave_replaced` looks at all of them."""
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


_Server = tuple[str, int | None]
"""Host, or folder of a socket, and port."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A server's answer: its timeline, and our connection to it; neither where it takes no writes."""

    server: _Server
    timeline: int = 0
    connection: Any = None


class Primary:
    """The server that takes writes, for all connections of one database; `connect` is asyncpg's."""

    def __init__(self) -> None:
        self._timelines: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._all: tuple[Sequence[_Server], dict[str, Any]] | None = None
        self._opening = asyncio.Semaphore(AT_ONCE)
        self._known: _Server | None = None
        self._known_until = 0.0

    async def connect(
        self, *, host: Sequence[str], port: Sequence[int | None] | None = None, **given: Any
    ) -> Any:
        """Connect to the primary as soon as there is one; raises ConnectionError when there is none."""
        every = [*zip(host, port or [None] * len(host), strict=True)]
        self._all = every, given
        until = monotonic() + PATIENCE_SECONDS
        while True:
            async with self._a_turn(until):
                alone = self._known if monotonic() < self._known_until else None
                slowest = ANSWER_SECONDS if alone else max(ANSWER_SECONDS, until - monotonic())
                found = await _newest([alone] if alone else every, given, min(slowest, SLOWEST_SECONDS))
                if alone is None:
                    self._know(found)
                elif found is None:
                    self._know(None)
            if found is not None:
                self._timelines[found.connection] = found.timeline
                _heard(found.connection)
                return found.connection
            if alone is None:
                if monotonic() > until:
                    raise ConnectionError(f"none of the databases takes writes: {', '.join(host)}")
                await asyncio.sleep(AGAIN_SECONDS)

    @asynccontextmanager
    async def _a_turn(self, until: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(until - monotonic()):
                await self._opening.acquire()
        except TimeoutError:
            raise ConnectionError("none of the databases answers, and others wait before us") from None
        try:
            yield
        finally:
            self._opening.release()

    def _know(self, found: _Answer | None) -> None:
        self._known = found.server if found else None
        self._known_until = monotonic() + KNOWN_SECONDS

    async def leave_replaced(self) -> bool:
        """End the connections to a server that another has replaced; whether there were any.

        What it still acknowledges is lost, and its locks keep nobody out.
        """
        if self._all is None:
            return False
        try:
            found = await _newest(*self._all, 2 * ANSWER_SECONDS)
        except asyncpg.PostgresError:  # one of them refuses us, which a new connection will tell
            return False
        self._know(found)
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


async def _newest(servers: Sequence[_Server], given: dict[str, Any], slowest: float) -> _Answer | None:
    """Ask all at once which of them takes writes, and keep the connection to the latest.

    The quickest tells how long an answer takes at present: the others have as long once more.
    """
    began = monotonic()
    asked = {asyncio.create_task(_asked(one, given), name=f"database {one[0]}") for one in servers}
    pending, until = set(asked), began + slowest
    newest: _Answer | None = None
    try:
        while pending and (left := until - monotonic()) > 0:
            done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for answer in filter(None, map(_answer, done)):
                took = monotonic() - began
                more = GRACE_SECONDS if answer.timeline else max(ANSWER_SECONDS - took, took + GRACE_SECONDS)
                until = min(until, monotonic() + more)
        writable = [one for task in asked - pending if (one := _answer(task)) is not None and one.timeline]
        newest = max(writable, key=lambda one: one.timeline, default=None)
    finally:
        await _let_go(asked, newest)
    if newest is None:
        for refusal in (task.exception() for task in asked if not task.cancelled()):
            if refusal is not None:
                raise refusal
    return newest


def _answer(task: "asyncio.Task[_Answer | None]") -> _Answer | None:
    """Give what it says; a server that refuses us, as a standby that is full does, hides no other."""
    return None if task.exception() is not None else task.result()


async def _let_go(asked: set["asyncio.Task[_Answer | None]"], kept: _Answer | None) -> None:
    """End the connections to all others; where who asks is cancelled meanwhile, to the kept one, too."""
    for task in asked:
        task.cancel()
    try:
        await asyncio.gather(*asked, return_exceptions=True)
    except asyncio.CancelledError:
        kept = None  # nobody gets it: the server would keep its session until it is collected here
        raise
    finally:
        for task in asked:
            one = _answer(task) if task.done() and not task.cancelled() else None
            if one is not None and one is not kept and one.connection is not None:
                one.connection.terminate()


async def _asked(server: _Server, given: dict[str, Any]) -> _Answer | None:
    """Connect and ask whether it takes writes; None when it is away."""
    connection: Any = None
    timeline: int | None = None
    host, port = server
    try:
        async with asyncio.timeout(SLOWEST_SECONDS):
            connection = await asyncpg.connect(host=host, port=port, **given)
            timeline = await connection.fetchval(_STANDING)
    except _AWAY:
        return None
    finally:
        if timeline is None and connection is not None:
            connection.terminate()
    if not timeline:
        await _close(connection)
        return _Answer(server)
    return _Answer(server, timeline, connection)


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
