"""CPU time and memory that a running program has used so far, from /proc (proc(5))."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_UTIME, _STIME = 11, 12
"""Places after the program's name, which may itself hold spaces."""


def cpu_ms(pid: int) -> float:
    """Give the CPU time of all its threads since its start, user and system."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[_UTIME]) + int(after_name[_STIME])) * 1000 / _TICKS


def resident_mb(pid: int) -> float:
    """Give the memory that it holds now, in MiB, shared libraries counted whole."""
    return _status_kb(pid, "VmRSS") / 1024


def peak_resident_mb(pid: int) -> float:
    """Give the most memory that it ever held, in MiB."""
    return _status_kb(pid, "VmHWM") / 1024


def descriptors(pid: int) -> int:
    """Count its open files and connections."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def _status_kb(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ProcessLookupError(f"{pid} has no {name}: it has ended.")


def child(parent: int, ending: str) -> int:
    """Give the number of the parent's child whose command line ends so; raises ProcessLookupError."""
    for number in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split():
        try:
            command = Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8").rstrip("\0")
        except OSError:
            continue  # it ended meanwhile
        if command.endswith(ending):
            return int(number)
    raise ProcessLookupError(f"{parent} has no child that ends in {ending!r}.")
