"""Calls that we place, written down before anybody is rung: what dies then is ended, never dialled again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from attrs import define

from hotline.calls.call import CallLog, CallRecord, Direction, Outcome, Scalar, Step, is_trial
from hotline.calls.conversation import Arrival
from hotline.calls.interpreters import Interpreters
from hotline.contact.numbers import masked
from hotline.events import CallArrived, Events
from hotline.isolation import read_isolated
from telephony.ari.messages import CallerId, Channel
from telephony.calls.call import AsteriskCall
from telephony.dialling.outgoing import Outgoing

WRITTEN_SECONDS = 10.0
MOMENT_SECONDS = 1.0
"""How long somebody who has just answered may wait for what is usually read in a millisecond."""


class Calls(Protocol):
    """Follows and serves a placed call like any other."""

    def place(self, channel: Channel, record: CallRecord) -> AsteriskCall: ...

    def followed(self, call_id: str) -> AsteriskCall | None: ...

    async def serve(self, call: AsteriskCall, arrival: Arrival) -> None: ...

    async def carry_on(self, call: AsteriskCall, speak: Callable[[], Awaitable[None]]) -> None:
        """Have them spoken with, and gone on with where the database goes away under it."""
        ...

    async def finish(self, call: AsteriskCall) -> None: ...


@define(eq=False, repr=False)
class Placed:
    """Puts the calls of one Asterisk on record."""

    _calls: Calls
    _log: CallLog
    _events: Events
    _outgoing: Outgoing
    _interpreters: Interpreters
    _holds: Callable[[int], bool]
    """Whether the agreement holds by which a call was answered in another city's name."""

    async def on_record(
        self,
        channel: Channel,
        number: str | None,
        step: Step,
        detail: Mapping[str, Scalar],
        *,
        answers: str = "",
    ) -> AsteriskCall:
        """Follow the call; its journey begins with the step that names who places it, and why.

        The demo citizen of a trial call has no number. A call that `answers` one that was answered in another
        city's name is made in that name, too.

        Raises TimeoutError when that cannot be written in time: a call that is not on record is not dialled.
        """
        direction = Direction.TRIAL if is_trial(channel.id) else Direction.OUTGOING
        known, shown = self._interpreters.own(number, number or "")
        record = CallRecord(
            id=channel.id,
            number=known,
            shown=shown,
            arrived_at=channel.creationtime,
            direction=direction,
        )
        async with asyncio.timeout(WRITTEN_SECONDS):
            theirs = await self._neighbour(answers)
        await self._log.open(record)
        call = self._calls.place(channel, record)
        await call.journey.note(step, dict(detail), channel.creationtime)
        if theirs is not None:
            await call.journey.note(Step.FOR_NEIGHBOUR, theirs, channel.creationtime)
        if known != number:
            await call.journey.note(Step.INTERPRETED, {"number": number}, channel.creationtime)
        async with asyncio.timeout(WRITTEN_SECONDS):
            await self._log.flush()
        arrived = CallArrived(call_id=call.id, number=known, at=channel.creationtime, direction=direction)
        self._events.tell(arrived)
        return call

    async def _neighbour(self, answers: str) -> Mapping[str, Scalar] | None:
        """Tell in which city's name the call was answered that is called back.

        None: in ours, or its agreement is over, so that we speak in our own again.
        """
        steps = await self._log.journey(answers) if answers else ()
        theirs = next((one.detail for one in steps if one.step is Step.FOR_NEIGHBOUR), None)
        agreement = None if theirs is None else theirs.get("agreement")
        return theirs if isinstance(agreement, int) and self._holds(agreement) else None

    async def ring(self, call: AsteriskCall) -> Outcome | None:
        """Dial; the journey tells how it went. None when they answered."""

        async def rings() -> None:
            await call.note(Step.RANG)

        outcome = await self._outgoing.ring(call.channel, rings=rings, given_up=lambda: False)
        if outcome is None:
            await call.note(Step.ANSWERED)
        else:
            await call.note(Step.NOT_CONNECTED, outcome=outcome.value, cause=call.channel.cause)
        return outcome


async def refused_before(refuses: Callable[[str], Awaitable[bool]], number: str) -> bool:
    """Tell whether somebody who has just answered refused to be recorded in an earlier call.

    They do not wait for a database that is away: they are asked again.
    """
    return await refusal_on_record(refuses, number) or False


async def refusal_on_record(refuses: Callable[[str], Awaitable[bool]], number: str) -> bool | None:
    """The same; None where the database does not say it in a moment."""
    failure = f"not known whether they have refused to be recorded number={masked(number)}"
    return await read_isolated(_in_a_moment(refuses(number)), failure, otherwise=None)


async def _in_a_moment(look_up: Awaitable[bool]) -> bool:
    async with asyncio.timeout(MOMENT_SECONDS):
        return await look_up


def to_whom(channel: Channel, record: CallRecord) -> Channel:
    """The channel with the number that was called: Asterisk itself does not know it as the caller's."""
    channel.caller = CallerId(number=record.shown)
    return channel
