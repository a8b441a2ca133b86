"""Acting heads: two are never on at one moment, and one that was ended is none."""

import asyncio
from datetime import datetime, timedelta

import pytest

from hotline.access.acting_heads import ActingHead, NamedAlready
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import NotFound, Outdated
from storage.store import Storage
from tests.storage.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
async def head(storage: Storage) -> User:
    return await storage.users.add(login="head", name="Начальник", role=Role.HEAD, password_hash="h")


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="h")


async def named(storage: Storage, user: User, head: User, since: datetime, days: int) -> ActingHead:
    return await storage.acting_heads.name(
        user.id, since, since + days * DAY, order="№ 14-к", by=head.id, at=NOON
    )


async def test_one_is_on_from_the_first_moment_to_before_the_last(
    storage: Storage, head: User, olena: User
) -> None:
    one = await named(storage, olena, head, NOON + DAY, 2)
    assert await storage.acting_heads.at(NOON) is None
    assert await storage.acting_heads.at(NOON + DAY) == one
    assert await storage.acting_heads.at(NOON + 3 * DAY - timedelta(seconds=1)) == one
    assert await storage.acting_heads.at(NOON + 3 * DAY) is None


@pytest.mark.parametrize(("after", "days"), [(0, 2), (2, 5), (1, 1), (-5, 20)])
async def test_days_of_another_are_refused_and_those_beside_them_are_not(
    storage: Storage, head: User, olena: User, after: int, days: int
) -> None:
    await named(storage, olena, head, NOON + DAY, 2)
    with pytest.raises(NamedAlready):
        await named(storage, olena, head, NOON + after * DAY, days)
    await named(storage, olena, head, NOON, 1)
    await named(storage, olena, head, NOON + 3 * DAY, 1)
    assert len(await storage.acting_heads.all()) == 3


async def test_of_two_who_name_at_one_moment_one_is_told_so(
    storage: Storage, head: User, olena: User
) -> None:
    tried = [named(storage, olena, head, NOON, 2) for _ in range(4)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(one, NamedAlready) for one in answers) == 3
    assert len(await storage.acting_heads.all()) == 1


async def test_it_ends_once_and_frees_its_days(storage: Storage, head: User, olena: User) -> None:
    one = await named(storage, olena, head, NOON, 5)
    ended = await storage.acting_heads.end(one.id, head.id, NOON + DAY)
    assert (ended.ends, ended.ended_by) == (NOON + DAY, head.id)
    assert not ended.on(NOON + DAY)
    assert await storage.acting_heads.at(NOON + DAY) is None
    with pytest.raises(Outdated):
        await storage.acting_heads.end(one.id, head.id, NOON + 2 * DAY)
    with pytest.raises(NotFound):
        await storage.acting_heads.end(one.id + 1, head.id, NOON)
    await named(storage, olena, head, NOON + DAY, 1)


async def test_one_that_is_over_is_not_ended_any_more(storage: Storage, head: User, olena: User) -> None:
    one = await named(storage, olena, head, NOON, 1)
    with pytest.raises(Outdated):
        await storage.acting_heads.end(one.id, head.id, NOON + DAY)
