"""The view of an observer's body: the pages that it reads first, and the latest signed papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.city_now.sources import CITY_NOW
from cti_server.frame.homes import is_there
from cti_server.frame.language import N_
from cti_server.frame.words import BODIES
from cti_server.keys import USER
from hotline.access.bodies import Body
from hotline.access.permissions import Permission, Role
from hotline.reports.papers import PaperEntry

MOST_PAPERS = 4
_LOOKED_THROUGH = 40
_OVERDUE = ("/control", N_("Overdue by enterprise"), Permission.SEE_CONTROL)
_RATING = ("/reports/rating", N_("Rating of enterprises"), Permission.SEE_CONTROL)
_PAPERS = ("/reports", N_("Report papers"), Permission.SEE_CONTROL)
_TOPICS = ("/reports/build?measure=received&by=topic", N_("Appeals by topic"), Permission.SEE_CONTROL)
_DISTRICTS = (
    "/reports/build?measure=received&by=district",
    N_("Appeals by street and quarter"),
    Permission.SEE_CONTROL,
)
_TASKS = ("/tasks", N_("Orders and tasks"), Permission.SEE_TASKS)
_OUTAGES = ("/outage-register", N_("Outages"), Permission.SEE_OUTAGES)
_LINE = ("/control/line", N_("How calls were answered"), Permission.SEE_CONTROL)
_SURVEYS = ("/surveys/results", N_("What applicants answered"), Permission.SEE_CONTROL)
_FIRST: Mapping[Body, Sequence[tuple[str, str, Permission]]] = {
    Body.MAYOR: (_TASKS, _OVERDUE, _TOPICS, _DISTRICTS, _OUTAGES, _RATING, _PAPERS),
    Body.COUNCIL: (_PAPERS, _TOPICS, _DISTRICTS, _RATING, _SURVEYS, _OUTAGES),
    Body.COMMITTEE: (_OVERDUE, _TASKS, _TOPICS, _DISTRICTS, _RATING, _PAPERS),
    Body.DEPARTMENT: (_LINE, _OVERDUE, _TOPICS, _DISTRICTS, _SURVEYS, _TASKS, _PAPERS),
}
"""In the order of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """The part of the city's page for an observer: their body, its pages and papers."""

    title: str
    pages: Sequence[tuple[str, str]]
    papers: Sequence[PaperEntry]


async def body_view(request: web.Request) -> BodyView | None:
    """Give the view of the user's body; None for a user of none."""
    user = request[USER]
    if user.role is not Role.OBSERVER or user.body is None:
        return None
    papers = await request.app[CITY_NOW].papers.list(None, limit=_LOOKED_THROUGH)
    return BodyView(
        title=BODIES[user.body],
        pages=[
            (address, text)
            for address, text, permission in _FIRST[user.body]
            if user.may(permission) and is_there(request.app, address.partition("?")[0])
        ],
        papers=[one for one in papers if one.signed][:MOST_PAPERS],
    )
