"""The mail server as the settings name it; what speaks SMTP with it, and needs a library, is `mail`."""

from dataclasses import dataclass
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How the connection is encrypted; NONE only where the server is on this very machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The mail server, and the sender's address."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: Address
    reply_to: str = ""
    certificates: Path | None = None
    """PEM of the authorities that certify the server; None: the machine's own."""
    seconds: float = 20.0
    """How long any one answer may take."""
