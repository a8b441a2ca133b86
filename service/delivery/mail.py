"""E-mail by SMTP: one connection for each letter, and an exact account of how far it got.

What the server said decides: before the end of the text it surely has nothing; an answer that never came
after it is unclear (RFC 5321, 4.2.5), and nobody can ask for it later.
"""

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from hotline.contact.mail_addresses import mail_address
from hotline.delivery.handing_over import Attachment, Known, Message, NotTaken, Refused, Unclear, Word
from service.delivery.mail_server import MailServer, Security

FOR_EVER = 500
"""Answers from here on are not worth another try (RFC 5321, 4.2.1)."""
_LINES = compat32.clone(linesep="\r\n")
_POLICY = "5.7."
"""Refusals of the server's policy, such as relaying: our settings, not this recipient (RFC 3463, 3.8)."""


class SmtpCarrier:
    """A `hotline.delivery.handing_over.Carrier` by SMTP. No letter can be asked about."""

    repeatable = False
    asks_by_key = False
    asks_by_id = False

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._encryption = _encryption(server)

    async def hand_over(self, message: Message) -> str:
        recipient = mail_address(message.address)
        if recipient is None:
            raise Refused("This is no e-mail address.")
        text = letter(message, recipient, self._server).as_bytes(policy=_LINES)
        client = self._client()
        try:
            with _surely_not():
                await client.connect()
                await self._envelope(client, recipient)
            return await self._text(client, text)
        finally:
            with contextlib.suppress(SMTPException, OSError):
                await client.quit()

    async def ask(self, *, key: str, provider_id: str) -> Word:
        del key, provider_id
        return Word(known=Known.UNKNOWN)

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            timeout=server.seconds,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._encryption,
        )

    async def _envelope(self, client: SMTP, recipient: str) -> None:
        await client.mail(self._server.sender.addr_spec)
        try:
            await client.rcpt(recipient)
        except SMTPRecipientRefused as error:
            if error.code >= FOR_EVER and _POLICY not in error.message:
                raise Refused(_said(error)) from error
            raise NotTaken(_said(error), theirs=_POLICY in error.message) from error

    async def _text(self, client: SMTP, text: bytes) -> str:
        try:
            answer = await client.data(text)
        except SMTPDataError as error:
            if error.code >= FOR_EVER and _POLICY not in error.message:
                raise Refused(_said(error)) from error
            raise NotTaken(_said(error), theirs=_POLICY in error.message) from error
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            raise Unclear(f"no answer after the text: {error}") from error
        return f"{answer.code} {answer.message}"[:200]


def letter(message: Message, recipient: str, server: MailServer) -> MIMEBase:
    """Write the letter: plain text in UTF-8, marked so that no machine answers (RFC 3834).

    Raises ValueError for a subject of several lines. Headers are encoded by `email.header`: the newer
    `email.policy` loses spaces between the encoded words of a long subject.
    """
    if not message.subject.isprintable():
        raise ValueError("a subject is one line")
    mail: MIMEBase = MIMEText(message.text, "plain", "utf-8")
    if message.attachments:
        mail = _with_files(mail, message.attachments)
    mail["From"] = formataddr((server.sender.display_name, server.sender.addr_spec))
    mail["To"] = recipient
    if server.reply_to:
        mail["Reply-To"] = server.reply_to
    mail["Subject"] = Header(message.subject, "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message.key}@{server.sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = message.language
    return mail


def _with_files(text: MIMEBase, files: Sequence[Attachment]) -> MIMEMultipart:
    mail = MIMEMultipart("mixed")
    mail.attach(text)
    for file in files:
        part = MIMEApplication(file.content, file.media_type.partition("/")[2])
        part.add_header("Content-Disposition", "attachment", filename=file.name)
        mail.attach(part)
    return mail


@contextlib.contextmanager
def _surely_not() -> Iterator[None]:
    """After any error before the text is sent the server has nothing."""
    try:
        yield
    except SMTPResponseException as error:
        raise NotTaken(_said(error), theirs=True) from error
    except (SMTPException, OSError) as error:
        raise NotTaken(f"mail server: {error}", theirs=True) from error


def _said(error: SMTPResponseException) -> str:
    return f"{error.code} {' '.join(error.message.split())}"


def _encryption(server: MailServer) -> ssl.SSLContext | None:
    if server.security is Security.NONE:
        return None
    return ssl.create_default_context(cafile=str(server.certificates) if server.certificates else None)
