"""Routing rules as kept: whole, in order, and changed by one person at a time."""

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from hotline.appeals.routing import OnDays, Routed, Rule, Unrouted, revision
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.enterprises.executors import ContactHours
from hotline.errors import NotFound, Outdated
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

ASKED = {"category": "hot-water-none", "classifier": 1, "address": "Київський квартал, 7", "at": NOON}


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


def whole(city: City) -> Rule:
    return Rule(
        order=0,
        executor_id=city.water.id,
        categories=("water-*",),
        utilities=(Utility.HOT_WATER,),
        areas=(Area(street="Київський квартал", first=1, last=9),),
        hours=ContactHours(since=time(8), until=time(20)),
        on_days=OnDays.WORKING,
        active=True,
        note="Договір 5",
    )


async def test_rules_are_kept_whole_and_asked_as_registering_asks_them(city: City) -> None:
    rules = city.storage.rules
    kept = await rules.add(whole(city))
    assert replace(kept, id=0) == whole(city)
    assert [one.order for one in await rules.all()] == [0, 1]
    assert await rules.who_gets(**ASKED) == Routed(kept)
    for changed in (replace(kept, active=False), replace(kept, on_days=OnDays.OFF)):
        now = await rules.all()
        await rules.replace([changed, *now[1:]], seen=revision(now))
        assert replace(changed, order=10) in await rules.all()
        assert await rules.who_gets(**ASKED) == Unrouted(2)
    with pytest.raises(NotFound):
        await rules.add(replace(whole(city), executor_id=999))


async def test_a_set_is_replaced_whole_in_its_new_order_and_what_is_missing_is_gone(city: City) -> None:
    rules = city.storage.rules
    (heat,) = await rules.all()
    seen = revision([heat])
    new = Rule(order=0, executor_id=city.water.id, categories=("water-*",))
    kept = await rules.replace([new, heat], seen=seen)
    assert [one.executor_id for one in kept] == [city.water.id, city.heat.id]
    assert [one.order for one in kept] == [10, 20]
    assert kept[1].id == heat.id
    (left,) = await rules.replace(kept[:1], seen=revision(kept))
    assert left == kept[0]


async def test_of_two_who_change_the_rules_one_wins_and_nothing_of_the_others_is_kept(
    city: City, url: str
) -> None:
    rules = city.storage.rules
    before = await rules.all()
    async with open_storage(url) as elsewhere:
        both = (rules, elsewhere.rules)
        done = await asyncio.gather(
            *(
                one.replace([*before, replace(whole(city), note=str(at))], seen=revision(before))
                for at, one in enumerate(both)
            ),
            return_exceptions=True,
        )
    assert sorted(type(one).__name__ for one in done) == ["Outdated", "list"]
    assert len(await rules.all()) == 2


async def test_an_unknown_executor_changes_nothing(city: City) -> None:
    rules = city.storage.rules
    before = await rules.all()
    with pytest.raises(NotFound):
        await rules.replace(
            [replace(before[0], note="new"), replace(whole(city), executor_id=999)], seen=revision(before)
        )
    assert await rules.all() == before
    with pytest.raises(Outdated):
        await rules.replace([], seen="another")
