"""An enterprise's own Open311 (GeoReport v2): where appeals given to it go, and how much of them.

What comes back from there is read by `hotline.appeals.outside_updates`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

LONGEST_ADDRESS = 500
TOKEN = "token:"  # noqa: S105 - the beginning of a name
"""Begins the name of a request to which the other side has not given its id yet."""


def endpoint_address(text: str) -> str | None:
    """Read the address of a server's methods, without a slash at its end; None for what is none.

    Without TLS it is one of the own network alone, so that no key goes through the Internet in the open.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    del port
    host = parts.hostname or ""
    named = host and not (parts.username or parts.password or parts.query or parts.fragment)
    if not named or len(text) > LONGEST_ADDRESS or any(one.isspace() for one in text.strip()):
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and _of_own_network(host)):
        return None
    return parts.geturl().rstrip("/")


def _of_own_network(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or (address.is_private and not address.is_link_local)


class Shared(StrEnum):
    """How much of an appeal the contract with the enterprise lets its server have, each with those before."""

    MATTER = "matter"
    """Number, category, address, urgency and term: nothing that the citizen said or is."""
    TEXT = "text"
    """And the citizen's words, with the answers to the questions of the category."""
    APPLICANT = "applicant"
    """And the applicant's name and telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open311Endpoint:
    """Where its server is: `address` is that of the methods, such as `https://uzhkg.example/open311/v2`."""

    address: str
    jurisdiction: str = ""
    shared: Shared = Shared.MATTER
    repeatable: bool = False
    """It knows a request that is sent twice by its `Idempotency-Key`, as a hotline of this make does."""
    services: Mapping[str, str] = field(default_factory=dict, hash=False)
    """A category's code → the service code there."""
    other: str = ""
    """The service code of all other categories; empty: they do not go there."""

    @property
    def revision(self) -> str:
        """Name this state of it: an editor names the one that they saw."""
        parts = [repr(replace(self, services={})), sorted(self.services.items())]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def service_of(self, category: str) -> str:
        """Give the service code of a category; empty where appeals of it do not go there."""
        return self.services.get(category, self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedRequest:
    """An appeal that the enterprise's server has taken, and that the enterprise still owes work on."""

    notice_id: int
    number: str
    request_id: str
    """Its own id there, or TOKEN and the token by which that is asked for."""
    handed_at: datetime

    @property
    def token(self) -> str:
        """The token, where it has no id yet."""
        return self.request_id.removeprefix(TOKEN) if self.request_id.startswith(TOKEN) else ""


class Open311Endpoints(Protocol):
    """The endpoints of enterprises. Where one is, the enterprise's own entry says (`Executor.open311`)."""

    async def set(
        self,
        executor_id: int,
        endpoint: Open311Endpoint | None,
        *,
        key: str | None,
        seen: Open311Endpoint | None,
    ) -> None:
        """Keep it, or None to send nothing there any more; `key` None keeps the one of this very address.

        Raises Outdated when it is no longer as `seen`, NotFound.
        """
        ...

    async def key(self, executor_id: int) -> str:
        """Give the key by which its server lets us in; empty for none."""
        ...

    async def has_key(self, executor_id: int) -> bool:
        """Tell whether a key is kept, also where it cannot be opened."""
        ...

    async def keep_key(self, executor_id: int, key: str, *, was: str) -> None:
        """Keep the same key in another form; nothing where it is no longer as it `was`."""
        ...

    async def handed(self, executor_id: int) -> Sequence[HandedRequest]:
        """List what its server has of ours and the enterprise still owes, of each appeal the latest."""
        ...

    async def named(self, notice_id: int, request_id: str, at: datetime) -> None:
        """Keep the id that the server has given to a request of a token."""
        ...
