"""A disk that stands still takes no thread from calls, however much waits for it."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.appeals.attachments import FileLimits
from storage.appeals.attachment_store import AttachmentFolder
from storage.core.disk_threads import on_disk
from tests.storage.pictures import pdf

WAITING = 100
"""More than the event loop has threads."""


async def test_whatever_waits_for_the_disk_leaves_the_loops_other_threads_alone() -> None:
    confirmed = threading.Event()
    waiting = [asyncio.create_task(on_disk(confirmed.wait)) for _ in range(WAITING)]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(10):
            assert await asyncio.to_thread(int, "1") == 1
    finally:
        confirmed.set()
    assert await asyncio.gather(*waiting) == [True] * WAITING


async def test_a_file_that_is_kept_waits_for_the_disk_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm, threads = os.fsync, set[str]()

    def confirmed(file: int) -> None:
        threads.add(threading.current_thread().name.partition("_")[0])
        confirm(file)

    async def pieces() -> AsyncIterator[bytes]:
        yield pdf()

    monkeypatch.setattr(os, "fsync", confirmed)
    store = AttachmentFolder(tmp_path / "evidence", FileLimits(most_bytes=2**20, most_files=1))
    store.prepare()
    await store.take(pieces())
    assert threads == {"disk"}
