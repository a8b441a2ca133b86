"""Counts of appeals: each name has one definition, by which every page, paper and list counts.

The conditions in SQL stand in `storage.appeals.counted`; `state_since` of what is closed is when it was.
"""

from datetime import timedelta
from enum import StrEnum

ACCEPTED_WITHIN = timedelta(hours=24)
"""How soon an enterprise accepts what it was given, to be counted as quick."""


class CountedAppeals(StrEnum):
    """A count of appeals."""

    RECEIVED = "received"
    """Every appeal that was registered."""
    REPEATED = "repeated"
    """Its sign says that the person has appealed about it before."""
    FORWARDED = "forwarded"
    REJECTED = "rejected"
    OWED = "owed"
    """The work is owed: the term runs (`hotline.appeals.appeal.PENDING`). Those below are among them."""
    OVERDUE = "overdue"
    """Owed, and the city's term has ended."""
    DUE_TODAY = "due-today"
    DUE_SOON = "due-soon"
    """Within three days, today included."""
    BREACHED = "breached"
    """Owed, and the law's term has ended."""
    UNACCEPTED = "unaccepted"
    """An enterprise has it and has not accepted it yet."""
    DISPUTED = "disputed"
    MORE_TIME = "more-time"
    UNROUTED = "unrouted"
    """Nobody has it yet."""
    CLOSED = "closed"
    """With the applicant's word or without (`hotline.appeals.figures.CLOSED`). Those below are among them."""
    IN_TIME = "in-time"
    """Closed no later than the city's term ended."""
    CONFIRMED = "confirmed"
    """The applicant says that it is done."""
    TAKEN_DOWN = "taken-down"
    """Confirmed by the applicant's word as a user took it down."""
    UNCONFIRMED = "unconfirmed"
    RETURNED = "returned"
    """Closed, and the applicant had said before that it was not done."""
    ACCEPTED = "accepted"
    """Closed, and its enterprise had accepted it within ACCEPTED_WITHIN of being given it."""
