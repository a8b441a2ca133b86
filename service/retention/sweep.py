"""The nightly sweep of what has served its time: rows first, then their files, then files by their age."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.isolation import repeat
from hotline.retention.terms import Retention
from service.retention.files import FileSweep
from storage.retention.sweep import StoredRetention

log = logging.getLogger(__name__)

LOOKS_EVERY = timedelta(minutes=20)
NIGHT = range(2, 5)
"""Hours of the city's clock in which few people call."""
AGAIN_AFTER = timedelta(hours=12)
AT_LAST = timedelta(hours=6)
"""The age of a service that has not swept yet at which it sweeps by day: its machine may be off at night."""


@define(eq=False, repr=False)
class Sweep:
    """Deletes old records. Doing it twice, or by several processes, does no harm."""

    _rows: StoredRetention
    _files: FileSweep
    _kept: Retention
    _clock: Clock
    _zone: ZoneInfo
    _began: datetime = field(init=False)
    _last: datetime | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._began = self._clock.now()

    async def keep(self) -> None:
        """Sweep each night until cancelled."""
        await repeat(self.look, every=LOOKS_EVERY.total_seconds(), failure="what is too old not deleted")

    async def look(self) -> None:
        """Finish files that a death has left; sweep if it is night, or the last time was long ago."""
        await self._files.doomed()
        now = self._clock.now()
        if self._due(now):
            await self.round()

    def _due(self, now: datetime) -> bool:
        night = now.astimezone(self._zone).hour in NIGHT
        if self._last is None:
            return night or now - self._began >= AT_LAST
        return night and now - self._last >= AGAIN_AFTER

    async def round(self) -> None:
        """Delete what is too old by now."""
        now = self._clock.now()
        rows = await self._rows.sweep(self._kept, now)
        await self._files.doomed()
        await self._files.aged(self._kept, now)
        self._last = now
        if rows:
            log.info("too old and deleted rows=%d", rows)
