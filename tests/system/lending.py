"""Hotlines that outlive a test: lent to one after another, each time as empty as at first.

A start (Asterisk and service) costs more than most tests do. Only a test that breaks a part of it starts a
hotline of its own (`tests.system.hotline.running_hotline`).
"""

import signal
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from service.node.local_node import free_ports
from telephony.phone.phone import Phone
from tests.system.at_rest import Emptied, at_rest
from tests.system.hotline import Hotline, started_hotline
from tests.system.invariants import no_crash
from tests.system.outside import PROVIDER, Outside

MOST = 2
"""So many stay up in one worker: a file of tests rarely needs more kinds."""

Kind = tuple[tuple[str, str], ...]


@dataclass(kw_only=True)
class Up:
    """A hotline that is up, and how to end it.

    While nobody has it, it stands still: an idle service and its Asterisk take 3 % of a core from the tests.
    """

    hotline: Hotline
    emptied: Emptied
    ending: AsyncExitStack

    def stand_still(self) -> None:
        self._tell(signal.SIGSTOP)

    async def go_on(self) -> None:
        self._tell(signal.SIGCONT)
        await self.hotline.ready()

    async def end(self) -> None:
        self._tell(signal.SIGCONT)
        await self.ending.aclose()

    def _tell(self, what: signal.Signals) -> None:
        for one in (self.hotline.node.process, self.hotline.service):
            if one is not None and one.returncode is None:
                one.send_signal(what)


@dataclass
class Hotlines:
    """All that are up in this worker, the one that was lent last at the end."""

    folder: Path
    _up: OrderedDict[Kind, Up] = field(default_factory=OrderedDict)
    _ports: dict[Kind, int] = field(default_factory=dict)
    """Where the provider is whom such a hotline calls: its Asterisk is told once."""
    _started: int = 0
    _spoilt: bool = False

    @asynccontextmanager
    async def lent(self, **environ: str) -> AsyncIterator[Hotline]:
        """Lend a hotline with these settings, in which nothing has happened yet.

        Afterwards it is brought to rest. It is ended when its test failed or ended a part of it.
        """
        kind = tuple(sorted(environ.items()))
        up = self._up.pop(kind, None) or await self._start(environ)
        self._spoilt = False
        sound = False
        try:
            await up.go_on()
            yield up.hotline
            no_crash(up.hotline)
            if not self._spoilt and up.hotline.is_up:
                await at_rest(up.hotline)
                await up.emptied.again()
                sound = True
        finally:
            if sound:
                up.stand_still()
                self._up[kind] = up
                await self._keep_few()
            else:
                await up.end()

    @asynccontextmanager
    async def calling_outside(self, **environ: str) -> AsyncIterator[Outside]:
        """Lend a hotline with a trunk, and the provider at its other end."""
        kind = tuple(sorted(environ.items()))
        port = self._ports[kind] = self._ports.get(kind) or _free_port()
        given = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(port), **environ}
        async with self.lent(**given) as hotline, Phone(PROVIDER, port, user="provider") as provider:
            yield Outside(hotline=hotline, provider=provider)

    def spoil(self) -> None:
        """The test that has one now failed: its hotline is not lent again."""
        self._spoilt = True

    async def close(self) -> None:
        while self._up:
            _, up = self._up.popitem()
            await up.end()

    async def _start(self, environ: dict[str, str]) -> Up:
        self._started += 1
        async with AsyncExitStack() as starting:
            folder = self.folder / str(self._started)
            hotline = await starting.enter_async_context(started_hotline(folder, **environ))
            return Up(hotline=hotline, emptied=await Emptied.of(hotline), ending=starting.pop_all())

    async def _keep_few(self) -> None:
        while len(self._up) > MOST:
            _, oldest = self._up.popitem(last=False)
            await oldest.end()


def _free_port() -> int:
    with free_ports(1) as (port,):
        return port
