"""Has Asterisk go on asking its edges for desks' phones when somebody has set the clock back.

Asterisk plans its next question by the wall clock: set back by an hour, it asks nobody for an hour, and rings
desks by an edge that has died meanwhile. It plans anew where the pause between two questions is another.
Phones that are registered at Asterisk itself are left: an address that is written anew stays for ever.
"""

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime

from attrs import define, field

from hotline.line.line import Dispatcher
from telephony.ari.actions import Ari
from telephony.desks.endpoints import DeskPlan, addresses_at_edges

log = logging.getLogger(__name__)

SET_BACK_SECONDS = 1.0
"""A smaller step delays a question by no more than that."""


@define(eq=False, repr=False, kw_only=True)
class EdgesAsked:
    """The questions of one Asterisk, beside which this process runs: both see the same clock."""

    _ari: Ari
    _plan: DeskPlan
    _monotonic: Callable[[], float] = time.monotonic
    _ahead: float | None = field(default=None, init=False)
    """How far the wall clock was ahead of the monotonic one at the last look, in seconds."""
    _delayed: bool = field(default=False, init=False)
    """The clock was set back, and Asterisk has not planned anew yet."""

    async def go_on(self, everyone: Collection[Dispatcher], now: datetime) -> None:
        """Look at the clock, and have all desks asked for again where it was set back."""
        ahead, before = now.timestamp() - self._monotonic(), self._ahead
        self._ahead = ahead
        if before is not None and ahead < before - SET_BACK_SECONDS:
            log.warning(
                "the clock was set back, edges are asked for desks again seconds=%.0f", before - ahead
            )
            self._delayed = True
        if not self._delayed:
            return
        for dispatcher in everyone:
            for name, fields in addresses_at_edges(dispatcher.extension, self._plan).items():
                another = str(int(fields["qualify_frequency"]) + 1)
                await self._ari.put_object("aor", name, {**fields, "qualify_frequency": another})
                await self._ari.put_object("aor", name, fields)
        self._delayed = False
