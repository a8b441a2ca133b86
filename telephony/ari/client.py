"""One connection to Asterisk's ARI: events come in, requests go out, over the same WebSocket.

Asterisk before 22.5 takes no requests there; then they go by HTTP, chosen from the version it reports.
"""

import asyncio
import itertools
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

import aiohttp
import msgspec

from hotline.errors import CallGone, TelephonyError
from telephony.ari.actions import Ari, Requests
from telephony.ari.errors import AriRefused, AriUnavailable, raise_for
from telephony.ari.messages import Event, RESTResponse, decode_message
from telephony.ari.socket import EventSocket, open_socket
from telephony.lived_time import SharedPatience

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
PING_AFTER_LOOKS = 2
"""Looks without a message from Asterisk, after which we ping it."""
LOST_AFTER_LOOKS = 5
"""Another node calls back whom an Asterisk that hangs has cut off, once this is known."""
REQUEST_SECONDS = 10.0
REQUESTS_OVER_WEBSOCKET_SINCE = (22, 5)
TRANSFERS_SINCE = {20: (20, 13), 21: (21, 8)}
NEWEST_TRANSFERS_SINCE = (22, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AriAddress:
    """The address of ARI, and our credentials."""

    url: str
    """Such as `http://127.0.0.1:8088`."""
    user: str
    secret: str
    application: str


class _Request(msgspec.Struct, tag="RESTRequest", tag_field="type"):
    request_id: str
    method: str
    uri: str
    query_strings: list[dict[str, str]]
    message_body: str
    content_type: str = "application/json"


class _WebSocketRequests:
    """Sends requests over the event WebSocket and matches the answers by their ids."""

    def __init__(self, socket: EventSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[RESTResponse]] = {}
        self._ordered: dict[str, str] = {}
        """What was asked for by number, of which nobody waits for the answer."""
        self._lost = False
        self._patience = SharedPatience(REQUEST_SECONDS)
        self._encoder = msgspec.json.Encoder()

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        number = str(next(self._numbers))
        answer: asyncio.Future[RESTResponse] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._send(number, method, path, query or {}, body)
            await self._socket.drained()
            if self._lost and not answer.done():  # it may still be carried out
                raise AriUnavailable(f"{method} {path} gets no answer: the connection to Asterisk is over.")
            self._patience.wait_for(answer)
            response = await answer
        except (ConnectionError, TimeoutError) as error:
            raise AriUnavailable(f"{method} {path} got no answer") from error
        finally:
            self._waiting.pop(number, None)
        raise_for(response.status_code, f"{method} {path}", response.message_body or response.reason_phrase)
        return response.message_body

    def order(self, method: str, path: str) -> None:
        number = str(next(self._numbers))
        try:
            self._send(number, method, path, {}, "")
        except ConnectionError as error:
            raise AriUnavailable(f"{method} {path} was not sent") from error
        self._ordered[number] = f"{method} {path}"

    def _send(self, number: str, method: str, path: str, query: Mapping[str, str], body: str) -> None:
        message = _Request(
            request_id=number,
            method=method,
            uri=path.lstrip("/"),
            query_strings=[{"name": name, "value": value} for name, value in query.items()],
            message_body=body,
        )
        self._socket.send(self._encoder.encode(message))

    def answered(self, response: RESTResponse) -> None:
        future = self._waiting.get(response.request_id)
        if future is not None and not future.done():
            future.set_result(response)
        elif (ordered := self._ordered.pop(response.request_id, None)) is not None:
            _log_refusal(ordered, response)

    def lost(self) -> None:
        self._lost = True
        self._ordered.clear()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(AriUnavailable("The connection to Asterisk was lost."))


class _HttpRequests:
    """Sends requests by HTTP, for Asterisk before 22.5."""

    def __init__(self, session: aiohttp.ClientSession, address: AriAddress) -> None:
        self._session = session
        self._url = f"{address.url}/ari"
        self._orders: set[asyncio.Task[None]] = set()

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            async with self._session.request(
                method, f"{self._url}{path}", params=query, data=body or None, headers=headers
            ) as response:
                text = await response.text()
                raise_for(response.status, f"{method} {path}", text)
                return text
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AriUnavailable(f"{method} {path} got no answer") from error

    def order(self, method: str, path: str) -> None:
        order = asyncio.create_task(self._order(method, path))
        self._orders.add(order)
        order.add_done_callback(self._orders.discard)

    async def _order(self, method: str, path: str) -> None:
        try:
            await self.request(method, path)
        except CallGone:
            pass
        except TelephonyError as error:  # of a lost connection the next request tells
            log.warning("not carried out, and nobody waits for it: %s", error)


def _log_refusal(action: str, response: RESTResponse) -> None:
    try:
        raise_for(response.status_code, action, response.message_body or response.reason_phrase)
    except CallGone:
        pass
    except AriRefused as refused:
        log.warning("not carried out, and nobody waits for it: %s", refused)


class AriConnection:
    """An open connection: `requests` to act, `read` to hear events until it is lost."""

    def __init__(self, socket: EventSocket, http: _HttpRequests | None, *, tells_transfers: bool) -> None:
        self._socket = socket
        self._over_socket = _WebSocketRequests(socket)
        self.requests: Requests = http or self._over_socket
        self.tells_transfers = tells_transfers
        """Whether this Asterisk leaves a phone's REFER to us."""

    async def read(self, take: Callable[[Event], None]) -> None:
        """Hand each event to `take`, in Asterisk's order, until the connection ends."""
        try:
            await self._socket.read(lambda text: self._read_one(text, take))
        finally:
            self._over_socket.lost()

    async def keep_alive(self) -> NoReturn:
        """Ask for a sign of life whenever Asterisk is silent; raises AriUnavailable when none comes.

        It goes by looks and not by the clock, which takes a stop of this process for Asterisk's silence.
        """
        silent = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            silent = 0 if self._socket.heard else silent + 1
            self._socket.heard = False
            if silent == PING_AFTER_LOOKS:
                self._ping()
            elif silent >= LOST_AFTER_LOOKS:
                raise AriUnavailable(f"Asterisk gave no sign of life for {silent * LOOK_SECONDS} s.")

    def _ping(self) -> None:
        try:
            self._socket.ping()
        except ConnectionError as error:
            raise AriUnavailable("The connection to Asterisk was lost.") from error

    def _read_one(self, text: bytes, take: Callable[[Event], None]) -> None:
        try:
            message = decode_message(text)
        except msgspec.DecodeError as error:
            log.warning("event not understood reason=%s text=%r", error, text[:200])
            return
        if isinstance(message, RESTResponse):
            self._over_socket.answered(message)
        else:
            take(message)


@asynccontextmanager
async def connect(address: AriAddress) -> AsyncIterator[AriConnection]:
    """Open the connection; raises AriUnavailable when Asterisk is not there (yet)."""
    headers = {"Authorization": aiohttp.encode_basic_auth(address.user, address.secret)}
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    asked = {"app": address.application, "subscribeAll": "false"}
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        try:
            version = await _version(session, address)
            async with asyncio.timeout(REQUEST_SECONDS):
                socket = await open_socket(f"{address.url}/ari/events?{urlencode(asked)}", headers)
        except (aiohttp.ClientError, OSError) as error:
            raise AriUnavailable(f"Asterisk's ARI at {address.url} does not answer: {error}") from error
        by_http = None if version >= REQUESTS_OVER_WEBSOCKET_SINCE else _HttpRequests(session, address)
        try:
            yield AriConnection(socket, by_http, tells_transfers=tells_transfers(version))
        finally:
            await socket.close()


@asynccontextmanager
async def reading(address: AriAddress) -> AsyncIterator[Ari]:
    """Query Asterisk besides a running service: without events, so that the service keeps its application."""
    headers = {"Authorization": aiohttp.encode_basic_auth(address.user, address.secret)}
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield Ari(_HttpRequests(session, address), address.application)


def tells_transfers(version: tuple[int, ...]) -> bool:
    """Whether this version has `PJSIP_TRANSFER_HANDLING` (added in 22.3, 21.8 and 20.13)."""
    return version >= TRANSFERS_SINCE.get(version[0], NEWEST_TRANSFERS_SINCE)


async def _version(session: aiohttp.ClientSession, address: AriAddress) -> tuple[int, int]:
    async with session.get(f"{address.url}/ari/asterisk/info", params={"only": "system"}) as response:
        raise_for(response.status, "GET /asterisk/info", response.reason or "")
        system = (await response.json())["system"]
    return version_of(system["version"])


def version_of(text: str) -> tuple[int, int]:
    """Read `22.10.1~dfsg`, `certified/18.9-cert4` or `GIT-master-…`; (0, 0) when no number is in it."""
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
