"""The watch over equipment: each item in its turn, beside one another, so that none holds up another.

What has settled is written when it changes. While the database is away changes wait here, in their order.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from attrs import define, field

from hotline.clock import Clock
from hotline.equipment.following import Following
from hotline.equipment.items import Change, Equipment, Item, Kind, Way
from hotline.equipment.states import NOTHING, Look, Settling, Standing, State
from hotline.isolation import read_isolated, repeat, run_isolated
from service.equipment.built_in import PROVIDED, Check
from service.equipment.network import network_look

EVERY_SECONDS = 15.0
AFTER_START_SECONDS = 60.0
"""Calls go before equipment when the service starts: the first round looks at all of it at once."""
AT_ONCE = 16
"""Checks at one moment."""
OVER_SECONDS = 5.0
"""A check that has not ended this long after its own timeout is given up."""
MOST_OWED = 1000
"""Changes that wait for the database; the oldest are forgotten then."""
FAILED = Look(state=State.NOT_KNOWN, said="not-checked")


@define(eq=False, repr=False)
class _Kept:
    """An item as this process knows it."""

    settling: Settling
    standing: Standing = NOTHING
    due: float = 0.0
    looking: bool = False


@define(eq=False, repr=False, kw_only=True)
class EquipmentWatch:
    """Looks at all items, each at its interval; `hotline.equipment.items.Watching`."""

    _equipment: Equipment
    _following: Following
    _built_in: Mapping[Kind, Check]
    _provided: Sequence[Kind]
    _clock: Clock
    _monotonic: Callable[[], float] = time.monotonic
    _others: Callable[[int], None] = lambda _item_id: None
    """Has another process look, where that one does it."""
    _kept: dict[int, _Kept] = field(factory=dict, init=False)
    _owed: "deque[Change]" = field(factory=lambda: deque(maxlen=MOST_OWED), init=False)
    _writing: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    _known: bool = field(default=False, init=False)
    _asked: asyncio.Event = field(factory=asyncio.Event, init=False)
    _room: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(AT_ONCE), init=False)

    def standing(self, item_id: int) -> Standing:
        kept = self._kept.get(item_id)
        return NOTHING if kept is None else kept.standing

    def look_soon(self, item_id: int) -> None:
        """Have it looked at in the next round; the first one begins at once then."""
        self._others(item_id)
        self.look_as_told(item_id)

    def look_as_told(self, item_id: int) -> None:
        """Have it looked at in the next round, as another process says."""
        self._asked.set()
        if (kept := self._kept.get(item_id)) is not None:
            kept.due = 0.0

    async def keep(self) -> None:
        """Look until cancelled. What was known when the last process ended stands at once."""
        await run_isolated(self._remember, "equipment as it was not remembered yet")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), AFTER_START_SECONDS)
        async with asyncio.TaskGroup() as looks:
            await repeat(partial(self.round, looks), every=EVERY_SECONDS, failure="equipment not looked at")

    async def follow(self) -> None:
        """Show what another process finds, until cancelled."""
        await repeat(self._remember, every=EVERY_SECONDS, failure="equipment as it stands not read")

    async def round(self, looks: asyncio.TaskGroup) -> None:
        """Begin the looks that are due; write what has changed, and tell whom it concerns."""
        if not self._known:
            await self._remember()
        items = {one.id: one for one in await self._equipment.all()}
        for gone in self._kept.keys() - items.keys():
            del self._kept[gone]
        now = self._monotonic()
        for item in items.values():
            kept = self._kept_of(item)
            if now >= kept.due and not kept.looking:
                kept.due, kept.looking = now + item.interval_seconds, True
                failure = f"look at equipment not taken down item={item.id}"
                looks.create_task(run_isolated(partial(self._look, item, kept), failure))
        await self.write()
        bad = [one for one in items if self._kept[one].standing.settled.state is not State.IN_ORDER]
        await self._following.follow(items, bad, self._clock.now())

    async def write(self) -> None:
        """Write the changes that are owed, each once and in their order; looks end together."""
        async with self._writing:
            while self._owed:
                change = self._owed[0]
                if change.item_id in self._kept:
                    await self._equipment.change(change)
                if self._owed[0] is change:  # the oldest may be forgotten meanwhile
                    self._owed.popleft()

    async def _remember(self) -> None:
        """Take up what was known when the last process ended: since when stays."""
        await self._equipment.provide({kind: PROVIDED[kind] for kind in self._provided})
        for item_id, change in (await self._equipment.now()).items():
            standing = Standing(look=change.look, settled=change.look, since=change.began_at)
            self._kept[item_id] = _Kept(settling=Settling(1, change.look), standing=standing)
        self._known = True

    def _kept_of(self, item: Item) -> _Kept:
        kept = self._kept.setdefault(item.id, _Kept(settling=Settling(item.failures)))
        kept.settling.needed = item.failures
        return kept

    async def _look(self, item: Item, kept: _Kept) -> None:
        try:
            async with self._room:
                look = await self._bounded(item)
        finally:
            kept.looking = False
        now, before = self._clock.now(), kept.standing
        settled = kept.settling.after(look)
        changed = settled.state is not before.settled.state or before.since is None
        since = now if changed else before.since
        kept.standing = Standing(look=look, settled=settled, since=since, looked_at=now)
        if changed and item.id in self._kept:
            self._owed.append(Change(item_id=item.id, look=settled, began_at=now))
            await run_isolated(self.write, "change of equipment not written yet")

    async def _bounded(self, item: Item) -> Look:
        seconds = item.timeout_seconds + OVER_SECONDS
        failure = f"equipment not looked at item={item.id} kind={item.kind}"
        try:
            async with asyncio.timeout(seconds):
                return await read_isolated(self._check(item), failure, otherwise=FAILED, passing=TimeoutError)
        except TimeoutError:
            return Look(state=State.NOT_KNOWN, said="slow-check", values={"seconds": round(seconds)})

    async def _check(self, item: Item) -> Look:
        check = self._built_in[item.kind] if item.way is Way.BUILT_IN else network_look
        return await check(item)
