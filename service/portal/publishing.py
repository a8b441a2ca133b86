"""Puts the closings of each day that is over into a signed digest, which anybody can read and verify."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.portal.closings import (
    LATE_DAYS,
    Closing,
    ClosingDigests,
    SignedDigest,
    canonical,
    digest_of,
    due_days,
    not_told,
    sha256,
)
from service.portal.signing import NotSigned, Signer

log = logging.getLogger(__name__)


@define(eq=False, repr=False)
class ClosingsPublisher:
    """Makes a digest for each day, the earliest first. Of two processes that make the same one is kept."""

    _digests: ClosingDigests
    _signer: Signer
    _clock: Clock
    _zone: ZoneInfo
    _made: date | None = field(default=None, init=False)
    """The last day known to be done, so that a round without work asks nobody."""

    async def look(self) -> None:
        """Make what is due; raises NotSigned, and goes on there the next time."""
        now = self._clock.now()
        if self._made is not None and not due_days(self._made, now, self._zone):
            return
        latest = await self._digests.latest()
        if due := due_days(latest.day if latest else None, now, self._zone):
            key = (await self._signer.keys())[-1].key
            for day in due:
                latest = await self._make(day, latest, key, now)
        self._made = latest.day if latest else None

    async def _make(
        self, day: date, previous: SignedDigest | None, key: str, now: datetime
    ) -> SignedDigest | None:
        closings = await self._not_told(day, previous)
        text = canonical(digest_of(day, closings, previous, key))
        done = await self._signer.sign(text.encode())
        if done.keys[-1].key != key:  # it was replaced meanwhile: the digest names the one before
            raise NotSigned(f"The key in {self._signer.file} was replaced while {day} was signed.")
        digest = SignedDigest(
            day=day,
            number=1 if previous is None else previous.number + 1,
            text=text,
            sha256=sha256(text),
            key=key,
            signature=done.signature,
        )
        if not await self._digests.keep(digest, done.keys, now):
            return await self._digests.latest()
        log.info("closings published day=%s closings=%d sha256=%s", day, len(closings), digest.sha256)
        return digest

    async def _not_told(self, day: date, previous: SignedDigest | None) -> Sequence[Closing]:
        """Read the ends of the day, and those of the days before that came too late for their digests."""
        known = 0 if previous is None else min(previous.number, LATE_DAYS)
        days = [day - timedelta(days=back) for back in range(known, 0, -1)]
        before = [one for each in days if (one := await self._digests.of_day(each)) is not None]
        since, until = self._midnight(min([*days, day])), self._midnight(day + timedelta(days=1))
        return not_told(await self._digests.closings(since, until), before)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)
