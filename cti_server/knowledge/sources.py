"""Ports of the pages of the knowledge base."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.calls.call import CallLog
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.knowledge.articles import Articles
from hotline.knowledge.missing import MissingAnswers
from hotline.knowledge.uses import ArticleUses
from hotline.speech.live import LiveTalks


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSources:
    """Ports of the pages of the knowledge base; `timezone` is the city's."""

    articles: Articles
    missing: MissingAnswers
    uses: ArticleUses
    calls: CallLog
    live: LiveTalks
    """Talks that go on now, with the words that the machine has heard in them so far."""
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo

    def today(self) -> date:
        return self.clock.now().astimezone(self.timezone).date()


KNOWLEDGE: web.AppKey[KnowledgeSources] = web.AppKey("knowledge")
