"""Writes that wait, for a lock or for the server's disk, keep nobody who reads waiting."""

import asyncio

from sqlalchemy import text

from storage.store import Storage


async def test_as_many_writes_as_can_wait_leave_a_connection_to_who_reads(storage: Storage) -> None:
    database = storage.database
    most = database._writer.pool.size()  # type: ignore[attr-defined]
    begun, end = asyncio.Semaphore(0), asyncio.Event()

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(text("SELECT 1"))
            begun.release()
            await end.wait()

    async with asyncio.TaskGroup() as writes:
        for _ in range(most + 1):
            writes.create_task(write())
        for _ in range(most):
            await begun.acquire()
        try:
            async with asyncio.timeout(10), database.reading() as connection:
                assert (await connection.execute(text("SELECT 1"))).scalar() == 1
        finally:
            end.set()
