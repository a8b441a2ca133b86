"""The rating of enterprises as anybody reads it: made once a day, of ninety days that are over."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.reports.figures import Asked, Figures, Span, TooMuchAtOnce
from hotline.reports.measures import MEASURES, Amounts, Dimension
from hotline.reports.rating import OF_CLOSED, STARS, Rated, rated

DAYS = 90
_DAYS_TO_CLOSE, _RECEIVED = MEASURES["days-to-close"], MEASURES["received"]
_NOT_AGAIN_WITHIN = timedelta(minutes=10)
"""After a count that took too long: strangers may not keep the database at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRating:
    """The rating of some days. `days_to_close` is by enterprise, `whole` is of all together."""

    span: Span
    enterprises: Sequence[Rated]
    days_to_close: Mapping[int, float | None]
    whole: Amounts
    received: int

    @property
    def median_days(self) -> float | None:
        """The days that half of all closed appeals took at most."""
        return self.whole.value(_DAYS_TO_CLOSE)

    def closed(self, name: str = "closed") -> int:
        """Give how many of the closed ones this measure of the rating counts."""
        return self.whole.part(MEASURES[name])


@define(eq=False, repr=False)
class PublicRatings:
    """Counts the rating when the first reader of a day asks; the others read what was counted."""

    _figures: Figures
    _executors: Executors
    _clock: Clock
    _zone: ZoneInfo
    _made: PublicRating | None = field(default=None, init=False)
    _not_before: datetime | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def read(self) -> PublicRating | None:
        """Give it, or an earlier one where counting takes too long; None where there is none."""
        async with self._turn:
            now = self._clock.now()
            last = now.astimezone(self._zone).date() - timedelta(days=1)
            waits = self._not_before is not None and now < self._not_before
            if not waits and (self._made is None or self._made.span.last != last):
                try:
                    self._made = await self._counted(last, now)
                except TooMuchAtOnce:
                    self._not_before = now + _NOT_AGAIN_WITHIN
            return self._made

    async def _counted(self, last: date, now: datetime) -> PublicRating:
        span = Span(first=last - timedelta(days=DAYS - 1), last=last)
        asked = Asked(span=span, now=now, zone=self._zone, by=Dimension.ENTERPRISE)
        closed = await self._figures.count([*OF_CLOSED, _DAYS_TO_CLOSE], asked)
        surveys = await self._figures.count([STARS], asked)
        received = await self._figures.count([_RECEIVED], asked)
        names = {one.id: one.short for one in await self._executors.all()}
        whole = Amounts()
        for one in closed.values():
            whole += one
        return PublicRating(
            span=span,
            enterprises=rated(closed, surveys, names),
            days_to_close={int(key): one.value(_DAYS_TO_CLOSE) for key, one in closed.items()},
            whole=whole,
            received=sum(one.part(_RECEIVED) for one in received.values()),
        )
