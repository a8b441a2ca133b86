"""The description: what programs and people read of the interface."""

from collections.abc import Mapping

from openapi_spec_validator import OpenAPIV31SpecValidator

from cti_server.api.routes import OPERATIONS
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import Person


async def test_the_document_describes_every_operation_in_the_readers_language(person: Person) -> None:
    document = await (await person.get("/api/openapi.json", headers={"Accept-Language": "en"})).json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert described == {(one.method, one.path) for one in OPERATIONS}
    assert document["paths"]["/api/v1/calls"]["get"]["summary"] == "List calls"
    ukrainian = await (await person.get("/api/openapi.json")).json()
    assert ukrainian["paths"]["/api/v1/calls"]["get"]["summary"] == "Перелік дзвінків"


async def test_the_document_is_valid_openapi_3_1(person: Person) -> None:
    document = await (await person.get("/api/openapi.json")).json()
    validator = OpenAPIV31SpecValidator(document)
    assert [error.message for error in validator.iter_errors()] == []
    document["info"].pop("title")
    assert list(OpenAPIV31SpecValidator(document).iter_errors())  # it does look


async def test_the_document_names_what_is_sent_and_every_status(person: Person) -> None:
    document = await (await person.get("/api/openapi.json")).json()
    change = document["paths"]["/api/v1/citizens/{id}"]["put"]
    assert [(one["name"], one["in"]) for one in change["parameters"]] == [
        ("id", "path"),
        ("If-Match", "header"),
    ]
    assert change["parameters"][1]["required"], "without it nothing is changed: 428"
    assert {"200", "401", "403", "404", "412", "413", "415", "422", "428", "429"} <= set(change["responses"])
    assert "ETag" in change["responses"]["200"]["headers"]


async def test_the_page_for_people_names_operations_events_and_errors(
    person: Person, users: Mapping[Role, User]
) -> None:
    del users
    page = await person.text("/api/")
    for word in (
        "/api/v1/appeals",
        "call.arrived",
        "presence.changed",
        "too-many-requests",
        "Перелік дзвінків",
    ):
        assert word in page
