"""Decides that another Asterisk node is gone, and has what it was doing adopted here (docs/design/nodes.md).

A node is gone when its SIP address refuses what is sent there, or is silent after it had answered, and nobody
holds the node's right to serve: a node whose process died with Asterisk alive has callers still, and one
whose Asterisk cannot be heard from here may have them too. Looks are counted, not seconds: a process that
stood still takes no other node for gone. One that serves and does not answer is doubted: its address is
wrong, or the network between the two is cut, and that nobody holds its right for a moment means nothing then.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from attrs import define, field

from hotline.isolation import repeat, run_isolated
from service.settings.edge import SipAddress

ANSWERED_WITHIN = 0.5
"""Seconds in which an Asterisk that lives answers."""
EVERY_SECONDS = 0.5
"""Between two questions to one that answers."""
AGAIN_SECONDS = 0.1
"""Between two to one that does not."""
REFUSED_LOOKS = 2
"""Refusals in a row: the machine is there, and no Asterisk on it."""
SILENT_LOOKS = 4
"""Questions in a row, asked in 2.4 s, that one who had answered left without an answer."""
KNOWN_WITHIN = 30.0
"""Callers of a node that had not served for longer may have hung up by themselves: none is called at once."""
LEFT_TO_ITSELF = 120.0
"""Seconds for which such a node may come back and call them itself; then its dispatchers are freed."""
DOUBTED_AFTER = 10.0
"""Seconds for which a node serves that does not answer: longer than a dead one is told of as serving."""

log = logging.getLogger(__name__)


class Answer(StrEnum):
    """What comes of asking a node's Asterisk whether it is there."""

    THERE = "there"
    REFUSED = "refused"
    SILENT = "silent"


Asks = Callable[[SipAddress], Awaitable[Answer]]
Adopts = Callable[[str, bool], Awaitable[None]]
"""Takes a node that is gone, and whether its callers are called back at once."""


@define(eq=False, repr=False, kw_only=True)
class GoneNode:
    """What is known of one other node; `seconds` is a clock that never jumps."""

    _seconds: Callable[[], float]
    _refused: int = field(default=0, init=False)
    _silent: int = field(default=0, init=False)
    _answers: bool = field(default=False, init=False)
    """It has answered: its silence means something."""
    _unheard_since: float | None = field(default=None, init=False)
    _served_at: float | None = field(default=None, init=False)
    _gone_since: float | None = field(default=None, init=False)
    doubted: bool = field(default=False, init=False)
    """It serves, and its address does not answer: what comes from there tells nothing."""

    @property
    def gone(self) -> bool:
        return self._refused >= REFUSED_LOOKS or self._silent >= SILENT_LOOKS

    @property
    def calls_back(self) -> bool:
        """Whether enough is known of its last calls for calling those back who were cut off."""
        if not self._answers or self.doubted or self._gone_since is None or self._served_at is None:
            return False
        return self._gone_since - self._served_at <= KNOWN_WITHIN

    @property
    def is_adopted(self) -> bool:
        """Whether its calls are gone on with now, or at least freed."""
        if not self.gone or self._gone_since is None:
            return False
        away_since = max(self._gone_since, self._served_at or 0.0)
        return self.calls_back or self._seconds() - away_since >= LEFT_TO_ITSELF

    def looks(self, answer: Answer, *, serves: bool) -> None:
        """Take note of an answer, and of whether its process tells that it serves."""
        now = self._seconds()
        if answer is Answer.THERE:
            self._unheard_since, self.doubted = None, False
        elif self._unheard_since is None:
            self._unheard_since = now
        if serves:
            self._served_at = now
            if self._unheard_since is not None and now - self._unheard_since >= DOUBTED_AFTER:
                self.doubted = True
        match answer:
            case Answer.THERE:
                self._refused = self._silent = 0
                self._answers, self._gone_since = True, None
            case Answer.REFUSED:
                self._refused += 1
            case Answer.SILENT if self._answers:
                self._silent += 1
            case _:
                pass
        if self.gone and self._gone_since is None:
            self._gone_since = now


@define(eq=False, repr=False, kw_only=True)
class GoneNodes:
    """Looks at all other nodes of an edge, each by itself."""

    _nodes: Mapping[str, SipAddress]
    _serves: Callable[[str], bool]
    """Whether a node's process tells that it serves its callers."""
    _adopts: Adopts
    _asks: Asks
    _seconds: Callable[[], float] = field(factory=lambda: asyncio.get_running_loop().time)

    async def keep(self) -> None:
        """Look for ever."""
        async with asyncio.TaskGroup() as tasks:
            for node, address in self._nodes.items():
                tasks.create_task(self._follow(node, address), name=f"node {node}")

    async def _follow(self, node: str, address: SipAddress) -> None:
        known = GoneNode(seconds=self._seconds)

        async def adopt() -> None:
            failure = f"nobody goes on with what a gone node was doing node={node}"
            await run_isolated(lambda: self._adopts(node, known.calls_back), failure)

        async def asking() -> Answer:
            """Ask; while a node is gone that still has its lock, its end is not waited for by an answer."""
            asked = asyncio.ensure_future(self._asks(address))
            try:
                while known.is_adopted and not (await asyncio.wait([asked], timeout=AGAIN_SECONDS))[0]:
                    await adopt()
                return await asked
            finally:
                asked.cancel()

        async def look() -> None:
            answer, doubted = await asking(), known.doubted
            known.looks(answer, serves=self._serves(node))
            if known.doubted and not doubted:
                log.warning("node serves, its SIP address does not answer node=%s address=%s", node, address)
            if known.is_adopted:
                await adopt()
            if answer is Answer.THERE:
                await asyncio.sleep(EVERY_SECONDS - AGAIN_SECONDS)

        await repeat(look, every=AGAIN_SECONDS, failure=f"not looked whether a node is gone node={node}")


class _Asked(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        del data, addr
        self._came(Answer.THERE)

    def error_received(self, exc: Exception) -> None:
        self._came(Answer.REFUSED if isinstance(exc, ConnectionRefusedError) else Answer.SILENT)

    def _came(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


async def ask_by_options(address: SipAddress) -> Answer:
    """Ask by OPTIONS of SIP over UDP; whatever is answered, somebody is there."""
    loop = asyncio.get_running_loop()
    try:
        transport, asked = await loop.create_datagram_endpoint(
            _Asked, remote_addr=(address.host, address.port)
        )
    except OSError:  # no way there from here
        return Answer.SILENT
    try:
        host, port = transport.get_extra_info("sockname")
        transport.sendto(_options(address, f"{host}:{port}"))
        async with asyncio.timeout(ANSWERED_WITHIN):
            return await asked.answer
    except TimeoutError:
        return Answer.SILENT
    finally:
        transport.close()


def _options(address: SipAddress, here: str) -> bytes:
    named = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{address} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{named}",
        "Max-Forwards: 5",
        f"From: <sip:node@{here}>;tag={named}",
        f"To: <sip:{address}>",
        f"Call-ID: {named}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:node@{here}>",
        "Content-Length: 0",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
