from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditEntry, AuditFilter, AuditPosition
from storage.access import audit
from storage.store import Storage
from tests.storage.conftest import NOON

MINUTE = timedelta(minutes=1)


async def filled(storage: Storage) -> tuple[AuditEntry, ...]:
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="#")

    def entry(minute: int, action: str, subject: str, user_id: int | None = None) -> AuditEntry:
        return AuditEntry(
            at=NOON + minute * MINUTE, user_id=user_id, action=action, subject=subject, address="192.0.2.1"
        )

    entries = (
        entry(0, "sign-in-refused", "user:olena"),
        entry(1, "view", "call:1.10", user.id),
        entry(2, "play", "call:1.1", user.id),
        entry(2, "view", "call:100%", user.id),
    )
    for one in entries:
        await storage.audit.append(one)
    return entries


async def test_the_newest_entries_come_first_and_page_by_page(storage: Storage) -> None:
    first, second, third, fourth = await filled(storage)
    assert await storage.audit.latest() == [fourth, third, second, first]
    (newest,) = await storage.audit.find(AuditFilter(), limit=1)
    behind = AuditPosition(at=newest.at, id=newest.id)
    page = await storage.audit.find(AuditFilter(), limit=2, behind=behind)
    assert page == [third, second]
    behind = AuditPosition(at=page[-1].at, id=page[-1].id)
    assert await storage.audit.find(AuditFilter(), limit=2, behind=behind) == [first]
    assert await storage.audit.latest(1, user_id=second.user_id) == [fourth]


async def test_entries_are_found_by_who_what_whom_and_when(storage: Storage) -> None:
    first, second, third, fourth = await filled(storage)

    async def found(**wanted: object) -> list[AuditEntry]:
        return list(await storage.audit.find(AuditFilter(**wanted), limit=9))  # type: ignore[arg-type]

    assert await found(user_id=second.user_id) == [fourth, third, second]
    assert await found(action="view") == [fourth, second]
    assert await found(subject="call:1.1") == [third, second]
    assert await found(subject="call:%") == []
    assert await found(since=NOON + MINUTE, until=NOON + 2 * MINUTE) == [second]
    assert await found(subject="user:") == [first]


@pytest.mark.parametrize("few", [0, 1000])
async def test_few_of_a_subject_are_found_as_many_are(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    _, second, third, fourth = await filled(storage)
    monkeypatch.setattr(audit, "FEW", few)
    assert await storage.audit.find(AuditFilter(subject="call:1"), limit=9) == [fourth, third, second]
    assert await storage.audit.find(AuditFilter(subject="call:1"), limit=1) == [fourth]
    assert await storage.audit.find(AuditFilter(subject="call:1.1", action="view"), limit=9) == [second]
    assert await storage.audit.find(AuditFilter(subject="call:2"), limit=9) == []
