"""The head names who stands in for them: rights begin and end by themselves, and the audit log says so."""

import re
from collections.abc import AsyncIterator, Mapping

import pyotp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import MovedClock, Person, change

PATH = "/admin/acting-head"
ORDER = "№ 14-к від 02.03.2026"


@pytest.fixture
async def dispatcher(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    """A dispatcher in a browser of their own, signed in before anybody was named."""
    async with TestClient(server) as client:
        person = Person(client)
        await person.sign_in(users[Role.DISPATCHER].login)
        yield person


def form(users: Mapping[Role, User], **fields: str) -> dict[str, str]:
    """The clock of these tests stands on 2 March 2026."""
    whole = {"user": str(users[Role.DISPATCHER].id), "since": "02.03.2026", "until": "04.03.2026"}
    return {**whole, "order": ORDER, **fields}


async def opens(person: Person, path: str) -> bool:
    return (await person.get(path)).status == 200


async def test_rights_begin_at_once_end_with_the_last_day_and_the_desk_stays(
    head: Person, dispatcher: Person, users: Mapping[Role, User], clock: MovedClock
) -> None:
    assert not await opens(dispatcher, "/admin/users")
    answer = await head.post(PATH, form(users))
    assert (answer.status, answer.headers["Location"]) == (303, f"{PATH}?noted=acting-head-named")
    assert "виконує зараз" in await head.text(PATH)
    assert await opens(dispatcher, "/admin/users")
    assert await opens(dispatcher, "/admin/audit")
    assert "<strong>в. о.</strong> dispatcher" in await dispatcher.text("/account")
    clock.moment = clock.moment.replace(day=4, hour=21, minute=59)  # 23:59 in the city
    await dispatcher.sign_in("dispatcher")
    assert await opens(dispatcher, "/admin/users")
    clock.pass_(minutes=1)
    assert (await dispatcher.get("/admin/users")).status == 403
    assert "в. о." not in await dispatcher.text("/account")
    await head.sign_in("head")
    assert "завершено" in await head.text(PATH)


async def test_days_to_come_begin_by_themselves_at_midnight_of_the_city(
    head: Person, dispatcher: Person, users: Mapping[Role, User], clock: MovedClock
) -> None:
    await head.post(PATH, form(users, since="03.03.2026"))
    clock.moment = clock.moment.replace(hour=21, minute=59)
    assert not await opens(dispatcher, "/admin/users")
    clock.pass_(minutes=1)
    assert await opens(dispatcher, "/admin/users")


async def test_ended_early_it_opens_nothing_any_more_and_a_second_end_is_told_so(
    head: Person, dispatcher: Person, users: Mapping[Role, User], clock: MovedClock
) -> None:
    await head.post(PATH, form(users))
    clock.pass_(minutes=1)
    assert await opens(dispatcher, "/admin/users")
    assert (await head.post(f"{PATH}/1/end")).status == 303
    assert not await opens(dispatcher, "/admin/users")
    assert (await head.post(f"{PATH}/1/end")).status == 412
    assert "припинено достроково" in await head.text(PATH)


async def test_one_that_has_not_begun_is_called_off(
    head: Person, dispatcher: Person, users: Mapping[Role, User], clock: MovedClock
) -> None:
    await head.post(PATH, form(users, since="03.03.2026"))
    await head.post(f"{PATH}/1/end")
    assert "скасовано" in await head.text(PATH)
    clock.pass_(days=1)
    await dispatcher.sign_in("dispatcher")
    assert not await opens(dispatcher, "/admin/users")


async def test_the_audit_log_says_what_was_done_as_acting_head(
    head: Person, dispatcher: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    await head.post(PATH, form(users))
    named = (await accounts.audit.latest(1))[0]
    assert (named.action, named.subject, named.acting_head) == ("add", "acting-head:1", False)
    assert ORDER in named.detail
    await dispatcher.get("/admin/users")
    mine = await accounts.audit.latest(user_id=users[Role.DISPATCHER].id)
    assert [(one.action, one.acting_head) for one in mine] == [("view", True), ("sign-in", False)]
    assert "як в. о. начальника" in await head.text("/admin/audit")
    assert "dispatcher (як в. о. начальника)" in await head.text("/admin/audit.csv")


async def test_an_acting_head_names_nobody_and_gives_no_role_that_would_stay(
    head: Person, dispatcher: Person, users: Mapping[Role, User]
) -> None:
    await head.post(PATH, form(users))
    assert not await opens(dispatcher, PATH)
    assert (await dispatcher.post(f"{PATH}/1/end")).status == 403
    new = {"login": "oksana", "name": "Оксана", "desk": ""}
    for role, status in (("head", 422), ("administrator", 422), ("dispatcher", 200)):
        assert (await dispatcher.post("/admin/users/new", new | {"role": role})).status == status
    assert (await dispatcher.post(f"/admin/users/{users[Role.HEAD].id}/password")).status == 403
    assert (await dispatcher.post(f"/admin/users/{users[Role.HEAD].id}/deactivate")).status == 403


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"user": ""}, "Виберіть диспетчера"),
        ({"user": "3"}, "Виберіть диспетчера"),
        ({"since": "01.03.2026"}, "Цей день уже минув"),
        ({"since": "завтра"}, "Напишіть день"),
        ({"until": ""}, "Напишіть день"),
        ({"until": "01.03.2026"}, "Останній день раніший за перший"),
        ({"until": "04.03.2027"}, "Щонайбільше рік"),
        ({"order": " "}, "Напишіть номер і дату розпорядження"),
    ],
)
async def test_a_form_that_is_wrong_says_why_and_names_nobody(
    head: Person, users: Mapping[Role, User], accounts: Accounts, typed: dict[str, str], reason: str
) -> None:
    answer = await head.post(PATH, form(users, **typed))
    assert answer.status == 422
    assert reason in await answer.text()
    assert await accounts.acting_heads.all() == []


async def test_days_on_which_somebody_acts_already_are_refused(
    head: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    await head.post(PATH, form(users))
    answer = await head.post(PATH, form(users, since="04.03.2026", until="06.03.2026"))
    assert answer.status == 422
    assert "На частину цих днів" in await answer.text()
    assert (await head.post(PATH, form(users, since="05.03.2026", until="06.03.2026"))).status == 303
    assert len(await accounts.acting_heads.all()) == 2


@pytest.mark.parametrize("fields", [{"active": False}, {"role": Role.OBSERVER}])
async def test_whoever_is_no_dispatcher_any_more_acts_no_more(
    head: Person,
    dispatcher: Person,
    users: Mapping[Role, User],
    accounts: Accounts,
    fields: Mapping[str, object],
) -> None:
    await head.post(PATH, form(users))
    await change(accounts, users[Role.DISPATCHER], **fields)
    assert not await opens(dispatcher, "/admin/users")


class TestWithOneTimeCodes:
    """Everywhere but in the demo city heads sign in with a code: an acting head has one first."""

    @pytest.fixture
    def code_needed(self) -> bool:
        return True

    async def test_without_a_code_the_dispatcher_stays_one_and_is_told_what_to_do(
        self, dispatcher: Person, users: Mapping[Role, User], accounts: Accounts, clock: MovedClock
    ) -> None:
        user, now = users[Role.DISPATCHER], clock.now()
        until = now.replace(day=4)
        await accounts.acting_heads.name(user.id, now, until, order=ORDER, by=user.id, at=now)
        assert not await opens(dispatcher, "/admin/users")
        page = await dispatcher.text("/account")
        assert "Налаштуйте одноразовий код" in page
        secret = re.search(r'name="secret" value="([A-Z2-7]+)"', await dispatcher.text("/account/totp"))
        assert secret
        code = pyotp.TOTP(secret[1]).at(now)
        turned_on = {"secret": secret[1], "current": "correct horse battery", "code": code}
        assert (await dispatcher.post("/account/totp", turned_on)).status == 303
        assert await opens(dispatcher, "/admin/users")
