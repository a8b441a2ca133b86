"""How many asked to be told of an outage, and what those said who were called when it was over."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.frame.language import N_
from cti_server.outages.register.sources import OUTAGES
from hotline.outages.answers import DISPUTED_BY, WatcherAnswer
from hotline.outages.outage import Outage

_WORDS = {
    WatcherAnswer.RESTORED: N_("say that it is restored"),
    WatcherAnswer.NOT_RESTORED: N_("say that it is not restored"),
    WatcherAnswer.HEARD: N_("heard it"),
    WatcherAnswer.DISPATCHER: N_("asked for a dispatcher"),
    WatcherAnswer.UNHEARD: N_("answered the call and pressed nothing"),
    WatcherAnswer.UNREACHED: N_("were not reached by telephone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """One answer: in words to be translated, how many gave it, and how many of a hundred who were called."""

    words: str
    count: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """Counts of answers. `disputed`: it is over, and enough people say that it is not."""

    asked: int
    said: Sequence[AnswerCount]
    disputed: bool


async def told_of(request: web.Request, outage: Outage) -> AnswerCounts | None:
    """Count for the card; None where nobody asked."""
    sources = request.app[OUTAGES]
    asked = await sources.watch.count(outage.id)
    answers = await sources.answers.latest(outage.id)
    if not asked and not answers:
        return None
    called = sum(answers.values())
    return AnswerCounts(
        asked=asked,
        said=[
            AnswerCount(words=words, count=answers[answer], share=round(100 * answers[answer] / called))
            for answer, words in _WORDS.items()
            if answer in answers
        ],
        disputed=outage.over and answers.get(WatcherAnswer.NOT_RESTORED, 0) >= DISPUTED_BY,
    )
