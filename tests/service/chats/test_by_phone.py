"""Callers go on with what they began in writing: theirs alone, while it is under way."""

import asyncio
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.conversation import Next
from hotline.chats.chats import Medium, NewChat
from hotline.line.presence_states import Presence
from ivr_flows.ports import Carried
from service.chats.by_phone import ChatsByPhone
from service.wiring.chats import chats_by_number, chats_by_phone
from tests.service.chats.conftest import Resident
from tests.service.chats.test_conversations import APPEAL
from tests.service.chats.test_reports import WORDS, writer

__all__ = ["writer"]

HANNA, OKSANA, CALL = "+380671112233", "+380671112244", "call-1"
WITHIN = timedelta(minutes=30)


@pytest.fixture
async def by_phone(resident: Resident) -> ChatsByPhone:
    stage, made = resident.stage, resident.conversations
    known = await chats_by_number(stage.storage, made, stage.clock)
    return chats_by_phone(stage.storage, made, known, stage.clock, within=WITHIN)


async def written(resident: Resident, *texts: str, medium: Medium = Medium.TELEGRAM) -> Resident:
    new = NewChat(medium=medium, address=HANNA, number=HANNA)
    resident.chat = await resident.conversations.begin(new)
    if texts:
        await resident.writes(*texts)
    return resident


@pytest.mark.parametrize(
    ("texts", "going", "about"),
    [
        (("2", APPEAL), Next.APPEAL_STATE, APPEAL),
        (("2",), Next.APPEAL_STATE, ""),
        (("Відключення",), Next.OUTAGES, ""),
        (("0",), Next.DISPATCHER, ""),
        (("пахне газом",), Next.EMERGENCY, ""),
    ],
)
async def test_it_goes_on_where_it_stood(
    resident: Resident, by_phone: ChatsByPhone, texts: tuple[str, ...], going: Next, about: str
) -> None:
    await written(resident, *texts)
    assert await by_phone.unfinished(HANNA)
    found = await by_phone.take_along(HANNA, CALL)
    assert found == Carried(chat_id=resident.chat.id, going=going, about=about)
    assert (await resident.lines())[-1].text == "Ви продовжили цю розмову телефоном."


async def test_what_is_not_under_way_or_another_numbers_or_old_is_not_offered(
    resident: Resident, by_phone: ChatsByPhone
) -> None:
    await written(resident)
    assert not await by_phone.unfinished(HANNA)
    await resident.writes("2")
    assert not await by_phone.unfinished(OKSANA)
    assert await by_phone.take_along(OKSANA, CALL) is None
    resident.stage.clock.pass_by(WITHIN.total_seconds())
    assert not await by_phone.unfinished(HANNA)


async def test_one_that_has_ended_after_it_was_offered_goes_nowhere(
    resident: Resident, by_phone: ChatsByPhone
) -> None:
    await written(resident, "2")
    assert await by_phone.unfinished(HANNA)
    await resident.conversations.leave(resident.chat.id)
    assert await by_phone.take_along(HANNA, CALL) is None


async def test_what_is_written_at_the_same_moment_is_answered_all_the_same(
    resident: Resident, by_phone: ChatsByPhone
) -> None:
    await written(resident, "2")
    found, told = await asyncio.gather(by_phone.take_along(HANNA, CALL), resident.writes(APPEAL))
    assert found is not None
    assert f"Звернення № {APPEAL}" in told
    assert "Чим допомогти?" in await resident.writes("меню")


async def test_a_begun_report_is_the_form_of_the_call_that_goes_on_with_it(
    writer: Resident, by_phone: ChatsByPhone
) -> None:
    await written(writer, "Повідомити про проблему", WORDS, "1", "Київський квартал, 12")
    assert await by_phone.begun_report(HANNA, CALL) is None
    found = await by_phone.take_along(HANNA, CALL)
    assert found is not None
    assert found.going is Next.REPORT
    begun = await by_phone.begun_report(HANNA, CALL)
    assert begun is not None
    assert (begun.text, begun.address) == (WORDS, "Київський квартал, 12")
    assert begun.category
    assert await by_phone.begun_report(HANNA, "call-2") is None


async def test_the_dispatcher_who_has_the_chat_is_wanted_while_they_are_free(
    resident: Resident, by_phone: ChatsByPhone
) -> None:
    storage, now = resident.stage.storage, resident.stage.clock.now()
    desk = await storage.dispatchers.add("291", "Олена", "x", frozenset())
    olena = await storage.users.add(
        login="olena-at-291", name="o", role=Role.DISPATCHER, password_hash="x", dispatcher_id=desk.id
    )
    await written(resident, "0")
    await resident.conversations.take(resident.chat.id, olena)
    wanted = []
    for presence in (Presence.READY, Presence.PAUSED):
        await storage.dispatchers.set_presence(desk.id, presence, now)
        found = await by_phone.take_along(HANNA, CALL)
        wanted.append(found and found.dispatcher_id)
    assert wanted == [desk.id, None]


async def test_no_short_message_tells_what_they_know(resident: Resident, by_phone: ChatsByPhone) -> None:
    await written(resident, "2", medium=Medium.SMS)
    chats = resident.stage.storage.chats
    await chats.sent_up_to(resident.chat.id, resident.chat.lines)
    await by_phone.take_along(HANNA, CALL)
    assert not await chats.unsent(Medium.SMS)
