"""A third in a talk: an enterprise or a colleague whom a dispatcher asks, alone at first, then in conference.

The dispatcher's phone has one call all the time; the bridges change. The citizen never leaves the bridge of
the talk: there they hear music while the dispatcher is in a bridge with the third. From then on both bridges
are mixed to their ends, else the recording loses a side (docs/decisions/0031).
"""

import asyncio
import contextlib
import logging
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from hotline.calls.call import Outcome, Step
from hotline.clock import Clock
from hotline.dialling.calling_out import EMERGENCY, Third, ThirdPhase
from hotline.errors import CallGone, ForbiddenTransition
from hotline.isolation import Job, run_isolated
from hotline.line.extensions import is_extension
from hotline.line.line import Dispatcher, Dispatchers
from hotline.line.presence_states import ENGAGED
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg, PassOn
from telephony.calls.mixing import Mixing
from telephony.calls.talk import Talks
from telephony.causes import OUTCOMES
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import PJSIP
from telephony.dialling.consult import Consults
from telephony.dialling.outgoing import CAUSE_SECONDS, RINGING_TONE, Outgoing
from telephony.ids import bridge_id, consult_bridge

log = logging.getLogger(__name__)

THIRD_PREFIX = "third-"
TOLD_FOR = timedelta(seconds=30)


def third_id(leg: str, attempt: int) -> str:
    """Name a third's channel after the leg of the dispatcher who asks them."""
    return f"{THIRD_PREFIX}{attempt}-{leg}"


def asked_by(third: str) -> str:
    """Tell by which leg a third was asked."""
    return third.removeprefix(THIRD_PREFIX).partition("-")[2]


@dataclass(slots=True, kw_only=True)
class Conference:
    """One talk with a third."""

    call: AsteriskCall
    leg: Leg
    third: Leg
    shown: Third
    colleague: Dispatcher | None = None
    leaving: bool = False
    dropped: bool = False
    """The dispatcher themselves let the third go: that is no news to them."""
    passing: bool = False
    """The citizen goes to the third as soon as they answer."""
    passed_on: PassOn | None = None
    """How the citizen goes to the colleague, once the dispatcher leaves the two together."""

    @property
    def talk_bridge(self) -> str:
        return bridge_id(self.leg.id)

    @property
    def aside(self) -> str:
        """The bridge in which dispatcher and third are alone: one for each third."""
        return consult_bridge(self.third.id)


class Conferences:
    """Talks with a third on one Asterisk."""

    def __init__(
        self,
        *,
        ari: Ari,
        outgoing: Outgoing,
        talks: Talks,
        consults: Consults,
        dispatchers: Dispatchers,
        clock: Clock,
        channels: MutableMapping[str, FollowedChannel],
        browsers: BrowserPhones,
        ring_seconds: int,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._ari = ari
        self._mixing = Mixing(ari)
        self._outgoing = outgoing
        self._talks = talks
        self._consults = consults
        self._dispatchers = dispatchers
        self._clock = clock
        self._channels = channels
        self._browsers = browsers
        self._ring_seconds = ring_seconds
        self._tasks = tasks
        self._running: dict[int, Conference] = {}
        self._missed: dict[int, tuple[Outcome, datetime]] = {}
        self._attempts = 0

    def of(self, dispatcher_id: int) -> Conference | None:
        """The conference of this dispatcher, if there is one."""
        return self._running.get(dispatcher_id)

    def missed(self, dispatcher_id: int) -> Outcome | None:
        """How ringing a third has just gone in vain."""
        outcome, at = self._missed.get(dispatcher_id, (None, None))
        return outcome if at is not None and abs(self._clock.now() - at) < TOLD_FOR else None

    async def consult(self, call: AsteriskCall, leg: Leg, number: str, *, passing: bool = False) -> None:
        """Begin: music for the citizen, and a third is rung: a colleague, a service, somebody outside.

        `passing` leaves citizen and third together when the third answers.
        """
        if leg.dispatcher_id in self._running:
            raise ForbiddenTransition("There is a third in this talk already.")
        self._missed.pop(leg.dispatcher_id, None)
        inside = is_extension(number)
        colleague = await self._dispatchers.by_extension(number) if inside else None
        if inside and colleague is None:
            self._tell_missed(leg, Outcome.NOT_IN_USE)
        elif colleague is not None and (colleague.presence in ENGAGED or colleague.id == leg.dispatcher_id):
            self._tell_missed(leg, Outcome.BUSY)
        else:
            shown = Third(number=number, name=colleague.name if colleague else "")
            self._attempts += 1
            third = Leg(third_id(leg.id, self._attempts), "")
            self._begin(
                Conference(call=call, leg=leg, third=third, shown=shown, colleague=colleague, passing=passing)
            )

    def _begin(self, one: Conference) -> None:
        self._follow(one)
        self._tasks.create_task(self._hold(one, partial(self._run, one)), name=f"third {one.third.id}")

    def _follow(self, one: Conference) -> None:
        self._running[one.leg.dispatcher_id] = one
        self._channels[one.third.id] = one.third
        one.leg.third = one.third

    def taken_up(self, call: AsteriskCall, leg: Leg, third: Leg, number: str, *, together: bool) -> None:
        """Go on with a conference that went on without us; `number` is the third's.

        A third who is gone by now has left the dispatcher alone: they are brought back to the citizen.
        """
        one = Conference(call=call, leg=leg, third=third, shown=Third(number=number, phase=ThirdPhase.ALONE))
        self._follow(one)
        if together:
            self._together(one)
        else:
            leg.parted = True
        self._tasks.create_task(self._hold(one, partial(self._go_on, one)), name=f"third {third.id}")

    async def _go_on(self, one: Conference) -> None:
        await self._rings_no_more(one)
        if not one.third.answered:  # they still rang, and were given up
            await one.call.note(Step.THIRD_MISSED, outcome=Outcome.FAILED.value)
            self._tell_missed(one.leg, Outcome.FAILED)
        await self._until_over(one)

    async def _hold(self, one: Conference, road: Job) -> None:
        """Carry out one conference, isolated: after an error the third is out of it, and the talk goes on."""
        failure = f"conference failed call_id={one.call.id} third={one.third.id}"
        if not await run_isolated(road, failure, passing=AriUnavailable):
            self._tell_missed(one.leg, Outcome.FAILED)
            await self._end(one)

    async def _run(self, one: Conference) -> None:
        if not await self._consults.engage(one.colleague):  # the line, or another colleague, was quicker
            self._tell_missed(one.leg, Outcome.BUSY)
            self._forget(one)
            if one.call.channel.gone:  # and so has the citizen: `Talks` left the dispatcher with the third
                await self._talks.free(one.call, one.leg)
            return
        with self._consults.shown(one.colleague, one.call):
            await self._reach(one)

    async def _reach(self, one: Conference) -> None:
        try:
            await self._part(one)
            missed = await self._ring(one)
        except (AriRefused, CallGone) as refused:
            log.info("third not reached call_id=%s reason=%s", one.call.id, refused)
            missed = Outcome.FAILED
        if missed is not None:
            missed = Outcome.GIVEN_UP if one.dropped else missed
            await one.call.note(Step.THIRD_MISSED, outcome=missed.value)
            if not one.dropped:
                self._tell_missed(one.leg, missed)
            await self._end(one)
            return
        one.shown.phase = ThirdPhase.ALONE
        with contextlib.suppress(CallGone):  # gone in this very moment: seen below
            await self._answered(one)
        await self._until_over(one)

    async def _answered(self, one: Conference) -> None:
        """Bring the third to the citizen; aside, where they are asked first or no citizen is left."""
        if one.passing and not one.call.channel.gone:
            await self.leave(one)
        else:
            await self._ari.add_to_bridge(one.aside, one.third.id)

    async def _part(self, one: Conference) -> None:
        """Take the dispatcher aside, and have the citizen hear music."""
        one.leg.parted = True
        one.leg.changed()
        await one.call.note(Step.THIRD_CALLED, number=one.shown.number)
        await self._ari.create_bridge(one.aside, always_mixed=True)
        await self._ari.add_to_bridge(one.aside, one.leg.id)
        with contextlib.suppress(CallGone):  # the citizen hung up meanwhile: nobody is left to hear it
            await self._ari.start_bridge_music(one.talk_bridge)
            await self._mixing.keep(one.leg)

    async def _ring(self, one: Conference) -> Outcome | None:
        if one.colleague is not None:
            return await self._ring_colleague(one, one.colleague)
        await self._outgoing.prepare(one.third.id, one.shown.number)

        async def rings() -> None:
            with contextlib.suppress(CallGone):
                await self._ari.play(one.leg.id, f"tone-{one.third.id}", [RINGING_TONE])

        outcome = await self._outgoing.ring(one.third, rings=rings, given_up=lambda: one.leg.gone)
        await self._rings_no_more(one)
        return outcome

    async def _rings_no_more(self, one: Conference) -> None:
        """End the ringing tone that the dispatcher hears."""
        with contextlib.suppress(CallGone):
            await self._ari.stop_playback(f"tone-{one.third.id}")

    async def _ring_colleague(self, one: Conference, colleague: Dispatcher) -> Outcome | None:
        one.third.dispatcher_id = colleague.id
        await self._ari.originate(
            one.third.id,
            PJSIP + await self._browsers.reach(colleague),
            args="third",
            caller_id=f"<{(await self._dispatchers.get(one.leg.dispatcher_id)).extension}>",
            ring_seconds=self._ring_seconds,
            originator=one.leg.id,
        )
        try:
            await one.third.until(lambda: one.third.answered or one.leg.gone, self._ring_seconds)
        except CallGone:
            return OUTCOMES.get(await one.third.told_cause(CAUSE_SECONDS), Outcome.FAILED)
        return None if one.third.answered and not one.leg.gone else Outcome.NO_ANSWER

    async def _until_over(self, one: Conference) -> None:
        with contextlib.suppress(CallGone):  # the third hung up
            await one.third.until(lambda: one.leg.gone or one.leaving)
            if not one.leaving:
                await self._phone_gone(one)
        await self._end(one)

    async def _phone_gone(self, one: Conference) -> None:
        """Leave the citizen and an emergency service together whose dispatcher's phone or browser died.

        `Talks` decides the same where it sees the leg end first; the second of the two changes nothing.
        """
        await one.third.until(lambda: one.leg.destroyed, CAUSE_SECONDS)
        stays = one.leg.stays
        in_talk = one.call.leg is one.leg or one.leg.left_to is stays
        if stays is not None and in_talk and not one.call.channel.gone:
            one.leaving = True
            one.leg.left_to = stays

    async def join(self, one: Conference) -> None:
        """Have all three hear one another."""
        if one.shown.phase is not ThirdPhase.ALONE or one.call.channel.gone:
            raise ForbiddenTransition("There is nobody to be joined.")
        await self._silence_music(one)
        await self._ari.add_to_bridge(one.talk_bridge, one.leg.id, one.third.id)
        self._together(one)
        await one.call.note(Step.CONFERENCE)

    def _together(self, one: Conference) -> None:
        """Take note that all three hear one another; from now on an emergency service stays."""
        one.leg.parted = False
        one.third.met = True
        one.shown.phase = ThirdPhase.TOGETHER
        if one.shown.number in EMERGENCY:
            one.leg.rescue = one.third
        one.leg.changed()

    async def drop_third(self, one: Conference) -> None:
        one.dropped = True
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(one.third.id)

    async def drop_citizen(self, one: Conference) -> None:
        """Drop the citizen, once the third is there: dispatcher and third talk on alone."""
        if one.shown.phase is ThirdPhase.RINGING:
            raise ForbiddenTransition("There is nobody else to talk to yet.")
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(one.call.id)

    async def leave(self, one: Conference) -> None:
        """Leave the citizen and the third together."""
        if one.shown.phase is ThirdPhase.RINGING or one.call.channel.gone:
            raise ForbiddenTransition("There are no two to be left together.")
        one.leaving = True
        if one.colleague is not None:
            self._talks.colleague(one.third)
            one.passed_on = PassOn(
                extension=one.colleague.extension, answered_channel=one.third.id, by_phone=False
            )
            one.leg.passed_on = one.passed_on
        else:
            await self._silence_music(one)
            try:
                await self._ari.add_to_bridge(one.talk_bridge, one.third.id)
            except (CallGone, AriRefused):  # hung up in this very moment: the dispatcher goes back
                one.leaving = False
                raise
            one.leg.left_to = one.third
            await self._ari.hang_up(one.leg.id)
        one.leg.changed()

    async def _silence_music(self, one: Conference) -> None:
        with contextlib.suppress(CallGone):
            await self._ari.stop_bridge_music(one.talk_bridge)

    async def _end(self, one: Conference) -> None:
        """End the third's part: gone, dropped, or left with the citizen.

        A colleague to whom the citizen was passed on is in talk from then on; until that is written they stay
        engaged by this conference, so that nobody else is offered to them in between.
        """
        if one.passed_on is not None:
            await one.passed_on.settled.wait()
            one.leaving = one.leg.passed_on is not None
            self._talks.colleague_gone(one.third)
        self._running.pop(one.leg.dispatcher_id, None)
        one.leg.third = None
        if not one.leaving:
            await one.call.note(Step.THIRD_LEFT)
            self._channels.pop(one.third.id, None)
            if not one.third.gone:
                await self.drop_third(one)
            await self._back(one)
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(one.aside)
        await self._consults.as_before(one.colleague)

    def _forget(self, one: Conference) -> None:
        self._running.pop(one.leg.dispatcher_id, None)
        self._channels.pop(one.third.id, None)
        one.leg.third = None

    async def _back(self, one: Conference) -> None:
        """Bring the dispatcher back to the citizen; free a dispatcher whose citizen hung up meanwhile."""
        if one.call.channel.gone:
            await self._talks.free(one.call, one.leg)
            return
        await self._silence_music(one)
        if not one.leg.gone:
            with contextlib.suppress(CallGone):
                await self._ari.add_to_bridge(one.talk_bridge, one.leg.id)
            one.leg.parted = False
            one.leg.changed()

    def _tell_missed(self, leg: Leg, outcome: Outcome) -> None:
        self._missed[leg.dispatcher_id] = (outcome, self._clock.now())
