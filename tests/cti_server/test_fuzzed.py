"""Every page is asked with what no browser sends: whatever its path, query or form holds, it answers.

Seeds are fixed by day, and free by night (the seed is told with what failed).
"""

import inspect
import os
import random
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

import cti_server
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage, open_storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard, change
from tests.cti_server.whole import whole_application
from tests.effort import BY_NIGHT, effort
from tests.storage.conftest import cluster, database_url, migrated_postgres

__all__ = ["cluster", "migrated_postgres"]  # pytest finds the fixtures here
MIXED = int(os.environ.get("HOTLINE_ROUNDS", effort(day=1, night=6)))
TURNS = 3
"""By day so many of the worst values come to each field, all five side by side in fields that follow."""
MORE = effort(day=0, night=6)
SEED = secrets.randbits(32) if BY_NIGHT else 1
NASTY: Sequence[str | bytes] = (
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\n",
        "a\r\nb: c",
        "\x1b[31m",
        "\u202e",
        "🙏",
        "'\"<>&;%{}{{7*7}}",
        "²",
        "٣",
        "ß" * 400,
    ),
    *(
        b"\xed\xa0\x80",
        b"\xff\xfe",
        b"%00",
        "../../etc/passwd",
        "null",
        "true",
        "[]",
        "{}",
        "NaN",
        "1e309",
        "-1",
        "0",
    ),
    *(
        "1",
        "7",
        "2147483648",
        "9223372036854775808",
        "9" * 30,
        "-9223372036854775809",
        "1.5",
        "+1",
        "1_0",
        "0x1",
    ),
    *(
        "0001-01-01",
        "0000-00-00",
        "9999-12-31",
        "2026-02-30",
        "99999-01-01",
        "-001-01-01",
        "20260302",
        "2026-W10-1",
    ),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-03-29T03:30",
        "0001-01-01T00:00",
        "24:00",
    ),
    *(
        "9999-12-31T23:59",
        "99:99",
        "25.11.2026",
        "31.12.9999 23:59",
        "+380457900001",
        "+" + "9" * 40,
        "tel:1580",
        "'",
    ),
)
LIKELY = (
    *(
        "yes",
        "on",
        "water",
        "emergency",
        "uk",
        "en",
        "csv",
        "Київський квартал, 7",
        "Марія",
        "2026-03-02",
        "12:30",
    ),
    *(
        "2026-03-02T12:30",
        "0457900001",
        "hot-water-none",
        "head",
        "dispatcher",
        "1",
        "2",
        "2600001",
        "08:00-17:00",
    ),
)
FRAME = Path(cti_server.__file__).parent / "frame"
NAMES = (
    r'name="([\w-]+)"',
    r'\.get(?:all)?\(\s*"([\w-]+)"',
    r'\w+\["([a-z_-]+)"\]',
    r"^    (\w+): \w",
    r'\(\w+, "([\w-]+)"',
)
WORST = ("\0", "0001-01-01", "9999-12-31T23:59", "9" * 30, b"\xed\xa0\x80")
REFUSED = {302, 401, 403}
LEFT_OUT = (
    "GET /desk/events",
    "GET /sip",
    "GET /call/line",
    "GET /city/changes",
    "GET /board/changes",
    "GET /cameras/watch",
    "GET /chat/news",
)
"""Sockets, and answers that do not end."""
LONGEST_QUERY = 6000
HEADERS = (
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Accept-Language",
    "X-Forwarded-For",
    "HX-Request",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """On PostgreSQL by night: it takes ill what SQLite lets pass."""
    return database_url(request, tmp_path)


@pytest.fixture
async def storage(url: str, clock: MovedClock) -> AsyncIterator[Storage]:
    async with open_storage(url, clock) as opened:
        yield opened


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


@pytest.fixture
async def people(
    client: TestClient[web.Request, web.Application],
    users: Mapping[Role, User],
    accounts: Accounts,
    storage: Storage,
) -> Mapping[str, Person]:
    """Somebody of each role, all at one server, and nobody: by name."""
    desk = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=desk.id)
    enterprise = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    await change(accounts, users[Role.EXECUTOR], executor_id=enterprise.id)
    await storage.citizens.add("Марія", "Київський квартал, 7", ["+380457900001"])
    made = {"nobody": Person(client)}
    for role in (Role.HEAD, Role.DISPATCHER, Role.EXECUTOR):
        made[role.value] = Person(TestClient(client.server, cookie_jar=aiohttp.CookieJar(unsafe=True)))
        await made[role.value].sign_in(role.value)
    return made


async def test_no_page_fails_whatever_it_is_asked(
    app: web.Application, people: Mapping[str, Person], caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    failed = []
    try:
        for route in app.router.routes():
            if is_asked(route):
                failed += await ask(chance, people, route)
    finally:
        for person in people.values():
            await person.client.close()
    traces = [record.exc_text for record in caplog.records if record.exc_text]
    assert not failed, (SEED, failed[:20], traces[:3])


def is_asked(route: web.AbstractRoute) -> bool:
    path = route.resource.canonical if route.resource else ""
    return (
        route.method != "HEAD"
        and not path.startswith("/api/v1/")
        and f"{route.method} {path}" not in LEFT_OUT
    )


async def ask(
    chance: random.Random, people: Mapping[str, Person], route: web.AbstractRoute
) -> list[tuple[str, str, str, int]]:
    """Ask the route as somebody who may: the worst in all fields, then this in one and that in another."""
    names, failed, order = names_of(route.handler), [], list(people)
    alike = [dict.fromkeys(names, value) for value in [*WORST, *chance.sample(NASTY, MORE)]]
    if not BY_NIGHT:
        turned = [WORST[turn:] + WORST[:turn] for turn in range(TURNS)]
        alike = [dict(zip(names, cycle(values), strict=False)) for values in turned]
    mixed = [{name: picked(chance) for name in names} for _ in range(MIXED)]
    for fields in [*alike, *mixed]:
        for who in list(order):
            address, status = await sent(chance, people[who], who, route, fields)
            if status >= 500 and status != 503:
                failed.append((who, route.method, address, status))
            if status not in REFUSED:
                order.remove(who)
                order.insert(0, who)
                break
    return failed


async def sent(
    chance: random.Random,
    person: Person,
    who: str,
    route: web.AbstractRoute,
    fields: Mapping[str, str | bytes],
) -> tuple[str, int]:
    """Send it; what was sent, and the status: 599 for an answer that breaks off."""
    path = route.resource.canonical if route.resource else ""
    one = chance.choice(["1", "2600001", *LIKELY, *fields.values()])
    where = re.sub(r"{[^}]+}", lambda _: quoted(one) or "1", path)
    some = chance.sample(sorted(fields), len(fields))
    pairs = [f"{quoted(name)}={quoted(fields[name])}" for name in some]
    if route.method == "GET":
        address = URL(f"{where}?{'&'.join(pairs)[:LONGEST_QUERY].rpartition('&')[0]}", encoded=True)
        headers = {name: safe(chance.choice(list(fields.values()) or [""])) for name in HEADERS}
        answer = await person.client.get(address, headers=headers, allow_redirects=False)
    else:
        address = URL(where, encoded=True)
        body = "&".join([f"csrf={person.csrf}", *pairs])
        kind = {"Content-Type": "application/x-www-form-urlencoded", **person.origin}
        answer = await person.client.post(address, data=body.encode(), headers=kind, allow_redirects=False)
    status = answer.status
    try:
        await answer.read()
    except aiohttp.ClientPayloadError:
        status = 599
    if person.csrf and (status in {302, 401} or "sign-out" in path):
        await person.enter(who)
    return f"{address} {'&'.join(pairs)[:3000]}", status


def picked(chance: random.Random) -> str | bytes:
    return chance.choice(NASTY) if chance.random() < 0.6 else chance.choice(LIKELY)


def quoted(value: str | bytes) -> str:
    return quote_from_bytes(value, safe="") if isinstance(value, bytes) else quote(value, safe="")


def safe(value: str | bytes) -> str:
    """Keep what a client can send in a header at all."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return re.sub(r"[\x00-\x1f\x7f]", "", text)[:200]


def names_of(handler: object) -> Sequence[str]:
    """Every name that the code and the templates of the handler's room ask a query or a form for."""
    room = Path(inspect.getfile(inspect.unwrap(handler))).parent  # type: ignore[arg-type]
    return sorted((_names_in(room) | _names_in(FRAME, templates=False)) - {"csrf"})


@cache
def _names_in(room: Path, *, templates: bool = True) -> frozenset[str]:
    files = [*room.glob("*.py"), *(room.glob("*.jinja2") if templates else ())]
    texts = [file.read_text() for file in files]
    return frozenset(name for text in texts for pattern in NAMES for name in re.findall(pattern, text))
