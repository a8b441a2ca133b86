"""What is served is held against the schema that the community of Open311 publishes, in JSON and in XML."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from aiohttp import web
from jsonschema_rs import Draft202012Validator, ValidationError

from cti_server.auth.rates import Rates, TokenLimits
from cti_server.open311.sources import OPEN311
from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealState
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.open311.test_filing import LIGHT
from tests.fakes.register import Register

SCHEMA = json.loads(Path(__file__).with_name("georeport-v2.json").read_text(encoding="utf-8"))
V2 = "/open311/v2"
STATES = (
    AppealState.REGISTERED,
    AppealState.IN_WORK,
    AppealState.BEING_CHECKED,
    AppealState.CLOSED,
    AppealState.DISPUTED,
)


@pytest.fixture(autouse=True)
def _patient(app: web.Application) -> None:
    object.__setattr__(app[OPEN311], "asked", Rates(TokenLimits(per_second=1000, at_once=1000)))


def require(kind: str, document: Any) -> None:
    """Hold a document against its part of the schema."""
    part = {**SCHEMA, "$ref": f"#/$defs/{kind}"}
    Draft202012Validator(part, validate_formats=True).validate(document)


def require_alike(element: Element, document: Any) -> None:
    """Require that the XML says what the JSON does, element by element."""
    if isinstance(document, Mapping):
        assert [one.tag for one in element] == [*document]
        for one, value in zip(element, document.values(), strict=True):
            require_alike(one, value)
    elif isinstance(document, list):
        assert len({one.tag for one in element}) <= 1, "a list of one kind"
        for one, value in zip(element, document, strict=True):
            require_alike(one, value)
    else:
        wanted = "" if document is None else str(document)
        assert (element.text or "") == (wanted.lower() if isinstance(document, bool) else wanted)


async def told(client: Client, path: str, kind: str) -> Any:
    """Read it in both forms, and hold both against the schema."""
    document = await (await client.get(f"{V2}/{path}.json")).json()
    require(kind, document)
    in_xml = await (await client.get(f"{V2}/{path}.xml")).read()
    require_alike(fromstring(in_xml), document)  # noqa: S314 - our own
    return document


async def test_services_and_every_definition_are_as_published(client: Client) -> None:
    services = await told(client, "services", "services")
    kinds: set[str] = set()
    for one in services:
        if one["metadata"]:
            defined = await told(client, f"services/{one['service_code']}", "service_definition")
            kinds |= {attribute["datatype"] for attribute in defined["attributes"]}
    assert kinds >= {"text", "singlevaluelist", "datetime"}


async def test_requests_in_every_state_and_what_is_filed_are_as_published(
    client: Client, register: Register, programs: Mapping[Role, Program]
) -> None:
    for number, state in enumerate(STATES):
        await register.appeal(f"260990{number}", state)
    form = {**LIGHT, "api_key": programs[Role.DISPATCHER].secret}
    filed = await (await client.post(f"{V2}/requests.json", data=form)).json()
    require("filed", filed)
    again = await (await client.post(f"{V2}/requests.xml", data=form)).read()
    require_alike(fromstring(again), filed)  # noqa: S314 - our own
    listed = await told(client, "requests", "requests")
    assert {one["status"] for one in listed} == {"open", "closed"}
    assert len(listed) == len(STATES) + 1
    number = filed[0]["service_request_id"]
    await told(client, f"requests/{number}", "requests")
    await told(client, f"tokens/{number}", "filed")


def test_the_schema_refuses_what_is_not_published() -> None:
    request = {
        "service_request_id": "1",
        "status": "fixed",
        "service_code": "x",
        "requested_datetime": "2026-03-02T12:00:00Z",
    }
    for wrong in ({}, {"status": "open", "requested_datetime": "2. März"}, {"status": "open", "lat": "51"}):
        with pytest.raises(ValidationError):
            require("requests", [request | wrong])
    require("requests", [request | {"status": "open"}])
