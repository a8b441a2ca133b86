"""Alerts are asked for with the token, what has not changed not again, and more seldom after failures."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.air_raid.alarm import AirRaid, NoAlerts
from service.air_raid.fetching import (
    EVERY_SECONDS,
    LONGEST_PAUSE,
    PATH,
    REFUSED_PAUSE,
    AirRaidFetching,
)
from service.asking import NotFetched
from tests.fakes.air_raid import OURS, alert, answer
from tests.fakes.clock import SetClock

MODIFIED = "Tue, 01 Dec 2026 09:59:26 GMT"


@dataclass
class Source:
    """A server that answers as alerts.in.ua does; `asked` has the token and the condition of each request."""

    content: bytes
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def give(self, request: web.Request) -> web.Response:
        since = request.headers.get("If-Modified-Since", "")
        self.asked.append((request.headers["Authorization"], since))
        if self.status == 200 and since == MODIFIED:
            return web.Response(status=304)
        return web.Response(status=self.status, body=self.content, headers={"Last-Modified": MODIFIED})


@pytest.fixture
def source() -> Source:
    return Source(answer(alert(OURS)))


@pytest.fixture
def air() -> AirRaid:
    return AirRaid()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def changes() -> list[int]:
    return []


@pytest.fixture
async def fetching(
    source: Source, air: AirRaid, clock: SetClock, changes: list[int]
) -> AsyncIterator[AirRaidFetching]:
    app = web.Application()
    app.router.add_get(PATH, source.give)
    async with TestServer(app) as server:
        yield AirRaidFetching(
            url=str(server.make_url("")).rstrip("/"),
            token="secret",
            air=air,
            clock=clock,
            changed=lambda: changes.append(1),
        )


async def test_an_alert_is_told_once_and_what_is_unchanged_is_not_sent_again(
    source: Source, fetching: AirRaidFetching, air: AirRaid, clock: SetClock, changes: list[int]
) -> None:
    async with aiohttp.ClientSession() as session:
        await fetching.once(session)
        clock.pass_by(3600)
        await fetching.once(session)
    assert source.asked == [("Bearer secret", ""), ("Bearer secret", MODIFIED)]
    state = air.now(clock.now())
    assert (state.alarm is not None, state.silent_since, len(changes)) == (True, None, 1)


@pytest.mark.parametrize("status", [302, 401, 403, 429, 500])
async def test_a_refusal_changes_nothing(
    source: Source, fetching: AirRaidFetching, air: AirRaid, clock: SetClock, status: int
) -> None:
    async with aiohttp.ClientSession() as session:
        await fetching.once(session)
        source.status = status
        with pytest.raises(NotFetched):
            await fetching.once(session)
    assert air.now(clock.now()).alarm is not None
    assert fetching.address.pause(done=False) == (
        REFUSED_PAUSE if status in {401, 403} else 2 * EVERY_SECONDS
    )


async def test_nonsense_is_asked_for_again_whole(source: Source, fetching: AirRaidFetching) -> None:
    source.content = b"<html>"
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            with pytest.raises(NoAlerts):
                await fetching.once(session)
    assert [since for _, since in source.asked] == ["", ""]


def test_after_failures_it_asks_more_seldom_and_then_as_ever(fetching: AirRaidFetching) -> None:
    pauses = [fetching.address.pause(done=False) for _ in range(6)]
    assert pauses == [40.0, 80.0, 160.0, 300.0, 300.0, 300.0]
    assert pauses[-1] == LONGEST_PAUSE
    assert fetching.address.pause(done=True) == EVERY_SECONDS
