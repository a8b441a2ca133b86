"""Asterisk's own queue, which holds callers while the service is away; the service fetches them back.

Dispatchers who talk there are engaged until their phone is free again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import partial
from math import inf
from time import monotonic
from typing import NoReturn

from attrs import define, field

from hotline.clock import Clock
from hotline.errors import CallGone
from hotline.isolation import run_isolated
from hotline.line.line import Dispatchers, Line
from hotline.line.presence_states import ASTERISKS_QUEUE
from telephony.ami.client import AmiConnection, AmiUnavailable
from telephony.ami.messages import AmiEvent, DeviceState, FallbackAnswered, FallbackCaller
from telephony.ari.actions import Ari
from telephony.ari.echo import Echo
from telephony.ari.errors import AriUnavailable
from telephony.calls.leg import Leg
from telephony.desks.desk_phones import DeskPhones
from telephony.desks.endpoints import extension_of
from telephony.owed import OwedWrites

FALLBACK = "fallback"
UP = "Up"
FETCHED_WITHIN_SECONDS = 2.0


class Before(StrEnum):
    """What a caller has heard of us before they are left to it: extensions of the context `[fallback]`."""

    NOTHING = "s"
    GREETED = "greeted"
    TOLD = "told"
    """That the talk is recorded, too."""


@define(eq=False, repr=False, kw_only=True)
class FallbackQueue:
    """The queue of one Asterisk, by the name of the dialplan's context `[fallback]`."""

    _ari: Ari
    _ami: AmiConnection
    _line: Line
    _clock: Clock
    _wrap_up: timedelta
    _line_changed: asyncio.Event
    _echo: Echo
    _dispatchers: Dispatchers
    _owed: OwedWrites
    _rung: Callable[[], Sequence[Leg]]
    _given_up: set[str] = field(factory=set, init=False)
    _lent: set[str] = field(factory=set, init=False)
    """Callers who were left to it for as long as something that they waited for does not go on."""
    _fetching: dict[str, float] = field(factory=dict, init=False)
    _engaged: dict[str, int] = field(factory=dict, init=False)

    async def give(self, call_id: str, before: Before = Before.NOTHING) -> None:
        """Leave a caller to Asterisk for good: what failed here once is not tried again."""
        self._given_up.add(call_id)
        await self._ari.leave_to(call_id, FALLBACK, before)

    async def lend(self, call_id: str, before: Before = Before.NOTHING) -> None:
        """Leave a caller to Asterisk until `take_back`."""
        self._lent.add(call_id)
        await self._ari.leave_to(call_id, FALLBACK, before)

    def has_lent(self, call_id: str) -> bool:
        """Whether it has this caller until `take_back`."""
        return call_id in self._lent

    def returns(self, call_id: str) -> None:
        """Take note that this caller is about to be taken back: nobody else is paired before."""
        self._fetching[call_id] = inf

    async def take_back(self, caller: FallbackCaller) -> None:
        """Take a caller back who has left our application; one who was lent only if they still wait there."""
        if caller.channel_id in self._lent:
            self._lent.discard(caller.channel_id)
            self._fetching[caller.channel_id] = monotonic() + FETCHED_WITHIN_SECONDS
            if caller.channel_id not in {one.channel_id for one in await self._ami.fallback_callers()}:
                self.fetched(caller.channel_id)
                return
        await self.fetch(caller)

    async def fetch(self, caller: FallbackCaller) -> None:
        """Take a caller back. The event is a hint only: a caller's own number could hold a forged one.

        Raises AriUnavailable when the application is not ours: they would come back to the greeting.
        """
        if caller.channel_id in self._given_up | self._lent:
            return
        await self._echo.hear()
        self._fetching[caller.channel_id] = monotonic() + FETCHED_WITHIN_SECONDS
        try:
            channel = await self._ari.channel(caller.channel_id)
            if channel.dialplan.context == FALLBACK:
                await self._ami.redirect(channel.name, "resume")
        except CallGone:
            self.fetched(caller.channel_id)  # hung up in this very moment

    def fetched(self, call_id: str) -> None:
        """Take note that the caller is back, or gone, or talks where they are."""
        self._fetching.pop(call_id, None)

    def somebody_returns(self) -> bool:
        """Whether somebody is on their way back, who may be the first in our line."""
        now = monotonic()
        return any(until > now for until in self._fetching.values())

    def engaged(self, devices: Mapping[str, int]) -> None:
        """Remember the dispatchers, by their devices, whose talks Asterisk's own queue connected."""
        self._engaged.update(devices)

    async def follow(self, phones: DeskPhones) -> NoReturn:
        """Act on what the manager interface tells; raises AriUnavailable when it falls silent."""
        async for event in self._ami.events():
            failure = f"what the manager interface told had no effect event={event}"
            await run_isolated(
                partial(self._take, event, phones), failure, passing=(AriUnavailable, AmiUnavailable)
            )
        raise AriUnavailable("Asterisk ended the manager connection.")

    async def _take(self, event: AmiEvent, phones: DeskPhones) -> None:
        match event:
            case FallbackCaller():
                await self.fetch(event)
            case FallbackAnswered():
                await self._answered(event)
            case DeviceState(device=device, state="NOT_INUSE") if device in self._engaged:
                await self._free(self._engaged.pop(device))
            case _:
                await phones.take(event)

    async def _answered(self, event: FallbackAnswered) -> None:
        """Have nobody offered to a dispatcher who talks in Asterisk's own queue. The event is a hint only."""
        try:
            channel = await self._ari.channel(event.channel_id)
        except CallGone:
            return
        extension = extension_of(event.device)
        if extension is None or not channel.name.startswith(f"{event.device}-") or channel.state != UP:
            return
        dispatcher = await self._dispatchers.by_extension(extension)
        now = self._clock.now()
        if dispatcher and await self._line.engage(dispatcher.id, now, ASTERISKS_QUEUE, begun=True):
            self._engaged[event.device] = dispatcher.id
            for leg in self._rung():  # their telephone may ring for one of ours as well
                if leg.dispatcher_id == dispatcher.id:
                    leg.withdraw()
            self._line_changed.set()

    async def _free(self, dispatcher_id: int) -> None:
        """A talk that we had no part in is over."""
        now = self._clock.now()

        async def free() -> None:
            await self._line.disengage(dispatcher_id, now, wrap_up=self._wrap_up)
            self._line_changed.set()

        await self._owed.write(free, f"dispatcher not freed dispatcher={dispatcher_id}")
