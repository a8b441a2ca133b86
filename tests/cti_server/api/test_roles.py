"""Each role × each operation of the interface for programs, as a table that a person can check."""

import re
from collections.abc import Mapping

import pytest
from aiohttp import web

from hotline.access.permissions import Role
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.conftest import Person

TABLE = {
    "GET /api/v1/calls": "DH",
    "GET /api/v1/calls/{id}": "DH",
    "GET /api/v1/citizens": "DH",
    "POST /api/v1/citizens": "DH",
    "GET /api/v1/citizens/{id}": "DH",
    "PUT /api/v1/citizens/{id}": "DH",
    "GET /api/v1/appeals": "DHEO",
    "POST /api/v1/appeals": "DH",
    "GET /api/v1/appeals/{number}": "DHEO",
    "GET /api/v1/appeals/{number}/history": "DHEO",
    "POST /api/v1/appeals/{number}/accept": "DHE",
    "POST /api/v1/appeals/{number}/hand-back": "E",
    "POST /api/v1/appeals/{number}/begin-work": "E",
    "POST /api/v1/appeals/{number}/report-done": "E",
    "POST /api/v1/appeals/{number}/take-back": "E",
    "POST /api/v1/appeals/{number}/refuse-done": "DH",
    "POST /api/v1/appeals/{number}/came-back": "DH",
    "POST /api/v1/appeals/{number}/answered-elsewhere": "DH",
    "POST /api/v1/appeals/{number}/reopen": "DH",
    "POST /api/v1/appeals/{number}/ask-extension": "E",
    "POST /api/v1/appeals/{number}/note": "DHE",
    "POST /api/v1/appeals/{number}/assign": "DH",
    "GET /api/v1/categories": "DHEO",
    "GET /api/v1/executors": "DHO",
    "GET /api/v1/dispatchers": "DHOA",
    "GET /api/v1/dispatchers/{id}": "DHOA",
    "PUT /api/v1/dispatchers/{id}/presence": "H",
    "GET /api/v1/line": "DHOA",
    "GET /api/v1/outages": "DHEO",
    "POST /api/v1/outages": "DHE",
    "GET /api/v1/outages/{id}": "DHEO",
    "PUT /api/v1/outages/{id}": "DHE",
    "GET /api/v1/outages/{id}/history": "DHEO",
    "POST /api/v1/outages/{id}/end": "DHE",
    "POST /api/v1/outages/{id}/cancel": "DHE",
    "POST /api/v1/outages/{id}/reopen": "DHE",
    "GET /api/v1/events": "DHEOA",
}
"""Dispatcher, Head, Executor, Observer, Administrator: the roles whose tokens are served."""
PERSONAL = {
    "GET /api/v1/citizens",
    "POST /api/v1/citizens",
    "GET /api/v1/citizens/{id}",
    "PUT /api/v1/citizens/{id}",
}
"""Only for tokens with personal data."""


def test_every_operation_stands_in_the_table(app: web.Application) -> None:
    found = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource and route.resource.canonical.startswith("/api/v1/")
    }
    assert found == set(TABLE)


def path_of(route: str) -> tuple[str, str]:
    method, address = route.split()
    return method, re.sub(r"{\w+}", "999", address)


@pytest.mark.parametrize("role", Role)
async def test_each_role_is_served_what_the_table_says_and_nothing_else(
    programs: Mapping[Role, Program], role: Role
) -> None:
    for route, letters in TABLE.items():
        method, path = path_of(route)
        answer = await programs[role].client.request(method, path, headers=programs[role].headers)
        if role.value[0].upper() in letters:
            assert answer.status not in {401, 403, 500}, (route, answer.status)
        else:
            assert (answer.status, (await answer.json())["code"]) == (403, "forbidden"), route


async def test_without_personal_data_the_citizens_are_closed(masked: Program) -> None:
    for route in TABLE:
        method, path = path_of(route)
        answer = await masked.client.request(method, path, headers=masked.headers)
        said = (await answer.json()).get("code", "")
        assert (answer.status == 403 and said == "personal-data") is (route in PERSONAL), route


async def test_neither_nobody_nor_whoever_is_signed_in_is_served_without_a_token(
    client: Client, person: Person, programs: Mapping[Role, Program]
) -> None:
    await person.sign_in(Role.HEAD.value)
    for route in TABLE:
        method, path = path_of(route)
        answer = await client.request(method, path, headers=person.origin)
        assert answer.status == 401, route
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert (await answer.json())["code"] == "token-needed"
    secret = programs[Role.HEAD].secret
    assert (await client.get(f"/api/v1/line?access_token={secret}")).status == 401
