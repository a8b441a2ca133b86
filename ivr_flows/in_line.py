"""A caller comes into the line, and leaves it: on record in both cases."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.line.line import Priority
from ivr_flows.ports import FlowPorts


async def join_line(call: Call, city: FlowPorts, priority: Priority) -> None:
    """Enter the line; a caller who is in it already gets this priority where it is higher."""
    await call.meanwhile(city.line.enter(call.id, at=city.clock.now(), priority=priority))
    await call.note(Step.JOINED_LINE, priority=priority.name.lower())


async def leave_line(call: Call, city: FlowPorts) -> None:
    await city.line.leave(call.id, city.clock.now())
    await call.note(Step.LEFT_LINE)
