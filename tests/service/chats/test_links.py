"""Links by which calls go on in chats: once a call and once in all, for an hour, at a bounded price."""

import asyncio
from asyncio import CancelledError
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.conversation import Next
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat, Line, Medium, NewChat
from hotline.line.presence_states import Presence
from hotline.voice.speech import Language
from service.chats.call_to_go_on import LINK_VALID
from service.chats.held_flows import HeldFlows
from service.chats.links import OF_NUMBER, Links
from service.talk.town import Stage
from service.wiring.chats import chats_by_number, links_of
from storage.chats import chats as stored
from storage.chats.chats import StoredChats
from storage.store import Storage
from storage.tables import notices
from tests.service.chats.conftest import Resident
from tests.service.chats.test_conversations import APPEAL

HANNA, OKSANA, LANDLINE, CALL = "+380671112233", "+380671112244", "+380457900001", "call-1"
MOST = 4


@pytest.fixture
def links(stage: Stage) -> Links:
    return links_of(stage.storage, stage.clock, address="https://city.example", most=MOST, bot="city_bot")


async def owed(storage: Storage) -> list[dict[str, Any]]:
    """The texts of the short messages that are owed, in their order."""
    async with storage.database.reading() as connection:
        rows = await connection.execute(select(notices.c.facts).order_by(notices.c.id))
        return [row.facts["texts"] for row in rows if "chat" in row.facts.get("texts", {})]


async def code_in(storage: Storage) -> str:
    """The code of the latest link."""
    return str((await owed(storage))[-1]["chat"]).rpartition("/")[2]


async def asked(links: Links, going: Next = Next.APPEAL_STATE, about: str = APPEAL) -> bool:
    return await links.send(CALL, HANNA, going=going, language=Language.UKRAINIAN, about=about)


async def test_an_appeal_is_not_named_again_and_the_chat_stands_with_call_and_number(
    resident: Resident, links: Links
) -> None:
    stage = resident.stage
    known = await chats_by_number(stage.storage, resident.conversations, stage.clock)
    assert await asked(links)
    assert known.of(HANNA) is None
    chat = await resident.conversations.going_on.open_link(
        await code_in(stage.storage), Medium.WEB, "browser-2"
    )
    assert chat is not None
    assert (chat.number, chat.from_call, chat.state) == (HANNA, CALL, ChatState.ASKING)
    resident.chat = chat
    told = [one.text for one in await resident.lines()]
    assert told[0] == "Продовжуємо розмову, яку ви почали телефоном."
    assert f"Звернення № {APPEAL}" in told[-1]
    assert f"Звернення № {APPEAL}" in await resident.writes("3")
    assert "номер звернення" in await resident.writes("9")
    shown = known.of(HANNA)
    assert shown is not None
    assert shown.id == chat.id


async def test_what_is_asked_next_by_another_process_is_held_from_the_appeal(
    resident: Resident, links: Links, service: Any
) -> None:
    await asked(links)
    chat = await service().going_on.open_link(await code_in(resident.stage.storage), Medium.WEB, "browser-2")
    resident.chat, resident.conversations = chat, service()
    assert f"Звернення № {APPEAL}" in await resident.writes("3")


async def test_a_link_is_used_once_however_many_open_it_at_once(resident: Resident, links: Links) -> None:
    await asked(links)
    code = await code_in(resident.stage.storage)
    opened = await asyncio.gather(
        *(resident.conversations.going_on.open_link(code, Medium.WEB, f"browser-{one}") for one in range(3))
    )
    assert len([one for one in opened if one is not None]) == 1
    assert await resident.conversations.going_on.open_link(code, Medium.WEB, "late") is None


async def test_a_guessed_code_and_one_of_before_an_hour_lead_nowhere(
    resident: Resident, links: Links
) -> None:
    await asked(links)
    assert await resident.conversations.going_on.open_link("aaaaaaaaaa", Medium.WEB, "x") is None
    resident.stage.clock.pass_by(LINK_VALID.total_seconds())
    code = await code_in(resident.stage.storage)
    assert await resident.conversations.going_on.open_link(code, Medium.WEB, "x") is None
    resident.stage.clock.pass_by(timedelta(hours=25).total_seconds())
    await resident.conversations.end_silent()
    left = await resident.stage.storage.chats.of_call(CALL)
    assert left is not None
    assert left.state is ChatState.OVER


async def test_what_dies_before_the_message_is_owed_has_begun_no_chat(
    stage: Stage, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat without its message would be the call's only one, and nobody would ever open it."""

    async def dies(*_given: object) -> None:
        raise CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(stored, "owe_once", dies)
        with pytest.raises(CancelledError):
            await asked(links)
    assert await stage.storage.chats.of_call(CALL) is None
    assert await asked(links)
    assert len(await owed(stage.storage)) == 1


async def test_pressed_again_in_the_same_browser_it_is_the_same_chat(
    resident: Resident, links: Links
) -> None:
    await asked(links)
    code = await code_in(resident.stage.storage)
    going_on = resident.conversations.going_on
    first = await going_on.open_link(code, Medium.WEB, "browser-2")
    assert first is not None
    again = await going_on.open_link(code, Medium.WEB, "browser-2")
    assert again is not None
    assert (again.id, again.lines) == (first.id, first.lines), "nothing is asked a second time"
    assert await going_on.open_link(code, Medium.WEB, "browser-3") is None
    await resident.conversations.leave(first.id)
    assert await going_on.open_link(code, Medium.WEB, "browser-2") is None, "it is over"


async def test_pressed_twice_in_two_processes_it_is_one_chat(
    resident: Resident, links: Links, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(links)
    code = await code_in(resident.stage.storage)
    here, there, lines = resident.conversations.going_on, service().going_on, StoredChats.lines
    elsewhere: list[Chat | None] = []

    async def quicker(self: StoredChats, chat_id: int, after: int = 0) -> Sequence[Line]:
        monkeypatch.setattr(StoredChats, "lines", lines)
        read = await lines(self, chat_id, after)
        elsewhere.append(await there.open_link(code, Medium.WEB, "browser-2"))
        return read

    monkeypatch.setattr(StoredChats, "lines", quicker)
    chat = await here.open_link(code, Medium.WEB, "browser-2")
    assert chat is not None
    assert [one and one.id for one in elsewhere] == [chat.id]


async def test_opened_as_the_process_died_the_second_press_leads_it_on(
    resident: Resident, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(links)
    code = await code_in(resident.stage.storage)

    async def dies(*_given: object, **_named: object) -> None:
        raise CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(HeldFlows, "lead_on", dies)
        with pytest.raises(CancelledError):
            await resident.conversations.going_on.open_link(code, Medium.WEB, "browser-2")
    chat = await resident.conversations.going_on.open_link(code, Medium.WEB, "browser-2")
    assert chat is not None
    resident.chat = chat
    assert f"Звернення № {APPEAL}" in (await resident.lines())[-1].text


async def test_a_call_has_one_link_whoever_asks_for_it_at_once(stage: Stage, links: Links) -> None:
    olena = await dispatcher(stage)
    await asyncio.gather(
        asked(links), asked(links), links.send_for(olena.id, CALL, HANNA, Language.UKRAINIAN)
    )
    assert len(await owed(stage.storage)) == 1


async def test_no_flood_costs_more_than_the_days_links(stage: Stage, links: Links) -> None:
    sent = [
        await links.send(f"call-{one}", HANNA, going=Next.OUTAGES, language=Language.UKRAINIAN)
        for one in range(OF_NUMBER + 2)
    ]
    assert sent == [True] * OF_NUMBER + [False] * 2
    others = [
        await links.send(f"other-{one}", f"+38067111220{one}", going=Next.OUTAGES, language=Language.ENGLISH)
        for one in range(3)
    ]
    assert others == [True, False, False]
    assert len(await owed(stage.storage)) == MOST


async def test_a_restart_forgives_no_link_and_a_day_does(stage: Stage, links: Links) -> None:
    async def send(by: Links, call_id: str, number: str) -> bool:
        return await by.send(call_id, number, going=Next.OUTAGES, language=Language.UKRAINIAN)

    began = await asyncio.gather(*(send(links, f"call-{one}", HANNA) for one in range(MOST)))
    assert sum(began) == OF_NUMBER, "many at once, and no more"
    stage.clock.pass_by(timedelta(hours=23).total_seconds())
    again = links_of(stage.storage, stage.clock, address="https://city.example", most=MOST)
    assert not await send(again, "late", HANNA)
    assert await send(again, "other-1", OKSANA)
    assert not await send(again, "other-2", OKSANA), "to all numbers"
    stage.clock.pass_by(timedelta(hours=1).total_seconds() + 1)
    assert await send(again, "next-day", HANNA)


async def test_no_link_goes_to_a_landline_or_a_hidden_number(stage: Stage, links: Links) -> None:
    assert not links.goes_to(LANDLINE)
    assert not links.goes_to(None)
    assert not await links.send(CALL, LANDLINE, going=Next.OUTAGES, language=Language.UKRAINIAN)
    assert not await owed(stage.storage)


async def dispatcher(stage: Stage) -> User:
    desk = await stage.storage.dispatchers.add("291", "Олена", "x", frozenset())
    await stage.storage.dispatchers.set_presence(desk.id, Presence.READY, stage.clock.now())
    return await stage.storage.users.add(
        login="hanna-at-211", name="o", role=Role.DISPATCHER, password_hash="x", dispatcher_id=desk.id
    )


@pytest.mark.parametrize(("away", "state"), [(False, ChatState.TALKING), (True, ChatState.WAITING)])
async def test_a_talk_goes_on_with_the_same_dispatcher_while_they_are_there(
    resident: Resident, links: Links, *, away: bool, state: ChatState
) -> None:
    stage = resident.stage
    olena = await dispatcher(stage)
    await links.send_for(olena.id, CALL, HANNA, Language.UKRAINIAN)
    if away:
        assert olena.dispatcher_id is not None
        await stage.storage.dispatchers.set_presence(olena.dispatcher_id, Presence.AWAY, stage.clock.now())
    chat = await resident.conversations.going_on.open_link(
        await code_in(stage.storage), Medium.WEB, "browser-2"
    )
    assert chat is not None
    assert (chat.state, chat.user_id) == (state, None if away else olena.id)


async def telegram(resident: Resident) -> Chat:
    return await resident.conversations.begin(NewChat(medium=Medium.TELEGRAM, address="7"))


async def test_the_link_to_the_bot_goes_on_there_and_ends_what_began_with_it(
    resident: Resident, links: Links
) -> None:
    await asked(links)
    texts = (await owed(resident.stage.storage))[-1]
    code = await code_in(resident.stage.storage)
    assert texts["telegram"] == f"https://t.me/city_bot?start={code}"
    here = await telegram(resident)
    chat = await resident.conversations.write(here.id, f"/start {code}")
    assert (chat.medium, chat.address, chat.from_call) == (Medium.TELEGRAM, "7", CALL)
    assert (await resident.stage.storage.chats.get(here.id)).state is ChatState.OVER
    latest = await resident.stage.storage.chats.latest(Medium.TELEGRAM, "7")
    assert latest is not None
    assert latest.id == chat.id
    again = await resident.conversations.write(chat.id, f"/start {code}")
    assert again.id == chat.id
    resident.chat = chat
    last = (await resident.lines())[-1].text
    assert last.startswith("Продовжуємо тут."), "pressed again it is where they are"
    assert f"Звернення № {APPEAL}" in last, "with its question once more"
    await resident.conversations.write(chat.id, "/start aaaaaaaaaa")
    assert "Це посилання вже не діє" in (await resident.lines())[-1].text
