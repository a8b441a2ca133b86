"""The call-back to somebody whose place in the line was kept: a key tells a person from a machine."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.line.line import Priority, QueueEntry
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import keep_company

TIMES = 3
"""How often it is said to somebody, or to a machine, that presses nothing."""


async def called_back(call: Call, city: FlowPorts) -> Next:
    """Key 1 puts them first for the dispatcher who is reserved for them; key 2 gives the place back."""
    kept = call.place_kept
    if kept is None:
        return Next.HANG_UP
    for _ in range(TIMES):
        match await call.choose(prompts.YOU_ASKED_TO_BE_CALLED, keys="12"):
            case "1":
                if not await city.kept_places.reached(kept, call.id, city.clock.now()):
                    await _promised(call, city)
                await call.note(Step.INFORMED, about="callback")
                await call.note(Step.JOINED_LINE)
                return await keep_company(call, city, first=True)
            case "2":
                await city.kept_places.give_back(kept, city.clock.now())
                await call.note(Step.INFORMED, about="callback")
                await call.play(prompts.CALLBACK_GIVEN_BACK)
                return Next.HANG_UP
            case _:
                continue
    return Next.HANG_UP


async def _promised(call: Call, city: FlowPorts) -> None:
    """A person whose place has gone was called all the same, and goes first for any dispatcher."""
    await city.line.enter(call.id, at=city.clock.now(), priority=Priority.RETURNING)


async def kept_place(call: Call, city: FlowPorts) -> QueueEntry | None:
    """Find the place that is kept for this caller."""
    return await city.kept_places.of(call.number) if call.number and not call.outgoing else None


async def calls_again(call: Call, city: FlowPorts, kept: QueueEntry) -> None:
    """Give this call the place that is kept for the caller: no call-back follows."""
    await city.kept_places.take_over(kept.call_id, call.id, city.clock.now())
    await call.note(Step.JOINED_LINE)
    await call.play(prompts.PLACE_TAKEN_OVER)
