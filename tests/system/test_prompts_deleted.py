"""Somebody empties `prompts/` under a running hotline: it goes on speaking."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.system.hotline import Hotline, running_hotline

pytestmark = pytest.mark.system


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[Hotline]:
    """One whose prompts may be deleted."""
    async with running_hotline(tmp_path) as one:
        yield one


async def test_callers_do_not_hear_silence_when_prompts_were_deleted(hotline: Hotline) -> None:
    first = await hotline.citizen("+380457900001")
    await first.heard_voice()
    await first.hang_up()
    prompts = hotline.settings.folders.prompts
    for file in prompts.iterdir():
        file.unlink()

    call = await hotline.citizen("+380457900002")
    await call.heard_voice()
    await call.hang_up()
    await hotline.until((prompts / "fallback-greeting.alaw").is_file)
