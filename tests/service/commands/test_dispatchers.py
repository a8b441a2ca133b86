"""`hotline dispatcher join` puts nobody on duty whose phone cannot ring."""

import argparse
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.errors import NoPhone
from hotline.line.presence_states import Presence
from service.commands.dispatchers import join
from service.settings.settings import Settings, read_settings
from storage.store import open_storage
from tests.fakes.databases import empty_database

JOIN = argparse.Namespace(extension="205")


@pytest.fixture
async def phones() -> AsyncIterator[tuple[set[str], int]]:
    """Asterisk's phones that are registered, and the port at which it tells of them."""
    registered: set[str] = set()

    async def endpoint(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        state = "online" if name in registered else "offline"
        return web.json_response({"technology": "PJSIP", "resource": name, "state": state, "channel_ids": []})

    app = web.Application()
    app.router.add_get("/ari/endpoints/PJSIP/{name}", endpoint)
    async with TestServer(app, host="127.0.0.1") as server:
        assert server.port is not None
        yield registered, server.port


@pytest.fixture
async def settings(tmp_path: Path, phones: tuple[set[str], int]) -> Settings:
    read = read_settings(
        {
            "HOTLINE_VAR": str(tmp_path),
            "HOTLINE_DATABASE_URL": empty_database(tmp_path),
            "HOTLINE_ARI_SECRET": "a",
            "HOTLINE_AMI_SECRET": "b",
            "HOTLINE_ARI_PORT": str(phones[1]),
        }
    )
    async with open_storage(read.database_url) as storage:
        await storage.dispatchers.add("205", "Оля", "s", frozenset())
    return read


async def presence(settings: Settings) -> Presence:
    async with open_storage(settings.database_url) as storage:
        (one,) = await storage.dispatchers.all()
    return one.presence


async def test_nobody_joins_whose_phone_cannot_ring(settings: Settings, phones: tuple[set[str], int]) -> None:
    with pytest.raises(NoPhone, match="No phone is registered at 205: "):
        await join(settings, JOIN)
    assert await presence(settings) is Presence.AWAY
    phones[0].add("web-205")
    await join(settings, JOIN)
    assert await presence(settings) is Presence.READY


async def test_a_phone_is_taken_for_granted_while_asterisk_is_away(settings: Settings) -> None:
    away = replace(settings, asterisk=replace(settings.asterisk, ari_port=1))
    await join(away, JOIN)
    assert await presence(settings) is Presence.READY
