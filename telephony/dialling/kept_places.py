"""Calls back those whose place in the line was kept, while a dispatcher is kept free for them.

When it is their turn the line decides, not the dialler; the attempt is claimed, dialled and written down like
any other of the hotline's own calls.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Call
from hotline.clock import Clock
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.events import DispatcherOffered, Events, OfferWithdrawn, Screens
from hotline.line.kept_places import ERRAND, KeptPlaces
from hotline.line.line import Line, Offer
from telephony.calls.call import AsteriskCall, Converse
from telephony.dialling.claims import ENGAGED_FOR, Claims
from telephony.dialling.dialler import Dialler
from telephony.ids import calling_back

THEY_WAIT = "they wait to be called: their place in the line is kept"
"""Why neither the list of whom not to call nor the budget forbids it. The attempt counts for other calls."""


class KeptPlaceErrands:
    """`hotline.dialling.dialler.Source` on kept places: none is claimed here, as their turn is the line's.

    `calls` are those that are served now, by channel id.
    """

    name = ERRAND

    def __init__(
        self,
        kept: KeptPlaces,
        converse: Converse,
        calls: Mapping[str, AsteriskCall],
        *,
        refuses_recording: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._kept = kept
        self._converse = converse
        self._calls = calls
        self._refuses_recording = refuses_recording

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:  # noqa: ARG002 - a source's
        return ()

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        """Nothing is to be renewed: the place itself stays until it is left."""

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:  # noqa: ARG002 - a source's
        await self._kept.not_reached(_place_of(errand), at, attempt=errand.attempt)

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        await self._kept.put_off(_place_of(errand), until, at, attempt=errand.attempt)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:  # noqa: ARG002 - a source's
        return 0

    async def prepare(self, errand: Errand) -> None:
        """What is said is said to everybody, and is there already."""

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Talk with whoever answered; the key that settles it is in the journey at once."""
        ours = self._calls[call.id]
        if await self._refuses_recording(attempt.errand.number):
            await ours.refuse_recording()
        try:
            await self._converse(call, Arrival.CALLED_BACK)
        finally:
            attempt.settled = ours.journey.has(Step.INFORMED)


class QueueCallbacks:
    """Carries out the offers of the line whose caller is not on the telephone."""

    def __init__(
        self,
        *,
        dialler: Dialler,
        claims: Claims,
        kept: KeptPlaces,
        line: Line,
        clock: Clock,
        events: Events,
        screens: Screens,
    ) -> None:
        self._dialler = dialler
        self._claims = claims
        self._kept = kept
        self._line = line
        self._clock = clock
        self._events = events
        self._screens = screens

    async def call_back(self, offer: Offer, number: str) -> None:
        """Show the dispatcher who is being called, and call; whoever presses a key stands first then."""
        attempt = self._attempt(offer, number)
        try:
            await self._show(offer, number)
            if await self._claims.take_this(attempt):
                await self._dialler.place(attempt)
        finally:
            await self._free(offer, attempt)

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

    async def _free(self, offer: Offer, attempt: Attempt) -> None:
        """Keep the dispatcher free no longer, whatever happened; of whoever was reached is told already."""
        now = self._clock.now()
        if attempt.dialled:
            await self._kept.not_reached(offer.call_id, now, attempt=offer.attempt)
        else:
            await self._kept.put_off(offer.call_id, now + ENGAGED_FOR, now, attempt=offer.attempt)
        if await self._line.place(attempt.call_id) is None:
            withdrawn = OfferWithdrawn(call_id=offer.call_id, dispatcher_id=offer.dispatcher.id, at=now)
            self._events.tell(withdrawn)

    def _attempt(self, offer: Offer, number: str) -> Attempt:
        errand = Errand(
            name=f"{ERRAND}-{offer.call_id}",
            attempt=offer.attempt,
            claimed_at=self._clock.now(),
            number=number,
            kind=Kind.CALL_BACK,
            exempt=THEY_WAIT,
            answers=offer.call_id,
        )
        return Attempt(errand, calling_back(offer.call_id, offer.attempt))


def _place_of(errand: Errand) -> str:
    return errand.name.removeprefix(f"{ERRAND}-")
