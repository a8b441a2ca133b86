"""Signing in and out over HTTP, on real SQLite and real Argon2id."""

import re
from collections.abc import Mapping
from contextlib import ExitStack

import pyotp
import pytest

from cti_server.auth.passwords import MOST_TOGETHER
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.sign_in import CODE_WAIT, IDLE, LONGEST
from hotline.access.users import User
from tests.cti_server.conftest import PASSWORD, MovedClock, Person, change

SECRET = pyotp.random_base32()
LOGIN = Role.DISPATCHER.value
COOKIE = "hotline"


@pytest.fixture
def user(users: Mapping[Role, User]) -> User:
    return users[Role.DISPATCHER]


async def signed_in(person: Person) -> bool:
    return (await person.get("/account")).status == 200


def cookie(person: Person) -> str:
    return person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))[COOKIE].value


def come_with(person: Person, token: str) -> None:
    person.client.session.cookie_jar.clear()
    person.client.session.cookie_jar.update_cookies({COOKIE: token}, person.client.make_url("/"))


async def actions(accounts: Accounts) -> list[tuple[str, str]]:
    return [(entry.action, entry.subject) for entry in reversed(await accounts.audit.latest())]


async def test_the_right_password_signs_in_and_is_written_down(
    person: Person, user: User, accounts: Accounts
) -> None:
    answer = await person.sign_in(LOGIN.upper())
    assert answer.status == 303
    assert await signed_in(person)
    assert await actions(accounts) == [("sign-in", f"user:{user.id}")]


async def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(person: Person, user: User) -> None:
    answer = await person.sign_in(user.login)
    kept = answer.cookies[COOKIE]
    assert kept["httponly"]
    assert (kept["samesite"], kept["path"], kept["secure"]) == ("Lax", "/", "")


async def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(person: Person, user: User) -> None:
    known = await person.sign_in(user.login, "not the password")
    unknown = await person.sign_in("nobody", "not the password")
    assert known.status == unknown.status == 422
    pages = [(await known.text()).replace(user.login, "X"), (await unknown.text()).replace("nobody", "X")]
    assert pages[0] == pages[1]
    assert "Логін або пароль неправильний." in pages[0]
    assert 'value="X"' in pages[0], "what was typed is still there"


async def test_a_closed_account_does_not_let_in(person: Person, user: User, accounts: Accounts) -> None:
    await change(accounts, user, active=False)
    assert (await person.sign_in(user.login)).status == 422


async def test_closing_an_account_ends_its_sessions_at_once(
    person: Person, user: User, accounts: Accounts
) -> None:
    await person.sign_in(user.login)
    await change(accounts, user, active=False)
    assert not await signed_in(person)


async def test_guessing_is_slowed_down_even_for_the_right_password_and_says_for_how_long(
    person: Person, user: User, clock: MovedClock
) -> None:
    for _ in range(5):
        await person.sign_in(user.login, "a guess")
    clock.pass_(seconds=0.5)
    early = await person.sign_in(user.login)
    assert early.status == 429
    assert "Спробуйте знову через 1 секунду." in await early.text()
    clock.pass_(seconds=0.5)
    assert (await person.sign_in(user.login)).status == 303


async def test_after_signing_in_one_is_back_where_one_wanted_to_be(person: Person, user: User) -> None:
    asked = await person.get("/account/totp?x=1")
    assert asked.headers["Location"] == "/sign-in?next=/account/totp?x%3D1"
    answer = await person.sign_in(user.login, next="/account/totp?x=1")
    assert answer.headers["Location"] == "/account/totp?x=1"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\n/x"])
async def test_signing_in_never_leads_to_another_site(person: Person, user: User, target: str) -> None:
    answer = await person.sign_in(user.login, next=target)
    assert answer.headers["Location"] == "/account"


async def test_signing_out_ends_the_session_on_the_server(person: Person, user: User) -> None:
    await person.sign_in(user.login)
    token = cookie(person)
    assert (await person.post("/sign-out")).status == 303
    come_with(person, token)
    assert not await signed_in(person)


async def test_a_session_ends_when_idle_for_hours_and_after_the_longest_shift_at_the_latest(
    person: Person, user: User, clock: MovedClock
) -> None:
    await person.sign_in(user.login)
    for _ in range(int(LONGEST / IDLE * 2) - 1):
        clock.moment += IDLE / 2
        assert await signed_in(person)
    clock.moment += IDLE / 2
    assert not await signed_in(person)
    await person.sign_in(user.login)
    clock.moment += IDLE
    assert not await signed_in(person)


async def test_a_form_from_another_site_or_without_the_token_changes_nothing(
    person: Person, user: User
) -> None:
    await person.sign_in(user.login)
    client, token = person.client, {"csrf": person.csrf}
    foreign = {"Origin": "https://evil.example"}
    refused = [
        await client.post("/sign-out", data=token, headers=foreign, allow_redirects=False),
        await client.post("/sign-out", data=token, allow_redirects=False),
        await client.post("/sign-out", data=token, headers={"Origin": "null"}, allow_redirects=False),
        await client.post("/sign-out", headers=person.origin, allow_redirects=False),
        await client.post("/sign-out", data={"csrf": "x"}, headers=person.origin, allow_redirects=False),
    ]
    assert [answer.status for answer in refused] == [403] * 5
    assert "Ця сторінка застаріла" in await refused[0].text()
    headers = person.origin | {"X-CSRF-Token": person.csrf}
    assert (await client.post("/sign-out", headers=headers, allow_redirects=False)).status == 303


async def test_with_a_one_time_code_the_password_alone_opens_nothing(
    person: Person, user: User, accounts: Accounts, clock: MovedClock
) -> None:
    await change(accounts, user, totp_secret=SECRET)
    answer = await person.sign_in(user.login)
    assert answer.headers["Location"] == "/sign-in/code?next=/"
    assert not await signed_in(person)
    assert (await person.post("/sign-in/code", {"code": "000 000"})).status == 422
    code = pyotp.TOTP(SECRET).at(clock.now())
    assert (await person.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})).status == 303
    assert await signed_in(person)
    await person.sign_in(user.login)
    again = await person.post("/sign-in/code", {"code": code})
    assert again.status == 422, "a code opens once"


async def test_guessing_codes_is_slowed_down_and_the_password_counts_only_for_minutes(
    person: Person, user: User, accounts: Accounts, clock: MovedClock
) -> None:
    await change(accounts, user, totp_secret=SECRET)
    await person.sign_in(user.login)
    answers = [await person.post("/sign-in/code", {"code": f"{guess:06}"}) for guess in range(5)]
    assert [answer.status for answer in answers] == [422] * 4 + [429]
    clock.moment += CODE_WAIT
    late = await person.post("/sign-in/code", {"code": pyotp.TOTP(SECRET).at(clock.now())})
    assert late.headers["Location"] == "/sign-in"


async def test_a_new_password_works_and_signs_other_browsers_out(
    person: Person, user: User, accounts: Accounts
) -> None:
    await person.sign_in(user.login)
    token = cookie(person)
    person.client.session.cookie_jar.clear()
    await person.sign_in(user.login)
    new = {"current": PASSWORD, "new": "another fine password", "again": "another fine password"}
    assert (await person.post("/account/password", new)).status == 303
    assert await signed_in(person)
    come_with(person, token)
    assert not await signed_in(person)
    assert (await person.sign_in(user.login, "another fine password")).status == 303
    assert ("password", f"user:{user.id}") in await actions(accounts)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"current": "wrong"}, "Це не ваш теперішній пароль."),
        ({"new": "short", "again": "short"}, "Від 12 до 200 символів."),
        ({"new": f"my {LOGIN} login", "again": f"my {LOGIN} login"}, "Без вашого логіна всередині."),
        ({"again": "something else"}, "Нові паролі не збігаються."),
    ],
)
async def test_a_password_form_that_is_wrong_says_where_and_why(
    person: Person, user: User, form: dict[str, str], reason: str
) -> None:
    await person.sign_in(user.login)
    whole = {"current": PASSWORD, "new": "another fine password", "again": "another fine password"} | form
    answer = await person.post("/account/password", whole)
    assert answer.status == 422
    page = await answer.text()
    assert reason in page
    assert 'aria-invalid="true"' in page


async def test_the_one_time_code_is_set_up_with_the_password_and_a_first_code_and_taken_away_again(
    person: Person, user: User, accounts: Accounts, clock: MovedClock
) -> None:
    await person.sign_in(user.login)
    assert "otpauth://totp/Hotline:dispatcher?secret=" in await person.text("/account/totp")
    code = pyotp.TOTP(SECRET).at(clock.now())
    wrong = await person.post("/account/totp", {"secret": SECRET, "code": "000000", "current": "no"})
    assert wrong.status == 422
    assert SECRET in await wrong.text(), "the secret already entered in the app is not changed"
    form = {"secret": SECRET, "code": code, "current": PASSWORD}
    assert (await person.post("/account/totp", form)).status == 303
    assert (await accounts.users.get(user.id)).totp_secret == SECRET
    off = "/account/totp/off"
    for typed in ({"off": "wrong", "off_code": code}, {"off": PASSWORD}, {"off": PASSWORD, "off_code": code}):
        assert (await person.post(off, typed)).status == 422, "the code that set it up is used"
    clock.pass_(seconds=30)
    later = pyotp.TOTP(SECRET).at(clock.now())
    assert (await person.post(off, {"off": PASSWORD, "off_code": later})).status == 303
    assert (await accounts.users.get(user.id)).totp_secret is None


async def test_the_code_that_set_it_up_opens_no_sign_in(
    person: Person, user: User, clock: MovedClock
) -> None:
    await person.sign_in(user.login)
    code = pyotp.TOTP(SECRET).at(clock.now())
    await person.post("/account/totp", {"secret": SECRET, "code": code, "current": PASSWORD})
    await person.sign_in(user.login)
    assert (await person.post("/sign-in/code", {"code": code})).status == 422


async def test_htmx_is_sent_to_sign_in_as_a_whole_page_and_programs_get_json(person: Person) -> None:
    part = await person.get("/account", headers={"HX-Request": "true"})
    assert (part.status, part.headers["HX-Redirect"]) == (401, "/sign-in?next=/")
    there = {"HX-Request": "true", "HX-Current-URL": f"{person.origin['Origin']}/desk?a=1"}
    part = await person.get("/account", headers=there)
    assert part.headers["HX-Redirect"] == "/sign-in?next=/desk?a%3D1"
    program = await person.get("/account", headers={"Accept": "application/json"})
    assert (program.status, await program.json()) == (401, {"error": "sign-in-needed", "status": 401})


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("{origin}/account?a=1", "/account?a%3D1"),
        ("https://elsewhere.example/x", "/"),
        ("", "/"),
        ("http://[", "/"),
    ],
)
async def test_a_form_whose_session_has_ended_leads_back_to_its_page(
    person: Person, referer: str, back: str
) -> None:
    answer = await person.client.post(
        "/account/totp/off",
        data={"csrf": "x"},
        headers={**person.origin, "Referer": referer.format(origin=person.origin["Origin"])},
        allow_redirects=False,
    )
    assert (answer.status, answer.headers["Location"]) == (302, f"/sign-in?next={back}")


async def test_an_address_that_only_takes_forms_leads_to_the_page_above_it(
    person: Person, user: User
) -> None:
    await person.sign_in(user.login)
    opened = await person.get("/account/totp/off")
    assert (opened.status, opened.headers["Location"]) == (303, "/account/totp")
    program = await person.get("/account/totp/off", headers={"Accept": "application/json"})
    assert program.status == 405


@pytest.mark.parametrize("https", [True])
async def test_behind_a_proxy_with_tls_the_cookie_is_bound_to_the_host_and_addresses_are_the_peoples(
    person: Person, user: User, accounts: Accounts
) -> None:
    seen = {"Origin": person.origin["Origin"].replace("http:", "https:")}
    headers = seen | {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
    form = {"login": user.login, "password": PASSWORD}
    answer = await person.client.post("/sign-in", data=form, headers=headers, allow_redirects=False)
    kept = answer.cookies["__Host-hotline"]
    assert kept["secure"]
    assert kept["path"] == "/"
    assert not kept["domain"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (await accounts.audit.latest(1))[0].address == "192.0.2.7"
    seen["Cookie"] = f"__Host-hotline={kept.value}"
    page = await (await person.client.get("/account", headers=seen)).text()
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    out = await person.client.post("/sign-out", data={"csrf": csrf}, headers=seen, allow_redirects=False)
    gone = out.cookies["__Host-hotline"]
    assert (gone.value, gone["secure"]) == ("", True), "or browsers keep it (RFC 6265bis, 4.1.3)"


@pytest.mark.parametrize(("https", "scheme"), [(True, "http"), (False, "https")])
async def test_a_page_of_our_name_but_another_scheme_is_another_site(
    person: Person, user: User, scheme: str
) -> None:
    origin = f"{scheme}://{person.client.host}:{person.client.port}"
    form = {"login": user.login, "password": PASSWORD}
    answer = await person.client.post("/sign-in", data=form, headers={"Origin": origin})
    assert answer.status == 403


@pytest.mark.parametrize("hosts", [("hotline.city.example",)])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("hotline.city.example", 200),
        ("HOTLINE.city.example:8443", 200),
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("hotline.city.example.evil.example", 421),
        ("[::1", 421),
    ],
)
async def test_the_pages_answer_to_their_own_names_alone(person: Person, host: str, status: int) -> None:
    assert (await person.get("/sign-in", headers={"Host": host})).status == status


async def test_with_too_many_in_the_line_one_is_told_to_try_again_and_no_attempt_is_counted(
    person: Person, user: User, accounts: Accounts
) -> None:
    with ExitStack() as line:
        for _ in range(MOST_TOGETHER):
            line.enter_context(accounts.passwords.place())
        refused = [await person.sign_in(user.login) for _ in range(6)]
        assert {one.status for one in refused} == {503}
        assert refused[0].headers["Retry-After"] == "5"
        text = await refused[0].text()
        assert "Зараз одночасно входить багато людей. Спробуйте ще раз за кілька секунд." in text
        assert f'value="{user.login}"' in text, "what was typed is still there"
    assert (await person.sign_in(user.login)).status == 303


async def sign_in_from(person: Person, address: str, login: str, password: str) -> int:
    """Come through a proxy that stands at 127.0.0.1."""
    form, headers = {"login": login, "password": password}, person.origin | {"X-Forwarded-For": address}
    answer = await person.client.post("/sign-in", data=form, headers=headers, allow_redirects=False)
    return answer.status


@pytest.mark.parametrize("trusted", [()])
async def test_whom_nobody_trusts_chooses_no_address(person: Person, user: User, accounts: Accounts) -> None:
    await sign_in_from(person, "192.0.2.7", user.login, "a guess")
    assert (await accounts.audit.latest(1))[0].address == "127.0.0.1"


async def test_visitors_behind_one_proxy_do_not_lock_one_another_out(person: Person, user: User) -> None:
    guesses = [await sign_in_from(person, f"192.0.2.{n}", f"nobody{n}", "a guess") for n in range(22)]
    assert guesses == [422] * 22
    assert await sign_in_from(person, "192.0.2.99", user.login, PASSWORD) == 303


async def test_one_ipv6_subscriber_is_one_guesser_by_whichever_address(person: Person, user: User) -> None:
    for n in range(20):
        await sign_in_from(person, f"2001:db8::{n}", f"nobody{n}", "a guess")
    assert await sign_in_from(person, "2001:db8::ffff", user.login, PASSWORD) == 429
    assert await sign_in_from(person, "2001:db8:0:1::1", user.login, PASSWORD) == 303


async def test_a_demo_account_opens_on_its_own_machine_alone(person: Person, accounts: Accounts) -> None:
    known = await accounts.passwords.hash(PASSWORD)
    await accounts.users.add(login="olena", name="О", role=Role.OBSERVER, password_hash=known, demo=True)
    assert await sign_in_from(person, "192.0.2.7", "olena", PASSWORD) == 403
    assert not await signed_in(person)
    assert (await person.sign_in("olena")).status == 303
