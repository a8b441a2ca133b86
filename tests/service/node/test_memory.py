"""The service returns freed memory to the system, also below memory that is still in use."""

import asyncio
import os

from service.node import memory
from tests.bench import process

BLOCKS, BLOCK_BYTES = 80_000, 1000
A_LARGE_PART_MB = 40


async def test_what_a_large_page_took_is_given_back() -> None:
    memory.few_arenas()
    taken = [bytes(BLOCK_BYTES) for _ in range(BLOCKS)]
    lives = bytes(BLOCK_BYTES)  # above all of them: without a word of ours nothing below it is given back
    del taken[:]
    freed = process.resident_mb(os.getpid())
    keeping = asyncio.create_task(memory.keep())
    async with asyncio.timeout(60):
        while process.resident_mb(os.getpid()) > freed - A_LARGE_PART_MB:
            await asyncio.sleep(0.05)
    keeping.cancel()
    assert lives
