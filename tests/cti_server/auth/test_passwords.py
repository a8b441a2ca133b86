"""Passwords: an unknown login costs whoever tries it as much as a known one."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from cti_server.auth.passwords import Passwords

GUESS = "correct horse battery"


class Watched(PasswordHasher):
    """Remembers what it was asked to verify."""

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its own name for it
        self.asked = str(hash)
        return super().verify(hash, password)


async def test_an_unknown_login_is_refused_after_the_work_that_a_known_one_takes() -> None:
    hasher = Watched(time_cost=1, memory_cost=8, parallelism=1)

    assert not await Passwords(hasher).verify(None, GUESS)

    assert extract_parameters(hasher.asked) == extract_parameters(hasher.hash(GUESS))
    with pytest.raises(VerifyMismatchError):  # computed and compared, not refused as no hash at all
        PasswordHasher().verify(hasher.asked, GUESS)
