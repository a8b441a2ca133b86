"""A caller goes on with the conversation that they began in writing, and says nothing twice."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.line.line import Priority
from ivr_flows import chat_phrases as said
from ivr_flows.appeal_state import appeal_state
from ivr_flows.outages_asked import outages_asked
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting


async def chat_goes_on(call: Call, city: FlowPorts) -> Next:
    """Lead them to where the chat stood; what only a person can go on with, to a dispatcher.

    Places that were written are known by their number, and are not asked for again.
    """
    found = None
    if city.chats is not None and call.number is not None:
        found = await city.chats.take_along(call.number, call.id)
    if found is None:
        await call.play(said.IS_OVER)
        return Next.MENU
    await call.note(Step.CHAT_TAKEN_ALONG, chat=found.chat_id)
    call.addresses = None
    await call.play(said.GOES_ON_BY_PHONE)
    match found.going:
        case Next.APPEAL_STATE if found.about:
            return await appeal_state(call, city, first=found.about)
        case Next.THEIR_OUTAGES:
            return await outages_asked(call, city)
        case Next.EMERGENCY:
            return await waiting(call, city, priority=Priority.EMERGENCY, wanted=found.dispatcher_id)
        case Next.DISPATCHER | Next.REPORT:
            return await waiting(call, city, wanted=found.dispatcher_id)
    return found.going
