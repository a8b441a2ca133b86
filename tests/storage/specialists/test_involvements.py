"""Specialists' parts on both databases: two who answer at once, what is owed for later, nobody to consent."""

import asyncio
from datetime import timedelta

import pytest

from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.specialists.involvement_states import InvolvementAct, InvolvementState
from hotline.specialists.involvements import By, Involvement, MatterKind, NewInvolvement
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def asked(city: City, matter: str, kind: MatterKind = MatterKind.APPEAL) -> Involvement:
    (manager,) = city.heat.managers()
    new = NewInvolvement(
        kind=kind,
        matter=matter,
        executor_id=city.heat.id,
        manager_id=manager.id,
        name="Іваненко",
        user_id=city.fitter.id,
        why="Спірна причина",
        what="Оглянути",
        until=NOON + timedelta(days=3),
    )
    return await city.storage.involvements.ask(new, by(city), NOON)


def by(city: City) -> By:
    return By(actor=city.dispatcher, user_id=city.olya.id)


async def test_of_two_at_once_one_is_told_so(city: City) -> None:
    appeal = await city.enter()
    one = await asked(city, appeal.number)
    done = await asyncio.gather(
        city.storage.involvements.act(one, InvolvementAct.AGREE, by(city), LATER),
        city.storage.involvements.act(one, InvolvementAct.REFUSE, by(city), LATER, said="Ні"),
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, Exception)] == [Outdated]
    entries = await city.storage.handling.history(appeal.number, hidden=True)
    assert [one.act for one in entries].count("draw-in") == 2, "asked, and one answer"


async def test_after_its_time_nothing_but_the_end_is_possible_and_it_waits_for_the_centre(city: City) -> None:
    one = await asked(city, (await city.enter()).number)
    involvements = city.storage.involvements
    assert await involvements.asked_of(city.heat.id, LATER) == 1
    over = one.until + timedelta(seconds=1)
    assert await involvements.asked_of(city.heat.id, over) == 0
    with pytest.raises(ForbiddenTransition):
        await involvements.act(one, InvolvementAct.AGREE, by(city), over)
    assert [each.id for each in await involvements.waiting(over, 9)] == [one.id]
    assert await involvements.waiting(LATER, 9) == []
    ended = await involvements.act(one, InvolvementAct.END, by(city), over)
    assert ended.state is InvolvementState.ENDED
    assert await involvements.waiting(over, 9) == []


async def test_an_unknown_matter_leaves_nothing(city: City) -> None:
    for kind, matter in ((MatterKind.APPEAL, "2699999"), (MatterKind.TASK, "9"), (MatterKind.MEETING, "9")):
        with pytest.raises(NotFound):
            await asked(city, matter, kind)
        assert await city.storage.involvements.of_matter(kind, matter) == []
    assert await city.storage.involvements.of_enterprise(city.heat.id, 9) == []
