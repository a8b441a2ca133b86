"""Missed callers as a work list on the desk: called back by one key, the result by one more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.parts import part
from cti_server.desk.progressive_view import OFF, read_view
from cti_server.desk.sources import DESK, Sources
from cti_server.frame.language import language_of
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.line.callbacks import OWED_FOR, Callback, CallbackResult, HiddenMiss, OwedCallback
from hotline.line.progressive import Entry
from hotline.line.scheduled_callbacks import Scheduled

MOST_OWED = 20
MOST_HIDDEN = 10
MOST_DUE = 200
"""Arranged calls that are read for all desks; each desk lists up to MOST_OWED of its own."""
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Numbers to call back, and missed calls that hid theirs; the longest waiting first."""

    owed: Sequence[OwedCallback]
    hidden: Sequence[HiddenMiss]
    more: bool
    """More are behind these: they come up as the list empties."""
    claimed: Mapping[str, int]
    """The numbers and the arranged calls that somebody is calling now, with the user."""
    due: Sequence[Scheduled]
    """The arranged calls to be made now, in order of time."""
    mine: frozenset[str] = frozenset()
    """The part of `claimed` that the user of this desk is calling."""

    @property
    def entries(self) -> Sequence[Entry]:
        """Entries that can be called, in the order of the list."""
        urgent = [one for one in self.owed if one.emergency]
        return (*urgent, *self.due, *(one for one in self.owed if not one.emergency))

    def on_desk_of(self, user_id: int) -> "Missed":
        """Leave out the arranged calls that are somebody else's, and tell one's own claims from others'."""
        mine = frozenset(name for name, user in self.claimed.items() if user == user_id)
        due = [one for one in self.due if one.concerns(user_id)][:MOST_OWED]
        return replace(self, due=due, mine=mine)


async def read_missed(sources: Sources, known: Missed | None = None) -> Missed:
    """Read the work list. `known`: only how those on it stand now, which is quick, and the arranged calls."""
    now = sources.clock.now()
    numbers = None if known is None else [one.number for one in known.owed]
    ids = None if known is None else [one.call_id for one in known.hidden]
    owed = await sources.callbacks.owed(MOST_OWED + 1, now - OWED_FOR, among=numbers)
    hidden = await sources.callbacks.hidden(MOST_HIDDEN + 1, now - OWED_FOR, among=ids)
    due = await sources.scheduled.waiting(MOST_DUE, now)
    return Missed(
        owed=owed[:MOST_OWED],
        hidden=hidden[:MOST_HIDDEN],
        more=len(owed) > MOST_OWED or len(hidden) > MOST_HIDDEN if known is None else known.more,
        claimed={
            name: claim.user_id
            for name, claim in [
                *((one.number, one.claim) for one in owed),
                *((one.reference, one.claim) for one in due),
            ]
            if claim and claim.stands(now)
        },
        due=due,
    )


@allowed(Permission.ANSWER_CALLS)
async def tried(request: web.Request) -> web.Response:
    """Write down how calling back went: `result`, and a `note`, which SETTLED cannot do without."""
    sources, user, call_id = request.app[DESK].sources, request[USER], request.match_info["call"]
    form = await request.post()
    given, note = str(form.get("result", "")), str(form.get("note", "")).strip()
    wordless = given == CallbackResult.SETTLED and not note
    if given not in set(CallbackResult) or wordless or len(note) > LONGEST_NOTE:
        raise web.HTTPBadRequest
    now = sources.clock.now()
    await sources.callbacks.add(
        Callback(call_id=call_id, user_id=user.id, at=now, result=CallbackResult(given), note=note)
    )
    await audit(request, Action.CHANGE, f"call:{call_id}", f"callback {given}")
    return await missed_part(request)


async def missed_part(request: web.Request) -> web.Response:
    """Give the work list as it is now."""
    sources, user = request.app[DESK].sources, request[USER]
    missed = (await read_missed(sources)).on_desk_of(user.id)
    view = await read_view(sources, user.dispatcher_id, missed.entries) if user.dispatcher_id else OFF
    text = part(request.app[PAGES], language_of(request), "missed", missed=missed, progressive=view)
    return web.Response(text=text, content_type="text/html")
