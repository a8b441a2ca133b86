"""Clients that nobody here wrote speak with us: PyPI `georeport`, and npm `open311` in Node."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from georeport import GeoReport  # type: ignore[import-untyped]

from cti_server.open311.sources import OPEN311
from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealState
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.open311.test_filing import LIGHT
from tests.fakes.register import Register


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_georeport_reads_services_and_requests(client: Client, register: Register, form: str) -> None:
    first = await register.appeal("2600001", AppealState.REGISTERED)
    second = await register.appeal("2600002", AppealState.IN_WORK)
    asking = GeoReport(
        str(client.make_url("/open311/v2/")), jurisdiction="hotline.example", output_format=form
    )

    async def ask(what: Callable[..., Any], *args: str, **named: str) -> Any:
        return await asyncio.to_thread(what, *args, **named)

    services = await ask(asking.get_service_list)
    assert first.category in {one["service_code"] for one in services}
    defined = await ask(asking.get_service_definition, "water-leak")
    assert defined["service_code"] == "water-leak"
    listed = await ask(asking.get_service_requests, start_date="2026-03-01T00:00:00Z", status="open")
    assert {one["service_request_id"] for one in listed} == {first.number, second.number}
    one = await ask(asking.get_service_request, second.number)
    assert (one["status"], one["agency_responsible"]) == ("open", "УЖКГ")


async def test_npm_open311_discovers_reports_and_reads_it_back(
    client: Client, app: web.Application, storage: Storage, programs: Mapping[Role, Program]
) -> None:
    here = client.make_url("/")
    object.__setattr__(app[OPEN311], "address", str(here.origin()))  # discovery leads to this very server
    given = {
        "discovery": str(here / "open311/discovery.json"),
        "jurisdiction": here.host,
        "apiKey": programs[Role.DISPATCHER].secret,
        "service": "water-leak",
        "report": {**LIGHT, "attributes": {}},
    }
    node = await asyncio.create_subprocess_exec(
        "node", str(Path(__file__).with_name("npm_client.cjs")), stdin=PIPE, stdout=PIPE
    )
    printed, _ = await node.communicate(json.dumps(given).encode())
    assert node.returncode == 0
    read = json.loads(printed)
    assert LIGHT["service_code"] in {one["service_code"] for one in read["services"]}
    assert read["definition"]["service_code"] == "water-leak"
    number = read["filed"]["service_request_id"]
    appeal = await storage.registry.find(number)
    assert appeal is not None
    assert (appeal.category, appeal.address) == (LIGHT["service_code"], LIGHT["address_string"])
    assert read["token"]["service_request_id"] == number
    assert (read["one"]["status"], read["one"]["service_request_id"]) == ("open", number)
    assert [one["service_request_id"] for one in read["several"]] == [number]
    assert [one["service_request_id"] for one in read["open"]] == [number]
