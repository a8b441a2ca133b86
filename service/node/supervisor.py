"""Keeps Asterisk and the service running side by side: one command starts both, one signal ends both."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from service.ending import BEGIN_ANEW, ENDING_SECONDS, SUPERVISED
from service.node import asterisk_node
from service.node.watchdog import Watchdog, watchdog
from service.node.welcome import welcome
from service.settings.settings import Settings
from storage.calls.journal import CLOSING_SECONDS

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0
"""A program that ran this long, in seconds, was well: its next start need not wait longer than the first."""
PATIENCE = ENDING_SECONDS + CLOSING_SECONDS
"""Seconds from SIGTERM to SIGKILL: more than the service needs to end, its journal closed or spilled."""
BOUND_TO_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""A supervisor that is killed outright must leave no program behind on the ports of its successor."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One child process: `argv` as given to exec, `name` as in the log."""

    name: str
    argv: Sequence[str]
    watched: bool = False
    """It sends beats (`service.node.watchdog`), and is restarted when it falls silent."""
    before: Callable[[], None] | None = None
    """The supervisor calls this each time before it starts the program."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Variables of its environment that others have not."""
    anew: Callable[[], None] | None = None
    """The supervisor calls this when the program ended with `BEGIN_ANEW`."""
    ended_by: signal.Signals = signal.SIGTERM
    """The signal by which it is told to end."""


async def run(settings: Settings) -> int:
    """Run the hotline until SIGINT, SIGTERM or SIGHUP; the exit code. Raises SettingsError at once.

    It is `BEGIN_ANEW` when the service asks for it: its settings are to be read once more.
    """
    asterisk_node.prepare(settings)
    each_start = partial(asterisk_node.before_a_start, settings)
    asterisk = Program(name="asterisk", argv=asterisk_node.program(settings), before=each_start)
    anew = asyncio.Event()
    with stop_signals() as stop:

        def begin_anew() -> None:
            anew.set()
            stop.set()

        programs = (asterisk, _service(begin_anew))
        async with asyncio.TaskGroup() as tasks:
            greeting = tasks.create_task(welcome(settings))
            await supervise(programs, stop)
            greeting.cancel()
    return BEGIN_ANEW if anew.is_set() else 0


async def run_service(roles: Sequence[str] = ()) -> int:
    """Run the service alone until SIGINT, SIGTERM or SIGHUP, for where something else runs Asterisk.

    With `roles` it is one process of several.
    """
    with stop_signals() as stop:
        await supervise((_service(roles=roles),), stop)
    return 0


def _service(anew: Callable[[], None] | None = None, roles: Sequence[str] = ()) -> Program:
    told = {SUPERVISED: "1"} if anew else {}
    argv = (str(hotline_command()), "serve", *(("--role", ",".join(roles)) if roles else ()))
    return Program(name="service", argv=argv, watched=True, told=told, anew=anew)


async def supervise(programs: Sequence[Program], stop: asyncio.Event) -> None:
    """Keep every program running until `stop`; then end them one by one, the last one first."""
    async with asyncio.TaskGroup() as tasks:
        keepers = [tasks.create_task(keep(program)) for program in programs]
        await stop.wait()
        for keeper in reversed(keepers):
            keeper.cancel()
            await asyncio.wait([keeper])


async def keep(program: Program) -> None:
    """Start the program again whenever it ends, ever more slowly if it keeps ending; cancelling ends it."""
    clock = asyncio.get_running_loop().time
    pause = FIRST_PAUSE
    while True:
        began = clock()
        ending = await _run_once(program)
        if program.anew is not None and ending == f"code={BEGIN_ANEW}":
            log.info("to begin anew program=%s", program.name)
            program.anew()
            return
        if clock() - began >= STEADY_AFTER:
            pause = FIRST_PAUSE
        log.warning("ended program=%s %s restart_in=%.1fs", program.name, ending, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _run_once(program: Program) -> str:
    """Run the program to its end, and say how it ended, as `key=value`."""
    if program.before is not None:
        program.before()
    with watchdog() as dog:
        try:
            # A session of its own: Ctrl-C in the terminal reaches us alone, and we end the programs in order.
            process = await asyncio.create_subprocess_exec(
                *BOUND_TO_US,
                *program.argv,
                env={**os.environ, **program.told, **(dog.environ if program.watched else {})},
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"error={error.strerror!r}"
        log.info("started program=%s pid=%d", program.name, process.pid)
        try:
            if program.watched:
                return await _ended(program, process, dog)
            return f"code={await process.wait()}"
        finally:
            if process.returncode is None:
                await _end(program, process)
            with contextlib.suppress(
                ProcessLookupError
            ):  # what it began would hold the ports of its successor
                os.killpg(process.pid, signal.SIGKILL)


async def _ended(program: Program, process: asyncio.subprocess.Process, dog: Watchdog) -> str:
    """Wait for its end; one that is hung is killed."""
    ended = asyncio.create_task(process.wait())
    hung = asyncio.create_task(dog.hung(process.pid))
    try:
        await asyncio.wait({ended, hung}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return f"code={ended.result()}"
        log.error("hung, killed program=%s pid=%d", program.name, process.pid)
        os.killpg(process.pid, signal.SIGKILL)
        return f"hung code={await ended}"
    finally:
        ended.cancel()
        hung.cancel()


async def _end(program: Program, process: asyncio.subprocess.Process) -> None:
    process.send_signal(program.ended_by)
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        log.warning("killed program=%s pid=%d after=%.0fs", program.name, process.pid, PATIENCE)
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    log.info("stopped program=%s code=%d", program.name, process.returncode)


@contextlib.contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """Set the yielded event when a signal tells this process to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def hotline_command() -> Path:
    """Name the `hotline` command of the environment that we run in."""
    return Path(sys.executable).with_name("hotline")
