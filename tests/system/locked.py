"""A database into which another program writes for a while, and is in no hurry."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from hotline.line.invariants import Truth
from tests.system.hotline import Hotline

LATE = frozenset({Truth.TALK_HAS_PHONE, Truth.CALLER_IS_HERE, Truth.OFFER_RINGS, Truth.TALK_ENDS})
"""What is on record too late while nothing can be written."""


@contextmanager
def locked_for_writing(hotline: Hotline) -> Iterator[sqlite3.Connection]:
    """Have nobody else write into the hotline's database meanwhile.

    What is written by the connection that locks it is forgotten, unless it is committed: that ends the lock.
    """
    hotline.broken_on_purpose |= LATE
    lock = sqlite3.connect(str(make_url(hotline.settings.database_url).database), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        yield lock
    finally:
        if lock.in_transaction:
            lock.execute("ROLLBACK")
        lock.close()
