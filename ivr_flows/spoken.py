"""Questions that may be answered aloud, and always by a key as well.

Callers are invited to speak only where an ear listens; after three misunderstandings a question goes by keys.
Who speaks of an emergency is led to a person, whatever was asked.
"""

from collections.abc import Mapping, Sequence

from hotline.calls.conversation import Call, EmergencySaid
from hotline.city.addresses import Gazetteer
from hotline.speech.answers import ANSWERS, Answer
from hotline.speech.hearing import NO_HINTS, Heard, Hints
from hotline.speech.topics import Topic
from hotline.speech.understanding import Understanding
from hotline.voice.speech import Phrase
from ivr_flows import prompts

MISHEARD_BORNE = 3
YES, NO = "1", "2"
NOTHING_READ_BACK: Mapping[Answer, Phrase] = {}
DISPATCHER = "0"


def may_speak(call: Call, misheard: int = 0) -> bool:
    """Whether they are to be told that they may speak; `misheard`: how often they were not understood."""
    return call.hears and misheard < MISHEARD_BORNE


async def ask(
    call: Call, *phrases: Phrase, keys: str, hints: Hints = NO_HINTS, misheard: int = 0
) -> str | Heard | None:
    """Ask, and listen as well where they may speak."""
    if not may_speak(call, misheard):
        return await call.choose(*phrases, keys=keys)
    return await call.listen(*phrases, keys=keys, hints=hints)


async def unless_emergency(
    understanding: Understanding,
    given: str | Heard | None,
    *,
    where: bool = False,
    streets: Gazetteer | None = None,
) -> str | Heard | None:
    """Give their answer back; `where`: it is to name a place or a number, of a place one of the `streets`.

    Raises EmergencySaid.
    """
    if isinstance(given, Heard) and await understanding.emergency(given, where=where, streets=streets):
        raise EmergencySaid
    return given


def not_understood(misheard: int) -> tuple[Phrase, ...]:
    """Give what is said before the question comes again; `misheard` counts this time too."""
    return (prompts.NOT_UNDERSTOOD if misheard < MISHEARD_BORNE else prompts.BY_KEYS_NOW,)


async def answer_or_key(
    call: Call,
    understanding: Understanding,
    *asked: Phrase,
    by: Mapping[Answer, str],
    keys: str = "",
    before: Sequence[Phrase] = (),
    read_back: Mapping[Answer, Phrase] = NOTHING_READ_BACK,
) -> str | None:
    """Ask; an answer said aloud is its key in `by` where the ear was sure of it. `keys`: further keys.

    One that stands in `read_back` has to be confirmed after that. Raises EmergencySaid.
    """
    misheard = 0
    while True:
        invited = [prompts.YES_OR_NO_ALOUD] if may_speak(call, misheard) else []
        given = await ask(
            call,
            *before,
            *asked,
            *invited,
            keys="".join(dict.fromkeys([*by.values(), *keys])),
            hints=understanding.hints(call.language, ANSWERS),
            misheard=misheard,
        )
        given = await unless_emergency(understanding, given)
        if not isinstance(given, Heard):
            return given
        heard = await understanding.answer(given)
        if heard is not None and heard.sure and heard.answer in by:
            back = read_back.get(heard.answer)
            if back is None or await yes_or_no(call, understanding, back) == YES:
                return by[heard.answer]
        if DISPATCHER in keys and await understanding.topic(given) is Topic.PERSON:
            return DISPATCHER
        misheard += 1
        before = not_understood(misheard)


async def yes_or_no(
    call: Call, understanding: Understanding, *asked: Phrase, yes: str = YES, no: str = NO, keys: str = ""
) -> str | None:
    """Ask for a yes or a no; either is returned as its key, however it was given."""
    return await answer_or_key(call, understanding, *asked, by={Answer.YES: yes, Answer.NO: no}, keys=keys)
