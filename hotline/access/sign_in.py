"""Sessions of signed-in users, and the pauses after wrong passwords."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

IDLE = timedelta(hours=12)
"""One shift: a session that nobody used for this long is over."""
LONGEST = timedelta(hours=30)
"""The longest life of a session, however busy: the longest shift is a day, and often ends late."""
CODE_WAIT = timedelta(minutes=5)
"""How long after the password the one-time code may come."""
REMEMBERED = timedelta(hours=1)
"""How long a failed attempt counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser in which somebody is signed in. The cookie holds a token, we only its SHA-256 (hex)."""

    token_hash: str
    user_id: int
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    awaits_code: bool = False
    """The password was right; the one-time code has not come yet, and until it does nothing is allowed."""


class Sessions(Protocol):
    """Sessions, kept on the server so that each can be ended at once."""

    async def open(self, session: Session) -> None: ...

    async def find(self, token_hash: str, now: datetime) -> Session | None:
        """Find the session, unless it is over."""
        ...

    async def those(self, token_hashes: Collection[str], now: datetime) -> Mapping[str, Session]:
        """Find sessions by their hashes, unless they are over."""
        ...

    async def seen(self, token_hash: str, at: datetime, expires_at: datetime) -> None: ...

    async def close(self, token_hash: str) -> None: ...

    async def close_all_of(self, user_id: int, *, but: str = "") -> None:
        """End all sessions of a user, bar the one with this token hash."""
        ...

    async def sweep(self, now: datetime) -> None:
        """Forget sessions that are over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Attempts that failed within REMEMBERED, since the last one that succeeded; `last` is the newest."""

    count: int = 0
    last: datetime | None = None

    def wait_until(self, free: int, most: timedelta) -> datetime | None:
        """`free` attempts cost nothing; then each doubles the wait, from a second to `most`."""
        if self.last is None or self.count < free:
            return None
        return self.last + min(timedelta(seconds=2 ** min(self.count - free, 20)), most)


Pace: TypeAlias = Callable[[Failures, Failures], datetime | None]
"""Tells when the next attempt may be made, given what failed for this login and from this address."""


def may_try_at(login: Failures, address: Failures) -> datetime | None:
    """When the next attempt may be made, given what failed for this login and from this address."""
    waits = (
        login.wait_until(free=5, most=timedelta(minutes=1)),
        # Behind one address there may be a whole office: more attempts are free, but then it gets slow.
        address.wait_until(free=20, most=timedelta(minutes=15)),
    )
    return max((wait for wait in waits if wait is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAttempt:
    """An attempt that may go on (`id`), or one that came too early (`not_before`)."""

    id: int | None
    not_before: datetime | None = None


class SignInAttempts(Protocol):
    """Attempts to sign in, counted before the password is looked at, so that many at once do not slip by."""

    async def begin(self, login: str, address: str, at: datetime, pace: Pace = may_try_at) -> SignInAttempt:
        """Count one attempt as failed; one that comes too early is not counted and may not go on."""
        ...

    async def succeeded(self, attempt_id: int) -> None: ...
