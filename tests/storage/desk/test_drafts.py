from datetime import timedelta

from hotline.access.permissions import Role
from hotline.line.presence_states import Presence
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON

LONG_AGO = NOON - timedelta(hours=12)


async def people(storage: Storage) -> tuple[int, int]:
    """The ids of a user and of their desk, on duty."""
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, NOON)
    user = await storage.users.add(
        login="olya", name="Оля", role=Role.DISPATCHER, password_hash="h", dispatcher_id=desk.id
    )
    return user.id, desk.id


async def talk(storage: Storage, call_id: str, desk: int, minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    await storage.line.enter(call_id, at=at)
    await storage.line.pair(at)
    assert await storage.line.answered(call_id, desk, at)
    await storage.line.talk_ended(call_id, desk, at + timedelta(seconds=30), wrap_up=timedelta(0))
    await storage.line.leave(call_id, at + timedelta(seconds=30))


async def test_what_was_typed_last_is_there_after_the_service_died(storage: Storage, url: str) -> None:
    user, _ = await people(storage)
    await storage.drafts.save(user, "c1", "Немає в", NOON)
    await storage.drafts.save(user, "c1", "Немає води\0", NOON + timedelta(seconds=1))
    async with open_storage(url) as after_the_crash:
        assert await after_the_crash.drafts.text(user, "c1") == "Немає води\ufffd"
        assert await after_the_crash.drafts.text(user, "c2") == ""


async def test_calls_stay_in_hand_with_their_notes_until_they_are_put_aside(storage: Storage) -> None:
    user, desk = await people(storage)
    await talk(storage, "c1", desk, 1)
    await talk(storage, "c2", desk, 5)
    await storage.drafts.save(user, "c1", "Нотатка", NOON)
    in_hand = await storage.drafts.in_hand(user, desk, LONG_AGO)
    assert [(one.call_id, one.notes) for one in in_hand] == [("c2", ""), ("c1", "Нотатка")]
    await storage.drafts.put_aside(user, "c1", NOON + timedelta(minutes=8))
    await storage.drafts.put_aside(user, "c2", NOON + timedelta(minutes=9))
    assert not await storage.drafts.in_hand(user, desk, LONG_AGO)
    assert await storage.drafts.text(user, "c1") == "Нотатка"


async def test_a_call_put_aside_is_in_hand_again_when_it_comes_back_and_once_only(storage: Storage) -> None:
    user, desk = await people(storage)
    await talk(storage, "c1", desk, 1)
    await storage.drafts.put_aside(user, "c1", NOON + timedelta(minutes=2))
    await talk(storage, "c1", desk, 5)
    assert [one.call_id for one in await storage.drafts.in_hand(user, desk, LONG_AGO)] == ["c1"]
    assert not await storage.drafts.in_hand(user, desk, NOON + timedelta(minutes=6))


async def test_who_takes_a_caller_over_has_the_colleagues_notes_and_form_until_they_write_their_own(
    storage: Storage,
) -> None:
    olya, desk = await people(storage)
    other = await storage.users.add(login="ira", name="Іра", role=Role.DISPATCHER, password_hash="h")
    await talk(storage, "c1", desk, 1)
    await storage.drafts.save(other.id, "c1", "Просить майстра", NOON)
    await storage.forms.save(other.id, "c1", {"text": "Тече"}, NOON)
    assert await storage.drafts.text(olya, "c1") == "Просить майстра"
    (in_hand,) = await storage.drafts.in_hand(olya, desk, LONG_AGO)
    assert in_hand.notes == "Просить майстра"
    assert await storage.forms.find(olya, "c1") == {"text": "Тече"}
    assert await storage.forms.saved(olya, LONG_AGO) == []
    await storage.drafts.save(olya, "c1", "Свої", NOON)
    await storage.forms.save(olya, "c1", {"text": "Своє"}, NOON)
    await storage.drafts.save(other.id, "c1", "Просить двох", NOON + timedelta(minutes=1))
    await storage.forms.save(other.id, "c1", {"text": "Тече дуже"}, NOON + timedelta(minutes=1))
    assert await storage.drafts.text(olya, "c1") == "Свої"
    (in_hand,) = await storage.drafts.in_hand(olya, desk, LONG_AGO)
    assert in_hand.notes == "Свої"
    assert await storage.forms.find(olya, "c1") == {"text": "Своє"}
    await storage.forms.drop(olya, "c1")
    assert await storage.forms.find(other.id, "c1") == {"text": "Тече дуже"}


async def test_a_form_without_a_call_is_nobody_elses(storage: Storage) -> None:
    olya, _ = await people(storage)
    other = await storage.users.add(login="ira", name="Іра", role=Role.DISPATCHER, password_hash="h")
    await storage.forms.save(other.id, "", {"text": "Прийшла особисто"}, NOON)
    assert await storage.forms.find(olya, "") == {}
