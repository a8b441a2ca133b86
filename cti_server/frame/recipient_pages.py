"""Doors of pages that a signed link opens to one recipient without an account."""

from datetime import datetime
from typing import Protocol

from aiohttp import web

from cti_server.auth.rates import Rates, WrongTokens
from cti_server.clients import counted_as
from hotline.delivery.recipient_links import RecipientLinks
from hotline.errors import NotFound


class LinkedSources(Protocol):
    """The links of a room, how often one is opened, and who tries links that nobody signed."""

    @property
    def links(self) -> RecipientLinks: ...

    @property
    def rates(self) -> Rates: ...

    @property
    def wrong(self) -> WrongTokens: ...

    def now(self) -> datetime: ...


def recipient_number(request: web.Request, sources: LinkedSources, word: str) -> int:
    """Give the number of the recipient whose link it is.

    Raises NotFound for a link that we did not sign, and TooManyAttempts or TooManyRequests.
    """
    number = sources.links.number(word, request.match_info["token"])
    if number is None:
        sources.wrong.count(counted_as(request), sources.now())
        raise NotFound("Nobody signed this link.")
    sources.rates.take(number)
    return number
