"""Passwords of people: hashed at the full cost for the whole hotline, and quickly elsewhere."""

from functools import cache

from argon2 import PasswordHasher

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Where it is not hashing that is tested: at its full cost it is most of a test's work."""


@cache
def hash_of(password: str) -> str:
    """The hash that the running service takes; made once, for it takes as long as a page."""
    return PasswordHasher().hash(password)
