"""The bounds of a program that reads a foreign file: it sets them on itself, before it reads an octet."""

import os
import resource

_POLITE = 10


def confine(*, memory: int, cpu_seconds: int, written: int) -> None:
    """Give up what the program does not need: memory and disk in octets, new files for others, core dumps."""
    os.umask(0o077)
    os.nice(_POLITE)  # calls come first
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
