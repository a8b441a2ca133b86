from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.auth.errors import TooManyAttempts, TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from cti_server.keys import Accounts
from hotline.access.users import AuditFilter
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.conftest import MovedClock

FREE = TokenLimits().free_failures


async def test_a_token_that_ended_or_was_revoked_is_refused(
    head: Program, clock: MovedClock, storage: Storage
) -> None:
    await head.get("/line")
    await storage.tokens.revoke(head.token.id, clock.now())
    assert (await head.ask("GET", "/line")).status == 401


async def test_a_token_ends_by_itself(head: Program, clock: MovedClock) -> None:
    clock.pass_(days=30)
    assert (await head.ask("GET", "/line")).status == 401


async def test_its_last_use_is_kept_once_a_minute(head: Program, clock: MovedClock, storage: Storage) -> None:
    await head.get("/line")
    first = clock.now()
    clock.pass_(seconds=30)
    await head.get("/line")
    assert (await storage.tokens.get(head.token.id)).used_at == first
    clock.pass_(seconds=31)
    await head.get("/line")
    assert (await storage.tokens.get(head.token.id)).used_at == clock.now()


async def test_whoever_tries_wrong_tokens_waits_and_the_right_one_is_served_meanwhile(
    client: Client, head: Program, accounts: Accounts
) -> None:
    wrong = {"Authorization": "Bearer hotline_wrong"}
    got = [(await client.get("/api/v1/line", headers=wrong)).status for _ in range(FREE + 2)]
    assert got == [401] * FREE + [429] * 2
    answer = await client.get("/api/v1/line", headers=wrong)
    assert int(answer.headers["Retry-After"]) >= 1
    await head.get("/line")
    refused = await accounts.audit.find(AuditFilter(action="token-refused"), limit=100)
    assert len(refused) == got.count(401)


@pytest.mark.parametrize("limits", [TokenLimits(per_second=1.0, at_once=3)])
async def test_a_token_that_asks_too_much_is_told_when_to_go_on(head: Program) -> None:
    got = [await head.ask("GET", "/line") for _ in range(4)]
    assert [one.status for one in got] == [200, 200, 200, 429]
    assert got[-1].headers["Retry-After"] == "1"
    assert (await got[-1].json())["code"] == "too-many-requests"


def test_a_bucket_fills_again_and_no_token_drains_anothers() -> None:
    now = [0.0]
    rates = Rates(TokenLimits(per_second=2.0, at_once=2), lambda: now[0])
    rates.take(1)
    rates.take(1)
    rates.take(2)
    with pytest.raises(TooManyRequests):
        rates.take(1)
    now[0] = 0.5
    rates.take(1)
    with pytest.raises(TooManyRequests):
        rates.take(1)


def test_failures_are_forgotten_after_an_hour(clock: MovedClock) -> None:
    wrong = WrongTokens(3)
    for _ in range(3):
        wrong.count("10.0.0.1", clock.now())
    with pytest.raises(TooManyAttempts):
        wrong.count("10.0.0.1", clock.now())
    wrong.count("10.0.0.2", clock.now())
    wrong.count("10.0.0.1", clock.now() + timedelta(hours=2))


async def test_what_a_program_does_is_written_down_with_its_tokens_name(
    head: Program, accounts: Accounts, app: web.Application
) -> None:
    del app
    await head.get("/calls?number=%2B380457900012")
    entry = (await accounts.audit.latest(1))[0]
    assert (entry.user_id, entry.action, entry.subject) == (None, "search", "calls")
    assert entry.detail.startswith(f"token:{head.token.id} Система head; number=")
