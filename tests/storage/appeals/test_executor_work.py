from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Withdraw
from hotline.appeals.acts.asking import AnswerBack, AskBack
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept, BeginWork, PassInside, ReportDone
from hotline.appeals.appeal import ENDED, AppealState, ResultKind
from hotline.appeals.attachments import AppealFile, FileRefused, StoredFile
from hotline.appeals.control import AppealWaitsFor
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactHours, Executor
from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import CONTACTS, City, found, waiting

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
    tally = await work.tally(city.heat.id, user_id=city.fitter.id, now=NOON)
    assert (dict(tally.states), tally.overdue, tally.mine) == ({AppealState.ASSIGNED: 1}, 0, 0)
    assert not (await work.tally(city.water.id, user_id=city.plumber.id, now=NOON)).states


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


async def test_they_are_found_by_words_of_text_and_address_by_number_and_by_ended_terms(city: City) -> None:
    work, lamp = city.storage.executor_work, await city.enter(text="Холодні батареї у квартирі")
    other = await city.enter(address="Ризький квартал, 3", due_at=NOON + timedelta(hours=2))
    elsewhere = await city.enter(category="water-none", text="Холодна батарея")

    async def found(**asked: object) -> list[str]:
        return [one.number for one in await work.all(city.heat.id, **asked)]

    assert await found(text="холодна батарея") == [lamp.number]
    assert await found(text="ризький") == [other.number]
    assert await found(text=f"№ {other.number[:2]} {other.number[2:]}") == [other.number]
    assert await found(text=elsewhere.number) == await found(text="ліфт") == []
    assert await found(overdue_at=NOON + timedelta(hours=3)) == [other.number]
    tally = await work.tally(city.heat.id, user_id=city.fitter.id, now=NOON + timedelta(hours=3))
    assert (tally.of(AppealState.ASSIGNED), tally.overdue) == (2, 1)


async def test_what_is_owed_no_more_stands_with_the_newest_on_top_and_is_not_counted(city: City) -> None:
    first, second = await city.enter(), await city.enter()
    for minutes, appeal in ((1, second), (2, first)):
        at = LATER + timedelta(minutes=minutes)
        act = Withdraw(by=applicant("letter:1"), at=at)
        await city.storage.handling.carry_out(appeal.number, act, version=None)
    ended = await city.storage.executor_work.all(city.heat.id, states=(AppealState.WITHDRAWN,))
    assert [one.number for one in ended] == [second.number, first.number]
    tally = await city.storage.executor_work.tally(city.heat.id, user_id=city.fitter.id, now=LATER)
    assert not tally.states


async def test_of_what_has_ended_the_newest_are_read_along_an_index_by_whomever_and_by_words(
    city: City,
) -> None:
    work, made = city.storage.executor_work, [await city.enter(text=text) for text in ("Тече", "Холодно") * 3]
    for number, appeal in enumerate(made):
        passed = PassInside(by=city.executor, at=LATER, assignee_id=city.fitter.id)
        for act in (
            Accept(by=city.executor, at=LATER),
            *((passed,) if number % 3 == 0 else ()),
            Withdraw(by=applicant("letter:1"), at=LATER + timedelta(minutes=number)),
        ):
            await city.storage.handling.carry_out(appeal.number, act, version=None)

    async def ended(**asked: Any) -> list[int]:
        found = await work.all(city.heat.id, states=sorted(ENDED), **asked)
        return [made.index(next(one for one in made if one.number == each.number)) for each in found]

    assert await ended() == [5, 4, 3, 2, 1, 0]
    assert await ended(limit=2, offset=1) == [4, 3]
    assert await ended(assignee_id=city.fitter.id) == [3, 0]
    assert await ended(text="тече") == [4, 2, 0]
    assert await ended(text="холодно", limit=1, offset=1) == [3]
    assert await ended(text="холодно", assignee_id=city.fitter.id) == [3]
    assert await ended(text=made[1].number) == [1]
    assert await ended(text="не на") == []
    assert await work.all(city.water.id, states=sorted(ENDED)) == []


async def test_files_belong_to_an_appeal_and_to_whoever_has_it(city: City) -> None:
    appeal, files = await city.enter(), city.storage.files
    kept = await bring(city, appeal.number, "k1")
    assert (kept.name, kept.bytes, kept.photo) == ("Фото.jpg", 9, True)
    assert await files.get(kept.id) == await files.get(kept.id, executor_id=city.heat.id) == kept
    assert await files.of_appeal(appeal.number, executor_id=city.heat.id) == [kept]
    assert await files.known(["k1", "k2"]) == {"k1"}
    with pytest.raises(NotFound):
        await files.get(kept.id, executor_id=city.water.id)
    with pytest.raises(NotFound):
        await files.of_appeal(appeal.number, executor_id=city.water.id)
    for number, executor in ((appeal.number, city.water), ("999", None), ("999", city.heat)):
        with pytest.raises(NotFound):
            await bring(city, number, "k2", executor=executor)
    with pytest.raises(FileRefused):
        await bring(city, appeal.number, "k2", most=1)
    assert await files.of_appeal(appeal.number) == [kept]


async def test_a_file_is_taken_away_until_a_report_names_it(city: City) -> None:
    appeal, files, handling = await city.enter(), city.storage.files, city.storage.handling
    wrong, right = await bring(city, appeal.number, "k1"), await bring(city, appeal.number, "k2")
    with pytest.raises(NotFound):
        await files.remove(wrong.id, executor_id=city.water.id)
    assert await files.remove(wrong.id, executor_id=city.heat.id) == wrong
    who = {"by": city.executor, "at": LATER}
    for act in (Accept(**who), BeginWork(**who)):
        await handling.carry_out(appeal.number, act, version=None)
    done = ReportDone(**who, result=ResultKind.SATISFIED, answer="Полагоджено", evidence=(right.id, wrong.id))
    with pytest.raises(ActFault) as fault:
        await handling.carry_out(appeal.number, done, version=None)
    assert fault.value.field == "evidence"
    await handling.carry_out(appeal.number, replace(done, evidence=(right.id,)), version=None)
    with pytest.raises(ForbiddenTransition):
        await files.remove(right.id, executor_id=city.heat.id)
    assert await files.of_appeal(appeal.number) == [right]


async def test_a_question_stands_on_the_centres_list_until_it_is_answered(city: City) -> None:
    appeal, handling = await city.enter(), city.storage.handling
    await handling.carry_out(
        appeal.number, AskBack(by=city.executor, at=LATER, text="Який під’їзд?"), version=None
    )
    (asked,) = await waiting(city.storage, AppealWaitsFor.ASKED)
    assert (asked.number, asked.question, asked.state) == (
        appeal.number,
        "Який під’їзд?",
        AppealState.ASSIGNED,
    )
    answer = AnswerBack(by=city.dispatcher, at=LATER, text="Другий")
    await handling.carry_out(appeal.number, answer, version=asked.version)
    assert await waiting(city.storage, AppealWaitsFor.ASKED) == []
    told = [one.about for one in await city.storage.outbox.on_page(f"executor:{city.heat.id}")]
    assert told == ["answer-back", "assign"]
    assert [one.hidden for one in await handling.history(appeal.number, hidden=True)][-2:] == [True, True]


async def bring(
    city: City, number: str, key: str, *, executor: Executor | None = None, most: int | None = None
) -> AppealFile:
    kept = StoredFile(key=key, media_type="image/jpeg", bytes=9, sha256=f"of {key}")
    return await city.storage.files.add(
        number=number,
        name="Фото.jpg",
        kept=kept,
        uploaded_by=city.fitter.id,
        at=LATER,
        executor_id=executor.id if executor else None,
        most=most,
    )


async def test_executors_are_kept_with_their_contacts(city: City) -> None:
    executors = city.storage.executors
    assert [one.name for one in city.heat.contacts] == [one.name for one in CONTACTS]
    assert await executors.get(city.heat.id) == city.heat
    assert await executors.all() == [city.water, city.heat]
    night = Contact(
        name="Нічний",
        number="+380457900033",
        channels=(Channel.CALL, Channel.SMS),
        hours=ContactHours(since=time(22), until=time(6, 30), days=frozenset({5, 6})),
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
