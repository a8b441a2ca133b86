"""Offers and answers by WHEP: what a camera's server does wrong is told, and every session ends."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest

from hotline.cameras.camera import CameraSource, StreamKind
from hotline.cameras.streams import NoStream, StreamFault
from service.cameras import whep
from service.cameras.whep import WhepSessions
from tests.fakes.whep import PASSWORD, SDP, USER, FakeWhep, fake_whep

WORD = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@pytest.fixture
async def server() -> AsyncIterator[FakeWhep]:
    async with fake_whep() as made:
        yield made


def sessions(url: str, *, kind: StreamKind = StreamKind.WEBRTC) -> WhepSessions:
    async def source(_camera: int) -> CameraSource:
        return CameraSource(kind=kind, url=url, user=USER, password=PASSWORD)

    return WhepSessions(source)


async def fault_of(made: WhepSessions) -> StreamFault:
    with pytest.raises(NoStream) as raised:
        async with made.playing(1, SDP):
            pass
    await made.end()
    return raised.value.fault


async def test_a_session_ends_at_the_server_with_the_look_and_the_password_goes_along_to_it(
    server: FakeWhep,
) -> None:
    made = sessions(server.at("moved"))  # within the same server
    async with made.playing(1, SDP) as played:
        assert played.answer == SDP
        assert len(server.open) == 1
        made.renew(2)
        assert not played.over.is_set()
        made.renew(1)
        assert played.over.is_set()
    await made.end()
    assert not server.open
    assert [verb for verb, _, _ in server.told] == ["POST", "POST", "DELETE"]
    assert {word for _, _, word in server.told} == {WORD}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("elsewhere", StreamFault.LEADS_ELSEWHERE),
        ("session-elsewhere", StreamFault.LEADS_ELSEWHERE),
        ("round", StreamFault.LEADS_ELSEWHERE),
        ("refuses", StreamFault.REFUSED),
        ("broken", StreamFault.UNREACHABLE),
        ("page", StreamFault.NOT_A_STREAM),
        ("endless", StreamFault.NOT_A_STREAM),
        ("silent", StreamFault.SILENT),
    ],
)
async def test_what_is_wrong_is_told(
    server: FakeWhep, name: str, fault: StreamFault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whep, "SECONDS", 0.3)
    assert await fault_of(sessions(server.at(name))) is fault


@pytest.mark.parametrize("name", ["big", "text"])
async def test_an_answer_that_is_none_ends_its_session(server: FakeWhep, name: str) -> None:
    assert await fault_of(sessions(server.at(name))) is StreamFault.NOT_A_STREAM
    assert not server.open


async def test_nobody_there_and_another_kind_of_camera(server: FakeWhep) -> None:
    assert await fault_of(sessions("http://127.0.0.1:1/whep")) is StreamFault.UNREACHABLE
    assert await fault_of(sessions(server.at("short"), kind=StreamKind.HLS)) is StreamFault.ENDED
    assert not server.told


async def test_whoever_leaves_before_the_answer_leaves_no_session_behind(server: FakeWhep) -> None:
    made = sessions(server.at("short"))

    async def look() -> None:
        async with made.playing(1, SDP):
            raise AssertionError("left before")

    looking = asyncio.create_task(look())
    async with server.changed:
        await server.changed.wait_for(lambda: server.open)  # it exists, and the answer is on its way
        looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await server.all_ended()
    await made.end()
