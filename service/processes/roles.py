"""The roles that a process of the hotline may have; without any it has them all, and is alone."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from hotline.errors import SettingsError
from storage.core.advisory_locks import AdvisoryLock, of_node


class Role(StrEnum):
    """What a process does of the hotline's work."""

    WEB = "web"
    """Pages and interfaces; any number of processes."""
    TELEPHONY = "telephony"
    """An Asterisk and its callers; one process for each."""
    SCHEDULER = "scheduler"
    """What is due at a time, and what is owed to people; one process."""
    MEDIA = "media"
    """What is made of recordings; one process."""


LOCKS = {
    Role.TELEPHONY: AdvisoryLock.TELEPHONY,
    Role.SCHEDULER: AdvisoryLock.SCHEDULER,
    Role.MEDIA: AdvisoryLock.MEDIA,
}
ALL = frozenset(Role)


def roles_of(given: Sequence[str]) -> frozenset[Role]:
    """Read roles, each word one or several with commas between; raises SettingsError."""
    words = [word.strip() for one in given for word in one.split(",") if word.strip()]
    known = [one.value for one in Role]
    for word in words:
        if word not in known:
            raise SettingsError(f"There is no role {word!r}: give one of {', '.join(known)}.")
    return frozenset(Role(word) for word in words)


def locks_of(roles: Collection[Role], node: str = "") -> Sequence[int]:
    """Give the locks that a process with these roles holds, always in the same order.

    Where there are several Asterisk nodes, each has a lock of telephony of its own.
    """
    return [_lock(role, lock, node) for role, lock in LOCKS.items() if role in roles]


def _lock(role: Role, lock: AdvisoryLock, node: str) -> int:
    return of_node(lock, node) if node and role is Role.TELEPHONY else lock.value


def require_shared(roles: Collection[Role], *, shared: bool) -> None:
    """Refuse roles on a database that one process alone may have; raises SettingsError."""
    if roles and not shared:
        raise SettingsError(
            "Processes by role need PostgreSQL: set HOTLINE_DATABASE_URL to one, or leave --role out."
        )
