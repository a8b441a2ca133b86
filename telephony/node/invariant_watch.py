"""Looks again and again whether all that must be true is, and has the rest healed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, MutableMapping
from collections.abc import Set as AbstractSet
from typing import NoReturn

from attrs import define, field

from hotline.line.invariants import SENTENCES, Broken, Looks, Records, Truth, broken
from hotline.line.on_node import of_node
from telephony.ari.actions import Ari
from telephony.isolation import run_or_pause
from telephony.lived_time import LivedTime
from telephony.node.asterisk_state import seen
from telephony.node.invariant_healing import Healing
from telephony.node.registry import ChannelRegistry

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
"""A look asks the database five times, which takes 2 ms of a processor, and Asterisk three times."""
SELDOM_SECONDS = 3.0
"""How often at least, however many there are to be looked at."""
SHARE = 50
"""Looks take a fiftieth of the time at most, unless that would be too seldom."""


class Defects:
    """Invariants found broken since the service started, by name; outlives connections."""

    def __init__(self) -> None:
        self.found: MutableMapping[Truth, int] = Counter()


@define(eq=False, repr=False, kw_only=True)
class Watch:
    """The watch over one Asterisk, for as long as one connection lasts."""

    _ari: Ari
    _records: Records
    _registry: ChannelRegistry
    _healing: Healing
    _defects: Defects
    _node: str
    _elsewhere: Callable[[], Collection[str]]
    phones: AbstractSet[str] = field(default=frozenset(), init=False)
    """The desks, by extension, whose telephone was in a call here at the last look."""
    _looks: Looks = field(factory=Looks, init=False)
    _told: set[Broken] = field(factory=set, init=False)
    _lived: LivedTime = field(factory=lambda: LivedTime(2 * SELDOM_SECONDS), init=False)

    async def keep(self) -> NoReturn:
        """Look for ever; raises AriUnavailable when Asterisk does not answer."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await run_or_pause(self._look, "not looked whether all is true")
            await asyncio.sleep(min(max(EVERY_SECONDS, SHARE * (clock() - began)), SELDOM_SECONDS))

    async def _look(self) -> None:
        record = await self._records.on_record()
        asterisk = await seen(self._ari, self._registry.ids)
        self.phones = {one.desk for one in asterisk.channels.values() if one.desk is not None}
        record = of_node(record, self._node, self._elsewhere())
        at = self._lived.read()
        self._looks = self._looks.after(broken(record, asterisk), at)
        standing = self._looks.standing(at)
        for one in standing:
            if one not in self._told:
                self._tell(one)
        self._told = set(standing)
        for one in standing:
            if await self._healing.heal(one, record, asterisk):  # the same of a later offer is another matter
                self._looks = self._looks.without(one)

    def _tell(self, one: Broken) -> None:
        self._defects.found[one.truth] += 1
        log.error("defect %s should_be=%r", one, SENTENCES[one.truth])
