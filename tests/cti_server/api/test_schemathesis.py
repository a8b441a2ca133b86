"""Schemathesis asks all that the OpenAPI document allows, and much that it does not, of a served application.

pytest tests/cti_server/api/test_schemathesis.py                       bounded, as in ./check
HOTLINE_EXAMPLES=500 pytest tests/cti_server/api/test_schemathesis.py  by hand, as long as it takes
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from cti_server.auth.rates import TokenLimits
from hotline.access.permissions import Role
from hotline.appeals.routing import Rule
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.enterprises.executors import Executor
from hotline.line.presence_states import Presence
from storage.store import Storage, open_storage
from tests.cti_server.api.conftest import NUMBER, Program, given_appeal
from tests.cti_server.conftest import MovedClock
from tests.effort import BY_NIGHT, effort
from tests.storage.conftest import cluster, migrated_postgres, url

__all__ = ["cluster", "migrated_postgres", "url"]  # pytest finds the fixtures here
EXAMPLES = os.environ.get("HOTLINE_EXAMPLES", str(effort(day=3, night=10)))
PHASES = "examples,coverage,stateful" + ",fuzzing" * BY_NIGHT
"""By day each bound of what is described and each road from answer to answer, by night chance as well."""
BY_DAY = "/(calls|line|outages)"
"""By day these are asked, which are read, paged, entered, changed and sent again; by night all."""
CONFIG = Path(__file__).with_name("schemathesis.toml")


async def some_city(head: Program, storage: Storage, clock: MovedClock, heat: Executor) -> None:
    """A little of everything, so that not every answer is an empty list."""
    await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("hot-water-*",)))
    for at in range(120):
        call_id, arrived = f"hotline-1.{at}", clock.now() + timedelta(minutes=at)
        number = NUMBER if at % 2 else None
        await storage.calls.open(CallRecord(id=call_id, number=number, shown="", arrived_at=arrived))
        await storage.calls.note(JourneyStep(call_id=call_id, number=1, at=arrived, step=Step.ARRIVED))
        await storage.calls.close(call_id, Outcome.TALKED, arrived + timedelta(minutes=2))
    await storage.calls.flush()
    await storage.line.enter("hotline-1.119", at=clock.now())
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset({"water"}))
    await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    await head.ask("POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": "city-0001"})


@pytest.fixture
async def storage(url: str, clock: MovedClock) -> AsyncIterator[Storage]:
    """On SQLite and on PostgreSQL: each takes ill what the other lets pass."""
    async with open_storage(url, clock) as opened:
        yield opened


@pytest.fixture
def limits() -> TokenLimits:
    """None that would be met."""
    return TokenLimits(per_second=1e6, at_once=10**6, free_failures=10**6)


@pytest.mark.usefixtures("streets")
@pytest.mark.parametrize(
    ("role", "phases", "asked"),
    [
        (Role.HEAD, PHASES, () if BY_NIGHT else ("--include-path-regex", BY_DAY)),
        pytest.param(
            *(Role.EXECUTOR, "examples,stateful", ("--include-path-regex", "/(appeals|outages)")),
            marks=pytest.mark.nightly,
        ),
    ],
)
async def test_whatever_is_asked_gets_an_answer_that_is_described(  # noqa: PLR0917
    programs: Mapping[Role, Program],
    storage: Storage,
    clock: MovedClock,
    tmp_path: Path,
    heat: Executor,
    role: Role,
    phases: str,
    asked: Sequence[str],
) -> None:
    program = programs[role]
    await some_city(programs[Role.HEAD], storage, clock, heat)
    document = str(program.client.make_url("/api/openapi.json"))
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", document),
        *("--header", f"Authorization: Bearer {program.secret}", "--max-examples", EXAMPLES),
        *("--checks", "all", "--phases", phases, *asked),
        *("--generation-database", "none", "--no-color", "--seed", "1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=tmp_path,
    )
    said = (await running.communicate())[0].decode()
    assert running.returncode == 0, re.sub(r"Bearer \S+", "Bearer …", said)[-20_000:]
