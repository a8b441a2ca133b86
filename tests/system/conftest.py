"""Fixtures of the system tests: a node that lives as long as one test, and probes closed after it."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.system.hotline import Hotline, running_hotline
from tests.system.node import Node, running_node
from tests.system.sip_probe import Probe

Probes = Callable[..., Probe]


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


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[Hotline]:
    """The whole hotline running: Asterisk, service, spoken prompts; nobody on duty yet."""
    async with running_hotline(tmp_path) as one:
        yield one
