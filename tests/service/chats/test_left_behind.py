"""Chats whose dispatcher has gone come to a colleague by themselves."""

from dataclasses import replace

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat
from hotline.line.presence_states import Presence
from service.chats.left_behind import ANSWERED_IN, ChatsLeftBehind
from service.talk.town import Stage
from tests.service.chats.conftest import Resident


@pytest.fixture
def left_behind(resident: Resident, stage: Stage) -> ChatsLeftBehind:
    return ChatsLeftBehind(
        chats=stage.storage.chats,
        users=stage.storage.users,
        dispatchers=stage.storage.dispatchers,
        give_back=resident.conversations.give_back,
        clock=stage.clock,
    )


@pytest.fixture
async def olena(stage: Stage) -> User:
    storage = stage.storage
    desk = await storage.dispatchers.add("721", "Olena", "secret", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, stage.clock.now())
    return await storage.users.add(
        login="o", name="Olena", role=Role.DISPATCHER, password_hash="x", dispatcher_id=desk.id
    )


async def state_of(resident: Resident, stage: Stage) -> ChatState:
    return (await stage.storage.chats.get(resident.chat.id)).state


@pytest.mark.parametrize("gone", [{"active": False, "dispatcher_id": None}, {"role": Role.EXECUTOR}])
async def test_the_chat_of_somebody_who_may_answer_no_more_waits_again(
    resident: Resident, stage: Stage, left_behind: ChatsLeftBehind, olena: User, gone: dict[str, object]
) -> None:
    await resident.writes("0")
    await resident.conversations.take(resident.chat.id, olena)
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.TALKING
    await stage.storage.users.update(replace(olena, **gone))  # type: ignore[arg-type]
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.WAITING
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.WAITING


async def test_what_is_written_to_somebody_whose_shift_is_over_comes_to_a_colleague(
    resident: Resident, stage: Stage, left_behind: ChatsLeftBehind, olena: User
) -> None:
    await resident.writes("0")
    await resident.conversations.take(resident.chat.id, olena)
    await resident.conversations.reply(resident.chat.id, olena, "Добрий день")
    assert olena.dispatcher_id is not None
    await stage.storage.dispatchers.set_presence(olena.dispatcher_id, Presence.AWAY, stage.clock.now())
    stage.clock.pass_by(ANSWERED_IN.total_seconds())
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.TALKING, "nobody waits for an answer"
    await resident.writes("А коли ввімкнуть?")
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.TALKING, "they may still answer"
    stage.clock.pass_by(ANSWERED_IN.total_seconds())
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.WAITING


async def test_a_dispatcher_on_duty_keeps_a_chat_however_long_they_need(
    resident: Resident, stage: Stage, left_behind: ChatsLeftBehind, olena: User
) -> None:
    await resident.writes("0")
    await resident.conversations.take(resident.chat.id, olena)
    await resident.writes("Чекаю")
    stage.clock.pass_by(10 * ANSWERED_IN.total_seconds())
    await left_behind.look()
    assert await state_of(resident, stage) is ChatState.TALKING


async def test_what_somebody_does_with_it_in_that_very_moment_counts(
    resident: Resident, stage: Stage, olena: User
) -> None:
    await resident.writes("0")
    await resident.conversations.take(resident.chat.id, olena)
    await stage.storage.users.update(replace(olena, active=False, dispatcher_id=None))
    taras = await stage.storage.users.add(login="t", name="T", role=Role.DISPATCHER, password_hash="x")

    async def a_moment_later(chat_id: int, seen: int) -> Chat:
        await resident.conversations.give_back(chat_id)
        await resident.conversations.take(chat_id, taras)
        return await resident.conversations.give_back(chat_id, seen)

    storage = stage.storage
    await ChatsLeftBehind(
        chats=storage.chats,
        users=storage.users,
        dispatchers=storage.dispatchers,
        give_back=a_moment_later,
        clock=stage.clock,
    ).look()
    chat = await storage.chats.get(resident.chat.id)
    assert (chat.state, chat.user_id) == (ChatState.TALKING, taras.id)
