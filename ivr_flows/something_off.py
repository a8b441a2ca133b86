"""Nothing is known to be off at the caller's address, and yet something is: taken down by one key."""

from collections.abc import Mapping

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.calls.skills import topic_of
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.outages.reports import OutageReport
from hotline.speech.hearing import Heard
from hotline.speech.topics import TOPICS, Topic
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.in_writing import WRITING, in_writing, writing_offered
from ivr_flows.ports import FlowPorts
from ivr_flows.power_ahead import AHEAD, power_ahead
from ivr_flows.power_phrases import AHEAD as AHEAD_OFFERED
from ivr_flows.said_address import NOTHING_TOLD, Agreed, Told, agreed, told_in
from ivr_flows.spoken import YES, ask, may_speak, not_understood, yes_or_no

UTILITIES: Mapping[str, Utility] = dict(zip("123456", said.REPORTED, strict=True))
DISPATCHER, ANOTHER, IT_IS = "0", "9", "1"
MISTAKES_BORNE = 3


async def report_wanted(call: Call, city: FlowPorts) -> Next | Told:
    """Ask a caller without a known address whether something is off at theirs, and take what they tell."""
    before: tuple[Phrase, ...] = ()
    mistakes = misheard = 0
    while mistakes < MISTAKES_BORNE:
        asked = said.REPORT_ANYWHERE_ALOUD if may_speak(call, misheard) else said.REPORT_ANYWHERE
        hints = city.understanding.hints(call.language, TOPICS)
        match await ask(call, *before, asked, keys=IT_IS + DISPATCHER, hints=hints, misheard=misheard):
            case None:
                return Next.MENU
            case Heard() as heard:
                if (found := await _meant(city, heard)) != NOTHING_TOLD:
                    return found
                misheard += 1
                before = not_understood(misheard)
            case key if key == IT_IS:
                return NOTHING_TOLD
            case key if key == DISPATCHER:
                break
            case _:
                mistakes += 1
                before = (prompts.WRONG_KEY,)
    return Next.DISPATCHER


async def something_off(  # noqa: C901, PLR0911 - one an answer
    call: Call,
    city: FlowPorts,
    there: Address,
    *,
    another: bool,
    ahead: bool = False,
    off: Utility | None = None,
    agreed_upon: bool = False,
) -> Next | Agreed | None:
    """Take the report and offer a dispatcher; silence leads back to the menu, mistakes to a person.

    With `another` a key asks about another address: None; who names one has confirmed it. With `ahead` a key
    asks to be told before the power changes. `off` is what they have said already, with `agreed_upon`
    confirmed.
    """
    if off is not None and (agreed_upon or await _is_it(call, city, off)):
        return await _reported(call, city, there, off)
    offered = [*([AHEAD_OFFERED] if ahead else []), *([said.ANOTHER_ADDRESS] if another else [])]
    asked = [*offered, said.SOMETHING_OFF]
    chosen = f"{''.join(UTILITIES)}{DISPATCHER}{ANOTHER if another else ''}{AHEAD if ahead else ''}"
    hints = city.understanding.hints(call.language, TOPICS)
    before: tuple[Phrase, ...] = ()
    mistakes = misheard = 0
    while mistakes < MISTAKES_BORNE:
        aloud = [said.SAY_WHAT_IS_OFF] if may_speak(call, misheard) else []
        writes = writing_offered(call, city)
        keys = f"{chosen}{WRITING if writes else ''}"
        match await ask(call, *before, *aloud, *asked, *writes, keys=keys, hints=hints, misheard=misheard):
            case None:
                return Next.MENU
            case key if key == WRITING and writes:
                await in_writing(call, city, Next.OUTAGES)
                before = ()
            case Heard() as words:
                match await _meant(city, words):
                    case Next() as elsewhere:
                        return elsewhere
                    case Told() as told if (done := await _told(call, city, there, told)) is not None:
                        return done
                misheard += 1
                before = not_understood(misheard)
            case key if key == ANOTHER and another:
                return None
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case key if key == AHEAD and ahead:
                return await power_ahead(call, city, there)
            case key if key in UTILITIES:
                return await _reported(call, city, there, UTILITIES[key])
            case _:
                mistakes += 1
                before = (prompts.WRONG_KEY,)
    return Next.DISPATCHER


async def _told(call: Call, city: FlowPorts, there: Address, told: Told) -> Next | Agreed | None:
    """Take the report of what they told, once it is confirmed; of another address that is given back."""
    if told.off is None:
        return None
    elsewhere = [one for one in told.places if one.house]
    if elsewhere and there.text not in {one.text for one in elsewhere}:
        return await agreed(call, city, Told(off=told.off, places=elsewhere))
    return await _reported(call, city, there, told.off) if await _is_it(call, city, told.off) else None


async def _meant(city: FlowPorts, heard: Heard) -> Next | Told:
    """Give what is off, and where; an emergency goes before it, and who wants a person gets one."""
    match await city.understanding.topic(heard):
        case Topic.EMERGENCY:
            return Next.EMERGENCY
        case Topic.PERSON:
            return Next.DISPATCHER
        case _:
            return await told_in(city, heard)


async def _is_it(call: Call, city: FlowPorts, off: Utility) -> bool:
    """Read back what was heard: a report counts among those by which the city is warned."""
    return await yes_or_no(call, city.understanding, said.is_it_off(off)) == YES


async def _reported(call: Call, city: FlowPorts, there: Address, utility: Utility) -> Next:
    call.topic = topic_of(utility)
    await city.outage_reports.add(
        OutageReport(utility=utility, address=there, at=city.clock.now(), number=call.number, call_id=call.id)
    )
    await call.note(Step.REPORTED_OFF, utility=utility.value, place=there.text)
    if await call.choose(said.REPORT_NOTED, keys=DISPATCHER) == DISPATCHER:
        return Next.DISPATCHER
    return Next.MENU
