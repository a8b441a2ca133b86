"""What stays open after calls is told by kind, and told apart from what one odd look finds."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.bench import open_files
from tests.bench.open_files import Lull, grown, kinds, lull, steady_slope


def test_open_sockets_pipes_and_files_are_told_apart() -> None:
    before = kinds(os.getpid())
    one, other = socket.socketpair()
    read, write = os.pipe()
    with one, other, Path(os.devnull).open(encoding="utf-8"):
        more = kinds(os.getpid()) - before
    os.close(read)
    os.close(write)
    assert more == {"socket": 2, "pipe": 2, "file": 1}
    assert kinds(os.getpid()) == before


def test_the_kernels_own_descriptors_have_their_names() -> None:
    assert open_files.kind_of("anon_inode:[eventpoll]") == "eventpoll"
    assert open_files.kind_of("anon_inode:[eventfd]") == "eventfd"


def test_one_odd_look_changes_no_slope() -> None:
    assert steady_slope([(at, 40.0 if at != 3 else 90.0) for at in range(8)]) == 0


def test_a_socket_left_open_by_each_hundredth_call_is_found_by_its_kind() -> None:
    held = [Lull(calls=at * 100, open={"service": {"socket": 20 + at, "pipe": 4}}) for at in range(6)]
    assert grown(held, "service") == {
        "service_descriptors": 29,
        "service_descriptors_per_1000": 10,
        "service_socket_per_1000": 10,
    }


async def test_nothing_is_counted_while_a_call_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    on, counted = [["a"], [], ["b"], [], [], [], [], [], []], []

    async def still_on() -> Sequence[str]:
        return on.pop(0)

    async def at_once(_seconds: float) -> None:
        pass

    monkeypatch.setattr(open_files, "kinds", lambda pid: counted.append((pid, len(on))) or {"socket": 1})
    monkeypatch.setattr("asyncio.sleep", at_once)
    found = await lull(7, {"service": 1}, still_on)
    assert found == Lull(calls=7, open={"service": {"socket": 1}})
    assert [left for _, left in counted] == [8, 7, 5, 3, 1]
    assert on == []
