"""Schedules are fetched over HTTP: never twice what is the same, from nowhere else; the source may fail."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.power.reading import LONGEST_FILE, NoSchedule
from service.asking import NotFetched
from service.power.fetching import Fetching
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.power import published

KYIV = ZoneInfo("Europe/Kyiv")


@dataclass
class Source:
    """A supplier's server; `answers` are what it was asked for and how it answered."""

    content: bytes
    tag: str = '"1"'
    status: int = 200
    answers: list[int] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        unchanged = self.status == 200 and request.headers.get("If-None-Match") == self.tag
        self.answers.append(304 if unchanged else self.status)
        headers = {"ETag": self.tag} | ({"Location": "/elsewhere"} if self.status == 302 else {})
        return web.Response(status=self.answers[-1], body=b"" if unchanged else self.content, headers=headers)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
def source(clock: SetClock) -> Source:
    return Source(published(clock.now().date(), {"4.1": {19: "no"}}))


@pytest.fixture
async def fetched(source: Source, storage: Storage, clock: SetClock) -> AsyncIterator[Fetching]:
    app = web.Application()
    app.router.add_get("/gpv.json", source.answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/gpv.json"))
        yield Fetching(url=url, schedules=storage.power, clock=clock, zone=KYIV)


async def test_what_is_the_same_is_not_sent_again_and_stays_fresh(
    source: Source, fetched: Fetching, storage: Storage, clock: SetClock
) -> None:
    async with aiohttp.ClientSession() as session:
        await fetched.once(session)
        clock.pass_by(7200)
        await fetched.once(session)
    assert source.answers == [200, 304]
    known = await storage.power.known()
    assert {one.heard_at for one in known.schedules.values()} == {clock.now()}
    assert [one.source for one in await storage.power.lately_told(5)] == ["fetched"]


@pytest.mark.parametrize("status", [302, 403, 404, 500])
async def test_a_source_that_fails_or_sends_elsewhere_changes_nothing(
    source: Source, fetched: Fetching, storage: Storage, status: int
) -> None:
    async with aiohttp.ClientSession() as session:
        await fetched.once(session)
        source.status = status
        with pytest.raises(NotFetched, match=str(status)):
            await fetched.once(session)
    assert len((await storage.power.known()).schedules) == 1


async def test_what_is_no_schedule_is_asked_for_again_and_the_last_one_stands(
    source: Source, fetched: Fetching, storage: Storage
) -> None:
    async with aiohttp.ClientSession() as session:
        await fetched.once(session)
        good, source.content, source.tag = source.content, b"<html>", '"2"'
        with pytest.raises(NoSchedule):
            await fetched.once(session)
        source.content = b" " * (LONGEST_FILE + 1)
        with pytest.raises(NoSchedule, match="2 MB"):
            await fetched.once(session)
        source.content = good
        await fetched.once(session)
    assert source.answers == [200, 200, 200, 200]
    assert len((await storage.power.known()).schedules) == 1
