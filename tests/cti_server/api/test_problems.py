import json

import pytest

from tests.cti_server.api.conftest import Client, Program, given_appeal

KEY = {"Idempotency-Key": "request-0001", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("accepted", "title"),
    [
        (None, "Такого немає"),
        ("en", "There is no such thing"),
        ("de, en;q=0.5, uk;q=0.1", "There is no such thing"),
        ("en;q=0.2, uk;q=0.8", "Такого немає"),
        ("fr", "Такого немає"),
        ("en;q=x", "Такого немає"),
    ],
)
async def test_errors_are_told_in_the_readers_language(
    head: Program, accepted: str | None, title: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = await head.ask("GET", "/calls/none-1.1", headers=headers)
    problem = await answer.json()
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert (problem["title"], problem["code"], problem["status"]) == (title, "not-found", 404)
    assert problem["type"] == "/api/#not-found"
    assert answer.headers["Content-Language"] == ("en" if title.startswith("There") else "uk")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "not-json"),
        (b"\xff", "application/json", 400, "not-json"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "json-needed"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', "application/json", 413, "http"),
        (b"[]", "application/json", 422, "invalid"),
        (b'{"text": NaN}', "application/json", 400, "not-json"),
        (b"[" * 60_000, "application/json", 400, "not-json"),
        (b"1" * 6000, "application/json", 422, "invalid"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told_why(
    head: Program, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = await head.ask("POST", "/appeals", data=body, headers={**KEY, "Content-Type": kind})
    assert (answer.status, (await answer.json())["code"]) == (status, code)


async def test_a_body_is_told_all_its_faults_at_once(head: Program) -> None:
    sent = {"kind": "none such", "starts_at": "вчора", "colour": "red"}
    answer = await head.ask("POST", "/outages", json=sent, headers=KEY)
    places = [one["where"] for one in (await answer.json())["errors"]]
    assert answer.status == 422
    assert sorted(places) == [
        *("body.colour", "body.expected_end", "body.kind", "body.starts_at", "body.utility"),
    ]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "query.limit"),
        ("limit=x", "query.limit"),
        ("limit=1&limit=2", "query.limit"),
        ("since=2026-03-02", "query.since"),
        ("since=2026-03-02T12:00:00", "query.since"),
        ("outcome=won", "query.outcome"),
        ("colour=red", "query.colour"),
        ("cursor=abc", "query.cursor"),
        ("cursor=WyIxIl0", "query.cursor"),
        ("number=1580", "query.number"),
        ("until=null", "query.until"),
        ("until=1700000000", "query.until"),
    ],
)
async def test_a_filter_that_is_wrong_is_named(head: Program, query: str, where: str) -> None:
    answer = await head.ask("GET", f"/calls?{query}")
    problem = await answer.json()
    assert (answer.status, [one["where"] for one in problem["errors"]]) == (422, [where])
    assert all(one["reason"] for one in problem["errors"])


async def test_unknown_addresses_and_methods_are_problems_too(client: Client, head: Program) -> None:
    nowhere = await client.get("/api/v1/nowhere")
    assert (nowhere.status, nowhere.content_type) == (404, "application/problem+json")
    wrong = await head.ask("DELETE", "/calls")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET")
    preflight = await client.options("/api/v1/calls", headers={"Origin": "https://elsewhere.example"})
    assert preflight.status == 405
    assert not [name for name in preflight.headers if name.lower().startswith("access-control")]


async def test_a_whole_number_is_an_integer_however_it_is_written(head: Program) -> None:
    made = await (await head.ask("POST", "/appeals", json=given_appeal(), headers=KEY)).json()
    path, sent = f"/appeals/{made['number']}/note", {"text": "?", "internal": True}
    for at, version in enumerate(("1.5", "1e0")):
        body = json.dumps(sent)[:-1] + f', "version": {version}}}'
        key = {"Idempotency-Key": f"note-000{at}", "Content-Type": "application/json"}
        answer = await head.ask("POST", path, data=body.encode(), headers=key)
        assert answer.status == (422 if version == "1.5" else 200), await answer.text()


async def test_the_log_says_what_is_wrong_and_prints_no_template(
    head: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await head.ask("POST", "/appeals", json=given_appeal(text=7), headers=KEY)
    (line,) = [one.getMessage() for one in caplog.records if "request refused" in one.getMessage()]
    assert line.endswith("body.text: `str` is expected, and `int` came.")
