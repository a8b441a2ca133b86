"""Passwords of people in tests of the whole hotline, which hashes at its full cost."""

from functools import cache

from argon2 import PasswordHasher


@cache
def hash_of(password: str) -> str:
    """The hash that the running service takes; made once, for it takes as long as a page."""
    return PasswordHasher().hash(password)
