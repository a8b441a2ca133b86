"""Appeals that changed since a place: another system follows the register, and misses nothing."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import SEES, Appeal, own_executor, shown
from cti_server.api.masking import sees_personal
from cti_server.api.operation import operation
from cti_server.api.paging import Limit, Moment, within
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from hotline.access.scopes import Scope

Place = Annotated[
    str, Meta(pattern=r"^[0-9]{1,18}$", description="`next` of the answer before. It stays good for ever.")
]


class ChangesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whence to go on."""

    after: Place | None = None
    changed_since: Annotated[
        Moment | None, Meta(description="To begin with, instead of `after`: what changed then or later.")
    ] = None
    limit: Limit = 50


class AppealChanges(msgspec.Struct, kw_only=True):
    """Appeals that changed, as they are now, each once; the one that changed last is the last."""

    items: list[Appeal]
    next: Annotated[str, Meta(description="Go on with it as `after`, now or at any time.")]
    more: Annotated[bool, Meta(description="There is more at once.")]


@operation(
    "GET",
    "/appeals/changes",
    *SEES,
    scopes=(Scope.APPEALS_READ,),
    summary=N_("Follow the changes of appeals"),
)
async def follow_appeals(request: web.Request, query: ChangesAsked) -> AppealChanges:
    """List appeals that were registered or acted upon after a place; nothing is missed.

    An answer may be empty and not the last: ask again until `more` is false, then in a while. An executor's
    token follows those that its enterprise has now.
    """
    sources, own = request.app[API], own_executor(request)
    if query.after is not None:
        place = int(query.after)
    else:
        since = within(query.changed_since)
        place = 0 if since is None else await sources.change_log.place_of(since)
    changes = await sources.change_log.after(place, query.limit)
    found = await sources.appeal_lists.by_numbers(changes.numbers)
    if sees_personal(request):
        await audit(request, Action.VIEW, "appeals", request.query_string)
    places = await sources.places.now()
    return AppealChanges(
        items=[shown(request, one, places) for one in found if own is None or one.appeal.executor_id == own],
        next=str(changes.place),
        more=changes.more,
    )
