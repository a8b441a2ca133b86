"""A telephone on a table that speaks SIP by TLS and encrypts its sound (SRTP, keys in SDP: RFC 4568)."""

import asyncio
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from os import urandom
from pathlib import Path

from pylibsrtp import Error, Policy, Session

from telephony.phone.media import Media
from telephony.phone.pacer import Pacer
from telephony.phone.phone import Phone
from telephony.phone.sdp import Law, NoCommonSound
from telephony.phone.signalling import Address, Signalling
from telephony.phone.sip import Request

SUITE = "AES_CM_128_HMAC_SHA1_80"
_KEY_BYTES = 30
_OFFERED = re.compile(rf"^a=crypto:(\d+) {SUITE} inline:([A-Za-z0-9+/=]+)".encode(), re.MULTILINE)
_LENGTH = re.compile(rb"^(?:content-length|l)\s*:\s*(\d+)", re.IGNORECASE | re.MULTILINE)


class TlsSignalling(Signalling):
    """SIP over the one connection that the phone has opened to its registrar."""

    protocol, parameters = "TLS", ";transport=tls"

    def __init__(
        self, on_request: Callable[[Request, Address], None], registrar: Address, authority: Path
    ) -> None:
        super().__init__(on_request)
        self.shown: bytes = b""
        """The certificate that the registrar has shown, DER."""
        self._registrar, self._authority = registrar, authority
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self, host: str, port: int) -> None:
        context = ssl.create_default_context(cafile=str(self._authority))
        reader, self._writer = await asyncio.open_connection(
            *self._registrar, ssl=context, local_addr=(host, port)
        )
        self.host, self.port = self._writer.get_extra_info("sockname")[:2]
        self.shown = self._writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        self._reading = asyncio.create_task(self._read(reader))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        if self._reading is not None:
            self._reading.cancel()
        super().close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                self.datagram_received(head + body, self._registrar)

    def _send(self, data: bytes, to: Address) -> None:  # noqa: ARG002 - there is one connection
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)


class SealedMedia(Media):
    """A call's sound that is sent and taken encrypted only."""

    def __init__(self, pacer: Pacer, laws: tuple[Law, ...], tell: Callable[[str, str], None]) -> None:
        super().__init__(pacer, laws, tell)
        self.unreadable = 0
        """Packets that were not sealed with the other side's key."""
        self.profile = b"RTP/SAVP"
        self._tag, self._own, self._theirs = b"1", urandom(_KEY_BYTES), b""
        self._seal = Session(Policy(key=self._own, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
        self._open: Session | None = None

    def agree(self, body: bytes) -> None:
        found = _OFFERED.search(body)
        if found is None:
            raise NoCommonSound("The other side does not encrypt.")
        self._tag, self.profile = found[1], b"RTP/SAVP" if b" RTP/SAVP " in body else b"RTP/AVP"
        if found[2] != self._theirs:
            self._theirs = found[2]
            policy = Policy(key=b64decode(found[2]), ssrc_type=Policy.SSRC_ANY_INBOUND)
            self._open = Session(policy)
        super().agree(body)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._open is None:
            return
        try:
            opened = self._open.unprotect(data)
        except Error:
            self.unreadable += 1
            return
        super().datagram_received(opened, addr)

    def _described(self, *given: object) -> bytes:
        plain = super()._described(*given)  # type: ignore[arg-type]
        line = b"a=crypto:%b %b inline:%b\r\n" % (self._tag, SUITE.encode(), b64encode(self._own))
        return plain.replace(b" RTP/AVP ", b" %b " % self.profile) + line

    def _send(self, packet: bytes) -> None:
        super()._send(self._seal.protect(packet))


class SecuredPhone(Phone):
    """A phone that goes by TLS to its registrar, whose certificate `authority` (PEM) must have signed."""

    def __init__(self, *, user: str, secret: str | None, registrar: Address, authority: Path) -> None:
        self._authority, self._at = authority, registrar
        super().__init__(user=user, secret=secret, registrar=registrar)

    @property
    def shown(self) -> bytes:
        """The certificate that the registrar has shown, DER."""
        assert isinstance(self._signalling, TlsSignalling)
        return self._signalling.shown

    def _open_signalling(self) -> Signalling:
        return TlsSignalling(self._on_request, self._at, self._authority)

    def _open_media(self, tell: Callable[[str, str], None]) -> Media:
        return SealedMedia(self.pacer, self._laws, tell)
