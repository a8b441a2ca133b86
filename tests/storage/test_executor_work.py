from dataclasses import replace
from datetime import time, timedelta

import pytest

from hotline.acts.keeping import Note
from hotline.acts.routing import Assign
from hotline.acts.work import Accept, PassInside
from hotline.appeals import AppealState, Channel
from hotline.errors import AlreadyTaken, NotFound
from hotline.executors import Contact, Hours
from hotline.outages import Utility
from hotline.routing_rules import Area, OnDays, Routed, Rule, Unrouted
from storage.store import Storage

from .city import CONTACTS, City, found
from .conftest import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def test_an_enterprise_sees_its_own_appeals_and_no_others(city: City) -> None:
    theirs, work = await city.enter(), city.storage.executor_work
    assert await work.find(city.heat.id, theirs.number) == theirs
    assert [one.number for one in await work.all(city.heat.id)] == [theirs.number]
    assert await work.all(city.water.id) == []
    for read in (work.find, work.history):
        with pytest.raises(NotFound):
            await read(city.water.id, theirs.number)
    assert await work.counts(city.heat.id) == {AppealState.ASSIGNED: 1}
    assert await work.counts(city.water.id) == {}


async def test_what_was_taken_from_them_they_see_no_more(city: City) -> None:
    appeal = await city.enter()
    act = Assign(by=city.dispatcher, at=LATER, executor_id=city.water.id)
    await city.storage.handling.carry_out(appeal.number, act, version=appeal.version)
    with pytest.raises(NotFound):
        await city.storage.executor_work.find(city.heat.id, appeal.number)
    assert (await city.storage.executor_work.find(city.water.id, appeal.number)).version == 3


async def test_they_are_listed_by_state_by_colleague_and_page_by_page(city: City) -> None:
    work, first = city.storage.executor_work, await city.enter()
    second = await city.enter(due_at=NOON + timedelta(hours=2))
    for act in (
        Accept(by=city.executor, at=LATER),
        PassInside(by=city.executor, at=LATER, assignee_id=city.fitter.id),
        Note(by=city.executor, at=LATER, text="Завтра"),
    ):
        await city.storage.handling.carry_out(first.number, act, version=None)
    assert [one.number for one in await work.all(city.heat.id)] == [second.number, first.number]
    assert [one.number for one in await work.all(city.heat.id, limit=1, offset=1)] == [first.number]
    accepted = await work.all(city.heat.id, states=(AppealState.ACCEPTED,), assignee_id=city.fitter.id)
    assert [one.number for one in accepted] == [first.number]
    assert await work.all(city.heat.id, assignee_id=city.plumber.id) == []
    assert [one.act for one in await work.history(city.heat.id, first.number)][-1] == "note"
    assert [one.login for one in await city.storage.users.of_executor(city.heat.id)] == ["sliusar"]


async def test_files_belong_to_an_appeal_and_to_whoever_has_it(city: City) -> None:
    appeal, files = await city.enter(), city.storage.files
    values = {"name": "Фото.jpg", "media_type": "image/jpeg", "size": 9, "sha256": "00", "at": LATER}
    kept = await files.add(
        number=appeal.number, key="k1", uploaded_by=city.fitter.id, executor_id=city.heat.id, **values
    )
    assert (kept.name, kept.bytes) == ("Фото.jpg", 9)
    assert await files.get(kept.id) == await files.get(kept.id, executor_id=city.heat.id) == kept
    assert await files.of_appeal(appeal.number, executor_id=city.heat.id) == [kept]
    with pytest.raises(NotFound):
        await files.get(kept.id, executor_id=city.water.id)
    with pytest.raises(NotFound):
        await files.of_appeal(appeal.number, executor_id=city.water.id)
    for executor_id in (city.water.id, None):
        number = appeal.number if executor_id else "999"
        with pytest.raises(NotFound):
            await files.add(number=number, key="k2", uploaded_by=None, executor_id=executor_id, **values)


async def test_executors_are_kept_with_their_contacts(city: City) -> None:
    executors = city.storage.executors
    assert [one.name for one in city.heat.contacts] == [one.name for one in CONTACTS]
    assert await executors.get(city.heat.id) == city.heat
    assert await executors.all() == [city.water, city.heat]
    night = Contact(
        name="Нічний",
        number="+380457900033",
        channels=(Channel.CALL, Channel.SMS),
        hours=Hours(since=time(22), until=time(6, 30), days=frozenset({5, 6})),
    )
    first = replace(city.heat.contacts[0], email="new@example.org")
    changed = await executors.update(replace(city.heat, short="Тепло", contacts=(first, night)))
    assert changed == await executors.get(city.heat.id)
    assert changed.contacts[0] == first
    assert replace(changed.contacts[1], id=0) == night
    with pytest.raises(AlreadyTaken):
        await executors.add(city.heat.name, "", ())
    with pytest.raises(AlreadyTaken):
        await executors.update(replace(city.water, name=city.heat.name))
    for missing in (executors.get(999), executors.update(replace(city.heat, id=999))):
        with pytest.raises(NotFound):
            await missing


async def test_rules_are_kept_whole_and_asked_as_registering_asks_them(city: City) -> None:
    rules = city.storage.rules
    rule = Rule(
        order=0,
        executor_id=city.water.id,
        categories=("water-*",),
        utilities=(Utility.HOT_WATER,),
        areas=(Area(street="Київський квартал", first=1, last=9),),
        hours=Hours(since=time(8), until=time(20)),
        on_days=OnDays.WORKING,
        active=True,
        note="Договір 5",
    )
    kept = await rules.add(rule)
    assert replace(kept, id=0) == rule
    assert [one.order for one in await rules.all()] == [0, 1]
    asked = {"category": "hot-water-none", "classifier": 1, "address": "Київський квартал, 7", "at": NOON}
    assert await rules.who_gets(**asked) == Routed(kept)
    for changed in (replace(kept, active=False), replace(kept, on_days=OnDays.OFF)):
        await rules.update(changed)
        assert changed in await rules.all()
        assert await rules.who_gets(**asked) == Unrouted(2)
    assert await rules.who_gets(**asked) == Unrouted(2)
    await rules.remove(kept.id)
    assert await rules.who_gets(**asked) == Unrouted(1)
    for missing in (rules.remove(kept.id), rules.update(kept), rules.add(replace(rule, executor_id=999))):
        with pytest.raises(NotFound):
            await missing
