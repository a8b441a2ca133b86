"""A token opens what it was made for, of all that its role may."""

from collections.abc import Mapping

import pytest
from aiohttp import web

from cti_server.api import openapi, socket
from cti_server.api.feed import Feed
from cti_server.api.routes import OPERATIONS
from cti_server.auth.revocation import WATCH
from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.line.presence_states import Presence
from service.node.bus import Bus
from storage.store import Storage
from tests.cti_server.api.conftest import Program, given_appeal
from tests.cti_server.api.test_events import arrived, stream, told
from tests.cti_server.conftest import MovedClock


async def narrow(storage: Storage, program: Program, *scopes: Scope) -> None:
    await storage.tokens.rescope(program.token.id, scopes)


async def test_a_token_that_registers_reads_nothing_and_is_told_what_it_lacks(
    head: Program, storage: Storage
) -> None:
    await narrow(storage, head, Scope.APPEALS_REGISTER)
    made = await head.ask("POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": "made-once"})
    assert made.status == 201, await made.text()
    appeal = await made.json()
    assert appeal["acts"] == [], "it may not act, and is not told that it could"
    refused = await head.ask("GET", f"/appeals/{appeal['number']}")
    assert (refused.status, (await refused.json())["code"]) == (403, "scope-needed")
    assert refused.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="appeals:read"')
    act = {"version": appeal["version"], "said": "Передзвонити", "internal": True}
    noted = await head.ask(
        "POST", f"/appeals/{appeal['number']}/note", json=act, headers={"Idempotency-Key": "noted-once"}
    )
    assert noted.status == 403
    assert len(await storage.handling.history(appeal["number"], hidden=True)) == 1


async def test_what_is_taken_from_a_token_is_no_more_told_on_its_open_stream(  # noqa: PLR0917 - fixtures
    head: Program, storage: Storage, bus: Bus, feed: Feed, clock: MovedClock, app: web.Application
) -> None:
    dispatcher = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    async with stream(head) as opened:
        await told(opened)
        bus.tell(arrived(clock))
        assert (await told(opened))["type"] == "call.arrived"
        await narrow(storage, head, Scope.LINE)
        await app[WATCH].look()
        bus.tell(arrived(clock, "hotline-2.2"))
        await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, clock.now())
        await feed.refresh()
        assert (await told(opened))["type"] == "presence.changed", "and no call before it"
        await narrow(storage, head, Scope.APPEALS_ACT)
        await app[WATCH].look()
        assert (await opened.receive()).data == socket.TOKEN_ENDED


@pytest.mark.parametrize("role", Role)
async def test_a_scope_opens_nothing_that_the_role_may_not(
    programs: Mapping[Role, Program], storage: Storage, role: Role
) -> None:
    program = programs[role]
    await narrow(storage, program, *Scope)
    answer = await program.ask("PUT", "/dispatchers/1/presence", json={"presence": "away"})
    assert answer.status == (404 if role is Role.HEAD else 403)


def test_the_document_names_the_scopes_of_each_operation() -> None:
    paths = openapi.document(OPERATIONS)["paths"]
    assert paths["/api/v1/appeals/{number}/accept"]["post"]["security"] == [{"token": ["appeals:act"]}]
    assert paths["/api/v1/categories"]["get"]["security"] == [
        {"token": ["appeals:read"]},
        {"token": ["appeals:register"]},
    ]
    assert all(one["security"] for path in paths.values() for one in path.values())
