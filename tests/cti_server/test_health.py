"""What machines that watch the hotline are told."""

import pytest
from aiohttp.test_utils import TestClient

from hotline.retention.room import Room
from tests.cti_server.conftest import SetBoard


async def test_a_process_that_breathes_is_alive_whatever_else_is_broken(
    client: TestClient, board: SetBoard
) -> None:
    board.state = {"asterisk": False, "database": False}
    response = await client.get("/health/live")
    assert (response.status, await response.json()) == (200, {"status": "alive"})


async def test_it_is_ready_when_all_that_calls_depend_on_works(client: TestClient) -> None:
    response = await client.get("/health/ready")
    assert response.status == 200
    assert await response.json() == {
        "ready": True,
        "asterisk": True,
        "database": True,
        "defects": 0,
        "disk": True,
        "escalation": True,
    }


async def test_work_beside_the_calls_that_lags_is_told_and_makes_nobody_unready(
    client: TestClient, board: SetBoard
) -> None:
    board.pace = {"journal": False}
    response = await client.get("/health/ready")
    assert response.status == 200
    assert (await response.json())["journal"] is False


@pytest.mark.parametrize("part", ["asterisk", "database"])
async def test_it_is_not_ready_when_a_part_is_away_and_says_which(
    client: TestClient, board: SetBoard, part: str
) -> None:
    board.state[part] = False
    response = await client.get("/health/ready")
    assert response.status == 503
    told = {
        "ready": False,
        "asterisk": True,
        "database": True,
        "defects": 0,
        "disk": True,
        "escalation": True,
    }
    assert await response.json() == told | {part: False}


async def test_what_was_found_broken_is_counted_for_machines(client: TestClient, board: SetBoard) -> None:
    board.found = {"offer-rings": 2, "talk-ends": 1}
    assert (await (await client.get("/health/ready")).json())["defects"] == 3
    response = await client.get("/health/metrics")
    assert response.content_type == "text/plain"
    told = (await response.text()).splitlines()
    assert 'hotline_defects_total{truth="offer-rings"} 2.0' in told
    assert told[1] == "# TYPE hotline_defects_total counter"
    assert not [line for line in told if "line_waiting" in line or "process_" in line], "nothing of its load"


async def test_a_disk_that_is_nearly_full_is_told_before_recordings_fail(
    client: TestClient, board: SetBoard
) -> None:
    board.has_room = Room.SPENT
    response = await client.get("/health/ready")
    assert response.status == 200, "calls are answered all the same"
    assert (await response.json())["disk"] is False
    told = (await (await client.get("/health/metrics")).text()).splitlines()
    for line in ("hotline_disk_free_bytes 7.516192768e+09", 'hotline_disk_room{room="spent"} 1.0'):
        assert line in told
    assert "майже немає" in await (await client.get("/status")).text()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_changed_there(client: TestClient, method: str) -> None:
    assert (await client.request(method, "/health/ready")).status == 405


async def test_other_addresses_do_not_exist(client: TestClient) -> None:
    assert (await client.get("/health")).status == 404
    assert (await client.get("/status/../../etc/passwd")).status == 404
