"""An emergency that finds nobody on duty: which service helps, and whoever of the duty contacts answers.

The caller keeps their place in the line meanwhile: a dispatcher who comes gets them all the same.
"""

from datetime import timedelta

from hotline.calls.conversation import Call, Held
from ivr_flows import alarm_phrases as said
from ivr_flows.city import City
from ivr_flows.optional import if_it_can

HOLDS_FOR = timedelta(seconds=90)
"""Longer nobody is kept from leaving a message; it takes two contacts or three to be rung in vain."""
WORD_SECONDS = 15.0
COMES = frozenset({Held.ANSWERED, Held.CONTACT})


async def hold_for_somebody(call: Call, city: City) -> Held | str:
    """Tell of the other services, and hold while duty contacts are rung; TIME: nobody has come."""
    held: Held | str = Held.TIME
    sounds = if_it_can(city.alarm.sound(call.id, call.number), False, "duty contacts not rung")  # noqa: FBT003 - nobody is
    try:
        rings = await sounds
        await call.play(said.NOBODY_YET, said.SERVICES, *([said.DUTY_RUNG] if rings else []))
        until = city.clock.now() + HOLDS_FOR
        while held not in COMES and rings and city.clock.now() < until:
            held = await call.hold(WORD_SECONDS)
            rings = city.alarm.rings()
            if held not in COMES and rings:
                await call.play(said.DUTY_STILL_RUNG)
    finally:
        city.alarm.holds_no_longer(call.id, served=held in COMES)
    return held
