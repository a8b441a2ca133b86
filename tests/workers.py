"""Workers of a session of tests: `-n 8` forks eight when all is imported and collected, once for all of them.

Each takes the next file, or files that belong together (`tests.lots`), when it begins the last test of
those before. Some take those that compute first, the others those in a folder `system`, which mostly wait: no
processor is idle while there is work left.
What a worker that died leaves undone is done by one more; after a second death the session has failed.
"""

import os
import random
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from _pytest._io import TerminalWriter

from tests.lots import LOT, SYSTEM

TICKET_BYTES = 4
COMPUTE_FIRST = 2
"""Every second worker: with four that wait and four that compute neither processor is idle at first."""
DEATHS = 1
"""So many workers may die before the session has failed."""
ENDING_SECONDS = 60
"""So long a worker that was told to stop may close what it has opened."""

INTERRUPTED = 130
"""The exit code of a worker that was stopped from the keyboard."""

Place = tuple[str, int | None, str]


def pytest_addoption(parser: pytest.Parser) -> None:
    # pytest keeps short names for itself and its plugins; this one is what everybody's fingers know.
    parser.getgroup("workers")._addoption(
        "-n", dest="workers", type=int, default=0, metavar="COUNT", help="run the tests in so many workers"
    )


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    count = session.config.getoption("workers")
    if not count or session.testsfailed or session.config.option.collectonly:
        return None
    Workers(session, count).run()
    return True


@dataclass
class Worker:
    process: ForkProcess
    test: tuple[str, Place] | None = None
    """The one that it runs."""


class Workers:
    """The session's side: forks them, and reports what they tell as if the tests ran here."""

    def __init__(self, session: pytest.Session, count: int) -> None:
        self._session = session
        self._count = count
        self._begun = 0
        self._deaths = 0
        self._stopped = get_context("fork").Event()
        self._done: set[str] = set()

    def run(self) -> None:
        left: Sequence[pytest.Item] = self._session.items
        count = self._count
        while left and self._deaths <= DEATHS:
            self._run(left, count)
            left = [item for item in left if item.nodeid not in self._done]
            count = 1
        if left:  # no failure, which would be tried once more: who reads "passed" must know that all have run
            names = "\n".join(item.nodeid for item in left)
            raise self._session.Interrupted(f"{self._deaths} workers died. Not run:\n{names}")

    def _run(self, items: Sequence[pytest.Item], count: int) -> None:
        """Have workers do all these tests, or as many as they live for."""
        files = [list(file) for _, file in groupby(items, key=lambda item: item.stash.get(LOT, item.path))]
        waiting, computing = (
            _offered([at for at, file in enumerate(files) if _waits(file) is kind]) for kind in (True, False)
        )
        running: dict[Connection, Worker] = {}
        try:
            for number in range(min(count, len(files))):
                computes = number % COMPUTE_FIRST == 1
                heard, worker = self._fork(files, (computing, waiting) if computes else (waiting, computing))
                running[heard] = worker
            while running:
                for told in wait(list(running)):
                    assert isinstance(told, Connection)
                    try:
                        self._tell(running[told], *told.recv())
                    except EOFError:
                        self._ended(running.pop(told))
                if self._session.shouldfail or self._session.shouldstop:
                    self._stopped.set()
        finally:
            os.close(waiting)
            os.close(computing)
            if running:
                self._stop(running)
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)

    def _stop(self, running: dict[Connection, Worker]) -> None:
        """Leave no worker behind, whatever ended the session: each may finish its test and close all."""
        self._stopped.set()
        ends = time.monotonic() + ENDING_SECONDS
        while running and (heard := wait(list(running), max(0.0, ends - time.monotonic()))):
            for told in heard:
                assert isinstance(told, Connection)
                try:
                    told.recv()  # and nothing more is made of it: unheard, the worker would wait
                except EOFError:
                    running.pop(told).process.join()
        for worker in running.values():
            worker.process.kill()
            worker.process.join()

    def _fork(
        self, files: Sequence[Sequence[pytest.Item]], tickets: Sequence[int]
    ) -> tuple[Connection, Worker]:
        name = f"gw{self._begun}"
        self._begun += 1
        heard, told = get_context("fork").Pipe(duplex=False)
        process = get_context("fork").Process(
            target=_work,
            args=(self._session, name, _taken(files, tickets), told, self._stopped),
            name=name,
        )
        with warnings.catch_warnings():  # numpy has threads, and sees to them itself when a process is forked
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        told.close()
        return heard, Worker(process)

    def _tell(self, worker: Worker, what: str, told: Mapping[str, Any]) -> None:
        hook = self._session.config.hook
        if what == "logreport":
            report = hook.pytest_report_from_serializable(config=self._session.config, data=told)
            hook.pytest_runtest_logreport(report=report)
            return
        test = told["nodeid"], told["location"]
        if what == "logstart":
            worker.test = test
            hook.pytest_runtest_logstart(nodeid=test[0], location=test[1])
        else:
            worker.test = None
            self._done.add(test[0])
            hook.pytest_runtest_logfinish(nodeid=test[0], location=test[1])

    def _ended(self, worker: Worker) -> None:
        worker.process.join()
        if worker.process.exitcode == 0:
            return
        self._deaths += 1
        if worker.test is None:
            return
        nodeid, location = worker.test
        self._done.add(nodeid)
        report = pytest.TestReport(
            nodeid=nodeid,
            location=location,
            keywords={},
            outcome="failed",
            longrepr=f"The worker died while it ran this test; its exit code is {worker.process.exitcode}.",
            when="call",
        )
        self._session.config.hook.pytest_runtest_logreport(report=report)


class Teller:
    """The worker's side: tells the session how each test begins, goes and ends."""

    def __init__(self, config: pytest.Config, told: Connection) -> None:
        self._config = config
        self._told = told

    def pytest_runtest_logstart(self, nodeid: str, location: Place) -> None:
        self._told.send(("logstart", {"nodeid": nodeid, "location": location}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._told.send(("logreport", data))

    def pytest_runtest_logfinish(self, nodeid: str, location: Place) -> None:
        self._told.send(("logfinish", {"nodeid": nodeid, "location": location}))


def _work(
    session: pytest.Session, name: str, tests: Iterator[pytest.Item], told: Connection, stopped: Event
) -> None:
    """Do the tests in this process, which was just forked."""
    config = session.config
    random.seed()
    _own_folder(config, name)
    _own_output(config)
    config.pluginmanager.register(Teller(config, told))
    test = next(tests, None)
    try:
        while test is not None and not (stopped.is_set() or session.shouldfail or session.shouldstop):
            following = next(tests, None)  # what it does not need is closed after this one
            config.hook.pytest_runtest_protocol(item=test, nextitem=following)
            test = following
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None  # the session says it, once for all
    finally:
        session._setupstate.teardown_exact(None)


def _waits(file: Sequence[pytest.Item]) -> bool:
    return file[0].path.parent.name == SYSTEM


def _offered(numbers: Iterable[int]) -> int:
    """Give the end of a pipe at which each worker takes the next of these numbers."""
    tickets, offered = os.pipe()
    os.write(offered, b"".join(number.to_bytes(TICKET_BYTES, "little") for number in numbers))
    os.close(offered)  # before anybody is forked: the pipe ends with the last ticket
    return tickets


def _taken(files: Sequence[Sequence[pytest.Item]], tickets: Sequence[int]) -> Iterator[pytest.Item]:
    """Give the tests of files that nobody else has taken, of the first kind as long as there are any."""
    for kind in tickets:
        while ticket := os.read(kind, TICKET_BYTES):
            yield from files[int.from_bytes(ticket, "little")]


def _own_folder(config: pytest.Config, name: str) -> None:
    factory: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    folder: Path = factory.getbasetemp() / name
    folder.mkdir(mode=0o700)
    factory._basetemp = folder


def _own_output(config: pytest.Config) -> None:
    """Capture what tests write in files of our own; what pytest would say is said by the session."""
    capture = config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    terminal = config.pluginmanager.getplugin("terminalreporter")
    assert terminal is not None
    terminal._tw = TerminalWriter(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for ever
