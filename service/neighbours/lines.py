"""The lines that we answer for other cities, at hand for calls by the number that was dialled."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from attrs import define, field

from hotline.clock import Clock
from hotline.contact.numbers import e164
from hotline.isolation import repeat, run_isolated
from hotline.neighbours.agreement import Agreements
from hotline.neighbours.copy import WrongCopy, bare_copy, read_copy
from hotline.neighbours.line import NeighbourLine

EVERY_SECONDS = 2.0

log = logging.getLogger(__name__)

Prepare = Callable[[NeighbourLine], Awaitable[None]]


@define(eq=False, repr=False, kw_only=True)
class NeighbourLines:
    """Knows them; renewed every two seconds, so that an agreement that ends is answered no more."""

    _agreements: Agreements
    _clock: Clock
    _lines: dict[int, NeighbourLine] = field(factory=dict, init=False)
    _read: bool = field(default=False, init=False)

    def dialled(self, numbers: Sequence[str]) -> NeighbourLine | None:
        """Find the line that one of these numbers is; the first that is any."""
        if not self._lines:
            return None
        by_number = {one.agreement.number: one for one in self._lines.values()}
        found = (by_number.get(e164(one) or "") for one in numbers if one)
        return next((one for one in found if one is not None), None)

    def of(self, agreement_id: int) -> NeighbourLine | None:
        """Find the line of an agreement that holds."""
        return self._lines.get(agreement_id)

    def holds(self, agreement_id: int) -> bool:
        """Tell whether an agreement holds; before they were read for the first time, each does."""
        return not self._read or agreement_id in self._lines

    async def renew(self) -> None:
        """Read which agreements hold, with their copies."""
        now, lines = self._clock.now(), {}
        for one in await self._agreements.answered_by_us():
            if not one.holds(now):
                continue
            known = self._lines.get(one.id)
            if known is not None and known.agreement == one:
                lines[one.id] = known
                continue
            try:
                copy = read_copy(await self._agreements.copy(one.id))
            except WrongCopy as error:
                log.warning("copy of a city not read agreement=%d reason=%s", one.id, error)
                lines[one.id] = (
                    NeighbourLine(agreement=one, copy=bare_copy(one), bare=True)
                    if known is None
                    else replace(known, agreement=one)
                )
            else:
                lines[one.id] = NeighbourLine(agreement=one, copy=copy)
        for agreement_id in lines.keys() - self._lines.keys():
            log.info("line of another city answered agreement=%d", agreement_id)
        for agreement_id in self._lines.keys() - lines.keys():
            log.info("line of another city answered no more agreement=%d", agreement_id)
        self._lines, self._read = lines, True

    async def keep(self, prepare: Prepare) -> None:
        """Renew them, and have what their callers hear made; for ever."""
        prepared: dict[int, NeighbourLine] = {}

        async def round_of_both() -> None:
            await self.renew()
            for agreement_id, line in self._lines.items():
                if prepared.get(agreement_id) is not line:
                    prepared[agreement_id] = line
                    failure = f"phrases of another city not made agreement={agreement_id}"
                    await run_isolated(partial(prepare, line), failure)

        await repeat(round_of_both, every=EVERY_SECONDS, failure="lines of other cities not renewed")
