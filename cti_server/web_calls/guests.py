"""Guests call by the browser: invited by the page, then on the line. They are kept in memory alone."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from attrs import define
from attrs import field as attribute

from hotline.access.tokens import hash_of
from hotline.calls.web_calls import WebCallRules, WebOrigin
from hotline.errors import HotlineError

COMES_WITHIN = timedelta(minutes=1)
"""An invitation that nobody uses within it is void: the browser has asked for its microphone before."""
LEAVES_SECONDS = 1.0
MOST_INVITED = 1000
_WORD_BYTES = 24


class NobodyCalls(HotlineError):  # noqa: N818 - reads as what is so
    """The city has closed calls by the browser."""

    code = "nobody-calls"


class TooManyCalls(HotlineError):  # noqa: N818 - reads as what is so
    """As many go on as may: in all, from this network, or one from this browser."""

    code = "too-many-calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A browser that may call once. `name` and `password` are its endpoint's; it asked from `network`."""

    browser: str
    """The digest of the word in its cookie."""
    name: str
    password: str
    origin: WebOrigin
    network: str
    until: datetime


@dataclass(slots=True, kw_only=True)
class _OnLine:
    network: str
    browser: str
    end: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)


@define(eq=False, repr=False)
class Guests:
    """Invites browsers, and counts those on the line."""

    rules: WebCallRules
    closed: bool = False
    """The head has closed such calls."""
    _invited: dict[str, Invited] = attribute(factory=dict, init=False)
    """By the digest of the word in their cookie."""
    _on_line: dict[str, _OnLine] = attribute(factory=dict, init=False)

    @property
    def open(self) -> bool:
        """Tell whether anybody may call so."""
        return self.rules.at_once > 0 and not self.closed

    @property
    def on_line_now(self) -> int:
        return len(self._on_line)

    def invite(self, origin: WebOrigin, *, known: str, network: str, now: datetime) -> tuple[str, Invited]:
        """Give the word of the cookie, and who they are to be; `known` is the word that this browser has.

        Raises NobodyCalls, TooManyCalls.
        """
        self._require_room(network)
        browser = hash_of(known)
        if any(one.browser == browser for one in self._on_line.values()):
            raise TooManyCalls("This browser is in a call.")
        word = secrets.token_urlsafe(_WORD_BYTES)
        one = Invited(
            browser=hash_of(word),
            name=f"guest-{secrets.token_hex(8)}",
            password=secrets.token_urlsafe(_WORD_BYTES),
            origin=origin,
            network=network,
            until=now + COMES_WITHIN,
        )
        self._invited[one.browser] = one
        if len(self._invited) > MOST_INVITED:
            del self._invited[next(iter(self._invited))]
        return word, one

    def come(self, word: str, now: datetime) -> Invited | None:
        """Take the invitation up, once; None: it is none, or too old."""
        one = self._invited.pop(hash_of(word), None)
        return one if one is not None and now <= one.until else None

    @contextmanager
    def on_line(self, one: Invited) -> Iterator[asyncio.Event]:
        """Count them for as long as the block lasts; the event says that they are to end.

        Raises NobodyCalls, TooManyCalls.
        """
        self._require_room(one.network)
        here = self._on_line[one.name] = _OnLine(network=one.network, browser=one.browser)
        try:
            yield here.end
        finally:
            del self._on_line[one.name]
            here.left.set()

    async def leaves(self, known: str) -> None:
        """Wait a moment until the browser with this word has left its call, which it may have just ended."""
        browser = hash_of(known)
        for one in [one for one in self._on_line.values() if one.browser == browser]:
            with suppress(TimeoutError):
                await asyncio.wait_for(one.left.wait(), LEAVES_SECONDS)

    def close(self) -> None:
        """Let nobody call so any more, and end all who do."""
        self.closed = True
        self._invited.clear()
        for one in self._on_line.values():
            one.end.set()

    def reopen(self) -> None:
        self.closed = False

    def _require_room(self, network: str) -> None:
        if not self.open:
            raise NobodyCalls("The city has closed calls by the browser.")
        near = sum(one.network == network for one in self._on_line.values())
        if len(self._on_line) >= self.rules.at_once or near >= self.rules.from_network:
            raise TooManyCalls("As many go on as may.")
