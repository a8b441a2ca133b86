"""Registers brought in from files and taken out, over HTTP."""

import asyncio
import importlib
import io
import pkgutil
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import hotline.intake
import storage.intake
from cti_server.admin.import_words import REASONS, UNREADABLE
from cti_server.admin.imports import Intake, add_imports
from cti_server.application import application
from cti_server.city_now.words import MAP_REFUSED
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.intake.imports import OF_PEOPLE, RegisterKind
from service.intake.imports import Imports, stored_imports
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard

PEOPLE = "ПІБ;Адреса;Телефон\nДемченко Марія;Ризький квартал, 1;0457900001\n=Хтось;;12\n"


@pytest.fixture
async def administrator(person: Person, users: Mapping[Role, User]) -> Person:
    await person.sign_in(users[Role.ADMINISTRATOR].login)
    return person


async def test_an_administrator_takes_no_people_out_and_sees_none_that_another_brought_in(
    administrator: Person, users: Mapping[Role, User], imports: Imports
) -> None:
    for kind in RegisterKind:
        answer = await administrator.get(f"/admin/exports/{kind}.csv")
        assert answer.status == (403 if kind in OF_PEOPLE else 200), kind
    assert "/admin/exports/citizens" not in await administrator.text("/admin/imports")
    theirs = await imports.check(RegisterKind.CITIZENS, "a.csv", PEOPLE.encode(), users[Role.HEAD].id)
    for path in ("", "/progress", "/refused.csv"):
        assert (await administrator.get(f"/admin/imports/{theirs.id}{path}")).status == 403
    assert (await administrator.post(f"/admin/imports/{theirs.id}/begin")).status == 403
    own = (await send(administrator, PEOPLE.encode())).headers["HX-Redirect"]
    assert "Це не повний номер телефону" in await administrator.text(own)


@pytest.fixture
def imports(storage: Storage, clock: MovedClock, tmp_path: Path) -> Imports:
    return Imports(stored_imports(storage, tmp_path / "imports", clock))


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, imports: Imports) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_imports(made, Intake(imports=imports, registers=storage.registers))
    return made


async def send(
    person: Person, content: bytes, kind: str = "citizens", *, script: bool = True, name: str = "people.csv"
) -> aiohttp.ClientResponse:
    """Send a file as the page does, with its script or without."""
    form = aiohttp.FormData()
    if not script:
        form.add_field("csrf", person.csrf)
    form.add_field("kind", kind)
    form.add_field("file", io.BytesIO(content), filename=name)
    ours = {"X-CSRF-Token": person.csrf, "HX-Request": "true"} if script else {}
    headers = {**person.origin, **ours}
    return await person.client.post("/admin/imports", data=form, headers=headers, allow_redirects=False)


async def carried_out(imports: Imports, person: Person, path: str) -> str:
    """Let the service's background work run until this import is through; its page then."""
    work = asyncio.create_task(imports.keep())
    async with asyncio.timeout(60):
        while (await (await person.get(f"{path}/progress")).text()).count("hx-trigger"):
            await asyncio.sleep(0.01)
    work.cancel()
    return await person.text(path)


async def test_a_file_is_looked_through_then_brought_in_and_its_refused_lines_come_back(
    head: Person, storage: Storage, imports: Imports
) -> None:
    answer = await send(head, PEOPLE.encode("cp1251"))
    path = answer.headers["HX-Redirect"]
    page = await head.text(path)
    assert "Імпортувати 1 рядок" in page
    assert "Це не повний номер телефону" in page
    assert not await storage.citizens.find("демченко")
    assert (await head.post(f"{path}/begin")).status == 303
    page = await carried_out(imports, head, path)
    assert "Виконано" in page
    assert [one.address for one in await storage.citizens.find("демченко")] == ["Ризький квартал, 1"]
    refused = await head.text(f"{path}/refused.csv")
    assert "Чому відмовлено" in refused
    mended = refused.replace('"12"', '"0457900012"').encode()
    path = (await send(head, mended)).headers["HX-Redirect"]
    await head.post(f"{path}/begin")
    await carried_out(imports, head, path)
    assert [one.name for one in await storage.citizens.find("хтось")] == ["=Хтось"]
    assert "people.csv" in await head.text("/admin/imports")
    assert {one.action for one in await storage.audit.find(AuditFilter(subject="import"), limit=20)} == {
        *("add", "view", "change")
    }


async def test_what_is_wrong_with_a_file_is_said_on_the_page(head: Person, tmp_path: Path) -> None:
    for content, kind, said in (
        (b"", "citizens", "порожній"),
        ("Адреса\nх\n".encode(), "citizens", "Прізвище, ім’я, по батькові"),
        (b"x", "", "Виберіть, що у файлі"),
    ):
        answer = await send(head, content, kind)
        assert answer.status == 422
        assert said in await answer.text()
    assert (await send(head, b"\xd0\xcf\x11\xe0", script=False)).status == 422
    assert (await send(head, PEOPLE.encode(), script=False)).headers["Location"] == "/admin/imports/1"
    assert (await head.post("/admin/imports", {"kind": "citizens"})).status == 422
    assert (await head.get("/admin/imports/99")).status == 404
    (tmp_path / "imports" / "1").unlink()
    assert "Файлу вже немає" in await head.text("/admin/imports/1")
    assert (await head.get("/admin/imports/1/refused.csv")).status == 422


async def test_a_large_file_is_read_by_and_by(head: Person) -> None:
    people = "ПІБ\n" + "".join(f"Мешканець Номер {number}\n" for number in range(60_000))
    answer = await send(head, people.encode())
    assert answer.status == 204
    assert "60000" in await head.text("/admin/imports")


async def test_registers_are_taken_out_and_it_is_written_down(head: Person, storage: Storage) -> None:
    await storage.citizens.add("Марія", "Ризький квартал, 1", ["+380457900001"])
    text = await head.text("/admin/exports/citizens.csv")
    assert text.splitlines()[1] == '"Марія","Ризький квартал, 1","\'+380457900001",""'
    for kind in RegisterKind:
        assert (await head.get(f"/admin/exports/{kind}.xlsx")).status == 200
    assert (await head.get("/admin/exports/passwords.csv")).status == 404
    (one, *_) = await storage.audit.find(AuditFilter(subject="citizens", action="export"), limit=9)
    assert one.action == "export"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=some.binary(max_size=300) | some.text(max_size=200).map(str.encode))
async def test_whatever_is_brought_there_is_an_answer(head: Person, content: bytes) -> None:
    """`tests/storage/intake/test_sheets.py` tries many more files, without a page."""
    assert (await send(head, "ПІБ\n".encode() + content)).status in {204, 422}


def test_every_reason_has_words() -> None:
    found = {
        value
        for room in (hotline.intake, storage.intake)
        for one in pkgutil.iter_modules(room.__path__)
        for module in [importlib.import_module(f"{room.__name__}.{one.name}")]
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and value.endswith(".") and " " in value
    }
    assert found <= {*REASONS, *UNREADABLE, *MAP_REFUSED}
    assert all(one.endswith((".", ":")) for one in UNREADABLE)
