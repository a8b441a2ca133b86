"""Retention of citizens' reports and of call attempts: as long as they serve (law 2297-VI, article 6)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each kind of record is kept; records of an appeal stay with it."""

    watchers: timedelta = timedelta(days=30)
    """Watchers, after the outage ended."""
    reports: timedelta = timedelta(days=365)
    """Reports that callers made by keys."""
    places: timedelta = timedelta(days=365)
    """Addresses that callers keyed in, since the last time."""
    attempts: timedelta = timedelta(days=90)
    """Attempts of automatic calls: the calls and their results are on record elsewhere."""
