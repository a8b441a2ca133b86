"""Calls back those whose place in the line was kept, while a dispatcher is kept free for them.

When it is their turn the line decides, not the dialler; the attempt is claimed, dialled and written down like
any other of the hotline's own calls.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from attrs import define, field

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Call
from hotline.clock import Clock
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Attempt, Brief, Follows, Job, again_at
from hotline.events import DispatcherOffered, Events, OfferWithdrawn
from hotline.isolation import read_isolated, run_isolated
from hotline.line.cut_off import TRIED_FOR, CallBackNow
from hotline.line.kept_places import KEPT_PLACE, KeptPlaces
from hotline.line.line import Line, Offer, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.errors import AriUnavailable
from telephony.calls.call import AsteriskCall, Converse
from telephony.dialling.claims import ENGAGED_FOR, Claims
from telephony.dialling.dialler import Dialler
from telephony.dialling.placed import refused_before
from telephony.ids import calling_back, is_outgoing

THEY_WAIT = "they wait to be called: their place in the line is kept"
"""Why neither the list of whom not to call nor the budget forbids it. The attempt counts for other calls."""
CUT_OFF = "a fault of ours has cut their call off"
"""The same, and by far: they were speaking with us, or waiting to."""
LOOK_SECONDS = 1.0
"""Between two looks whether the call that a call-back answers goes on after all."""
ONE_EVERY_SECONDS = 0.05
"""Between two calls to those who were cut off: providers refuse calls that all come at once.

Thirty people are called in one second and a half: the last of them within five, with the time to notice.
"""


@define(eq=False, repr=False)
class KeptPlaceCalls:
    """`hotline.dialling.jobs.JobSource` on kept places: when it is their turn the line says.

    `calls` are those that are served now, by channel id.
    """

    name = KEPT_PLACE

    _kept: KeptPlaces
    _converse: Converse
    _calls: Mapping[str, AsteriskCall]
    _line: Line = field(kw_only=True)
    _refuses_recording: Callable[[str], Awaitable[bool]] = field(kw_only=True)

    async def brief(self, job: Job, at: datetime) -> Brief[str]:  # noqa: ARG002 - a source's
        place = await self._place(job)
        cut_off = place is not None and place.cut_at is not None
        return Brief(
            number=job.number,
            about=job.number,
            exempt=CUT_OFF if cut_off else THEY_WAIT,
            answers=job.about,
            listens=cut_off,  # they press no key; others are called in their turn, at no better time
        )

    async def prepare(self, about: str) -> None:
        """What is said is said to everybody, and is there already."""

    async def attend(self, call: Call, attempt: Attempt[str]) -> None:
        """Talk with the person who answered; the key that settles it is in the journey at once."""
        ours = self._calls[call.id]
        if await refused_before(self._refuses_recording, attempt.brief.number):
            await ours.refuse_recording()
        try:
            with ours.watched(from_now=True):
                await self._converse(call, Arrival.CALLED_BACK)
        finally:
            if ours.journey.has(Step.INFORMED):
                await attempt.settle()

    async def after(self, job: Job, result: Result, at: datetime, about: str | None) -> Follows:  # noqa: ARG002
        """Free the dispatcher, where the place is still there: who pressed a key has left it."""
        await self._kept.not_reached(job.about, at, attempt=job.attempt)
        if await self._place(job) is not None:
            return again_at(None)
        return REACHED if result is Result.SETTLED else GIVEN_UP

    async def _place(self, job: Job) -> QueueEntry | None:
        """Give the place of this call, while it is kept; others may call from the same number."""
        entry = await self._line.entry(job.about)
        kept = entry is not None and entry.callback_to is not None and entry.state is not QueueEntryState.LEFT
        return entry if kept else None


@define(eq=False, repr=False, kw_only=True)
class QueueCallbacks:
    """Carries out the offers of the line whose caller is not on the telephone."""

    _dialler: Dialler
    _claims: Claims
    _kept: KeptPlaces
    _line: Line
    _clock: Clock
    _events: Events
    _line_changed: asyncio.Event
    _tasks: asyncio.TaskGroup
    _node: str = ""
    _cut_off: deque[tuple[CallBackNow, float]] = field(factory=deque, init=False)
    """Who is to be called at once, and until which moment of the loop's clock."""
    _calling: asyncio.Task[None] | None = field(default=None, init=False)

    async def call_back(self, offer: Offer, number: str) -> None:
        """Show the dispatcher who is being called, and call; a caller who presses a key then stands first."""
        await self._call(offer.call_id, number, offer.attempt, offer.dispatcher.id)

    def call_now(self, one: CallBackNow) -> None:
        """Have somebody called whose call a fault of ours has cut off, in their turn, as the trunk has lines.

        Whom it does not come to in TRIED_FOR is called by the line, at theirs.
        """
        until = asyncio.get_running_loop().time() + TRIED_FOR.total_seconds()
        self._cut_off.append((one, until))
        if self._calling is None or self._calling.done():
            self._calling = self._tasks.create_task(self._call_each(), name="cut off")

    async def _call_each(self) -> None:
        while self._cut_off:
            one, until = self._cut_off.popleft()
            call_id = calling_back(one.call_id, one.attempt, self._node)
            try:
                async with asyncio.timeout_at(until):
                    await self._dialler.until_a_line_is_free(call_id)
            except TimeoutError:
                continue
            self._tasks.create_task(self._call_now(one), name=f"cut off {one.call_id}")
            await asyncio.sleep(ONE_EVERY_SECONDS)

    async def _call_now(self, one: CallBackNow) -> None:
        failure = f"whoever was cut off was not called back call_id={one.call_id}"

        async def call() -> None:
            if one.anew or is_outgoing(one.call_id):
                await self._claims.cut_off(one.call_id, KEPT_PLACE)
            await self._call(one.call_id, one.number, one.attempt, one.dispatcher_id)

        try:
            await run_isolated(call, failure, passing=AriUnavailable)
        finally:
            self._dialler.not_placed(calling_back(one.call_id, one.attempt, self._node))
        self._line_changed.set()

    async def _call(self, kept: str, number: str, nth: int, dispatcher_id: int | None) -> None:
        """Call on behalf of a place; `dispatcher_id` is kept free meanwhile."""
        call_id = calling_back(kept, nth, self._node)
        attempt, broken_off = None, False
        try:
            if dispatcher_id is not None:
                self._show(kept, number, nth, dispatcher_id)
            attempt = await self._claims.take_this(KEPT_PLACE, kept, call_id, attempt=nth)
            if attempt is not None:
                await self._place(kept, attempt)
        except AriUnavailable:
            broken_off = True  # what follows the next connection decides, or the node that adopts the place
            raise
        finally:
            if not broken_off:
                await self._no_longer(kept, nth, dialled=attempt is not None and attempt.dialled)
            if dispatcher_id is not None and not await self._goes_on(kept, call_id):
                now = self._clock.now()
                self._events.tell(OfferWithdrawn(call_id=kept, dispatcher_id=dispatcher_id, at=now))

    async def _place(self, kept: str, attempt: Attempt[str]) -> None:
        """Place the call; it ends unanswered when the one that it answers proves to go on."""
        watching = asyncio.create_task(self._end_when_needless(kept, attempt.call_id))
        try:
            await self._dialler.place(attempt)
        finally:
            watching.cancel()

    async def _end_when_needless(self, kept: str, call_id: str) -> None:
        failure = f"place not looked at call_id={kept}"
        while await read_isolated(self._is_kept(kept), failure, otherwise=True):  # noqa: ASYNC110 - another node gives it back
            await asyncio.sleep(LOOK_SECONDS)
        with contextlib.suppress(AriUnavailable):  # the next connection ends it
            await self._dialler.hang_up(call_id)

    async def _is_kept(self, kept: str) -> bool:
        entry = await self._line.entry(kept)
        return entry is None or entry.callback_to is not None

    async def _goes_on(self, kept: str, call_id: str) -> bool:
        """Whether they talk or wait to, by this call, or by the one that was taken for lost."""
        if await self._line.entry(call_id) is not None:
            return True
        entry = await self._line.entry(kept)
        return entry is not None and entry.state is QueueEntryState.TALKING

    def _show(self, kept: str, number: str, nth: int, dispatcher_id: int) -> None:
        """Have it shown while their telephone rings: the dispatcher's own rings when they have answered."""
        now = self._clock.now()
        self._events.tell(
            DispatcherOffered(call_id=kept, dispatcher_id=dispatcher_id, number=number, attempt=nth, at=now)
        )

    async def _no_longer(self, kept: str, nth: int, *, dialled: bool) -> None:
        """Keep the dispatcher free no longer; the desk knows already of a caller who was reached."""
        now = self._clock.now()
        if dialled:
            await self._kept.not_reached(kept, now, attempt=nth)
        else:
            await self._kept.put_off(kept, now + ENGAGED_FOR, now, attempt=nth)
