"""Ports of searching."""

from dataclasses import dataclass

from aiohttp import web

from hotline.city.search_terms import Lemmas
from hotline.desk.search import Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The search, and the dictionary by which found words are marked."""

    search: Search
    lemmas: Lemmas


SEARCHING: web.AppKey[Searching] = web.AppKey("searching")
