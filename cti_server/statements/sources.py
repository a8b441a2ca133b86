"""Ports of the pages of statements."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.attachments import FileStore
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.statements.statements import Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSources:
    """Ports of the pages of statements; `timezone` is the city's."""

    statements: Statements
    store: FileStore
    """The store that redraws pictures and keeps them."""
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo


STATEMENTS: web.AppKey[StatementSources] = web.AppKey("statements")
