"""The announcement of outages at the caller's own address, before anything else."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.outages.outage import Outage, OutageKind, concerning
from hotline.speech.answers import Answer
from hotline.speech.hearing import Heard
from hotline.speech.topics import TOPICS, Topic
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.in_writing import WRITING, in_writing, writing_offered
from ivr_flows.known_addresses import known_addresses
from ivr_flows.main_menu import OTHER_LANGUAGE, leads_of, led, of_chat, other_language
from ivr_flows.ports import FlowPorts
from ivr_flows.recording_notice import REFUSES
from ivr_flows.spoken import ask, may_speak, not_understood

TELL_ME = "1"
"""In the menu this key asks for outages; here they have just been told."""
MISTAKES_BORNE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Outages and reports at the addresses of one caller now, emergencies of the whole city first."""

    addresses: Sequence[Address]
    outages: Sequence[Outage]


def concern(addresses: Sequence[Address], holding: Sequence[Outage]) -> Concern:
    theirs = concerning(addresses, holding)
    return Concern(
        addresses=addresses,
        outages=sorted(theirs, key=lambda one: not (one.city_wide and one.kind is OutageKind.EMERGENCY)),
    )


async def concern_of_caller(call: Call, city: FlowPorts) -> Concern:
    """Find what holds now at their addresses; while all of it holds in the whole city none is looked up."""
    holding = await city.outages.now(city.clock.now())
    everywhere = all(one.city_wide for one in holding)
    return concern(() if everywhere else await known_addresses(call, city), holding)


async def tell(
    call: Call, city: FlowPorts, what: Concern, *, first: Sequence[Phrase] = (), insist: bool = False
) -> bool:
    """Tell one outage after the other, and note each that was heard to its end; False: a key stopped us.

    `first` is said before them in the same breath.
    """
    now = city.clock.now()
    before = [said.SEVERAL_OUTAGES] if len(what.outages) > 1 else []
    if what.outages[0].city_wide and what.outages[0].kind is OutageKind.EMERGENCY:
        before = [said.CITY_EMERGENCY]
    before = [*first, *before]
    for outage in what.outages:
        if await city.recorded(said.recordable(outage, now=now), call.language):
            told = [said.as_one(outage, city.timezone, now=now)]
        else:
            told = said.announcement(outage, what.addresses, city.timezone, now=now)
        if not await call.announce(*before, *told, insist=insist):
            return False
        await call.note(Step.INFORMED, about="outage", outage=outage.id)
        before = []
    return True


async def offer(call: Call, city: FlowPorts, what: Concern) -> Next:  # noqa: C901 - one an answer
    """Offer the menu, in which the first key asks to be told when it is over; silence leads to the menu.

    Aloud a yes asks for it, too, and they may say what else they want.
    """
    by = city.watcher_ways.channel(call.number)  # a promise that nobody could keep is not offered
    asked = said.OUTAGE_KEYS if by else said.OUTAGE_KEYS_HIDDEN
    leads, for_heads = await leads_of(call, city)
    aloud = said.OUTAGE_ALOUD if call.number and by else prompts.SAY_OR_PRESS
    hints = city.understanding.hints(call.language, TOPICS)
    before: tuple[Phrase, ...] = ()
    mistakes = misheard = 0
    while mistakes < MISTAKES_BORNE:
        writes = () if WRITING in leads else writing_offered(call, city)
        given = await ask(
            call,
            *before,
            *of_chat(call, leads),
            *([aloud] if may_speak(call, misheard) else []),
            asked,
            *for_heads,
            *writes,
            keys="".join(leads) + OTHER_LANGUAGE + REFUSES + (WRITING if writes else ""),
            hints=hints,
            misheard=misheard,
        )
        if isinstance(given, Heard):
            given = await _meant(call, city, given, may_watch=bool(call.number and by))
        match given:
            case None:
                return Next.MENU
            case Next() as elsewhere:
                return elsewhere
            case Heard():
                misheard += 1
                before = not_understood(misheard)
            case key if key == WRITING and writes:
                await in_writing(call, city, Next.OUTAGES)
                before = ()
            case key if key == TELL_ME and call.number and by:
                await _watch(call, city, what.outages, call.number, by)
                return Next.MENU
            case key if key in leads:
                return leads[key]
            case key if key == OTHER_LANGUAGE:
                await other_language(call)
                await tell(call, city, what)
                before = ()
            case key if key == REFUSES:
                await call.refuse_recording()
                before = (prompts.RECORDING_REFUSED_OK,)
            case _:
                mistakes += 1
                before = (prompts.WRONG_KEY,)
    return Next.DISPATCHER


async def _meant(call: Call, city: FlowPorts, heard: Heard, *, may_watch: bool) -> str | Next | Heard:
    """Give the key or the way that they mean; what was not understood is given back.

    «Так, скажіть, коли буде світло» is a yes; «світла немає» is no “no”, but a matter of outages.
    """
    topic = await city.understanding.topic(heard)
    answer = await city.understanding.answer(heard)
    says = answer.answer if answer is not None and answer.sure else None
    if may_watch and says is Answer.YES and topic in {None, Topic.OUTAGES}:
        return TELL_ME
    if topic is not None:
        return led(call, heard, topic)
    return Next.MENU if says is Answer.NO else heard


async def _watch(
    call: Call, city: FlowPorts, outages: Sequence[Outage], number: str, channel: Channel
) -> None:
    new = False
    for one in outages:
        new |= await city.outage_watch.watch(
            one.id,
            channel=channel,
            address=number,
            language=call.language,
            call_id=call.id,
            at=city.clock.now(),
            version=one.version,
        )
        await call.note(Step.ASKED_TO_BE_TOLD, outage=one.id, by=channel.value)
    await call.play(said.WATCH_NOTED if new else said.WATCH_KNOWN)
