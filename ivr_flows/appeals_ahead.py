"""The states of the caller's own appeals, read aloud ahead while the menu is said."""

from collections.abc import Sequence
from functools import partial

from hotline.calls.conversation import Call
from hotline.voice.speech import Phrase
from ivr_flows import appeal_phrases as said
from ivr_flows.appeal_state import KEYS, appeals_of
from ivr_flows.own_appeal import told_of
from ivr_flows.ports import FlowPorts


def appeals_ahead(call: Call, city: FlowPorts) -> None:
    """Have them made ready for a caller who may ask for them; nobody waits for it."""
    if call.number is not None:
        city.read_ahead(partial(_phrases, call.number, city), call.language)


async def _phrases(number: str, city: FlowPorts) -> Sequence[Phrase]:
    theirs = await appeals_of(number, city)
    choices = [said.to_choose(one, key) for key, one in zip(KEYS, theirs, strict=False)]
    told = [phrase for one in theirs for phrase in (*await told_of(one, city), *said.written_answer(one))]
    return [*(choices if len(theirs) > 1 else []), *told]
