"""A real talk lies encrypted in a real store elsewhere, over a killed service, and is heard from there."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from hotline.access.permissions import Role
from hotline.access.scopes import scopes_of
from hotline.access.tokens import hash_of
from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from hotline.clock import SystemClock
from service.calls.verifying import verify
from service.wiring.sounds import kept_sounds
from storage.sounds.encryption import MAGIC
from storage.sounds.keys import add_key
from telephony.voice.master import read_master
from tests.fakes.s3_server import S3Server, s3_server
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, in_talk, loudest_in

pytestmark = pytest.mark.system

TOKEN = "hotline_kept-test"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[S3Server]:
    with s3_server(tmp_path) as made:
        yield made


@pytest.fixture
async def hotline(server: S3Server, tmp_path: Path) -> AsyncIterator[Hotline]:
    keys = tmp_path / "keys"
    add_key(keys, SystemClock().now().date())
    bucket = server.bucket
    async with running_hotline(
        tmp_path,
        HOTLINE_RECORDINGS_KEY_FILE=str(keys),
        HOTLINE_S3_ENDPOINT=bucket.endpoint,
        HOTLINE_S3_BUCKET=bucket.name,
        HOTLINE_S3_KEY_ID=bucket.key_id,
        HOTLINE_S3_SECRET=bucket.secret,
        HOTLINE_S3_KEPT_MEGABYTES="0",
    ) as one:
        yield one


async def test_a_talk_lies_encrypted_elsewhere_alone_and_is_heard_from_there(
    hotline: Hotline, server: S3Server
) -> None:
    call, talk = await in_talk(hotline, await hotline.desk("201"))
    await hotline.kill_service()
    await hotline.start_service()
    await talk.hang_up()
    await call.ended()
    recording = await gone_elsewhere(hotline)

    objects = server.objects()
    assert set(objects) == {f"recordings/{recording.id}{kind}" for kind in (".flac", ".ogg")}
    assert all(stored.startswith(MAGIC) for stored in objects.values())
    sounds = kept_sounds(hotline.settings, hotline.storage)
    async with sounds.laid_out(recording.master_file or "") as plain:
        both = np.concatenate(list(read_master(plain)))
    assert [loudest_in(both[:, side]) for side in range(len(Side))] == [CITIZEN, FIRST]
    verdict = await verify(hotline.storage.recording_chain, sounds, None)
    assert (len(verdict.links), verdict.faults) == (1, [])

    whole = b"".join([part async for part in sounds.parts(await sounds.find(recording.listening_file or ""))])
    assert await fetched(hotline, recording, {}) == (200, whole)
    assert await fetched(hotline, recording, {"Range": "bytes=100-199"}) == (206, whole[100:200])


async def gone_elsewhere(hotline: Hotline) -> Recording:
    """Wait until nothing of the only talk lies on this disk any more."""
    found: list[Recording] = []

    async def gone() -> bool:
        found[:] = await hotline.storage.calls.recordings((await hotline.only_call()).id)
        files = [path for path in hotline.settings.folders.recordings.rglob("*") if path.is_file()]
        return [bool(one.sides_gone_at) for one in found] == [True] and not files

    await hotline.until(gone)
    return found[0]


async def fetched(hotline: Hotline, recording: Recording, headers: dict[str, str]) -> tuple[int, bytes]:
    """Ask as another system of the city does."""
    now, users = SystemClock().now(), hotline.storage.users
    if not await hotline.storage.tokens.all():
        head = await users.add(login="chief", name="Керівник", role=Role.HEAD, password_hash="h")
        await hotline.storage.tokens.add(
            hash_of(TOKEN),
            name="Архів",
            role=Role.HEAD,
            personal=True,
            user_id=head.id,
            made_at=now,
            expires_at=now + timedelta(days=1),
            scopes=scopes_of(Role.HEAD),
        )
    at = f"http://{hotline.settings.http_host}:{hotline.settings.http_port}/api/v1/calls/{recording.call_id}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.get(f"{at}/recordings/{recording.id}/copy", headers=headers) as answer,
    ):
        return answer.status, await answer.read()
