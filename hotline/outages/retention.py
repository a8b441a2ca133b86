"""How long what people said, and whom we tried to call, is kept: while it serves (law 2297-VI, article 6)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is older is forgotten; what belongs to an appeal stays with it."""

    watchers: timedelta = timedelta(days=30)
    """Who wanted to be told, after the outage ended."""
    reports: timedelta = timedelta(days=365)
    """What callers reported by keys."""
    places: timedelta = timedelta(days=365)
    """Where callers said by keys that they are, since they last said it."""
    attempts: timedelta = timedelta(days=90)
    """Whom the hotline tried to call by itself: the calls and what they came to are on record elsewhere."""
