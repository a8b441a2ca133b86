"""Users, their roles, and the permissions of each role (regulation 1.3, 6.10, 6.13)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """The role of a user in the contact centre."""

    DISPATCHER = "dispatcher"
    HEAD = "head"
    EXECUTOR = "executor"
    OBSERVER = "observer"
    """The mayor, the council, the executive committee, the department above: reads, changes nothing."""
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Permissions; each route names the one it needs."""

    ANSWER_CALLS = "answer-calls"
    CALL_OUT = "call-out"
    """To have the desk's telephone call citizens and enterprises."""
    SEE_CALLS = "see-calls"
    HEAR_RECORDINGS = "hear-recordings"
    DOWNLOAD_RECORDINGS = "download-recordings"
    """To take a recording away; hearing it needs HEAR_RECORDINGS alone."""
    REGISTER_APPEALS = "register-appeals"
    SEE_APPEALS = "see-appeals"
    SEE_LINE = "see-line"
    MANAGE_USERS = "manage-users"
    SEE_AUDIT = "see-audit"
    HANDLE_APPEALS = "handle-appeals"
    """To take down an applicant's word, ask them, note, correct, link, forward, close unconfirmed."""
    ASSIGN_APPEALS = "assign-appeals"
    CONTROL_APPEALS = "control-appeals"
    """To extend, reject, put under control."""
    SEE_CONTROL = "see-control"
    """Overdue appeals by enterprise."""
    MANAGE_RULES = "manage-rules"
    MANAGE_SURVEYS = "manage-surveys"
    """The questions of automatic calls."""
    MANAGE_EXECUTORS = "manage-executors"
    WORK_ON_APPEALS = "work-on-appeals"
    """On those of one's own enterprise only."""
    SEE_OUTAGES = "see-outages"
    """Outages of all enterprises; that there is an outage is public, who entered it and when is not."""
    MANAGE_OUTAGES = "manage-outages"
    """To enter, change, end and cancel any."""
    ENTER_OWN_OUTAGES = "enter-own-outages"
    """And to change, end and cancel them: those of one's own enterprise only."""
    SEE_CAMPAIGNS = "see-campaigns"
    """Automatic calls under way and the progress of campaigns; numbers are masked."""
    MANAGE_CAMPAIGNS = "manage-campaigns"
    """To start, pause and stop campaigns, and to edit the do-not-call list."""
    SET_PRESENCE = "set-presence"
    """Of any dispatcher, as a roster of shifts does; one's own takes ANSWER_CALLS."""
    PREPARE_INFORMING = "prepare-informing"
    """To prepare an order by which residents are informed, and to watch, hold and stop it."""
    APPROVE_INFORMING = "approve-informing"
    """To allow one that another has prepared (regulation 2.8)."""
    SHARE_VIEWS = "share-views"
    """To keep filters of a list for everybody; one's own anyone may keep."""
    IMPORT_DATA = "import-data"
    """To bring in registers from files, and take them out."""
    SEE_ANNOUNCEMENTS = "see-announcements"
    """The announcements that callers hear, and whether the city's message is on."""
    MANAGE_ANNOUNCEMENTS = "manage-announcements"
    """To switch the city's message, and to let a person's voice speak."""


_AT_A_DESK = frozenset({Permission.ANSWER_CALLS, Permission.CALL_OUT})
OF_AN_ENTERPRISE = frozenset({Permission.WORK_ON_APPEALS, Permission.ENTER_OWN_OUTAGES})
"""Allowed to nobody who is not bound to one."""
_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.DISPATCHER: frozenset(
        {
            Permission.ANSWER_CALLS,
            Permission.CALL_OUT,
            Permission.SEE_CALLS,
            Permission.HEAR_RECORDINGS,
            Permission.REGISTER_APPEALS,
            Permission.SEE_APPEALS,
            Permission.HANDLE_APPEALS,
            Permission.ASSIGN_APPEALS,
            Permission.SEE_LINE,
            Permission.SEE_OUTAGES,
            Permission.MANAGE_OUTAGES,
            Permission.SEE_ANNOUNCEMENTS,
            Permission.SEE_CAMPAIGNS,
            Permission.PREPARE_INFORMING,
        }
    ),
    Role.HEAD: frozenset(Permission) - _AT_A_DESK - OF_AN_ENTERPRISE,
    Role.EXECUTOR: OF_AN_ENTERPRISE,
    Role.OBSERVER: frozenset(
        {
            Permission.SEE_LINE,
            Permission.SEE_APPEALS,
            Permission.SEE_CONTROL,
            Permission.SEE_OUTAGES,
            Permission.SEE_CAMPAIGNS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.MANAGE_USERS, Permission.SEE_LINE, Permission.SEE_AUDIT, Permission.IMPORT_DATA}
    ),
}


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

    def may(self, permission: Permission) -> bool:
        """A head with a desk answers calls; a user with the executor's role needs an enterprise."""
        if permission in OF_AN_ENTERPRISE and self.executor_id is None:
            return False
        telephones = permission in _AT_A_DESK and self.role is Role.HEAD
        return allows(self.role, permission) or (telephones and self.dispatcher_id is not None)


def allows(role: Role, permission: Permission) -> bool:
    """Whether the role alone brings the permission."""
    return permission in _ALLOWED[role]


def may_administer(actor: User, role: Role) -> bool:
    """Whether the actor may give this role, or change an account that has it: nobody lifts themselves up."""
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
        demo: bool = False,
    ) -> User:
        """Open an account; the login is stored in small letters. Raises AlreadyTaken."""
        ...

    async def get(self, user_id: int) -> User:
        """Find an account by its id; raises NotFound."""
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
