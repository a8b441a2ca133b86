"""Somebody empties `prompts/` under a running hotline: it goes on speaking."""

import pytest

from tests.system.hotline import Hotline

pytestmark = pytest.mark.system


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
