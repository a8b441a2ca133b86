"""One line for callers of several Asterisk nodes: each node pairs its own, and none out of turn."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from hotline.line.presence_states import Presence
from storage.line.line import StoredLine
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON, Cluster, FixedClock, cluster, migrated_postgres

__all__ = ["cluster", "migrated_postgres"]
A1, A2, B1, B2 = "hotline-a-1.1", "hotline-a-1.2", "hotline-b-1.1", "out-back-1-hotline-b-1.2.b"


@pytest.fixture
async def storage(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[Storage]:
    cluster.empty()
    async with open_storage(migrated_postgres, FixedClock()) as one:
        yield one


def _line(storage: Storage, node: str, *others: str) -> StoredLine:
    line = StoredLine(storage.database, node)
    line.beside(lambda: others)
    return line


async def _ready(storage: Storage, *extensions: str) -> None:
    for extension in extensions:
        one = await storage.dispatchers.add(extension, extension, "s", frozenset())
        await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)


async def _enter(storage: Storage, *calls: str) -> None:
    for place, call_id in enumerate(calls):
        await storage.line.enter(call_id, at=NOON + timedelta(seconds=place))


async def _paired(line: StoredLine) -> str | None:
    offer = await line.pair(NOON + timedelta(minutes=1))
    return None if offer is None else offer.call_id


async def test_whoever_is_first_is_paired_by_their_own_node_and_the_other_leaves_them_to_it(
    storage: Storage,
) -> None:
    a, b = _line(storage, "a", "b"), _line(storage, "b", "a")
    await _enter(storage, B1, A1, A2, B2)
    await _ready(storage, "201", "202", "203")
    assert [await _paired(a), await _paired(b), await _paired(b)] == [None, B1, None]
    assert [await _paired(a), await _paired(a)] == [A1, A2]
    await _ready(storage, "204")
    assert [await _paired(a), await _paired(b)] == [None, B2]


async def test_callers_of_a_node_that_does_not_serve_hold_up_nobody_and_keep_their_places(
    storage: Storage,
) -> None:
    await _enter(storage, B1, A1)
    await _ready(storage, "201", "202")
    assert await _paired(_line(storage, "a")) == A1
    assert await _paired(_line(storage, "b", "a")) == B1


async def test_two_nodes_that_pair_at_once_give_no_dispatcher_two_callers(storage: Storage) -> None:
    a, b = _line(storage, "a", "b"), _line(storage, "b", "a")
    await _enter(storage, A1, B1)
    await _ready(storage, "201")
    found = await asyncio.gather(*(_paired(line) for line in (a, b) * 4))
    assert [one for one in found if one] == [A1]
