"""The last module of the process from which tests fork: does once what each of its processes would do anew.

The delivered documents are read; an appeal is registered and acted on, so that its statements are compiled.
What there is then is nothing to the garbage collector any more: its look at everything, which copies the
memory too, was half of what it cost to open the storage and be killed.
"""

import asyncio
import gc
from pathlib import Path
from tempfile import TemporaryDirectory

from hotline.appeals.acts.work import Accept
from hotline.city_data.kinds import HOLDERS
from storage.migrations import migrate
from storage.store import open_storage
from tests.fakes.compiled import compile_once
from tests.fakes.forked_programs import fork_programs
from tests.storage.conftest import NOON
from tests.storage.enterprise import found


async def _act() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'once.db'}"
        await migrate(url)
        async with open_storage(url) as storage:
            city = await found(storage)
            appeal = await city.enter()
            await storage.handling.carry_out(appeal.number, Accept(by=city.executor, at=NOON), version=None)


compile_once()
fork_programs()
for _holder in HOLDERS.values():
    _holder.get()
asyncio.run(_act())
gc.collect()
gc.freeze()
