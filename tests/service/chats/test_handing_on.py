"""A chat goes on in another medium, by a code: nothing is said twice, and nobody guesses it."""

import asyncio
import re

import pytest

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat, ChatIsOver, LineKind, Medium
from hotline.chats.messengers import Brought, Taken
from service.chats import held_flows
from service.chats.handing_on import GUESSES, VALID
from service.chats.receiving import Receiving
from service.talk.town import Stage
from tests.service.chats.conftest import Resident
from tests.service.chats.test_conversations import APPEAL


async def brought(resident: Resident, text: str, *, name: str, person: str = "11") -> Taken:
    receiving = Receiving(chats=resident.stage.storage.chats, conversations=resident.conversations)
    return await receiving.take(Brought(medium=Medium.TELEGRAM, address=person, name=name, text=text))


async def there(stage: Stage, person: str = "11") -> Chat:
    found = await stage.storage.chats.latest(Medium.TELEGRAM, person)
    assert found is not None
    return found


async def code_of(resident: Resident) -> str:
    found = re.search(r"продовжити ([0-9]{6})", await resident.writes("продовжити"))
    assert found
    return found[1]


async def test_the_place_and_the_answers_go_along(resident: Resident, stage: Stage) -> None:
    await resident.writes("2", APPEAL, "5")
    await brought(resident, f"Продовжити {await code_of(resident)}", name="1")
    chat = await there(stage)
    assert chat.id == resident.chat.id
    (told,) = await stage.storage.chats.lines(chat.id, after=chat.lines - 1)
    assert "Продовжуємо тут" in told.text
    assert "4 цифри" in told.text
    assert chat.sent == chat.lines - 2
    await brought(resident, "3128", name="2")
    lines = await stage.storage.chats.lines(chat.id)
    assert "сміття" in lines[-1].text
    assert await stage.storage.chats.latest(Medium.WEB, "browser") is None


async def test_a_code_is_good_once_and_brought_twice_it_is_one(resident: Resident, stage: Stage) -> None:
    code = await code_of(resident)
    assert await brought(resident, f"продовжити {code}", name="1") is Taken.YES
    assert await brought(resident, f"продовжити {code}", name="1") is Taken.AGAIN
    await brought(resident, f"продовжити {code}", name="2", person="12")
    assert (await there(stage)).id == resident.chat.id
    assert (await there(stage, "12")).id != resident.chat.id


async def test_two_who_bring_each_others_code_at_once_wait_for_nobody(
    resident: Resident, stage: Stage
) -> None:
    await brought(resident, "/start", name="1")
    await brought(resident, "продовжити", name="2")
    lines = await stage.storage.chats.lines((await there(stage)).id)
    theirs = re.search("[0-9]{6}", lines[-1].text)
    assert theirs
    ours = await code_of(resident)
    await asyncio.gather(
        brought(resident, f"продовжити {ours}", name="3"), resident.writes(f"продовжити {theirs[0]}")
    )


async def test_codes_end_and_are_not_found_by_trying(resident: Resident, stage: Stage) -> None:
    code = await code_of(resident)
    stage.clock.pass_by(VALID.total_seconds() + 1)
    await brought(resident, f"продовжити {code}", name="0")
    assert (await there(stage)).id != resident.chat.id
    fresh = await code_of(resident)
    for at in range(GUESSES.at_once):
        await brought(resident, f"продовжити {at:06}", name=f"{at + 1}")
    await brought(resident, f"продовжити {fresh}", name="right")
    assert (await there(stage)).id != resident.chat.id
    assert resident.conversations.going_on.called_with(fresh) == resident.chat.id
    assert resident.conversations.going_on.called_with(fresh) is None


async def test_asking_for_codes_makes_no_chat_longer_than_chats_may_be(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_flows, "MOST_LINES", resident.chat.lines + 2)
    await code_of(resident)
    await resident.writes("продовжити")
    assert resident.chat.state is ChatState.OVER
    with pytest.raises(ChatIsOver):
        await resident.writes("продовжити")


async def test_who_asks_for_a_code_and_stays_goes_on_where_they_were(
    resident: Resident, stage: Stage
) -> None:
    await resident.writes("2")
    await code_of(resident)
    assert f"Звернення № {APPEAL}" in await resident.writes(APPEAL)
    chat = await stage.storage.chats.get(resident.chat.id)
    assert chat.state is ChatState.ASKING
    assert [one.kind for one in await stage.storage.chats.lines(chat.id)][-1] is LineKind.ASKED
