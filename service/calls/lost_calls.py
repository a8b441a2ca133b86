"""Calls that went down with their Asterisk, ended on record."""

import logging
from datetime import datetime
from typing import Protocol

from attrs import define

from hotline.calls.call import CallLog, CallRecord, JourneyStep, Outcome, Step
from telephony.calls.journey import FROM_OTHERS

log = logging.getLogger(__name__)


class OpenTalks(Protocol):
    """Talks on record."""

    async def end_talks(self, call_id: str, at: datetime) -> None: ...


@define
class LostCalls:
    """Ends calls whose Asterisk has told of no end, with the last that was seen of them."""

    _calls: CallLog
    _talks: OpenTalks

    async def end(self, call: CallRecord) -> None:
        journey = await self._calls.journey(call.id)
        # That it was cut off was found later.
        lived = [step.at for step in journey if step.step is not Step.CUT_OFF]
        last = max(lived, default=call.arrived_at)
        number = max([FROM_OTHERS, *(step.number for step in journey)]) + 1
        ended = JourneyStep(
            call_id=call.id, number=number, at=last, step=Step.ENDED, detail={"outcome": Outcome.LOST.value}
        )
        await self._calls.note(ended)
        await self._talks.end_talks(call.id, last)
        log.warning("call lost with asterisk call_id=%s", call.id)
