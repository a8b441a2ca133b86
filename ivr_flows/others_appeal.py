"""An appeal that is not of the caller's telephone: its state and its term, and nothing else."""

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from ivr_flows import appeal_phrases as said
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts

MISTAKES_BORNE = 3


async def others_appeal(call: Call, city: FlowPorts, appeal: Appeal) -> Next:
    """Tell it, again if they wish; silence leads back to the menu, mistakes to a dispatcher."""
    await call.note(Step.APPEAL_ASKED, appeal=appeal.number, theirs=False)
    told = said.for_anybody(appeal, city.rules.timezone, now=city.clock.now())
    before = [prompts.WRONG_KEY]
    mistakes = 0
    if await call.announce(*told):
        await call.note(Step.INFORMED, about="appeal", appeal=appeal.number)
    while mistakes < MISTAKES_BORNE:
        match await call.choose(*(before if mistakes else ()), said.KEYS_ALWAYS, keys="390"):
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
