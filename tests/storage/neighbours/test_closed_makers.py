"""A database that has agreements already: no key of somebody dismissed comes alive by an upgrade."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from hotline.access.permissions import Role
from hotline.neighbours.agreement import Agreement
from storage.core.database import open_database
from storage.migrations import migrate
from storage.store import Storage, open_storage
from storage.tables import acting_heads, api_tokens, audit, neighbour_agreements, users
from tests.storage.conftest import FixedClock

BEFORE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""Before there was a migration that gave keys to their agreements."""
MEANWHILE = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
"""That migration gave keys of dismissed people to their agreements, too."""
AFTER = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
LONG_AFTER = datetime(2036, 1, 1, tzinfo=UTC)
MAKERS = {
    "head": {"role": Role.HEAD},
    "dismissed": {"role": Role.HEAD, "active": False},
    "moved": {"role": Role.DISPATCHER},
    "acting": {"role": Role.DISPATCHER},
    "was-acting": {"role": Role.DISPATCHER},
    "closed-by-command": {"role": Role.HEAD, "active": False},
}
USER = {"name": "Хтось", "password_hash": "x", "active": True, "demo": False}


def token(at: int) -> dict[str, Any]:
    return {
        "id": at,
        "secret_hash": f"hash-{at}",
        "name": "Чернігів",
        "role": Role.DISPATCHER,
        "personal": False,
        "user_id": at,
        "made_at": BEFORE,
        "expires_at": LONG_AFTER,
        "scopes": ["neighbour"],
    }


def agreement(at: int) -> dict[str, Any]:
    return {
        "id": at,
        "part": "answered",
        "name": "Чернігів",
        "document": "№ 6",
        "since": BEFORE,
        "until": LONG_AFTER,
        "hours_since": "00:00",
        "hours_until": "00:00",
        "shared": [],
        "token_id": at,
        "made_by": at,
        "made_at": BEFORE,
    }


def acting(at: int, ended_at: datetime | None) -> dict[str, Any]:
    given = {"order": "№ 1", "named_by": 1, "named_at": BEFORE, "ended_at": ended_at}
    return {"user_id": at, "since": BEFORE, "until": LONG_AFTER, **given}


async def agree(url: str) -> None:
    """Enter an agreement by each of the makers."""
    async with open_database(url) as database, database.writing() as connection:
        for at, (login, more) in enumerate(MAKERS.items(), 1):
            await connection.execute(insert(users), {**USER, "id": at, "login": login, **more})
            await connection.execute(insert(api_tokens), token(at))
            await connection.execute(insert(neighbour_agreements), agreement(at))
        await connection.execute(insert(acting_heads), [acting(4, None), acting(5, BEFORE)])


async def by_maker(storage: Storage) -> dict[str, Agreement]:
    logins = list(MAKERS)
    return {logins[one.made_by - 1]: one for one in await storage.agreements.all()}


async def test_a_key_that_opened_nothing_any_more_stays_closed_and_its_agreement_ends(bare_url: str) -> None:
    await migrate(bare_url, "0139")
    await agree(bare_url)
    await migrate(bare_url)
    async with open_storage(bare_url, FixedClock()) as storage:
        found = await by_maker(storage)
        assert {login for login, one in found.items() if one.ended_at is None} == {"head", "acting"}
        assert "закрито" in found["dismissed"].ended_why
        assert found["dismissed"].ended_by is None, "the head is told of it as of any that no person ended"
        for login, one in found.items():
            key = await storage.tokens.get(one.token_id or 0)
            assert key.for_agreement
            assert (key.revoked_at is None) == (login in {"head", "acting"})


async def test_one_that_an_earlier_upgrade_brought_back_ends_and_one_given_up_since_goes_on(
    bare_url: str,
) -> None:
    await migrate(bare_url, "0143")
    await agree(bare_url)
    closed = {"user_id": 1, "action": "deactivate", "address": "", "detail": ""}
    async with open_database(bare_url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE api_tokens SET for_agreement = true"))
        await connection.execute(text("UPDATE users SET active = false WHERE login <> 'head'"))
        rows = [
            closed | {"subject": "user:2", "at": BEFORE},
            closed | {"subject": "user:3", "at": AFTER},
            closed | {"subject": "user:4", "at": BEFORE},
            closed | {"subject": "user:4", "at": AFTER},
            closed | {"subject": "user:5", "at": MEANWHILE},
        ]
        await connection.execute(insert(audit), rows)
    await migrate(bare_url)
    async with open_storage(bare_url, FixedClock()) as storage:
        found = await by_maker(storage)
        ended = {login for login, one in found.items() if one.ended_at is not None}
        assert ended == {"dismissed", "was-acting", "closed-by-command"}, "the others had rights still"
        key = await storage.tokens.get(found["dismissed"].token_id or 0)
        assert key.revoked_at is not None
        assert datetime.now(UTC) - key.revoked_at < timedelta(days=1)


async def test_one_that_the_program_of_before_enters_while_this_one_migrates_goes_on(bare_url: str) -> None:
    await migrate(bare_url, "0143")
    await agree(bare_url)  # no key is its agreement's: the program of before knows of none such
    await migrate(bare_url)
    async with open_storage(bare_url, FixedClock()) as storage:
        found = await by_maker(storage)
        assert {login for login, one in found.items() if one.ended_at is None} == {"head", "acting"}
        key = await storage.tokens.get(found["head"].token_id or 0)
        assert key.for_agreement
        assert key.revoked_at is None
