"""The office on both databases: a plan's year, two at once, journals on paper, acts, holds."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord
from hotline.errors import AlreadyTaken, ForbiddenTransition, Outdated
from hotline.office.acts import ActKind, Member
from hotline.office.file_states import ActState, FileState, PlanState
from hotline.office.files import FileContent, Keeping, OfficeFile, PaperEntry
from hotline.office.journals import Journal
from hotline.retention.holds import HeldThing
from storage.store import Storage
from storage.tables import deletions
from tests.storage.conftest import NOON

LETTERS = FileContent(index="05-12", title="Листування", keeping=Keeping.YEARS, years=5, article="ст. 22")
ORDERS = FileContent(index="05-01", title="Накази", keeping=Keeping.PERMANENT)
LATER = date(2032, 2, 1)
THREE = tuple(Member(name=name, post="член") for name in ("Бойко", "Коваль", "Мельник"))


@pytest.fixture
async def head(storage: Storage) -> int:
    made = await storage.users.add(login="head", name="Голова", role=Role.HEAD, password_hash="x")
    return made.id


async def year_closed(storage: Storage, head: int, *contents: FileContent) -> Sequence[OfficeFile]:
    """Have a plan of 2026 approved and its year closed."""
    plans = storage.file_plans
    await plans.begin(2026, head, NOON)
    for one in contents:
        await plans.add(2026, one, head, NOON)
    plan = await plans.plan(2026)
    await plans.approve(
        2026, plan.version, approver="Міський голова", number="1-р", dated=NOON.date(), user_id=head, at=NOON
    )
    assert await plans.close_year(2026, date(2026, 12, 31)) == len(contents)
    return (await plans.plan(2026)).files


async def test_an_approved_plan_is_frozen_and_the_next_year_begins_as_its_copy(
    storage: Storage, head: int
) -> None:
    plans = storage.file_plans
    orders, letters = await year_closed(storage, head, LETTERS, ORDERS)
    for act in (
        plans.add(2026, replace(LETTERS, index="05-99"), head, NOON),
        plans.change(letters.id, letters.version, LETTERS, head, NOON),
        plans.remove(letters.id, letters.version, head, NOON),
    ):
        with pytest.raises(ForbiddenTransition):
            await act
    counted = await plans.count(letters.id, letters.version, volumes=3, held="", notes="т. 2 у шафі")
    assert (counted.volumes, counted.state) == (3, FileState.CLOSED)
    following = await plans.begin(2027, head, NOON)
    assert following.state is PlanState.DRAFT
    assert [(one.index, one.years, one.volumes, one.state) for one in following.files] == [
        ("05-01", None, 0, FileState.OPEN),
        ("05-12", 5, 0, FileState.OPEN),
    ]
    with pytest.raises(AlreadyTaken):
        await plans.begin(2027, head, NOON)
    with pytest.raises(ForbiddenTransition):
        await plans.close_year(2027, NOON.date())
    assert orders.kept_through is None


async def test_of_two_who_change_a_plan_at_once_the_second_is_told(storage: Storage, head: int) -> None:
    plans = storage.file_plans
    await plans.begin(2026, head, NOON)
    one = await plans.add(2026, LETTERS, head, NOON)
    changes = [
        plans.change(one.id, one.version, replace(LETTERS, title=title), head, NOON) for title in ("А", "Б")
    ]
    done = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["OfficeFile", "Outdated"]
    with pytest.raises(AlreadyTaken):
        await plans.add(2026, LETTERS, head, NOON)
    with pytest.raises(Outdated):
        await plans.approve(2026, 1, approver="Голова", number="1", dated=NOON.date(), user_id=head, at=NOON)


async def test_entries_of_a_journal_on_paper_have_numbers_without_gaps_and_are_struck_not_deleted(
    storage: Storage, head: int
) -> None:
    plans = storage.file_plans
    await plans.begin(2026, head, NOON)
    file = await plans.add(2026, LETTERS, head, NOON)
    entry = PaperEntry(
        file_id=file.id,
        dated=NOON.date(),
        correspondent="Управління",
        about="Про графік",
        user_id=head,
        at=NOON,
    )
    entered = await asyncio.gather(*[plans.enter(entry) for _ in range(3)])
    assert sorted(one.number for one in entered) == [1, 2, 3]
    struck = await plans.strike(file.id, entered[1].id, "двічі")
    assert struck.struck == "двічі"
    with pytest.raises(ForbiddenTransition):
        await plans.strike(file.id, entered[1].id, "ще раз")
    assert len(await plans.entries(file.id)) == 3


async def test_an_act_goes_its_road_and_its_files_with_their_entries(storage: Storage, head: int) -> None:
    _, letters = await year_closed(storage, head, LETTERS, ORDERS)
    acts = storage.office_acts
    assert (await acts.proposal(ActKind.DESTROY, date(2031, 12, 31))).files == []
    (proposed,) = (await acts.proposal(ActKind.DESTROY, LATER)).files
    assert proposed.id == letters.id
    act = await acts.compose(ActKind.DESTROY, [letters.id], "1", LATER, user_id=head, at=NOON)
    with pytest.raises(ForbiddenTransition):
        await acts.compose(ActKind.DESTROY, [letters.id], "2", LATER, user_id=head, at=NOON)
    with pytest.raises(ForbiddenTransition):
        await acts.sign(act.id, act.version, "Голова", LATER)
    approved = await acts.approve(act.id, act.version, THREE, LATER)
    with pytest.raises(Outdated):
        await acts.sign(act.id, act.version, "Голова", LATER)
    signed = await acts.sign(act.id, approved.version, "Голова", LATER)
    done = await acts.carry_out(act.id, signed.version, LATER, NOON)
    assert (done.state, done.commission, done.digest) == (ActState.DONE, THREE, act.digest)
    assert (await storage.file_plans.file(letters.id)).state is FileState.DESTROYED
    (kept,) = (await acts.proposal(ActKind.ARCHIVE, LATER)).files
    assert kept.index == ORDERS.index


async def test_an_act_that_is_given_up_lets_its_files_be_named_again(storage: Storage, head: int) -> None:
    (letters,) = await year_closed(storage, head, LETTERS)
    act = await storage.office_acts.compose(ActKind.DESTROY, [letters.id], "1", LATER, user_id=head, at=NOON)
    await storage.office_acts.give_up(act.id, act.version)
    again = await storage.office_acts.compose(
        ActKind.DESTROY, [letters.id], "2", LATER, user_id=head, at=NOON
    )
    assert again.files == act.files


async def test_what_is_held_is_left_out_and_a_hold_that_comes_later_stops_the_act(
    storage: Storage, head: int
) -> None:
    recorded = replace(LETTERS, index="05-20", title="Звернення", journal=Journal.APPEALS)
    letters, register = await year_closed(storage, head, LETTERS, recorded)
    acts, plans = storage.office_acts, storage.file_plans
    await plans.count(letters.id, letters.version, volumes=1, held="Суд", notes="")
    found = await acts.proposal(ActKind.DESTROY, LATER)
    assert [one.id for one in found.files] == [register.id]
    assert [(one.file.id, one.why) for one in found.left_out] == [(letters.id, "Суд")]
    act = await acts.compose(ActKind.DESTROY, [register.id], "1", LATER, user_id=head, at=NOON)
    act = await acts.approve(act.id, act.version, THREE, LATER)
    act = await acts.sign(act.id, act.version, "Голова", LATER)
    await storage.calls.open(CallRecord(id="c1", number=None, shown="", arrived_at=NOON))
    await storage.calls.flush()
    hold = await storage.holds.place(HeldThing.CALL, "c1", reason="Скарга", by=head, at=NOON)
    with pytest.raises(ForbiddenTransition, match="05-20"):
        await acts.carry_out(act.id, act.version, LATER, NOON)
    assert (await acts.get(act.id)).state is ActState.SIGNED
    await storage.holds.lift(hold.id, by=head, at=NOON)
    assert (await acts.carry_out(act.id, act.version, LATER, NOON)).state is ActState.DONE


async def test_what_retention_erased_is_named_once_with_counts(storage: Storage, head: int) -> None:
    first, second = await year_closed(storage, head, LETTERS, replace(LETTERS, index="05-13"))
    log = {"kind": "calls", "cause": "term", "until": NOON, "days": 1095, "files": 0}
    async with storage.database.writing() as connection:
        await connection.execute(deletions.insert(), [log | {"began_at": NOON, "rows": 7}])
        await connection.execute(
            deletions.insert(), [log | {"began_at": NOON - timedelta(days=1), "rows": 5, "files": 2}]
        )
    acts = storage.office_acts
    act = await acts.compose(ActKind.DESTROY, [first.id], "1", LATER, user_id=head, at=NOON)
    assert [(one.kind, one.rows, one.files) for one in act.erased] == [("calls", 12, 2)]
    assert (await acts.compose(ActKind.DESTROY, [second.id], "2", LATER, user_id=head, at=NOON)).erased == ()


async def test_each_journal_is_read_by_days(storage: Storage, head: int) -> None:
    handed = await storage.handovers.open(head, NOON)
    await storage.handovers.hand_over(handed.id, head, NOON, remarks="Усе спокійно", items=[])
    for journal in set(Journal) - {Journal.APPEALS}:
        rows = await storage.journals.rows(journal, NOON, NOON + timedelta(days=1))
        there = [(NOON, "Голова")] if journal is Journal.HANDOVERS else []
        assert [tuple(row[:2]) for row in rows] == there
        assert await storage.journals.rows(journal, NOON - timedelta(days=2), NOON) == []
