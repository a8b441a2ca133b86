"""One address of another's server that is asked again and again, and left alone for longer while it fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple

import aiohttp
from aiohttp import hdrs
from attrs import define, field

from hotline.isolation import run_isolated


class NotFetched(Exception):  # noqa: N818 - reads as what happened
    """The server has not given its content; `status` is what it answered."""

    def __init__(self, source: str, status: int) -> None:
        super().__init__(f"{source} answered {status}")
        self.status = status


class Unchanged(NamedTuple):
    """Headers by which what has not changed is not sent again: of the answer, and of the next request."""

    told: str
    asked: str


BY_TAG = Unchanged(hdrs.ETAG, hdrs.IF_NONE_MATCH)
BY_TIME = Unchanged(hdrs.LAST_MODIFIED, hdrs.IF_MODIFIED_SINCE)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read for how long the other side wants to be left alone, where it gives seconds."""
    given = headers.get(hdrs.RETRY_AFTER, "")
    return timedelta(seconds=int(given)) if given.isdecimal() and len(given) < 6 else None  # noqa: PLR2004


async def content_within(answer: aiohttp.ClientResponse, longest: int) -> bytes:
    """Read it, however many pieces it comes in; of a longer one no more than a byte beyond `longest`."""
    content = await answer.content.read(longest + 1)
    while not answer.content.at_eof() and len(content) <= longest:
        content += await answer.content.read(longest + 1 - len(content))
    return content


@define(eq=False, repr=False, kw_only=True)
class AskedAddress:
    """Asks one address, and no other: redirections are not followed. Pauses are seconds.

    More than `longest` bytes are not read: of a content that is longer one byte more is given.
    """

    _url: str
    _name: str
    _longest: int
    _timeout: float
    _every: float
    _longest_pause: float
    _unchanged: Unchanged = BY_TAG
    _headers: Mapping[str, str] = field(factory=dict)
    _mark: str = field(default="", init=False)
    _content: bytes = field(default=b"", init=False)
    _pause: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._pause = self._every

    async def keep(self, once: Callable[[aiohttp.ClientSession], Awaitable[None]], failure: str) -> None:
        """Call `once` again and again, for ever; `failure` tells the log what was not done."""
        timeout = aiohttp.ClientTimeout(total=self._timeout)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                done = await run_isolated(lambda: once(session), failure)
                await asyncio.sleep(self.pause(done=done))

    def pause(self, *, done: bool) -> float:
        """Give the pause before the next request: after a failure twice the last, up to the longest."""
        longest = max(self._longest_pause, self._pause)
        self._pause = self._every if done else min(self._pause * 2, longest)
        return self._pause

    def leave_alone(self, pause: float) -> None:
        """Let it be asked so seldom until it answers."""
        self._pause = pause

    async def content(self, session: aiohttp.ClientSession) -> bytes:
        """Give what the address has, changed or not; raises NotFetched, or what the network raises."""
        headers = {hdrs.ACCEPT: "application/json", **self._headers}
        if self._mark:
            headers[self._unchanged.asked] = self._mark
        async with session.get(self._url, headers=headers, allow_redirects=False) as answer:
            if answer.status == HTTPStatus.OK:
                content = await content_within(answer, self._longest)
                self._content, self._mark = content, answer.headers.get(self._unchanged.told, "")
            elif answer.status != HTTPStatus.NOT_MODIFIED:
                raise NotFetched(self._name, answer.status)
        return self._content

    def forget(self) -> None:
        """Have all of it sent the next time: what came cannot be read."""
        self._mark = ""
