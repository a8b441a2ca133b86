"""Messages to the whole city as kept: one at most is on, and all that was done stays in the history."""

import asyncio
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.informing.city_messages import MessageAct, MessageBy, NewMessage
from storage.store import Storage
from tests.storage.conftest import NOON

CHLORINE = NewMessage(title="Хлор", uk="Увага! Зачиніть вікна.", en="Attention! Close your windows.")
AIR_RAID = NewMessage(title="Тривога", uk="Повітряна тривога.")
HOUR = timedelta(hours=1)


@pytest.fixture
async def by(storage: Storage) -> MessageBy:
    head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    return MessageBy(user_id=head.id)


async def test_a_prepared_message_is_heard_by_nobody_until_it_is_switched_on(
    storage: Storage, by: MessageBy
) -> None:
    message = await storage.city_messages.enter(CHLORINE, by)
    assert await storage.city_messages.on(NOON) is None
    on = await storage.city_messages.switch_on(message.id, by)
    assert (on.title, on.uk, on.en, on.on_since) == ("Хлор", CHLORINE.uk, CHLORINE.en, NOON)
    assert await storage.city_messages.on(NOON) == on
    assert await storage.city_messages.switch_off(by) is not None
    assert await storage.city_messages.on(NOON) is None
    assert await storage.city_messages.switch_off(by) is None


async def test_it_goes_off_by_itself_at_its_end(storage: Storage, by: MessageBy) -> None:
    message = await storage.city_messages.enter(CHLORINE, by)
    on = await storage.city_messages.switch_on(message.id, by, NOON + HOUR)
    assert await storage.city_messages.on(NOON + HOUR - timedelta(seconds=1)) == on
    assert await storage.city_messages.on(NOON + HOUR) is None


async def test_switching_one_on_switches_the_other_off(storage: Storage, by: MessageBy) -> None:
    first = await storage.city_messages.enter(CHLORINE, by)
    second = await storage.city_messages.enter(AIR_RAID, by)
    await storage.city_messages.switch_on(first.id, by)
    await storage.city_messages.switch_on(second.id, by)
    assert [one.title for one in await storage.city_messages.all() if one.on(NOON)] == ["Тривога"]
    acts = [(one.message_id, one.act) for one in await storage.city_messages.history(10)]
    assert acts[:3] == [
        (second.id, MessageAct.SWITCHED_ON),
        (first.id, MessageAct.SWITCHED_OFF),
        (first.id, MessageAct.SWITCHED_ON),
    ]


async def test_however_many_switch_at_once_one_is_on(storage: Storage, by: MessageBy) -> None:
    made = [await storage.city_messages.enter(NewMessage(title=str(n), uk="Увага."), by) for n in range(6)]
    await asyncio.gather(*(storage.city_messages.switch_on(one.id, by) for one in made))
    assert sum(one.on(NOON) for one in await storage.city_messages.all()) == 1


async def test_the_history_tells_who_from_where_and_what_was_heard(storage: Storage, by: MessageBy) -> None:
    message = await storage.city_messages.enter(CHLORINE, by)
    in_call = MessageBy(user_id=by.user_id, call_id="1700000000.5")
    await storage.city_messages.switch_on(message.id, in_call, NOON + HOUR)
    entry = (await storage.city_messages.history(1))[0]
    assert (entry.act, entry.by, entry.at) == (MessageAct.SWITCHED_ON, in_call, NOON)
    assert entry.facts == {
        "title": "Хлор",
        "uk": CHLORINE.uk,
        "en": CHLORINE.en,
        "until": (NOON + HOUR).isoformat(),
    }


async def test_two_who_change_one_text_do_not_overwrite_each_other(storage: Storage, by: MessageBy) -> None:
    message = await storage.city_messages.enter(CHLORINE, by)
    changed = await storage.city_messages.amend(message, NewMessage(title="Хлор", uk="Коротко."), by)
    assert (await storage.city_messages.get(message.id)).uk == "Коротко."
    with pytest.raises(Outdated):
        await storage.city_messages.amend(message, NewMessage(title="Хлор", uk="Інакше."), by)
    same = await storage.city_messages.amend(changed, NewMessage(title="Хлор", uk="Коротко."), by)
    assert same.version == changed.version


async def test_what_everybody_hears_cannot_be_removed(storage: Storage, by: MessageBy) -> None:
    message = await storage.city_messages.enter(CHLORINE, by)
    await storage.city_messages.switch_on(message.id, by)
    with pytest.raises(ForbiddenTransition):
        await storage.city_messages.remove(message.id, by)
    await storage.city_messages.switch_off(by)
    await storage.city_messages.remove(message.id, by)
    assert await storage.city_messages.all() == []
    with pytest.raises(NotFound):
        await storage.city_messages.switch_on(message.id, by)


async def test_who_has_seen_another_message_on_switches_neither_it_off_nor_theirs_on(
    storage: Storage, by: MessageBy
) -> None:
    messages = storage.city_messages
    first, second = [await messages.enter(NewMessage(title=title, uk="Увага."), by) for title in "аб"]
    on = await messages.switch_on(first.id, by, wanted=first.mark, seen="")
    await messages.switch_on(second.id, by, seen=on.mark)
    for act in (
        messages.switch_off(by, seen=on.mark),
        messages.switch_on(first.id, by, seen=""),
        messages.switch_on(first.id, by, wanted=on.mark, seen=None),
    ):
        with pytest.raises(Outdated):
            await act
    heard = await messages.on(NOON)
    assert heard is not None
    assert heard.id == second.id
    assert await messages.switch_off(by, seen=heard.mark) is not None
    assert await messages.switch_off(by, seen=heard.mark) is None, "off already: as it was wished"
