"""kill -9 between any two statements of an act: all of it is kept or nothing, and each is told once."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Escalate, Link
from hotline.appeals.acts.routing import Assign, HandBack
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import StepKind
from storage.store import Storage
from storage.tables import metadata
from tests.effort import effort
from tests.storage.appeals.test_handling import LATER
from tests.storage.enterprise import City, found
from tests.storage.others import CarryOut, Claim, Deed, Enter, killed_somewhere

Kept = list[tuple[object, ...]]
LEAST_STEPS = effort(day=2, night=5)
SECOND_NUMBER = "+380671234568"


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def kept(city: City, *numbers: str) -> Kept:
    """Everything that an act on these appeals may leave behind, without their numbers."""
    looked: Kept = []
    for number in numbers:
        appeal = await city.storage.registry.find(number)
        assert appeal is not None
        history = await city.storage.handling.history(number, hidden=True)
        owed = [
            (one.about, one.to.replace(number, "its own"), one.channel, one.address)
            for one in await city.storage.outbox.of_appeal(number)
        ]
        held = (appeal.state, appeal.version, appeal.executor_id, appeal.parent is None, appeal.due_at)
        looked.append((held, [(one.version, one.act, one.after) for one in history], sorted(owed)))
    return looked


async def killed_everywhere(city: City, url: str, deed: Deed, *numbers: str) -> Kept:
    """Kill it at each step in turn, at last behind the commit; what is kept then."""
    before = await kept(city, *numbers)
    for step in count(1):
        assert killed_somewhere(url, deed, step), "it came through and left nothing"
        after = await kept(city, *numbers)
        if after != before:
            assert step > LEAST_STEPS
            return after
    raise AssertionError


async def reported_twice(city: City) -> tuple[Appeal, Appeal]:
    """An emergency that two people reported."""
    first = await city.enter(urgency=Urgency.EMERGENCY)
    return first, await city.enter(parent=first.number, applicant_number=SECOND_NUMBER)


def act_of(city: City, name: str) -> Act:
    contact = city.heat.contacts[0].id
    acts = {
        "accept": Accept(by=city.executor, at=LATER),
        "assign": Assign(by=city.dispatcher, at=LATER, executor_id=city.water.id),
        "hand-back": HandBack(by=city.executor, at=LATER, reason="Не наш будинок"),
        "escalate": Escalate(
            by=SERVICE, at=LATER, kind=StepKind.UNACKNOWLEDGED, key="step:1", contact_id=contact
        ),
    }
    return acts[name]


@pytest.mark.parametrize("name", ["accept", "assign", "hand-back", "escalate"])
async def test_an_act_that_is_killed_anywhere_is_done_wholly_or_not_at_all(
    city: City, url: str, name: str
) -> None:
    first, second = await reported_twice(city)
    twins = await reported_twice(city)
    act = act_of(city, name)
    await city.storage.handling.carry_out(twins[0].number, act, version=None)
    deed = CarryOut(first.number, act, first.version)
    after = await killed_everywhere(city, url, deed, first.number, second.number)
    assert after == await kept(city, *(one.number for one in twins))


async def test_a_link_that_is_killed_anywhere_is_made_wholly_or_not_at_all(city: City, url: str) -> None:
    async def two() -> tuple[Appeal, Appeal]:
        return await city.enter(), await city.enter(category="other", applicant_number=SECOND_NUMBER)

    (parent, child), (other_parent, twin) = await two(), await two()
    link = Link(by=city.dispatcher, at=LATER, parent=other_parent.number)
    await city.storage.handling.carry_out(twin.number, link, version=None)
    deed = CarryOut(child.number, Link(by=city.dispatcher, at=LATER, parent=parent.number), child.version)
    after = await killed_everywhere(city, url, deed, parent.number, child.number)
    assert after == await kept(city, other_parent.number, twin.number)


async def test_registering_that_is_killed_anywhere_leaves_no_number_out_and_nobody_behind(
    city: City, url: str
) -> None:
    twin = await city.enter(idempotency_key="another")
    deed = Enter(city.new(idempotency_key="this one", applicant_number=SECOND_NUMBER))
    before = await rows(city)
    for step in count(1):
        assert killed_somewhere(url, deed, step), "it came through and left nothing"
        if await city.storage.registry.by_idempotency_key("this one"):
            break
        assert await rows(city) == before
    assert step > LEAST_STEPS
    entered = await city.storage.registry.enter(
        city.new(idempotency_key="this one")
    )  # sent again: it is there already
    assert int(entered.number) == int(twin.number) + 1
    assert await kept(city, entered.number) == [
        (held, lines, [(*one[:3], SECOND_NUMBER if one[2] is Channel.SMS else one[3]) for one in owed])
        for held, lines, owed in await kept(city, twin.number)
    ]


async def test_a_notice_whose_worker_is_killed_is_owed_still_or_unsure_and_never_sent_twice(
    city: City, url: str
) -> None:
    appeal, seen = await city.enter(category="water-none"), []
    for step in count(1):
        if not killed_somewhere(url, Claim((Channel.SMS,), LATER), step):
            break
        await city.storage.outbox.died(LATER + timedelta(minutes=1), LATER)
        (notice,) = await city.storage.outbox.of_appeal(appeal.number)
        seen.append((notice.state, notice.tries))
    before = seen.index((NoticeState.UNSURE, 1))
    assert seen[:before] == [(NoticeState.OWED, 0)] * before
    assert set(seen[before:]) == {(NoticeState.UNSURE, 1)}


async def rows(city: City) -> dict[str, int]:
    """How many rows each table has."""
    async with city.storage.database.reading() as connection:
        return {
            name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for name, table in metadata.tables.items()
        }
