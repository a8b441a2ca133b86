"""Reads the cities whose telephone we answer, so that the last copy is there when theirs is away."""

import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial

from attrs import define, field

from hotline.access.users import AuditEntry, AuditLog
from hotline.clock import Clock
from hotline.isolation import repeat, run_isolated
from hotline.neighbours.agreement import Agreement, Agreements
from hotline.neighbours.copy import NotRead
from hotline.neighbours.taken import TakenAppeals
from service.delivery.pace import Breaker
from service.neighbours.client import NeighbourClient
from service.neighbours.sealed_keys import LOCKED, SealedKeys

EVERY_SECONDS = 60.0
_OVER = "Строк договору минув."
CLOCKS_DIFFER = timedelta(minutes=5)
MOST_WAITING = 1000

log = logging.getLogger(__name__)


@define(eq=False, repr=False, kw_only=True)
class Copying:
    """Reads each city once a minute; one that is away ever more seldom, down to every 5 minutes."""

    _agreements: Agreements
    _taken: TakenAppeals
    _keys: SealedKeys
    _client: NeighbourClient
    _audit: AuditLog
    _clock: Clock
    _breakers: defaultdict[int, Breaker] = field(factory=lambda: defaultdict(Breaker), init=False)

    async def keep(self) -> None:
        """Read, for ever."""
        await repeat(self.round, every=EVERY_SECONDS, failure="other cities not read")

    async def round(self) -> None:
        """Read each city once."""
        now = self._clock.now()
        for one in await self._agreements.answered_by_us():
            if one.until <= now:
                await self._end(one, _OVER)
            elif one.holds(now) and not self._breakers[one.id].open:
                await run_isolated(partial(self._read, one), f"other city not read agreement={one.id}")

    async def _end(self, agreement: Agreement, why: str) -> None:
        """End what is over, or was ended on the other side; the audit log says so."""
        now = self._clock.now()
        await self._agreements.end(agreement.id, by=None, why=why, at=now)
        subject = f"agreement:{agreement.id}"
        await self._audit.append(
            AuditEntry(at=now, user_id=None, action="revoke", subject=subject, address="", detail=why)
        )

    async def _read(self, agreement: Agreement) -> None:
        breaker = self._breakers[agreement.id]
        try:
            text, copy = await self._client.read(agreement.address, await self._keys.key(agreement))
        except NotRead as error:
            pause = breaker.failed()
            log.warning("other city away agreement=%d again_in=%.0fs reason=%s", agreement.id, pause, error)
            if error.over and self._clock.now() > agreement.since + CLOCKS_DIFFER:
                await self._end(agreement, f"{agreement.name}: {error}")
                return
            await self._agreements.failed(agreement.id, str(error), self._clock.now())
        except LOCKED as error:
            await self._agreements.failed(
                agreement.id, f"the key cannot be opened: {error}", self._clock.now()
            )
        else:
            breaker.worked()
            await self._agreements.copied(agreement.id, text, self._clock.now(), duty_number=copy.terms.duty)
            if agreement.failing_since is not None:
                await self._hand_over_now(agreement)

    async def _hand_over_now(self, agreement: Agreement) -> None:
        """Owe at once what waits for a city that is back: its next try may be hours away, or given up."""
        waiting = await self._taken.of_agreement(agreement.id, MOST_WAITING)
        for one in waiting:
            if not one.settled:
                await self._taken.send_again(one.id, self._clock.now())
        log.info("other city is back agreement=%d", agreement.id)
