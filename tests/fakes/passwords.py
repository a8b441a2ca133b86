"""Passwords of people, hashed quickly: at its full cost that is most of a test of something else."""

from functools import cache, partial

import argon2

from cti_server.auth import passwords

quick = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
QUICK = quick()


@cache
def hash_of(password: str) -> str:
    """The hash that a running service of the tests takes as it is."""
    return QUICK.hash(password)


def hash_quickly() -> None:
    """Have all of this process, and of those that are forked from it, hash so."""
    passwords.PasswordHasher = quick  # type: ignore[assignment,misc]
