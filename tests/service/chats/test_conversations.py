"""Flows in writing: understood, held anew at each message, taken up by another process, never done twice."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.access.permissions import Role
from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.appeal import AppealState
from hotline.appeals.applicants import GuessingRules
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, Chat, LineKind, Medium, NewChat, NewLine
from hotline.errors import ForbiddenTransition
from hotline.knowledge.articles import Content, Wording
from hotline.outages.outage import By
from service.chats.conversations import Conversations
from service.chats.written_call import MASK
from service.talk.town import Stage
from storage.chats.chats import StoredChats
from tests.service.chats.conftest import AT, Resident

APPEAL, CODE = "2600011", "3128"
"""Reported done in the demo city; its applicant has a telephone."""


async def test_what_is_off_is_written_in_ones_own_words(resident: Resident) -> None:
    assert "Київський квартал, будинок 12?" in await resident.writes("немає води на Київському 12")
    assert "гарячої води" in await resident.writes("так")


async def test_a_choice_may_be_pressed_or_written(resident: Resident) -> None:
    assert "номер звернення" in await resident.writes("Стан звернення")
    assert f"Звернення № {APPEAL}" in await resident.writes(APPEAL)
    assert "Чим допомогти?" in await resident.writes("меню")
    assert "номер звернення" in await resident.writes("2")


async def test_a_stranger_hears_state_and_term_and_nothing_personal(resident: Resident) -> None:
    told = await resident.writes("2", APPEAL)
    assert "повідомив, що роботу виконано" in told
    assert "майданчик" not in told
    assert "сміття" not in told


async def test_another_browser_gives_nobody_more_guesses(resident: Resident) -> None:
    told = []
    for browser in range(GuessingRules().hidden // 2 + 1):
        new = NewChat(medium=Medium.WEB, address=f"browser-{browser}")
        resident.chat = await resident.conversations.begin(new)
        told.append(await resident.writes("2", "2699998"))
        await resident.writes("2699999")
    assert ["Ви вже назвали кілька номерів" in one for one in told] == [*[False] * (len(told) - 1), True]


async def test_with_the_code_the_answer_is_read_and_the_word_is_taken(
    resident: Resident, stage: Stage
) -> None:
    assert "напишіть 4 цифри" in await resident.writes("2", APPEAL, "У мене є код")
    assert "не підійшов" in await resident.writes("0000")
    assert "сміття" in await resident.writes(CODE)
    assert "майданчик прибрано" in await resident.writes("5")
    assert "Оцініть" in await resident.writes("1")
    assert "Звернення закрито" in await resident.writes("4")
    appeal = await stage.storage.appeals.find(APPEAL)
    assert appeal is not None
    assert appeal.state is AppealState.CLOSED
    assert not [one for one in await resident.lines() if CODE in one.text]
    assert len([one for one in await resident.lines() if one.text == MASK]) == 2


@pytest.mark.parametrize("said", ["У мене немає коду", "не пам'ятаю"])
async def test_who_has_no_code_goes_on_where_they_are(resident: Resident, said: str) -> None:
    await resident.writes("2", APPEAL, "5", said)
    assert f"Звернення № {APPEAL}" in await resident.writes("3")


async def test_an_emergency_is_read_whole_whatever_was_asked(resident: Resident) -> None:
    said = f"{'у нас біда, і давно, ' * 30} пахне газом, Київський 12"
    assert "SMS на 112" in await resident.writes("2", APPEAL, "5", said)
    assert said in [one.text for one in await resident.lines()]


async def test_a_choice_that_is_pressed_twice_answers_one_question(resident: Resident) -> None:
    write = resident.conversations.write
    chat = resident.chat
    await asyncio.gather(*(write(chat.id, "Диспетчер", seen=chat.lines) for _ in range(2)))
    answers = [one.text for one in await resident.lines() if one.kind in BY_RESIDENT]
    assert answers == ["Диспетчер"]


async def test_what_is_wrong_is_written_into_the_dispute(resident: Resident, stage: Stage) -> None:
    await resident.writes("2", APPEAL, "5", CODE, "2", "2", "Бак досі повний")
    history = await stage.storage.handling.history(APPEAL, hidden=True)
    disputes = [one for one in history if one.act == Dispute.name]
    assert [one.said for one in disputes] == ["Бак досі повний"]


async def test_each_answer_may_find_another_process(
    resident: Resident, stage: Stage, service: Callable[[], Conversations]
) -> None:
    for text in ("2", APPEAL, "5", CODE, "1", "5"):
        resident.conversations = service()
        told = await resident.writes(text)
    assert "Звернення закрито" in told
    history = await stage.storage.handling.history(APPEAL, hidden=True)
    assert len([one for one in history if one.act == Confirm.name]) == 1


async def test_what_was_done_before_the_process_died_is_not_done_again(
    resident: Resident, stage: Stage, service: Callable[[], Conversations], monkeypatch: pytest.MonkeyPatch
) -> None:
    await resident.writes("2", APPEAL, "5", CODE, "1")
    add = StoredChats.add

    async def dies(
        chats: StoredChats, chat: Chat, lines: Sequence[NewLine], at: datetime, **more: Any
    ) -> Chat:
        if any(one.kind is LineKind.ASKED for one in lines):
            raise asyncio.CancelledError
        return await add(chats, chat, lines, at, **more)

    monkeypatch.setattr(StoredChats, "add", dies)
    with pytest.raises(asyncio.CancelledError):
        await resident.writes("5")
    monkeypatch.undo()
    resident.conversations = service()
    assert "Чим допомогти?" in await resident.writes("меню")
    history = await stage.storage.handling.history(APPEAL, hidden=True)
    assert len([one for one in history if one.act == Confirm.name]) == 1


async def test_an_answer_to_what_is_no_more_so_leads_to_the_menu(resident: Resident, stage: Stage) -> None:
    await resident.writes("Відключення", "#")
    for one in await stage.storage.outages.now(stage.clock.now()):
        await stage.storage.outages.end(one.id, stage.clock.now(), By())
    told = await resident.writes("1")
    assert "дещо змінилося" in told
    assert "Чим допомогти?" in told


@pytest.mark.parametrize("before", [[], ["2"], ["Відключення"], ["0"], ["3"]])
async def test_an_emergency_goes_before_everything_from_any_question(
    resident: Resident, stage: Stage, before: list[str]
) -> None:
    if before:
        await resident.writes(*before)
    assert "SMS на 112" in await resident.writes("у під'їзді пахне газом")
    chat = await stage.storage.chats.get(resident.chat.id)
    assert (chat.state, chat.urgent) == (ChatState.WAITING, True)


async def test_a_choice_is_no_emergency_by_its_words(resident: Resident, stage: Stage) -> None:
    owner = await stage.storage.users.add(login="o", name="o", role=Role.HEAD, password_hash="x")
    asks = "Що робити, якщо пахне газом?"
    article = Content(
        uk=Wording(question=asks, answer="Відчиніть вікна і телефонуйте 104."),
        owner_id=owner.id,
        review_on=AT.date() + timedelta(days=30),
        public=True,
        spoken=True,
    )
    await stage.storage.articles.add(article, owner.id, stage.clock.now())
    await resident.writes("меню", "5")
    assert "Відчиніть вікна" in await resident.writes(asks)


async def test_a_message_is_kept_for_a_dispatcher(resident: Resident, stage: Stage) -> None:
    told = await resident.writes("3", "Не світить ліхтар біля школи, Оксана")
    assert "відповість тут" in told
    assert [one.id for one in await stage.storage.chats.waiting()] == [resident.chat.id]


async def test_who_would_not_wait_goes_back_to_the_menu(resident: Resident) -> None:
    assert "передано диспетчерам" in await resident.writes("хочу поговорити з людиною")
    assert "Чим допомогти?" in await resident.writes("Головне меню")


async def test_two_messages_at_once_are_worked_off_one_after_the_other(resident: Resident) -> None:
    both = (resident.conversations.write(resident.chat.id, text) for text in ("2", APPEAL))
    await asyncio.gather(*both)
    assert [one.text for one in await resident.lines() if one.kind is LineKind.ANSWERED] == ["2", APPEAL]


async def test_who_leaves_while_they_are_asked_to_rate_has_said_that_it_is_done(
    resident: Resident, stage: Stage
) -> None:
    await resident.writes("2", APPEAL, "5", CODE, "1")
    chat = await resident.conversations.leave(resident.chat.id)
    appeal = await stage.storage.appeals.find(APPEAL)
    assert chat.state is ChatState.OVER
    assert appeal is not None
    assert appeal.state is AppealState.CLOSED


async def test_a_chat_in_which_nobody_writes_ends_and_one_before_dispatchers_does_not(
    resident: Resident, stage: Stage
) -> None:
    stage.clock.pass_by(timedelta(hours=25).total_seconds())
    await resident.conversations.end_silent()
    assert (await stage.storage.chats.get(resident.chat.id)).state is ChatState.OVER


async def test_an_error_in_a_flow_leads_to_a_dispatcher(
    resident: Resident, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_appeals: object, number: str) -> None:
        raise ValueError(number)

    monkeypatch.setattr(type(stage.storage.appeals), "find", breaks)
    await resident.writes("2", APPEAL)
    assert (await stage.storage.chats.get(resident.chat.id)).state is ChatState.WAITING


async def test_a_dispatcher_takes_over_and_only_one_of_two(resident: Resident, stage: Stage) -> None:
    olena, taras = [
        await stage.storage.users.add(login=name, name=name, role=Role.DISPATCHER, password_hash="x")
        for name in ("o", "t")
    ]
    await resident.writes("0")
    talks = resident.conversations
    took = await asyncio.gather(
        talks.take(resident.chat.id, olena), talks.take(resident.chat.id, taras), return_exceptions=True
    )
    assert [isinstance(one, ForbiddenTransition) for one in took] == [False, True]
    with pytest.raises(ForbiddenTransition):
        await talks.reply(resident.chat.id, taras, "Добрий день")
    await talks.reply(resident.chat.id, olena, "Добрий день")
    assert await resident.writes("Дякую") == ""
    await talks.give_back(resident.chat.id)
    with pytest.raises(ForbiddenTransition):
        await talks.give_back(resident.chat.id)
    await talks.take(resident.chat.id, taras)
    chat = await talks.close(resident.chat.id, taras)
    assert chat.state is ChatState.OVER
    said = [(one.kind, one.text) for one in await resident.lines()]
    assert (LineKind.REPLIED, "Добрий день") in said
    assert (LineKind.WROTE, "Дякую") in said
