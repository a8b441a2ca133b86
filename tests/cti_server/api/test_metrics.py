"""What Prometheus reads with a token: every metric that is promised, and nobody's name."""

from collections.abc import Mapping

import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from cti_server.status.metrics import METRICS, PUBLIC, add_metrics
from hotline.access.permissions import Role
from hotline.contact.channel import Channel
from hotline.delivery.outbox import NewNotice
from hotline.equipment.states import State
from service.wiring.equipment import measured_sources
from storage.store import Storage
from tests.cti_server.api.conftest import NUMBER, Client, Program
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.equipment.conftest import DISK, ROUTER, SetWatch
from tests.fakes.neighbours import DUTY, answered_for, taken_for

Figures = Mapping[tuple[str, ...], float]
"""A metric's name and its labels' values → its value."""


@pytest.fixture
def watch(storage: Storage, clock: MovedClock) -> SetWatch:
    return SetWatch(storage, clock)


@pytest.fixture
def app(app: web.Application, storage: Storage, watch: SetWatch, clock: MovedClock) -> web.Application:
    add_metrics(app, measured_sources(storage, KYIV, watch, clock, unproven=lambda: float("inf")))
    return app


def figures(text: str) -> Figures:
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sample.labels.values()): sample.value for one in families for sample in one.samples
    }


async def read(program: Program) -> Figures:
    answer = await program.client.get("/api/v1/metrics", headers=program.headers)
    assert (answer.status, answer.content_type) == (200, "text/plain")
    return figures(await answer.text())


async def test_each_metric_that_is_promised_is_there(
    programs: Mapping[Role, Program],
    storage: Storage,
    watch: SetWatch,
    board: SetBoard,
    clock: MovedClock,
) -> None:
    await taken_for(storage, await answered_for(storage, clock.now()), clock.now(), urgent=True)
    clock.pass_(seconds=20)
    board.found, board.nodes_up = {"talk-ends": 1}, {"a": True}
    await watch.find(await storage.equipment.add(ROUTER), State.OUT_OF_ORDER, "no-answer")
    told = await read(programs[Role.OBSERVER])
    promised = {f"{one.name}_total" if one.counts else one.name for one in METRICS}
    assert {name for name, *_ in told if name.startswith("hotline_")} == promised
    assert told["process_resident_memory_bytes",] > 0
    assert told["hotline_figures_read",] == 1
    assert told["hotline_backup_unproven_seconds",] == float("inf")
    assert told["hotline_neighbour_appeals_late", "1", "Славутич", DUTY, "yes"] == 1
    assert told["hotline_neighbour_unread_seconds", "1", "Славутич", DUTY] == 0


async def test_equipment_tells_its_state(
    programs: Mapping[Role, Program], storage: Storage, watch: SetWatch
) -> None:
    router, disk = await storage.equipment.add(ROUTER), await storage.equipment.add(DISK)
    await watch.find(router, State.OUT_OF_ORDER, "no-answer")
    told = await read(programs[Role.ADMINISTRATOR])
    assert told["hotline_equipment_state", str(router.id), "router", "out-of-order"] == 1
    assert told["hotline_equipment_state", str(router.id), "router", "in-order"] == 0
    assert told["hotline_equipment_state", str(disk.id), "disk", "not-known"] == 1, "not looked at yet"


async def test_a_notice_that_waits_is_seen_for_how_long(
    programs: Mapping[Role, Program], storage: Storage, clock: MovedClock
) -> None:
    assert (await read(programs[Role.HEAD]))["hotline_notices_due_seconds", "sms"] == 0
    notice = NewNotice(
        to="citizen", channel=Channel.SMS, address=NUMBER, about="registered", facts={}, matter="test-1"
    )
    await storage.outbox.owe([notice], clock.now())
    clock.pass_(minutes=20)
    told = await read(programs[Role.HEAD])
    assert told["hotline_notices_due_seconds", "sms"] == 20 * 60
    assert told["hotline_notices_due_seconds", "email"] == 0


async def test_without_the_database_the_rest_is_told_and_that_figures_are_missing(
    programs: Mapping[Role, Program], board: SetBoard
) -> None:
    board.state["database"] = False
    told = await read(programs[Role.HEAD])
    assert told["hotline_part_up", "database"] == 0
    assert told["hotline_part_up", "asterisk"] == 1
    assert told["hotline_figures_read",] == 0
    assert ("hotline_line_waiting",) not in told


async def test_anybody_reads_only_what_tells_nothing_of_the_line(client: Client) -> None:
    told = figures(await (await client.get("/health/metrics")).text())
    assert {name.removesuffix("_total") for name, *_ in told} <= PUBLIC
    assert (await client.get("/api/v1/metrics")).status == 401


async def test_a_dispatcher_s_program_is_refused(programs: Mapping[Role, Program]) -> None:
    program = programs[Role.EXECUTOR]
    assert (await program.client.get("/api/v1/metrics", headers=program.headers)).status == 403
