"""What other systems do with outages: an executor's own, and the centre's."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.enterprises.executors import Executor
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program, token_of
from tests.cti_server.api.test_events import stream, told
from tests.cti_server.conftest import MovedClock

pytestmark = pytest.mark.usefixtures("streets")
Made = dict[str, Any]


def given(**changed: object) -> Made:
    return {
        "utility": "heat",
        "kind": "unplanned",
        "starts_at": "2026-03-02T12:00:00Z",
        "expected_end": "2026-03-02T15:00:00Z",
        "areas": [{"street": "Київський кв-л", "first": 1, "last": 15, "side": "odd"}],
        "reason": "Прорив",
        **changed,
    }


async def enter(program: Program, key: str = "outage-0001", **changed: object) -> tuple[int, Made]:
    answer = await program.ask("POST", "/outages", json=given(**changed), headers={"Idempotency-Key": key})
    return answer.status, await answer.json()


async def act(program: Program, number: int, name: str, etag: str, **said: object) -> tuple[int, Made]:
    method, path = ("PUT", "") if name == "change" else ("POST", f"/{name}")
    answer = await program.ask(
        method, f"/outages/{number}{path}", json=said, headers={"If-Match": etag} if etag else {}
    )
    return answer.status, await answer.json()


async def etag_of(program: Program, number: int) -> str:
    return (await program.ask("GET", f"/outages/{number}")).headers["ETag"]


@pytest.fixture
def supplier(programs: Mapping[Role, Program]) -> Program:
    return programs[Role.EXECUTOR]


@pytest.fixture
async def rival(client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Program:
    water = await storage.executors.add("КП «Водоканал»", "Водоканал", ())
    user = users[Role.HEAD]
    return await token_of(client, storage, clock, Role.EXECUTOR, user=user, personal=True, executor=water)


async def test_an_executors_system_enters_moves_and_ends_its_own(
    supplier: Program, head: Program, heat: Executor, clock: MovedClock
) -> None:
    status, made = await enter(supplier, executor_id=heat.id)
    assert (status, made["executor_id"], made["source"], made["version"]) == (201, heat.id, "api", 1)
    assert made["areas"] == [
        {"street": "Київський квартал", "first": 1, "last": 15, "side": "odd", "letter": ""}
    ]
    number = made["id"]
    later = given(expected_end="2026-03-02T18:00:00Z")
    status, moved = await act(
        supplier, number, "change", await etag_of(supplier, number), **later, note="довше"
    )
    assert (status, moved["expected_end"]) == (200, "2026-03-02T18:00:00Z")
    clock.pass_(hours=3)
    status, ended = await act(supplier, number, "end", await etag_of(supplier, number))
    assert (status, ended["ended_at"]) == (200, "2026-03-02T15:00:00Z")
    etag = await etag_of(supplier, number)
    assert (await act(supplier, number, "reopen", etag, reason="ще немає"))[1]["ended_at"] is None
    etag = await etag_of(supplier, number)
    assert (await act(supplier, number, "cancel", etag, reason="помилка"))[1]["cancelled"] is True
    lines = (await head.get(f"/outages/{number}/history"))["items"]
    assert [(one["act"], one["source"], one["note"]) for one in lines] == [
        ("entered", "api", ""),
        ("end-moved", "api", "довше"),
        ("ended", "api", ""),
        ("reopened", "api", "ще немає"),
        ("cancelled", "api", "помилка"),
    ]


async def test_the_same_key_gives_the_outage_of_then_and_for_another_request_it_is_refused(
    supplier: Program, storage: Storage
) -> None:
    first, again = await asyncio.gather(enter(supplier), enter(supplier))
    assert first == again
    assert len(await storage.outages.find(limit=5)) == 1
    status, problem = await enter(supplier, reason="Інше")
    assert (status, problem["code"]) == (409, "key-reused")


async def test_what_may_be_there_already_is_refused_unless_it_is_sent_anyway(
    supplier: Program, head: Program
) -> None:
    _, first = await enter(supplier)
    status, problem = await enter(head, "other-0001", areas=[{"street": "Київський квартал", "first": 7}])
    assert (status, problem["code"]) == (409, "alike")
    assert str(first["id"]) in problem["errors"][0]["reason"]
    assert (await enter(head, "other-0002", anyway=True))[0] == 201


async def test_of_two_who_change_one_at_once_the_second_is_refused(supplier: Program, head: Program) -> None:
    _, made = await enter(supplier)
    etag = await etag_of(supplier, made["id"])
    both = [
        act(one, made["id"], "change", etag, **given(reason=reason))
        for one, reason in ((supplier, "Засувка"), (head, "Насос"))
    ]
    assert sorted([status for status, _ in await asyncio.gather(*both)]) == [200, 412]
    status, problem = await act(head, made["id"], "end", "")
    assert (status, problem["code"]) == (428, "condition-needed")


async def test_another_enterprises_outage_is_one_that_does_not_exist(
    supplier: Program, rival: Program, heat: Executor
) -> None:
    _, made = await enter(supplier)
    etag = await etag_of(supplier, made["id"])
    assert (await rival.get("/outages"))["items"] == []
    assert (await rival.get(f"/outages?executor={heat.id}"))["items"] == []
    assert (await rival.ask("GET", f"/outages/{made['id']}")).status == 404
    assert (await rival.ask("GET", f"/outages/{made['id']}/history")).status == 404
    for name, said in (
        ("change", given()),
        ("end", {}),
        ("cancel", {"reason": "?"}),
        ("reopen", {"reason": "?"}),
    ):
        status, problem = await act(rival, made["id"], name, etag, **said)
        assert (status, problem["code"]) == (404, "not-found"), name


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"areas": []}, "body.areas"),
        ({"city_wide": True}, "body.areas"),
        ({"areas": [{"street": "Хрещатик"}]}, "body.areas[0].street"),
        ({"areas": [{"street": "Ризький квартал", "first": 9, "last": 3}]}, "body.areas[0].first"),
        ({"areas": [{"street": "Ризький квартал", "first": 7, "letter": "а"}]}, "body.areas[0].letter"),
        ({"expected_end": "2026-03-02T12:00:00Z"}, "body.expected_end"),
    ],
)
async def test_what_is_wrong_is_named_by_its_place(head: Program, wrong: Made, where: str) -> None:
    status, problem = await enter(head, **wrong)
    assert (status, [one["where"] for one in problem["errors"]]) == (422, [where])


async def test_nobody_enters_for_an_enterprise_that_there_is_not(head: Program) -> None:
    status, problem = await enter(head, executor_id=999)
    assert (status, problem["errors"][0]["where"]) == (422, "body.executor_id")


async def test_the_list_is_read_page_by_page_with_its_filters(head: Program, supplier: Program) -> None:
    quarters = ("Київський квартал", "Ризький квартал", "Вільнюський квартал")
    for at, street in enumerate(quarters):
        await enter(head, f"page-000{at}", areas=[{"street": street}])
    _, over = await enter(head, "page-0009", utility="water")
    await act(head, over["id"], "end", await etag_of(head, over["id"]))
    seen, query = [], "/outages?limit=2&over=false"
    page = await head.get(query)
    seen += page["items"]
    page = await head.get(f"{query}&cursor={page['next']}")
    seen += page["items"]
    assert [one["areas"][0]["street"] for one in seen] == list(reversed(quarters))
    assert page["next"] is None
    assert [one["id"] for one in (await head.get("/outages?over=true"))["items"]] == [over["id"]]
    assert (await supplier.get("/outages"))["items"] == []


async def test_a_late_entry_and_short_notice_are_told(head: Program, clock: MovedClock) -> None:
    clock.pass_(hours=1)
    assert (await enter(head))[1]["late"] is True
    planned = {"kind": "planned", "starts_at": "2026-03-08T12:00:00Z", "expected_end": None}
    _, made = await enter(head, "outage-0002", **planned)
    assert (made["late"], made["short_notice"]) == (False, True)


async def test_what_is_done_is_told_in_the_stream_to_the_centre_and_to_whose_it_is(
    head: Program, supplier: Program, rival: Program
) -> None:
    async with stream(head) as centre, stream(supplier) as own, stream(rival) as other:
        for opened in (centre, own, other):
            assert (await told(opened))["type"] == "hello"
        _, made = await enter(supplier)
        await act(supplier, made["id"], "end", await etag_of(supplier, made["id"]))
        await enter(rival, "rival-0001", areas=[{"street": "Ризький квартал"}])
        assert [(await told(own))["act"], (await told(own))["act"]] == ["entered", "ended"]
        heard = [await told(centre) for _ in range(3)]
        assert [(one["type"], one["act"]) for one in heard] == [
            *(("outage.changed", "entered"), ("outage.changed", "ended"), ("outage.changed", "entered"))
        ]
        assert heard[1]["ended_at"] is not None
        assert (await told(other))["outage_id"] == heard[2]["outage_id"]


async def test_a_reason_is_one_line_whatever_was_sent(supplier: Program) -> None:
    status, entered = await enter(supplier, reason=" Прорив\r\nX-Header: 1\n ")
    assert (status, entered["reason"]) == (201, "Прорив X-Header: 1")
