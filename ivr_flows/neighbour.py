"""Callers of another city, whose telephone we answer by agreement: greeted in its name, told its outages.

What is not known of that city (appeals, questions, known addresses) is not offered: a dispatcher helps.
"""

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.neighbours.line import NeighbourLine
from hotline.outages.outage import OutageKind
from ivr_flows import neighbour_phrases as said
from ivr_flows import outage_phrases, prompts
from ivr_flows.city_message import tell_news
from ivr_flows.main_menu import EMERGENCY, OTHER_LANGUAGE, in_other, other_language
from ivr_flows.ports import FlowPorts
from ivr_flows.recording_notice import REFUSES

MOST_TOLD = 3
"""Outages of which a caller hears at once; a dispatcher sees them all."""
MISTAKES_BORNE = 3
_LEADS = {"0": Next.DISPATCHER, EMERGENCY: Next.EMERGENCY}
_OUTAGES = "1"


async def neighbour_greeting(call: Call, city: FlowPorts, line: NeighbourLine) -> Next:
    """Greet in that city's name; danger and breakdowns first, then its message and what is off everywhere."""
    await call.answer()
    await call.announce(*prompts.GREETING, said.answered_by())
    if await call.stopped_by(EMERGENCY):
        return Next.EMERGENCY
    await tell_news(call, city)
    if await call.stopped_by(EMERGENCY):
        return Next.EMERGENCY
    holding = line.copy.outages_now(city.clock.now())
    if any(one.city_wide or one.kind is OutageKind.EMERGENCY for one in holding):
        await _tell(call, city, line)
    return Next.EMERGENCY if await call.stopped_by(EMERGENCY) else Next.MENU


async def neighbour_menu(call: Call, city: FlowPorts, line: NeighbourLine) -> Next:
    """Offer outages and a dispatcher; silence, too, leads to a dispatcher."""
    for _ in range(MISTAKES_BORNE):
        offered = [*in_other(call), said.MENU]
        match await call.choose(*offered, keys="".join(_LEADS) + _OUTAGES + OTHER_LANGUAGE + REFUSES):
            case None:
                await call.play(prompts.NOTHING_PRESSED)
                return Next.DISPATCHER
            case key if key in _LEADS:
                return _LEADS[key]
            case key if key == _OUTAGES and line.bare:
                return Next.DISPATCHER
            case key if key == _OUTAGES:
                await _tell(call, city, line)
                if await call.stopped_by(EMERGENCY):
                    return Next.EMERGENCY
            case key if key == OTHER_LANGUAGE:
                await other_language(call)
                await call.play(prompts.LANGUAGE_CHOSEN)
            case key if key == REFUSES:
                await call.refuse_recording()
                await call.play(prompts.RECORDING_REFUSED_OK)
            case _:
                await call.play(prompts.WRONG_KEY)
    return Next.DISPATCHER


async def _tell(call: Call, city: FlowPorts, line: NeighbourLine) -> None:
    """Tell what is off there now, of the whole city and emergencies first; any key stops it."""
    now = city.clock.now()
    holding = line.copy.outages_now(now)
    stale = [said.as_of(line, city.timezone, now=now)] if line.agreement.stale(now) else []
    if not holding:
        await call.announce(said.NO_OUTAGES, *stale)
        return
    told = [
        phrase for one in holding[:MOST_TOLD] for phrase in outage_phrases.whole(one, city.timezone, now=now)
    ]
    more = [said.MORE_OUTAGES] if len(holding) > MOST_TOLD else []
    if await call.announce(said.OUTAGES, *told, *more, *stale, insist=True):
        await call.note(Step.INFORMED, about="neighbour-outages")
