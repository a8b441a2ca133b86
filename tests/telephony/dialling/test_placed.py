"""Calls that we place are on record before anybody is rung, or not at all."""

from collections.abc import Sequence
from typing import cast

import pytest

from hotline.calls.call import CallLog, CallRecord, JourneyStep, Step
from hotline.calls.interpreters import NO_INTERPRETERS
from hotline.events import Events
from telephony.ari.messages import CallerId, Channel
from telephony.dialling.outgoing import Outgoing
from telephony.dialling.placed import Calls, Placed
from tests.fakes.clock import SetClock


class NobodyKnows:
    """A log that cannot tell what became of an earlier call, and takes note of what is put on record."""

    def __init__(self) -> None:
        self.opened: list[CallRecord] = []

    async def journey(self, call_id: str) -> Sequence[JourneyStep]:
        raise TimeoutError(call_id)

    async def open(self, record: CallRecord) -> None:
        self.opened.append(record)


async def test_a_call_back_of_which_nobody_can_tell_in_whose_name_it_is_made_leaves_nothing_on_record() -> (
    None
):
    log = NobodyKnows()
    nobody = cast("Calls", None)  # it fails before anybody follows the call
    placed = Placed(
        nobody, cast("CallLog", log), cast("Events", None), cast("Outgoing", None), NO_INTERPRETERS
    )
    channel = Channel(
        id="out-1",
        name="PJSIP/outgoing-1",
        state="Down",
        caller=CallerId(number="", name=""),
        creationtime=SetClock().now(),
    )
    with pytest.raises(TimeoutError):
        await placed.on_record(channel, "+380441234567", Step.CALLED_OUT, {}, answers="hotline-1")
    assert log.opened == []
