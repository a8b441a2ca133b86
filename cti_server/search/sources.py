"""Ports of searching."""

from dataclasses import dataclass

from aiohttp import web

from hotline.city.search_terms import Lemmas
from hotline.desk.search import Search
from hotline.meetings.meetings import Meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The search, meetings beside it, and the dictionary by which found words are marked."""

    search: Search
    meetings: Meetings
    lemmas: Lemmas


SEARCHING: web.AppKey[Searching] = web.AppKey("searching")
