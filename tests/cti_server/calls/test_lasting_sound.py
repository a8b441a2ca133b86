"""A sound in parts, as a player asks for them, whether it lies plain or encrypted."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.auth.revocation import WATCH, Watch
from cti_server.calls.lasting_sound import LastingSound
from storage.sounds.keys import add_key
from tests.fakes.clock import NOON
from tests.fakes.kept_sounds import sounds_in

SOUND = os.urandom(200_000)
NAME = "a.ogg"
Player = TestClient[web.Request, web.Application]


@pytest.fixture(params=["plain", "encrypted"])
async def player(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Player]:
    keys = tmp_path / "keys"
    if request.param == "encrypted":
        add_key(keys, NOON.date())
    sounds = sounds_in(tmp_path / "sounds", keys=keys if keys.exists() else None)
    (tmp_path / "sounds").mkdir()
    (tmp_path / "made").write_bytes(SOUND)
    await sounds.keep(tmp_path / "made", tmp_path / "sounds" / NAME)

    async def play(_request: web.Request) -> web.StreamResponse:
        return LastingSound(sounds, await sounds.find(tmp_path / "sounds" / NAME))

    app = web.Application()
    app[WATCH] = Watch(app)
    app.router.add_get("/sound", play)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_whole_sound(player: Player) -> None:
    answer = await player.get("/sound")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/ogg")
    assert (answer.headers["Accept-Ranges"], answer.content_length) == ("bytes", len(SOUND))
    assert await answer.read() == SOUND


@pytest.mark.parametrize(
    ("asked", "begins", "ends"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=65530-65545", 65_530, 65_546),
        ("bytes=131072-", 131_072, 200_000),
        ("bytes=-7", 199_993, 200_000),
        ("bytes=199999-300000", 199_999, 200_000),
    ],
)
async def test_the_part_that_is_asked_for(player: Player, asked: str, begins: int, ends: int) -> None:
    answer = await player.get("/sound", headers={"Range": asked})
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {begins}-{ends - 1}/200000"
    assert await answer.read() == SOUND[begins:ends]


@pytest.mark.parametrize("asked", ["bytes=200000-", "bytes=5-2", "nonsense"])
async def test_a_part_that_is_none(player: Player, asked: str) -> None:
    answer = await player.get("/sound", headers={"Range": asked})
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */200000")
    assert await answer.read() == b""


async def test_who_has_it_is_told_so_and_who_has_another_gets_it_whole(player: Player) -> None:
    tag = (await player.get("/sound")).headers["ETag"]
    assert (await player.get("/sound", headers={"If-None-Match": tag})).status == 304
    same = await player.get("/sound", headers={"If-Range": tag, "Range": "bytes=1-2"})
    other = await player.get("/sound", headers={"If-Range": '"other"', "Range": "bytes=1-2"})
    assert (same.status, other.status) == (206, 200)
    assert await other.read() == SOUND


async def test_its_head_alone(player: Player) -> None:
    answer = await player.head("/sound")
    assert (answer.status, answer.content_length, await answer.read()) == (200, len(SOUND), b"")
    assert (await player.get("/sound")).status == 200  # on the same connection


@pytest.mark.parametrize("player", ["encrypted"], indirect=True)
async def test_a_sound_that_is_damaged_further_on_is_broken_off_and_not_ended_as_whole(
    player: Player, tmp_path: Path
) -> None:
    file = tmp_path / "sounds" / NAME
    stored = bytearray(file.read_bytes())
    stored[-1] ^= 1
    file.write_bytes(bytes(stored))
    with pytest.raises(aiohttp.ClientError):
        await (await player.get("/sound")).read()
