"""Each role × each route: who may call what, as a table that a person can check."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from aiohttp import web

import cti_server
from cti_server.api.operation import Operation
from cti_server.api.routes import OPERATIONS
from cti_server.auth.access import access_of, require_declared
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard, change
from tests.cti_server.whole import whole_application

ALL = "DHEOA"
"""Dispatcher, Head, Executor, Observer, Administrator."""
ANYBODY = "*"
TABLE = {
    "GET /": ANYBODY,
    "GET /status.css": ANYBODY,
    "GET /health/live": ANYBODY,
    "GET /health/ready": ANYBODY,
    "GET /health/metrics": ANYBODY,
    "GET /static/{name}": ANYBODY,
    "POST /preferences": ANYBODY,
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/code": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "GET /enterprise": "E",
    "GET /enterprise/renewed": "E",
    "POST /enterprise/bulk": "E",
    "POST /enterprise/notices/seen": "E",
    "GET /enterprise/{number}": "E",
    "POST /enterprise/{number}/accept": "E",
    "POST /enterprise/{number}/hand-back": "E",
    "POST /enterprise/{number}/ask-back": "E",
    "POST /enterprise/{number}/pass-inside": "E",
    "POST /enterprise/{number}/begin-work": "E",
    "POST /enterprise/{number}/report-done": "E",
    "POST /enterprise/{number}/take-back": "E",
    "POST /enterprise/{number}/ask-extension": "E",
    "POST /enterprise/{number}/note": "E",
    "POST /enterprise/{number}/files": "E",
    "POST /enterprise/{number}/files/{id}/take-away": "E",
    "GET /enterprise/files/{id}": "E",
    "GET /enterprise/files/{id}/preview": "E",
    "GET /appeals/files/{id}": "DHO",
    "GET /appeals/files/{id}/preview": "DHO",
    "POST /sign-out": ALL,
    "GET /account": ALL,
    "POST /account/password": ALL,
    "GET /account/totp": ALL,
    "POST /account/totp": ALL,
    "POST /account/totp/off": ALL,
    "POST /account/phone-code": "H",
    "POST /account/phone-code/off": "H",
    "GET /announcements": "DH",
    "GET /announcements/new": "H",
    "POST /announcements/new": "H",
    "POST /announcements/off": "H",
    "GET /announcements/{id}": "H",
    "POST /announcements/{id}": "H",
    "POST /announcements/{id}/on": "H",
    "POST /announcements/{id}/remove": "H",
    "GET /announcements/phrases": "DH",
    "GET /announcements/phrases/{name}": "DH",
    "GET /announcements/phrases/{name}/{language}.wav": "DH",
    "GET /announcements/phrases/{name}/{language}/recording.wav": "DH",
    "POST /announcements/phrases/{name}/{language}/recording": "H",
    "POST /announcements/phrases/{name}/{language}/confirm": "H",
    "POST /announcements/phrases/{name}/{language}/take-back": "H",
    "GET /admin/users": "HA",
    "GET /admin/users.{format}": "HA",
    "GET /admin/users/new": "HA",
    "POST /admin/users/new": "HA",
    "GET /admin/users/{id}": "HA",
    "POST /admin/users/{id}": "HA",
    "POST /admin/users/{id}/password": "HA",
    "GET /admin/users/{id}/deactivate": "HA",
    "POST /admin/users/{id}/deactivate": "HA",
    "POST /admin/users/{id}/activate": "HA",
    "GET /admin/tokens": "HA",
    "POST /admin/tokens": "HA",
    "POST /admin/tokens/{id}/revoke": "HA",
    "GET /api/": ANYBODY,
    "GET /api/openapi.json": ANYBODY,
    "GET /admin/audit": "HA",
    "GET /admin/audit.{format}": "HA",
    "GET /desk": "D",
    "GET /desk/events": "D",
    "POST /desk/presence": "D",
    "POST /desk/presence/longer": "D",
    "POST /desk/line/{call}/pick": "D",
    "POST /desk/missed/{call}": "D",
    "POST /desk/progressive": "D",
    "POST /desk/progressive/skip": "D",
    "POST /desk/calls/{call}/notes": "D",
    "POST /desk/calls/{call}/done": "D",
    "GET /desk/appeals/new": "DH",
    "GET /desk/appeals/emergency": "DH",
    "GET /desk/appeals/categories": "DH",
    "GET /desk/appeals/streets": "DH",
    "GET /desk/appeals/people": "DH",
    "GET /desk/appeals/similar": "DH",
    "POST /desk/appeals": "DH",
    "POST /desk/appeals/emergency": "DH",
    "POST /desk/appeals/move": "DH",
    "GET /desk/appeals/left": "DH",
    "POST /desk/appeals/draft": "DH",
    "POST /desk/appeals/discard": "DH",
    "GET /desk/appeals/benefits": "DH",
    "GET /desk/appeals/{number}": "D",
    "GET /desk/appeals/{number}/amend": "DH",
    "POST /desk/appeals/{number}/amend": "DH",
    "GET /admin/imports": "HA",
    "POST /admin/imports": "HA",
    "GET /admin/imports/{id}": "HA",
    "GET /admin/imports/{id}/progress": "HA",
    "POST /admin/imports/{id}/begin": "HA",
    "GET /admin/imports/{id}/refused.{format}": "HA",
    "GET /admin/exports/{kind}.{format}": "HA",
    "GET /appeals/{number}": "DHO",
    "POST /appeals/{number}/acts/{act}": "DH",
    "GET /appeals/{number}/remarks/{id}.wav": "DH",
    "GET /enterprise/{number}/remarks/{id}.wav": "E",
    "POST /desk/appeals/{number}/acts/{act}": "D",
    "GET /appeals/{number}/notices": "DHO",
    "POST /notices/{id}/decide": "DH",
    "GET /outages": ANYBODY,
    "GET /outages/{id}": ANYBODY,
    "GET /outages.json": ANYBODY,
    "GET /outages.atom": ANYBODY,
    "GET /outages.rss": ANYBODY,
    "GET /outages.ics": ANYBODY,
    "GET /outages/{id}.ics": ANYBODY,
    "GET /outages/widget": ANYBODY,
    "GET /outages/widget.js": ANYBODY,
    "GET /outages/subscribe": ANYBODY,
    "POST /outages/subscribe": ANYBODY,
    "GET /outages/subscribe/{token}": ANYBODY,
    "POST /outages/subscribe/{token}": ANYBODY,
    "GET /outages/confirm/{token}": ANYBODY,
    "POST /outages/confirm/{token}": ANYBODY,
    "GET /stop/{token}": ANYBODY,
    "POST /stop/{token}": ANYBODY,
    "GET /answer/{token}": ANYBODY,
    "POST /answer/{token}": ANYBODY,
    "GET /hooks/sms/{secret}": ANYBODY,
    "POST /hooks/sms/{secret}": ANYBODY,
    "GET /appeals/{number}/same": "DH",
    "POST /appeals/{number}/same": "DH",
    "GET /todo": "DH",
    "GET /todo/count": "DH",
    "GET /campaigns": "DHO",
    "GET /campaigns/{id}": "DHO",
    "POST /campaigns/{id}/state": "H",
    "GET /citizens/{id}": "DH",
    "POST /citizens/{id}": "DH",
    "POST /citizens/{id}/everything.zip": "H",
    "POST /citizens/{id}/erase": "H",
    "GET /keeping": "H",
    "GET /holds/{thing}/{subject}": "H",
    "POST /holds/{thing}/{subject}": "H",
    "POST /holds/{thing}/{subject}/lift": "H",
    "GET /campaigns/do-not-call": "H",
    "POST /campaigns/do-not-call": "H",
    "POST /campaigns/do-not-call/remove": "H",
    "GET /control": "HO",
    "GET /control.{format}": "HO",
    "GET /control/closings": "HO",
    "POST /control/seen": "H",
    "GET /search": "DHO",
    "GET /search/found": "DHO",
    "GET /appeals/{number}/card.pdf": "DHO",
    "GET /appeals": "DHO",
    "GET /appeals.{format}": "DHO",
    "POST /appeals/views": "DHO",
    "POST /appeals/views/{id}/drop": "DHO",
    "GET /appeals/journal": "DHO",
    "GET /appeals/journal.pdf": "DHO",
    "GET /appeals/journal.{format}": "DHO",
    "GET /executors": "H",
    "GET /executors/new": "H",
    "POST /executors/new": "H",
    "GET /executors/{id}": "H",
    "POST /executors/{id}": "H",
    "POST /executors/{id}/close": "H",
    "POST /executors/{id}/reopen": "H",
    "GET /surveys/results": "HO",
    "GET /surveys/results/list": "HO",
    "GET /surveys/results.{format}": "HO",
    "GET /surveys": "H",
    "GET /surveys/edit": "H",
    "POST /surveys/edit": "H",
    "POST /surveys/trials": "H",
    "GET /surveys/trials/{id}": "H",
    "GET /rules": "H",
    "GET /rules/new": "H",
    "POST /rules/new": "H",
    "GET /rules/{id}": "H",
    "POST /rules/{id}": "H",
    "POST /rules/{id}/move": "H",
    "POST /rules/{id}/switch": "H",
    "GET /rules/{id}/remove": "H",
    "POST /rules/{id}/remove": "H",
    "GET /enterprise/outages": "E",
    "GET /enterprise/outages.{format}": "E",
    "GET /enterprise/outages/new": "E",
    "POST /enterprise/outages/new": "E",
    "POST /enterprise/outages/preview": "E",
    "GET /enterprise/outages/streets": "E",
    "GET /enterprise/outages/{id}": "E",
    "GET /enterprise/outages/{id}/edit": "E",
    "POST /enterprise/outages/{id}/edit": "E",
    "POST /enterprise/outages/{id}/move": "E",
    "POST /enterprise/outages/{id}/end": "E",
    "POST /enterprise/outages/{id}/cancel": "E",
    "POST /enterprise/outages/{id}/reopen": "E",
    "GET /outage-register": "DHO",
    "GET /outage-register.{format}": "DHO",
    "GET /outage-register/new": "DH",
    "POST /outage-register/new": "DH",
    "POST /outage-register/preview": "DH",
    "GET /outage-register/streets": "DH",
    "GET /outage-register/{id}": "DHO",
    "GET /outage-register/{id}/edit": "DH",
    "POST /outage-register/{id}/edit": "DH",
    "POST /outage-register/{id}/move": "DH",
    "POST /outage-register/{id}/end": "DH",
    "POST /outage-register/{id}/cancel": "DH",
    "POST /outage-register/{id}/reopen": "DH",
    "POST /appeals/{number}/outage": "DH",
    "GET /outage-register/alerts": "DH",
    "GET /outage-register/alerts/{alert}": "DH",
    "POST /outage-register/alerts/{alert}/accept": "DH",
    "POST /outage-register/alerts/{alert}/belongs": "DH",
    "POST /outage-register/alerts/{alert}/dismiss": "DH",
    "GET /informing": "DH",
    "GET /informing/new": "DH",
    "POST /informing/new": "DH",
    "GET /informing/{id}": "DH",
    "GET /informing/{id}/edit": "DH",
    "POST /informing/{id}/edit": "DH",
    "POST /informing/{id}/move": "DH",
    "POST /informing/{id}/refuse": "H",
    "POST /informing/{id}/repeat": "DH",
    "GET /informing/{id}/voice.wav": "DH",
    "POST /informing/{id}/voice": "DH",
    "POST /informing/{id}/voice/take-back": "DH",
    "POST /informing/{id}/try": "DH",
    "GET /informing/{id}/progress": "DH",
    "GET /informing/{id}/counted": "DH",
    "GET /informing/{id}/people.{format}": "DH",
    "GET /informing/{id}/report.pdf": "DH",
    "GET /informing/{id}/report.{format}": "DH",
    "GET /desk/call-out": "D",
    "POST /desk/call-out": "D",
    "POST /desk/third": "D",
    "GET /desk/phone": "D",
    "POST /desk/phone": "D",
    "GET /sip": "D",
    "GET /calls": "DH",
    "GET /calls.{format}": "DH",
    "GET /calls/missed": "DH",
    "GET /calls/{call}": "DH",
    "GET /calls/missed.{format}": "DH",
    "GET /calls/scheduled/new": "D",
    "POST /calls/scheduled/new": "D",
    "POST /calls/scheduled/{reference}/move": "DH",
    "POST /calls/scheduled/{reference}/close": "DH",
    "POST /calls/{call}/callback": "DH",
    "POST /calls/{call}/callback/claim": "DH",
    "POST /calls/{call}/callback/release": "DH",
    "POST /calls/{call}/notes": "DH",
    "GET /calls/{call}/recordings/{id}.wav": "DH",
    "GET /calls/{call}/recordings/{id}.json": "DH",
    "GET /calls/{call}/recordings/{id}/download": "H",
    "GET /calls/{call}/messages/{id}.wav": "DH",
    "GET /calls/{call}/messages/{id}.json": "DH",
    "GET /calls/{call}/messages/{id}/download": "H",
    "POST /calls/{call}/messages/{id}/heard": "DH",
}
"""A new route is added here as well: method and address → the roles' letters.

What programs reach by tokens, below /api/v1, has a table of its own in tests/cti_server/api.
"""


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


def routes(app: web.Application) -> list[str]:
    found = [
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource and route.method != "HEAD" and not route.resource.canonical.startswith("/api/v1/")
    ]
    return sorted(found)


def test_every_route_stands_in_the_table(app: web.Application) -> None:
    assert routes(app) == sorted(TABLE)


def test_every_handler_of_the_product_is_served_by_this_application(app: web.Application) -> None:
    """Or the table would not see a page that `service` adds and this test forgot."""
    served = {route.handler for route in app.router.routes()}
    served |= {one.run for one in OPERATIONS}
    forgotten = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, one in vars(module).items()
        if access_of(one) is not None and one.__module__ == module.__name__ and one not in served
    ]
    operations = {id(one) for module in modules() for one in vars(module).values() if type(one) is Operation}
    assert forgotten == []
    assert operations == {id(one) for one in OPERATIONS}


def modules() -> list[ModuleType]:
    names = [one.name for one in pkgutil.walk_packages(cti_server.__path__, "cti_server.")]
    return [importlib.import_module(name) for name in names]


@pytest.fixture
async def desk(users: Mapping[Role, User], accounts: Accounts, storage: Storage) -> None:
    """The dispatcher has a desk, the executor's user an enterprise."""
    one = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=one.id)
    enterprise = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    await change(accounts, users[Role.EXECUTOR], executor_id=enterprise.id)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("role", [None, *Role])
async def test_each_role_is_served_what_the_table_says_and_nothing_else(
    person: Person, role: Role | None
) -> None:
    for route, letters in TABLE.items():
        if role is not None and (not person.csrf or route == "GET /sign-in"):
            await person.sign_in(role.value)
        method, address = route.split()
        path = re.sub(r"{\w+}", "999", address.replace("{format}", "csv"))
        answer = await (person.get(path) if method == "GET" else person.post(path))
        got = "sign-in" if answer.status == 302 else answer.status
        if letters == ANYBODY or (role and role.value[0].upper() in letters):
            assert got not in {"sign-in", 403, 401, 500}, (route, role, got)
        else:
            assert got == (403 if role else "sign-in"), (route, role, got)
        if route == "POST /sign-out":
            person.csrf = ""


async def test_a_route_that_says_not_who_may_call_it_stops_the_application(app: web.Application) -> None:
    async def forgotten(_request: web.Request) -> web.Response:
        return web.Response()

    bare = web.Application()
    bare.router.add_get("/forgotten", forgotten)
    with pytest.raises(TypeError, match="who may call it"):
        await require_declared(bare)
    await require_declared(app)
