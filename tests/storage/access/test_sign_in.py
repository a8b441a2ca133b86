import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.access.sign_in import Session
from storage.store import Storage
from storage.tables import sign_in_attempts
from tests.storage.conftest import NOON

HOUR = timedelta(hours=1)


async def session(storage: Storage, token_hash: str, login: str = "olena", hours: int = 1) -> Session:
    user = await storage.users.by_login(login) or await storage.users.add(
        login=login, name=login, role=Role.DISPATCHER, password_hash="#"
    )
    made = Session(
        token_hash=token_hash,
        user_id=user.id,
        csrf="c",
        created_at=NOON,
        seen_at=NOON,
        expires_at=NOON + hours * HOUR,
    )
    await storage.sessions.open(made)
    return made


async def test_a_session_is_found_until_it_is_over_and_lives_longer_when_it_is_seen(storage: Storage) -> None:
    one = await session(storage, "a")
    find = storage.sessions.find
    assert await find("a", NOON) == one
    assert await find("b", NOON) is None
    assert await find("a", NOON + HOUR) is None
    await storage.sessions.seen("a", NOON + HOUR / 2, NOON + 2 * HOUR)
    found = await find("a", NOON + HOUR)
    assert found
    assert (found.seen_at, found.expires_at) == (NOON + HOUR / 2, NOON + 2 * HOUR)


async def test_a_user_is_signed_out_of_one_browser_or_of_all_others(storage: Storage) -> None:
    for token in ("a", "b", "c"):
        one = await session(storage, token)
    await session(storage, "other", login="taras")
    await storage.sessions.close("c")
    await storage.sessions.close_all_of(one.user_id, but="a")
    found = {token: await storage.sessions.find(token, NOON) for token in ("a", "b", "c", "other")}
    assert (await storage.sessions.those({"a", "b", "c"}, NOON)).keys() == {
        token for token, one in found.items() if one and token != "other"
    }
    assert [token for token, left in found.items() if left] == ["a", "other"]


async def test_sweeping_forgets_only_sessions_that_are_over(storage: Storage) -> None:
    await session(storage, "short", hours=1)
    await session(storage, "long", hours=3)
    await storage.sessions.sweep(NOON + 2 * HOUR)
    assert await storage.sessions.find("short", NOON) is None
    assert await storage.sessions.find("long", NOON)


async def passes(storage: Storage, at: datetime, login: str = "olena", address: str = "192.0.2.1") -> bool:
    return (await storage.sign_in_attempts.begin(login, address, at)).id is not None


async def test_guessing_at_one_account_gets_slow_from_any_address(storage: Storage) -> None:
    tries = [await passes(storage, NOON, address=f"192.0.2.{host}") for host in range(7)]
    assert tries == [True] * 5 + [False] * 2
    assert not await passes(storage, NOON, login="OLENA")
    assert await passes(storage, NOON, login="taras")
    assert await passes(storage, NOON + timedelta(seconds=1))
    assert not await passes(storage, NOON + timedelta(seconds=2))
    assert await passes(storage, NOON + timedelta(seconds=3))


async def test_guessing_at_many_accounts_gets_slow_for_the_address(storage: Storage) -> None:
    tries = [await passes(storage, NOON, login=f"user{number}") for number in range(22)]
    assert tries == [True] * 20 + [False] * 2
    assert await passes(storage, NOON, login="olena", address="192.0.2.2")


async def test_the_right_password_makes_earlier_slips_forgotten_and_so_does_an_hour(storage: Storage) -> None:
    for _ in range(4):
        await passes(storage, NOON)
    right = await storage.sign_in_attempts.begin("olena", "192.0.2.1", NOON)
    assert right.id
    await storage.sign_in_attempts.succeeded(right.id)
    assert [await passes(storage, NOON) for _ in range(6)] == [True] * 5 + [False]
    assert all([await passes(storage, NOON + HOUR + timedelta(seconds=1)) for _ in range(5)])


async def test_attempts_are_not_kept_longer_than_they_count(storage: Storage) -> None:
    await passes(storage, NOON)
    await passes(storage, NOON + HOUR, login="taras")
    async with storage.database.reading() as connection:
        kept = (await connection.execute(select(sign_in_attempts.c.login))).scalars().all()
    assert kept == ["taras"]


async def test_many_attempts_at_once_do_not_slip_by(storage: Storage) -> None:
    attempts = await asyncio.gather(*(passes(storage, NOON) for _ in range(12)))
    assert attempts.count(True) == 5
