"""Another program reports for a resident: by a form and a key, once however often it is sent."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.appeals.appeal import AppealKind, AppealState, Receipt
from hotline.portal import report
from hotline.portal.report import Source
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.conftest import MovedClock
from tests.fakes.register import Register

REQUESTS = "/open311/v2/requests"
LIGHT = {
    "service_code": "street-light",
    "lat": "51.5225",
    "long": "30.718",
    "address_string": "Київський квартал, 7",
    "description": "Темно біля третього під'їзду",
    "email": "olena@example.org",
    "first_name": "Олена",
    "last_name": "Іваненко",
}


@pytest.fixture
def key(programs: Mapping[Role, Program]) -> str:
    return programs[Role.DISPATCHER].secret


async def posted(client: Client, form: Mapping[str, str], status: int = 201) -> Any:
    answer = await client.post(f"{REQUESTS}.json", data=form)
    assert answer.status == status, await answer.text()
    return (await answer.json())[0]


async def test_a_token_that_was_not_made_for_it_is_no_key(
    client: Client, storage: Storage, programs: Mapping[Role, Program]
) -> None:
    program = programs[Role.DISPATCHER]
    await storage.tokens.rescope(program.token.id, [Scope.APPEALS_REGISTER])
    refused = await posted(client, {**LIGHT, "api_key": program.secret}, 403)
    assert "api_key" in refused["description"]


async def test_a_request_becomes_an_appeal_and_is_read_by_its_id(
    client: Client, storage: Storage, key: str
) -> None:
    filed = await posted(client, {**LIGHT, "api_key": key, "jurisdiction_id": "hotline.example"})
    appeal = await storage.registry.find(filed["service_request_id"])
    assert appeal is not None
    assert (appeal.kind, appeal.receipt, appeal.category) == (
        AppealKind.REPORT,
        Receipt.ONLINE,
        "street-light",
    )
    assert appeal.address == LIGHT["address_string"]
    assert appeal.reply_to == "", "an address that nobody confirmed gets no message"
    read = await client.get(f"{REQUESTS}/{appeal.number}.json")
    text = await read.text()
    assert '"open"' in text
    for hidden in (LIGHT["description"], LIGHT["email"], "Олена", "51.5225"):
        assert hidden not in text
    token = await client.get(f"/open311/v2/tokens/{appeal.number}.json")
    assert (await token.json())[0]["service_request_id"] == appeal.number


async def test_the_same_form_twice_at_once_is_one_request(
    client: Client, storage: Storage, clock: MovedClock, key: str
) -> None:
    sent = await asyncio.gather(*(posted(client, {**LIGHT, "api_key": key}) for _ in range(3)))
    assert len({one["service_request_id"] for one in sent}) == 1
    clock.pass_(minutes=30)
    again = await posted(client, {**LIGHT, "api_key": key})
    assert again["service_request_id"] != sent[0]["service_request_id"], "half an hour later it is meant"


async def test_attributes_are_answers_to_the_questions(client: Client, storage: Storage, key: str) -> None:
    defined = await (await client.get("/open311/v2/services/manhole-open.json")).json()
    typed = {"number": "3", "datetime": "2026-03-02T10:00:00Z", "text": "у підвалі"}
    given = {
        f"attribute[{one['code']}]": typed.get(one["datatype"]) or one["values"][0]["key"]
        for one in defined["attributes"]
    }
    form = {**LIGHT, **given, "service_code": "manhole-open", "api_key": key}
    filed = await posted(client, form)
    appeal = await storage.registry.find(filed["service_request_id"])
    assert appeal is not None
    assert [one.code for one in appeal.details] == [one["code"] for one in defined["attributes"]]
    needed = next(one["code"] for one in defined["attributes"] if one["required"])
    fault = await posted(client, {name: one for name, one in form.items() if needed not in name}, 400)
    assert needed in fault["description"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "hotline_wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "none-such"}, 404),
        ({"service_code": "public-information"}, 404),
        ({"jurisdiction_id": "elsewhere.gov"}, 404),
        ({"lat": "NaN"}, 400),
        ({"lat": "1e999"}, 400),
        ({"lat": ""}, 400),
        ({"lat": "", "long": "", "address_string": " "}, 400),
        ({"phone": "nobody"}, 400),
        ({"email": "no address"}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"description": "я" * 4001}, 400),
        ({"description": "a\0b"}, 400),
        ({"attribute[none]": "1"}, 400),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_kept(
    client: Client, key: str, change: Mapping[str, str], status: int
) -> None:
    fault = await posted(client, {**LIGHT, "api_key": key, **change}, status)
    assert fault["code"] == status
    assert fault["description"]
    assert await (await client.get(f"{REQUESTS}.json")).json() == []


async def test_a_key_that_may_not_report_and_one_in_the_address_are_refused(
    client: Client, programs: Mapping[Role, Program], key: str
) -> None:
    await posted(client, {**LIGHT, "api_key": programs[Role.OBSERVER].secret}, 403)
    answer = await client.post(f"{REQUESTS}.json?api_key={key}", data=LIGHT)
    assert answer.status == 403


async def test_xml_and_json_that_are_posted_are_not_even_parsed(client: Client, key: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><service_requests>&d;</service_requests>'
    for kind, body in (("text/xml", bomb), ("application/json", '{"service_code": "street-light"}')):
        headers = {"Content-Type": kind, "Authorization": f"Bearer {key}"}
        answer = await client.post(f"{REQUESTS}.xml", data=body, headers=headers)
        assert answer.status == 400
        assert "<code>400</code>" in await answer.text()


async def test_a_form_without_an_end_is_cut_off(client: Client, key: str) -> None:
    answer = await client.post(f"{REQUESTS}.json", data={**LIGHT, "api_key": key, "device_id": "x" * 70_000})
    assert answer.status == 413


UPDATES = "/open311/v2/servicerequestupdates.json"


async def told_update(client: Client, form: Mapping[str, str], status: int = 201) -> Any:
    answer = await client.post(UPDATES, data=form)
    assert answer.status == status, await answer.text()
    return (await answer.json())[0]


async def test_an_enterprise_closes_by_its_word_and_the_request_stays_open(
    client: Client, storage: Storage, register: Register, programs: Mapping[Role, Program]
) -> None:
    light = await register.appeal("2600001", AppealState.ASSIGNED)
    form = {
        "api_key": programs[Role.EXECUTOR].secret,
        "service_request_id": light.number,
        "status": "CLOSED",
        "description": "Лампу замінено",
        "update_id": "crm-5",
    }
    sent = await asyncio.gather(*(told_update(client, form) for _ in range(2)))
    assert len({one["update_id"] for one in sent}) == 1
    now = await register.now(light.number)
    assert (now.state, now.answer) == (AppealState.DONE, "Лампу замінено")
    [told] = await (await client.get(f"{REQUESTS}/{light.number}.json")).json()
    assert told["status"] == "open", "until the applicant says so"
    assert "Лампу" not in await (await client.get(UPDATES)).text()


async def test_the_centre_notes_and_cannot_close_and_strangers_do_neither(
    client: Client, storage: Storage, register: Register, key: str, programs: Mapping[Role, Program]
) -> None:
    light = await register.appeal("2600001", AppealState.REGISTERED)
    form = {"service_request_id": light.number, "description": "Дзвонив сусід"}
    await told_update(client, {**form, "api_key": key})
    [*_, line] = await storage.handling.history(light.number, hidden=True)
    assert (line.act, line.said, line.hidden) == ("note", "Дзвонив сусід", True)
    await told_update(client, {**form, "api_key": key, "status": "closed"}, 400)
    await told_update(client, {**form, "api_key": key, "description": ""}, 400)
    await told_update(client, {**form, "api_key": key, "service_request_id": "2699999"}, 404)
    await told_update(client, {**form, "api_key": programs[Role.EXECUTOR].secret}, 404)
    await told_update(client, {**form, "api_key": programs[Role.OBSERVER].secret}, 403)
    assert (await register.now(light.number)).state is AppealState.REGISTERED


async def test_a_program_that_reports_without_end_is_held_off_in_the_standards_words(
    client: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(report.MOST_OF_ONE, Source.OPEN311, 1)  # type: ignore[arg-type]
    await posted(client, {**LIGHT, "api_key": key})
    fault = await posted(client, {**LIGHT, "api_key": key, "description": "Ще раз"}, 429)
    assert fault["code"] == 429
