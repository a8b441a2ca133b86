"""What runs for as long as a process does: all of it, whatever its roles."""

import os
from pathlib import Path

import pytest

from service.processes.among import together
from service.processes.processes import among_processes
from service.processes.roles import Role
from service.settings.settings import read_settings
from service.wiring.parts import parts
from storage.store import open_storage
from tests.storage.conftest import cluster, migrated_postgres

__all__ = ["cluster", "migrated_postgres"]

FORMS = (
    set(Role),
    {Role.TELEPHONY, Role.SCHEDULER, Role.MEDIA},
    *({one} for one in Role),
)


async def test_every_process_tells_the_others_how_it_stands(migrated_postgres: str, tmp_path: Path) -> None:
    given = {
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_PRIVATE_ROOT": os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root"),
        "HOTLINE_DATABASE_URL": migrated_postgres,
        "HOTLINE_ARI_SECRET": "x",
        "HOTLINE_AMI_SECRET": "x",
    }
    async with open_storage(migrated_postgres) as storage:
        for roles in FORMS:
            among = await among_processes(storage.database, frozenset(roles), "a")
            lasting = (await parts(read_settings(given), storage, among)).lasting()
            running = [one.__qualname__ for one in lasting.values()]
            for one in lasting.values():
                one.close()
            assert {"Post.keep", "Neighbours.keep"} <= set(running), roles


async def test_two_things_of_one_name_do_not_run_in_each_others_place() -> None:
    async def runs() -> None: ...

    one, another = runs(), runs()
    with pytest.raises(ValueError, match="called neighbours"):
        together({"neighbours": one}, {"neighbours": another})
    for each in (one, another):
        each.close()
