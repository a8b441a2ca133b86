"""The wait for a dispatcher: music, announcements of the position, and the talk.

A caller who would not wait keeps their place and is called back (`ivr_flows.keep_place`).
"""

import math
from datetime import timedelta

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Held, Next, TalkEnd
from hotline.line.line import Priority, QueueEntry, Standing
from hotline.line.queue_entry_states import HOLDING, QueueEntryState
from hotline.voice.speech import Phrase
from ivr_flows import alarm_phrases, prompts
from ivr_flows.city_message import news
from ivr_flows.in_line import join_line, leave_line
from ivr_flows.in_writing import WRITING, in_writing, writing_offered
from ivr_flows.keep_place import KEY, can_be_kept, keep_place
from ivr_flows.main_menu import EMERGENCY
from ivr_flows.ports import FlowPorts
from ivr_flows.recording_notice import REFUSES, recording_notice, refuse
from ivr_flows.unattended import hold_for_somebody

SECONDS_A_MINUTE = 60
_NOT_SERVED = frozenset({QueueEntryState.WAITING, QueueEntryState.OFFERED})
LOOKS_SECONDS = 5.0
"""How long a caller with an emergency hears music before it is seen whether the line goes on."""


async def waiting(
    call: Call, city: FlowPorts, *, priority: Priority = Priority.ORDINARY, wanted: int | None = None
) -> Next:
    """Enter the line and keep the caller company; when nobody is on duty, offer to take a message.

    `wanted` is the dispatcher who has to do with them already.
    """
    await call.until_heard_from()
    # A desk may be rung already for who tells of an emergency only now: it goes on ringing.
    rung = {QueueEntryState.OFFERED}
    await join_line(call, city, priority, wanted_dispatcher=wanted, unless=rung)
    return await keep_company(call, city, first=True, urgent=priority is Priority.EMERGENCY)


async def waits_on(call: Call, city: FlowPorts) -> Next:
    """Wait on after the service was away; a dispatcher may be rung already for the place, which was there."""
    entry = await city.line.entry(call.id)
    if entry is None or entry.state is QueueEntryState.LEFT:
        return await waiting(call, city, priority=Priority.EMERGENCY if call.urgent else Priority.ORDINARY)
    if _talks_with_nobody(entry):
        entry = await _first_again(call, city)
    await call.note(Step.JOINED_LINE, priority=entry.priority.name.lower())
    if call.urgent:  # which they said while the line could not be told
        await _goes_first(call, city)
    urgent = call.urgent or entry.priority is Priority.EMERGENCY
    return await keep_company(call, city, first=True, urgent=urgent)


async def talk_again(call: Call, city: FlowPorts) -> Next:
    """Go on with a talk that went on without us; afterwards as after any other."""
    return await _talk_on(call, city) or await _waits_after(call, city)


async def answered(call: Call, city: FlowPorts) -> Next:
    """Talk with the dispatcher who has answered, whatever went wrong meanwhile; afterwards as ever."""
    return await _talk(call, city) or await _waits_after(call, city)


async def _waits_after(call: Call, city: FlowPorts) -> Next:
    """Wait again after a talk. Only now the database is asked: who talked may have done so without it."""
    entry = await city.line.entry(call.id)
    urgent = entry is not None and entry.priority is Priority.EMERGENCY
    return await keep_company(call, city, first=False, urgent=urgent)


async def keep_company(  # noqa: C901 - one an answer
    call: Call, city: FlowPorts, *, first: bool, urgent: bool = False
) -> Next:
    """Wait in the caller's place, then talk.

    `first`: they have just come. `urgent`: it is an emergency, before which there are no news.
    """
    if urgent:
        await call.set_urgent(urgent=True)
    told = await _told_first(call, city, urgent=urgent) if first else await _told(call, city, urgent=urgent)
    while told:
        at_once = "" if urgent else EMERGENCY
        begins = [] if urgent else await call.unless_somebody_comes(news(call, city), [])
        await call.play(*begins, *told, cut_by=at_once)
        offered = KEY if prompts.CALLBACK_OFFER in told else ""
        writes = WRITING if not urgent and writing_offered(call, city) else ""
        match await _hold(call, city, keys=offered + writes + at_once + REFUSES, urgent=urgent):
            case Held.ELAPSED:
                await call.unless_somebody_comes(_anyone_will_do(call, city), None)
            case key if key == WRITING:
                await in_writing(call, city, Next.DISPATCHER)
            case key if key == KEY:
                if await keep_place(call, city):
                    return Next.GOODBYE
            case key if key == EMERGENCY:
                urgent = True
                await call.set_urgent(urgent=True)
            case key if key == REFUSES:
                await refuse(call)
            case Held.ANSWERED:
                if (after := await _talk(call, city)) is not None:
                    return after
        if urgent:
            await call.unless_somebody_comes(_goes_first(call, city), None)
        told = await _told(call, city, urgent=urgent)
    return await _with_nobody_on_duty(call, city, urgent=urgent)


async def _hold(call: Call, city: FlowPorts, *, keys: str, urgent: bool) -> Held | str:
    """Wait until they are told again where they stand.

    With an emergency the line is looked at meanwhile: who waits for one that stands still is left to
    Asterisk's own queue, which somebody who only listens to music would not be. And a desk that was rung
    before it was an emergency may not have answered: then they go first now.
    """
    seconds = min(LOOKS_SECONDS, city.announce_seconds) if urgent else city.announce_seconds
    for _ in range(round(city.announce_seconds / seconds)):
        held = await call.hold(seconds, keys=keys)
        if held is not Held.ELAPSED:
            return held
        if urgent:
            await call.unless_somebody_comes(_goes_first(call, city), None)
    return Held.ELAPSED


async def _with_nobody_on_duty(call: Call, city: FlowPorts, *, urgent: bool) -> Next:
    """Have a message taken; with an emergency only when no duty contact comes either."""
    held = await hold_for_somebody(call, city) if urgent else Held.ELAPSED
    if held is Held.ANSWERED:
        return await _talk(call, city) or await keep_company(call, city, first=False, urgent=True)
    if held is Held.CONTACT:
        return Next.GOODBYE
    await leave_line(call, city)
    await call.play(alarm_phrases.MESSAGE if urgent else prompts.NOBODY_ON_DUTY)
    return Next.MESSAGE


async def _goes_first(call: Call, city: FlowPorts) -> None:
    """Put a caller whose case has become an emergency first; a desk that is rung for them now says so."""
    entry = await city.line.entry(call.id)
    if entry is not None and entry.state in _NOT_SERVED and entry.priority < Priority.EMERGENCY:
        await join_line(call, city, Priority.EMERGENCY, unless=HOLDING)


async def _talk(call: Call, city: FlowPorts) -> Next | None:
    """Talk, which is recorded; None when the caller is to wait again."""
    await recording_notice(call)
    return await _talk_on(call, city)


async def _talk_on(call: Call, city: FlowPorts) -> Next | None:
    match await call.talk():
        case TalkEnd.OVER:
            return Next.GOODBYE
        case TalkEnd.PASSED_ON:
            return None
        case TalkEnd.BROKEN:
            await _first_again(call, city)
            await _returned(call)
            return None
        case TalkEnd.INTERRUPTED:
            await _returned(call)
            return None


async def _first_again(call: Call, city: FlowPorts) -> QueueEntry:
    """Put a caller whom the line lost, or whose talk was cut, at the head of the line.

    A desk that is rung for them already goes on ringing.
    """
    return await city.line.enter(
        call.id, at=city.clock.now(), priority=Priority.RETURNING, unless={QueueEntryState.OFFERED}
    )


def _talks_with_nobody(entry: QueueEntry) -> bool:
    """Tell whether the dispatcher of a talk has gone, and the caller has not been put into the line again."""
    return entry.state is QueueEntryState.TALKING and entry.dispatcher_id is None


async def _returned(call: Call) -> None:
    await call.note(Step.RETURNED_TO_LINE)
    await call.play(prompts.RETURNED_TO_LINE)


async def _told_first(call: Call, city: FlowPorts, *, urgent: bool) -> list[Phrase]:
    """Say that the talk is recorded while a dispatcher is rung; they may have moved up meanwhile."""
    if await _told(call, city, urgent=urgent):
        await recording_notice(call)
    return await _told(call, city, first=True, urgent=urgent)


async def _told(call: Call, city: FlowPorts, *, urgent: bool, first: bool = False) -> list[Phrase]:
    """Find what to say to a waiting caller now; nothing when there is nobody to wait for.

    An emergency waits on the line: it is not offered to be called back.
    """
    standing = await call.unless_somebody_comes(_standing(call, city), None)
    if standing is None:  # a dispatcher is being rung, or has answered
        return [prompts.ONE_MOMENT]
    if not standing.attended:
        return []
    if first and standing.position == 1:
        return [prompts.CONNECTING_TO_DISPATCHER]
    expected = city.line.expected_wait(city.clock.now(), standing.position)
    wait = await call.unless_somebody_comes(expected, None)
    if wait is None:
        return [prompts.ONE_MOMENT]
    begins = [prompts.YOU_ARE_IN_LINE] if first else []
    offer = [prompts.CALLBACK_OFFER] if not urgent and can_be_kept(call, city, wait) else []
    writes = writing_offered(call, city) if first and not urgent else ()
    return [*begins, *_where(standing, wait), *offer, *writes]


def _where(standing: Standing, wait: timedelta) -> list[Phrase]:
    minutes = math.ceil(wait.total_seconds() / SECONDS_A_MINUTE)
    return [prompts.position(standing.position), prompts.expected_wait(minutes)]


async def _standing(call: Call, city: FlowPorts) -> Standing | None:
    """The caller's position; None when a dispatcher is being rung for them, or has answered."""
    standing = await city.line.standing(call.id, city.clock.now())
    if standing is None:
        entry = await city.line.entry(call.id)
        # Given up by a process that thought they were gone; or the end of their talk was written late.
        if entry is None or entry.state is QueueEntryState.LEFT or _talks_with_nobody(entry):
            await _first_again(call, city)
            return await city.line.standing(call.id, city.clock.now())
    elif not standing.attended:
        await _anyone_will_do(call, city)
        return await city.line.standing(call.id, city.clock.now())
    return standing


async def _anyone_will_do(call: Call, city: FlowPorts) -> None:
    """Wait for any free dispatcher: the colleague to whom the caller was passed on does not come."""
    entry = await city.line.entry(call.id)
    if entry is None or entry.wanted_dispatcher_id is None:
        return
    if entry.state is QueueEntryState.WAITING:  # entering again would withdraw an offer that is ringing
        await city.line.enter(
            call.id,
            at=city.clock.now(),
            priority=entry.priority,
            skill=entry.skill,
            topic=entry.topic,
            unless=HOLDING,
        )
