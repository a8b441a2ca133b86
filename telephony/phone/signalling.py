"""SIP over one UDP socket: transactions with the timers of RFC 3261, section 17, client and server side."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from hotline.dialling.hosts import in_uri
from hotline.errors import TelephonyError
from telephony.phone.sip import Headers, Request, Response, SipSyntaxError, parse, tag_of

Address = tuple[str, int]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

T1 = 0.5
T2 = 4.0
PATIENCE = 64 * T1
_SUCCESS = 200
_REFUSED = 300


class NoReply(TelephonyError):  # noqa: N818 - reads as what happened
    """Nobody answered a SIP request, although it was repeated for as long as the RFC asks."""

    code: ClassVar[str] = "sip-no-reply"
    retriable: ClassVar[bool] = True


class Repeating:
    """Sends at once and then again and again, in growing intervals, until stopped or out of patience."""

    def __init__(self, send: Callable[[], None], gave_up: Callable[[], None], *, longest: float = T2) -> None:
        self._send, self._gave_up, self._longest = send, gave_up, longest
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + PATIENCE
        self._timer = self._loop.call_soon(lambda: None)
        self._go(T1)

    def stop(self) -> None:
        self._timer.cancel()

    def _go(self, interval: float) -> None:
        if self._loop.time() >= self._until:
            self._gave_up()
            return
        self._send()
        self._timer = self._loop.call_later(interval, self._go, min(2 * interval, self._longest))


@dataclass(slots=True)
class _Asked:
    request: Request
    to: Address
    reply: asyncio.Future[Response]
    provisional: Callable[[Response], None]
    repeating: Repeating | None = None


class Signalling(asyncio.DatagramProtocol):
    """A socket that asks and answers. `on_request` gets each new request once, with where it came from.

    `on_another_answer` gets the 2xx of a second side to an INVITE that one had accepted already, as a proxy
    may bring it to two, and the address to which both go.
    """

    protocol = "UDP"
    parameters = ""
    """What a SIP URI of this phone says of how it is reached."""

    def __init__(self, on_request: Callable[[Request, Address], None]) -> None:
        self.host, self.port = "", 0
        self._on_request = on_request
        self.on_another_answer: Callable[[Response, Address], None] = lambda _response, _to: None
        self._transport: asyncio.DatagramTransport | None = None
        self._asked: dict[tuple[str, str], _Asked] = {}
        self._acknowledged: dict[tuple[str, int], dict[str, tuple[Request, Address]]] = {}
        """ACKs by call and number of the INVITE, and by the tag of who had answered."""
        self._seen: dict[tuple[str, str, str], bytes] = {}
        self._repeated: dict[tuple[str, int], Repeating] = {}

    async def open(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        self.host, self.port = self._transport.get_extra_info("sockname")[:2]

    def close(self) -> None:
        """Fall silent: nothing is sent or heard any more, and all who wait for a reply get NoReply."""
        if self._transport is not None:
            self._transport.close()
        for repeating in self._repeated.values():
            repeating.stop()
        for asked in list(self._asked.values()):
            self._give_up(asked)

    async def ask(
        self, request: Request, to: Address, provisional: Callable[[Response], None] = lambda _: None
    ) -> Response:
        """Send a request until it is answered; the final response. Raises NoReply.

        Adds a Via unless there is one. A refused INVITE is acknowledged; an accepted one is the caller's.
        """
        if not request.branch:
            request.headers.insert(0, ("Via", self._via()))
        asked = _Asked(request, to, asyncio.get_running_loop().create_future(), provisional)
        self._asked[request.branch, request.method] = asked
        longest = PATIENCE if request.method == "INVITE" else T2
        asked.repeating = Repeating(
            lambda: self.send(request, to), lambda: self._give_up(asked), longest=longest
        )
        try:
            return await asked.reply
        finally:
            asked.repeating.stop()
            del self._asked[request.branch, request.method]

    def acknowledge(self, ack: Request, to: Address) -> None:
        """Send an ACK, and again whenever the response comes again."""
        if not ack.branch:
            ack.headers.insert(0, ("Via", self._via()))
        key = ack.first("Call-ID"), ack.sequence
        if key not in self._acknowledged:
            self._remember(self._acknowledged, key, {})
        self._acknowledged[key][tag_of(ack.first("To"))] = ack, to
        self.send(ack, to)

    def respond(
        self, request: Request, source: Address, code: int, reason: str, *, tag: str = "",
        headers: Headers = (), body: bytes = b"",
    ) -> None:  # fmt: skip
        """Answer a request; a final answer to an INVITE is repeated until it is acknowledged."""
        response = Response(code=code, reason=reason, body=body)
        for name, value in request.headers:
            if name.lower() in ("via", "from", "call-id", "cseq", "record-route"):
                response.headers.append((name, value))
            elif name.lower() == "to":
                response.headers.append((name, value if not tag or tag_of(value) else f"{value};tag={tag}"))
        response.headers += headers
        self._seen[_identity(request)] = data = response.encode()
        if request.method == "INVITE" and code >= _SUCCESS:
            key = request.first("Call-ID"), request.sequence
            self._repeated[key] = Repeating(
                lambda: self._send(data, source), lambda: self._settled(*key), longest=T2
            )
        else:
            self._send(data, source)

    def send(self, message: Request, to: Address) -> None:
        """Send one message once."""
        self._send(message.encode(), to)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        try:
            message = parse(data)
        except SipSyntaxError:
            return
        if isinstance(message, Response):
            self._reply(message)
        elif message.method == "ACK":
            self._settled(message.first("Call-ID"), message.sequence)
            self._on_request(message, addr)
        elif (identity := _identity(message)) not in self._seen:
            self._remember(self._seen, identity, b"")
            self._on_request(message, addr)
        elif again := self._seen[identity]:
            self._send(again, addr)

    def _reply(self, response: Response) -> None:
        asked = self._asked.get((response.branch, response.method))
        if asked is None:
            self._acknowledge_again(response)
            return
        if response.code < _SUCCESS:
            if response.method == "INVITE" and asked.repeating:
                asked.repeating.stop()
            asked.provisional(response)
            return
        if response.method == "INVITE" and response.code >= _REFUSED:  # RFC 3261, 17.1.1.3
            self.acknowledge(_ack_of_refusal(asked.request, response), asked.to)
        if not asked.reply.done():
            asked.reply.set_result(response)

    def _acknowledge_again(self, response: Response) -> None:
        known = self._acknowledged.get((response.first("Call-ID"), response.sequence), {})
        if again := known.get(tag_of(response.first("To"))):
            self.send(*again)
        elif known and _SUCCESS <= response.code < _REFUSED:
            _, to = next(iter(known.values()))
            self.on_another_answer(response, to)

    def _give_up(self, asked: _Asked) -> None:
        if not asked.reply.done():
            asked.reply.set_exception(NoReply(f"No reply to {asked.request.method} from {asked.to}."))

    def _settled(self, call_id: str, sequence: int) -> None:
        if repeating := self._repeated.pop((call_id, sequence), None):
            repeating.stop()

    def _remember(self, where: dict[_Key, _Value], key: _Key, value: _Value) -> None:
        where[key] = value
        asyncio.get_running_loop().call_later(PATIENCE, where.pop, key, None)

    def _send(self, data: bytes, to: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, to)

    def _via(self) -> str:
        sent_by = f"{in_uri(self.host)}:{self.port}"
        return f"SIP/2.0/{self.protocol} {sent_by};rport;branch=z9hG4bK{secrets.token_hex(8)}"


def _identity(request: Request) -> tuple[str, str, str]:
    return request.branch or request.first("CSeq"), request.first("Call-ID"), request.method


def _ack_of_refusal(request: Request, response: Response) -> Request:
    same = ("Via", "From", "Call-ID", "Route", "Max-Forwards")
    headers = [one for one in request.headers if one[0] in same]
    headers += [("To", response.first("To")), ("CSeq", f"{request.sequence} ACK")]
    return Request(method="ACK", uri=request.uri, headers=headers)
