"""An appeal that is not of the caller's telephone: its state and its term, and nothing else.

A caller who has the code of our message shows with it that the appeal is theirs, however they call or write.
"""

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from ivr_flows import appeal_phrases as said
from ivr_flows import prompts
from ivr_flows.applicants_code import keys_code, may_key_code
from ivr_flows.in_writing import WRITING, in_writing, writing_offered
from ivr_flows.own_appeal import own_appeal
from ivr_flows.ports import FlowPorts

MISTAKES_BORNE = 3
CODE = "5"


async def others_appeal(call: Call, city: FlowPorts, appeal: Appeal) -> Next:
    """Tell it, again if they wish; silence leads back to the menu, mistakes to a dispatcher."""
    await call.note(Step.APPEAL_ASKED, appeal=appeal.number, theirs=False)
    told = said.for_anybody(appeal, city.rules.timezone, now=city.clock.now())
    before = [prompts.WRONG_KEY]
    mistakes = 0
    if await call.announce(*told):
        await call.note(Step.INFORMED, about="appeal", appeal=appeal.number)
    while mistakes < MISTAKES_BORNE:
        by_code = CODE if await may_key_code(city, appeal) else ""
        writes = writing_offered(call, city)
        offered = [*([said.KEYS_CODE] if by_code else []), said.KEYS_ALWAYS, *writes]
        keys = f"{by_code}390{WRITING if writes else ''}"
        match await call.choose(*(before if mistakes else ()), *offered, keys=keys):
            case key if key == WRITING and writes:
                await in_writing(call, city, Next.APPEAL_STATE, about=appeal.number)
                mistakes = 0
            case key if key and key == by_code:
                if await keys_code(call, city, appeal):
                    return await own_appeal(call, city, appeal, shown=True)
                mistakes = 0
            case "3":
                await call.play(*told)
            case "9":
                return Next.APPEAL_STATE
            case "0":
                return Next.DISPATCHER
            case None:
                return Next.MENU
            case _:
                mistakes += 1
    return Next.DISPATCHER
