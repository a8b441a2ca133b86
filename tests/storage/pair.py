"""A PostgreSQL and its standby, over whom nobody watches: the test itself lets the standby take over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.fakes.made_once import made_once
from tests.storage.conftest import Cluster, copy_data, make_cluster, placed

_BOTH = ("-c", "wal_level=replica", "-c", "hot_standby=on")
_ACKNOWLEDGED = ("-c", "synchronous_standby_names='*'")
"""Nothing is committed before the standby has it on its disk."""


@dataclass
class Pair:
    """Both have the database `hotline` of the newest schema."""

    first: Cluster
    second: Cluster

    def url(self, database: str = "hotline") -> str:
        hosts = "&".join(f"host={one.folder}:5432" for one in (self.first, self.second))
        return f"postgresql://postgres@/{database}?{hosts}"

    def follows(self) -> bool:
        """Whether the standby has all that the first acknowledges."""
        return self.first.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1\n"

    def kill_first(self) -> None:
        self.first.kill()

    def promote(self) -> None:
        self.second.run("pg_ctl", "promote", "-w", "-D", str(self.second.data))


@contextmanager
def running_pair() -> Iterator[Pair]:
    with placed() as first, placed() as second:
        copy_data(made_once("postgres", make_cluster), first.data)
        first.start(more=(*_BOTH, *_ACKNOWLEDGED))
        one = Pair(first, second)
        try:
            second.run(
                "pg_basebackup", "-h", str(first.folder), "-U", "postgres", "-D", str(second.data), "-R"
            )
            second.start(more=_BOTH)
            while not one.follows():
                time.sleep(0.05)
            yield one
        finally:
            for cluster in (first, second):
                cluster.end()


@pytest.fixture
def pair() -> Iterator[Pair]:
    with running_pair() as one:
        yield one
