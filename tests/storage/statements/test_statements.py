"""Statements on both databases: two who act at once, versions that stay, moments that are over."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.access.permissions import Role
from hotline.errors import ForbiddenTransition, Outdated
from hotline.statements.statement_states import StatementAct, StatementState
from hotline.statements.statements import Statement, StatementContent, StatementText
from storage.store import Storage
from tests.storage.conftest import NOON

CONTENT = StatementContent(
    instructed_by="Міський голова",
    number="12-р",
    dated=date(2026, 11, 26),
    uk=StatementText(title="Гаряча вода", text="Подача відновлена."),
)


@pytest.fixture
async def staff(storage: Storage) -> tuple[int, int]:
    """A dispatcher who writes, and a head."""
    made = [
        await storage.users.add(login=login, name=login, role=role, password_hash="x")
        for login, role in (("olena", Role.DISPATCHER), ("head", Role.HEAD))
    ]
    return made[0].id, made[1].id


async def submitted(storage: Storage, olena: int, **changed: object) -> Statement:
    content = replace(CONTENT, **changed)  # type: ignore[arg-type]  # fields of a content
    made = await storage.statements.add(content, olena, NOON)
    return await storage.statements.move(made, StatementAct.SUBMIT, NOON, user_id=olena)


async def test_of_two_who_approve_at_once_one_does_and_there_is_one_version(
    storage: Storage, staff: tuple[int, int]
) -> None:
    olena, head = staff
    second = await storage.users.add(login="acting", name="acting", role=Role.HEAD, password_hash="x")
    one = await submitted(storage, olena)
    done = await asyncio.gather(
        *[storage.statements.move(one, StatementAct.APPROVE, NOON, user_id=who) for who in (head, second.id)],
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Outdated", "Statement"]
    (version,) = await storage.statements.versions(one.id)
    assert version.published_at == NOON


async def test_its_author_does_not_approve_it(storage: Storage, staff: tuple[int, int]) -> None:
    one = await submitted(storage, staff[0])
    with pytest.raises(ForbiddenTransition):
        await storage.statements.move(one, StatementAct.APPROVE, NOON, user_id=staff[0])


async def test_approved_after_its_moment_it_is_public_from_the_approval_on(
    storage: Storage, staff: tuple[int, int]
) -> None:
    olena, head = staff
    one = await submitted(storage, olena, publish_at=NOON + timedelta(hours=1))
    late = NOON + timedelta(hours=3)
    await storage.statements.move(one, StatementAct.APPROVE, late, user_id=head)
    assert [each.published_at for each in await storage.statements.versions(one.id)] == [late]


async def test_a_correction_is_a_version_of_its_own_and_a_dropped_one_leaves_the_text_before(
    storage: Storage, staff: tuple[int, int]
) -> None:
    olena, head = staff
    statements = storage.statements
    one = await statements.move(await submitted(storage, olena), StatementAct.APPROVE, NOON, user_id=head)
    one = await statements.move(one, StatementAct.CORRECT, NOON, user_id=head)
    assert one.author_id == head
    mended = replace(CONTENT, uk=StatementText(title="Гаряча вода", text="Буде о 18:00."), correction="час")
    one = await statements.change(one, mended, NOON, user_id=head)
    dropped = await statements.move(one, StatementAct.DROP, NOON, user_id=head)
    assert (dropped.uk, dropped.correction) == (CONTENT.uk, "")
    one = await statements.move(dropped, StatementAct.CORRECT, NOON, user_id=head)
    one = await statements.change(one, mended, NOON, user_id=head)
    one = await statements.move(one, StatementAct.SUBMIT, NOON, user_id=head)
    with pytest.raises(ForbiddenTransition):
        await statements.move(one, StatementAct.APPROVE, NOON, user_id=head)
    assert await statements.unfinished() == [one]
    later = NOON + timedelta(hours=1)
    await statements.move(one, StatementAct.APPROVE, later, user_id=olena)
    assert await statements.unfinished() == []
    (approved,) = await statements.approved()
    assert [(each.correction, each.published_at) for each in approved.versions] == [
        ("", NOON),
        ("час", later),
    ]


async def test_who_has_not_seen_the_latest_text_changes_nothing(
    storage: Storage, staff: tuple[int, int]
) -> None:
    made = await storage.statements.add(CONTENT, staff[0], NOON)
    await storage.statements.change(made, replace(CONTENT, number="13-р"), NOON, user_id=staff[0])
    with pytest.raises(Outdated):
        await storage.statements.change(made, CONTENT, NOON, user_id=staff[0])
    assert await storage.statements.by_state() == {StatementState.DRAFT: 1}
    assert [one.number for one in await storage.statements.latest(9)] == ["13-р"]
    assert [one.number for one in await storage.statements.unfinished()] == ["13-р"]
