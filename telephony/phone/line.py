"""A dialog (RFC 3261, section 12) and the line that carries it: who we are, and how we answer challenges."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from hotline.dialling.hosts import in_uri
from telephony.phone.digest import Credentials, authorization
from telephony.phone.sdp import TYPE
from telephony.phone.signalling import Address, NoReply, Signalling
from telephony.phone.sip import Headers, Request, Response, tag_of, uri_of

ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY"
_CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}


@dataclass(slots=True, kw_only=True)
class Dialog:
    """A SIP dialog. `local` and `remote` are whole headers."""

    local: str
    remote: str
    target: str
    peer: Address
    call_id: str = field(default_factory=lambda: secrets.token_hex(12))
    routes: list[str] = field(default_factory=list)
    sequence: int = 0
    established: bool = False

    @property
    def replaces(self) -> str:
        """The value that names this dialog to the other side in a Replaces header (RFC 3891)."""
        return f"{self.call_id};to-tag={tag_of(self.remote)};from-tag={tag_of(self.local)}"

    def is_with(self, request: Request) -> bool:
        """Tell whether a request is of the side that this dialog is with: one INVITE may reach two."""
        return not self.established or tag_of(request.first("From")) == tag_of(self.remote)

    def establish(self, message: Request | Response) -> None:
        """Learn from the other side's INVITE or its 2xx where requests go from now on."""
        self.target = uri_of(message.first("Contact")) or self.target
        if self.established:
            return  # RFC 3261, 12.2: only the target changes later
        routes = message.every("Record-Route")
        self.routes = routes if isinstance(message, Request) else routes[::-1]
        self.remote = message.first("From" if isinstance(message, Request) else "To")
        self.established = True


@dataclass(slots=True, kw_only=True)
class PhoneLine:
    """The interface of a phone to its calls."""

    signalling: Signalling
    user: str
    secret: str | None
    spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]]

    @property
    def contact(self) -> str:
        at = self.signalling
        return f"<sip:{self.user}@{in_uri(at.host)}:{at.port}{at.parameters}>"

    async def ask(
        self, dialog: Dialog, method: str, headers: Headers = (), body: bytes = b"", *,
        sent: Callable[[Request], None] = lambda _: None,
        provisional: Callable[[Response], None] = lambda _: None,
    ) -> Response:  # fmt: skip
        """Ask within a dialog, answering one challenge; its final response. Raises NoReply.

        `sent` gets each request as it goes out. An accepted INVITE is acknowledged.
        """
        request = self._request(dialog, method, headers, body)
        sent(request)
        response = await self.signalling.ask(request, dialog.peer, provisional)
        if (answer := self._credentials(request, response)) is not None:
            request = self._request(dialog, method, [*headers, answer], body)
            sent(request)
            response = await self.signalling.ask(request, dialog.peer, provisional)
        if method == "INVITE" and response.code < 300:  # noqa: PLR2004 - RFC 3261, 13.2.2.4
            dialog.establish(response)
            ack = self._compose(dialog, "ACK", request.sequence)
            self.signalling.acknowledge(ack, dialog.peer)
        return response

    def let_go(self, answer: Response, peer: Address) -> None:
        """Take leave of a second side that accepted one INVITE of ours (RFC 3261, 13.2.2.4)."""
        dialog = Dialog(
            local=answer.first("From"), remote=answer.first("To"), target="", peer=peer,
            call_id=answer.first("Call-ID"), sequence=answer.sequence,
        )  # fmt: skip
        dialog.establish(answer)
        self.signalling.acknowledge(self._compose(dialog, "ACK", answer.sequence), peer)
        self.spawn(self._say_goodbye(dialog))

    async def _say_goodbye(self, dialog: Dialog) -> None:
        with contextlib.suppress(NoReply):
            await self.ask(dialog, "BYE")

    async def cancel(self, invite: Request, peer: Address) -> None:
        """Take back an INVITE that is not answered yet; its own final response tells the outcome."""
        same = ("Via", "From", "To", "Call-ID", "Route", "Max-Forwards")
        headers = [one for one in invite.headers if one[0] in same]
        headers.append(("CSeq", f"{invite.sequence} CANCEL"))
        with contextlib.suppress(NoReply):
            await self.signalling.ask(Request(method="CANCEL", uri=invite.uri, headers=headers), peer)

    def _request(self, dialog: Dialog, method: str, headers: Headers, body: bytes) -> Request:
        dialog.sequence += 1
        request = self._compose(dialog, method, dialog.sequence)
        request.headers += headers
        request.body = body
        if body and not request.first("Content-Type"):
            request.headers.append(("Content-Type", TYPE))
        return request

    def _compose(self, dialog: Dialog, method: str, sequence: int) -> Request:
        headers = [
            ("From", dialog.local),
            ("To", dialog.remote),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{sequence} {method}"),
            ("Contact", self.contact),
            ("Max-Forwards", "70"),
            ("Allow", ALLOW),
            ("Supported", "replaces"),
            *(("Route", route) for route in dialog.routes),
        ]
        return Request(method=method, uri=dialog.target, headers=headers)

    def _credentials(self, request: Request, response: Response) -> tuple[str, str] | None:
        if self.secret is None or response.code not in _CHALLENGES:
            return None
        challenge, answer = _CHALLENGES[response.code]
        challenges = [value for name, value in response.headers if name.lower() == challenge.lower()]
        who = Credentials(user=self.user, secret=self.secret, nonce=secrets.token_hex(8))
        value = authorization(challenges, request.method, request.uri, who)
        return None if value is None else (answer, value)
