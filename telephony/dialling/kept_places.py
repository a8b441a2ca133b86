"""Calls back those whose place in the line was kept, while a dispatcher is kept free for them.

When it is their turn the line decides, not the dialler; the attempt is claimed, dialled and written down like
any other of the hotline's own calls.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from attrs import define, field

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Call
from hotline.clock import Clock
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Attempt, Brief, Follows, Job, again_at
from hotline.events import DispatcherOffered, Events, OfferWithdrawn, Screens
from hotline.line.kept_places import KEPT_PLACE, KeptPlaces
from hotline.line.line import Line, Offer
from telephony.calls.call import AsteriskCall, Converse
from telephony.dialling.claims import ENGAGED_FOR, Claims
from telephony.dialling.dialler import Dialler
from telephony.ids import calling_back

THEY_WAIT = "they wait to be called: their place in the line is kept"
"""Why neither the list of whom not to call nor the budget forbids it. The attempt counts for other calls."""


@define(eq=False, repr=False)
class KeptPlaceCalls:
    """`hotline.dialling.jobs.JobSource` on kept places: when it is their turn the line says.

    `calls` are those that are served now, by channel id.
    """

    name = KEPT_PLACE

    _kept: KeptPlaces
    _converse: Converse
    _calls: Mapping[str, AsteriskCall]
    _refuses_recording: Callable[[str], Awaitable[bool]] = field(kw_only=True)

    async def brief(self, job: Job, at: datetime) -> Brief[str]:  # noqa: ARG002 - a source's
        return Brief(number=job.number, about=job.number, exempt=THEY_WAIT, answers=job.about)

    async def prepare(self, about: str) -> None:
        """What is said is said to everybody, and is there already."""

    async def attend(self, call: Call, attempt: Attempt[str]) -> None:
        """Talk with the person who answered; the key that settles it is in the journey at once."""
        ours = self._calls[call.id]
        if await self._refuses_recording(attempt.brief.number):
            await ours.refuse_recording()
        try:
            await self._converse(call, Arrival.CALLED_BACK)
        finally:
            if ours.journey.has(Step.INFORMED):
                await attempt.settle()

    async def after(self, job: Job, result: Result, at: datetime, about: str | None) -> Follows:  # noqa: ARG002
        """Free the dispatcher, where the place is still there: who pressed a key has left it."""
        await self._kept.not_reached(job.about, at, attempt=job.attempt)
        place = await self._kept.of(job.number)
        if place is not None and place.call_id == job.about:
            return again_at(None)
        return REACHED if result is Result.SETTLED else GIVEN_UP


@define(eq=False, repr=False, kw_only=True)
class QueueCallbacks:
    """Carries out the offers of the line whose caller is not on the telephone."""

    _dialler: Dialler
    _claims: Claims
    _kept: KeptPlaces
    _line: Line
    _clock: Clock
    _events: Events
    _screens: Screens

    async def call_back(self, offer: Offer, number: str) -> None:
        """Show the dispatcher who is being called, and call; a caller who presses a key then stands first."""
        call_id = calling_back(offer.call_id, offer.attempt)
        attempt = None
        try:
            await self._show(offer, number)
            attempt = await self._claims.take_this(KEPT_PLACE, offer.call_id, call_id, attempt=offer.attempt)
            if attempt is not None:
                await self._dialler.place(attempt)
        finally:
            await self._free(offer, call_id, dialled=attempt is not None and attempt.dialled)

    async def _show(self, offer: Offer, number: str) -> None:
        offered = DispatcherOffered(
            call_id=offer.call_id,
            dispatcher_id=offer.dispatcher.id,
            number=number,
            attempt=offer.attempt,
            at=self._clock.now(),
        )
        self._events.tell(offered)
        await self._screens.shown(offered)

    async def _free(self, offer: Offer, call_id: str, *, dialled: bool) -> None:
        """Keep the dispatcher free no longer; the desk knows already of a caller who was reached."""
        now = self._clock.now()
        if dialled:
            await self._kept.not_reached(offer.call_id, now, attempt=offer.attempt)
        else:
            await self._kept.put_off(offer.call_id, now + ENGAGED_FOR, now, attempt=offer.attempt)
        if await self._line.entry(call_id) is None:
            withdrawn = OfferWithdrawn(call_id=offer.call_id, dispatcher_id=offer.dispatcher.id, at=now)
            self._events.tell(withdrawn)
