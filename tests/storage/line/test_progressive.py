"""Desks that call back one after another: one person shown at a time, and left out until when."""

from datetime import timedelta

from hotline.access.permissions import Role
from storage.store import Storage
from tests.storage.conftest import NOON

LATER = NOON + timedelta(minutes=15)


async def desk(storage: Storage) -> tuple[int, int]:
    one = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    user = await storage.users.add(
        login="olena", name="Олена", role=Role.DISPATCHER, password_hash="-", dispatcher_id=one.id
    )
    await storage.progressive.turn_on(one.id, user.id)
    return one.id, user.id


async def test_one_is_shown_at_a_time_and_put_aside_once(storage: Storage) -> None:
    dispatcher_id, user_id = await desk(storage)
    desks = storage.progressive
    assert await desks.show(dispatcher_id, "scheduled-1", NOON)
    assert not await desks.show(dispatcher_id, "scheduled-2", NOON)
    (working,) = await desks.working()
    assert (working.user_id, working.reference, working.shown_at) == (user_id, "scheduled-1", NOON)
    assert not await desks.put_aside(dispatcher_id, "scheduled-2", LATER)
    assert await desks.put_aside(dispatcher_id, "scheduled-1", LATER)
    assert not await desks.put_aside(dispatcher_id, "scheduled-1", LATER)
    aside = await desks.of(dispatcher_id)
    assert aside is not None
    assert (aside.reference, aside.shown_at) == ("", None)
    assert aside.leaves_out("scheduled-1", NOON)
    assert not aside.leaves_out("scheduled-1", LATER)


async def test_turned_on_again_it_goes_on_and_turned_off_it_tells_who_was_shown(storage: Storage) -> None:
    dispatcher_id, user_id = await desk(storage)
    desks = storage.progressive
    await desks.show(dispatcher_id, "hotline-1.1", NOON)
    await desks.turn_on(dispatcher_id, user_id)
    assert await desks.turn_off(dispatcher_id) == "hotline-1.1"
    assert await desks.turn_off(dispatcher_id) == ""
    assert not await desks.show(dispatcher_id, "hotline-1.1", NOON)
    assert await desks.working() == []
    assert await desks.of(dispatcher_id) is None
