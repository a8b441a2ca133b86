"""An observer without the right to personal data: every page and file they may open, and nobody is in it."""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from aiohttp import web

from cti_server.keys import Accounts
from hotline.access.bodies import Body
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import AppealState
from storage.store import Storage
from tests.cti_server.appeals.list.test_list import register
from tests.cti_server.auth.test_routes import TABLE, of
from tests.cti_server.conftest import MovedClock, Person, SetBoard, change
from tests.cti_server.whole import whole_application

PEOPLE = ("Демченко", "457900001", "45 790 00 01", "Молодіжна", "Мене затоплює", "soroka@example.org")
"""The name, number, street, words and mail of the applicant, as pages and files write them."""
FORMATS = ("csv", "xlsx")
OF_PEOPLE = {
    route for route in TABLE if re.match(r"GET /(appeals|search|reports/references)\b(?!\S*views)", route)
}
"""What opens appeals: closed to whoever lacks the right."""


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


@pytest.fixture
async def observer(
    person: Person, users: Mapping[Role, User], accounts: Accounts, storage: Storage, clock: MovedClock
) -> Person:
    """An observer of the council, in a city with appeals that are overdue, closed and disputed."""
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    for number, state in enumerate((AppealState.ASSIGNED, AppealState.CLOSED, AppealState.DISPUTED), 1):
        await register(
            storage,
            number,
            clock.now(),
            state=state,
            executor_id=heat.id,
            address="вулиця Молодіжна, 7",
            text="Мене затоплює. Демченко, soroka@example.org",
        )
    clock.pass_(days=20)
    await change(accounts, users[Role.OBSERVER], body=Body.COUNCIL, sees_people=False)
    await person.sign_in(Role.OBSERVER.value)
    return person


async def test_nobody_stands_on_any_page_or_file_that_an_observer_opens(observer: Person) -> None:
    opened = 0
    for route, letters in TABLE.items():
        method, address = route.split()
        if method != "GET" or of(Role.OBSERVER) not in letters or route == "GET /city/changes":
            continue
        for kind in FORMATS if "{format}" in address else ("",):
            path = address.replace("{format}", kind).replace("{number}", "2600001")
            answer = await observer.get(re.sub(r"{\w+}", "1", path))
            if route in OF_PEOPLE:
                assert answer.status == 403, route
                continue
            assert answer.status in {200, 303, 400, 404}, (route, answer.status)
            said = _text(await answer.read())
            opened += answer.status == 200
            assert [one for one in PEOPLE if one in said] == [], route
    assert opened > 20


async def test_the_first_page_says_for_whom_and_leads_to_what_may_be_opened(
    observer: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    page = await observer.text("/city")
    assert "Міська рада" in page
    assert "Ще жодного не підписано" in page
    view = page[page.index('id="body-title"') :].partition("</section>")[0]
    for address in re.findall(r'class="btn" href="([^"]+)"', view):
        assert (await observer.get(address)).status == 200, address
    assert "/appeals" not in view
    await change(accounts, users[Role.OBSERVER], body=None, sees_people=False)
    assert 'id="body-title"' not in await observer.text("/city")


async def test_the_right_is_given_on_the_account_stands_in_the_audit_log_and_ends_at_once(
    observer: Person, head: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    form = {"name": "Рада", "role": "observer", "body": "council", "desk": "", "executor": ""}
    path = f"/admin/users/{users[Role.OBSERVER].id}"
    await head.sign_in(Role.HEAD.value)
    assert (await head.post(path, form | {"sees_people": "yes"})).status == 303
    given = await accounts.users.get(users[Role.OBSERVER].id)
    assert (given.body, given.sees_people) == (Body.COUNCIL, True)
    page = await head.text(path)
    assert re.search(r'name="sees_people" value="yes" checked', page)
    assert (await head.post(path, form)).status == 303
    details = [one.detail for one in await accounts.audit.latest(20)]
    assert {"personal data allowed", "personal data closed"} <= {*details}
    assert (await head.post("/admin/users/new", form | {"login": "rada", "sees_people": "yes"})).status == 200
    (added, *_) = [one.detail for one in await accounts.audit.latest(20) if one.action == "add"]
    assert added == "observer; personal data allowed"
    await observer.sign_in(Role.OBSERVER.value)
    assert (await observer.get("/appeals")).status == 403


def _text(body: bytes) -> str:
    """Read the body; of a workbook what is packed in it."""
    if body.startswith(b"PK"):
        with ZipFile(io.BytesIO(body)) as packed:
            return " ".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist())
    return body.decode("utf-8", "ignore")


async def test_appeals_by_street_name_no_street_with_few_of_them(
    observer: Person, storage: Storage, clock: MovedClock
) -> None:
    view = await observer.text("/city")
    assert "/reports/build?measure=received&amp;by=district" in view
    built = "/reports/build?measure=received&by=district&period=quarter"
    few = await observer.text(built)
    assert "Молодіжна" not in few
    assert "В іншому місці або не вказано" in few
    for number in range(4, 7):
        await register(storage, number, clock.now(), address="вулиця Молодіжна, 7")
    many = await observer.text(built)
    assert "вулиця Молодіжна" in many
    assert "Молодіжна, 7" not in many
    rows = f"{built.replace('build?', 'build/rows?')}&key=вулиця Молодіжна"
    assert (await observer.get(rows)).status == 403
    by_topic = f"{built.replace('=district', '=topic')}&district=вулиця Молодіжна"
    assert "Молодіжна" not in await observer.text(by_topic)
