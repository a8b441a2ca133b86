"""Finds the calls that ended with Asterisk itself: their callers, who did not hang up, are owed a call."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from attrs import define

from hotline.calls.call import CallLog, CallRecord, Step
from hotline.calls.interpreters import NO_INTERPRETERS, Interpreters
from hotline.clock import Clock
from hotline.dialling.nodes import is_here
from hotline.isolation import Job, read_isolated, run_isolated
from hotline.line.cut_off import (
    AT_ONCE_WITHIN,
    CallBackNow,
    CutFrom,
    CutOff,
    cut_from,
    in_order,
    stood_still_since,
)
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Priority, QueueEntry
from telephony.ari.errors import AriUnavailable
from telephony.calls.journey import Journey

log = logging.getLogger(__name__)

HungUp = Callable[[Collection[str]], Awaitable[Collection[str]]]
Dialable = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A call that was cut off, in the middle of something."""

    cut: CutOff
    was: CutFrom
    journey: Journey


@define(eq=False, repr=False, kw_only=True)
class CutOffCalls:
    """Owes call-backs for one Asterisk, at the beginning of a connection.

    `hung_up` gives those of the calls that were hung up by its own account; `dialable` writes a number
    as it is dialled, and gives None where the hotline cannot call it by itself.
    """

    _calls: CallLog
    _kept: KeptPlaces
    _clock: Clock
    _hung_up: HungUp
    _dialable: Dialable
    _interpreters: Interpreters = NO_INTERPRETERS
    _node: str = ""
    """Whose calls these are, where there are several nodes."""
    _in_its_place: str = ""
    """The node that calls back in the stead of that one, which is gone."""

    async def owed(
        self,
        alive: Collection[str],
        entries: Mapping[str, QueueEntry],
        told: Callable[[CallBackNow], None] = lambda _: None,
    ) -> Mapping[str, CallBackNow]:
        """Owe a call to all who were cut off and are not owed one, by their calls.

        `entries` are the places in the line, also those that another node looks after. `told` gets each as
        soon as it is owed, in the order in which they are to be called.

        An error with one holds up no other: theirs is a lost call, as any.
        """
        kept = {call_id for call_id, entry in entries.items() if entry.callback_to is not None}
        unended = await self._calls.unended()
        gone = (one for one in unended if one.id not in alive and is_here(one.id, self._node))
        over = {one.id: one for one in gone if one.id not in kept}
        if not over:
            return {}
        failure = "Asterisk's account is not read, nobody is called back at once"
        ended = await read_isolated(self._hung_up(over), failure, otherwise=over)
        recorded = {one.call_id for one in await self._calls.unfinished_messages()}
        found: list[_Found] = []
        owed: list[CallBackNow] = []

        async def look(call: CallRecord) -> None:
            one = await self._look(call, entries.get(call.id), in_message=call.id in recorded)
            if one is not None:
                found.append(one)

        async def owe(one: _Found) -> None:
            now = await self._owe(one)
            if now is not None:
                owed.append(now)
                told(now)

        # All journeys are read before the first is written on: a reader waits for what is being written.
        async with asyncio.TaskGroup() as looking:
            for call in over.values():
                if call.id not in ended:
                    looking.create_task(self._apart(partial(look, call), call.id))
        for one in sorted(found, key=lambda one: _turn(one, entries.get(one.cut.call_id))):
            await self._apart(partial(owe, one), one.cut.call_id)
        return {one.call_id: one for one in in_order(owed)}

    async def _apart(self, work: Job, call_id: str) -> None:
        failure = f"not called back after being cut off call_id={call_id}"
        await run_isolated(work, failure, passing=AriUnavailable)

    async def again(self, entry: QueueEntry) -> CallBackNow | None:
        """Place the call at once anew that was interrupted before anybody was rung."""
        if entry.cut_at is None or entry.callback_to is None:
            return None
        cut = CutOff(
            call_id=entry.call_id, number=entry.callback_to, arrived_at=entry.entered_at, node=entry.node
        )
        return await self._kept.cut_off(cut, self._clock.now())

    async def _look(self, call: CallRecord, entry: QueueEntry | None, *, in_message: bool) -> _Found | None:
        number = self._interpreters.call_back(call.number, call.shown, self._dialable)
        if number is None:  # hidden, or none that we call
            return None
        theirs = bool(self._in_its_place)
        journey = await Journey.taken_up(call.id, self._calls, self._clock, anothers=theirs)
        was = cut_from(call, journey.steps, entry, in_message=in_message)
        now = self._clock.now()
        if was is None or now - stood_still_since(call, journey.steps) > AT_ONCE_WITHIN:
            return None
        cut = CutOff(call_id=call.id, number=number, arrived_at=call.arrived_at, node=self._in_its_place)
        return _Found(cut=cut, was=was, journey=journey)

    async def _owe(self, found: _Found) -> CallBackNow | None:
        now = self._clock.now()
        owed = await self._kept.cut_off(found.cut, now)
        if owed is not None:
            await found.journey.note(Step.CUT_OFF, _told(found, owed), now)
            call_id = found.cut.call_id
            log.warning("cut off by a fault of ours, called back call_id=%s was=%s", call_id, found.was)
        return owed


def _turn(found: _Found, entry: QueueEntry | None) -> tuple[int, datetime]:
    """Say when somebody is called before it is owed: as `hotline.line.cut_off.in_order` sorts what is."""
    priority = Priority.ORDINARY if entry is None else entry.priority
    if found.was is CutFrom.TALK:
        priority = max(priority, Priority.RETURNING)
    return -priority, found.cut.arrived_at


def _told(found: _Found, owed: CallBackNow) -> dict[str, str | int]:
    told: dict[str, str | int] = {"was": found.was.value}
    if found.cut.node:
        told["node"] = found.cut.node
    return told if owed.dispatcher_id is None else told | {"dispatcher": owed.dispatcher_id}
