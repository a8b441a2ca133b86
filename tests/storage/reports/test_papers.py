"""Papers on both databases: made once whoever makes them, caught up with, signed once, and sent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from hotline.access.permissions import Role
from hotline.contact.channel import Channel
from hotline.errors import AlreadyTaken, NotFound
from hotline.reports.figures import Asked, Figures, TooMuchAtOnce
from hotline.reports.making import PaperMaker, PaperWriter, Registers
from hotline.reports.measures import Amounts, Key, Measure, Rows
from hotline.reports.papers import PaperKind, PaperPlan, Sends, ShiftCounts
from hotline.reports.schedules import BuiltReports, NewSchedule
from hotline.shifts.roster import Shift, monday_of
from storage.store import Storage
from storage.tables import report_papers
from tests.storage.conftest import NOON
from tests.storage.reports.city import KYIV, keep_city

MAIL = "mayor@example.org"


class SetClock:
    """A clock that a test sets."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def kept(storage: Storage) -> Sequence[dict[str, object]]:
    return await keep_city(storage)


@pytest.fixture
async def head(storage: Storage) -> int:
    return (await storage.users.add(login="head", name="Ганна", role=Role.HEAD, password_hash="x")).id


def maker(storage: Storage, clock: SetClock) -> PaperMaker:
    registers = Registers(
        figures=storage.figures,
        lists=storage.appeal_lists,
        executors=storage.executors,
        outages=storage.outages,
        orders=storage.informing,
        roster=storage.roster,
        presence=storage.presence_log,
        users=storage.users,
    )
    return PaperMaker(storage.papers, PaperWriter(registers, KYIV), clock, KYIV)


async def days_made(storage: Storage) -> Sequence[int]:
    return [one.first.day for one in await storage.papers.list(PaperKind.DAY, limit=99)]


async def test_two_processes_and_a_restart_make_each_paper_once(
    storage: Storage, clock: SetClock, kept: Sequence[dict[str, object]]
) -> None:
    assert kept
    await asyncio.gather(maker(storage, clock).look(), maker(storage, clock).look())
    await maker(storage, clock).look()
    assert await days_made(storage) == [1]
    assert {one.kind for one in await storage.papers.list(None, limit=99)} == {*PaperKind}
    clock.at += timedelta(days=3)
    await maker(storage, clock).look()
    assert await days_made(storage) == [4, 3, 2, 1]


async def test_a_paper_says_what_the_measures_say_and_compares(
    storage: Storage, clock: SetClock, kept: Sequence[dict[str, object]]
) -> None:
    await maker(storage, clock).look()
    latest = await storage.papers.latest(PaperKind.MONTH)
    assert latest
    content = (await storage.papers.get(latest.id)).content
    figures = {one.measure: one for one in content.figures}
    february = [row for row in kept if f"{row['registered_at']:%m}" == "02"]
    assert figures["received"].value == pytest.approx(len(february), abs=1)
    assert figures["received"].before is not None
    assert figures["received"].year_before is None, "nothing is known of last year"
    by_channel = next(one for one in content.tables if one.by == "channel")
    assert sum(line.values[0] or 0 for line in by_channel.lines) == figures["received"].value
    assert content.overdue_in_all == figures["overdue"].value == len(content.overdue)
    assert [one.days for one in content.overdue] == sorted(
        (one.days for one in content.overdue), reverse=True
    )
    yesterday = await storage.papers.latest(PaperKind.DAY)
    assert yesterday
    outages = (await storage.papers.get(yesterday.id)).content.outages
    assert [one.until is not None for one in outages] == [True], "neither the cancelled one nor a later one"
    assert {one.executor_id for one in content.rating} == {1, 2}


async def test_the_days_paper_counts_the_shifts_and_names_nobody(storage: Storage, clock: SetClock) -> None:
    await maker(storage, clock).look()
    before = await storage.papers.latest(PaperKind.DAY)
    assert before
    assert (await storage.papers.get(before.id)).content.shifts is None, "no roster is published"
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="x")
    await storage.users.update(replace(user, dispatcher_id=desk.id))
    day = clock.at.astimezone(KYIV).date()
    monday = monday_of(day)
    shifts = [Shift(user_id=user.id, day=day, since=time(8), until=time(20))]
    await storage.roster.save(monday, shifts, instead_of=0, by=user.id, at=clock.at)
    await storage.roster.publish(monday, edition=1, by=user.id, at=clock.at)
    clock.at += timedelta(days=1)
    await maker(storage, clock).look()
    paper = await storage.papers.latest(PaperKind.DAY)
    assert paper
    kept = await storage.papers.get(paper.id)
    assert kept.content.shifts == ShiftCounts(planned=1, on_time=0, late=0, absent=1, left_early=0)
    assert "Олена" not in kept.content.text()


async def test_a_signature_is_put_once_and_a_replaced_paper_is_not_signed(
    storage: Storage, clock: SetClock, head: int
) -> None:
    await maker(storage, clock).look()
    paper = await storage.papers.latest(PaperKind.DAY)
    assert paper
    plan = PaperPlan(kind=PaperKind.DAY, addresses=(MAIL,))
    await storage.papers.sign(paper.id, head, NOON, plan, KYIV)
    with pytest.raises(AlreadyTaken):
        await storage.papers.sign(paper.id, head, NOON, plan, KYIV)
    (notice,) = await storage.outbox.claim([Channel.EMAIL], NOON)
    assert notice.matter == f"paper-{paper.id}"
    span = (await storage.papers.get(paper.id)).content.span
    again = {"version": 2, "by": head, "reason": "Запізнілий дзвінок"}
    second = await maker(storage, clock).make(plan, span, **again)  # type: ignore[arg-type]
    assert second is not None
    assert await maker(storage, clock).make(plan, span, **again) is None  # type: ignore[arg-type]
    third = await maker(storage, clock).make(plan, span, **again | {"version": 3})  # type: ignore[arg-type]
    assert third is not None
    with pytest.raises(AlreadyTaken):
        await storage.papers.sign(second, head, NOON, plan, KYIV)
    with pytest.raises(NotFound):
        await storage.papers.sign(999, head, NOON, plan, KYIV)
    assert [one.signer for one in await storage.papers.versions(PaperKind.DAY, span.first)] == [
        "",
        "",
        "Ганна",
    ]


async def test_a_paper_that_is_sent_when_it_is_made_owes_its_letters_then(
    storage: Storage, clock: SetClock, head: int
) -> None:
    plan = PaperPlan(kind=PaperKind.DAY, sends=Sends.MADE, addresses=(MAIL, "b@example.org"))
    await storage.papers.plan(plan, head, NOON)
    for kind in set(PaperKind) - {PaperKind.DAY}:
        await storage.papers.plan(PaperPlan(kind=kind, made=False), head, NOON)
    await maker(storage, clock).look()
    assert [one.kind for one in await storage.papers.list(None, limit=9)] == [PaperKind.DAY]
    assert {one.address for one in await storage.outbox.claim([Channel.EMAIL], NOON)} == {*plan.addresses}
    assert (await storage.papers.plans())[PaperKind.DAY] == plan


async def test_what_was_changed_behind_our_back_is_seen(storage: Storage, clock: SetClock) -> None:
    await maker(storage, clock).look()
    paper = await storage.papers.latest(PaperKind.DAY)
    assert paper
    assert (await storage.papers.get(paper.id)).whole
    kept = await storage.papers.get(paper.id)
    forged = replace(kept.content, overdue_in_all=kept.content.overdue_in_all + 1).text()
    async with storage.database.writing() as connection:
        await connection.execute(
            update(report_papers).where(report_papers.c.id == paper.id).values(content=forged)
        )
    assert not (await storage.papers.get(paper.id)).whole


class FullOfCalls:
    """Figures of which those of calls take too long."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self.rows = figures.rows

    async def count(self, measures: Sequence[Measure], asked: Asked) -> Mapping[Key, Amounts]:
        if measures[0].rows is Rows.CALLS:
            raise TooMuchAtOnce("Counting took more than 10 s.")
        return await self._figures.count(measures, asked)


async def test_a_kept_report_that_takes_too_long_holds_up_no_other(
    storage: Storage, clock: SetClock, head: int
) -> None:
    for name, measure in (("А", "calls"), ("Б", "received")):
        view = await storage.views.save(
            user_id=head, of_list="reports", name=name, query=f"measure={measure}", shared=False, at=NOON
        )
        new = NewSchedule(view_id=view.id, kind=PaperKind.DAY, hour=7, addresses=(MAIL,), user_id=head)
        await storage.schedules.add(new, NOON)
    clock.at += timedelta(days=2)
    figures = FullOfCalls(storage.figures)
    await BuiltReports(storage.schedules, figures, storage.executors, clock, KYIV).look()
    assert {one.name: one.sent_first is not None for one in await storage.schedules.all()} == {
        "А": False,
        "Б": True,
    }
    await BuiltReports(storage.schedules, storage.figures, storage.executors, clock, KYIV).look()
    assert all(one.sent_first for one in await storage.schedules.all())


async def test_a_kept_report_is_sent_once_for_each_span_that_is_over(
    storage: Storage, clock: SetClock, head: int, kept: Sequence[dict[str, object]]
) -> None:
    assert kept
    query = "measure=received&by=enterprise&period=today"
    view = await storage.views.save(
        user_id=head, of_list="reports", name="Звернення", query=query, shared=False, at=NOON
    )
    new = NewSchedule(view_id=view.id, kind=PaperKind.DAY, hour=7, addresses=(MAIL,), user_id=head)
    await storage.schedules.add(new, NOON)
    sender = BuiltReports(storage.schedules, storage.figures, storage.executors, clock, KYIV)
    await sender.look()
    assert await storage.outbox.claim([Channel.EMAIL], clock.at) == [], (
        "yesterday was before it was asked for"
    )
    clock.at += timedelta(days=2)
    await asyncio.gather(sender.look(), sender.look())
    notices = await storage.outbox.claim([Channel.EMAIL], clock.at)
    assert [one.facts["built"]["days"] for one in notices] == ["03.03.2026"]
    await storage.views.drop(view.id, head, "reports")
    assert await storage.schedules.all() == []
    with pytest.raises(NotFound):
        await storage.schedules.add(new, NOON)
