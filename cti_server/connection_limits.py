"""Limits of the web server's connections: how many are open, what they hold in memory, how slow they are."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from attrs import define, field

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The share that strangers may take of the process that carries the calls."""

    connections: int = 1000
    of_one_network: int = 200
    """An office behind one address has some for each browser; trusted proxies have no such limit."""
    header_seconds: float = 20.0
    """From a request's first octet, or the connection, to the end of its headers."""
    body_seconds: float = 20.0
    """For the body, and as much again as it takes at `slowest_body`."""
    slowest_body: int = 1000
    """Octets a second: less than a telephone at the edge of the network sends of a photo."""
    bodies: int = 32 * 2**20
    """Octets of all bodies of requests that are not answered yet."""
    reader_seconds: float = 30.0
    """How often it is looked whether clients read what they are sent."""
    slowest_reader: int = 1000
    """Octets a second that a client takes at least for as long as anything waits for it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The octets of a connection from its beginning, as our machine's TCP counts them."""

    given: int
    """Octets that the server has handed to its TCP for sending."""
    taken: int
    """Octets of these that the client's machine has acknowledged."""


class OpenConnection(Protocol):
    """A connection as the limits see it."""

    network: str
    """The client's network (`hotline.access.networks.network_of`); empty for a proxy that is trusted."""
    waits_since: float | None
    """The moment since which it keeps us waiting; None while a request of it is served."""
    body_since: float | None
    """The moment at which its body began to come; None when there is none, or it is all there."""
    held: int
    """Octets of the body of the request that is being served."""

    def sent(self) -> Sent: ...

    def leave(self) -> None: ...

    def stop_sending(self) -> None: ...


@define(eq=False, repr=False)
class OpenConnections:
    """Connections that are open. Where there is no room, one that keeps us waiting goes, not the newcomer."""

    limits: Limits = field(factory=Limits)
    inside: set[OpenConnection] = field(factory=set, init=False)
    held: int = field(default=0, init=False)
    _of: Counter[str] = field(factory=Counter, init=False)
    _sent: dict[OpenConnection, Sent] = field(factory=dict, init=False)
    """At the last look, by connection."""

    def admit(self, connection: OpenConnection) -> bool:
        """Let a connection in; False when all others are being served."""
        if connection.network and self._of[connection.network] >= self.limits.of_one_network:
            room = self._send_away(one for one in self.inside if one.network == connection.network)
        else:
            room = len(self.inside) < self.limits.connections or self._send_away(self.inside)
        if room:
            self.inside.add(connection)
            self._of[connection.network] += 1
        return room

    def gone(self, connection: OpenConnection) -> None:
        if connection not in self.inside:
            return
        self.inside.remove(connection)
        self._sent.pop(connection, None)
        self.release(connection)
        self._of[connection.network] -= 1
        if not self._of[connection.network]:
            del self._of[connection.network]

    def hold(self, connection: OpenConnection, octets: int) -> None:
        """Count what came of a body; with too much of them the slowest of the greediest network goes."""
        connection.held += octets
        self.held += octets
        if self.held <= self.limits.bodies:
            return
        by_network: Counter[str] = Counter()
        for one in self.inside:
            by_network[one.network] += one.held
        coming = [
            (by_network[one.network], -one.body_since, one)
            for one in self.inside
            if one.body_since is not None
        ]
        _most, _since, slowest = max(coming, key=lambda one: one[:2], default=(0, 0.0, connection))
        self._end(slowest)

    def release(self, connection: OpenConnection) -> None:
        """Count its body no longer: the request was answered."""
        self.held -= connection.held
        connection.held = 0

    async def look_at_readers(self) -> None:
        """End what reads too slowly; asked for each `reader_seconds`.

        Sockets that stay open for hours are among them: one is too slow only while something waits for it.
        """
        least = self.limits.slowest_reader * self.limits.reader_seconds
        for one in tuple(self.inside):
            before, now = self._sent.get(one), one.sent()
            self._sent[one] = now
            if before and now.taken < before.given and now.taken - before.taken < least:
                log.info("connection ended, its client reads too slowly network=%s", one.network or "proxy")
                self.gone(one)
                one.stop_sending()

    def _send_away(self, some: Iterable[OpenConnection]) -> bool:
        """End the connection that has waited longest, of the network with most of them; False: all work."""
        waiting = [
            (self._of[one.network], -one.waits_since, one) for one in some if one.waits_since is not None
        ]
        if not waiting:
            return False
        _most, _since, longest = max(waiting, key=lambda one: one[:2])
        self._end(longest)
        return True

    def _end(self, connection: OpenConnection) -> None:
        self.gone(connection)
        connection.leave()
