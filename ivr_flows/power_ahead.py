"""A caller or writer who has heard the schedule asks to be told before each change, or not any more.

Numbers can be forged: a short message with a code goes to a mobile telephone, and only who keys it in is
told; a landline is called, and only who agrees there by a key (`power_call`). Who writes by a messenger that
proves who they are is told there, without a code.
"""

from collections.abc import Sequence
from dataclasses import replace

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address
from hotline.city.city_rules import Hours
from hotline.contact.channel import Channel
from hotline.outages.subscriptions import PowerAhead, SubscriptionRequest, TooManyMessages
from hotline.power.forecast import Forecast
from hotline.voice.speech import Phrase
from ivr_flows import power_in_chat_phrases, prompts
from ivr_flows import power_phrases as said
from ivr_flows.ports import AheadWay, FlowPorts
from ivr_flows.power_call import MINUTES

AHEAD = "7"
STOP, DISPATCHER = "1", "0"
CODE_DIGITS = 6
TRIES = 3


def may_ask(call: Call, city: FlowPorts, there: Forecast | None) -> bool:
    """Tell whether the key is offered: they can be told, and the house has a queue."""
    return there is not None and bool(there.queues) and _way(call, city) is not None


async def power_ahead(call: Call, city: FlowPorts, there: Address) -> Next:
    """Subscribe them to the changes at this address, or end that subscription alone."""
    way = _way(call, city)
    if way is None:
        return Next.MENU
    if way.channel is Channel.PAGE:
        await call.announce(power_in_chat_phrases.ON_PAGE)
        return Next.MENU
    theirs = await city.subscriptions.of_contact(way.channel, way.contact)
    if known := [one.id for one in theirs if one.power and one.place == there]:
        return await _stop(call, city, known)
    wish = SubscriptionRequest(
        channel=way.channel,
        contact=way.contact,
        language=call.language,
        place=there,
        power=PowerAhead.usual(city.rules.power_quiet),
    )
    return await (_kept(call, city, wish) if way.proven else _asked(call, city, wish, there))


async def _asked(call: Call, city: FlowPorts, wish: SubscriptionRequest, there: Address) -> Next:
    """Have the telephone itself say that it wants this: by a code, or in a call."""
    try:
        by_code = city.new_code() if wish.channel is Channel.SMS else ""
        asked = await city.subscriptions.ask(wish, by_code, there.text, city.clock.now())
    except TooManyMessages:
        await call.announce(said.AHEAD_TOO_MANY)
        return Next.MENU
    if wish.channel is Channel.CALL:
        await call.announce(said.AHEAD_CALLED)
        return Next.MENU
    return await _by_code(call, city, asked.id)


def _way(call: Call, city: FlowPorts) -> AheadWay | None:
    """Give how they are told; None: no way leads to a caller from this number."""
    if city.ahead is not None:
        return city.ahead
    channel = city.watcher_ways.channel(call.number)
    return None if channel is None or call.number is None else AheadWay(channel=channel, contact=call.number)


async def _kept(call: Call, city: FlowPorts, wish: SubscriptionRequest) -> Next:
    """Have them choose how long ahead they are told, and keep it: the medium proves who they are."""
    quiet = city.rules.power_quiet
    minutes = await _minutes(call, quiet)
    if minutes is None:
        return Next.MENU
    try:
        wish = replace(wish, power=PowerAhead.usual(quiet, minutes))
        await city.subscriptions.keep(wish, city.clock.now())
    except TooManyMessages:
        await call.announce(power_in_chat_phrases.MANY)
        return Next.MENU
    await call.announce(power_in_chat_phrases.noted(minutes, wish.channel, quiet))
    return Next.MENU


async def _minutes(call: Call, quiet: Hours) -> int | None:
    before: Sequence[Phrase] = ()
    for _ in range(TRIES):
        key = await call.choose(*before, power_in_chat_phrases.minutes(quiet), keys="".join(MINUTES))
        if key is None or key in MINUTES:
            return None if key is None else MINUTES[key]
        before = (prompts.WRONG_KEY,)
    return None


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
