"""The call-back to somebody whose place in the line was kept: a key tells a person from a machine.

Callers whom a fault of ours cut off did not ask for it, and press none.
"""

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
    place = await city.line.entry(kept)
    if place is not None and place.cut_at is not None:
        return await _goes_on(call, city, place)
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


async def _goes_on(call: Call, city: FlowPorts, place: QueueEntry) -> Next:
    """Say why we call a caller who was cut off, and go on; what may be a machine has to press 1."""
    await call.play(prompts.CUT_OFF_CALL)
    if call.perhaps_a_machine and not await _is_a_person(call):
        return Next.HANG_UP
    if not await city.kept_places.reached(place.call_id, call.id, city.clock.now()):
        await call.play(prompts.CALLBACK_GIVEN_BACK)  # they have called by themselves meanwhile
        return Next.HANG_UP
    await call.note(Step.INFORMED, about="callback")
    await call.note(Step.JOINED_LINE, priority=place.priority.name.lower())
    return await keep_company(call, city, first=True, urgent=place.priority is Priority.EMERGENCY)


async def _is_a_person(call: Call) -> bool:
    """Ask for the key 1, which no machine presses."""
    for _ in range(TIMES):
        if await call.choose(prompts.CUT_OFF_PRESS, keys="1") == "1":
            return True
    return False


async def _promised(call: Call, city: FlowPorts) -> None:
    """A person whose place has gone was called all the same, and goes first for any dispatcher."""
    await city.line.enter(call.id, at=city.clock.now(), priority=Priority.RETURNING)


async def kept_place(call: Call, city: FlowPorts) -> QueueEntry | None:
    """Find the place that is kept for this caller."""
    return await city.kept_places.of(call.number) if call.number and not call.outgoing else None


async def calls_again(call: Call, city: FlowPorts, kept: QueueEntry) -> None:
    """Give this call the place that is kept for the caller: no call-back follows."""
    await city.kept_places.take_over(kept.call_id, call.id, city.clock.now())
    if kept.cut_at is None:
        await call.note(Step.JOINED_LINE)
        await call.play(prompts.PLACE_TAKEN_OVER)
    else:
        await call.note(Step.JOINED_LINE, priority=kept.priority.name.lower())
        await call.play(prompts.CUT_OFF_TAKEN_OVER)
