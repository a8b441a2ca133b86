"""Asks a running Kamailio over its socket: how its nodes are, and that one of them takes no new calls.

JSON-RPC in datagrams (Kamailio's module jsonrpcs).
"""

import asyncio
import re
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from attrs import define

from hotline.errors import HotlineError
from service.node.edge import CITIZENS_NODES
from telephony.desks.endpoints import DESK

ANSWERS_WITHIN = 5.0
_LARGEST = 65536
_OF_BOTH, _BY_TLS = "location", "tls-"
"""Where Kamailio keeps what a pair has in common; how the name of a desk phone begins that came by TLS."""
_ANSWERED = 2
"""Of a desk's calls; one that rings is 1."""


class EdgeAway(HotlineError):  # noqa: N818 - reads as what happened
    """Kamailio does not answer, or refuses; the message says how."""

    code: ClassVar[str] = "edge-away"


class EdgeRefuses(EdgeAway):
    """Kamailio answers, and does not do it."""


class NodeState(StrEnum):
    """How the edge holds a node to be."""

    TAKES_CALLS = "active"
    DOWN = "down"
    DRAINED = "drained"


_BY_FLAG = {
    "A": NodeState.TAKES_CALLS,
    "T": NodeState.TAKES_CALLS,
    "I": NodeState.DOWN,
    "D": NodeState.DRAINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSeen:
    """A node as the edge sees it. `calls` are those that it has given to it and that go on."""

    name: str
    uri: str
    state: NodeState
    calls: int


@define(eq=False, repr=False)
class EdgeControl:
    """Asks the Kamailio that listens on this socket."""

    _socket: Path

    async def nodes(self) -> Sequence[NodeSeen]:
        answer = await self._ask("dispatcher.list")
        sets = [one["SET"] for one in answer["RECORDS"]]
        return [_node(one["DEST"]) for found in sets for one in found["TARGETS"]]

    async def drain(self, name: str) -> None:
        """Let a node take no new calls; those that it has go on. Raises EdgeAway for an unknown one."""
        await self._set(name, "d")

    async def take_back(self, name: str) -> None:
        """Let a node take calls again."""
        await self._set(name, "ap")

    async def renew_certificate(self) -> None:
        """Have it read certificate and key anew: for who connects from now on. Connections go on.

        Raises EdgeRefuses where it does without, or cannot read them; it goes on with the former ones.
        """
        await self._ask("tls.reload")

    async def banned(self) -> Sequence[str]:
        """Give the addresses that are not heard now."""
        return await self._kept("banned")

    async def in_talk(self) -> Sequence[str]:
        """Give the desks, by extension, that talk, by its peer as well: no node's own queue rings them."""
        calls = await self._slots("desk_calls")
        return sorted({name.partition("::")[0] for name, value in calls if value == _ANSWERED})

    async def _kept(self, table: str) -> Sequence[str]:
        return [name for name, _value in await self._slots(table)]

    async def _slots(self, table: str) -> Sequence[tuple[str, Any]]:
        answer = await self._ask("htable.dump", table)
        return [(slot["name"], slot["value"]) for entry in answer or () for slot in entry["slot"]]

    async def registered(self) -> Sequence[str]:
        """Name the phones that this Kamailio knows, with those of its peer; none where it has no desks."""
        try:
            answer = await self._ask("ul.dump", "brief")
        except EdgeRefuses:
            return []
        found = [
            (one["Domain"]["Domain"], entry["AoR"])
            for one in answer["Domains"]
            for entry in one["Domain"]["AoRs"]
        ]
        # Of its peer's it is told also of those that can be reached by the peer alone.
        here = [name for domain, name in found if domain != _OF_BOTH or name.startswith(DESK)]
        return sorted(re.sub(f"^{_BY_TLS}", DESK, one) for one in here)

    async def _set(self, name: str, state: str) -> None:
        found = next((one for one in await self.nodes() if one.name == name), None)
        if found is None:
            raise EdgeAway(f"The edge has no node {name!r}.")
        await self._ask("dispatcher.set_state", state, CITIZENS_NODES, found.uri)

    async def _ask(self, method: str, *given: object) -> Any:
        loop, asked = asyncio.get_running_loop(), secrets.randbits(30)
        question = {"jsonrpc": "2.0", "method": method, "params": given, "id": asked}
        try:
            with self._opened() as one:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await loop.sock_sendall(one, msgspec.json.encode(question))
                    answer = msgspec.json.decode(await loop.sock_recv(one, _LARGEST))
        except OSError as error:  # TimeoutError is one
            raise EdgeAway(f"Kamailio does not answer on {self._socket}: {error or 'silent'}.") from error
        if "error" in answer:
            raise EdgeRefuses(f"Kamailio refuses {method}: {answer['error'].get('message')}.")
        return answer.get("result")

    @contextmanager
    def _opened(self) -> Iterator[socket.socket]:
        ours = self._socket.with_name(f"asks-{secrets.token_hex(4)}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
            one.settimeout(0)
            one.bind(str(ours))
            try:
                one.connect(str(self._socket))
                yield one
            finally:
                ours.unlink()


def _node(seen: Any) -> NodeSeen:
    runtime = seen.get("RUNTIME") or {}
    return NodeSeen(
        name=seen["ATTRS"]["DUID"],
        uri=seen["URI"],
        state=_BY_FLAG[seen["FLAGS"][0]],
        calls=int(runtime.get("DLGLOAD", 0)),
    )
