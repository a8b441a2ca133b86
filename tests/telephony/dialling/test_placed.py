"""Calls that we place are on record before anybody is rung, or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import pytest

from hotline.calls.call import CallLog, CallRecord, JourneyStep, Scalar, Step
from hotline.calls.interpreters import NO_INTERPRETERS
from hotline.events import Event, Events
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


class OfAnotherCity(NobodyKnows):
    """A log in which every earlier call was answered in another city's name."""

    detail: Mapping[str, Scalar] = {"agreement": 3, "name": "Славутич"}

    async def journey(self, call_id: str) -> Sequence[JourneyStep]:
        at = SetClock().now()
        return [JourneyStep(call_id=call_id, number=1, at=at, step=Step.FOR_NEIGHBOUR, detail=self.detail)]

    async def flush(self) -> None:
        pass


class Followed:
    """A call that is followed, its own journey, and those who follow it."""

    def __init__(self) -> None:
        self.id = "out-1"
        self.noted: dict[Step, Mapping[str, Scalar]] = {}

    @property
    def journey(self) -> "Followed":
        return self

    async def note(self, step: Step, detail: Mapping[str, Scalar], at: datetime) -> None:
        del at
        self.noted[step] = detail

    def place(self, channel: Channel, record: CallRecord) -> "Followed":
        assert channel.id == record.id
        return self

    def tell(self, event: Event) -> None:
        pass


CHANNEL = Channel(
    id="out-1",
    name="PJSIP/outgoing-1",
    state="Down",
    caller=CallerId(number="", name=""),
    creationtime=SetClock().now(),
)


@pytest.mark.parametrize(("holding", "named"), [({3}, {"agreement": 3, "name": "Славутич"}), ({4}, None)])
async def test_a_call_that_follows_another_citys_up_is_made_in_its_name_while_the_agreement_holds(
    holding: set[int], named: Mapping[str, Scalar] | None
) -> None:
    call = Followed()
    placed = Placed(
        *(cast("Calls", call), cast("CallLog", OfAnotherCity()), cast("Events", call)),
        *(cast("Outgoing", None), NO_INTERPRETERS, holding.__contains__),
    )
    await placed.on_record(CHANNEL, "+380441234567", Step.CALLED_OUT, {}, answers="hotline-1")
    assert call.noted.get(Step.FOR_NEIGHBOUR) == named


async def test_a_call_back_of_which_nobody_can_tell_in_whose_name_it_is_made_leaves_nothing_on_record() -> (
    None
):
    log = NobodyKnows()
    nobody = cast("Calls", None)  # it fails before anybody follows the call
    placed = Placed(
        *(nobody, cast("CallLog", log), cast("Events", None), cast("Outgoing", None), NO_INTERPRETERS),
        lambda _agreement: True,
    )
    with pytest.raises(TimeoutError):
        await placed.on_record(CHANNEL, "+380441234567", Step.CALLED_OUT, {}, answers="hotline-1")
    assert log.opened == []
