"""Anybody reads services and requests, in JSON and XML, and nothing of it is about a person."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from cti_server.auth.rates import Rates, TokenLimits
from cti_server.open311.sources import OPEN311
from hotline.appeals.acts.actors import Actor, ActorRole
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import AppealKind, AppealState
from storage.store import Storage
from tests.cti_server.api.conftest import Client
from tests.cti_server.conftest import MovedClock
from tests.fakes.register import Register

V2 = "/open311/v2"


async def told(client: Client, path: str, status: int = 200) -> Any:
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/json; charset=utf-8")
    return await answer.json()


async def written(client: Client, path: str, status: int = 200) -> Element:
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/xml; charset=utf-8")
    body = await answer.read()
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
    return fromstring(body)  # noqa: S314 - our own


async def test_discovery_leads_to_the_services(client: Client) -> None:
    found = await told(client, "/open311/discovery.json")
    [endpoint] = found["endpoints"]
    assert endpoint["url"] == "https://hotline.example/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    in_xml = await written(client, "/open311/discovery.xml")
    assert [one.text for one in in_xml.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]


async def test_services_are_the_categories_and_attributes_their_questions(client: Client) -> None:
    listed = await told(client, f"{V2}/services.json")
    leak = next(one for one in listed if one["service_code"] == "water-leak")
    assert (leak["type"], leak["metadata"], leak["group"]) == ("realtime", True, "Municipal services")
    assert "public-information" not in {one["service_code"] for one in listed}, "another law, another form"
    defined = await told(client, f"{V2}/services/water-leak.json")
    assert defined["service_code"] == "water-leak"
    assert [one["order"] for one in defined["attributes"]] == list(range(1, len(defined["attributes"]) + 1))
    in_xml = await written(client, f"{V2}/services/water-leak.xml")
    assert [one.text for one in in_xml.iterfind("attributes/attribute/code")] == [
        one["code"] for one in defined["attributes"]
    ]
    chosen = next(one for one in defined["attributes"] if one["datatype"] == "singlevaluelist")
    assert all(one["key"] and one["name"] for one in chosen["values"])


async def test_a_request_tells_state_and_enterprise_and_nothing_of_a_person(
    client: Client, register: Register
) -> None:
    appeal = await register.appeal("2600001", AppealState.REGISTERED)
    answer = await client.get(f"{V2}/requests/{appeal.number}.json", headers={"Accept-Language": "en"})
    text = await answer.text()
    [told_of] = await answer.json()
    assert (told_of["status"], told_of["status_notes"]) == ("open", "Registered")
    assert told_of["requested_datetime"] == "2026-03-02T12:00:00Z"
    assert told_of["service_code"] == appeal.category
    for hidden in (appeal.text, appeal.address, appeal.applicant_number or "+380"):
        assert hidden not in text
    request = (await written(client, f"{V2}/requests/{appeal.number}.xml")).find("request")
    assert request is not None
    assert request.findtext("service_request_id") == appeal.number


async def test_filters_bound_what_is_found(client: Client, register: Register, clock: MovedClock) -> None:
    old = await register.appeal("2600001", AppealState.REGISTERED)
    clock.pass_(days=100)
    new = await register.appeal("2600002", AppealState.REGISTERED)

    async def ids(query: str) -> list[str]:
        return [one["service_request_id"] for one in await told(client, f"{V2}/requests.json?{query}")]

    assert await ids("") == [new.number], "the last 90 days by themselves"
    assert await ids(f"service_request_id={old.number},{new.number}&status=closed") == [
        old.number,
        new.number,
    ]
    assert await ids("start_date=2026-03-01T00:00:00Z&end_date=2026-03-02T12:00:00Z") == [old.number]
    assert await ids("start_date=2026-03-01T00:00:00Z&end_date=2026-03-02T13:59:59%2B02:00") == []
    assert await ids("status=closed") == []
    assert await ids("status=open,closed&service_code=") == [new.number]
    assert await ids(f"service_code={new.category}") == [new.number]
    assert await ids("service_code=lift-stuck") == []


async def test_requests_for_public_information_are_not_listed(client: Client, register: Register) -> None:
    light = await register.appeal("2600001", AppealState.REGISTERED)
    asked = await register.other_address(light, number="2600002", kind=AppealKind.INFORMATION_REQUEST)
    await told(client, f"{V2}/requests/{asked.number}.json", status=404)
    [listed] = await told(client, f"{V2}/requests.json")
    assert listed["service_request_id"] == light.number


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services.json?jurisdiction_id=elsewhere.gov", 404),
        ("services/none-such.json", 404),
        ("requests/9999999.json", 404),
        ("requests/٣٣٣.json", 404),
        ("requests.json?service_code=none-such", 404),
        ("requests.json?status=fixed", 400),
        ("requests.json?start_date=2026-03-01", 400),
        ("requests.json?start_date=2026-03-01T00:00:00", 400),
        ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
        ("requests.json?start_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z", 400),
        ("requests.json?service_request_id=" + ",".join(map(str, range(60))), 400),
    ],
)
async def test_faults_are_the_standards(client: Client, path: str, status: int) -> None:
    [fault] = await told(client, f"{V2}/{path}", status=status)
    assert fault["code"] == status
    assert fault["description"]
    in_xml = await written(client, f"{V2}/{path.replace('.json', '.xml', 1)}", status=status)
    assert in_xml.findtext("error/code") == str(status)


async def test_our_own_jurisdiction_may_be_named(client: Client) -> None:
    await told(client, f"{V2}/services.json?jurisdiction_id=www.Hotline.example")


async def test_a_network_that_asks_without_pause_waits(client: Client, app: Any) -> None:
    object.__setattr__(app[OPEN311], "asked", Rates(TokenLimits(per_second=0.01, at_once=1)))
    await told(client, f"{V2}/services.json")
    answer = await client.get(f"{V2}/requests.json")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    [fault] = await answer.json()
    assert fault["code"] == 429


async def test_a_caller_of_another_century_is_answered(client: Client) -> None:
    path = f"{V2}/requests.json?start_date=0001-01-01T00:00:00%2B14:00"
    assert await told(client, path) == []


async def test_updates_tell_what_moved_between_two_moments(
    client: Client, storage: Storage, register: Register, clock: MovedClock
) -> None:
    light = await register.appeal("2600001", AppealState.ASSIGNED)
    await register.other_address(light, number="2600002", kind=AppealKind.INFORMATION_REQUEST)
    clock.pass_(hours=1)
    executor = Actor(part=ActorRole.EXECUTOR, executor_id=light.executor_id)
    await storage.handling.carry_out(light.number, Accept(by=executor, at=clock.now()), version=None)
    listed = await told(client, f"{V2}/servicerequestupdates.json")
    assert [(one["service_request_id"], one["description"]) for one in listed] == [
        (light.number, "Accepted by the executor"),
        (light.number, "Assigned"),
    ]
    assert len({one["update_id"] for one in listed}) == len(listed)
    later = await told(client, f"{V2}/servicerequestupdates.json?start_date=2026-03-02T12:30:00Z")
    assert [one["status"] for one in later] == ["open"]
    in_xml = await written(client, f"{V2}/servicerequestupdates.xml?end_date=2026-03-02T12:30:00Z")
    assert [one.text for one in in_xml.iterfind("request_update/description")] == ["Assigned"]
