"""A caller who would not wait: their place in the line is kept, and the hotline calls them at their turn."""

from datetime import timedelta

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.line.kept_places import A_DAY
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts

KEY = "1"
LONGEST_NUMBER = 15
TIMES = 2
"""How often somebody may key in another number."""


def can_be_kept(call: Call, city: FlowPorts, wait: timedelta) -> bool:
    """Whether this caller's place can be kept, given the expected wait."""
    return city.keeping is not None and not call.outgoing and wait >= city.keeping.offered_from


async def keep_place(call: Call, city: FlowPorts) -> bool:
    """Ask for the number, and keep the place; False when they are to wait on."""
    number = await _number(call, city)
    if number is None or city.keeping is None:
        await call.play(prompts.WAIT_ON)
        return False
    not_before = city.clock.now() + city.keeping.called_after
    if not await city.kept_places.keep(call.id, number, not_before):
        return False  # a dispatcher has just answered
    await call.note(Step.PLACE_KEPT, to=number[-4:])
    await call.play(prompts.PLACE_KEPT)
    return True


async def _number(call: Call, city: FlowPorts) -> str | None:
    """Find the number to call; None when they do not want it, or it cannot be called so."""
    if call.number is not None and await _may_call(city, call.number):
        answer = await call.choose(prompts.callback_number(call.number), keys="123")
        if answer == KEY:
            return call.number
        if answer != "2":
            return None
    for _ in range(TIMES):
        typed = await call.digits(prompts.ASK_CALLBACK_NUMBER, most=LONGEST_NUMBER)
        if not typed:
            return None
        number = city.keeping.number(typed) if city.keeping else None
        if number is not None and await _may_call(city, number):
            return number
        await call.play(prompts.NO_CALLBACK_TO_NUMBER)
    return None


async def _may_call(city: FlowPorts, number: str) -> bool:
    """Whether it is a number that we call, and was not promised a call too often today."""
    rules = city.keeping
    if rules is None or rules.number(number) is None:
        return False
    if number in rules.shared:
        return True
    if await city.kept_places.of(number) is not None:
        return False
    return await city.kept_places.promised(number, city.clock.now() - A_DAY) < rules.a_day
