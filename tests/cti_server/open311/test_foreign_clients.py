"""Clients that nobody here wrote read what we serve: PyPI `georeport`."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from georeport import GeoReport  # type: ignore[import-untyped]

from hotline.appeals.appeal import AppealState
from tests.cti_server.api.conftest import Client
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
