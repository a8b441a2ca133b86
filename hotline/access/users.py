"""Users: who may sign in, and at which desk or for which enterprise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.access.bodies import Body
from hotline.access.permissions import AT_A_DESK, OF_AN_ENTERPRISE, Permission, Role, allows


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One account. `dispatcher_id` binds it to a desk, `executor_id` to an enterprise.

    The hash is Argon2id's own encoded form.
    """

    id: int
    login: str
    name: str
    role: Role
    password_hash: str
    totp_secret: str | None = None
    dispatcher_id: int | None = None
    active: bool = True
    signed_in_at: datetime | None = None
    """The last time; written by `Users.signed_in` alone."""
    executor_id: int | None = None
    phone_code_hash: str | None = None
    """Of the code that they press when they call the hotline themselves; see `hotline.access.phone_codes`."""
    phone: str | None = None
    """The telephone, in E.164, that is offered to press the code; the number alone proves nothing."""
    telephone: str | None = None
    """Their own telephone, in E.164, at which colleagues reach them away from the desk."""
    email: str | None = None
    password_given: bool = False
    """Somebody else knows the password, who gave it: nothing is done before they have chosen their own."""
    body: Body | None = None
    """Of an observer: the body for which they read."""
    sees_people: bool = False
    """Of an observer: they open appeals, with residents' names, telephones and addresses."""
    acting_until: datetime | None = None
    """They are acting head until then (`hotline.access.acting_heads`); kept with no account."""

    @property
    def acts_as(self) -> Role:
        """The role whose part they play at this moment: an acting head plays the head's."""
        return self.role if self.acting_until is None else Role.HEAD

    def may(self, permission: Permission) -> bool:
        """A head with a desk answers calls; a user with the executor's role needs an enterprise.

        An observer opens appeals only where their account has the right to personal data.

        An acting head may all that the head may but for naming one, and keeps what a dispatcher may.
        """
        if permission in OF_AN_ENTERPRISE and self.executor_id is None:
            return False
        if permission is Permission.SEE_APPEALS and self.role is Role.OBSERVER and not self.sees_people:
            return False
        if self.acting_until is not None and allows(Role.HEAD, permission):
            return permission is not Permission.NAME_ACTING_HEAD
        telephones = permission in AT_A_DESK and self.role is Role.HEAD
        return allows(self.role, permission) or (telephones and self.dispatcher_id is not None)

    def stands_as(self, before: "User") -> bool:
        """Tell whether the account is open, with the role, desk and enterprise that it had before."""
        return self.active and _standing(self) == _standing(before)


class Owed(StrEnum):
    """Debts that a user settles before anything else opens: a password of their own, a one-time code."""

    PASSWORD = "password"  # noqa: S105 - what is owed
    CODE = "code"


_WITH_CODE = frozenset({Role.HEAD, Role.ADMINISTRATOR})
"""Roles that open everything, or everybody's account: a password that was seen is not enough for them."""


def owed_by(user: User, *, code_needed: bool) -> Owed | None:
    """Tell what the user has to settle first; `code_needed`: not in the demo city."""
    if user.password_given:
        return Owed.PASSWORD
    return Owed.CODE if code_needed and user.role in _WITH_CODE and user.totp_secret is None else None


def _standing(user: User) -> tuple[Role, int | None, int | None, bool]:
    return user.role, user.dispatcher_id, user.executor_id, user.sees_people


_GIVEN_BY: dict[Role, frozenset[Role]] = {
    Role.HEAD: frozenset(Role),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}
"""The head answers for the people of the centre; an administrator gives no right that they lack."""


def may_give(actor: User, role: Role) -> bool:
    """Tell whether the actor may give this role: by an account, by a new password of one, or by a token.

    An acting head gives no role that would still open after their last day what they may open until then.
    """
    given = _GIVEN_BY.get(actor.acts_as, frozenset())
    return role in (given if actor.acting_until is None else given - _WITH_CODE)


def may_take(actor: User, role: Role) -> bool:
    """Tell whether the actor may close an account of this role, or end its token: less is open afterwards."""
    return actor.may(Permission.MANAGE_USERS) and (role is not Role.HEAD or actor.role is Role.HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Somebody looked at, listened to or changed something; `subject` is such as `call:ID`, `user:7`."""

    at: datetime
    user_id: int | None
    action: str
    subject: str
    address: str
    detail: str = ""
    acting_head: bool = False
    """The user was acting head at that moment."""
    id: int = field(default=0, compare=False)
    """Given by the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """A filter of the audit log; a field of None does not filter. `subject` matches from its beginning."""

    user_id: int | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that no longer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPosition:
    """The last entry of a page: the next page begins behind it, even when entries were added since."""

    at: datetime
    id: int


class AuditLog(Protocol):
    """Append-only; nothing in the product changes or deletes an entry."""

    async def append(self, entry: AuditEntry) -> None: ...

    async def latest(self, limit: int = 100, *, user_id: int | None = None) -> Sequence[AuditEntry]: ...

    async def find(
        self, wanted: AuditFilter, *, limit: int, behind: AuditPosition | None = None
    ) -> Sequence[AuditEntry]:
        """Find entries, the newest first."""
        ...


class Users(Protocol):
    """The accounts. One is never deleted: the audit log names it for ever."""

    async def add(
        self,
        *,
        login: str,
        name: str,
        role: Role,
        password_hash: str,
        dispatcher_id: int | None = None,
        executor_id: int | None = None,
        telephone: str | None = None,
        email: str | None = None,
        demo: bool = False,
        password_given: bool = False,
        body: Body | None = None,
        sees_people: bool = False,
    ) -> User:
        """Open an account; the login is stored in small letters. Raises AlreadyTaken."""
        ...

    async def get(self, user_id: int) -> User:
        """Find an account by its id; raises NotFound."""
        ...

    async def those(self, user_ids: Collection[int]) -> Mapping[int, User]:
        """Find accounts by their ids."""
        ...

    async def by_login(self, login: str) -> User | None:
        """Find a user by login, ignoring case."""
        ...

    async def all(self) -> Sequence[User]:
        """By login."""
        ...

    async def of_executor(self, executor_id: int) -> Sequence[User]:
        """List an enterprise's active accounts, by login: colleagues to whom a user can pass an appeal."""
        ...

    async def update(self, user: User) -> None:
        """Write all but id and login; raises NotFound, or AlreadyTaken for a desk that is another's."""
        ...

    async def signed_in(self, user_id: int, at: datetime) -> None:
        """Remember when the user came in last."""
        ...

    async def use_code(self, user_id: int, step: int) -> bool:
        """Take note of the one-time code of this time step (RFC 6238, 5.2): False if it was used before."""
        ...

    async def demo_accounts(self) -> Sequence[str]:
        """Logins of active accounts that still have their demo password."""
        ...
