"""A called person asks for a dispatcher: one who is free now, or a call-back later."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from ivr_flows import survey_phrases
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting


async def person_wanted(call: Call, city: FlowPorts, *, free: bool) -> None:
    """Connect them with a free dispatcher, else call them back: called people wait in no line."""
    if free and await waiting(call, city) is not Next.MESSAGE:
        return
    await call.note(Step.CALLBACK_WANTED)
    await call.play(survey_phrases.CALL_BACK)
