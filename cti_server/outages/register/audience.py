"""Audiences of the pages: an enterprise sees and changes its own outages, the centre all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from cti_server.auth.access import Handler, allowed
from cti_server.keys import USER
from cti_server.outages.register.sources import OUTAGES
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.outages.outage import By, EntrySource, Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Users of the pages below `path`; `own`: they see only their enterprise's outages."""

    path: str
    see: Permission
    manage: Permission
    source: EntrySource
    own: bool

    def sees(self, run: "Run") -> Handler:
        """Make the handler of a page that shows something."""
        return self._handler(self.see, run)

    def manages(self, run: "Run") -> Handler:
        """Make the handler of a page that changes something."""
        return self._handler(self.manage, run)

    def _handler(self, permission: Permission, run: "Run") -> Handler:
        @allowed(permission)
        async def handle(request: web.Request) -> web.StreamResponse:
            return await run(request, self)

        return handle

    def executor_of(self, request: web.Request) -> int | None:
        """Return the enterprise whose outages alone are seen; None for all."""
        return request[USER].executor_id if self.own else None

    def by(self, request: web.Request) -> By:
        return By(source=self.source, user_id=request[USER].id, executor_id=self.executor_of(request))

    async def asked_for(self, request: web.Request) -> Outage:
        """Read the outage of the address; raises NotFound, also for one of another enterprise."""
        outage = await request.app[OUTAGES].outages.get(int(request.match_info["id"]))
        if self.own and outage.executor_id != self.executor_of(request):
            raise NotFound(f"There is no outage {outage.id}.")
        return outage


Run = Callable[[web.Request, Audience], Awaitable[web.StreamResponse]]

ENTERPRISE = Audience(
    path="/enterprise/outages",
    see=Permission.ENTER_OWN_OUTAGES,
    manage=Permission.ENTER_OWN_OUTAGES,
    source=EntrySource.ENTERPRISE,
    own=True,
)
CENTRE = Audience(
    path="/outage-register",
    see=Permission.SEE_OUTAGES,
    manage=Permission.MANAGE_OUTAGES,
    source=EntrySource.DESK,
    own=False,
)
