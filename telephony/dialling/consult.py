"""A dispatcher asks a colleague: a call between two desks, to which the citizen may then be passed on."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, MutableMapping

from attrs import define

from hotline.clock import Clock
from hotline.errors import CallGone
from hotline.events import ConsultBegan, ConsultEnded, Events
from hotline.isolation import run_isolated
from hotline.line.extensions import is_extension
from hotline.line.line import Dispatcher, Dispatchers, Line
from hotline.line.presence_states import CONSULT, ENGAGED, Presence
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.ari.messages import Channel
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg
from telephony.calls.talk import Talks
from telephony.causes import BUSY, FAILURE, NO_SUCH_NUMBER, SUBSCRIBER_ABSENT
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import PJSIP, extension_of
from telephony.ids import consult_bridge, leg_id
from telephony.owed import OwedWrites

log = logging.getLogger(__name__)


@define(eq=False, repr=False, kw_only=True)
class Consults:
    """Calls from desk to desk on one Asterisk."""

    _ari: Ari
    _talks: Talks
    _line: Line
    _dispatchers: Dispatchers
    _clock: Clock
    _legs: MutableMapping[str, Leg]
    _channels: MutableMapping[str, FollowedChannel]
    _ring_seconds: int
    _line_changed: asyncio.Event
    _browsers: BrowserPhones
    _events: Events
    _talk_of: Callable[[int], AsteriskCall | None]
    """The citizen's call on which a dispatcher talks."""
    _owed: OwedWrites

    async def consult(self, asking: Channel, extension: str) -> None:
        """Carry out one consult, isolated: an error is told to the asking phone alone."""
        failure = f"consult failed from={asking.name}"
        if not await run_isolated(lambda: self._consult(asking, extension), failure, passing=AriUnavailable):
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(asking.id, reason_code=FAILURE)

    async def _consult(self, asking: Channel, extension: str) -> None:
        """Ring the colleague at `extension` and connect the two until one hangs up."""
        asker = Leg(asking.id, asking.name)
        self._channels[asker.id] = asker
        asked_by = await self._dispatchers.by_extension(extension_of(asking.name) or "")
        colleague = await self._dispatchers.by_extension(extension) if is_extension(extension) else None
        try:
            if colleague is None:
                await self._ari.hang_up(asker.id, reason_code=NO_SUCH_NUMBER)
            elif colleague.presence in ENGAGED or (asked_by and asked_by.id == colleague.id):
                await self._ari.hang_up(asker.id, reason_code=BUSY)
            else:
                await self.engage(asked_by)
                about = self._talk_of(asked_by.id) if asked_by is not None else None
                await self._connect(asking, asker, colleague, about)
        except CallGone:
            log.info("consult ended before it began from=%s", asking.name)
        finally:
            self._channels.pop(asker.id, None)
            await self.as_before(asked_by)

    async def engage(self, dispatcher: Dispatcher | None, reason: str = CONSULT) -> bool:
        """Keep the line from offering anybody to a dispatcher who consults; False: engaged meanwhile."""
        if dispatcher is None or dispatcher.presence is Presence.AWAY:  # may be asked, and stays away
            return True
        return await self._line.engage(dispatcher.id, self._clock.now(), reason)

    async def as_before(self, dispatcher: Dispatcher | None, reason: str = CONSULT) -> None:
        """Restore the presence of a dispatcher whom the consult engaged."""
        if dispatcher is None:
            return
        now = self._clock.now()

        async def disengage() -> None:
            await self._line.disengage(dispatcher.id, now, reason=reason)
            self._line_changed.set()

        await self._owed.write(disengage, f"dispatcher not freed after a consult dispatcher={dispatcher.id}")

    @contextlib.contextmanager
    def shown(self, colleague: Dispatcher | None, about: AsteriskCall | None) -> Iterator[None]:
        """Have the citizen's card on the screen of the colleague who is asked about them."""
        if colleague is None or about is None:
            yield
            return
        call_id, who = about.id, colleague.id
        self._events.tell(
            ConsultBegan(call_id=call_id, dispatcher_id=who, number=about.number, at=self._clock.now())
        )
        try:
            yield
        finally:
            self._events.tell(ConsultEnded(call_id=call_id, dispatcher_id=who, at=self._clock.now()))

    async def _connect(
        self, asking: Channel, asker: Leg, colleague: Dispatcher, about: AsteriskCall | None
    ) -> None:
        if not await self.engage(colleague):  # the line, or another colleague, was quicker by a moment
            await self._ari.hang_up(asker.id, reason_code=BUSY)
            return
        leg = Leg(leg_id(asker.id, 1), "")
        leg.dispatcher_id = colleague.id
        leg.caller = asker
        self._legs[leg.id] = leg
        try:
            with self.shown(colleague, about):
                if await self._rings_and_answers(asking, asker, leg, colleague):
                    await self._talk(asker, leg)
        finally:
            if leg.caller is asker:
                await self._free(leg)
                await self.as_before(colleague)
            with contextlib.suppress(CallGone):
                await self._ari.destroy_bridge(consult_bridge(leg.id))

    async def _rings_and_answers(self, asking: Channel, asker: Leg, leg: Leg, colleague: Dispatcher) -> bool:
        try:
            await self._ari.originate(
                leg.id,
                PJSIP + await self._browsers.reach(colleague),
                args=f"leg,{asker.id},{colleague.id}",
                caller_id=f"<{extension_of(asking.name) or asking.caller.number}>",
                ring_seconds=self._ring_seconds,
                originator=asker.id,
            )
            await asker.until(lambda: leg.answered or leg.gone, self._ring_seconds)
        except AriRefused as refused:
            log.warning("colleague cannot be rung extension=%s reason=%s", colleague.extension, refused)
        if not leg.answered or leg.gone:
            await self._ari.hang_up(asker.id, reason_code=leg.cause or SUBSCRIBER_ABSENT)
            return False
        return True

    async def _talk(self, asker: Leg, leg: Leg) -> None:
        """Until one hangs up, or a citizen takes the asking dispatcher's place."""
        await self._ari.answer(asker.id)
        await self._ari.create_bridge(consult_bridge(leg.id))
        await self._ari.add_to_bridge(consult_bridge(leg.id), asker.id, leg.id)
        self._talks.colleague(leg)
        while True:
            await asker.until(lambda: leg.over or leg.caller is not asker or asker.passed_on is not None)
            if leg.gone or leg.caller is not asker:
                break
            await self._decline_transfer(asker)
            await self._decline_transfer(leg)
        await self._ari.hang_up(asker.id)

    async def _decline_transfer(self, one: Leg) -> None:
        """There is no citizen in this call who could be passed on."""
        if one.passed_on is not None:
            one.passed_on = None
            with contextlib.suppress(CallGone):  # it has hung up meanwhile: the loop above sees to the other
                await self._ari.transfer_refused(one.id)

    async def _free(self, leg: Leg) -> None:
        self._talks.colleague_gone(leg)
        self._legs.pop(leg.id, None)
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(leg.id)
