"""The shifts that a person still has before them by the roster: who closes an account is told of them."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.shifts.sources import SHIFTS
from hotline.access.users import User
from hotline.shifts.roster import WEEK, Shift, monday_of

WEEKS_AHEAD = 26
"""Nobody publishes a roster further ahead."""


async def shifts_ahead(request: web.Request, user: User) -> Sequence[Shift]:
    """List the published shifts of the user that have not ended, the next first; none without a roster."""
    if SHIFTS not in request.app:
        return ()
    sources = request.app[SHIFTS]
    monday, now, zone = monday_of(sources.today()), sources.clock.now(), sources.timezone
    planned = await sources.roster.published(monday - WEEK, monday + WEEKS_AHEAD * WEEK)
    return sorted(
        (one for one in planned if one.user_id == user.id and one.ends(zone) > now),
        key=lambda one: one.begins(zone),
    )
