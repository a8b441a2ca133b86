"""Journals that the system keeps by itself: rows of what is stored, read by days."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Journal(StrEnum):
    """A journal of what is kept here."""

    APPEALS = "appeals"
    """Has a page of its own: the journal of registration."""
    LETTERS = "letters"
    """Notices that the outbox has sent, without the addresses."""
    ORDERS = "orders"
    """Orders by which residents were informed."""
    PAPERS = "papers"
    """Reports, with their signatures and digests."""
    HANDOVERS = "handovers"
    CITY_DATA = "city-data"
    """Versions of the city's documents."""
    SEALS = "seals"
    """Seals of days in the chain of recordings."""


Cell = datetime | date | str | int | None
MOST_ROWS = 2000


class Journals(Protocol):
    """The journals; each has columns of its own, in the order of `cti_server/office/words.py`."""

    async def rows(
        self, journal: Journal, since: datetime, until: datetime, most: int = MOST_ROWS
    ) -> Sequence[Sequence[Cell]]:
        """List what happened from `since` and before `until`, the earliest first; codes stand as codes."""
        ...
