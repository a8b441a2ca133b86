"""The set-up of a new city as it is kept, on both databases."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.appeals.appeal import Appeal, AppealState
from hotline.new_city.setup import NEEDED, CitySetup, NotReady, SetupStep
from storage.store import Storage
from tests.storage.conftest import NOON


async def test_it_is_needed_until_somebody_has_an_account_unless_it_was_begun(storage: Storage) -> None:
    setup = storage.city_setup
    assert await setup.needed()
    assert await setup.get() == CitySetup()
    await setup.offer("code")
    await storage.users.add(login="olha", name="Ольга", role=Role.HEAD, password_hash="h")
    assert not await setup.needed(), "accounts were opened by commands"
    assert await setup.open("code", "session", NOON)
    assert await setup.needed(), "begun is to be finished"


async def test_a_code_is_spent_and_a_newer_one_takes_its_place(storage: Storage) -> None:
    setup = storage.city_setup
    await setup.offer("first")
    await setup.offer("second")
    assert not await setup.open("first", "a", NOON)
    assert await setup.open("second", "b", NOON)
    assert not await setup.open("second", "c", NOON)
    await setup.offer("third")
    assert (await setup.get()).session_hash == "b", "it goes on until the code is typed"
    assert await setup.open("third", "d", NOON + timedelta(hours=1))
    found = await setup.get()
    assert (found.session_hash, found.begun_at, found.code_hash) == ("d", NOON, None)


async def test_it_is_finished_once_all_that_is_needed_is_done_and_never_opened_again(
    storage: Storage,
) -> None:
    setup = storage.city_setup
    await setup.offer("code")
    await setup.open("code", "session", NOON)
    with pytest.raises(NotReady, match="city"):
        await setup.finish(NOON)
    for step in (*NEEDED, SetupStep.CITY):
        await setup.note(step)
    await setup.note(SetupStep.CITY, undoing={SetupStep.TRIAL})
    assert (await setup.get()).missing == [SetupStep.TRIAL]
    await setup.note(SetupStep.TRIAL)
    await setup.finish(NOON)
    await setup.offer("another")
    assert not await setup.open("another", "x", NOON)
    assert (await setup.get()).session_hash is None
    assert not await setup.needed()


async def test_a_city_at_work_whose_accounts_are_lost_is_no_new_one(storage: Storage) -> None:
    one = Appeal(
        number="26-1",
        applicant_number=None,
        text="Немає води",
        state=AppealState.REGISTERED,
        registered_at=NOON,
        due_on=NOON.date(),
    )
    await storage.appeals.register(one)
    assert await storage.users.all() == []
    assert not await storage.city_setup.needed()


async def test_it_can_be_given_up_before_anybody_began(storage: Storage) -> None:
    await storage.city_setup.give_up(NOON)
    assert not await storage.city_setup.needed()
