"""The road of one call through the conversations, from arrival to good-bye. Read it from top to bottom."""

import asyncio
from collections.abc import Awaitable

from hotline.calls.conversation import Arrival, Call, EmergencySaid, Next
from hotline.calls.skills import Skill
from hotline.line.line import Priority, QueueEntry
from ivr_flows import prompts
from ivr_flows.appeal_state import appeal_state
from ivr_flows.called_back import called_back, calls_again, kept_place
from ivr_flows.called_out import called_out
from ivr_flows.chat_goes_on import chat_goes_on
from ivr_flows.city_message_by_phone import city_message_by_phone
from ivr_flows.greeting import greeting
from ivr_flows.leave_message import leave_message
from ivr_flows.main_menu import main_menu
from ivr_flows.neighbour import neighbour_greeting, neighbour_menu
from ivr_flows.optional import if_it_can
from ivr_flows.outages_asked import outages_asked
from ivr_flows.ports import FlowPorts
from ivr_flows.questions import questions
from ivr_flows.waiting import answered, keep_company, talk_again, waiting, waits_on


async def converse(call: Call, arrival: Arrival, city: FlowPorts) -> None:
    """Talk with one citizen until there is nothing left to say; then the call may be hung up."""
    going = await or_emergency(_begin(call, arrival, city))
    while going is not Next.HANG_UP:
        going = await go_on(call, going, city)


async def or_emergency(station: Awaitable[Next]) -> Next:
    """Go from a station to a person where an emergency was told of that nobody asked for."""
    try:
        return await station
    except EmergencySaid:
        return Next.EMERGENCY


async def _begin(call: Call, arrival: Arrival, city: FlowPorts) -> Next:  # noqa: PLR0911 - one an arrival
    match arrival:
        case Arrival.NEW if city.neighbour is not None:
            return await neighbour_greeting(call, city, city.neighbour)
        case Arrival.NEW:
            return await _greeted(call, city)
        case Arrival.IN_MENU:
            return await _taken_up_in_menu(call, city)
        case Arrival.IN_LINE:
            return await _in_line(call, city)
        case Arrival.IN_TALK:
            return await talk_again(call, city)
        case Arrival.ANSWERED:
            return await answered(call, city)
        case Arrival.CALLED:
            return await called_out(call, city)
        case Arrival.CALLED_BACK:
            return await called_back(call, city)
        case Arrival.LEFT_BEHIND:
            return Next.HANG_UP


async def _greeted(call: Call, city: FlowPorts) -> Next:
    """Greet; a caller with a kept place goes to that place.

    Unless they report a breakdown: that comes first, and there is no call-back meanwhile.
    """
    # Looked up meanwhile: a caller who presses a key in the greeting does not wait for it.
    going, kept = await asyncio.gather(or_emergency(greeting(call, city)), _kept(call, city))
    if kept is None:
        return going
    if going is Next.EMERGENCY:
        await city.kept_places.give_back(kept.call_id, city.clock.now())
        return going
    return await _at_their_place(call, city, kept)


async def _in_line(call: Call, city: FlowPorts) -> Next:
    """Wait on; a caller with a kept place, whom Asterisk's own queue took while we were away, goes there.

    Unless they said in that queue that it is an emergency.
    """
    if await city.line.entry(call.id) is None and (kept := await _kept(call, city)) is not None:
        if not call.urgent:
            return await _at_their_place(call, city, kept)
        await city.kept_places.give_back(kept.call_id, city.clock.now())
    return await waits_on(call, city)


async def _kept(call: Call, city: FlowPorts) -> QueueEntry | None:
    return await if_it_can(kept_place(call, city), None, "place that is kept not looked up")


async def _at_their_place(call: Call, city: FlowPorts, kept: QueueEntry) -> Next:
    await calls_again(call, city, kept)
    return await keep_company(call, city, first=True, urgent=kept.priority is Priority.EMERGENCY)


async def _taken_up_in_menu(call: Call, city: FlowPorts) -> Next:
    """Apologise; a caller who was hearing of an appeal hears its state: they must not guess what was done.

    An emergency goes on to a person.
    """
    if call.urgent:
        return Next.EMERGENCY
    await call.announce(prompts.RESUMED)
    if call.asked_about is None:
        return Next.MENU
    return await appeal_state(call, city, first=call.asked_about)


async def go_on(call: Call, going: Next, city: FlowPorts) -> Next:
    """Lead them through the station, and give the next one."""
    return await or_emergency(_station(call, going, city))


async def _station(call: Call, going: Next, city: FlowPorts) -> Next:  # noqa: C901, PLR0911, PLR0912 - one a conversation
    match going:
        case Next.MENU if city.neighbour is not None:
            return await neighbour_menu(call, city, city.neighbour)
        case Next.MENU:
            return await main_menu(call, city)
        case Next.OUTAGES:
            call.topic = Skill.OUTAGES
            return await outages_asked(call, city)
        case Next.APPEAL_STATE:
            call.topic = Skill.APPEALS
            return await appeal_state(call, city)
        case Next.QUESTIONS:
            return await questions(call, city)
        case Next.CHAT:
            return await chat_goes_on(call, city)
        case Next.MESSAGE:
            return await leave_message(call)
        case Next.DISPATCHER:
            return await waiting(call, city)
        case Next.EMERGENCY:
            return await waiting(call, city, priority=Priority.EMERGENCY)
        case Next.CITY_MESSAGE:
            return await city_message_by_phone(call, city)
        case Next.REPORT | Next.THEIR_OUTAGES | Next.SURVEY:  # of chats: nobody speaks a report to the end
            return await waiting(call, city)
        case Next.GOODBYE | Next.HANG_UP:
            if not call.outgoing:  # nobody is thanked for a call that they did not make
                await call.play(prompts.GOODBYE)
            return Next.HANG_UP
