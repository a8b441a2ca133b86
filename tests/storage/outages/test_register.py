from datetime import timedelta

import pytest

from hotline.city.addresses import Address, Area, Side, Street
from hotline.city.classifier import Utility
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.events import Event, OutageChanged
from hotline.outages.outage import By, EntrySource, NewOutage, OutageAct, OutageKind, Position
from storage.city.streets import StoredStreets
from storage.core.fresh import FRESH_SECONDS
from storage.store import Storage
from tests.storage.conftest import NOON

HOUR = timedelta(hours=1)
NEW = NewOutage(
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=NOON,
    expected_end=NOON + HOUR,
    areas=(Area(street="Київський квартал", first=1, last=15, side=Side.ODD),),
    reason="Заміна засувки",
    order="№ 12 від 01.03.2026",
)
BY = By(source=EntrySource.DESK)


class Heard:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)


async def test_all_that_is_entered_comes_back(storage: Storage) -> None:
    entered = await storage.outages.enter(NEW, BY)
    there = await storage.outages.get(entered.id)
    assert there == entered
    assert (there.areas, there.reason, there.order, there.source) == (
        NEW.areas,
        NEW.reason,
        NEW.order,
        EntrySource.DESK,
    )


async def test_what_begins_later_is_coming_and_not_yet_there(storage: Storage) -> None:
    entered = await storage.outages.enter(NEW, BY)
    assert await storage.outages.now(NOON - HOUR) == []
    assert await storage.outages.coming(NOON - HOUR) == [entered]


async def test_each_act_is_told_and_is_a_line_of_the_history(storage: Storage) -> None:
    heard = Heard()
    outages = storage.outages.told_on(heard)
    one = await outages.enter(NEW, BY)
    moved = NewOutage(
        utility=NEW.utility,
        kind=NEW.kind,
        starts_at=NEW.starts_at,
        expected_end=NOON + 3 * HOUR,
        areas=NEW.areas,
        reason=NEW.reason,
        order=NEW.order,
    )
    one = await outages.change(one, moved, BY, "довше, ніж думали")
    assert await outages.change(one, moved, BY) == one
    await outages.end(one.id, NOON + 2 * HOUR, BY)
    await outages.end(one.id, NOON + 5 * HOUR, BY)
    again = await outages.reopen(one.id, BY, "води ще немає")
    await outages.cancel(one.id, BY, "помилка")
    acts = [
        OutageAct.ENTERED,
        OutageAct.END_MOVED,
        OutageAct.ENDED,
        OutageAct.REOPENED,
        OutageAct.CANCELLED,
    ]
    assert [one.act for one in await outages.history(one.id)] == acts
    assert [event.act for event in heard.events if isinstance(event, OutageChanged)] == acts
    assert again.ended_at is None
    assert await outages.now(NOON) == []


async def test_of_two_who_change_it_at_once_the_second_is_told(storage: Storage) -> None:
    was = await storage.outages.enter(NEW, BY)
    other = NewOutage(utility=Utility.WATER, kind=OutageKind.EMERGENCY, starts_at=NOON)
    changed = await storage.outages.change(was, other, BY)
    assert changed.kind is OutageKind.EMERGENCY
    with pytest.raises(Outdated):
        await storage.outages.change(was, NewOutage(utility=Utility.GAS, kind=NEW.kind, starts_at=NOON), BY)


async def test_what_is_over_is_not_changed_any_more(storage: Storage) -> None:
    was = await storage.outages.enter(NEW, BY)
    over = await storage.outages.end(was.id, NOON, BY)
    with pytest.raises(ForbiddenTransition):
        await storage.outages.change(over, NewOutage(utility=Utility.GAS, kind=NEW.kind, starts_at=NOON), BY)


async def test_an_unknown_one_cannot_be_read_ended_or_cancelled(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.outages.get(17)
    with pytest.raises(NotFound):
        await storage.outages.cancel(17, BY, "")


async def test_the_list_is_filtered_by_utility_enterprise_and_state(storage: Storage) -> None:
    over = await storage.outages.enter(NEW, BY)
    await storage.outages.end(over.id, NOON, BY)
    power = NewOutage(utility=Utility.POWER, kind=OutageKind.PLANNED, starts_at=NOON + HOUR)
    coming = await storage.outages.enter(power, BY)
    find = storage.outages.find
    assert [one.id for one in await find(limit=10)] == [coming.id, over.id]
    assert [one.id for one in await find(limit=10, over=True)] == [over.id]
    assert [one.id for one in await find(limit=10, utility=Utility.POWER)] == [coming.id]
    assert [one.id for one in await find(limit=1, skipped=1)] == [over.id]
    assert await find(limit=10, executor_id=7) == []


async def test_those_that_ended_within_a_day_come_the_latest_first(storage: Storage) -> None:
    ends = [NOON + hours * HOUR for hours in (1, 3, 2)]
    for end in ends:
        entered = await storage.outages.enter(NEW, BY)
        await storage.outages.end(entered.id, end, BY)
    await storage.outages.enter(NEW, BY)
    lately = await storage.outages.lately_over(NOON + 26 * HOUR)
    assert [one.ended_at for one in lately] == [ends[1], ends[2]]


async def test_histories_of_several_are_those_of_each(storage: Storage) -> None:
    one, other = [await storage.outages.enter(NEW, BY) for _ in range(2)]
    await storage.outages.end(other.id, NOON, BY)
    assert await storage.outages.histories([one.id, other.id]) == {
        number: await storage.outages.history(number) for number in (one.id, other.id)
    }


async def test_the_gazetteer_knows_old_names_and_streets_added_a_moment_ago(storage: Storage) -> None:
    await storage.streets.add([Street(name="вулиця Атомників", former=("вулиця Курчатова",))])
    assert (await storage.streets.gazetteer()).locate("вул. Ставкова, 5") is None
    await storage.streets.add([Street(name="вулиця Ставкова")])
    gazetteer = await storage.streets.gazetteer()
    assert gazetteer.locate("вул. Курчатова, 5") == Address(street="вулиця Атомників", house="5")
    assert gazetteer.locate("вул. Ставкова, 5") == Address(street="вулиця Ставкова", house="5")


async def test_what_another_process_brings_into_the_register_of_streets_is_known_a_second_later(
    storage: Storage,
) -> None:
    seconds = [0.0]
    ours = StoredStreets(storage.database, lambda: seconds[0])
    await ours.add([Street(name="вулиця Ставкова")])
    before = await ours.gazetteer()
    assert before.locate("вул. Лісова, 5") is None
    await storage.streets.add([Street(name="вулиця Лісова")])
    seconds[0] += FRESH_SECONDS
    after = await ours.gazetteer()
    assert after.locate("вул. Лісова, 5") == Address(street="вулиця Лісова", house="5")
    seconds[0] += FRESH_SECONDS
    assert await ours.gazetteer() is after


async def test_what_is_sent_twice_under_one_name_is_entered_once(storage: Storage) -> None:
    one = await storage.outages.enter(NEW, BY, idempotency_key="form:1")
    again = await storage.outages.enter(NEW, BY, idempotency_key="form:1")
    other = await storage.outages.enter(NEW, BY)
    assert again == one
    assert await storage.outages.by_idempotency_key("form:1") == one
    assert await storage.outages.by_idempotency_key("form:2") is None
    assert other.id != one.id
    assert len(await storage.outages.history(one.id)) == 1


async def test_those_entered_since_a_moment_are_found(storage: Storage) -> None:
    one = await storage.outages.enter(NEW, BY)
    assert await storage.outages.find(limit=5, since=NOON) == [one]
    assert await storage.outages.find(limit=5, since=NOON + HOUR) == []


async def test_a_list_goes_on_behind_where_a_page_ended(storage: Storage) -> None:
    first = [await storage.outages.enter(NEW, BY) for _ in range(3)]
    page = await storage.outages.find(limit=2)
    assert page == [first[2], first[1]]
    await storage.outages.enter(NEW, BY)
    last = page[-1]
    assert await storage.outages.find(limit=2, behind=Position(last.starts_at, last.id)) == [first[0]]
