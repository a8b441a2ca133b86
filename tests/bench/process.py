"""CPU time and memory that a running program has used so far, from /proc (proc(5))."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_UTIME, _STIME, _OF_ENDED = 11, 12, range(13, 15)
"""Places after the program's name, which may itself hold spaces."""
_OF_PROCESS = 2
"""A whole process's clock, by its number (clock_getcpuclockid(3)); /proc counts hundredths of a second."""


def cpu_ms(pid: int) -> float:
    """Give the CPU time of all its threads since its start, user and system."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[_UTIME]) + int(after_name[_STIME])) * 1000 / _TICKS


@dataclass(frozen=True, slots=True)
class Used:
    """The processor's time of programs; `system_ms` is the part that the kernel took for them."""

    ms: float = 0.0
    system_ms: float = 0.0

    def __add__(self, other: "Used") -> "Used":
        return Used(self.ms + other.ms, self.system_ms + other.system_ms)

    def __sub__(self, other: "Used") -> "Used":
        return self + other * -1

    def __mul__(self, times: float) -> "Used":
        return Used(self.ms * times, self.system_ms * times)


def tree_used(pid: int) -> Used:
    """Give what it and all that it has started have used since their start, also what has ended."""
    used = Used()
    for one in tree(pid):
        try:
            exactly = time.clock_gettime(~one << 3 | _OF_PROCESS) * 1000
            after_name = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile, and counts with its parent
        system, ended_user, ended_system = (
            int(after_name[place]) * 1000 / _TICKS for place in range(_STIME, _OF_ENDED.stop)
        )
        used += Used(exactly + ended_user + ended_system, system + ended_system)
    return used


def resident_mb(pid: int) -> float:
    """Give the memory that it holds now, in MiB, shared libraries counted whole."""
    return _status_kb(pid, "VmRSS") / 1024


def peak_resident_mb(pid: int) -> float:
    """Give the most memory that it ever held, in MiB."""
    return _status_kb(pid, "VmHWM") / 1024


def _status_kb(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ProcessLookupError(f"{pid} has no {name}: it has ended.")


def child(parent: int, ending: str, *, thread: int | None = None) -> int:
    """Give the number of the parent's child whose command line ends so; raises ProcessLookupError.

    `thread`: the thread of the parent that has started it, where it is not the first.
    """
    for number in children(parent, thread=thread):
        try:
            command = Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8").rstrip("\0")
        except OSError:
            continue  # it ended meanwhile
        if command.endswith(ending):
            return number
    raise ProcessLookupError(f"{parent} has no child that ends in {ending!r}.")


def children(parent: int, *, thread: int | None = None) -> list[int]:
    """Give the numbers of the programs that it, or this thread of it, has started, the first one first."""
    begun = Path(f"/proc/{parent}/task/{thread or parent}/children").read_text(encoding="utf-8")
    return [int(number) for number in begun.split()]


def in_network(network: Path) -> list[int]:
    """Give the numbers of all programs in this network (`/proc/…/ns/net`); anybody may have begun them."""
    this, found = network.readlink(), []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            if (one / "ns/net").readlink() == this:
                found.append(int(one.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def tree(pid: int) -> list[int]:
    """Give the numbers of a program and of all that it has started, the program first."""
    found = [pid]
    for one in found:
        for thread in Path(f"/proc/{one}/task").glob("[0-9]*"):
            try:
                found += children(one, thread=int(thread.name))
            except OSError:
                continue  # it ended meanwhile
    return found
