"""Reconciles the call log with Asterisk's own account (CEL), for events that the service did not see.

The service writes what it sees; the reconciliation reads CEL, some seconds behind, and adds only what is
missing: whole calls of the fallback, ends that came while the service was away, a talk that the service did
not live to write. Each added step is numbered by its place in the CEL file, so that reading it again adds
nothing. An outcome written without the added steps is judged again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from hotline.calls.call import CallLog, CallRecord, JourneyStep, Outcome, QueueTalk, Recording
from hotline.calls.interpreters import NO_INTERPRETERS, Interpreters
from hotline.clock import Clock
from hotline.dialling.nodes import is_here
from hotline.isolation import IsolatedItems, repeat, run_isolated
from hotline.line.line import Dispatchers
from service.calls.cel_additions import BEHIND, Additions, CelReading, up_to_just_begun
from service.calls.lost_calls import LostCalls
from telephony.desks.endpoints import extension_of
from telephony.node.cel import CelEvent, put_aside, read_cel
from telephony.voice.audio import spoken_seconds

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
LOST_AFTER_SECONDS = 15.0
"""How long an unended call must be missing in Asterisk: by then CEL has told of an ordinary end."""
JUST_BEGUN = BEHIND + timedelta(seconds=2)
"""How old a call must be of which only the beginning is read: one that is given back is over at once."""
A_MINUTE = timedelta(minutes=1)
PUT_ASIDE_AFTER = timedelta(days=30)
"""The age of the first record in the CEL file at which another file is begun."""


class CelCursor(Protocol):
    """The position in a CEL file, stored together with the results of its reading."""

    async def offset(self, file: str) -> int: ...

    async def on_record(self, call_ids: Collection[str]) -> Mapping[str, CallRecord]:
        """Read the records of these calls, by id; unknown calls are left out."""
        ...

    async def apply(
        self,
        *,
        file: str,
        since: int,
        offset: int,
        calls: Sequence[CallRecord],
        steps: Sequence[JourneyStep],
        endings: Sequence[tuple[str, Outcome, datetime]],
        talks: Sequence[QueueTalk] = (),
        recordings: Sequence[Recording] = (),
        corrections: Sequence[tuple[str, Outcome]] = (),
    ) -> None:
        """Keep all of it, or none when the cursor is no longer at `since`.

        `corrections`: outcomes of calls that ended on record with another one.
        """
        ...

    async def end_talks(self, call_id: str, at: datetime) -> None:
        """End the talks of a call that is over, whichever process began them."""
        ...


class Reconciliation:
    """Reads one Asterisk's CEL file on behalf of the call log."""

    def __init__(
        self,
        *,
        file: Path,
        cursor: CelCursor,
        calls: CallLog,
        dispatchers: Dispatchers,
        clock: Clock,
        alive: Callable[[], Awaitable[set[str] | None]],
        messages: Path,
        recordings: Path,
        interpreters: Interpreters = NO_INTERPRETERS,
        node: str = "",
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._cursor = cursor
        self._calls = calls
        self._clock = clock
        self._alive = alive
        self._reading = CelReading(calls, dispatchers, messages, recordings, interpreters)
        self._lost = LostCalls(calls, cursor)
        self._seconds = seconds
        self._node = node
        self._isolated = IsolatedItems("call not made whole", monotonic=seconds)
        self._left_over: Mapping[str, Sequence[CelEvent]] = {}
        """Records of calls that could not be worked off, by call, for another try."""
        self._missing_since: dict[str, float] = {}

    async def keep(self) -> None:
        """Reconcile now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="call log not reconciled")

    async def once(self) -> None:
        """Read new entries; after the last one, end the calls that went down with Asterisk itself."""
        offset = await self._cursor.offset(str(self._file))
        is_fresh = partial(_happened_within, BEHIND, self._clock.now())
        found = await asyncio.to_thread(read_cel, self._file, offset, is_fresh)
        just_begun = partial(_happened_within, JUST_BEGUN, self._clock.now())
        events, read_to, stopped = up_to_just_begun(found, just_begun)
        if read_to != offset or self._left_over:
            await self._apply(events, offset, read_to)
        if stopped or read_to == offset:
            alive = await self._end_lost()
            if not (stopped or alive is None or alive or self._left_over):
                await self._put_aside(read_to)

    async def _put_aside(self, read_to: int) -> None:
        """Begin another file now and then, while nobody calls: what was put aside ends by its age.

        Records of the very moment in which it is renamed are in it and are read from there.
        """
        now = self._clock.now()
        aside = await asyncio.to_thread(put_aside, self._file, read_to, now - PUT_ASIDE_AFTER, now)
        if aside is not None:
            events, _, _ = await asyncio.to_thread(read_cel, aside, read_to)
            await self._apply(events, read_to, 0)
            log.info("CEL file put aside file=%s", aside.name)

    async def _apply(self, events: Sequence[CelEvent], offset: int, read_to: int) -> None:
        """Add call by call: one that cannot be made whole is left over, and holds up no other."""
        await self._calls.flush()  # what the service saw itself comes first
        told: dict[str, list[CelEvent]] = {one: [*left] for one, left in self._left_over.items()}
        for event in events:
            if event.of_citizen or _is_queue_leg(event):
                told.setdefault(event.linked_id, []).append(event)
        known = await self._cursor.on_record(told.keys())
        found = [Additions(call_id=one, known=known.get(one)) for one in told]
        good = [
            one
            for one in found
            if not self._isolated.waits(f"kept-{one.call_id}")
            and await self._isolated.do(
                f"read-{one.call_id}", partial(self._reading.read, told[one.call_id], one)
            )
        ]
        if not await run_isolated(
            partial(self._keep, good, offset, read_to), "calls not kept together, each apart now"
        ):
            good = await self._kept_apart(good, offset)
            await self._keep([], offset, read_to)
        done = {one.call_id for one in good}
        self._left_over = {one: left for one, left in told.items() if one not in done}

    async def _kept_apart(self, found: Sequence[Additions], offset: int) -> list[Additions]:
        """Keep each by itself, the cursor staying where it was; those that could be kept."""
        await self._cursor.offset(str(self._file))  # raises when it is the database that is away
        return [
            one
            for one in found
            if await self._isolated.do(f"kept-{one.call_id}", partial(self._keep, [one], offset, offset))
        ]

    async def _keep(self, found: Sequence[Additions], since: int, read_to: int) -> None:
        await self._cursor.apply(
            file=str(self._file),
            since=since,
            offset=read_to,
            calls=[one.call for one in found if one.call is not None],
            steps=[step for one in found for step in one.steps],
            endings=[ending for one in found for ending in one.endings],
            talks=[talk for one in found for talk in one.talks],
            recordings=[recording for one in found for recording in one.recordings],
            corrections=[(one.call_id, one.correction) for one in found if one.correction is not None],
        )

    async def _end_lost(self) -> set[str] | None:
        """CEL is read to its end: an unended call that stays missing went down with Asterisk.

        Returns what is alive; None when Asterisk cannot be asked.
        """
        alive = await self._alive()
        if alive is None:
            return None
        await self._complete_messages(alive)
        now = self._seconds()
        unended = [one for one in await self._calls.unended() if is_here(one.id, self._node)]
        missing = {call.id: call for call in unended if call.id not in alive}
        self._missing_since = {call_id: self._missing_since.get(call_id, now) for call_id in missing}
        for call_id, since in self._missing_since.items():
            if now - since >= LOST_AFTER_SECONDS:
                await self._lost.end(missing[call_id])
        return alive

    async def _complete_messages(self, alive: set[str]) -> None:
        """Store the length of messages under which the service died."""
        for message in await self._calls.unfinished_messages():
            if message.call_id not in alive and is_here(message.call_id, self._node):
                seconds = await asyncio.to_thread(spoken_seconds, Path(message.file))
                await self._calls.keep_message(replace(message, seconds=seconds))


def _happened_within(age: timedelta, now: datetime, at: datetime) -> bool:
    """Whether it happened a moment ago. An event far in the future happened before the clock was set back."""
    return now - age < at <= now + A_MINUTE


def _is_queue_leg(event: CelEvent) -> bool:
    """Whether it tells of a dispatcher's phone that Asterisk's own queue has rung, not we."""
    return extension_of(event.channel) is not None and event.app == "AppQueue"
