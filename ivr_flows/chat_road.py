"""The road of one chat through the conversations: those of a call, but for the line and its dispatchers."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from hotline.calls.conversation import Next
from ivr_flows.appeal_state import appeal_state
from ivr_flows.greeting import greeting, their_outages
from ivr_flows.ports import FlowPorts
from ivr_flows.report_in_chat import WritesCall, report_in_chat
from ivr_flows.routing import go_on, or_emergency
from ivr_flows.survey_in_chat import survey_in_chat


class ChatEnd(StrEnum):
    """Ends to which the flows bring a chat."""

    PERSON = "person"
    """A dispatcher has to answer."""
    URGENT = "urgent"
    """An emergency: a dispatcher has to answer, before all other chats."""
    OVER = "over"


async def converse_in_chat(
    going: Next | None, call: WritesCall, city: FlowPorts, arrive: Callable[[Next | None], Awaitable[None]]
) -> ChatEnd:
    """Lead a resident on from the station, or greet them; `arrive` is told of each station, None: of that."""
    if going is None:
        await arrive(None)
        going = await greeting(call, city)
    while True:
        match going:
            case Next.DISPATCHER:
                return ChatEnd.PERSON
            case Next.EMERGENCY:
                return ChatEnd.URGENT
            case Next.GOODBYE | Next.HANG_UP:
                return ChatEnd.OVER
            case Next.CITY_MESSAGE:  # for heads, by telephone alone
                going = Next.MENU
        await arrive(going)
        going = await or_emergency(_station(going, call, city))


async def _station(going: Next, call: WritesCall, city: FlowPorts) -> Next:
    match going:
        case Next.REPORT:
            return await report_in_chat(call, city)
        case Next.APPEAL_STATE if about := call.asked_about:
            call.asked_about = None
            return await appeal_state(call, city, first=about)
        case Next.SURVEY:
            survey_id, call.asked_about = call.asked_about or "", None
            return await survey_in_chat(call, city, survey_id)
        case Next.THEIR_OUTAGES:
            return await their_outages(call, city)
        case _:
            return await go_on(call, going, city)
