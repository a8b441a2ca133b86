"""The state of an appeal: one of the caller's own, or one whose number they key in."""

from collections.abc import Sequence

from hotline.appeals.appeal import Appeal
from hotline.appeals.applicants import is_theirs
from hotline.calls.conversation import Call, Next
from hotline.speech.hearing import Heard
from hotline.speech.spoken_numbers import NUMBERS
from hotline.voice.speech import Phrase
from ivr_flows import appeal_phrases as said
from ivr_flows import prompts
from ivr_flows.others_appeal import others_appeal
from ivr_flows.own_appeal import own_appeal
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import YES, may_speak, not_understood, unless_emergency, yes_or_no

LONGEST_NUMBER = 12
TRIES = 2
KEYS = "1234"
"""Keys to choose one of several appeals; a caller with more can key the numbers in."""
SHORTEST_TOLD = 2
"""Digits of a number in a whole sentence: a single one is said of many things."""
ANOTHER = "9"
DIGITS = "0123456789"


async def appeal_state(call: Call, city: FlowPorts, *, first: str | None = None) -> Next:
    """Read out states of appeals until the caller goes elsewhere; silence leads to a dispatcher.

    `first` is the number of the appeal that they were hearing about when the service was away for a moment. A
    number that they have said in the menu is not asked for again.
    """
    theirs = await _theirs(call, city)
    number = None if first is not None else await _told_number(call, city, theirs)
    if first is not None:
        asked = await city.appeals.find(first)
    else:
        asked = theirs[0] if len(theirs) == 1 else None
    if number is not None:
        going = await _keyed(call, city, number)
    else:
        going = Next.APPEAL_STATE if asked is None else await _tell(call, city, asked)
    while going is Next.APPEAL_STATE:
        going = await (_one_of(call, city, theirs) if len(theirs) > 1 else _keyed(call, city))
    return going


async def _told_number(call: Call, city: FlowPorts, theirs: Sequence[Appeal]) -> str | None:
    """Give the number that they said in the menu, confirmed; of one of their own its end will do."""
    heard, call.said_in_menu = call.said_in_menu, None
    if heard is None:
        return None
    now = city.clock.now().astimezone(city.timezone)
    number = (await city.understanding.digits_told(heard, now))[:LONGEST_NUMBER]
    if len(number) < SHORTEST_TOLD:
        return None
    own = [one.number for one in theirs if one.number.endswith(number)]
    return await _agreed_number(call, city, own[0] if len(own) == 1 else number)


async def _theirs(call: Call, city: FlowPorts) -> Sequence[Appeal]:
    return [] if call.number is None else await appeals_of(call.number, city)


async def appeals_of(number: str, city: FlowPorts) -> Sequence[Appeal]:
    """List the appeals of this number that they may hear of, the open ones first."""
    since = city.clock.now() - city.rules.dispute_within
    return await city.appeals.of_caller(number, ended_since=since, most=len(KEYS))


async def _tell(call: Call, city: FlowPorts, appeal: Appeal) -> Next:
    if is_theirs(appeal, call.number):
        return await own_appeal(call, city, appeal)
    return await others_appeal(call, city, appeal)


async def _one_of(call: Call, city: FlowPorts, theirs: Sequence[Appeal]) -> Next:
    by_key = dict(zip(KEYS, theirs, strict=False))
    offers = [said.YOUR_APPEALS, *(said.to_choose(one, key) for key, one in by_key.items())]
    before: tuple[Phrase, ...] = ()
    for _ in range(TRIES):
        key = await call.choose(*before, *offers, said.YOUR_APPEALS_ELSE, keys=f"{''.join(by_key)}{ANOTHER}0")
        if key in by_key:
            return await own_appeal(call, city, by_key[key])
        if key == ANOTHER:
            return await _keyed(call, city)
        if key in (None, "0"):
            break
        before = (prompts.WRONG_KEY,)
    return Next.DISPATCHER


async def _number(call: Call, city: FlowPorts) -> str | None:
    """Have the number keyed in, or said and confirmed; None: they do neither."""
    before: Sequence[Phrase] = ()
    misheard = 0
    while may_speak(call, misheard):
        hints = city.understanding.hints(call.language, NUMBERS)
        given = await call.listen(*before, said.SAY_APPEAL_NUMBER, keys=f"{DIGITS}#", hints=hints)
        match await unless_emergency(city.understanding, given, where=True):
            case None:
                return None
            case Heard() as heard:
                if (number := await _said_number(call, city, heard)) is not None:
                    return number
            case "#":
                return ""
            case first:
                return first + (await call.digits(most=LONGEST_NUMBER - 1) or "")
        misheard += 1
        before = not_understood(misheard)
    return await call.digits(*before, said.ASK_APPEAL_NUMBER, most=LONGEST_NUMBER)


async def _said_number(call: Call, city: FlowPorts, heard: Heard) -> str | None:
    """Read back the number that was heard; None where there is none, or it is another."""
    number = (await city.understanding.digits(heard))[:LONGEST_NUMBER]
    return await _agreed_number(call, city, number) if number else None


async def _agreed_number(call: Call, city: FlowPorts, number: str) -> str | None:
    agreed = await yes_or_no(call, city.understanding, said.is_it_appeal(number))
    return number if agreed == YES else None


async def _keyed(call: Call, city: FlowPorts, told: str | None = None) -> Next:
    """Have them give the number; `told` is one that they have given already."""
    for _ in range(TRIES):
        number = await _number(call, city) if told is None else told
        told = None
        if number is None:
            return Next.DISPATCHER
        appeal = await city.appeals.find(number)
        if appeal is not None and is_theirs(appeal, call.number):
            return await own_appeal(call, city, appeal)
        if not city.guesses.take(call.number, city.clock.now()):
            await call.play(said.TOO_MANY_NUMBERS)
            return Next.DISPATCHER
        if appeal is not None:
            return await others_appeal(call, city, appeal)
        await call.play(said.NO_SUCH_APPEAL)  # to its end: nobody runs through numbers
    return Next.DISPATCHER
