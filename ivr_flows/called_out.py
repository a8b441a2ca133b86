"""The first words to a person whom a dispatcher has called: who calls, and that the talk is recorded."""

from hotline.calls.call import is_trial
from hotline.calls.conversation import Call, Next
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts
from ivr_flows.recording_notice import recording_notice
from ivr_flows.waiting import talk_again


async def called_out(call: Call, city: FlowPorts) -> Next:
    """Say it unless they refused recording before, and bring them together with who calls.

    The demo citizen of a trial call needs no notice.
    """
    if not is_trial(call.id):
        await recording_notice(call, prompts.WE_CALL)
    return await talk_again(call, city)
