"""What another system hears of real calls, over the socket of a real service."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import insert

from hotline.access.permissions import Role
from hotline.access.scopes import scopes_of
from hotline.access.tokens import hash_of
from hotline.calls.call import Step
from hotline.clock import SystemClock
from hotline.documents.document import DocumentKind, revision
from storage.tables import city_documents
from tests.system.hotline import Hotline
from tests.system.people import FIRST, asks_for_a_dispatcher, picks_up

pytestmark = pytest.mark.system

SECRET = "hotline_system-test"
HEADERS = {"Authorization": f"Bearer {SECRET}"}
CALLER = "+380457900001"
NOISE = """
[[category]]
code = "night-noise"
uk = "Гамір уночі"
en = "Din at night"
utility = "other"
urgency = "ordinary"
term = "7 hours"
"""


@pytest.fixture
async def token(hotline: Hotline) -> None:
    now = SystemClock().now()
    head = await hotline.storage.users.add(login="chief", name="Керівник", role=Role.HEAD, password_hash="h")
    await hotline.storage.tokens.add(
        hash_of(SECRET),
        name="Ситуаційний центр",
        role=Role.HEAD,
        personal=True,
        user_id=head.id,
        made_at=now,
        expires_at=now + timedelta(days=1),
        scopes=scopes_of(Role.HEAD),
    )


def address(hotline: Hotline, path: str) -> str:
    return f"http://{hotline.settings.http_host}:{hotline.settings.http_port}/api/v1{path}"


@asynccontextmanager
async def stream(hotline: Hotline, after: str = "") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    path = "/events" + (f"?after={after}" if after else "")
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.ws_connect(address(hotline, path)) as opened,
    ):
        yield opened


async def told_until(opened: aiohttp.ClientWebSocketResponse, last: str) -> Sequence[dict[str, Any]]:
    """Collect what is told, up to the first of this type."""
    heard: list[dict[str, Any]] = []
    async with asyncio.timeout(30):
        while not heard or heard[-1]["type"] != last:
            heard.append(json.loads(await opened.receive_str()))
    return heard


@pytest.mark.usefixtures("token")
async def test_a_call_is_told_in_its_order_and_found_again_by_the_interface(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    async with stream(hotline) as opened:
        await told_until(opened, "hello")
        citizen = await asks_for_a_dispatcher(hotline, CALLER)
        await picks_up(desk, FIRST)
        await citizen.heard_tone(FIRST)
        await citizen.hang_up()
        heard = await told_until(opened, "call.ended")
    of_call = [one for one in heard if one["type"].startswith("call.")]
    assert [one["type"] for one in of_call] == [
        *("call.arrived", "call.offered", "call.answered", "call.talk-ended", "call.ended")
    ]
    assert len({one["call_id"] for one in of_call}) == 1
    assert (of_call[0]["number"], of_call[-1]["outcome"]) == (CALLER, "talked")
    presences = [one["presence"] for one in heard if one["type"] == "presence.changed"]
    assert "talking" in presences
    await hotline.reached(Step.ENDED)
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        answer = await session.get(address(hotline, f"/calls/{of_call[0]['call_id']}"))
        call = await answer.json()
    assert (call["number"], call["outcome"]) == (CALLER, "talked")
    assert {"arrived", "talk-started", "talk-ended", "ended"} <= {one["step"] for one in call["journey"]}


@pytest.mark.usefixtures("token")
async def test_a_category_put_into_force_by_another_process_is_offered_at_once_and_a_broken_one_ends_nothing(
    hotline: Hotline,
) -> None:
    documents, kind, now = hotline.storage.city_documents, DocumentKind.CLASSIFIER, SystemClock().now()
    present = await documents.present(kind)
    draft = await documents.save_draft(
        kind, present.text + NOISE, by=None, at=now, seen=revision(present.version, None)
    )
    seen = revision(present.version, draft)
    made = await documents.put_into_force(kind, by=None, at=now, note="", seen=seen)
    async with aiohttp.ClientSession(headers=HEADERS) as session:

        async def offered() -> bool:
            answer = await session.get(address(hotline, "/categories"))
            told = await answer.json()
            found = told["version"] == made.version
            return found and any(one["code"] == "night-noise" for one in told["items"])

        await hotline.until(offered)
        new = {
            "text": "Шумно після опівночі",
            "category": "night-noise",
            "kind": "report",
            "address": "вулиця Миру, 1",
        }
        sent = {"Idempotency-Key": "night-noise-0001"}
        answer = await session.post(address(hotline, "/appeals"), json=new, headers=sent)
        appeal = await answer.json()
    assert answer.status == 201, appeal
    assert (appeal["category"], appeal["classifier"]) == ("night-noise", made.version)
    lasts = datetime.fromisoformat(appeal["due_at"]) - datetime.fromisoformat(appeal["registered_at"])
    assert lasts == timedelta(hours=7)

    broken = {"kind": kind, "version": made.version + 1, "text": "?", "made_at": now, "note": ""}
    async with hotline.storage.database.writing() as connection:
        await connection.execute(insert(city_documents), broken | {"in_force_since": now})
    async with aiohttp.ClientSession(headers=HEADERS) as session:

        async def told() -> bool:
            answer = await session.get(address(hotline, "").replace("/api/v1", "/health/ready"))
            return answer.status == 200 and (await answer.json())["city_data"] is False

        await hotline.until(told)
        answer = await session.get(address(hotline, "/categories"))
        assert (await answer.json())["version"] == made.version, "the last good one holds"


@pytest.mark.usefixtures("token")
async def test_after_a_kill_the_stream_says_that_some_may_be_missed(hotline: Hotline) -> None:
    async with stream(hotline) as opened:
        hello = await told_until(opened, "hello")
        await hotline.kill_service()
        async with asyncio.timeout(60):
            assert (await opened.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    await hotline.start_service()
    async with stream(hotline, hello[0]["position"]) as again:
        (anew,) = await told_until(again, "hello")
        assert (anew["resumed"], anew["restored"]) == (False, True)
