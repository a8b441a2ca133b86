"""Passwords: Argon2id off the event loop, and new ones that can be read out over a telephone."""

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from cti_server.auth.errors import TooManyTogether

AT_ONCE = 2
"""Hashings at once: each holds 64 MiB and a core; further ones wait."""
MOST_TOGETHER = 16
"""People whose passwords are looked at or wait for it: some two seconds for the last of them."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are taken for one another


class Passwords:
    """Hashes and verifies. An unknown login is verified as well, against a hash that nothing matches."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = _nobodys(self._hasher)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._together = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Keep a place for somebody whose password is to be looked at; raises TooManyTogether at once."""
        if self._together >= MOST_TOGETHER:
            raise TooManyTogether(f"{self._together} passwords are being looked at.")
        self._together += 1
        try:
            yield
        finally:
            self._together -= 1

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; takes as long when there is no hash."""
        async with self._turn:
            right = await asyncio.to_thread(self._verify, password_hash or self._nobody, password)
        return right and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _nobodys(hasher: PasswordHasher) -> str:
    """Write a hash that takes as long to verify as any other: random bytes, for which nothing is computed."""
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def new_password() -> str:
    """Make a password of four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
