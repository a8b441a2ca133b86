"""What is so for all tests: which are left for the night, which begin first, and what all need is made once.

Property tests try the same 20 cases each time, so that a check that passed passes again. With the variable
HOTLINE_HYPOTHESIS they try others each time: `nightly` 300, `searching` 2000.
"""

import _signal
import asyncio.runners
import gc
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from hypothesis import settings

from tests.effort import BY_NIGHT
from tests.fakes.compiled import compile_once
from tests.fakes.databases import close_kept
from tests.fakes.forked_programs import FORKED, PROGRAMS, UNBOUND, truly_begun
from tests.fakes.kept_files import keep_connections
from tests.fakes.made_once import share_in
from tests.fakes.warmed import COMPILED, share_templates, warm
from tests.lots import put_in_order
from tests.prepared import await_prepared
from tests.system.browser import BROWSERS
from tests.system.forked import FORGE

pytest_plugins = ("tests.engines", "tests.workers")

settings.register_profile("seeded", derandomize=True, deadline=None, max_examples=20)
settings.register_profile("nightly", deadline=None, max_examples=300)
settings.register_profile("searching", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HOTLINE_HYPOTHESIS", "seeded"))

SHOWN = 25
MANY = 1000
"""From so many tests on, each worker comes to what is warmed for all."""
MANY_OF_SYSTEM = 30
"""From so many system tests on, their services begin warmed up; who runs one of them does not wait for it."""
YOUNG_OBJECTS = 20_000
"""So many are made before the garbage collector looks: with Python's own 700 it takes a part of each test."""
ON_BOTH = frozenset(
    {
        *("appeals/at_once", "appeals/handling", "appeals/registry"),
        *("calls/cel_cursor", "calls/journal", "calls/log"),
        *("city_data/documents", "core/migrations", "core/schema", "core/writes"),
        *("delivery/outbox", "desk/finding"),
        *("dialling/campaigns", "dialling/jobs", "dialling/notices"),
        "informing/orders",
        *("line/callbacks", "line/line", "line/progressive", "line/scheduled_callbacks", "line/skills"),
        "surveys/completion",
    }
)
"""Tests of storage, by room and name, whose SQL, locks or claims the two databases see differently."""
ONE_ON_BOTH = {"appeals/killed": "assign"}
"""Of these files the tests with this parameter: an act that is killed is kept whole by both or not at all."""


def pytest_configure() -> None:
    gc.disable()  # until all is imported and collected, of which nothing goes again
    compile_once()
    keep_connections()
    # For each fixture it changes a handler, which `signal` would first seek in an enum of its own, and
    # tell of the whole task in the error that it is not there.
    asyncio.runners.signal = _signal  # type: ignore[attr-defined]


def pytest_collection_finish() -> None:
    gc.freeze()  # without a look at it all, which takes each worker as long as many tests
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_second_database(item) and not _differs(item):
            item.add_marker(pytest.mark.nightly)
    put_in_order(items)


def _is_second_database(item: pytest.Item) -> bool:
    parameters = _parameters(item)
    return "postgresql" in (parameters.get("url"), parameters.get("bare_url"))


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    call = getattr(item, "callspec", None)
    return {} if call is None else call.params


def _differs(item: pytest.Item) -> bool:
    room, name = item.path.parent, item.path.stem.removeprefix("test_")
    if room.parent.name != "storage":
        return False
    file = f"{room.name}/{name}"
    return file in ON_BOTH or (file in ONE_ON_BOTH and ONE_ON_BOTH[file] in _parameters(item).values())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which files took longest, in the form of `longest.txt`."""
    taken: dict[str, float] = defaultdict(float)
    for report in (one for some in terminalreporter.stats.values() for one in some):
        if isinstance(report, pytest.TestReport):
            taken[report.nodeid.partition("::")[0].removeprefix("tests/")] += report.duration
    if len(taken) > 1:
        terminalreporter.section("files that took longest")
        for name in sorted(taken, key=taken.__getitem__, reverse=True)[:SHOWN]:
            terminalreporter.write_line(f"{taken[name]:.0f} {name}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    folder = factory.getbasetemp()
    share_in(folder)
    share_templates(folder / COMPILED)
    if session.config.option.workers:
        PROGRAMS.begin(folder, UNBOUND if BY_NIGHT else FORKED)
    if of_system := sum(item.get_closest_marker("system") is not None for item in session.items):
        FORGE.begin(folder, warm=of_system >= MANY_OF_SYSTEM)
    if (forking := sys.modules.get("tests.fakes.forking")) and session.config.option.workers:
        forking.share_forks(folder / "forked.log")
    if session.config.option.workers and len(session.items) >= MANY:
        warm()
    await_prepared()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let no telephone of a system test fall silent in the middle of a word.

    Its sound is sent by the worker's own loop, for which the garbage collector may take a second.
    """
    if (of_system := item.get_closest_marker("system")) is not None:
        gc.disable()
    try:
        yield
    finally:
        if of_system is not None:
            gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    FORGE.end()
    PROGRAMS.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report: pytest.TestReport = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped: {report.longrepr}"
    return report


@pytest.fixture
def true_programs() -> Iterator[None]:
    """Begin programs as the hotline does (`tests.fakes.forked_programs`)."""
    with truly_begun():
        yield


@pytest.fixture(scope="session", autouse=True)
async def _opened() -> AsyncIterator[None]:
    """What tests opened is closed with the worker."""
    yield
    await BROWSERS.close()
    await FORGE.close()
    await close_kept()
