"""Ports of the pages of memos."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.lists import AppealLists
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.inquiries.inquiries import Inquiries
from hotline.memos.memos import Memos
from hotline.outages.outage import Outages
from hotline.reports.papers import Papers
from hotline.tasks.task import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoSources:
    """Ports of the pages of memos; `timezone` is the city's."""

    memos: Memos
    papers: Papers
    tasks: Tasks
    lists: AppealLists
    outages: Outages
    inquiries: Inquiries
    executors: Executors
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo

    def today(self) -> date:
        return self.clock.now().astimezone(self.timezone).date()


MEMOS: web.AppKey[MemoSources] = web.AppKey("memos")
