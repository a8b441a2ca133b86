"""Each role × each route: who may call what, as a table that a person can check."""

import re

import pytest
from aiohttp import web

from cti_server.auth.access import require_declared
from hotline.users import Role
from tests.cti_server.conftest import Person

ALL = "DHEOA"
"""Dispatcher, Head, Executor, Observer, Administrator."""
ANYBODY = "*"
TABLE = {
    "GET /": ANYBODY,
    "GET /status.css": ANYBODY,
    "GET /health/live": ANYBODY,
    "GET /health/ready": ANYBODY,
    "GET /static/{name}": ANYBODY,
    "POST /preferences": ANYBODY,
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/code": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "POST /sign-out": ALL,
    "GET /account": ALL,
    "POST /account/password": ALL,
    "GET /account/totp": ALL,
    "POST /account/totp": ALL,
    "POST /account/totp/off": ALL,
    "GET /admin/users": "HA",
    "GET /admin/users/new": "HA",
    "POST /admin/users/new": "HA",
    "GET /admin/users/{id}": "HA",
    "POST /admin/users/{id}": "HA",
    "POST /admin/users/{id}/password": "HA",
    "POST /admin/users/{id}/deactivate": "HA",
    "POST /admin/users/{id}/activate": "HA",
    "GET /admin/audit": "HA",
    "GET /admin/audit.csv": "HA",
}
"""A new route is added here as well: method and address → the roles' letters."""


def routes(app: web.Application) -> list[str]:
    found = [
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource and route.method != "HEAD"
    ]
    return sorted(found)


def test_every_route_stands_in_the_table(app: web.Application) -> None:
    assert routes(app) == sorted(TABLE)


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("role", [None, *Role])
async def test_each_role_is_served_what_the_table_says_and_nothing_else(
    person: Person, role: Role | None
) -> None:
    for route, letters in TABLE.items():
        if role is not None and (not person.csrf or route == "GET /sign-in"):
            await person.sign_in(role.value)
        method, address = route.split()
        path = re.sub(r"{\w+}", "999", address)
        answer = await (person.get(path) if method == "GET" else person.post(path))
        got = "sign-in" if answer.status == 302 else answer.status
        if letters == ANYBODY or (role and role.value[0].upper() in letters):
            assert got not in {"sign-in", 403, 401, 500}, (route, role, got)
        else:
            assert got == (403 if role else "sign-in"), (route, role, got)
        if route == "POST /sign-out":
            person.csrf = ""


def test_a_route_that_says_not_who_may_call_it_stops_the_application(app: web.Application) -> None:
    async def forgotten(_request: web.Request) -> web.Response:
        return web.Response()

    bare = web.Application()
    bare.router.add_get("/forgotten", forgotten)
    with pytest.raises(TypeError, match="who may call it"):
        require_declared(bare)
    require_declared(app)
