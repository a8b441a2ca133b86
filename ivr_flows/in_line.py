"""A caller comes into the line, and leaves it: on record in both cases."""

from collections.abc import Collection

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.calls.skills import wanted
from hotline.isolation import read_isolated
from hotline.line.line import Priority
from hotline.line.queue_entry_states import QueueEntryState
from ivr_flows.ports import FlowPorts


async def join_line(
    call: Call,
    city: FlowPorts,
    priority: Priority,
    *,
    wanted_dispatcher: int | None = None,
    unless: Collection[QueueEntryState] = (),
) -> None:
    """Enter the line; a caller who is in it already gets this priority where it is higher.

    What they chose by key asks for skills. An abusive caller waits behind all others, but with an emergency.
    A place in one of the states `unless` stays as it is; a desk that is rung for it is told of an emergency.
    """
    if priority is Priority.EMERGENCY:  # before the line takes it in: that may take its time
        await call.set_urgent(urgent=True)
    if priority is Priority.ORDINARY and await _has_slower_place(call, city):
        priority = Priority.SLOWER
    at, (skill, topic) = city.clock.now(), wanted(call.language, call.topic)
    patient = None if skill is None else at + city.skill_wait
    entry = await city.line.enter(
        call.id,
        at=at,
        priority=priority,
        skill=skill,
        topic=topic,
        anybody_from=patient,
        wanted_dispatcher_id=wanted_dispatcher,
        unless=unless,
    )
    urgent_now = priority is Priority.EMERGENCY and entry.state is QueueEntryState.OFFERED
    if entry.state not in unless or urgent_now:
        await call.note(Step.JOINED_LINE, priority=priority.name.lower())


async def _has_slower_place(call: Call, city: FlowPorts) -> bool:
    if call.number is None:
        return False
    today = city.clock.now().astimezone(city.timezone).date()
    found = await read_isolated(
        city.slower_places.of(call.number, today),
        f"not looked whether they wait behind all others call_id={call.id}",
        otherwise=None,
    )
    return found is not None


async def leave_line(call: Call, city: FlowPorts) -> None:
    await call.set_urgent(urgent=False)
    await city.line.leave(call.id, city.clock.now())
    await call.note(Step.LEFT_LINE)
