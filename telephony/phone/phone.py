"""A SIP phone: one UDP socket, any number of calls, in plain asyncio.

Why it is our own: docs/decisions/0003-own-sip-phone.md.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine
from typing import ClassVar, Self

from hotline.dialling.hosts import in_uri
from hotline.errors import TelephonyError
from telephony.phone.call import PATIENCE_SECONDS, Call
from telephony.phone.incoming import IncomingCall
from telephony.phone.line import ALLOW, Dialog, PhoneLine
from telephony.phone.media import Media
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.pacer import Pacer
from telephony.phone.sdp import Law
from telephony.phone.signalling import Address, NoReply, Signalling
from telephony.phone.sip import Headers, Request, tag_of, uri_of
from telephony.phone.sound import SILENCE, Sound
from telephony.phone.timeline import Moment, Timeline

_REFUSED = 300
_WAITING_CALLS = 100
_LEAVE_SECONDS = 2.0


class RegistrationRefused(TelephonyError):  # noqa: N818 - reads as what happened
    """The registrar does not take this phone; the message holds its answer."""

    code: ClassVar[str] = "registration-refused"


class Phone:
    """A SIP phone, used as `async with Phone(...) as phone`; leaving hangs up its calls and unregisters.

    Phones that share a `pacer` share its timer. `laws`: the codecs, best first.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, user: str, display: str = "",
        secret: str | None = None, registrar: Address | None = None, pacer: Pacer | None = None,
        laws: tuple[Law, ...] = (Law.ALAW, Law.ULAW),
    ) -> None:  # fmt: skip
        self.user, self.display, self.registrar = user, display, registrar
        self.calls: list[Call] = []
        self.pacer = pacer or Pacer()
        self._bind, self._laws, self._secret = (host, port), laws, secret
        self._signalling = self._open_signalling()
        self._incoming: asyncio.Queue[IncomingCall] = asyncio.Queue(_WAITING_CALLS)
        self._dialogs: dict[tuple[str, str], Call] = {}
        self._registration: Dialog | None = None
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        await self._signalling.open(*self._bind)
        self._line = PhoneLine(
            signalling=self._signalling, user=self.user, secret=self._secret, spawn=self._spawn
        )
        self._signalling.on_another_answer = self._line.let_go
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            with contextlib.suppress(TimeoutError, NoReply, RegistrationRefused):
                async with asyncio.timeout(_LEAVE_SECONDS):
                    await self._leave()
        finally:
            self.vanish()
            await self._tasks.__aexit__(None, None, None)  # the block's own error goes on unwrapped

    @property
    def address(self) -> Address:
        return self._signalling.host, self._signalling.port

    async def call(
        self, number: str, *, to: Address | None = None, headers: Headers = (),
        from_header: str | None = None, sound: Sound = SILENCE,
        told: Callable[[Moment], None] = lambda _: None,
    ) -> OutgoingCall:  # fmt: skip
        """Call a number at an address (default: the registrar); returns as soon as the INVITE is on its way.

        `from_header` is sent as the whole From header, whatever its content; only a tag is added. `told` gets
        each event as it happens.
        """
        peer = to or self.registrar
        if peer is None:
            raise ValueError("A call needs an address: give `to` or a registrar.")
        target = f"sip:{number}@{in_uri(peer[0])}:{peer[1]}"
        local = f"{from_header or self._identity(peer)};tag={secrets.token_hex(6)}"
        dialog = Dialog(local=local, remote=f"<{target}>", target=target, peer=peer)
        timeline = Timeline(told)
        media = self._open_media(lambda *heard: call.on_sound(*heard))  # noqa: PLW0108 - the call needs it first
        call = OutgoingCall(self._line, media, dialog, timeline)
        await media.open(self._bind[0])
        media.say(sound)
        self._keep(call)
        self._spawn(call.place(headers))
        return call

    async def register(self, expires: int = 300) -> None:
        """Register and stay registered (RFC 3261, section 10). Raises RegistrationRefused, NoReply."""
        if self.registrar is None:
            raise ValueError("A registration needs a registrar.")
        host, port = self.registrar
        who = self._identity(self.registrar)
        local = f"{who};tag={secrets.token_hex(6)}"
        target = f"sip:{in_uri(host)}:{port}"
        dialog = Dialog(local=local, remote=who, target=target, peer=self.registrar)
        await self._register(dialog, expires)
        self._registration = dialog
        self._spawn(self._stay_registered(dialog, expires))

    async def unregister(self) -> None:
        """Tell the registrar that calls no longer go here. Raises RegistrationRefused, NoReply."""
        dialog, self._registration = self._registration, None
        if dialog is not None:
            await self._register(dialog, 0)

    async def next_call(self, timeout: float = PATIENCE_SECONDS) -> IncomingCall:  # noqa: ASYNC109 - reads as a bound
        """Wait for the oldest call that was not handed out yet. TimeoutError."""
        async with asyncio.timeout(timeout):
            return await self._incoming.get()

    def vanish(self) -> None:
        """Die as a phone does whose cable is pulled: no BYE, no RTP, no unregistering."""
        self._signalling.close()
        for call in self.calls:
            call.drop()
        for task in self._running:
            task.cancel()
        self._registration = None

    def _open_signalling(self) -> Signalling:
        return Signalling(self._on_request)

    def _open_media(self, tell: Callable[[str, str], None]) -> Media:
        return Media(self.pacer, self._laws, tell)

    async def _leave(self) -> None:
        async with asyncio.TaskGroup() as endings:
            for call in self.calls:
                endings.create_task(call.hang_up())
        await self.unregister()

    def _identity(self, peer: Address) -> str:
        shown = self.display.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{shown}" ' if shown else ""
        return f"{name}<sip:{self.user}@{in_uri(peer[0])}:{peer[1]}>"

    async def _register(self, dialog: Dialog, expires: int) -> None:
        response = await self._line.ask(dialog, "REGISTER", [("Expires", str(expires))])
        if response.code >= _REFUSED:
            raise RegistrationRefused(f"{self.user}: {response.code} {response.reason}")

    async def _stay_registered(self, dialog: Dialog, expires: int) -> None:
        while self._registration is dialog:
            await asyncio.sleep(expires / 2)
            with contextlib.suppress(NoReply, RegistrationRefused):  # a registrar may be starting anew
                await self._register(dialog, expires)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _keep(self, call: Call) -> None:
        self.calls.append(call)
        self._dialogs[call.dialog.call_id, tag_of(call.dialog.local)] = call

    def _on_request(self, request: Request, source: Address) -> None:
        call = self._dialogs.get((request.first("Call-ID"), tag_of(request.first("To"))))
        if call is not None and call.dialog.is_with(request):
            call.on_request(request, source)
        elif request.method == "INVITE" and not tag_of(request.first("To")):
            self._spawn(self._ring(request, source))
        elif request.method == "CANCEL":
            self._cancel(request, source)
        elif request.method in ("OPTIONS", "NOTIFY"):
            self._signalling.respond(request, source, 200, "OK", headers=[("Allow", ALLOW)])
        elif request.method != "ACK":
            self._signalling.respond(request, source, 481, "Call/Transaction Does Not Exist")

    async def _ring(self, invite: Request, source: Address) -> None:
        local = f"{invite.first('To')};tag={secrets.token_hex(6)}"
        dialog = Dialog(
            local=local, remote=invite.first("From"), target=uri_of(invite.first("Contact")),
            peer=source, call_id=invite.first("Call-ID"),
        )  # fmt: skip
        dialog.establish(invite)
        media = self._open_media(lambda *heard: call.on_sound(*heard))  # noqa: PLW0108 - the call needs it first
        call = IncomingCall(self._line, media, dialog, Timeline(), (invite, source))
        await media.open(self._bind[0])
        self._keep(call)
        self._signalling.respond(invite, source, 100, "Trying")  # a CANCEL can come only after this
        try:
            self._incoming.put_nowait(call)
        except asyncio.QueueFull:
            await call.reject(480)

    def _cancel(self, cancel: Request, source: Address) -> None:
        for call in self.calls:
            if isinstance(call, IncomingCall) and call.invite.branch == cancel.branch:
                call.on_cancel(cancel, source)
                return
        self._signalling.respond(cancel, source, 481, "Call/Transaction Does Not Exist")
