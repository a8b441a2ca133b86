"""Calls that are over on record and live: their node was adopted while it was silent, and goes on.

A machine that slept, an Asterisk that hung, a cable that was out: another node has ended these calls on
record and calls their people back (`telephony.node.adoption`). Who is heard has what they had again.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

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

Answer = TypeVar("Answer")

HEARD_LOOKS = 7
"""Looks in 2 s, in which a telephone that lives has sent a hundred packets of sound."""
HEARD_EVERY_SECONDS = 0.3
"""Between two looks: what had lain in a socket while we stood still has come by then, and tells nothing."""
ASKED_LOOKS = 22
"""Looks in further 6.6 s, in which a caller who was not heard is asked: longer than the edge waits.

A telephone that suppresses silence sends nothing while nobody speaks, and reports on our sound every 5 s or
so (RFC 3550), or not at all: no sound means nothing of it.
"""
AT_ONCE = 20
"""Questions of these that Asterisk has at a time: it answers in order, and others ask it as well."""
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
        ended = [one for one in followed if one not in theirs and one not in unended]
        lost = await _which(ended, self._is_lost)
        return [one for one in followed if one in theirs or one in lost]

    async def silent(self, calls: Collection[str]) -> Collection[str]:
        """Find those of these calls whose callers are not heard: they have hung up, or are called elsewhere.

        Nobody told us of it while we were silent. Such a call must take nothing from the one that answers it,
        and no dispatcher once that one is over. Of whom nobody calls back no sound is asked. A telephone that
        reports on our sound is there. One that sends none, since it holds us or suppresses silence, is asked
        whether it knows of the call, by an offer: one that does not refuses, and Asterisk ends the call, as
        where nobody answers the edge.
        """
        left = await self._called_back(calls)
        hold = await _which(await _which(left, self._holds), self._ask)
        left = await self._unheard(left, HEARD_LOOKS, asked=hold)
        left -= await self._living(left & hold, asked=hold)
        asked = await _which(left - hold, self._ask)
        unheard = await self._unheard(asked, ASKED_LOOKS, asked=asked)
        there = (asked - unheard) | await self._living(unheard, asked=asked)
        for one in left - there:
            log.warning("call taken for lost is not heard any more, it ends call_id=%s", one)
        return left - there

    async def _unheard(self, calls: Collection[str], looks: int, *, asked: Collection[str]) -> set[str]:
        """Find calls that are not heard in that number of looks, with calls that end meanwhile."""
        left, over = set(calls), set[str]()
        before: Mapping[str, RtpStatistics] = {}
        grew: Counter[str] = Counter()
        for look in range(looks):
            if look:
                await asyncio.sleep(HEARD_EVERY_SECONDS)
            living = await self._living(left, asked=asked)
            over |= left - living
            left = living
            if not left:
                break
            came = await _each(left, self._statistics)
            for one, now in came.items():
                then = before.get(one, now)
                grew[one] = grew[one] + 1 if now.rxcount > then.rxcount else 0
                if look >= _SURELY and now.reported != then.reported:
                    grew[one] = _SURELY
            before = came
            left = {one for one in left if grew[one] < _SURELY}
        return left | over

    async def _called_back(self, calls: Collection[str]) -> set[str]:
        """Find those to whom another call is owed, or who were spoken with by one."""
        if not calls:
            return set()
        entries = await self._line.entries()
        owed = (
            one for one in entries if one.state is not QueueEntryState.LEFT and one.callback_to is not None
        )
        called = {one.call_id for one in owed if one.call_id in calls}
        return called | {*await self._adoptions.spoken_with(calls)}

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

    async def _living(self, calls: Collection[str], *, asked: Collection[str]) -> set[str]:
        """Find those that go on; one that was asked and not answered ends some seconds later (a BYE)."""
        names = await self._names(calls)
        unanswered = await _which(names.keys() & asked, partial(self._is_unanswered, names))
        return names.keys() - unanswered

    async def _names(self, calls: Collection[str]) -> Mapping[str, str]:
        """Give the channels' names of those that are there; of many Asterisk is asked at once."""
        if len(calls) > 1:
            return {one.id: one.name for one in await self._ari.channels() if one.id in calls}
        with contextlib.suppress(CallGone):
            return {one: (await self._ari.channel(one)).name for one in calls}
        return {}

    async def _is_unanswered(self, names: Mapping[str, str], call_id: str) -> bool:
        with contextlib.suppress(CallGone, AriRefused):
            answer = await self._ari.last_answer(call_id, names[call_id])
            return answer.value.startswith(_NOT_ANSWERED)
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


async def _each(calls: Iterable[str], ask: Callable[[str], Awaitable[Answer]]) -> dict[str, Answer]:
    """Ask of each call, of some at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def asked(call_id: str) -> Answer:
        async with turns:
            return await ask(call_id)

    every = [*calls]
    return dict(zip(every, await asyncio.gather(*map(asked, every)), strict=True))


async def _which(calls: Iterable[str], is_so: Callable[[str], Awaitable[bool]]) -> set[str]:
    """Find those calls of which it is so."""
    return {one for one, so in (await _each(calls, is_so)).items() if so}


def _waited(steps: Sequence[JourneyStep]) -> bool:
    """Tell whether they stood in the line before they were taken for lost."""
    told = [one.step for one in steps if one.step in _IN_LINE | _NOT_IN_LINE]
    return bool(told) and told[-1] in _IN_LINE
