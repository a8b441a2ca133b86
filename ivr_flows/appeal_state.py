"""How an appeal stands, by the number that its applicant keys in."""

from hotline.calls import Step
from hotline.conversation import Call, Next
from ivr_flows import prompts
from ivr_flows.city import City

LONGEST_NUMBER = 12
TRIES = 2


async def appeal_state(call: Call, city: City) -> Next:
    """Ask for the number and tell the state; silence or an unknown number, twice, leads to a dispatcher."""
    for _ in range(TRIES):
        number = await call.digits(prompts.ASK_APPEAL_NUMBER, most=LONGEST_NUMBER)
        if number is None:
            return Next.DISPATCHER
        appeal = await city.appeals.find(number)
        if appeal is not None:
            if await call.announce(prompts.appeal_state(appeal)):
                await call.note(Step.INFORMED, about="appeal")
            return Next.MENU
        await call.announce(prompts.NO_SUCH_APPEAL)
    return Next.DISPATCHER
