"""The numbers of PostgreSQL's advisory locks, in one place: two of the same number wait for each other."""

from enum import IntEnum, unique
from hashlib import sha256


@unique
class AdvisoryLock(IntEnum):
    """Locks that PostgreSQL keeps for the hotline: of each, one session at a time is the holder."""

    SERVICE = int.from_bytes(b"hotline", "big")
    """Held as long as the one service of a database runs (`storage.core.service_lock`); processes by role
    share it among themselves."""
    TELEPHONY = int.from_bytes(b"talking", "big")
    """Held by the process that has Asterisk and the line, where processes run by role."""
    SERVING = int.from_bytes(b"serving", "big")
    """Of each Asterisk node: held by the process that serves its callers, or by who adopts them."""
    SCHEDULER = int.from_bytes(b"rounds", "big")
    """Held by the process that does the rounds, where processes run by role."""
    MEDIA = int.from_bytes(b"media", "big")
    """Held by the process that works on recordings, where processes run by role."""
    LETTERS = int.from_bytes(b"letters", "big")
    """Held for the moment in which a process writes to the others (`storage.processes.letters`)."""
    PAIRING = int.from_bytes(b"pairing", "big")
    """Held for the moment in which a caller is offered to a dispatcher (`storage.line.line`)."""
    POWER = int.from_bytes(b"power", "big")
    """Held while the schedules of days are replaced (`storage.power.schedules`)."""
    MIGRATION = int.from_bytes(b"migrate", "big")
    """Held while a process migrates the schema (`storage.migrations`)."""


def of_node(lock: AdvisoryLock, node: str) -> int:
    """Give the number of this lock for one of several Asterisk nodes."""
    digest = sha256(f"{lock.name} {node}".encode()).digest()
    return int.from_bytes(digest[:7], "big")
