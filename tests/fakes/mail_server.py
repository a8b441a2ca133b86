"""A mail server (aiosmtpd) that keeps every letter, and can be told to refuse, to be slow or to hang up."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Letters:
    """What came in. `answers` are given before anything else: to RCPT and to the text, by the recipient."""

    port: int = 0
    whole: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    hangs_up_after: set[str] = field(default_factory=set)
    """Recipients whose letter is kept, and no answer given to it."""
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := self.rcpt.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        if refusal := self.data.get(to):
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        self.whole.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(to)
        self.encrypted.append(session.ssl is not None)
        if to in self.hangs_up_after:
            assert server.transport is not None
            server.transport.abort()
        return "250 Kept"


@asynccontextmanager
async def mail_server(*, tls: ssl.SSLContext | None = None, password: str = "") -> AsyncIterator[Letters]:
    """Listen on a free port; with `tls` by STARTTLS only, with a password only for the user `hotline`."""
    letters = Letters()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        letters.users.append(data.login.decode())
        right = data.login == b"hotline" and data.password == password.encode()
        return AuthResult(success=right, handled=right)

    def make() -> SMTP:
        return SMTP(
            letters,
            hostname="mail.example",
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=bool(password),
            auth_require_tls=tls is not None,
            authenticator=authenticate if password else None,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    letters.port = server.sockets[0].getsockname()[1]
    try:
        yield letters
    finally:
        server.close()
