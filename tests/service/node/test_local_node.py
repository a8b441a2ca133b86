"""Hotlines side by side on one machine, each on ports of its own."""

import subprocess
import sys

from service.node.local_node import FIRST_PORT, SHARE

TAKES = """
import os
os.getpid = lambda: 1580
from service.node.local_node import free_ports
with free_ports(3) as ports:
    pass
print(*ports, flush=True)
input()
"""
"""Lets the ports go, as before Asterisk takes them, and lives on. All begin to look at the same place."""


def test_processes_side_by_side_never_look_for_ports_in_the_same_share() -> None:
    command = [sys.executable, "-c", TAKES]
    started = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(4)]  # noqa: S603
    shares = []
    for one in started:
        assert one.stdout
        ports = [int(port) for port in one.stdout.readline().split()]
        assert len(set(ports)) == 3
        shares.append({(port - FIRST_PORT) // SHARE for port in ports})
    for one in started:
        one.communicate("\n")
    assert [len(share) for share in shares] == [1] * 4
    assert len(set.union(*shares)) == 4
