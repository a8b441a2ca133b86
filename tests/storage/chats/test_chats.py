"""Chats as they are kept, on both databases."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import Button, LineKind, Medium, NewChat, NewLine
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from storage.store import Storage
from tests.storage.conftest import NOON

NEW = NewChat(medium=Medium.WEB, address="x")
ASKED = NewLine(
    kind=LineKind.ASKED, text="Чим допомогти?", asked="menu 12", buttons=(Button(key="1", label="Так"),)
)


async def test_lines_are_numbered_and_come_back_as_they_were(storage: Storage) -> None:
    chat = await storage.chats.begin(NEW, NOON)
    chat = await storage.chats.add(chat, [ASKED, NewLine(kind=LineKind.ANSWERED, text="1")], NOON)
    asked, answered = await storage.chats.lines(chat.id)
    assert (asked.number, asked.buttons, asked.asked) == (1, ASKED.buttons, ASKED.asked)
    assert (answered.number, answered.text, chat.lines) == (2, "1", 2)
    assert [one.number for one in await storage.chats.lines(chat.id, after=1)] == [2]


async def test_what_was_decided_on_an_older_chat_is_not_kept(storage: Storage) -> None:
    seen = await storage.chats.begin(NEW, NOON)
    await storage.chats.add(seen, [ASKED], NOON)
    with pytest.raises(Outdated):
        await storage.chats.add(seen, [ASKED], NOON)
    assert len(await storage.chats.lines(seen.id)) == 1


async def test_of_two_dispatchers_one_has_it(storage: Storage) -> None:
    both = [
        await storage.users.add(login=name, name=name, role=Role.DISPATCHER, password_hash="x")
        for name in ("olena", "taras")
    ]
    chat = await storage.chats.begin(NEW, NOON)
    waits = await storage.chats.add(chat, [], NOON, act=ChatAct.ASK_FOR_PERSON)
    taken = await storage.chats.add(waits, [], NOON, act=ChatAct.TAKE, user_id=both[0].id)
    with pytest.raises(Outdated):
        await storage.chats.add(waits, [], NOON, act=ChatAct.TAKE, user_id=both[1].id)
    with pytest.raises(ForbiddenTransition):
        await storage.chats.add(taken, [], NOON, act=ChatAct.TAKE, user_id=both[1].id)
    assert (await storage.chats.get(chat.id)).user_id == both[0].id


async def test_emergencies_stand_first_and_others_as_they_came(storage: Storage) -> None:
    for minute, urgent in enumerate((False, False, True)):
        chat = await storage.chats.begin(NEW, NOON)
        at = NOON + timedelta(minutes=minute)
        await storage.chats.add(chat, [], at, act=ChatAct.ASK_FOR_PERSON, urgent=urgent)
    assert [one.id for one in await storage.chats.waiting()] == [3, 1, 2]


async def test_only_what_no_person_has_is_silent(storage: Storage) -> None:
    asking, waits = [await storage.chats.begin(NEW, NOON) for _ in range(2)]
    await storage.chats.add(waits, [], NOON, act=ChatAct.ASK_FOR_PERSON)
    later = NOON + timedelta(days=1)
    assert [one.id for one in await storage.chats.silent(later, 10)] == [asking.id]
    assert await storage.chats.silent(NOON, 10) == []


async def test_the_latest_of_an_address_is_found(storage: Storage) -> None:
    for _ in range(2):
        await storage.chats.begin(NEW, NOON)
    found = await storage.chats.latest(Medium.WEB, "x")
    assert found is not None
    assert (found.id, found.state) == (2, ChatState.ASKING)
    assert await storage.chats.latest(Medium.SMS, "x") is None
    with pytest.raises(NotFound):
        await storage.chats.get(7)


async def test_what_a_messenger_brought_is_known_by_its_name_and_person(storage: Storage) -> None:
    chat = await storage.chats.begin(NewChat(medium=Medium.TELEGRAM, address="11"), NOON)
    await storage.chats.add(chat, [NewLine(kind=LineKind.WROTE, text="x", received="7")], NOON)
    received = storage.chats.has_received
    assert await received(Medium.TELEGRAM, "11", "7")
    assert not await received(Medium.TELEGRAM, "12", "7")
    assert not await received(Medium.TELEGRAM, "11", "8")


async def test_what_is_owed_to_a_messenger_is_known_until_it_has_it(storage: Storage) -> None:
    chat = await storage.chats.begin(NewChat(medium=Medium.TELEGRAM, address="11"), NOON)
    await storage.chats.begin(NEW, NOON)
    assert not await storage.chats.unsent(Medium.TELEGRAM)
    await storage.chats.add(chat, [ASKED], NOON)
    await storage.chats.send_up_to(chat.id, 1)
    assert [(one.id, one.sending) for one in await storage.chats.unsent(Medium.TELEGRAM)] == [(chat.id, 1)]
    await storage.chats.sent_up_to(chat.id, 1)
    assert not await storage.chats.unsent(Medium.TELEGRAM)
    assert (await storage.chats.get(chat.id)).sending is None


async def test_those_in_which_calls_go_on_are_counted_since_a_moment(storage: Storage) -> None:
    hers, another = "+380671112233", "+380671112244"
    later = NOON + timedelta(hours=1)
    for call, number, at in (("a", hers, NOON), ("b", hers, later), ("c", another, later)):
        begun = NewChat(medium=Medium.WEB, address=call, number=number, from_call=call)
        chat = await storage.chats.begin(begun, at)
        await storage.chats.add(chat, [], later, act=ChatAct.ASK_FOR_PERSON)
    await storage.chats.begin(NewChat(medium=Medium.WEB, address="x", number=hers), later)
    assert await storage.chats.from_calls(NOON, hers) == (3, 2)
    assert await storage.chats.from_calls(later, hers) == (2, 1)
