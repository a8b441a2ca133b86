"""Rates of requests for each token, and pauses after wrong tokens. Kept in memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import define, field

from cti_server.auth.errors import TooManyAttempts, TooManyRequests
from hotline.access.sign_in import REMEMBERED, Failures

LONGEST_WAIT = timedelta(minutes=15)
MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLimits:
    """How much one token may ask of this process."""

    per_second: float = 20.0
    at_once: int = 40
    """Requests that may come in one moment after a quiet while."""
    sockets: int = 5
    """Event streams that may be open together."""
    free_failures: int = 10
    """Wrong tokens from one address, within an hour, before it has to wait."""


@define(eq=False, repr=False)
class Rates:
    """A bucket of requests for each token; it fills again as time passes."""

    _limits: TokenLimits
    _seconds: Callable[[], float] = time.monotonic
    _left: OrderedDict[int | str, tuple[float, float]] = field(factory=OrderedDict, init=False)

    def take(self, whose: int | str) -> None:
        """Count one request of a token, or of a network; raises TooManyRequests when the bucket is empty."""
        now, most = self._seconds(), float(self._limits.at_once)
        left, then = self._left.get(whose, (most, now))
        left = min(most, left + (now - then) * self._limits.per_second)
        if left < 1.0:
            raise TooManyRequests(math.ceil((1.0 - left) / self._limits.per_second))
        self._left[whose] = (left - 1.0, now)
        self._left.move_to_end(whose)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)


@define(eq=False, repr=False)
class WrongTokens:
    """Failures by address. A right token is served whatever failed beside it: it cannot be guessed.

    Codes that people type can be: `require_patience` is asked before one is compared.
    """

    _free: int
    _failed: OrderedDict[str, Failures] = field(factory=OrderedDict, init=False)

    def count(self, address: str, now: datetime) -> None:
        """Count one failure; raises TooManyAttempts, counting nothing, when it came too early."""
        failed = self.require_patience(address, now)
        self._failed[address] = Failures(count=failed.count + 1, last=now)
        self._failed.move_to_end(address)
        if len(self._failed) > MOST_ADDRESSES:
            self._failed.popitem(last=False)

    def require_patience(self, address: str, now: datetime) -> Failures:
        """Give what failed so far; raises TooManyAttempts, counting nothing, when an attempt is too early."""
        failed = self._failed.get(address, Failures())
        if failed.last is not None and now - failed.last > REMEMBERED:
            failed = Failures()
        not_before = failed.wait_until(self._free, LONGEST_WAIT)
        if not_before is not None and now < not_before:
            raise TooManyAttempts(not_before)
        return failed
