"""Tokens of other systems: what each may do, who answers for it, until when."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from hotline.access.permissions import OF_AN_ENTERPRISE, Permission, Role, allows
from hotline.access.scopes import Scope
from hotline.access.users import User, may_give
from hotline.errors import ForbiddenTransition

LONGEST_LIFE = timedelta(days=2 * 366)
LONGEST_NAME = 100
KEY_REVOKED = "Ключ договору відкликано."
"""Why an agreement ended whose key was revoked as a token."""
OVERLAP = timedelta(days=7)
"""The time for which a token's old secret stays good beside its new one."""
_PREFIX = "hotline_"
"""By it, those who look for leaked secrets know one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key to the interface for programs. The secret itself is shown once and kept only as a hash."""

    id: int
    name: str
    role: Role
    personal: bool
    """Sees names, numbers, addresses and texts; without it they are masked or left out."""
    user_id: int
    """The user who made the token and answers for its use."""
    made_at: datetime
    expires_at: datetime
    scopes: frozenset[Scope]
    """The parts of the interface that it opens, as far as its role may."""
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    executor_id: int | None = None
    """The enterprise whose system uses the token: with the executor's role it sees only that enterprise's
    appeals."""
    old_until: datetime | None = None
    """Until when the secret before the present one opens the same; None: there was none."""
    for_agreement: bool = False
    """It is the key of an agreement with another city: worth what that is, not what its maker is."""

    def beside(self, present: "Token") -> "Token":
        """Give what a bearer has whose token is `present` by now: its scopes may be others.

        If it was renewed since, their secret is the old one; one that was the old one already has ended.
        """
        now = replace(self, scopes=present.scopes)
        if present.old_until is None or present.old_until == self.old_until:
            return now
        ends = present.old_until if self.expires_at == present.expires_at else self.made_at
        return replace(now, expires_at=min(self.expires_at, ends), old_until=present.old_until)

    def may(self, permission: Permission) -> bool:
        if permission in OF_AN_ENTERPRISE and self.executor_id is None:
            return False
        return allows(self.role, permission)

    def opens(self, *scopes: Scope) -> bool:
        """Tell whether it was given any of these scopes; the key of an agreement has its own alone."""
        return not (self.scopes & {Scope.NEIGHBOUR} if self.for_agreement else self.scopes).isdisjoint(scopes)

    def valid(self, now: datetime) -> bool:
        """Tell whether it is neither revoked nor over; `good` also looks at its maker."""
        return self.revoked_at is None and now < self.expires_at

    def good(self, now: datetime, maker: User) -> bool:
        """Tell whether it opens anything: it is worth no more than its maker is now.

        The key of an agreement is worth what the agreement is: that two cities made, and it outlives the
        account of the head who entered it.
        """
        return self.valid(now) and (self.for_agreement or (maker.active and may_give(maker, self.role)))

    def check_changeable(self) -> None:
        """Raise ForbiddenTransition for the key of an agreement: it is never widened nor renewed."""
        if self.for_agreement:
            raise ForbiddenTransition(f"Token {self.id} is the key of an agreement: it ends with that.")


class Tokens(Protocol):
    """The tokens. None is ever deleted: the audit log names them."""

    async def add(
        self,
        secret_hash: str,
        *,
        name: str,
        role: Role,
        personal: bool,
        user_id: int,
        made_at: datetime,
        expires_at: datetime,
        scopes: Collection[Scope],
        executor_id: int | None = None,
    ) -> Token: ...

    async def by_hash(self, secret_hash: str) -> Token | None:
        """Find whose secret it is; by the one before the present one, the token ends when that does."""
        ...

    async def those(self, token_ids: Collection[int]) -> Mapping[int, Token]:
        """Find tokens by their ids."""
        ...

    async def get(self, token_id: int) -> Token:
        """Find a token by its id; raises NotFound."""
        ...

    async def all(self) -> Sequence[Token]:
        """The newest first."""
        ...

    async def used(self, token_id: int, at: datetime) -> None: ...

    async def renew(self, token_id: int, secret_hash: str, *, old_until: datetime) -> Token:
        """Give the token another secret; the present one stays good until then, and one before it ends.

        Raises NotFound.
        """
        ...

    async def rescope(self, token_id: int, scopes: Collection[Scope]) -> Token:
        """Let the token open these parts from now on, and no others. Raises NotFound."""
        ...

    async def revoke(self, token_id: int, at: datetime) -> None:
        """End the token at once; only the first time counts. Raises NotFound.

        The agreement whose key it is ends in the same transaction.
        """
        ...


def new_secret() -> str:
    """Make what the other system sends: 256 bits that nobody guesses."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return the SHA-256 in hex: a secret of this length needs no slow hash. A stranger sends any bytes."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
