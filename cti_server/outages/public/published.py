"""The published bulletin: read at most once a second, rendered once, and sent as bytes from then on.

After any act on an outage the next reader waits until it is read again: an edit is on the page with the next
request.
"""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from markupsafe import Markup

from hotline.air_raid.alarm import CALM, AirState
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.events import Event, OutageChanged
from hotline.informing.orders import Way
from hotline.informing.standing_orders import StandingOrders
from hotline.outages.bulletin import Bulletin, bulletin_of
from hotline.outages.outage import OVER_FOR, Outage, OutageEntry, Outages

FRESH_SECONDS = 1.0
"""An outage that begins by itself appears at most this much later; other processes' edits, at the next
reading."""
KEPT_SECONDS = 60.0
"""Pages are rendered again after this time: streets may have got other names meanwhile."""
MOST_KEPT = 1000
"""Pages in memory; the one that was asked for longest ago goes first."""
_STALE = float("-inf")

Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One page, feed or fragment as it is sent. `since` is when what it says was first told."""

    body: bytes
    content_type: str
    since: datetime
    status: int = 200

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The content of a page, before it is cached. `since` None: what it says is as old as its bulletin."""

    text: str
    content_type: str
    status: int = 200
    since: datetime | None = None


Make = Callable[[Bulletin], Awaitable[Made]]


class Published:
    """Reads the register for everybody. Tell it of events, so that it knows when to read again."""

    def __init__(
        self,
        outages: Outages,
        executors: Executors,
        orders: StandingOrders,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
        *,
        air: Callable[[], AirState] = lambda: CALM,
    ) -> None:
        """`air` tells of air-raid alerts, which each page says: another state, another edition."""
        self._air = air
        self.outages = outages
        self.clock = clock
        self._executors = executors
        self._orders = orders
        self._seconds = seconds
        self._alone = asyncio.Lock()
        self._told = 0
        self._read = -1
        self._fresh_until = _STALE
        self._kept_until = _STALE
        self._bulletin = Bulletin(drawn_at=clock.now())
        self._since = clock.now()
        self._rendered: OrderedDict[Key, Rendered] = OrderedDict()
        self._fragments: dict[Key, Markup] = {}
        self._names: dict[int, str] = {}
        self._histories: dict[int, Sequence[OutageEntry]] = {}

    def tell(self, event: Event) -> None:
        """Take note of what happens; connected to the bus."""
        if isinstance(event, OutageChanged):
            self._told += 1

    async def bulletin(self) -> Bulletin:
        """Return the present bulletin."""
        if self._stale:
            async with self._alone:
                if self._stale:
                    await self._read_again()
        return self._bulletin

    async def rendered(self, key: Key, make: Make) -> Rendered:
        """Return the page of this key, rendered now if it is missing or outdated."""
        bulletin, air = await self.bulletin(), self._air()
        key = key if air == CALM else (*key, str(air))
        kept = self._rendered.get(key)
        if kept is not None:
            self._rendered.move_to_end(key)
            return kept
        made = await make(bulletin)
        new = Rendered(
            body=made.text.encode(),
            content_type=made.content_type,
            since=made.since or self._since,
            status=made.status,
        )
        if bulletin is self._bulletin:  # else it changed while this was made: the next reader gets another
            self._rendered[key] = new
            if len(self._rendered) > MOST_KEPT:
                self._rendered.popitem(last=False)
        return new

    def fragment(self, bulletin: Bulletin, key: Key, make: Callable[[], str]) -> Markup:
        """Give a part that many pages share, made once for this bulletin; of an older one nothing is kept."""
        present = bulletin is self._bulletin
        kept = self._fragments.get(key) if present else None
        if kept is None:
            kept = Markup(make())  # noqa: S704 - a template's own text
            if present:
                self._fragments[key] = kept
        return kept

    @property
    def _stale(self) -> bool:
        return self._read != self._told or self._seconds() >= self._fresh_until

    async def _read_again(self) -> None:
        told, at, seconds = self._told, self.clock.now(), self._seconds()
        read = [
            *await self.outages.now(at),
            *await self.outages.coming(at),
            *await self.outages.lately_over(at),
        ]
        outages = list({one.id: one for one in read}.values())  # one may have ended in between
        await self._look_up(outages)
        orders = await self._orders.by(Way.PAGE, at)
        stopped = await self._orders.stopped(Way.PAGE, at - OVER_FOR)
        bulletin = bulletin_of(outages, self._histories, self._names, at, orders, stopped=stopped)
        if bulletin != self._bulletin:
            self._bulletin, self._since = bulletin, at
            self._forget(seconds)
        elif seconds >= self._kept_until:
            self._forget(seconds)
        self._read, self._fresh_until = told, seconds + FRESH_SECONDS

    def _forget(self, seconds: float) -> None:
        self._rendered.clear()
        self._fragments.clear()
        self._kept_until = seconds + KEPT_SECONDS

    async def _look_up(self, outages: Sequence[Outage]) -> None:
        """Read histories and names of new and changed outages."""
        known = {number: history[-1].version for number, history in self._histories.items() if history}
        other = [one.id for one in outages if known.get(one.id) != one.version]
        self._histories = {one.id: self._histories.get(one.id, ()) for one in outages}
        if other:
            self._histories |= await self.outages.histories(other)
            self._names = {one.id: one.short for one in await self._executors.all()}
