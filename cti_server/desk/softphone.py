"""The phone in the dispatcher's browser: a password for this opening of the desk."""

from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.errors import TelephonyError
from hotline.line import Dispatcher
from hotline.users import Permission


class BrowserPhones(Protocol):
    """Where a browser's phone gets its password; the one before is worth nothing from then on."""

    async def open_browser_phone(self, extension: str) -> str:
        """Raises TelephonyError while Asterisk is away."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Softphones:
    """What the browsers' phones rest on. `websocket` is Asterisk's own, such as `ws://127.0.0.1:8088/ws`."""

    phones: BrowserPhones
    websocket: str


SOFTPHONES: web.AppKey[Softphones] = web.AppKey("softphones")
DOMAIN = "hotline"
"""The browser never looks this name up: all its SIP goes through our own WebSocket."""


async def dispatcher_of(request: web.Request) -> Dispatcher:
    """Find whose desk this is; raises Forbidden for a user without one."""
    desk = request[USER].dispatcher_id
    if desk is None:
        raise Forbidden("This user has no desk.")
    return await request.app[ACCOUNTS].dispatchers.get(desk)


@allowed(Permission.ANSWER_CALLS)
async def open_phone(request: web.Request) -> web.Response:
    """`POST /desk/phone`: who this phone is, as JSON; 503 while the telephone exchange is away."""
    dispatcher = await dispatcher_of(request)
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


@allowed(Permission.ANSWER_CALLS)
async def phone_page(request: web.Request) -> web.Response:
    """`/desk/phone`: the phone alone, for a second screen or a machine that only telephones."""
    return render(request, "desk/phone.html.jinja2")
