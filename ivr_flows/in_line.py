"""A caller comes into the line, and leaves it: on record in both cases."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.calls.skills import wanted
from hotline.line.line import Priority
from ivr_flows.ports import FlowPorts


async def join_line(call: Call, city: FlowPorts, priority: Priority) -> None:
    """Enter the line; a caller who is in it already gets this priority where it is higher.

    What they chose by key asks for skills.
    """
    at, (skill, topic) = city.clock.now(), wanted(call.language, call.topic)
    patient = None if skill is None else at + city.skill_wait
    entering = city.line.enter(
        call.id, at=at, priority=priority, skill=skill, topic=topic, anybody_from=patient
    )
    await call.meanwhile(entering)
    await call.note(Step.JOINED_LINE, priority=priority.name.lower())


async def leave_line(call: Call, city: FlowPorts) -> None:
    await city.line.leave(call.id, city.clock.now())
    await call.note(Step.LEFT_LINE)
