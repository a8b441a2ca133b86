"""Places the calls that the hotline makes by itself: claimed first, dialled once, spoken with, ended.

It knows neither whom it calls nor why: jobs come from `telephony.dialling.claims`, and what is said is the
flow's. A call that was under way when we died is hung up at the next connection
(`telephony.node.surviving_calls`); what became of it is decided by Asterisk's own account.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from hotline.calls.call import Scalar, Step
from hotline.clock import Clock
from hotline.contact.numbers import masked
from hotline.dialling.dialler import URGENCY, Lines, Result, result_of
from hotline.dialling.dialling_rules import Rate
from hotline.dialling.jobs import Attempt
from hotline.errors import CallGone
from hotline.isolation import run_isolated
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.call import AsteriskCall
from telephony.calls.machine_detection import SILENCE_MS
from telephony.desks.endpoints import extension_of
from telephony.dialling.claims import Claims
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Calls, Placed
from telephony.isolation import run_or_pause
from telephony.owed import OwedWrites

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
LEAST_SECONDS = 0.1
"""Between two looks, however many calls end meanwhile."""
AHEAD_SHARE = 4
"""One call more is made ready for each of this number of lines: no line waits for a text to be spoken."""
PREPARED_AT_ONCE = 4
"""What is said is synthesised: many at once would all be late."""


class Dialler:
    """Automatic calls on one Asterisk."""

    def __init__(
        self,
        *,
        ari: Ari,
        outgoing: Outgoing,
        calls: Calls,
        placed: Placed,
        clock: Clock,
        claims: Claims,
        lines: Lines,
        tasks: asyncio.TaskGroup,
        owed: OwedWrites,
    ) -> None:
        self._ari = ari
        self._outgoing = outgoing
        self._calls = calls
        self._placed = placed
        self._clock = clock
        self._claims = claims
        self._lines = lines
        self._rate = Rate(lines.per_second)
        self._tasks = tasks
        self._owed = owed
        self._ahead = max(lines.most // AHEAD_SHARE, 1) if lines.most else 0
        self._preparing = 0
        self._ready: list[Attempt[Any]] = []
        self._dialled = 0
        self._promised: set[str] = set()
        """Calls that a line is kept for, whose channels are not made yet."""
        self._freed = asyncio.Event()
        self._crowded = False

    async def keep(self) -> None:
        """Place what is due while there are lines, once a second and whenever a call has ended."""
        while True:
            await run_or_pause(self._look, "no automatic calls placed")
            await asyncio.sleep(LEAST_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._freed.wait(), TICK_SECONDS - LEAST_SECONDS)
            self._freed.clear()

    async def _look(self) -> None:
        await self._claims.keep()
        await self._give_back()
        # While nothing is due Asterisk is not asked which lines are free: what is due is made ready first.
        room = await self._room() if self._ready or self._preparing else 0
        for attempt in self._next(min(room, self._rate.allowed(self._clock.now()))):
            room -= 1
            self._dialled += 1
            self._rate.placed(1)
            self._tasks.create_task(self._carry_out(attempt), name=f"call {attempt.call_id}")
        wanted = min(room + self._ahead - len(self._ready), PREPARED_AT_ONCE) - self._preparing
        for attempt in await self._claims.take(wanted) if wanted > 0 else ():
            self._preparing += 1
            self._tasks.create_task(self._prepare(attempt), name=f"prepare {attempt.call_id}")

    async def _give_back(self) -> None:
        """Of what is ready keep what may still be placed: lines may have been wanting for long."""
        stale = [one for one in self._ready if not self._claims.stands(one)]
        self._ready = [one for one in self._ready if one not in stale]
        for attempt in stale:
            await self._claims.give_back(attempt)

    def _next(self, most: int) -> Sequence[Attempt[Any]]:
        """Take what is ready, the emergencies first."""
        self._ready.sort(key=lambda one: URGENCY[one.job.kind])
        taken, self._ready = self._ready[:most], self._ready[most:]
        return taken

    async def _room(self) -> int:
        if self._dialled >= self._lines.most:
            return 0
        busy = await self._busy()
        room = self._lines.room(busy=busy, ours=self._dialled)
        if self._crowded is (room > 0):
            self._crowded = not room
            log.info("automatic calls wait=%s busy_lines=%d", self._crowded, busy)
        return room

    async def _prepare(self, attempt: Attempt[Any]) -> None:
        """Have what is said made, while others are dialled and spoken with."""
        failure = f"automatic call not prepared call_id={attempt.call_id}"
        try:
            source = self._claims.source_of(attempt.job)
            await run_isolated(lambda: source.prepare(attempt.brief.about), failure, passing=AriUnavailable)
        finally:
            self._preparing -= 1
        self._ready.append(attempt)
        self._freed.set()

    async def _busy(self) -> int:
        """Count the trunk's calls: whatever is not a dispatcher's phone."""
        return sum(extension_of(channel.name) is None for channel in await self._ari.channels())

    async def _carry_out(self, attempt: Attempt[Any]) -> None:
        try:
            await self.place(attempt)
        finally:
            self._dialled -= 1
            self._freed.set()

    async def until_a_line_is_free(self, call_id: str) -> None:
        """Wait, as long as it takes, until the trunk has a line more than those kept free for citizens.

        It is kept for this call until its channel is there, or `place` is over.
        """
        if self._lines.whole is not None:  # else Asterisk is asked for nothing
            while self._lines.left(busy=await self._busy() + len(self._promised)) == 0:  # noqa: ASYNC110 - nobody tells when another call ends
                await asyncio.sleep(TICK_SECONDS)
        self._promised.add(call_id)

    def not_placed(self, call_id: str) -> None:
        """Take back the line that was kept for a call."""
        self._promised.discard(call_id)

    async def hang_up(self, call_id: str) -> None:
        """End a call that is not needed any more."""
        with contextlib.suppress(CallGone, AriRefused):
            await self._ari.hang_up(call_id)

    async def place(self, attempt: Attempt[Any]) -> None:
        """One call's boundary: whatever happens here, the others go on.

        For an attempt that another has taken at a moment of their own: it waits for no room.
        """
        log.info("calling by ourselves call_id=%s to=%s", attempt.call_id, masked(attempt.brief.number))
        failure = f"automatic call failed call_id={attempt.call_id}"
        try:
            # Without a connection the call is ended at the next one, and the attempt left behind.
            if not await run_isolated(lambda: self._place(attempt), failure, passing=AriUnavailable):
                await self.hang_up(attempt.call_id)  # no other call ends with this one
        finally:
            self._promised.discard(attempt.call_id)
            # As long as their word is owed nobody takes it over, who would know nothing of it.
            self._owed.afterwards(attempt.call_id, partial(self._claims.let_go, attempt))

    async def _place(self, attempt: Attempt[Any]) -> None:
        if await self._claims.gives_way(attempt):
            return
        job, brief = attempt.job, attempt.brief
        try:
            channel = await self._outgoing.prepare(attempt.call_id, brief.number)
        except AriRefused as refused:
            log.warning("no way out call_id=%s reason=%s", attempt.call_id, refused)
            await self._claims.end(attempt, Result.FAILED)
            return
        self._promised.discard(attempt.call_id)
        why: dict[str, Scalar] = {"source": job.source, "job": job.id, "kind": job.kind.value}
        if brief.exempt:
            why["exempt"] = brief.exempt
        call = await self._placed.on_record(
            channel, brief.number, Step.CALLED_BY_ITSELF, why, answers=brief.answers
        )
        goes_on = False
        try:
            if await self._claims.dial(attempt):
                result = await self._ring_and_speak(call, attempt)
                log.info("automatic call over call_id=%s result=%s", attempt.call_id, result)
                await self._end(attempt, result)
        except (asyncio.CancelledError, AriUnavailable):
            goes_on = call.journey.has(Step.JOINED_LINE)  # it is taken up like any call that waits or talks
            raise
        finally:
            if not goes_on:
                with contextlib.suppress(CallGone, AriRefused):
                    await self._ari.hang_up(call.id)
                await self._calls.finish(call)

    async def _end(self, attempt: Attempt[Any], result: Result) -> None:
        """Have it decided what follows, once all that they said is on record and the database is there."""
        ending = partial(self._claims.end, attempt, result)
        failure = f"automatic call not ended on record call_id={attempt.call_id}"
        await self._owed.write(ending, failure, of=attempt.call_id)

    async def _ring_and_speak(self, call: AsteriskCall, attempt: Attempt[Any]) -> Result:
        outcome = await self._placed.ring(call)
        if outcome is not None:
            return result_of(outcome)
        with contextlib.suppress(CallGone):
            if attempt.brief.listens:
                await self._listen(call)
            source = self._claims.source_of(attempt.job)
            attempt.owe = partial(self._owed.write, of=attempt.call_id)
            await self._calls.carry_on(call, lambda: source.attend(call, attempt))
        greeting = call.channel.greeting.lasted(call.channel.left_at or self._clock.now())
        if greeting is not None:
            await call.note(Step.LIKE_A_MACHINE, seconds=round(greeting.total_seconds()))
        if attempt.settled:
            return Result.SETTLED
        return Result.UNHEARD if greeting is None else Result.MACHINE

    async def _listen(self, call: AsteriskCall) -> None:
        """Have Asterisk tell how long the greeting is; without that the call goes on as well."""
        try:
            await self._ari.detect_talking(call.id, silence_ms=SILENCE_MS)
        except AriRefused as refused:
            log.info("no hint of answering machines call_id=%s reason=%s", call.id, refused)
