"""How many asked to be told of an outage, and what those said who were called when it was over."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.frame.language import N_
from cti_server.outages.register.sources import OUTAGES
from hotline.outages.answers import DISPUTED_BY, Answer
from hotline.outages.outage import Outage

_WORDS = {
    Answer.RESTORED: N_("say that it is restored"),
    Answer.NOT_RESTORED: N_("say that it is not restored"),
    Answer.HEARD: N_("heard it"),
    Answer.DISPATCHER: N_("asked for a dispatcher"),
    Answer.UNHEARD: N_("answered the call and pressed nothing"),
    Answer.UNREACHED: N_("were not reached by telephone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer: in words to be translated, how many gave it, and how many of a hundred who were called."""

    words: str
    count: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`disputed`: it is over, and so many say that it is not that a person should look."""

    asked: int
    said: Sequence[Said]
    disputed: bool


async def told_of(request: web.Request, outage: Outage) -> Told | None:
    """Count for the card; None where nobody asked."""
    sources = request.app[OUTAGES]
    asked = await sources.watch.count(outage.id)
    answers = await sources.answers.latest(outage.id)
    if not asked and not answers:
        return None
    called = sum(answers.values())
    return Told(
        asked=asked,
        said=[
            Said(words=words, count=answers[answer], share=round(100 * answers[answer] / called))
            for answer, words in _WORDS.items()
            if answer in answers
        ],
        disputed=outage.over and answers.get(Answer.NOT_RESTORED, 0) >= DISPUTED_BY,
    )
