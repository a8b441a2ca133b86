"""An emergency that finds nobody on duty: the caller hears other services, and duty contacts are rung.

The caller keeps their place in the line meanwhile: a dispatcher who comes gets them all the same. They count
as holding until they have spoken: another contact may come in the moment in which the first hangs up.
"""

from datetime import timedelta

from hotline.calls.conversation import Call, Held, TalkEnd
from hotline.line.line import Priority
from ivr_flows import alarm_phrases as said
from ivr_flows.in_line import join_line, leave_line
from ivr_flows.optional import if_it_can
from ivr_flows.ports import FlowPorts
from ivr_flows.recording_notice import recording_notice

HOLDS_FOR = timedelta(seconds=90)
"""Longer nobody is kept from leaving a message; it takes two contacts or three to be rung in vain."""
WORD_SECONDS = 15.0
COMES = frozenset({Held.ANSWERED, Held.CONTACT})


async def hold_for_somebody(call: Call, city: FlowPorts) -> Held:
    """Tell of the other services, and hold while duty contacts are rung.

    ANSWERED: a dispatcher has come; CONTACT: a contact has, and they have spoken; ELAPSED: nobody.
    """
    held = Held.ELAPSED
    try:
        rings = await _rung(call, city)
        await call.play(said.NOBODY_YET, said.SERVICES, *([said.DUTY_RUNG] if rings else []))
        if rings:
            await recording_notice(call)
        until = city.clock.now() + HOLDS_FOR
        while held not in COMES and rings and city.clock.now() < until:
            match await call.hold(WORD_SECONDS):
                case Held.ANSWERED:
                    held = Held.ANSWERED
                case Held.CONTACT if await _spoken(call, city):
                    held = Held.CONTACT
            rings = city.alarm.rings()
            if held not in COMES and rings:
                await call.play(said.DUTY_STILL_RUNG)
    finally:
        city.alarm.holds_no_longer(call.id, served=held in COMES)
    return held


async def _rung(call: Call, city: FlowPorts) -> bool:
    """Have duty contacts rung, unless the caller is another city's: ours can do nothing there."""
    if city.neighbour is not None:
        return False
    return await if_it_can(city.alarm.sound(call.id, call.number), False, "duty contacts not rung")  # noqa: FBT003 - nobody is


async def _spoken(call: Call, city: FlowPorts) -> bool:
    """Have them speak, out of the line meanwhile; False: the contact hung up before a word was said."""
    await leave_line(call, city)
    await recording_notice(call)
    if await call.talk() is TalkEnd.OVER:
        return True
    await join_line(call, city, Priority.EMERGENCY)
    return False
