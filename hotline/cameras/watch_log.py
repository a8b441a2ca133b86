"""The watch log: which camera was watched by whom from when until when, and what nobody watched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

WRITTEN_EVERY = timedelta(minutes=1)
"""How often an interval that goes on is written down: so much is lost at most when the service dies."""
AWAKE = timedelta(minutes=30)
"""How long a page may be left alone before nobody is taken to watch what it shows."""
SHORT = timedelta(seconds=90)
"""A gap no longer than this is none: a person who turns the page or has a shaking stream still watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One camera with pictures on one person's page. One that goes on has its last writing as `until`."""

    id: int
    camera_id: int
    user_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one moment to another."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since


class WatchLog(Protocol):
    """The log, compact: one row for a camera, a person and a time without a break."""

    async def begin(self, camera_id: int, user_id: int, at: datetime) -> int:
        """Write that it is watched from now on; goes on with the person's row of it that has just ended."""
        ...

    async def extend(self, ids: Sequence[int], at: datetime) -> None:
        """Write that these go on until now."""
        ...

    async def between(self, since: datetime, until: datetime) -> Sequence[Watched]:
        """List what was watched in this time, the earliest first."""
        ...


def together(watched: Iterable[Watched], within: Span) -> Sequence[Span]:
    """Join what several people watched of one camera into the spans in which anybody did."""
    spans = sorted(
        (max(one.since, within.since), min(one.until, within.until))
        for one in watched
        if one.since < within.until and one.until > within.since
    )
    joined: list[Span] = []
    for since, until in spans:
        if joined and since - joined[-1].until <= SHORT:
            joined[-1] = Span(since=joined[-1].since, until=max(joined[-1].until, until))
        else:
            joined.append(Span(since=since, until=until))
    return joined


def gaps(spans: Sequence[Span], within: Span) -> Sequence[Span]:
    """Give the times within in which nobody watched; `spans` are joined and in order."""
    edges = [within.since, *(edge for one in spans for edge in (one.since, one.until)), within.until]
    found = [Span(since=since, until=until) for since, until in zip(edges[::2], edges[1::2], strict=True)]
    return [one for one in found if one.length > SHORT]
