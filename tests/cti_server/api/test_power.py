"""The supplier's own system tells the schedules: read, refused and kept as a file by hand is."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from hotline.access.permissions import Role
from hotline.power.queues import POWER_QUEUES
from storage.store import Storage
from tests.cti_server.api.conftest import Program
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.power import published

PATH = "/power/schedules"


@pytest.fixture(autouse=True)
def _queues() -> Iterator[None]:
    with POWER_QUEUES.kept():
        yield


def file(clock: MovedClock, **more: object) -> dict[str, Any]:
    day = clock.now().astimezone(KYIV).date()
    made: dict[str, Any] = json.loads(published(day, {"4.1": {19: "no"}}, **more))
    return made | {"preset": {"time_type": {"yes": "Світло є"}}}


async def put(program: Program, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await program.ask("PUT", PATH, json=body)
    return answer.status, await answer.json()


async def test_a_schedule_is_told_once_and_heard_again(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    status, told = await put(head, file(clock))
    assert (status, told["new"], told["queues"], told["unknown_values"]) == (200, True, ["4.1"], [])
    clock.pass_(seconds=600)
    assert (await put(head, file(clock)))[1]["new"] is False
    (one,) = (await storage.power.known()).schedules.values()
    assert one.heard_at == clock.now()
    (noted,) = await storage.power.lately_told(9)
    assert noted.changed == 1


async def test_what_is_none_and_what_is_older_is_refused_and_the_last_stands(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    await put(head, file(clock))
    before = await storage.power.known()
    status, told = await put(head, {"fact": {"data": {}}})
    assert (status, told["code"]) == (422, "invalid")
    assert [one["where"] for one in told["errors"]] == ["body.fact"]
    yesterday = clock.now().astimezone(KYIV) - timedelta(days=1)
    status, told = await put(head, file(clock, update=f"{yesterday:%d.%m.%Y} 08:00"))
    assert (status, told["code"]) == (409, "older-schedule")
    assert (await put(head, {"data": 1}))[0] == 422
    assert await storage.power.known() == before


async def test_emergency_cuts_begin_and_end_by_the_same_road(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    await put(head, file(clock) | {"status": "EmergencyShutdowns"})
    assert (await storage.power.known()).emergency is not None
    await put(head, file(clock) | {"status": "ScheduleApplies"})
    assert (await storage.power.known()).emergency is None


async def test_an_enterprise_tells_them_only_where_it_is_the_supplier(
    programs: Mapping[Role, Program], storage: Storage, clock: MovedClock
) -> None:
    supplier = programs[Role.EXECUTOR]
    assert (await put(supplier, file(clock)))[0] == 403
    (enterprise,) = await storage.executors.all()
    POWER_QUEUES.hold({2: f'executor = "{enterprise.short}"'})
    assert (await put(supplier, file(clock)))[0] == 200
