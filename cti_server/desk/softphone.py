"""The phone in the dispatcher's browser: a password for this opening of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.desk.open_phones import OPEN_PHONES, OpenPhones
from cti_server.desk.services import SERVICES
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.errors import TelephonyError
from hotline.line.line import Dispatcher
from hotline.line.presence_states import ENGAGED, Presence


class BrowserPhones(Protocol):
    """Issues the passwords of browser phones; a new one voids the one before."""

    async def open_browser_phone(self, extension: str) -> str:
        """Raises TelephonyError while Asterisk is away."""
        ...

    async def browser_left(self, extension: str) -> None:
        """Take note that a browser has gone; where the pages' process dies, nobody says so."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Softphones:
    """Ports of the browser phones. `websocket` is Asterisk's own, such as `ws://127.0.0.1:8088/ws`.

    `edges` are Kamailio's, where browsers register there: such as `ws://192.0.2.1:5066`.
    """

    phones: BrowserPhones
    websocket: str
    edges: Sequence[str] = ()
    open_phones: OpenPhones = field(default_factory=OpenPhones)

    def addresses(self, extension: str) -> Sequence[str]:
        """Name where this desk's browser is joined, the first that is there; Kamailio is told whose it is."""
        return [f"{one}/{extension}" for one in self.edges] or [self.websocket]


SOFTPHONES: web.AppKey[Softphones] = web.AppKey("softphones")
DOMAIN = "hotline"
"""The browser never looks this name up: all its SIP goes through our own WebSocket."""


class How(StrEnum):
    """How a page asks for the phone."""

    OPEN = "open"
    """It is not open elsewhere."""
    WAIT = "wait"
    """It was open elsewhere: wait until it is closed there, and no call is under way."""
    TAKE = "take"
    """From elsewhere, unless a call goes on there."""
    TEAR = "tear"
    """Even then."""


async def dispatcher_of(request: web.Request) -> Dispatcher:
    """Return the user's dispatcher; raises Forbidden for a user without one."""
    desk = request[USER].dispatcher_id
    if desk is None:
        raise Forbidden("This user has no desk.")
    return await request.app[ACCOUNTS].dispatchers.get(desk)


@allowed(Permission.ANSWER_CALLS)
async def open_phone(request: web.Request) -> web.Response:
    """`POST /desk/phone`: who this phone is, as JSON; 503 while the telephone exchange is away.

    `how` is one of How; 409 with `engaged` when the phone is open elsewhere and stays there.
    """
    dispatcher, asked = await dispatcher_of(request), str((await request.post()).get("how", How.OPEN))
    if asked not in set(How):
        raise web.HTTPBadRequest
    if await _stays_elsewhere(request, dispatcher, How(asked)):
        engaged = dispatcher.presence in ENGAGED
        return web.json_response({"error": "elsewhere", "engaged": engaged}, status=409)
    try:
        password = await request.app[SOFTPHONES].phones.open_browser_phone(dispatcher.extension)
    except TelephonyError:
        return web.json_response({"error": "exchange-away"}, status=503)
    user = f"web-{dispatcher.extension}"
    return web.json_response(
        {
            "extension": dispatcher.extension,
            "name": dispatcher.name,
            "user": user,
            "uri": f"sip:{user}@{DOMAIN}",
            "password": password,
        }
    )


async def _stays_elsewhere(request: web.Request, dispatcher: Dispatcher, how: How) -> bool:
    """Whether the phone is open elsewhere and is not to be taken from there."""
    open_phones = request.app[OPEN_PHONES]
    match how:
        case How.TEAR:
            return False
        case How.TAKE:
            return dispatcher.presence in ENGAGED and await open_phones.is_open(dispatcher.id)
        case How.WAIT:  # a service that has just started may not know yet of the page in talk
            return dispatcher.presence is Presence.TALKING or await open_phones.is_open(dispatcher.id)
        case How.OPEN:
            return await open_phones.stays_open(dispatcher.id)


@allowed(Permission.ANSWER_CALLS)
async def phone_page(request: web.Request) -> web.Response:
    """`/desk/phone`: the phone alone, for a second screen or a machine that only telephones."""
    return render(request, "desk/phone.html.jinja2", SERVICES=SERVICES)
