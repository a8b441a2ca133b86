"""Puts the closings of each day that is over into a signed digest, which anybody can read and verify."""

import logging
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.portal.closings import (
    ClosingDigests,
    SignedDigest,
    canonical,
    digest_of,
    due_days,
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
        closings = await self._digests.closings(self._midnight(day), self._midnight(day + timedelta(days=1)))
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

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)
