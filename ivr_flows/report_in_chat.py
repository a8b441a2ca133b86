"""A report in writing: what, where, what is known already, and the act by which `/report` registers too."""

from collections.abc import Sequence
from typing import Protocol

from hotline.calls.conversation import Call, Next
from hotline.city.classifier import Category
from hotline.portal.report import LONGEST_ADDRESS, ReportFault, TooManyReports
from hotline.voice.speech import Phrase
from ivr_flows import report_phrases as said
from ivr_flows.ports import FlowPorts, TakesReports

MENU, DISPATCHER, OTHER = "*", "0", "9"
YES, NO = "1", "2"
TRIES = 3
SILENCE = "_"


class WritesCall(Call, Protocol):
    """A conversation in which words are written."""

    asked_about: str | None
    """The appeal with which it begins; it was about that on the telephone."""

    async def write(self, *phrases: Phrase, keys: str) -> str:
        """Ask for words: give them whole, or one of the keys."""
        ...


async def report_in_chat(call: WritesCall, city: FlowPorts) -> Next:
    """Take a report; who cannot say what it is about gets a dispatcher, who reads what was written."""
    if city.reports is None:
        return Next.DISPATCHER
    found = await _what(call, city.reports)
    if isinstance(found, Next):
        return found
    text, category = found
    address = await _where(call, city)
    if address is None:
        return Next.MENU
    known = await city.reports.known(category.code, address)
    if known.outages and await call.choose(said.KNOWN_OUTAGE, keys=YES + NO) != YES:
        return Next.MENU
    joins = ""
    if known.appeals:
        number = known.appeals[0].appeal.number
        joins = number if await call.choose(said.similar(number), keys=YES + NO) == YES else ""
    try:
        accepted = await city.reports.report(text=text, category=category.code, address=address, joins=joins)
    except (TooManyReports, ReportFault):
        await call.play(said.TOO_MANY)
        return Next.MENU
    await call.play(said.done(accepted.appeal.number, accepted.code, again=accepted.again))
    if accepted.photos:
        await call.play(said.with_photos(accepted.photos))
    return Next.MENU


async def _what(call: WritesCall, reports: TakesReports) -> tuple[str, Category] | Next:
    """Ask what has happened, and which of the likeliest categories it is."""
    before: tuple[Phrase, ...] = ()
    for _ in range(TRIES):
        text = await call.write(*before, said.WHAT, keys=MENU + DISPATCHER)
        if text in {MENU, SILENCE}:
            return Next.MENU
        if text == DISPATCHER:
            return Next.DISPATCHER
        proposed = dict(zip("12345", await reports.proposed(text), strict=False))
        if proposed:
            match await call.choose(*_offered(call, proposed), keys="".join(proposed) + OTHER + DISPATCHER):
                case key if key in proposed:
                    return text, proposed[key]
                case key if key == DISPATCHER:
                    return Next.DISPATCHER
                case None:
                    return Next.MENU
        before = (said.OTHERWISE,)
    return Next.DISPATCHER


def _offered(call: Call, proposed: dict[str, Category]) -> Sequence[Phrase]:
    choices = [said.category(one, key, call.language) for key, one in proposed.items()]
    return [said.ABOUT, *choices, said.NONE_OF_THESE]


async def _where(call: WritesCall, city: FlowPorts) -> str | None:
    """Ask where it is; an address of the register is confirmed, any other place stands as it was written."""
    for _ in range(TRIES):
        text = await call.write(said.WHERE, keys=MENU)
        if text in {MENU, SILENCE}:
            return None
        there = (await city.streets.gazetteer()).locate(text)
        if there is None:
            return text[:LONGEST_ADDRESS]
        if await call.choose(said.there(there.text), keys=YES + NO) == YES:
            return there.text
    return None
