"""Viber and WhatsApp by servers of ours that speak their interfaces: signed news in, letters out."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from attrs import define

from hotline.access.permissions import Role
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, Chat
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.conversations import Conversations
from service.chats.gateway import OF_PERSON, Format, Gateway
from service.chats.receiving import Receiving
from service.chats.sending import Sending
from service.chats.viber import Viber
from service.chats.whatsapp import WhatsApp
from service.talk.town import Stage
from tests.fakes.gateways import (
    APP_SECRET,
    NUMBER_ID,
    TOKEN,
    VERIFY,
    People,
    ViberPeople,
    WhatsAppPeople,
    viber_people,
    whatsapp_people,
)
from tests.service.chats.test_conversations import APPEAL
from tests.service.chats.test_photos import Undrawn, registering


@define(eq=False)
class Running:
    """The service as far as one gateway is concerned."""

    stage: Stage
    people: People
    by: Format
    gateway: Gateway
    conversations: Conversations
    sending: Sending
    seconds: list[float]

    async def round(self) -> None:
        """Give what is owed to whom it may be given."""
        self.seconds[0] += 400.0
        await self.sending.once()

    async def chat(self, address: str = "") -> Chat:
        plus = "+" if isinstance(self.people, WhatsAppPeople) else ""
        found = await self.stage.storage.chats.latest(
            self.by.medium,
            address or f"{plus}{self.people.ANYBODY}",  # type: ignore[attr-defined]
        )
        assert found is not None
        return found

    async def by_resident(self) -> list[str]:
        lines = await self.stage.storage.chats.lines((await self.chat()).id)
        return [one.text for one in lines if one.kind in BY_RESIDENT]


@asynccontextmanager
async def gateway_of(
    people: People, stage: Stage, service: Callable[[], Conversations]
) -> AsyncIterator[Running]:
    by: Format = (
        Viber(token=TOKEN, name="1580", url=people.url)
        if isinstance(people, ViberPeople)
        else WhatsApp(token=TOKEN, app_secret=APP_SECRET, number_id=NUMBER_ID, verify=VERIFY, url=people.url)
    )
    conversations, seconds = service(), [0.0]
    receiving = Receiving(chats=stage.storage.chats, conversations=conversations)
    gateway = Gateway(format=by, receiving=receiving)
    sending = Sending(
        medium=by.medium,
        chats=stage.storage.chats,
        messenger=gateway,
        gone=receiving.lost,
        monotonic=lambda: seconds[0],
    )

    async def bring(headers: Mapping[str, str], news: bytes) -> Mapping[str, Any]:
        assert gateway.proves(headers, news)
        assert not gateway.proves(headers, news + b" ")
        assert not gateway.proves({}, news)
        return await gateway.told(news)

    people.bring = bring
    yield Running(
        stage=stage,
        people=people,
        by=by,
        gateway=gateway,
        conversations=conversations,
        sending=sending,
        seconds=seconds,
    )


@pytest.fixture(params=[viber_people, whatsapp_people], ids=["viber", "whatsapp"])
async def running(request: pytest.FixtureRequest, stage: Stage) -> AsyncIterator[Running]:
    async with (
        request.param() as people,
        gateway_of(people, stage, registering(stage, Undrawn())) as made,
    ):
        yield made


async def test_a_conversation_is_held_with_choices_pressed_twice_and_news_brought_twice(
    running: Running,
) -> None:
    people = running.people
    await people.writes("меню", times=2)
    await running.round()
    assert "Чим допомогти?" in people.texts()[-1]
    await people.presses("Стан звернення", times=2)
    await running.round()
    await people.writes(APPEAL)
    await running.round()
    assert f"Звернення № {APPEAL}" in people.texts()[-1]
    assert await running.by_resident() == ["Стан звернення", APPEAL]
    assert in_chat("chat-old-choice", Language.UKRAINIAN) in people.texts()


async def test_only_whatsapp_proves_a_number(running: Running) -> None:
    await running.people.writes("меню")
    number = (await running.chat()).number
    assert number == (f"+{WhatsAppPeople.ANYBODY}" if isinstance(running.people, WhatsAppPeople) else None)


async def test_photos_are_taken_from_the_messenger_alone(running: Running) -> None:
    people = running.people
    await people.writes("меню")
    assert isinstance(people, ViberPeople | WhatsAppPeople)
    await people.sends_photo(b"picture")
    await running.round()
    assert "1 з 5" in people.texts()[-1]
    if isinstance(people, ViberPeople):
        for host in ("http://localhost:1", "http://[viber.com"):
            await people.sends_photo(b"picture of ours", host=host)
        assert in_chat("chat-photo-later", Language.UKRAINIAN) in people.texts()
    chat = await running.chat()
    assert len(await running.stage.storage.chat_photos.of_chat(chat.id)) == 1


async def test_who_is_reached_no_more_ends_their_chat_and_who_is_refused_is_tried_again(
    running: Running,
) -> None:
    people, viber = running.people, isinstance(running.people, ViberPeople)
    people.refusals = [12 if viber else 130429]
    await people.writes("0")
    await running.round()
    assert people.texts() == []
    await running.round()
    assert "Можливо" not in people.texts()[-1]
    user = await running.stage.storage.users.add(
        login="writer", name="Олена", role=Role.DISPATCHER, password_hash="x"
    )
    chat = await running.conversations.take((await running.chat()).id, user)
    await running.conversations.reply(chat.id, user, "Добрий день")
    people.refusals = [6 if viber else 131047]
    await running.round()
    assert (await running.chat()).state is ChatState.OVER
    await people.writes("меню")
    await people.goes()
    assert (await running.chat()).state is ChatState.OVER


async def test_one_person_costs_so_many_letters_a_day_and_has_the_rest_later(running: Running) -> None:
    people = running.people
    await people.writes("0")
    user = await running.stage.storage.users.add(
        login="writer", name="Олена", role=Role.DISPATCHER, password_hash="x"
    )
    chat = await running.conversations.take((await running.chat()).id, user)
    for _ in range(OF_PERSON.at_once):
        running.gateway._of_person.take(chat.address)
    await running.conversations.reply(chat.id, user, "Добрий день")
    await running.round()
    await people.writes("")
    assert people.texts() == []
    assert (await running.chat()).state is ChatState.TALKING
    running.gateway._of_person._left.clear()  # the day after
    await running.round()
    assert "Добрий день" in people.texts()[-1]


async def test_signed_nonsense_is_nobodys_word_and_is_not_brought_again(running: Running) -> None:
    for news in (b"[]", b"\xff", b'{"event": 5, "entry": 7}', b"{}"):
        assert await running.people.bring(running.people.signature(news), news) == {}
    assert await running.stage.storage.chats.waiting() == []


async def test_viber_is_told_our_address_and_greets_who_opens_it(
    stage: Stage, service: Callable[[], Conversations]
) -> None:
    async with viber_people() as people, gateway_of(people, stage, service) as running:
        await running.gateway.be_told("https://city.example/hooks/viber")
        assert people.webhook["url"] == "https://city.example/hooks/viber"
        greeted = await people.opens()
        (begin,) = greeted["keyboard"]["Buttons"]
        await people.writes(begin["ActionBody"])
        await running.round()
        assert "Чим допомогти?" in people.texts()[-1]
