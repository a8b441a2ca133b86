"""Nothing is known to be off at the caller's address, and yet something is: taken down by one key."""

from collections.abc import Mapping

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.calls.skills import topic_of
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.outages.reports import OutageReport
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts

UTILITIES: Mapping[str, Utility] = {
    "1": Utility.WATER,
    "2": Utility.HOT_WATER,
    "3": Utility.HEAT,
    "4": Utility.POWER,
    "5": Utility.GAS,
    "6": Utility.LIFTS,
}
DISPATCHER, ANOTHER, IT_IS = "0", "9", "1"
MISTAKES_BORNE = 3


async def report_wanted(call: Call) -> Next | None:
    """Ask a caller without a known address whether something is off at theirs; None: it is."""
    for mistakes in range(MISTAKES_BORNE):
        before = [prompts.WRONG_KEY] if mistakes else []
        match await call.choose(*before, said.REPORT_ANYWHERE, keys=IT_IS + DISPATCHER):
            case None:
                return Next.MENU
            case key if key == IT_IS:
                return None
            case key if key == DISPATCHER:
                break
    return Next.DISPATCHER


async def something_off(call: Call, city: FlowPorts, there: Address, *, another: bool) -> Next | None:
    """Take the report and offer a dispatcher; silence leads back to the menu, mistakes to a person.

    With `another` a key asks about another address: None.
    """
    asked = [*([said.ANOTHER_ADDRESS] if another else []), said.SOMETHING_OFF]
    keys = f"{''.join(UTILITIES)}{DISPATCHER}{ANOTHER if another else ''}"
    mistakes = 0
    while mistakes < MISTAKES_BORNE:
        before = [prompts.WRONG_KEY] if mistakes else []
        match await call.choose(*before, *asked, keys=keys):
            case None:
                return Next.MENU
            case key if key == ANOTHER and another:
                return None
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case key if key in UTILITIES:
                return await _reported(call, city, there, UTILITIES[key])
            case _:
                mistakes += 1
    return Next.DISPATCHER


async def _reported(call: Call, city: FlowPorts, there: Address, utility: Utility) -> Next:
    call.topic = topic_of(utility)
    await city.outage_reports.add(
        OutageReport(utility=utility, address=there, at=city.clock.now(), number=call.number, call_id=call.id)
    )
    await call.note(Step.REPORTED_OFF, utility=utility.value, place=there.text)
    if await call.choose(said.REPORT_NOTED, keys=DISPATCHER) == DISPATCHER:
        return Next.DISPATCHER
    return Next.MENU
