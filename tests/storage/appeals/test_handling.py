import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import SERVICE, ActorRole, acting, applicant
from hotline.appeals.acts.applicants_word import BeginCheck, Confirm, Dispute, Withdraw
from hotline.appeals.acts.keeping import Amend, Escalate, Link, Note
from hotline.appeals.acts.routing import Assign, HandBack
from hotline.appeals.acts.way_back import RefuseDone, Reopen
from hotline.appeals.acts.work import Accept, BeginWork, PassInside, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind, Sign, Subject
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.escalation_steps import due_now
from hotline.appeals.handling import Overtaken
from hotline.appeals.routing import Rule
from hotline.city.classifier import Urgency
from hotline.city.terms import end_of
from hotline.contact.channel import Channel
from hotline.errors import ForbiddenTransition, NotFound
from storage.store import SLAVUTYCH, Storage, open_storage
from storage.tables import notices
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found, waiting

LATER = NOON + timedelta(hours=1)
MARIA = applicant("call:hotline-1.1")


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@pytest.fixture
async def elsewhere(url: str) -> AsyncIterator[Storage]:
    """Another process on the same database."""
    async with open_storage(url) as other:
        yield other


async def do(city: City, appeal: Appeal, *acts: Act) -> Appeal:
    for act in acts:
        appeal = await city.storage.handling.carry_out(appeal.number, act, version=appeal.version)
    return appeal


async def present(city: City, appeal: Appeal) -> Appeal:
    now = await city.storage.appeals.find(appeal.number)
    assert now is not None
    return now


def work(city: City) -> tuple[Act, ...]:
    who = {"by": city.executor, "at": LATER}
    done = ReportDone(by=city.executor, at=LATER, result=ResultKind.SATISFIED, answer="Полагоджено")
    return Accept(**who), BeginWork(**who), done


async def told(city: City, number: str) -> list[tuple[str, str, Channel]]:
    return [(one.about, one.to, one.channel) for one in await city.storage.outbox.of_appeal(number)][::-1]


async def test_what_is_registered_is_given_by_the_rules_in_the_same_moment(city: City) -> None:
    appeal = await city.enter()
    assert (appeal.state, appeal.executor_id, appeal.version) == (AppealState.ASSIGNED, city.heat.id, 2)
    assert appeal == await city.storage.appeals.find(appeal.number)
    history = await city.storage.handling.history(appeal.number, hidden=True)
    assert [(one.act, one.after, one.version) for one in history] == [
        ("register", AppealState.REGISTERED, 1),
        ("assign", AppealState.ASSIGNED, 2),
    ]
    desk = f"contact:{city.heat.contacts[0].id}"
    assert await told(city, appeal.number) == [
        ("assign", f"executor:{city.heat.id}", Channel.PAGE),
        ("assign", desk, Channel.EMAIL),
        ("register", f"applicant:{appeal.number}", Channel.SMS),  # one of both: it names the executor
    ]
    assert not await waiting(city.storage, AppealWaitsFor.UNROUTED)


async def test_what_no_rule_takes_stands_on_the_list_that_people_assign_from(city: City) -> None:
    ordinary = await city.enter(category="water-none", urgency=Urgency.ORDINARY)
    sooner = await city.enter(category="water-none", due_at=NOON + timedelta(hours=2))
    emergency = await city.enter(category="water-leak", urgency=Urgency.EMERGENCY)
    assert ordinary.state is AppealState.REGISTERED
    listed = await waiting(city.storage, AppealWaitsFor.UNROUTED)
    assert [one.number for one in listed] == [emergency.number, sooner.number, ordinary.number]
    await do(city, sooner, Assign(by=city.dispatcher, at=LATER, executor_id=city.water.id))
    assert len(await waiting(city.storage, AppealWaitsFor.UNROUTED)) == 2


async def test_the_whole_road_is_kept_with_each_line_and_notice(city: City) -> None:
    appeal = await do(city, await city.enter(), *work(city), BeginCheck(by=SERVICE, at=LATER))
    closed = await do(city, appeal, Confirm(by=MARIA, at=LATER, rating=5))
    assert (closed.state, closed.answer, closed.state_since) == (AppealState.CLOSED, "Полагоджено", LATER)
    history = await city.storage.handling.history(appeal.number, hidden=True)
    assert [one.version for one in history] == list(range(1, 8))
    assert history[-1].facts == {"rating": 5, "source": "call:hotline-1.1"}
    again = await do(city, closed, Dispute(by=MARIA, at=LATER, reason="Знову холодно"))
    assert again == await city.storage.appeals.find(again.number)
    (last,) = [one for one in await city.storage.outbox.on_page("head") if one.about == "dispute"]
    assert (last.facts["said"], last.facts["state"]) == ("Знову холодно", "disputed")


async def test_two_who_act_at_once_one_wins_and_the_other_is_told_what_changed(
    city: City, elsewhere: Storage
) -> None:
    for _ in range(5):
        appeal = await city.enter()
        accept = Accept(by=city.executor, at=LATER)
        assign = Assign(by=city.dispatcher, at=LATER, executor_id=city.water.id)
        done = await asyncio.gather(
            city.storage.handling.carry_out(appeal.number, accept, version=appeal.version),
            elsewhere.handling.carry_out(appeal.number, assign, version=appeal.version),
            return_exceptions=True,
        )
        (winner,) = [one for one in done if isinstance(one, Appeal)]
        (loser,) = [one for one in done if isinstance(one, Overtaken)]
        (since,) = loser.since
        assert since.after is winner.state
        assert loser.appeal == winner == await city.storage.appeals.find(appeal.number)
        history = await city.storage.handling.history(appeal.number, hidden=True)
        assert [one.version for one in history] == [1, 2, 3]


async def test_many_who_act_at_once_each_win_once_or_are_told(city: City, elsewhere: Storage) -> None:
    appeal = await city.enter()

    async def note(storage: Storage, text: str) -> None:
        version = appeal.version
        while True:
            act = Note(by=city.dispatcher, at=LATER, text=text)
            try:
                await storage.handling.carry_out(appeal.number, act, version=version)
            except Overtaken as overtaken:
                version = overtaken.appeal.version
            else:
                return

    texts = [f"Нотатка {one}" for one in range(12)]
    await asyncio.gather(*(note((city.storage, elsewhere)[at % 2], text) for at, text in enumerate(texts)))
    history = await city.storage.handling.history(appeal.number, hidden=True)
    assert sorted(one.said for one in history if one.act == "note") == sorted(texts)
    assert [one.version for one in history] == list(range(1, 15))


async def test_what_is_forbidden_leaves_nothing_behind(city: City) -> None:
    appeal = await city.enter()
    before = await told(city, appeal.number)
    for act, error in (
        (BeginWork(by=city.executor, at=LATER), ForbiddenTransition),
        (Accept(by=acting(city.plumber), at=LATER), Exception),
        (Assign(by=city.dispatcher, at=LATER, executor_id=999), ActFault),
        (PassInside(by=city.executor, at=LATER, assignee_id=city.plumber.id), ActFault),
        (Link(by=city.dispatcher, at=LATER, parent="999"), ActFault),
    ):
        with pytest.raises(error):
            await do(city, appeal, act)
    assert await city.storage.appeals.find(appeal.number) == appeal
    assert await told(city, appeal.number) == before
    with pytest.raises(NotFound):
        await city.storage.handling.carry_out("999", Accept(by=city.executor, at=LATER), version=1)


async def test_a_death_between_any_two_statements_leaves_all_or_nothing(city: City) -> None:
    child = await city.enter(parent=None)
    appeal = await city.enter(urgency=Urgency.EMERGENCY)
    await do(city, child, Link(by=city.dispatcher, at=LATER, parent=appeal.number))
    engine = city.storage.database._writer.sync_engine
    fatal = 0
    while True:
        fatal += 1
        left = fatal

        def die(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise ConnectionAbortedError

        before = [await state_of(city, one.number) for one in (appeal, child)]
        event.listen(engine, "before_cursor_execute", die)
        try:
            await do(city, appeal, Accept(by=city.executor, at=LATER))
        except ConnectionAbortedError:
            event.remove(engine, "before_cursor_execute", die)
            assert [await state_of(city, one.number) for one in (appeal, child)] == before
        else:
            event.remove(engine, "before_cursor_execute", die)
            break
    assert fatal > 8
    after = [await state_of(city, one.number) for one in (appeal, child)]
    assert {state for state, _, _ in after} == {AppealState.ACCEPTED}
    assert [lines for _, lines, _ in after] == [lines + 1 for _, lines, _ in before]


async def state_of(city: City, number: str) -> tuple[AppealState, int, int]:
    appeal = await city.storage.appeals.find(number)
    assert appeal is not None
    history = await city.storage.handling.history(number, hidden=True)
    return appeal.state, len(history), len(await city.storage.outbox.of_appeal(number))


async def test_all_reporters_are_told_of_the_work_and_each_closes_their_own(city: City) -> None:
    parent, child = await city.enter(), await city.enter(category="other", applicant_number="+380671234568")
    child = await do(city, child, Link(by=city.dispatcher, at=LATER, parent=parent.number))
    assert (child.state, child.executor_id) == (AppealState.ASSIGNED, city.heat.id)
    later = await city.enter(parent=parent.number)
    assert later.executor_id == city.heat.id
    assert [one.number for one in await city.storage.handling.linked(parent.number)] == [
        child.number,
        later.number,
    ]
    parent = await present(city, parent)
    parent = await do(city, parent, *work(city))
    for one in (child, later):
        now = await city.storage.appeals.find(one.number)
        assert now is not None
        assert (now.state, now.answer) == (AppealState.DONE, "Полагоджено")
    await do(city, parent, Confirm(by=MARIA, at=LATER))
    now = await city.storage.appeals.find(child.number)
    assert now is not None
    assert now.state is AppealState.DONE
    about = [one for one in await told(city, child.number) if one[1] == f"applicant:{child.number}"]
    assert about[-1] == ("confirm", f"applicant:{child.number}", Channel.SMS)


async def test_many_reports_of_one_thing_get_the_sign_of_it_by_themselves_and_once(city: City) -> None:
    parent, child, repeated = [
        await city.enter(sign=sign) for sign in (Sign.FIRST, Sign.FIRST, Sign.REPEATED)
    ]
    link = Link(by=city.dispatcher, at=LATER, parent=parent.number)
    await do(city, child, link)
    assert (await present(city, child)).sign is Sign.FIRST
    await do(city, repeated, link)
    signs = [(await present(city, one)).sign for one in (parent, child, repeated)]
    assert signs == [Sign.MASS, Sign.MASS, Sign.REPEATED]
    corrected = await present(city, parent)
    await do(city, corrected, Amend(by=city.dispatcher, at=LATER, sign=Sign.FIRST))
    later = await city.enter(parent=parent.number)
    assert (later.sign, (await present(city, parent)).sign) == (Sign.MASS, Sign.FIRST)
    *_, line = await city.storage.handling.history(child.number, hidden=True)
    assert (line.act, line.part, line.hidden) == ("mark-mass", ActorRole.SERVICE, True)


async def test_links_make_no_chains_and_lead_to_no_finished_work(city: City) -> None:
    first, second, third = [await city.enter() for _ in range(3)]
    await do(city, second, Link(by=city.dispatcher, at=LATER, parent=first.number))
    with pytest.raises(ActFault, match=first.number):
        await do(city, third, Link(by=city.dispatcher, at=LATER, parent=second.number))
    with pytest.raises(ActFault, match="Others"):
        await do(city, first, Link(by=city.dispatcher, at=LATER, parent=third.number))
    finished = await do(city, third, *work(city))
    with pytest.raises(ForbiddenTransition):
        await city.enter(parent=finished.number)
    assert len(await city.storage.registry.of_call("none")) == 0


async def test_two_who_link_crosswise_do_not_lock_each_other_out(city: City, elsewhere: Storage) -> None:
    one, two = await city.enter(), await city.enter()
    done = await asyncio.gather(
        city.storage.handling.carry_out(
            one.number, Link(by=city.dispatcher, at=LATER, parent=two.number), version=None
        ),
        elsewhere.handling.carry_out(
            two.number, Link(by=city.dispatcher, at=LATER, parent=one.number), version=None
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["ActFault", "Appeal"]


async def test_a_step_of_escalation_is_taken_once_by_however_many(city: City, elsewhere: Storage) -> None:
    appeal = await city.enter(urgency=Urgency.EMERGENCY)
    (watched,) = await city.storage.watch.read([appeal.number])
    now = NOON + timedelta(minutes=15)
    (step,) = due_now(watched.appeal, watched.executor, watched.done, now=now, city=SLAVUTYCH)
    act = Escalate(by=SERVICE, at=now, kind=step.kind, key=step.key, contact_id=step.contact_id)
    both = (city.storage, elsewhere)
    await asyncio.gather(
        *(one.handling.carry_out(appeal.number, act, version=None) for one in both for _ in range(3))
    )
    (watched,) = await city.storage.watch.read([appeal.number])
    assert watched.done == {step.key}
    assert not due_now(watched.appeal, watched.executor, watched.done, now=now, city=SLAVUTYCH)
    calls = [one for one in await told(city, appeal.number) if one[0] == "unacknowledged"]
    assert [channel for *_, channel in calls] == [Channel.EMAIL, Channel.SMS, Channel.CALL]


async def test_watched_are_unacknowledged_emergencies_and_whose_term_ends_and_nothing_that_has_ended(
    city: City,
) -> None:
    watch = city.storage.watch
    ordinary = await city.enter(due_at=NOON + timedelta(days=9))
    urgent = await city.enter(due_at=NOON + timedelta(hours=4), urgency=Urgency.EMERGENCY)
    ended = await city.enter(due_at=NOON + timedelta(hours=1), urgency=Urgency.EMERGENCY)
    await do(city, ended, *work(city))
    assert await watch.unacknowledged() == [urgent.number]
    assert await watch.ending(NOON + timedelta(days=3)) == [urgent.number]
    assert await watch.ending(NOON + timedelta(days=10)) == [urgent.number, ordinary.number]
    read = await watch.read([ordinary.number, urgent.number, ended.number])
    assert sorted(one.appeal.number for one in read) == [ordinary.number, urgent.number]
    assert {one.executor for one in read} == {city.heat}


async def test_who_sees_an_appeal_does_not_see_internal_notes_unless_they_may(city: City) -> None:
    appeal = await do(city, await city.enter(), Note(by=city.dispatcher, at=LATER, text="Грубить"))
    assert [one.act for one in await city.storage.handling.history(appeal.number, hidden=False)] == [
        "register",
        "assign",
    ]


async def test_a_correction_is_found_by_its_new_words_and_address(city: City) -> None:
    appeal = await city.enter()
    then = await do(
        city,
        appeal,
        Amend(by=city.dispatcher, at=LATER, text="Прорвало", address="Ризький квартал, 1"),
    )
    (alike,) = await city.storage.registry.similar(
        category="heat-none", address="ризький квартал 1", number=None, applicant=None, since=NOON
    )
    assert alike.appeal == then


async def test_who_has_benefits_goes_first_and_who_is_not_named_is_anonymous(city: City) -> None:
    veteran = await city.enter(categories=("7.1",), category="water-none")
    unnamed = await city.enter(applicant=None, category="water-none")
    assert (veteran.served_first, unnamed.subject) == (True, Subject.ANONYMOUS)
    listed = await waiting(city.storage, AppealWaitsFor.UNROUTED)
    assert [one.number for one in listed] == [veteran.number, unnamed.number]


async def test_an_executor_with_appeals_is_not_closed_and_a_closed_one_gets_none(city: City) -> None:
    appeal = await city.enter()
    with pytest.raises(ForbiddenTransition):
        await city.storage.executors.update(replace(city.heat, active=False))
    await do(city, appeal, HandBack(by=city.executor, at=LATER, reason="Не наш будинок"))
    await city.storage.executors.update(replace(city.heat, active=False))
    assert (await city.enter()).state is AppealState.REGISTERED
    with pytest.raises(ActFault):
        await city.storage.handling.carry_out(
            appeal.number, Assign(by=city.dispatcher, at=LATER, executor_id=city.heat.id), version=None
        )


async def test_what_is_disputed_when_its_executor_is_closed_goes_to_another_or_onto_the_list(
    city: City,
) -> None:
    closed = await do(city, await city.enter(), *work(city), Confirm(by=MARIA, at=LATER))
    await city.storage.executors.update(replace(city.heat, active=False))
    disputed = await do(city, closed, Dispute(by=MARIA, at=LATER))
    assert (disputed.state, disputed.executor_id) == (AppealState.REGISTERED, None)
    assert [one.number for one in await waiting(city.storage, AppealWaitsFor.UNROUTED)] == [closed.number]
    await city.storage.executors.update(replace(city.heat, active=True))
    held = await do(city, await city.enter(), *work(city), Confirm(by=MARIA, at=LATER))
    await city.storage.rules.add(Rule(order=0, executor_id=city.water.id, categories=("heat-*",)))
    await city.storage.executors.update(replace(city.heat, active=False))
    given = await do(city, held, Dispute(by=MARIA, at=LATER))
    assert (given.state, given.executor_id) == (AppealState.ASSIGNED, city.water.id)
    history = await city.storage.handling.history(held.number, hidden=True)
    assert [one.act for one in history][-3:] == ["dispute", "release", "assign"]


async def test_an_executor_is_not_closed_while_it_is_given_something(city: City, elsewhere: Storage) -> None:
    async def close() -> bool:
        try:
            await elsewhere.executors.update(replace(city.heat, active=False))
        except ForbiddenTransition:
            return False
        return True

    tries: list[Awaitable[object]] = [city.enter(), close()]
    appeal, closed = await asyncio.gather(*tries)
    assert isinstance(appeal, Appeal)
    assert closed is (appeal.executor_id is None)


async def test_no_notice_is_owed_twice_for_one_entry(city: City) -> None:
    await do(city, await city.enter(), *work(city))
    async with city.storage.database.reading() as connection:
        rows = (await connection.execute(select(notices))).all()
    kinds = [(row.entry_id, row.recipient, row.channel) for row in rows]
    assert len(kinds) == len(set(kinds)) == 6


async def test_a_city_may_have_terms_end_on_working_days(url: str, city: City) -> None:
    saturday = end_of(date(2026, 3, 7), SLAVUTYCH.timezone)
    new = city.new(due_on=saturday.due_on, due_at=saturday.due_at)
    async with open_storage(url, city=replace(SLAVUTYCH, ends_on_working_days=True)) as strict:
        assert (await strict.registry.enter(new)).due_on == date(2026, 3, 9)
    assert (await city.storage.registry.enter(new)).due_on == date(2026, 3, 7)


async def test_what_nobody_has_goes_to_whom_the_rules_give_it_once_it_is_put_right(city: City) -> None:
    unknown = await city.enter(category="other")
    words = Amend(by=city.dispatcher, at=LATER, text="Тече щось у підвалі")
    assert (await do(city, unknown, words)).state is AppealState.REGISTERED
    now = await do(city, await city.enter(category="other"), replace(words, category="heat-leak"))
    assert (now.state, now.executor_id, now.state_since) == (AppealState.ASSIGNED, city.heat.id, LATER)
    held = await city.enter()
    assert (await do(city, held, replace(words, category="water-leak"))).executor_id == city.heat.id


async def test_a_report_that_is_returned_is_returned_for_all_reporters_and_they_are_told(city: City) -> None:
    main = await city.enter()
    neighbour = await city.enter(parent=main.number, applicant_number="+380671234568")
    reported = await do(city, main, *work(city))
    assert (await present(city, neighbour)).state is AppealState.DONE
    await do(city, reported, RefuseDone(by=city.dispatcher, at=NOON, reason="Яма на місці"))
    child = await present(city, neighbour)
    assert (child.state, child.answer, child.executor_id) == (AppealState.IN_WORK, "", city.heat.id)
    assert (await city.storage.handling.history(neighbour.number, hidden=False))[-1].act == "follow"


async def test_what_is_taken_up_again_goes_by_the_rules_to_who_does_the_work(city: City) -> None:
    entered = await city.enter()
    withdrawn = await do(city, entered, Withdraw(by=MARIA, at=NOON))
    again = await do(city, withdrawn, Reopen(by=city.dispatcher, at=NOON, reason="Помилка"))
    assert (again.state, again.executor_id) == (AppealState.ASSIGNED, city.heat.id)
