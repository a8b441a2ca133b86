"""Meetings: called, answered, moved, called off; minutes written by two at once, and signed by two people."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.search_terms import asked_terms
from hotline.contact.channel import Channel
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.meetings.decisions import tasks_of
from hotline.meetings.meeting_states import AnswerEvent, AnswerState, MeetingState, MinutesState
from hotline.meetings.meetings import AgendaPoint, Meeting, MovedMeanwhile, NewInvitee, NewMeeting
from hotline.meetings.minutes import Decision, Minutes, MinutesContent, begun
from hotline.tasks.task import TaskFilter
from storage.store import Storage
from tests.storage.conftest import NOON

MORNING = NOON + timedelta(days=1)
LATER = NOON + timedelta(minutes=5)
PETRENKO = NewInvitee(name="Петренко", email="petrenko@vodokanal.example")
BONDAR = NewInvitee(name="Бондар", number="+380670000001")


async def user(storage: Storage, login: str, role: Role = Role.DISPATCHER) -> User:
    return await storage.users.add(
        login=login, name=login, role=role, password_hash="h", email=f"{login}@city.example"
    )


@pytest.fixture
async def head(storage: Storage) -> User:
    return await user(storage, "head", Role.HEAD)


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await user(storage, "olena")


@pytest.fixture
def new(head: User, olena: User) -> NewMeeting:
    return NewMeeting(
        topic="Підготовка до зими",
        begins_at=MORNING,
        minutes_long=60,
        place="каб. 12",
        agenda=(AgendaPoint(text="Тепло", speaker="Петренко"), AgendaPoint(text="Дороги")),
        secretary=olena.id,
        invitees=(NewInvitee(name="olena", user_id=olena.id), PETRENKO, BONDAR),
    )


@pytest.fixture
async def called(storage: Storage, new: NewMeeting, head: User) -> Meeting:
    draft = await storage.meetings.draft(new, head.id, NOON)
    return await storage.meetings.call(draft.id, NOON)


async def told(storage: Storage) -> list[tuple[str, str]]:
    """Claim what is owed: whom it is to, and what about."""
    owed = await storage.outbox.claim([Channel.EMAIL, Channel.SMS], LATER)
    for one in owed:
        await storage.outbox.sent(one.id, LATER)
    return sorted((one.address, one.about) for one in owed)


async def test_all_are_invited_once_by_the_address_that_they_have(storage: Storage, called: Meeting) -> None:
    assert await told(storage) == [
        ("+380670000001", "meeting-invited"),
        ("olena@city.example", "meeting-invited"),
        ("petrenko@vodokanal.example", "meeting-invited"),
    ]
    with pytest.raises(ForbiddenTransition):
        await storage.meetings.call(called.id, NOON)
    assert await told(storage) == []


async def test_it_is_found_by_words_in_any_form_by_whom_it_concerns(
    storage: Storage, called: Meeting, olena: User
) -> None:
    stranger = await user(storage, "stranger")
    for words, whose, found in (
        ("зимі", None, [called.id]),
        ("дорога", olena.id, [called.id]),
        ("зима", stranger.id, []),
        ("літо", None, []),
        ("", None, []),
    ):
        terms = await asked_terms(words, storage.lemmas)
        met = await storage.meetings.find(whose, terms, 9)
        assert [one.id for one in met] == found, words


async def test_a_draft_is_told_to_nobody_and_concerns_nobody_invited(
    storage: Storage, new: NewMeeting, head: User, olena: User
) -> None:
    draft = await storage.meetings.draft(replace(new, secretary=head.id), head.id, NOON)
    assert await storage.meetings.list(olena.id, limit=9) == []
    assert [one.id for one in await storage.meetings.list(head.id, limit=9)] == [draft.id]
    await storage.meetings.change(draft.id, replace(new, invitees=(PETRENKO,)), 1, NOON)
    assert await told(storage) == []


async def test_the_last_answer_counts_until_it_begins(storage: Storage, called: Meeting) -> None:
    petrenko = called.invitees[1]
    for event, said in ((AnswerEvent.COME, ""), (AnswerEvent.COME, ""), (AnswerEvent.SEND, "Іваненко")):
        await storage.meetings.answer(petrenko.id, event, LATER, round_seen=1, said=said)
    one = (await storage.meetings.of_invitee(petrenko.id)).invitees[1]
    assert (one.answer, one.said, one.answered_at) == (AnswerState.SENDS, "Іваненко", LATER)
    with pytest.raises(ForbiddenTransition):
        await storage.meetings.answer(petrenko.id, AnswerEvent.COME, MORNING, round_seen=1)
    with pytest.raises(NotFound):
        await storage.meetings.answer(99, AnswerEvent.COME, LATER, round_seen=1)


async def test_moved_after_answers_it_asks_all_of_them_anew(
    storage: Storage, called: Meeting, new: NewMeeting
) -> None:
    await told(storage)
    petrenko = called.invitees[1]
    await storage.meetings.answer(petrenko.id, AnswerEvent.COME, LATER, round_seen=1)
    moved = await storage.meetings.change(
        called.id, replace(new, begins_at=MORNING + timedelta(hours=2)), called.edition, LATER
    )
    assert {one.answer for one in moved.invitees} == {AnswerState.ASKED}
    assert {about for _to, about in await told(storage)} == {"meeting-moved"}
    with pytest.raises(MovedMeanwhile):
        await storage.meetings.answer(petrenko.id, AnswerEvent.COME, LATER, round_seen=1)
    await storage.meetings.answer(petrenko.id, AnswerEvent.DECLINE, LATER, round_seen=2, said="Відпустка")


async def test_another_agenda_asks_nobody_and_another_list_tells_those_concerned(
    storage: Storage, called: Meeting, new: NewMeeting
) -> None:
    await told(storage)
    answered = await storage.meetings.answer(called.invitees[1].id, AnswerEvent.COME, LATER, round_seen=1)
    new = replace(new, agenda=(AgendaPoint(text="Лише тепло"),))
    changed = await storage.meetings.change(called.id, new, answered.edition, LATER)
    assert changed.invitees[1].answer is AnswerState.COMES
    assert await told(storage) == []
    without = await storage.meetings.change(
        called.id, replace(new, invitees=new.invitees[:2]), changed.edition, LATER
    )
    assert await told(storage) == [("+380670000001", "meeting-struck")]
    with pytest.raises(ForbiddenTransition):
        await storage.meetings.answer(called.invitees[2].id, AnswerEvent.COME, LATER, round_seen=1)
    again = await storage.meetings.change(called.id, new, without.edition, LATER)
    assert await told(storage) == [("+380670000001", "meeting-invited")]
    assert [one.id for one in again.invitees] == [one.id for one in called.invitees]


async def test_of_two_who_change_it_one_is_told(storage: Storage, called: Meeting, new: NewMeeting) -> None:
    async def change(topic: str) -> object:
        return await storage.meetings.change(called.id, replace(new, topic=topic), called.edition, LATER)

    done = await asyncio.gather(*(change(f"Тема {one}") for one in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Meeting", "Outdated", "Outdated"]


async def test_called_off_it_takes_no_answers_and_the_dismissed_are_told_nothing(
    storage: Storage, called: Meeting, olena: User
) -> None:
    await told(storage)
    await storage.users.update(replace(olena, active=False))
    off = await storage.meetings.call_off(called.id, LATER, "Хвороба")
    assert [one.gone for one in off.invitees] == [True, False, False]
    assert await told(storage) == [
        ("+380670000001", "meeting-called-off"),
        ("petrenko@vodokanal.example", "meeting-called-off"),
    ]
    for act in (
        storage.meetings.call(off.id, LATER),
        storage.meetings.call_off(off.id, LATER, "Ще раз"),
        storage.meetings.answer(off.invitees[1].id, AnswerEvent.COME, LATER, round_seen=1),
        storage.minutes.save(off.id, MinutesContent(), seen=0, by=olena.id, at=LATER),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    assert await storage.meetings.unfinished() == []


def content(called: Meeting) -> MinutesContent:
    party = f"user:{called.secretary}"
    decision = Decision(key=1, text="Перевірити", party=party, who="olena", due_on=date(2026, 3, 9))
    first, *others = begun(called).points
    return MinutesContent(points=(replace(first, said="Говорили", decisions=(decision,)), *others))


async def presented(storage: Storage, called: Meeting, olena: User) -> Minutes:
    draft = await storage.minutes.save(called.id, content(called), seen=0, by=olena.id, at=LATER)
    return await storage.minutes.present(draft.id, draft.edition, olena.id, LATER)


async def test_of_two_who_write_the_minutes_nothing_is_overwritten(
    storage: Storage, called: Meeting, olena: User, head: User
) -> None:
    async def save(by: User, seen: int) -> object:
        return await storage.minutes.save(called.id, content(called), seen=seen, by=by.id, at=LATER)

    for seen in (0, 1, 2):
        done = await asyncio.gather(save(olena, seen), save(head, seen), return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["Minutes", "Outdated"]


async def test_signed_by_both_they_change_no_more_and_a_correction_is_another_version(
    storage: Storage, called: Meeting, olena: User, head: User
) -> None:
    minutes = storage.minutes
    one = await presented(storage, called, olena)
    born = tasks_of(called, one.content, head.id, ZoneInfo("Europe/Kyiv"))
    with pytest.raises(ForbiddenTransition):
        await minutes.save(called.id, MinutesContent(), seen=one.edition, by=olena.id, at=LATER)
    with pytest.raises(ForbiddenTransition):
        await minutes.sign(one.id, one.edition, olena.id, LATER)
    back = await minutes.give_back(one.id, "Хто присутній?")
    assert (back.state, back.returned, back.presented_by) == (MinutesState.DRAFT, "Хто присутній?", None)
    with pytest.raises(ForbiddenTransition):
        await minutes.sign(one.id, one.edition, head.id, LATER, born)
    with pytest.raises(Outdated):
        await minutes.present(one.id, back.edition - 1, olena.id, LATER)
    await minutes.present(one.id, back.edition, olena.id, LATER)
    signed = await minutes.sign(one.id, one.edition, head.id, LATER, born)
    assert signed.whole
    assert signed.digest == content(called).digest
    assert (await storage.meetings.get(called.id)).state is MeetingState.HELD
    for act in (
        minutes.sign(one.id, one.edition, head.id, LATER, born),
        minutes.give_back(one.id, "Ні"),
        minutes.save(called.id, MinutesContent(), seen=signed.edition, by=olena.id, at=LATER),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    second = await minutes.correct(called.id, "Описка", olena.id, LATER)
    assert (second.version, second.content, second.reason) == (2, signed.content, "Описка")
    with pytest.raises(ForbiddenTransition):
        await minutes.correct(called.id, "Ще", olena.id, LATER)
    await minutes.present(second.id, 1, olena.id, LATER)
    await minutes.sign(second.id, 1, head.id, LATER, born)
    assert [one.version for one in await minutes.versions(called.id)] == [2, 1]
    assert await minutes.open() == []
    (task,) = await storage.tasks.find(TaskFilter(record="meeting:1"), limit=9)
    assert (task.text, task.responsible, task.controller) == ("Перевірити", f"user:{olena.id}", head.id)
    assert task.source.title == "Протокол наради № 1 від 03.03.2026, питання 1"
    assert task.due_at == datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
