"""Hotlines side by side on one machine, each on ports of its own."""

import os
from multiprocessing.connection import Connection

import pytest

from service.node.local_node import FIRST_PORT, SHARE, free_ports
from tests.fakes.forking import FORKING


def take(ours: Connection) -> None:
    """Let the ports go, as before Asterisk takes them, and live on. All begin to look at the same place."""
    with pytest.MonkeyPatch.context() as same:
        same.setattr(os, "getpid", lambda: 1580)
        with free_ports(3) as ports:
            pass
    ours.send(ports)
    ours.recv()


def test_processes_side_by_side_never_look_for_ports_in_the_same_share() -> None:
    shares, living = [], []
    for _ in range(4):
        ours, theirs = FORKING.Pipe()
        process = FORKING.Process(target=take, args=(theirs,))
        process.start()
        living.append((process, ours))
    for _, ours in living:
        ports = ours.recv()
        assert len(set(ports)) == 3
        shares.append({(port - FIRST_PORT) // SHARE for port in ports})
    for process, ours in living:
        ours.send(None)
        process.join()
    assert [len(share) for share in shares] == [1] * 4
    assert len(set.union(*shares)) == 4
