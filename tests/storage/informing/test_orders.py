"""Orders on both databases: prepared, allowed by a second person, begun, told, proved."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import CallRecord, JourneyStep, Step
from hotline.city.addresses import Area, Street
from hotline.contact.channel import Channel
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import IN_A_FILE, Proof
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Job
from hotline.enterprises.executors import Contact
from hotline.errors import ForbiddenTransition, Outdated
from hotline.informing.order_states import OrderAct, OrderState
from hotline.informing.orders import Audience, InformedPerson, InformingOrder, NewOrder, PaperTaken, Way
from hotline.informing.reach import reach_of
from hotline.people.do_not_call import Unwanted
from service.informing.informing import Informing
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.storage.conftest import Cluster

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
QUARTER = "Київський квартал"
NEAR, NEAR_TOO, FAR = "+380671112201", "+380457900033", "+380671112203"
MORE_THAN_PARAMETERS = 32_767 // 4 + 1
"""PostgreSQL takes so many parameters at once, and a person has four columns."""
NEW = NewOrder(
    number="12-р",
    dated=date(2026, 12, 1),
    issued_by="Міський голова",
    subject="Вода",
    text="Завтра з дев'ятої до вісімнадцятої не буде води.",
    short="Завтра 9-18 не буде води",
    ways=frozenset({Way.CALL, Way.SMS}),
    audience=Audience(areas=(Area(street=QUARTER),)),
    starts_at=NOON,
)


@dataclass(kw_only=True)
class City:
    storage: Storage
    clock: SetClock
    author: User
    second: User
    informing: Informing

    async def approved(self, new: NewOrder = NEW) -> InformingOrder:
        orders, now = self.storage.informing, self.clock.now()
        order = await orders.add(new, self.author.id, now)
        order = await orders.move(order, OrderAct.SUBMIT, now, user_id=self.author.id)
        return await orders.move(order, OrderAct.APPROVE, now, user_id=self.second.id)

    async def people(self, order: InformingOrder) -> Sequence[InformedPerson]:
        return [one async for one in self.storage.informing.people(order.id)]

    async def call_all(self, result: Result) -> Sequence[str]:
        """Have everybody called who is due; their numbers."""
        claimed = await self.storage.call_jobs.claim(self.clock.now(), 100)
        for one in claimed:
            await self.called(one, result)
        return sorted(one.number for one in claimed)

    async def called(self, job: Job, result: Result) -> None:
        """Have this call over for good."""
        jobs, now = self.storage.call_jobs, self.clock.now()
        await jobs.end(job.call_id, result, now)
        await jobs.follow(job.call_id, REACHED if result is Result.SETTLED else GIVEN_UP, now)


@pytest.fixture
async def city(storage: Storage) -> City:
    await storage.streets.add([Street(name=QUARTER), Street(name="Ризький квартал")])
    await storage.citizens.add("Олена", f"{QUARTER}, 7", [NEAR, NEAR_TOO])
    await storage.citizens.add("Петро", "Ризький кв-л, 3", [FAR])
    add = storage.users.add
    users = [
        await add(login=one, name=one, role=Role.HEAD, password_hash="x") for one in ("author", "second")
    ]
    clock = SetClock(NOON)
    informing = Informing(storage.informing, storage.informing_preparing, clock)
    return City(storage=storage, clock=clock, author=users[0], second=users[1], informing=informing)


async def test_what_is_prepared_comes_back_whole(city: City) -> None:
    whole = replace(
        NEW,
        exempt="Загроза життю",
        audience=Audience(areas=(Area(street=QUARTER, first=1, last=9),), benefits=("7.14",), listed=(FAR,)),
    )
    order = await city.storage.informing.add(whole, city.author.id, NOON)
    there = await city.storage.informing.get(order.id)
    assert there == order
    assert (there.audience, there.exempt, there.ways) == (whole.audience, whole.exempt, whole.ways)


async def test_whoever_prepared_it_cannot_allow_it(city: City) -> None:
    orders = city.storage.informing
    order = await orders.add(NEW, city.author.id, NOON)
    order = await orders.move(order, OrderAct.SUBMIT, NOON, user_id=city.author.id)
    with pytest.raises(ForbiddenTransition):
        await orders.move(order, OrderAct.APPROVE, NOON, user_id=city.author.id)
    back = await orders.move(order, OrderAct.REFUSE, NOON, user_id=city.second.id, reason="Не той день")
    assert (back.state, back.refusal) == (OrderState.DRAFT, "Не той день")


async def test_what_was_submitted_is_changed_no_more_and_of_two_changes_the_second_is_told(
    city: City,
) -> None:
    orders = city.storage.informing
    draft = await orders.add(NEW, city.author.id, NOON)
    changed = await orders.change(draft, replace(NEW, subject="Вода і тепло"), NOON, user_id=city.author.id)
    with pytest.raises(Outdated):
        await orders.change(draft, NEW, NOON, user_id=city.author.id)
    submitted = await orders.move(changed, OrderAct.SUBMIT, NOON, user_id=city.author.id)
    with pytest.raises(ForbiddenTransition):
        await orders.change(submitted, NEW, NOON, user_id=city.author.id)


async def test_only_whoever_prepared_it_changes_it(city: City) -> None:
    draft = await city.storage.informing.add(NEW, city.author.id, NOON)
    with pytest.raises(ForbiddenTransition):
        await city.storage.informing.change(draft, replace(NEW, text="Інше"), NOON, user_id=city.second.id)


async def test_it_begins_when_it_is_time_and_reaches_only_those_it_is_for(city: City) -> None:
    order = await city.approved(replace(NEW, starts_at=NOON + timedelta(hours=1)))
    await city.informing.once()
    assert await city.people(order) == []
    city.clock.pass_by(3600)
    await city.informing.once()
    assert {one.number for one in await city.people(order)} == {NEAR, NEAR_TOO}
    assert await city.call_all(Result.SETTLED) == sorted([NEAR, NEAR_TOO])
    owed = await city.storage.outbox.claim([Channel.SMS], city.clock.now())
    assert [(one.address, one.facts["texts"]["short"]) for one in owed] == [(NEAR, NEW.short)]


async def test_what_is_proved_stands_with_each_person_and_it_is_done_when_nobody_is_left(city: City) -> None:
    order = await city.approved()
    await city.informing.once()
    (notice,) = await city.storage.outbox.claim([Channel.SMS], NOON)
    await city.storage.outbox.sent(notice.id, NOON, "gateway-1")
    await city.call_all(Result.REFUSED)
    mobile, fixed = sorted(await city.people(order), key=lambda one: one.number != NEAR)
    assert (mobile.called, mobile.notices, mobile.proof) == (
        PersonState.GIVEN_UP,
        {Way.SMS: NoticeState.SENT},
        Proof.HANDED_OVER,
    )
    assert (fixed.result, fixed.proof) == (Result.REFUSED, Proof.NONE)
    await city.informing.once()
    assert (await city.storage.informing.get(order.id)).state is OrderState.DONE


async def test_a_message_that_only_lies_in_a_file_proves_nothing_and_is_counted_apart(city: City) -> None:
    order = await city.approved(replace(NEW, ways=frozenset({Way.SMS})))
    await city.informing.once()
    (notice,) = await city.storage.outbox.claim([Channel.SMS], NOON)
    await city.storage.outbox.sent(notice.id, NOON, f"{IN_A_FILE}1.txt")
    told = {one.number: one.proof for one in await city.people(order)}
    assert told[NEAR] is Proof.WRITTEN
    assert not Proof.WRITTEN.proved
    progress = await city.storage.informing.progress(order.id)
    assert (progress.notices, progress.written) == ({(Way.SMS, NoticeState.SENT): 1}, {Way.SMS: 1})


async def test_whoever_only_pressed_the_key_against_calls_is_not_proved_to_have_heard_it(city: City) -> None:
    order = await city.approved(replace(NEW, ways=frozenset({Way.CALL})))
    await city.informing.once()
    first, second = await city.storage.call_jobs.claim(NOON, 10)
    unwanted = Unwanted(number=first.number, reason="", at=NOON, call_id=first.call_id)
    await city.storage.do_not_call.add(unwanted)
    await city.called(first, Result.SETTLED)
    await city.called(second, Result.SETTLED)
    told = {one.number: one.proof for one in await city.people(order)}
    assert told == {first.number: Proof.HEARD_PARTLY, second.number: Proof.HEARD}


async def test_those_not_reached_are_called_once_more_and_nobody_else(city: City) -> None:
    order = await city.approved(replace(NEW, ways=frozenset({Way.CALL})))
    await city.informing.once()
    first, second = await city.storage.call_jobs.claim(NOON, 10)
    await city.called(first, Result.SETTLED)
    await city.called(second, Result.REFUSED)
    await city.informing.once()
    done = await city.storage.informing.get(order.id)
    assert await city.storage.informing.repeat(done, Way.CALL, NOON, user_id=city.author.id) == 1
    assert await city.call_all(Result.SETTLED) == [second.number]
    await city.informing.once()
    progress = await city.storage.informing.progress(order.id)
    assert progress.calls == {PersonState.REACHED: 2}


async def test_paused_nobody_is_told_stopped_nobody_ever(city: City) -> None:
    orders = city.storage.informing
    order = await city.approved()
    await city.informing.once()
    running = await orders.get(order.id)
    paused = await orders.move(running, OrderAct.PAUSE, NOON, user_id=city.author.id)
    assert await city.call_all(Result.SETTLED) == []
    assert await city.storage.outbox.claim([Channel.SMS], NOON) == []
    again = await orders.move(paused, OrderAct.RESUME, NOON, user_id=city.author.id)
    await orders.move(again, OrderAct.STOP, NOON, user_id=city.author.id, reason="Усунено")
    assert await city.call_all(Result.SETTLED) == []
    progress = await orders.progress(order.id)
    assert progress.notices == {(Way.SMS, NoticeState.NEEDLESS): 1}


async def test_a_message_that_was_being_handed_over_when_the_order_was_held_does_not_go_afterwards(
    city: City,
) -> None:
    orders, outbox = city.storage.informing, city.storage.outbox
    order = await city.approved(replace(NEW, ways=frozenset({Way.SMS})))
    await city.informing.once()
    (claimed,) = await outbox.claim([Channel.SMS], NOON)
    running = await orders.get(order.id)
    paused = await orders.move(running, OrderAct.PAUSE, NOON, user_id=city.author.id)
    await outbox.failed(claimed.id, NOON, "gateway away", again_in=timedelta(seconds=30))
    city.clock.pass_by(60)
    await city.informing.once()
    assert await outbox.claim([Channel.SMS], city.clock.now()) == []
    again = await orders.move(paused, OrderAct.RESUME, city.clock.now(), user_id=city.author.id)
    (claimed,) = await outbox.claim([Channel.SMS], city.clock.now())
    await orders.move(again, OrderAct.STOP, city.clock.now(), user_id=city.author.id, reason="Усунено")
    await outbox.failed(claimed.id, city.clock.now(), "gateway away", again_in=timedelta(seconds=30))
    city.clock.pass_by(60)
    await city.informing.once()
    assert await outbox.claim([Channel.SMS], city.clock.now()) == []
    progress = await orders.progress(order.id)
    assert progress.notices == {(Way.SMS, NoticeState.NEEDLESS): 1}


async def test_whoever_was_not_called_when_the_order_was_stopped_was_not_reached(city: City) -> None:
    orders = city.storage.informing
    order = await city.approved(replace(NEW, ways=frozenset({Way.CALL})))
    await city.informing.once()
    await orders.move(
        await orders.get(order.id), OrderAct.STOP, NOON, user_id=city.author.id, reason="Усунено"
    )
    assert (await orders.progress(order.id)).calls == {PersonState.GIVEN_UP: 2}
    assert {one.called for one in await city.people(order)} == {PersonState.GIVEN_UP}
    stopped = await orders.get(order.id)
    assert (stopped.stopped_by, stopped.stopped_at, stopped.stop_reason) == (city.author.id, NOON, "Усунено")
    (calls,) = await city.storage.campaigns.latest(9)
    assert (await city.storage.campaigns.progress(calls.id)).states == {PersonState.GIVEN_UP: 2}
    given_up = await city.storage.campaigns.people(calls.id, 9, state=PersonState.GIVEN_UP)
    assert [one.state for one in given_up] == [PersonState.GIVEN_UP] * 2
    assert await city.storage.campaigns.people(calls.id, 9, state=PersonState.DUE) == []


async def test_a_deleted_draft_is_in_no_list_and_its_paper_is_free(city: City) -> None:
    orders = city.storage.informing
    draft = await orders.add(NEW, city.author.id, NOON)
    same = replace(NEW, number="12 -Р", dated=date(2026, 1, 1))
    with pytest.raises(PaperTaken) as refused:
        await orders.add(same, city.second.id, NOON, once=True)
    assert [one.id for one in refused.value.same] == [draft.id]
    other = await orders.add(replace(NEW, number="13-р"), city.author.id, NOON, once=True)
    with pytest.raises(PaperTaken):
        await orders.change(other, same, NOON, user_id=city.author.id, once=True)
    other = await orders.change(
        other, replace(NEW, dated=date(2025, 12, 31)), NOON, user_id=city.author.id, once=True
    )
    await orders.move(other, OrderAct.DISCARD, NOON, user_id=city.author.id)
    deleted = await orders.move(draft, OrderAct.DISCARD, NOON, user_id=city.second.id)
    assert (deleted.discarded, deleted.stopped_by) == (True, city.second.id)
    assert await orders.latest(9) == []
    assert (await orders.add(NEW, city.author.id, NOON, once=True)).id != draft.id


async def test_of_two_who_enter_one_paper_at_one_moment_one_is_told_that_it_is_here(city: City) -> None:
    orders = city.storage.informing
    entered = await asyncio.gather(
        *(orders.add(NEW, user.id, NOON, once=True) for user in (city.author, city.second) * 2),
        return_exceptions=True,
    )
    (kept,) = [one for one in entered if isinstance(one, InformingOrder)]
    refused = [one for one in entered if isinstance(one, PaperTaken)]
    assert len(refused) == 3
    assert {one.id for error in refused for one in error.same} == {kept.id}
    assert [one.id for one in await orders.latest(9)] == [kept.id]
    again = await orders.add(NEW, city.second.id, NOON)
    assert again.number == kept.number, "one more by the same paper is somebody's own will"


async def test_of_two_drafts_that_are_given_one_paper_at_one_moment_one_stays_as_it_was(city: City) -> None:
    orders = city.storage.informing
    drafts = [
        await orders.add(replace(NEW, number=number), city.author.id, NOON) for number in ("1-р", "2-р")
    ]
    changes = (orders.change(one, NEW, NOON, user_id=city.author.id, once=True) for one in drafts)
    became = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(one).__name__ for one in became) == ["InformingOrder", "PaperTaken"]
    assert len({one.number for one in await orders.latest(9)}) == 2


async def test_the_addresses_of_an_audience_are_those_that_it_tells_once_it_has_begun(city: City) -> None:
    duty = Contact(name="Чергова", number=FAR, email="duty@water.example")
    await city.storage.executors.add("КП «Вода»", "Вода", [duty])
    audience = replace(NEW.audience, enterprises=True, listed=(NEAR, "head@city.example"))
    counted = await city.storage.informing.addresses(audience)
    assert counted == {NEAR, NEAR_TOO, FAR, "duty@water.example", "head@city.example"}
    order = await city.approved(replace(NEW, audience=audience))
    await city.informing.once()
    assert {one.number or one.email for one in await city.people(order)} == counted


async def test_a_list_longer_than_a_statement_has_parameters_is_told_whole(city: City) -> None:
    listed = tuple(f"+38067{number:07}" for number in range(MORE_THAN_PARAMETERS))
    audience = Audience(nobody=True, listed=listed)
    order = await city.approved(replace(NEW, audience=audience))
    await city.informing.once()
    progress = await city.storage.informing.progress(order.id)
    assert progress.people == MORE_THAN_PARAMETERS
    assert progress.calls == {PersonState.DUE: MORE_THAN_PARAMETERS}
    assert progress.notices == {(Way.SMS, NoticeState.OWED): MORE_THAN_PARAMETERS}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_postgresql_knows_how_many_people_an_order_has_before_anybody_asks(
    city: City, cluster: Cluster
) -> None:
    async def counted() -> str:
        return await asyncio.to_thread(
            cluster.sql, "SELECT reltuples FROM pg_class WHERE relname = 'informing_people'", "hotline"
        )

    await asyncio.to_thread(cluster.sql, "ANALYZE informing_people", "hotline")
    assert int(await counted()) <= 0
    order = await city.approved(NEW)
    await city.informing.once()
    assert int(await counted()) == len(await city.people(order)) > 0


async def test_messages_that_were_not_delivered_are_sent_again_but_not_to_who_confirmed_a_call(
    city: City,
) -> None:
    orders, outbox = city.storage.informing, city.storage.outbox
    audience = Audience(nobody=True, listed=(NEAR, FAR, "head@example.org"))
    ways = frozenset({Way.CALL, Way.SMS, Way.EMAIL})
    order = await city.approved(replace(NEW, audience=audience, ways=ways))
    await city.informing.once()
    owed = await outbox.claim([Channel.SMS, Channel.EMAIL], NOON)
    for notice in owed:
        await outbox.failed(notice.id, NOON, "refused", again_in=None)
    for one in await city.storage.call_jobs.claim(NOON, 9):
        await city.called(one, Result.SETTLED if one.number == NEAR else Result.REFUSED)
    await city.informing.once()
    done = await orders.get(order.id)
    assert done.state is OrderState.DONE
    assert (await orders.progress(order.id)).again == {Way.CALL: 1, Way.SMS: 1, Way.EMAIL: 1}
    assert await orders.repeat(done, Way.SMS, NOON, user_id=city.author.id) == 1
    with pytest.raises(Outdated):
        await orders.repeat(done, Way.EMAIL, NOON, user_id=city.author.id)
    running = await orders.get(order.id)
    assert running.state is OrderState.RUNNING
    assert await orders.repeat(running, Way.EMAIL, NOON, user_id=city.author.id) == 1
    again = await outbox.claim([Channel.SMS, Channel.EMAIL], NOON)
    assert {one.address for one in again} == {FAR, "head@example.org"}
    assert {one.key for one in again}.isdisjoint(one.key for one in owed)
    for notice in again:
        await outbox.sent(notice.id, NOON, "gateway")
    await city.informing.once()
    assert (await orders.get(order.id)).state is OrderState.DONE
    assert (await orders.progress(order.id)).again == {Way.CALL: 1}


HOUR = timedelta(hours=1)
SAID = replace(NEW, ways=frozenset({Way.IVR}), until=NOON + 3 * HOUR)


async def test_what_is_said_to_callers_stands_from_its_beginning_to_its_end_and_calls_nobody(
    city: City,
) -> None:
    standing = city.storage.standing_orders
    order = await city.approved(replace(SAID, starts_at=NOON + HOUR))
    assert [one.id for one in await standing.ahead()] == [order.id]
    assert await standing.by(Way.IVR, NOON) == []
    city.clock.pass_by(3600)
    await city.informing.once()
    await standing.renew()
    assert [one.id for one in await standing.by(Way.IVR, city.clock.now())] == [order.id]
    assert await city.people(order) == []
    assert await city.storage.campaigns.latest(9) == []
    await city.informing.once()
    assert (await city.storage.informing.get(order.id)).state is OrderState.RUNNING
    city.clock.pass_by(2 * 3600)
    assert await standing.by(Way.IVR, city.clock.now()) == []
    await city.informing.once()
    assert (await city.storage.informing.get(order.id)).state is OrderState.DONE


async def test_whoever_called_and_heard_it_is_told_by_the_journey_of_their_call(city: City) -> None:
    storage, during = city.storage, NOON + HOUR
    audience = Audience(nobody=True, listed=(NEAR, FAR))
    said = replace(SAID, ways=frozenset({Way.SMS, Way.IVR}), audience=audience)
    order = await city.approved(said)
    await city.informing.once()
    heard = {"about": "order", "order": order.id}
    journeys = {
        "c-heard": (NEAR, during, heard),
        "c-other": (FAR, during, {"about": "order", "order": order.id + 1}),
        "c-before": (FAR, NOON - HOUR, heard),
        "c-stranger": (None, during, heard),
    }
    for call_id, (number, at, detail) in journeys.items():
        await storage.calls.open(CallRecord(id=call_id, number=number, shown="", arrived_at=at))
        step = JourneyStep(call_id=call_id, number=1, at=at, step=Step.INFORMED, detail=detail)
        await storage.calls.note(step)
    await storage.calls.flush()
    assert await storage.informing.heard_in(order.id) == 2
    near, far = sorted(await city.people(order), key=lambda one: one.number != NEAR)
    assert (near.heard_in, near.proof) == ("c-heard", Proof.HEARD)
    assert (far.heard_in, far.proof) == (None, Proof.NONE)


async def test_held_it_is_said_to_nobody_and_going_on_it_is_again(city: City) -> None:
    orders, standing = city.storage.informing, city.storage.standing_orders
    order = await city.approved(SAID)
    await city.informing.once()
    running = await orders.get(order.id)
    paused = await orders.move(running, OrderAct.PAUSE, NOON, user_id=city.author.id)
    await standing.renew()
    assert await standing.by(Way.IVR, NOON) == []
    await orders.move(paused, OrderAct.RESUME, NOON, user_id=city.author.id)
    await standing.renew()
    assert [one.id for one in await standing.by(Way.IVR, NOON)] == [order.id]


async def test_enterprises_and_listed_ones_are_told_by_the_ways_they_have(city: City) -> None:
    listed = ("+380671112209", "head@example.org")
    audience = Audience(nobody=True, listed=listed)
    ways = frozenset({Way.SMS, Way.EMAIL})
    order = await city.approved(replace(NEW, audience=audience, ways=ways))
    await city.informing.once()
    people = await city.people(order)
    assert {one.number or one.email for one in people} == set(listed)
    progress = await city.storage.informing.progress(order.id)
    assert progress.notices == {(Way.SMS, NoticeState.OWED): 1, (Way.EMAIL, NoticeState.OWED): 1}


async def test_begun_again_after_a_crash_nobody_is_kept_or_told_twice(city: City) -> None:
    order = await city.approved()
    preparing = city.storage.informing_preparing
    (due,) = await preparing.due(NOON)
    await preparing.prepare(due, NOON, UKRAINIAN_MOBILES)
    await preparing.prepare(due, NOON, UKRAINIAN_MOBILES)
    assert len(await city.people(order)) == 2
    assert await city.call_all(Result.SETTLED) == sorted([NEAR, NEAR_TOO])


async def test_no_message_is_owed_to_a_mobile_outside_the_citys_prefixes(city: City) -> None:
    storage, clock = city.storage, city.clock
    order = await city.approved(replace(NEW, audience=Audience(listed=("+380501112233",), nobody=True)))
    addresses = await storage.informing.addresses(order.audience)
    counted = reach_of(order, addresses, unwanted=(), sms=("+38067",))
    await Informing(storage.informing, storage.informing_preparing, clock, ("+38067",)).once()
    progress = await storage.informing.progress(order.id)
    assert (progress.people, progress.notices, counted.messages) == (1, {}, 0)
    other = await city.approved(replace(NEW, audience=Audience(listed=("+380501112233",), nobody=True)))
    await city.informing.once()
    assert (await storage.informing.progress(other.id)).notices == {(Way.SMS, NoticeState.OWED): 1}
