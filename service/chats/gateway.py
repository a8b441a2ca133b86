"""A messenger behind a gateway over HTTP: signed news come to an address of ours, letters go by requests.

What differs between gateways is a `Format` (`viber.py`, `whatsapp.py`); nothing here knows one.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import msgspec
from attrs import define
from attrs import field as attribute

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits
from hotline.chats.chats import Medium
from hotline.chats.messengers import Brought, Letter, NotFetched, NotGiven, NotReached, SentPhoto, Taken
from hotline.isolation import repeat
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.asking import content_within, retry_after
from service.chats.receiving import REFUSALS, REFUSED, Receiving

log = logging.getLogger(__name__)

ANSWERED_WITHIN = aiohttp.ClientTimeout(total=30)
FETCHED_WITHIN = aiohttp.ClientTimeout(total=15)
"""A photo: the gateway brings its news again where we do not answer it soon."""
MOST_BYTES = 65_536
"""Of an answer to us."""
PAUSE, LONG_PAUSE = 60.0, 300.0
"""Seconds for which a gateway is left alone that has too much from us, or does not know us."""
DAY = 86_400
OF_PERSON = TokenLimits(per_second=200 / DAY, at_once=200)
"""Letters to one person: two hundred a day; each may cost, and what is beyond them comes later."""
OF_ALL = TokenLimits(per_second=5000 / DAY, at_once=5000)
"""Letters to all people of one messenger: five thousand a day."""
_ALL = "all"
_CHOICE = re.compile(r"([0-9]{1,9}):([0-9*#_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Somebody to whom the messenger brings nothing any more."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody has opened the conversation, and has written nothing yet."""

    language: Language = Language.UKRAINIAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request to the gateway."""

    url: str
    content: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


News = Brought | Gone | Opened


class Format(Protocol):
    """The language of one gateway."""

    @property
    def medium(self) -> Medium: ...

    def proves(self, headers: Mapping[str, str], news: bytes) -> bool:
        """Tell whether the gateway itself has signed this."""
        ...

    def read(self, news: bytes) -> Sequence[News]:
        """Read what it brings; of what is nobody's word nothing. Raises msgspec.DecodeError."""
        ...

    def written(self, letter: Letter) -> Sequence[Asking]:
        """Write a letter as its requests, in order."""
        ...

    def said(self, address: str, text: str) -> Asking:
        """Write what is in no chat."""
        ...

    def judge(self, status: int, answer: Any) -> None:
        """Raise NotReached or NotGiven where the gateway has not taken it."""
        ...

    def opening(self, language: Language) -> Mapping[str, Any]:
        """Give what is answered to who has opened the conversation."""
        ...

    def subscription(self, url: str) -> Asking | None:
        """Ask to bring news to this address; None where a person does so by hand."""
        ...


@define(eq=False, repr=False, kw_only=True)
class Gateway:
    """`hotline.chats.messengers.Messenger` by a gateway, and the road by which its news come."""

    _format: Format
    _receiving: Receiving
    _refused: Rates = attribute(factory=lambda: Rates(REFUSED), init=False)
    _of_person: Rates = attribute(factory=lambda: Rates(OF_PERSON), init=False)
    _of_all: Rates = attribute(factory=lambda: Rates(OF_ALL), init=False)

    async def give(self, letter: Letter) -> None:
        self._require_room(letter.chat.address)
        for one in self._format.written(letter):
            await self._ask(one)

    async def told(self, news: bytes) -> Mapping[str, Any]:
        """Take what was brought; gives our answer. An error has it brought again."""
        answer: Mapping[str, Any] = {}
        try:
            came = self._format.read(news)
        except msgspec.DecodeError as error:  # brought again it would be the same
            log.warning("news of %s not understood why=%s", self._format.medium, error)
            return answer
        for one in came:
            match one:
                case Gone():
                    await self._receiving.gone(self._format.medium, one.address)
                case Opened():
                    answer = self._format.opening(one.language)
                case Brought():
                    await self._take(one)
        return answer

    def proves(self, headers: Mapping[str, str], news: bytes) -> bool:
        return self._format.proves(headers, news)

    async def be_told(self, url: str) -> None:
        """Have the gateway bring its news to this address, where it is asked for that."""
        asking = self._format.subscription(url)
        if asking is None:
            return
        done = asyncio.Event()

        async def ask() -> None:
            await self._ask(asking)
            done.set()

        failure = f"{self._format.medium} not told where news are brought"
        await repeat(ask, every=PAUSE, failure=failure, until=done)

    async def _take(self, came: Brought) -> None:
        taken = await self._receiving.take(came)
        key = {**REFUSALS, Taken.OLD: "chat-old-choice"}.get(taken)
        if key is None:
            return
        with suppress(TooManyRequests):
            self._refused.take(came.address)
            try:
                self._require_room(came.address)
                await self._ask(self._format.said(came.address, in_chat(key, came.language)))
            except (NotGiven, NotReached, aiohttp.ClientError, TimeoutError) as error:
                log.info("not said by %s why=%s", self._format.medium, type(error).__name__)

    def _require_room(self, address: str) -> None:
        """Count a letter, which may cost; raises NotGiven where there were too many."""
        try:
            self._of_person.take(address)
        except TooManyRequests:
            raise NotGiven("one person has had too many letters today") from None
        try:
            self._of_all.take(_ALL)
        except TooManyRequests:
            raise NotGiven("too many letters were given today", after=PAUSE) from None

    async def _ask(self, one: Asking) -> None:
        """Ask it; an error that leaves open whether it was taken is raised as it is."""
        async with aiohttp.ClientSession(timeout=ANSWERED_WITHIN) as session:
            try:
                asked = session.post(one.url, json=one.content, headers=one.headers, allow_redirects=False)
                async with asked as answered:
                    content = await content_within(answered, MOST_BYTES)
            except aiohttp.ClientConnectorError as error:
                raise NotGiven(type(error).__name__) from error
            pause = retry_after(answered.headers)
            if answered.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise NotGiven("too many requests", after=pause.total_seconds() if pause else PAUSE)
            if answered.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise NotGiven(f"answered {answered.status}")
            self._format.judge(answered.status, _read(content))


def choice_in(said: str) -> tuple[str, int] | None:
    """Read a choice as its button says it: its key, and the line of the chat behind which it stood."""
    found = _CHOICE.fullmatch(said)
    return None if found is None else (found[2], int(found[1]))


def signed(secret: str, news: bytes, signature: str) -> bool:
    """Tell whether the signature is the HMAC-SHA256 of the news, in hexadecimal figures."""
    made = hmac.new(secret.encode(), news, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode("utf-8", "surrogateescape"))


def texts_of(letter: Letter) -> str:
    """Put the texts of a letter together; one that may have come already says so."""
    before = [in_chat("chat-again", letter.chat.language)] * letter.again
    return "\n\n".join([*before, *letter.texts])


def photo_at(url: str, size: int, hosts: Sequence[str], headers: Mapping[str, str]) -> SentPhoto:
    """Make a photo that lies at this address; it is fetched from these hosts alone, and those below them."""
    return SentPhoto(fetch=lambda: fetched(url, hosts, headers), bytes=size)


async def fetched(url: str, hosts: Sequence[str], headers: Mapping[str, str]) -> AsyncIterator[bytes]:
    """Bring what lies there, piece by piece; raises NotFetched, which does not tell the address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        raise NotFetched("it lies nowhere") from None
    if not any(host == one or host.endswith(f".{one}") for one in hosts):
        raise NotFetched("it lies with somebody else")
    try:
        async with (
            aiohttp.ClientSession(timeout=FETCHED_WITHIN, headers=headers) as session,
            session.get(url, allow_redirects=False) as answered,
        ):
            if answered.status != HTTPStatus.OK:
                raise NotFetched(f"answered {answered.status}")
            async for piece in answered.content.iter_chunked(MOST_BYTES):
                yield piece
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotFetched(type(error).__name__) from None


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return {}
