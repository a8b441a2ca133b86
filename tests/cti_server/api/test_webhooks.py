"""Webhooks as the token's own system makes and keeps them."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.access.users import AuditFilter
from hotline.webhooks.webhook import Places
from storage.store import Storage
from tests.cti_server.api.conftest import Program, given_appeal

AT = "https://system.example/hotline"
WANTED = {"address": AT, "events": ["appeal.registered", "appeal.changed"]}


async def done(program: Program, method: str, path: str, status: int = 200, **options: Any) -> Any:
    answer = await program.ask(method, f"/webhooks{path}", **options)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def test_a_webhook_is_made_shown_tested_turned_off_and_ended(head: Program, storage: Storage) -> None:
    made = await done(head, "POST", "", 201, json=WANTED)
    assert made["secret"].startswith("whsec_")
    assert (made["address"], made["events"], made["state"]) == (AT, sorted(WANTED["events"]), "on")
    one = f"/{made['id']}"
    assert (await done(head, "GET", one))["secret"] is None, "the secret is shown once"
    await done(head, "POST", f"{one}/test")
    (sent,) = (await done(head, "GET", f"{one}/deliveries"))["items"]
    assert (sent["type"], sent["state"], sent["tries"]) == ("ping", "owed", 0)
    assert (await done(head, "POST", f"{one}/turn-off"))["state"] == "off"
    assert (await done(head, "POST", f"{one}/turn-off", 409))["code"] == "forbidden-transition"
    assert (await done(head, "POST", f"{one}/resume"))["state"] == "on"
    renewed = await done(head, "POST", f"{one}/renew")
    assert renewed["secret"] != made["secret"]
    assert (await storage.webhooks.get(made["id"])).old_secret == made["secret"]
    assert (await done(head, "DELETE", one))["state"] == "ended"
    assert (await done(head, "GET", one, 404))["code"] == "not-found"
    assert (await done(head, "GET", ""))["items"] == []


async def test_it_is_sent_back_to_a_moment(head: Program, storage: Storage) -> None:
    made = await done(head, "POST", "", 201, json=WANTED)
    appeal = await head.ask("POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": "made-once"})
    since = (await appeal.json())["registered_at"]
    hook = await storage.webhooks.get(made["id"])
    await storage.webhooks.feed(hook, [], Places(appeal=1), hook.made_at)
    await done(head, "POST", f"/{made['id']}/replay", json={"since": since})
    back = await storage.webhooks.get(made["id"])
    assert (back.appeal_place, back.replays) == (0, 1)


async def test_nobody_elses_webhook_is_there_and_none_beyond_the_scopes(
    programs: Mapping[Role, Program], storage: Storage
) -> None:
    head, other = programs[Role.HEAD], programs[Role.OBSERVER]
    made = await done(head, "POST", "", 201, json=WANTED)
    for method, path in (("GET", ""), ("GET", "/deliveries"), ("POST", "/test"), ("DELETE", "")):
        await done(other, method, f"/{made['id']}{path}", 404)
    assert (await done(other, "GET", ""))["items"] == []
    await storage.tokens.rescope(other.token.id, [Scope.WEBHOOKS, Scope.OUTAGES_READ])
    refused = await done(other, "POST", "", 422, json=WANTED)
    assert refused["errors"][0]["where"] == "body.events"
    await done(other, "POST", "", 201, json={"address": AT, "events": ["outage.changed"]})


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"address": "http://system.example/"}, "body.address"),
        ({"address": "https://user:word@system.example/"}, "body.address"),
        ({"events": []}, "body.events"),
        ({"events": ["call.offered"]}, "body.events[0]"),
    ],
)
async def test_what_is_wrong_is_told_at_its_place(
    head: Program, changed: Mapping[str, object], where: str
) -> None:
    refused = await done(head, "POST", "", 422, json={**WANTED, **changed})
    assert [one["where"] for one in refused["errors"]] == [where]


async def test_one_address_is_told_once_and_a_token_has_five(head: Program) -> None:
    for number in range(5):
        await done(head, "POST", "", 201, json={**WANTED, "address": f"{AT}/{number}"})
    await done(head, "POST", "", 422, json={**WANTED, "address": f"{AT}/1"})
    await done(head, "POST", "", 409, json={**WANTED, "address": f"{AT}/5"})


async def test_of_many_made_at_once_five_are_and_no_address_stands_in_the_audit_log(
    head: Program, storage: Storage, accounts: Accounts
) -> None:
    wanted = [{**WANTED, "address": f"{AT}/{number}?key=hidden"} for number in range(8)]
    answers = await asyncio.gather(*(head.ask("POST", "/webhooks", json=one) for one in wanted))
    assert sorted(one.status for one in answers) == [201] * 5 + [409] * 3
    assert len(await storage.webhooks.all()) == 5
    written = await accounts.audit.find(AuditFilter(), limit=50)
    said = [one.detail for one in written if one.subject.startswith("webhook:")]
    assert [one.rpartition("; ")[2] for one in said] == ["system.example"] * 5
