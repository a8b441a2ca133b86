"""A caller who has heard the schedule asks to be told before each change, or not any more, by keys.

Numbers can be forged: a short message with a code goes to a mobile telephone, and only who keys it in is
told; a landline is called, and only who agrees there by a key (`power_call`).
"""

from collections.abc import Sequence

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.outages.subscriptions import PowerAhead, SubscriptionRequest, TooManyMessages
from hotline.power.forecast import Forecast
from ivr_flows import power_phrases as said
from ivr_flows.ports import FlowPorts

AHEAD = "7"
STOP, DISPATCHER = "1", "0"
CODE_DIGITS = 6
TRIES = 3


def may_ask(call: Call, city: FlowPorts, there: Forecast | None) -> bool:
    """Tell whether the key is offered: they get short messages or calls, and the house has a queue."""
    reached = city.sends_codes and city.watcher_ways.channel(call.number) is not None
    return reached and there is not None and bool(there.queues)


async def power_ahead(call: Call, city: FlowPorts, there: Address) -> Next:
    """Subscribe the caller's number to the changes at this address, or end that subscription alone."""
    number, channel = call.number, city.watcher_ways.channel(call.number)
    if number is None or channel is None:
        return Next.MENU
    theirs = await city.subscriptions.of_contact(channel, number)
    if known := [one.id for one in theirs if one.power and one.place == there]:
        return await _stop(call, city, known)
    wish = SubscriptionRequest(
        channel=channel, contact=number, language=call.language, place=there, power=PowerAhead()
    )
    try:
        by_code = city.new_code() if channel is Channel.SMS else ""
        asked = await city.subscriptions.ask(wish, by_code, there.text, city.clock.now())
    except TooManyMessages:
        await call.announce(said.AHEAD_TOO_MANY)
        return Next.MENU
    if channel is Channel.CALL:
        await call.announce(said.AHEAD_CALLED)
        return Next.MENU
    return await _by_code(call, city, asked.id)


async def _by_code(call: Call, city: FlowPorts, asked_id: int) -> Next:
    """Have the code of the short message keyed in."""
    phrase = said.AHEAD_CODE
    for _ in range(TRIES):
        typed = await call.digits(phrase, most=CODE_DIGITS, secret=True)
        if typed == DISPATCHER:
            return Next.DISPATCHER
        if typed and await city.subscriptions.try_code(asked_id, typed, city.clock.now()):
            await call.announce(said.AHEAD_NOTED)
            return Next.MENU
        phrase = said.AHEAD_WRONG_CODE if typed else said.AHEAD_CODE
    return Next.MENU


async def _stop(call: Call, city: FlowPorts, known: Sequence[int]) -> Next:
    match await call.choose(said.AHEAD_KNOWN, keys=STOP + DISPATCHER):
        case key if key == STOP:
            await city.subscriptions.end(known, city.clock.now())
            await call.announce(said.AHEAD_STOPPED)
        case key if key == DISPATCHER:
            return Next.DISPATCHER
    return Next.MENU
