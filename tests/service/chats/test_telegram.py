"""Telegram by the real library against a server of ours that speaks the Bot API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from attrs import define

from hotline.access.permissions import Role
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, Chat, Medium
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.conversations import Conversations
from service.chats.receiving import Receiving
from service.chats.sending import Sending
from service.chats.telegram import Telegram, telegram_bot
from service.settings.settings import POLLING, TelegramSettings
from service.talk.town import Stage
from service.wiring.messengers import TelegramRoad
from tests.fakes.telegram_server import TOKEN, TelegramServer, blocked, telegram_server
from tests.service.chats.test_conversations import APPEAL


@define
class Seconds:
    """Monotonic seconds that a test moves on."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@define(eq=False)
class Process:
    """The service as far as Telegram is concerned; another one knows nothing of what this one knew."""

    stage: Stage
    conversations: Conversations
    telegram: Telegram
    receiving: Receiving
    sending: Sending
    seconds: Seconds

    async def round(self) -> None:
        """Take the news that there is, and give what is owed to whom it may be given."""
        assert await self.telegram.ask(1.0) == 0.0
        await self.give()

    async def give(self) -> None:
        self.seconds.now += 1.0
        await self.sending.once()

    async def chat(self, person: int = 11) -> Chat:
        found = await self.stage.storage.chats.latest(Medium.TELEGRAM, str(person))
        assert found is not None
        return found

    async def by_resident(self, person: int = 11) -> list[str]:
        lines = await self.stage.storage.chats.lines((await self.chat(person)).id)
        return [one.text for one in lines if one.kind in BY_RESIDENT]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as made:
        yield made


@asynccontextmanager
async def process(
    stage: Stage, server: TelegramServer, service: Callable[[], Conversations]
) -> AsyncIterator[Process]:
    conversations, seconds = service(), Seconds()
    receiving = Receiving(chats=stage.storage.chats, conversations=conversations)
    telegram = Telegram(bot=telegram_bot(TOKEN, server.url), receiving=receiving)
    sending = Sending(
        medium=Medium.TELEGRAM,
        chats=stage.storage.chats,
        messenger=telegram,
        gone=receiving.lost,
        monotonic=seconds,
    )
    try:
        yield Process(
            stage=stage,
            conversations=conversations,
            telegram=telegram,
            receiving=receiving,
            sending=sending,
            seconds=seconds,
        )
    finally:
        await telegram.close()


@pytest.fixture
async def running(
    stage: Stage, server: TelegramServer, service: Callable[[], Conversations]
) -> AsyncIterator[Process]:
    async with process(stage, server, service) as made:
        yield made


async def test_the_same_conversation_is_held_with_buttons_and_in_own_words(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("/start")
    await running.round()
    share, menu = server.of()
    assert "request_contact" in share["reply_markup"]
    assert "Чим допомогти?" in menu["text"]
    await server.presses("Стан звернення")
    await running.round()
    await server.writes(APPEAL)
    await running.round()
    assert f"Звернення № {APPEAL}" in server.texts()[-1]
    assert await running.by_resident() == ["Стан звернення", APPEAL]
    assert len(server.answered) == 1


async def test_what_is_wrong_is_the_first_message_and_is_understood(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("немає води на Київському 12")
    await running.round()
    assert "Київський квартал, будинок 12?" in server.texts()[-1]


async def test_updates_that_come_twice_and_double_presses_answer_one_question(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("/start", times=2)
    await running.round()
    assert len(server.texts()) == 2
    await server.presses("Диспетчер", times=2)
    await running.round()
    assert await running.by_resident() == ["Диспетчер"]
    assert "не діє" in server.answered[-1]["text"]


async def test_who_shares_their_own_number_is_heard_as_its_owner_and_nobody_as_anothers(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("/start")
    await server.shares("380457900012", whose=12)
    await running.round()
    assert (await running.chat()).number is None
    assert "іншої людини" in server.texts()[0]
    await server.shares("380671112233")
    await running.round()
    assert (await running.chat()).number == "+380671112233"
    assert "номер підтверджено" in server.texts()[-1]


async def test_voices_are_refused_in_words(running: Process, server: TelegramServer) -> None:
    await server.writes(None, voice={"file_id": "1", "file_unique_id": "1", "duration": 3})
    await running.round()
    assert server.texts() == [in_chat("chat-only-text", Language.UKRAINIAN)]


async def test_groups_are_not_answered(running: Process, server: TelegramServer) -> None:
    await server.writes("/start", chat={"id": -5, "type": "group", "title": "Двір"})
    await running.round()
    assert server.said == []


async def test_a_killed_process_loses_no_message_and_takes_none_twice(
    stage: Stage, server: TelegramServer, service: Callable[[], Conversations]
) -> None:
    """It has worked off what came, and dies before Telegram hears of it and before it has answered."""
    async with process(stage, server, service) as first:
        await server.writes("/start")
        await server.writes("2")
        assert await first.telegram.ask(1.0) == 0.0
    async with process(stage, server, service) as second:
        await second.round()
        assert await second.by_resident() == ["2"]
        assert [one for one in server.texts() if "номер звернення" in one] == [server.texts()[-1]]
        assert len(server.texts()) == 2
        await second.give()
        assert len(server.texts()) == 2


async def test_what_was_on_its_way_is_given_again_and_says_so(
    running: Process, server: TelegramServer
) -> None:
    await server.writes("/start")
    await running.round()
    server.answers = [(0, "", 0)]
    await server.writes("2")
    await running.round()
    running.seconds.now += 60
    await running.give()
    assert server.texts()[-1] == f"Можливо, ви це вже отримали:\n\n{server.texts()[-2]}"


async def test_telegram_is_left_alone_for_as_long_as_it_asks(
    running: Process, server: TelegramServer
) -> None:
    server.answers = [(429, "Too Many Requests: retry after 30", 30)]
    await server.writes("/start", 11)
    await running.round()
    await server.writes("/start", 12)
    running.seconds.now += 20
    await running.round()
    assert server.said == []
    running.seconds.now += 20
    await running.give()
    assert [len(server.of(11)), len(server.of(12))] == [2, 2]
    assert "Можливо" not in server.texts(11)[-1]


@pytest.mark.parametrize("by_update", [False, True])
async def test_who_has_blocked_us_ends_their_chat(
    running: Process, server: TelegramServer, *, by_update: bool
) -> None:
    await server.writes("0")
    await running.round()
    if by_update:
        await server.bring(my_chat_member=blocked())
    else:
        await server.writes("чекаю")
        await running.round()
        user = await running.stage.storage.users.add(
            login="writer", name="Олена", role=Role.DISPATCHER, password_hash="x"
        )
        chat = await running.conversations.take((await running.chat()).id, user)
        await running.conversations.reply(chat.id, user, "Добрий день")
        server.answers = [(403, "Forbidden: bot was blocked by the user", 0)]
    await running.round() if by_update else await running.give()
    chat = await running.chat()
    assert chat.state is ChatState.OVER
    asked = len(server.asked)
    running.seconds.now += 600
    await running.give()
    assert len(server.asked) == asked


async def test_one_person_who_fails_holds_up_nobody(running: Process, server: TelegramServer) -> None:
    await server.writes("/start", 11)
    await server.writes("/start", 12)
    server.answers = [(400, "Bad Request: something else", 0), (200, "", 0), (200, "", 0)]
    await running.round()
    assert {len(server.of(11)), len(server.of(12))} == {0, 2}


async def test_who_writes_without_end_is_told_so_once_and_the_rest_is_left(
    running: Process, server: TelegramServer
) -> None:
    for _ in range(30):
        await server.writes("меню")
    await running.round()
    refusals = [one for one in server.texts() if "Повідомлень забагато" in one]
    assert len(refusals) == 2


async def test_a_message_that_was_not_worked_off_comes_again_in_order(
    running: Process, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Receiving.take
    failed: list[str] = []

    async def fails_once(self: Receiving, came: object) -> object:
        if not failed:
            failed.append("once")
            raise OSError("the database is away")
        return await take(self, came)  # type: ignore[arg-type]

    monkeypatch.setattr(Receiving, "take", fails_once)
    await server.writes("/start")
    await server.writes("2")
    assert await running.telegram.ask(1.0) == 1.0
    await running.round()
    assert await running.by_resident() == ["2"]


async def test_the_webhook_is_set_with_our_secret_and_one_at_a_time(
    running: Process, server: TelegramServer
) -> None:
    await running.telegram.be_told("https://city.example/hooks/telegram", "word")
    assert server.webhook["secret_token"] == "word"
    assert server.webhook["max_connections"] == "1"


async def test_the_service_takes_and_answers_by_itself(
    stage: Stage, server: TelegramServer, service: Callable[[], Conversations]
) -> None:
    conversations = service()
    road = TelegramRoad(
        settings=TelegramSettings(token=TOKEN, way=POLLING, name="", url=server.url),
        told_at="",
        receiving=Receiving(chats=stage.storage.chats, conversations=conversations),
        storage=stage.storage,
        conversations=conversations,
    )
    keeping = asyncio.create_task(road.keep())
    await server.writes("/start")
    await server.has_said(2)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    assert "Чим допомогти?" in server.texts()[-1]
