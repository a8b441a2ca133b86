"""Emergencies whose clocks run: looks that found none are spared until somebody writes."""

from datetime import timedelta

import pytest

from hotline.appeals.acts.work import Accept
from hotline.city.classifier import Urgency
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def test_an_emergency_after_looks_that_found_none_is_seen_until_it_is_acknowledged(city: City) -> None:
    watch = city.storage.watch
    await city.enter(due_at=NOON + timedelta(days=9))
    for _ in range(2):
        assert not await watch.unacknowledged()

    urgent = await city.enter(due_at=NOON + timedelta(hours=4), urgency=Urgency.EMERGENCY)

    for _ in range(2):
        assert await watch.unacknowledged() == [urgent.number]
    accept = Accept(by=city.executor, at=NOON)
    await city.storage.handling.carry_out(urgent.number, accept, version=urgent.version)
    assert not await watch.unacknowledged()
