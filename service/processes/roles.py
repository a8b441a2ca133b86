"""The roles that a process of the hotline may have; without any it has them all, and is alone."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from hotline.errors import SettingsError
from storage.core.advisory_locks import AdvisoryLock


class Role(StrEnum):
    """What a process does of the hotline's work."""

    WEB = "web"
    """Pages and interfaces; any number of processes."""
    TELEPHONY = "telephony"
    """Asterisk and the line; one process."""
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


def locks_of(roles: Collection[Role]) -> Sequence[AdvisoryLock]:
    """Give the locks that a process with these roles holds, always in the same order."""
    return [lock for role, lock in LOCKS.items() if role in roles]


def require_shared(roles: Collection[Role], *, shared: bool) -> None:
    """Refuse roles on a database that one process alone may have; raises SettingsError."""
    if roles and not shared:
        raise SettingsError(
            "Processes by role need PostgreSQL: set HOTLINE_DATABASE_URL to one, or leave --role out."
        )
