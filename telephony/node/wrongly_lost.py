"""Calls that are over on record and live: their node was adopted while it was silent, and goes on.

A machine that slept, an Asterisk that hung, a cable that was out: another node has ended these calls on
record and calls their people back (`telephony.node.adoption`). Who is heard has what they had again.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from attrs import define

from hotline.calls.call import CallLog, JourneyStep, Outcome, Step
from hotline.clock import Clock
from hotline.errors import CallGone
from hotline.line.adoption import Adoptions, GivenBack
from hotline.line.line import Dispatchers, Line
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.ari.messages import UP, Channel, RtpStatistics
from telephony.calls.journey import Journey
from telephony.desks.endpoints import extension_of

log = logging.getLogger(__name__)

HEARD_LOOKS = 7
"""Looks in 2 s, in which a telephone that lives has sent a hundred packets of sound."""
HEARD_EVERY_SECONDS = 0.3
"""Between two looks: what had lain in a socket while we stood still has come by then, and tells nothing."""
ASKED_LOOKS = 22
"""Looks in further 6.6 s, in which a caller who was not heard is asked: longer than the edge waits.

A telephone that suppresses silence sends nothing while nobody speaks, and reports on our sound every 5 s or
so (RFC 3550), or not at all: no sound means nothing of it.
"""
_NOT_ANSWERED = "SIP 408"
_SURELY = 2
"""Looks in a row before which more had come than at the look before."""

_IN_LINE = frozenset({Step.JOINED_LINE, Step.RETURNED_TO_LINE})
_NOT_IN_LINE = frozenset({Step.TALK_STARTED, Step.LEFT_LINE, Step.PLACE_KEPT, Step.LEFT_TOGETHER})


@define(eq=False, repr=False, kw_only=True)
class WronglyLost:
    """Brings such calls of one Asterisk back on record."""

    _ari: Ari
    _calls: CallLog
    _line: Line
    _adoptions: Adoptions
    _dispatchers: Dispatchers
    _clock: Clock
    _node: str = ""

    async def among(self, followed: Collection[str]) -> Collection[str]:
        """Find those of these calls, all of which live, that are lost on record.

        And those whose place another node has adopted, and whose end it did not live to write.
        """
        unended = {one.id for one in await self._calls.unended()}
        entries = await self._line.entries()
        theirs = {one.call_id for one in entries if one.node not in {"", self._node}}
        return [one for one in followed if one in theirs or (one not in unended and await self._is_lost(one))]

    async def silent(self, calls: Collection[str]) -> Collection[str]:
        """Find those of these calls whose callers are not heard: they have hung up, or are called elsewhere.

        Nobody told us of it while we were silent. Such a call must take nothing from the one that answers it.
        Of whom nobody calls back no sound is asked. A telephone that reports on our sound is there. One that
        sends none, since it holds us or suppresses silence, is asked whether it knows of the call, by an
        offer: one that does not refuses, and Asterisk ends the call, as where nobody answers the edge.
        """
        left = {one for one in calls if await self._is_called_back(one)}
        hold = {one for one in left if await self._holds(one) and await self._ask(one)}
        left = await self._unheard(left, HEARD_LOOKS)
        left -= {one for one in left & hold if await self._lives(one)}
        asked = {one for one in left - hold if await self._ask(one)}
        unheard = await self._unheard(asked, ASKED_LOOKS)
        there = asked - {one for one in unheard if not await self._lives(one)}
        for one in left - there:
            log.warning("call taken for lost is not heard any more, it ends call_id=%s", one)
        return left - there

    async def _unheard(self, calls: Collection[str], looks: int) -> set[str]:
        """Find calls that are not heard in that number of looks, with calls that end meanwhile."""
        left, over = set(calls), set[str]()
        before: Mapping[str, RtpStatistics] = {}
        grew: Counter[str] = Counter()
        for look in range(looks):
            if look:
                await asyncio.sleep(HEARD_EVERY_SECONDS)
            over |= {one for one in left if not await self._lives(one)}
            left -= over
            if not left:
                break
            came = {one: await self._statistics(one) for one in left}
            for one, now in came.items():
                then = before.get(one, now)
                grew[one] = grew[one] + 1 if now.rxcount > then.rxcount else 0
                if look >= _SURELY and now.reported != then.reported:
                    grew[one] = _SURELY
            before = came
            left = {one for one in left if grew[one] < _SURELY}
        return left | over

    async def _is_called_back(self, call_id: str) -> bool:
        entry = await self._line.entry(call_id)
        if entry is None or entry.state is QueueEntryState.LEFT:
            return False
        return entry.callback_to is not None

    async def _holds(self, call_id: str) -> bool:
        with contextlib.suppress(CallGone, AriRefused):
            return (await self._ari.hold(call_id)).value == "1"
        return False

    async def _ask(self, call_id: str) -> bool:
        """Ask the telephone whether it is still there; False: there is nobody who could be asked."""
        with contextlib.suppress(CallGone, AriRefused):
            await self._ari.ask_whether_there(call_id)
            return True
        return False

    async def _lives(self, call_id: str) -> bool:
        """Tell whether it goes on; one that was asked and not answered ends some seconds later (a BYE)."""
        with contextlib.suppress(CallGone):
            name = (await self._ari.channel(call_id)).name
            with contextlib.suppress(CallGone, AriRefused):
                return not (await self._ari.last_answer(call_id, name)).value.startswith(_NOT_ANSWERED)
            return True
        return False

    async def _statistics(self, call_id: str) -> RtpStatistics:
        with contextlib.suppress(CallGone):  # it has just ended, or no sound was agreed upon
            return await self._ari.rtp_statistics(call_id)
        return RtpStatistics(rxcount=0)

    async def bring_back(self, call_id: str, leg: Channel | None) -> GivenBack:
        """Have a call that was found so go on, with `leg`, the telephone of its dispatcher.

        It may be done again. One whose caller is ELSEWHERE by now is not brought back: it is to end.
        """
        journey = await Journey.taken_up(call_id, self._calls, self._clock)
        now = self._clock.now()
        given = await self._adoptions.give_back(
            call_id, now, talks_with=await self._talks_with(leg), waits=_waited(journey.steps)
        )
        log.warning("call taken for lost lives call_id=%s has=%s", call_id, given)
        if given is not GivenBack.ELSEWHERE:
            await self._calls.went_on(call_id)
            await journey.note(Step.WENT_ON, {}, now)
        return given

    async def _is_lost(self, call_id: str) -> bool:
        record = await self._calls.find(call_id)
        return record is not None and record.outcome is Outcome.LOST

    async def _talks_with(self, leg: Channel | None) -> int | None:
        if leg is None or leg.state != UP:
            return None
        dispatcher = await self._dispatchers.by_extension(extension_of(leg.name) or "")
        return None if dispatcher is None else dispatcher.id


def _waited(steps: Sequence[JourneyStep]) -> bool:
    """Tell whether they stood in the line before they were taken for lost."""
    told = [one.step for one in steps if one.step in _IN_LINE | _NOT_IN_LINE]
    return bool(told) and told[-1] in _IN_LINE
