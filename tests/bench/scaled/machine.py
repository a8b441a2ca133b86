"""Machines in one: each is a thread in a network of its own, and so is whatever it starts.

What belongs together speaks by loopback, as on a machine of its own; all else goes through the city's router,
which is this process's own network. Nothing of it is left when the process ends.
"""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from hotline.errors import HotlineError
from service.node.supervisor import Program, keep
from tests.bench import process
from tests.bench.clock import Clock
from tests.bench.scaled.apart import own_network
from tests.bench.scaled.wire import Wire, tun

Result = TypeVar("Result")

ROUTER = "10.77.0.1"
DISK_BYTES = 64 << 30
"""Of a machine's disk, which is in memory and takes no more of it than is written."""
OWN = "lo"
"""Where its addresses are: a cable that loses its last one loses its routes, too."""
_GOOD, _BAD = "eth0", "wire"
"""Its cables, as it calls them itself."""


class NotMade(HotlineError):  # noqa: N818 - reads as what happened
    """A network could not be set up; the message holds what was asked of the kernel, and its answer."""

    code = "not-made"


class Machine:
    """One machine of the hotline: `name` is also that of its cable at the router."""

    def __init__(self, name: str, address: str, folder: Path) -> None:
        self.name, self.address, self.folder = name, address, folder
        self.clock: Clock
        self.follows_clock = True
        self.ends_at_once = False
        """Its programs get no last word when the machine is ended."""
        self.cable = f"v-{name}"
        """The device at the router that leads to it now."""
        self.moved_here: set[str] = set()
        """Further addresses that the router leads to it."""
        self.is_cut = False
        self._loop = asyncio.new_event_loop()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._network: Path | OSError | HotlineError = Path()
        self._programs: list[Program] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._wire: Wire
        self._thread_id = 0

    async def does(self, act: Coroutine[Any, Any, Result]) -> Result:
        """Have something done on this machine: in its network, and by its own loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(act, self._loop))

    async def keeps(self, program: Program) -> None:
        """Keep a program running there until the machine is ended."""
        self._programs.append(program)
        await self.does(self._keep(program))

    async def power_off(self) -> None:
        """Take its power away: nobody is told, and nothing runs there until it has power again."""
        await self.cut_off()
        self.signal_all(signal.SIGKILL)
        await self.does(self._end_programs())
        self.signal_all(signal.SIGKILL)
        for address in filter(self.has, {*self.moved_here}):  # a machine that begins has its own alone
            await self.does(run("ip", "addr", "del", f"{address}/32", "dev", OWN))

    async def power_on(self) -> None:
        await self.well()
        for program in self._programs:
            await self.does(self._keep(program))

    def pid(self, word: str) -> int:
        """Give the number of its program whose command line holds this word, or a file of this name.

        Raises ProcessLookupError.
        """
        for number in self.pids():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                words = Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8").split("\0")
                if any(one.rpartition("/")[2] == word for one in words):
                    return number
        raise ProcessLookupError(f"{self.name} has no program {word!r}.")

    def pids(self) -> Sequence[int]:
        """Give the numbers of all its programs."""
        return process.children(os.getpid(), thread=self._thread_id)

    def signal_all(self, what: signal.Signals) -> None:
        """Send it to everything that runs there."""
        for one in self.all_pids():
            with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                os.kill(one, what)

    def all_pids(self) -> Sequence[int]:
        """Give the numbers of all that runs there, also of what its programs have let go of."""
        return process.in_network(Path(f"/proc/{self._thread_id}/ns/net"))

    def has(self, address: str) -> bool:
        """Tell whether an address is its own at the moment."""
        known = Path(f"/proc/self/task/{self._thread_id}/net/fib_trie").read_text(encoding="ascii")
        return f"|-- {address}\n" in known

    async def is_led_to(self, address: str) -> None:
        """Have the router lead an address here, by whichever cable there is."""
        self.moved_here.add(address)
        await run("ip", "route", "replace", address, "dev", self.cable)

    @property
    def lost(self) -> int:
        """Packets to it and from it that went nowhere."""
        return self._wire.lost

    async def fill_disk(self) -> None:
        """Leave no room on its disk: it becomes as large as what is on it."""
        disk = os.statvfs(self.folder)
        await self._resize((disk.f_blocks - disk.f_bfree) * disk.f_frsize)

    async def empty_disk(self) -> None:
        await self._resize(DISK_BYTES)

    async def _resize(self, size: int) -> None:
        with contextlib.suppress(NotMade):  # more was written meanwhile: there is no less room than before
            await run("mount", "-o", f"remount,size={size}", str(self.folder))

    async def cut_off(self) -> None:
        """Pull its cable: nothing reaches it and nothing leaves it, and nobody is told."""
        self._wire.broken = self.is_cut = True
        await self._over(f"w-{self.name}", _BAD)

    async def delay(self, seconds: float) -> None:
        """Have what leaves it come late."""
        self._wire.late = seconds
        await self._over(f"w-{self.name}", _BAD)

    async def well(self) -> None:
        """Give it its good cable back."""
        await self._over(f"v-{self.name}", _GOOD)
        self._wire.late, self._wire.broken = 0.0, False
        self.is_cut = False

    async def _over(self, at_router: str, here: str) -> None:
        self.cable = at_router
        for address in (self.address, *self.moved_here):
            await run("ip", "route", "replace", address, "dev", at_router)
        await self.does(run("ip", "route", "replace", "default", *self._way(here)))

    def _way(self, device: str) -> Sequence[str]:
        through = ("via", ROUTER) if device == _GOOD else ()
        return (*through, "dev", device, *(("onlink",) if through else ()), "src", self.address)

    async def begin(self) -> None:
        """Begin it and lay its cable, and a bad one beside it."""
        self._thread.start()
        await asyncio.to_thread(self._begun.wait)
        if isinstance(self._network, Exception):
            raise self._network
        at_router, bad = f"v-{self.name}", f"w-{self.name}"
        ends = ("type", "veth", "peer", "name", _GOOD, "netns", str(self._thread_id))
        await run("ip", "link", "add", at_router, *ends)
        self._wire = Wire(machine=await self.does(self._network_set_up()), city=tun(bad))
        for one in (at_router, bad):
            await run("ip", "link", "set", one, "up")
        await run("ip", "route", "replace", self.address, "dev", at_router)
        self._wire.connect()
        self.folder.mkdir()
        disk = f"size={DISK_BYTES},mode=0755"
        await run("mount", "-t", "tmpfs", "-o", disk, "hotline-bench", str(self.folder))
        self.clock = Clock(self.folder)

    async def end(self) -> None:
        """End its programs, the last one first, then the machine itself."""
        if self.ends_at_once:
            self.signal_all(signal.SIGKILL)
        await self.does(self._end_programs())
        self.signal_all(signal.SIGKILL)
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._wire.close()
        await run("umount", "-l", str(self.folder))

    async def _network_set_up(self) -> int:
        allow_any_way()
        await run("ip", "link", "set", "lo", "up")
        await run("ip", "addr", "add", f"{self.address}/32", "dev", OWN)
        await run("ip", "link", "set", _GOOD, "up")
        bad = tun(_BAD)
        await run("ip", "link", "set", _BAD, "up")
        await run("ip", "route", "replace", "default", *self._way(_GOOD))
        return bad

    async def _keep(self, program: Program) -> None:
        self._keepers.append(asyncio.create_task(keep(program)))

    async def _end_programs(self) -> None:
        while self._keepers:
            keeper = self._keepers.pop()
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    def _live(self) -> None:
        self._thread_id = threading.get_native_id()
        try:
            self._network = own_network()
        except HotlineError as error:
            self._network = error
            self._begun.set()
            return
        asyncio.set_event_loop(self._loop)
        self._begun.set()
        self._loop.run_forever()
        self._loop.close()


@asynccontextmanager
async def city(
    folder: Path, machines: Sequence[tuple[str, str]], *own: str
) -> AsyncIterator[dict[str, Machine]]:
    """Set up the router, with these further addresses of its own, and each machine, by name and address.

    The process must be apart from the machine it runs on already.
    """
    await by_loopback()
    for one in (ROUTER, *own):
        await run("ip", "addr", "add", f"{one}/32", "dev", "lo")
    allow_any_way()
    forward()
    made: dict[str, Machine] = {}
    try:
        for name, address in machines:
            made[name] = Machine(name, address, folder / name)
            await made[name].begin()
        yield made
    finally:
        for machine in reversed(made.values()):
            await machine.end()


async def by_loopback() -> None:
    """Let programs of this process's own network reach one another; what it mounts is nobody else's."""
    await run("mount", "--make-rprivate", "/")
    await run("ip", "link", "set", "lo", "up")


def forward() -> None:
    """Have this thread's network pass packets on, as a router does."""
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1", encoding="ascii")


def allow_any_way() -> None:
    """Have packets taken by whichever cable they come: a bad one carries one direction first."""
    for name in ("all", "default"):
        Path(f"/proc/sys/net/ipv4/conf/{name}/rp_filter").write_text("0", encoding="ascii")


async def run(*command: str) -> None:
    """Run a command to its end; raises NotMade."""
    made = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await made.communicate()
    if made.returncode:
        raise NotMade(f"{' '.join(command)}: {said.decode(errors='replace').strip()}")
