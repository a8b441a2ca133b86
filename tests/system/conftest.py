"""Fixtures of the system tests: a hotline that is lent, a node of its own, and probes that are closed."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.node import Node, running_node
from tests.system.sip_probe import Probe
from tests.words import Listener, listener

LAST_LINES = 30
_BORROWED = pytest.StashKey[Hotlines]()
Probes = Callable[..., Probe]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that failed shows what the hotline and Asterisk wrote last, and which of them had ended."""
    report: pytest.TestReport = yield
    if report.failed:
        if (hotlines := item.stash.get(_BORROWED, None)) is not None:
            hotlines.spoil()
        for hotline in _given(item):
            report.sections.extend(_told(hotline))
    return report


def _given(item: pytest.Item) -> Iterator[Hotline]:
    given: dict[str, object] = getattr(item, "funcargs", {})
    for one in given.values():
        hotline = getattr(one, "hotline", one)
        if isinstance(hotline, Hotline):
            yield hotline
            return


def _told(hotline: Hotline) -> Iterator[tuple[str, str]]:
    for log in (hotline.log, hotline.settings.folders.asterisk / "log" / "messages"):
        if log.is_file():
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            yield f"end of {log.name}", "\n".join(lines[-LAST_LINES:])
    if (database := hotline.settings.folders.var / "hotline.db").is_file():
        with suppress(sqlite3.Error):  # a test that breaks its database
            yield "the line", "\n".join(_line(database))
    for name, process in (("Asterisk", hotline.node.process), ("the service", hotline.service)):
        if process is not None and process.returncode is not None:
            yield "ended", f"{name} had ended, with exit code {process.returncode}."


def _line(database: Path) -> Iterator[str]:
    """How dispatchers and places stand, whether nobody was ready or nobody waited; what callers met last."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for table in ("dispatchers", "queue_entries"):
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - two names of ours
                told = dict(row)
                told.pop("secret", None)
                yield f"{table}: {told}"
        last = connection.execute(
            "SELECT * FROM journey_steps ORDER BY at DESC, number DESC LIMIT ?", (LAST_LINES,)
        )
        for row in reversed(last.fetchall()):
            yield f"journey_steps: {dict(row)}"


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A running Asterisk with default settings; our service is away."""
    async with running_node(tmp_path) as one:
        yield one


@pytest.fixture
def probe() -> Iterator[Probes]:
    """Make probes: `probe(node, shown=…, address=…)`."""
    made: list[Probe] = []

    def make(node: Node, **options: str) -> Probe:
        made.append(Probe(port=node.settings.sip_port, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
async def all_hotlines(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotlines]:
    made = Hotlines(tmp_path_factory.mktemp("hotlines"))
    yield made
    await made.close()


@pytest.fixture
def hotlines(all_hotlines: Hotlines, request: pytest.FixtureRequest) -> Hotlines:
    """Hotlines to be lent: `async with hotlines.lent(HOTLINE_…=…) as hotline`."""
    request.node.stash[_BORROWED] = all_hotlines
    return all_hotlines


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """The whole hotline: Asterisk, service, spoken prompts; nobody on duty, and nothing has happened yet."""
    async with hotlines.lent() as one:
        yield one


@pytest.fixture(scope="session")
def listen(tmp_path_factory: pytest.TempPathFactory) -> Listener:
    """Whisper; only the quick check goes without it, and that runs no system tests."""
    return listener(tmp_path_factory.mktemp("whisper"))
