"""The main menu: a breakdown first of all, outages, the state of an appeal, a message, a dispatcher."""

from collections.abc import Mapping, Sequence

from hotline.calls.conversation import Call, Next
from hotline.speech.hearing import Heard
from hotline.speech.topics import TOPICS, Topic
from hotline.voice.speech import Language, Phrase
from ivr_flows import chat_phrases, prompts, question_phrases, report_phrases
from ivr_flows.city_message import news
from ivr_flows.optional import if_it_can
from ivr_flows.ports import FlowPorts
from ivr_flows.questions import offered as questions_offered
from ivr_flows.recording_notice import REFUSES
from ivr_flows.spoken import ask, may_speak, not_understood

MISTAKES_BORNE = 3
EMERGENCY = "4"
LEADS: Mapping[str, Next] = {
    "0": Next.DISPATCHER,
    "1": Next.OUTAGES,
    "2": Next.APPEAL_STATE,
    "3": Next.MESSAGE,
    EMERGENCY: Next.EMERGENCY,
}
BY_TOPIC: Mapping[Topic, Next] = {
    Topic.EMERGENCY: Next.EMERGENCY,
    Topic.PERSON: Next.DISPATCHER,
    Topic.APPEAL: Next.APPEAL_STATE,
    Topic.MESSAGE: Next.MESSAGE,
    Topic.OUTAGES: Next.OUTAGES,
    Topic.MATTER: Next.DISPATCHER,
}
"""Where callers are led who say what they want."""
TAKEN_UP = frozenset({Topic.OUTAGES, Topic.APPEAL})
"""Topics of which more may be said in the same sentence: where it is, the number of the appeal."""
QUESTIONS: Mapping[str, Next] = {"5": Next.QUESTIONS}
"""Offered where the city has chosen articles to be told."""
REPORTS: Mapping[str, Next] = {"6": Next.REPORT}
"""Offered where a report is registered without a dispatcher."""
OF_CHAT: Mapping[str, Next] = {"7": Next.CHAT}
"""Offered to who has begun a conversation in writing."""
FOR_HEADS: Mapping[str, Next] = {"8": Next.CITY_MESSAGE}
END = "#"
"""Ends a number. In the menu it is pressed by habit: the menu is said again, without a word of excuse."""
OTHER_LANGUAGE = "9"


async def main_menu(call: Call, city: FlowPorts) -> Next:
    """Offer the menu, and listen to what they want in their own words.

    A caller who keeps pressing wrong keys, or nothing, gets a dispatcher.
    News for every caller come first, once in each language that they choose.
    """
    before = tuple(await news(call, city))
    leads, besides = await leads_of(call, city)
    hints = city.understanding.hints(call.language, TOPICS)
    mistakes = misheard = 0
    while mistakes < MISTAKES_BORNE:
        short = call.knows_menu and not mistakes
        offered = [prompts.MENU_SHORT] if short else [*in_other(call), prompts.MENU]
        offered = [*of_chat(call, leads), *offered]
        if may_speak(call, misheard):
            offered.insert(0, prompts.SAY_OR_PRESS)
        match await ask(
            call,
            *before,
            *offered,
            *besides,
            keys="".join(leads) + OTHER_LANGUAGE + REFUSES,
            hints=hints,
            misheard=misheard,
        ):
            case Heard() as heard:
                topic = await city.understanding.topic(heard)
                if topic is not None:
                    return led(call, heard, topic)
                misheard += 1
                before = not_understood(misheard)
            case None:
                await call.play(prompts.NOTHING_PRESSED)
                return Next.DISPATCHER
            case key if key in leads:
                return leads[key]
            case key if key == OTHER_LANGUAGE:
                await other_language(call)
                before = (
                    prompts.LANGUAGE_CHOSEN,
                    *await news(call, city),
                )  # nobody misses it for its language
            case key if key == REFUSES:
                await call.refuse_recording()
                before = (prompts.RECORDING_REFUSED_OK,)
            case key:
                mistakes += 1
                before = () if key == END else (prompts.WRONG_KEY,)
    return Next.DISPATCHER


def led(call: Call, heard: Heard, topic: Topic) -> Next:
    """Lead them where they said; what else is in the sentence goes along."""
    call.said_in_menu = heard if topic in TAKEN_UP else None
    return BY_TOPIC[topic]


async def leads_of(call: Call, city: FlowPorts) -> tuple[Mapping[str, Next], Sequence[Phrase]]:
    """Give the keys that lead on, and what has to be said of them beside the menu.

    Frequent questions where there are any; to a telephone of somebody with a personal code the message to
    the whole city.
    """
    leads, said = dict(LEADS), []
    if await questions_offered(call, city):
        leads |= QUESTIONS
        said.append(question_phrases.MENU_QUESTIONS)
    if city.reports is not None:
        leads |= REPORTS
        said.append(report_phrases.MENU_REPORT)
    if call.number is None:
        return leads, said
    if await _has_chat(call, call.number, city):
        leads |= OF_CHAT
    asked = city.codes.asked_of(call.number)
    if await if_it_can(asked, False, "telephones of heads not looked up"):  # noqa: FBT003 - it is nobody's
        leads |= FOR_HEADS
        said.append(prompts.MENU_FOR_HEADS)
    return leads, said


async def _has_chat(call: Call, number: str, city: FlowPorts) -> bool:
    if city.chats is None or call.outgoing:
        return False
    unfinished = city.chats.unfinished(number)
    return await if_it_can(unfinished, False, "chat not looked up")  # noqa: FBT003 - there is none


def of_chat(call: Call, leads: Mapping[str, Next]) -> Sequence[Phrase]:
    """Offer to go on with what they began in writing, once, before all else."""
    offers = OF_CHAT.keys() <= leads.keys() and not call.was_told(chat_phrases.GO_ON_WITH_CHAT)
    return (chat_phrases.GO_ON_WITH_CHAT,) if offers else ()


def in_other(call: Call) -> Sequence[Phrase]:
    """Offer the other language, once; callers who know the menu know its key."""
    known = call.knows_menu or call.was_told(prompts.ENGLISH_ON_NINE)
    return () if known else (prompts.ENGLISH_ON_NINE,)


async def other_language(call: Call) -> None:
    """Go on in the language that they do not hear now."""
    ukrainian = call.language is Language.UKRAINIAN
    await call.speak(Language.ENGLISH if ukrainian else Language.UKRAINIAN)
