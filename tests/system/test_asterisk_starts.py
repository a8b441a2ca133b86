"""Asterisk with our configuration: silent at start, closed to strangers, and a host by itself."""

import pytest

from tests.system.node import running_node

pytestmark = pytest.mark.system


async def test_it_starts_without_a_warning(tmp_path):
    async with running_node(tmp_path) as node:
        assert (await node.ask("GET", "asterisk/ping"))["ping"] == "pong"
        assert node.complaints == []
