"""The automatic call that tells somebody something: only a key says that it was heard."""

from hotline.calls.call import Step
from hotline.voice.speech import Phrase
from ivr_flows.informing_call import TIMES, informing_call
from tests.fakes.call import FakeCall

NEWS = Phrase(name="campaign-7", uk="Завтра з дев'ятої до дванадцятої не буде води.", en="")


class Told:
    """What the keys led to."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def heard(self) -> None:
        self.done.append("heard")

    async def call_no_more(self) -> None:
        self.done.append("call no more")


async def called(keys: str) -> tuple[FakeCall, Told]:
    call, told = FakeCall(keys, outgoing=True), Told()
    await informing_call(call, NEWS, heard=told.heard, call_no_more=told.call_no_more)
    return call, told


async def test_one_confirms_it_and_is_thanked() -> None:
    call, told = await called("1")
    assert told.done == ["heard"]
    assert call.heard == ["duty-who-calls", "campaign-7", "informing-keys", "informing-thanks"]
    assert Step.INFORMED in call.steps


async def test_nine_asks_not_to_be_called_any_more() -> None:
    call, told = await called("9")
    assert told.done == ["call no more"]
    assert call.heard[-1] == "informing-no-more-calls"


async def test_two_says_it_again_and_a_wrong_key_is_forgiven() -> None:
    call, told = await called("251")
    assert told.done == ["heard"]
    assert call.heard.count("campaign-7") == 3
    assert "wrong-key" in call.heard


async def test_a_machine_that_listens_has_confirmed_nothing() -> None:
    call, told = await called("")
    assert told.done == []
    assert call.heard.count("campaign-7") == TIMES
    assert call.heard[-1] == "goodbye"
    assert Step.INFORMED not in call.steps
