"""A backup of a running hotline, brought back elsewhere, is a hotline that knows all and answers calls."""

import asyncio
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Recording
from hotline.errors import Engaged
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone, wav
from tests.system.forked import command
from tests.system.heard import recorded
from tests.system.hotline import PRIVATE_ROOT, Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, ever_heard, in_talk

pytestmark = pytest.mark.system


async def test_a_hotline_restored_from_a_backup_does_not_lose_what_was(
    hotline: Hotline, tmp_path: Path
) -> None:
    desk = await hotline.desk("201")
    call, talk = await in_talk(hotline, desk)
    said = recorded(call)
    await hotline.until(lambda: recorded(call) > said + 1)
    await talk.hang_up()
    await call.ended()
    before = await hotline.ended_call()
    await hotline.until(lambda: _copied(hotline, before.id))
    under_way, talk = await in_talk(hotline, desk)
    calling = asyncio.create_task(_calls_go_on(hotline))

    printed = await done(hotline.node.environ, "backup", str(tmp_path / "backups"))

    calling.cancel()
    await asyncio.wait([calling])
    await talk.heard_tone(CITIZEN)
    await under_way.hang_up()
    await talk.ended()
    elsewhere = tmp_path / "b"
    environ = {
        "PATH": os.environ["PATH"],
        "HOTLINE_VAR": str(elsewhere / "var"),
        "HOTLINE_PRIVATE_ROOT": str(PRIVATE_ROOT),
        "HOTLINE_ARI_SECRET": "a",
        "HOTLINE_AMI_SECRET": "b",
    }
    await done(environ, "restore", printed.strip())
    async with running_hotline(elsewhere) as restored:
        known = await restored.storage.calls.find(before.id)
        assert known is not None
        assert known.outcome is Outcome.TALKED
        (recording,) = await restored.storage.calls.recordings(before.id)
        assert Path(recording.listening_file or "").is_relative_to(elsewhere)
        assert ever_heard(wav(Path(recording.caller_file)).samples, CITIZEN)
        assert ever_heard(wav(Path(recording.dispatcher_file)).samples, FIRST)
        phone = await restored.registered("201")
        await restored.until(partial(_is_ready, restored))
        anew, talk = await in_talk(restored, phone)
        await anew.heard_tone(FIRST)
        await talk.hang_up()
        await anew.ended()
        await restored.until(lambda: _all_ended(restored))


async def _calls_go_on(hotline: Hotline) -> None:
    """Citizens call all the while, so that there are commits."""
    for number in range(1000):
        call = await hotline.citizen(f"+3804579010{number % 100:02}", tone(CITIZEN))
        await call.heard_voice()
        await call.hang_up()


async def _copied(hotline: Hotline, call_id: str) -> bool:
    found: list[Recording] = [*await hotline.storage.calls.recordings(call_id)]
    return bool(found) and all(one.listening_file for one in found)


async def _is_ready(hotline: Hotline) -> bool:
    """Whether the dispatcher can be ready: who talked when the backup was made is called back first."""
    try:
        await hotline.presence("201", Presence.READY)
    except Engaged:
        return False
    return True


async def _all_ended(hotline: Hotline) -> bool:
    return all(call.ended_at is not None for call in await hotline.calls())


async def done(environ: Mapping[str, str], *words: str) -> str:
    """Run `hotline` as an administrator does; what it printed."""
    said = await command(environ, *words)
    assert said.code == 0, said
    return said.printed
