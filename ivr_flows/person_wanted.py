"""A called person asks for a dispatcher: one who is free now, or a call-back later."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.line.line import Priority
from ivr_flows import survey_phrases
from ivr_flows.leave_message import leave_message
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting


async def person_wanted(call: Call, city: FlowPorts, *, free: bool, urgent: bool = False) -> None:
    """Connect them with a free dispatcher, else call them back: called people wait in no line.

    With an emergency (`urgent`) they do, before all others.
    """
    priority = Priority.EMERGENCY if urgent else Priority.ORDINARY
    if (free or urgent) and await waiting(call, city, priority=priority) is not Next.MESSAGE:
        return
    if urgent:
        await leave_message(call)
        return
    await call.note(Step.CALLBACK_WANTED)
    await call.play(survey_phrases.CALL_BACK)
