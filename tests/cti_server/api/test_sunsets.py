"""What will end says so in every answer, and in the description."""

from datetime import date, timedelta

import pytest

from cti_server.api import openapi, operation
from cti_server.api.routes import OPERATIONS
from cti_server.api.sunsets import SUNSETS, Sunset
from tests.cti_server.api.conftest import Program

ENDS = Sunset(since=date(2027, 1, 1), until=date(2028, 1, 1), instead="read_appeal")


async def test_an_operation_that_will_end_says_so_and_answers_as_ever(
    head: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await head.ask("GET", "/line")
    monkeypatch.setattr(operation, "SUNSETS", {"read_line": ENDS})
    monkeypatch.setattr(openapi, "SUNSETS", {"read_line": ENDS})
    answer = await head.ask("GET", "/line")
    assert (answer.status, await answer.json()) == (200, await before.json())
    assert answer.headers["Deprecation"] == "@1798761600"
    assert answer.headers["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert answer.headers["Link"] == '</api/#read_appeal>; rel="successor-version"'
    assert "Sunset" not in before.headers
    described = openapi.document(OPERATIONS)["paths"]
    assert described["/api/v1/line"]["get"]["deprecated"] is True
    assert "deprecated" not in described["/api/v1/calls"]["get"]


def test_what_ends_is_told_a_year_before_and_names_what_is_instead() -> None:
    names = {one.name for one in OPERATIONS}
    for name, ends in SUNSETS.items():
        assert {name, ends.instead} <= names
        assert ends.until - ends.since >= timedelta(days=365)
