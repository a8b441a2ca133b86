"""A called person asks for a dispatcher: one who is free now, or a call-back later."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from ivr_flows import prompts, survey_phrases
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting

REFUSES = "*"


async def person_wanted(call: Call, city: FlowPorts, *, free: bool) -> None:
    """Connect them with a free dispatcher, else call them back: called people wait in no line."""
    if free:
        await _recording_notice(call)
        if await waiting(call, city) is not Next.MESSAGE:
            return
    await call.note(Step.CALLBACK_WANTED)
    await call.play(survey_phrases.CALL_BACK)


async def _recording_notice(call: Call) -> None:
    if call.recording_refused:
        return
    heard = await call.announce(prompts.RECORDING_NOTICE)
    if not heard and await call.choose(keys=REFUSES) == REFUSES:
        await call.refuse_recording()
