"""Chats in the demo city at noon."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
from attrs import define

from hotline.chats.chats import READ, Chat, Line, Medium, NewChat
from service.chats.conversations import Conversations
from service.talk.scene import Scene, Town
from service.talk.town import Stage, staged
from service.wiring.chats import conversations_on
from tests.fakes.towns import KYIV, town_of

AT = datetime(2026, 12, 1, 12, 0, tzinfo=KYIV)


@define(eq=False)
class Resident:
    """Somebody who writes; `conversations` may be another process's each time."""

    stage: Stage
    conversations: Conversations
    chat: Chat

    async def writes(self, *texts: str) -> str:
        """Write them one after the other; the text of what came since the last of them."""
        for text in texts:
            seen = (await self.stage.storage.chats.get(self.chat.id)).lines
            self.chat = await self.conversations.write(self.chat.id, text)
        return "\n".join(one.text for one in await self.stage.storage.chats.lines(self.chat.id, seen + 1))

    async def lines(self) -> list[Line]:
        found = await self.stage.storage.chats.lines(self.chat.id)
        return [one for one in found if one.kind in READ]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    scene = Scene(town=Town.DEMO, at=AT)
    async with town_of(scene) as built, staged(scene, KYIV, built) as opened:
        yield opened


@pytest.fixture
def service(stage: Stage) -> Callable[[], Conversations]:
    """A process of the service: each call gives another, which knows nothing of the one before."""
    return lambda: conversations_on(stage.storage, stage.clock, stage.city)


@pytest.fixture
async def resident(stage: Stage, service: Callable[[], Conversations]) -> Resident:
    made = service()
    chat = await made.begin(NewChat(medium=Medium.WEB, address="browser"))
    return Resident(stage=stage, conversations=made, chat=chat)
