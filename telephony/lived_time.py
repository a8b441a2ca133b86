"""Deadlines counted in looks: time in which this process itself stood still counts for nobody's silence.

A process that was stopped for a while (a closed lid, a moved machine, SIGSTOP) finds every deadline passed as
it goes on, with the answers unread in its sockets. Looks cannot pass meanwhile, as seconds do.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Self

LOOKS = 4
"""Looks in the time in which an answer must come: a stop takes one of them, however long it lasts."""


class Patience:
    """While it is open, an answer that does not come within its seconds fails with TimeoutError."""

    __slots__ = ("_answer", "_every", "_left", "_look")

    def __init__(self, answer: asyncio.Future[Any], seconds: float) -> None:
        self._answer = answer
        self._every = seconds / LOOKS
        self._left = LOOKS

    def __enter__(self) -> Self:
        self._look = asyncio.get_running_loop().call_later(self._every, self._looks)
        return self

    def __exit__(self, *_: object) -> None:
        self._look.cancel()

    def _looks(self) -> None:
        self._left -= 1
        if self._left:
            self._look = asyncio.get_running_loop().call_later(self._every, self._looks)
        elif not self._answer.done():
            self._answer.set_exception(TimeoutError())


class SharedPatience:
    """Many answers that are waited for equally long; each that does not come fails with TimeoutError.

    One look is for all of them: a timer for each request cost a call 2 % of its time. The first look may come
    at once, so that an answer has up to a quarter more than its seconds.
    """

    __slots__ = ("_awaited", "_every")

    def __init__(self, seconds: float) -> None:
        self._every = seconds / LOOKS
        self._awaited: dict[asyncio.Future[Any], int] = {}
        """The looks that are left to each answer."""

    def wait_for(self, answer: asyncio.Future[Any]) -> None:
        """Give the answer its time from now on."""
        if not self._awaited:
            asyncio.get_running_loop().call_later(self._every, self._look)
        self._awaited[answer] = LOOKS

    def _look(self) -> None:
        left = {answer: looks - 1 for answer, looks in self._awaited.items() if not answer.done()}
        for answer in [answer for answer, looks in left.items() if looks < 0]:
            answer.set_exception(TimeoutError())
            del left[answer]
        self._awaited = left
        if left:
            asyncio.get_running_loop().call_later(self._every, self._look)


class LivedTime:
    """A clock read at every look: from one to the next passes no more than `most` seconds."""

    def __init__(self, most: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._lived = 0.0

    def read(self) -> float:
        """Tell the seconds that this process has lived through so far."""
        now = self._monotonic()
        self._lived += min(now - self._read_at, self._most)
        self._read_at = now
        return self._lived
