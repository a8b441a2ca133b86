"""An act is read alike from the forms of the centre and of an enterprise, and from the API."""

import html
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.api.feed import Feed
from cti_server.api.routes import add_api
from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.enterprise.routes import add_work
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.work import Accept, BeginWork
from hotline.appeals.appeal import Appeal
from service.node.bus import Bus
from storage.store import Storage
from tests.cti_server.api.conftest import Program, api_sources, token_of
from tests.cti_server.appeals.conftest import appeal_sources, handling_sources
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, Person, SetBoard
from tests.cti_server.enterprise.conftest import evidence_sources, work_sources
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

CENTRE, ENTERPRISE, API = "centre", "enterprise", "api"
WAYS = (CENTRE, ENTERPRISE, API)
Fields = Mapping[str, Sequence[object]]
"""A field → what it is given: nothing, once, or several times."""
MISSING, BLANK, TOO_LONG, TWICE = (), ("",), ("я" * 10_001,), ("так", "ні")
TEXTS = (MISSING, BLANK, (" \r\n ",), TOO_LONG, TWICE)
FORMS: Mapping[tuple[str, str], Fields] = {
    ("note", CENTRE): {"text": ["Собака у дворі"], "internal": [True]},
    ("note", ENTERPRISE): {"text": ["Собака у дворі"]},
    ("note", API): {"text": ["Собака у дворі"]},
    ("assign", CENTRE): {"executor_id": [2], "reason": ["Ближче"]},
    ("assign", API): {"executor_id": [2], "reason": ["Ближче"]},
    ("hand-back", ENTERPRISE): {"reason": ["Будинок не наш"]},
    ("hand-back", API): {"reason": ["Будинок не наш"]},
    ("ask-extension", ENTERPRISE): {"until": ["2026-03-20"], "reason": ["Немає труб"]},
    ("ask-extension", API): {"until": ["2026-03-20"], "reason": ["Немає труб"]},
    ("extend", CENTRE): {"until": ["2026-03-20"], "reason": ["Немає труб"]},
    ("report-done", ENTERPRISE): {"result": ["satisfied"], "answer": ["Замінили кран"]},
    ("report-done", API): {"result": ["satisfied"], "answer": ["Замінили кран"]},
}
"""An act and its ways → what it is told without a fault."""
_DAYS = (MISSING, BLANK, ("завтра",), ("2026-13-45",), ("20260320",), ("2026-03-20T10:00",), TWICE)
_OUT_OF_LAW = (("2026-03-01",), ("2027-01-01",))
_NO_EXECUTORS = (MISSING, BLANK, ("Водоканал",), (999,), (-1,), (10**30,), ("1; DROP TABLE",), (1, 2))
WRONG: Mapping[tuple[str, str], Sequence[Sequence[object]]] = {
    ("note", "text"): TEXTS,
    ("note", "internal"): (("може",), ("",), (True, False)),
    ("assign", "executor_id"): _NO_EXECUTORS,
    ("assign", "reason"): (TOO_LONG, TWICE),
    ("hand-back", "reason"): TEXTS,
    ("ask-extension", "until"): (*_DAYS, *_OUT_OF_LAW),
    ("ask-extension", "reason"): TEXTS,
    ("extend", "until"): (*_DAYS, *_OUT_OF_LAW),
    ("extend", "reason"): TEXTS,
    ("report-done", "result"): (MISSING, BLANK, ("зроблено",), ("forwarded",), ("satisfied", "refused")),
    ("report-done", "answer"): TEXTS,
}
"""An act and its field → what the field cannot be given."""


@dataclass(kw_only=True)
class Answer:
    """What came of it, the same by each way."""

    done: bool
    faults: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(kw_only=True)
class House:
    """The centre, a heat supplier and its program, before one appeal."""

    city: City
    people: Mapping[str, Person]
    programs: Mapping[str, Program]
    storage: Storage

    async def tell(self, way: str, appeal: Appeal, act: str, fields: Fields, *, key: str = "") -> Answer:
        if way == API:
            whose = self.programs[CENTRE if act == "assign" else ENTERPRISE]
            answer = await whose.client.post(
                f"/api/v1/appeals/{appeal.number}/{act}",
                data=_body({"version": [appeal.version], **fields}),
                headers={
                    **whose.headers,
                    "Content-Type": "application/json",
                    "Idempotency-Key": key or f"{act}-{appeal.version:08}",
                    "Accept-Language": "uk",
                },
            )
            return await _told_by_api(answer)
        person = self.people[way]
        path = f"/appeals/{appeal.number}/acts" if way == CENTRE else f"/enterprise/{appeal.number}"
        sent: Fields = {"csrf": [person.csrf], "version": [appeal.version], **fields}
        pairs = [(name, _typed(one)) for name, given in sent.items() for one in given]
        answer = await person.client.post(
            f"{path}/{act}", data=aiohttp.FormData(pairs)(), headers=person.origin, allow_redirects=False
        )
        return await _told_by_form(answer, act)

    async def now(self, appeal: Appeal) -> Appeal:
        found_now = await self.storage.registry.find(appeal.number)
        assert found_now is not None
        return found_now

    async def said(self, appeal: Appeal) -> list[tuple[str, str]]:
        entries = await self.storage.handling.history(appeal.number, hidden=True)
        return [(one.act, one.said) for one in entries if one.user_id is not None][1:]


def _typed(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _body(fields: Fields) -> str:
    """Write JSON in which a name may stand twice."""
    named = [f"{json.dumps(name)}: {json.dumps(one)}" for name, given in fields.items() for one in given]
    return "{" + ", ".join(named) + "}"


async def _told_by_api(answer: aiohttp.ClientResponse) -> Answer:
    body = await answer.json()
    assert answer.status in {200, 422}, body
    errors = body.get("errors", ())
    return Answer(
        done=answer.status == 200,
        faults={one["where"].removeprefix("body."): one["reason"] for one in errors},
    )


async def _told_by_form(answer: aiohttp.ClientResponse, act: str) -> Answer:
    text = html.unescape(await answer.text())
    assert answer.status in {303, 422}, text
    faults = dict(re.findall(rf'id="{act}-([a-z_]+)-fault">([^<]+)<', text))
    return Answer(done=answer.status == 303, faults=faults, text=text)


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    feed = Feed(storage.dispatchers, storage.callers, clock)
    add_evidence(made, evidence_sources(storage, clock, tmp_path))
    add_work(made, work_sources(storage, clock))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_api(made, api_sources(storage, clock, Bus(feed.tell), feed))
    return made


@pytest.fixture
def moment() -> datetime:
    """When all of it happens."""
    return NOON


@pytest.fixture
async def house(
    server: TestServer, accounts: Accounts, storage: Storage, clock: MovedClock, moment: datetime
) -> AsyncIterator[House]:
    clock.moment = moment
    city, known = await found(storage), await accounts.passwords.hash(PASSWORD)

    async def user(login: str, role: Role, executor_id: int | None = None) -> User:
        return await accounts.users.add(
            login=login, name=login, role=role, password_hash=known, executor_id=executor_id
        )

    head = await user("head", Role.HEAD)
    await user("petro", Role.EXECUTOR, city.heat.id)
    async with TestClient(server) as one, TestClient(server) as other:
        people = {CENTRE: Person(one), ENTERPRISE: Person(other)}
        await people[CENTRE].enter("head")
        await people[ENTERPRISE].enter("petro")
        programs = {
            CENTRE: await token_of(one, storage, clock, Role.HEAD, user=head, personal=True),
            ENTERPRISE: await token_of(
                other, storage, clock, Role.EXECUTOR, user=head, personal=True, executor=city.heat
            ),
        }
        yield House(city=city, people=people, programs=programs, storage=storage)


async def fresh(house: House, act: str, **fields: Any) -> Appeal:
    """Enter an appeal on which the act is possible."""
    appeal = await house.city.enter(**fields)
    if act == "report-done":
        at, by = appeal.registered_at, house.city.executor
        for one in (Accept(by=by, at=at), BeginWork(by=by, at=at)):
            appeal = await house.storage.handling.carry_out(appeal.number, one, version=None)
    return appeal


@pytest.mark.parametrize(("act", "way"), FORMS)
async def test_what_is_told_without_a_fault_is_done(house: House, act: str, way: str) -> None:
    appeal = await fresh(house, act)
    answer = await house.tell(way, appeal, act, FORMS[act, way])
    assert (answer.done, answer.faults) == (True, {})
    assert (await house.now(appeal)).version == appeal.version + 1


@pytest.mark.parametrize(
    ("act", "name", "way"),
    [
        (act, name, way)
        for (act, name) in WRONG
        for way in WAYS
        if name in FORMS.get((act, way), ()) or (way, name) == (API, "internal")
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_done(
    house: House, act: str, name: str, way: str
) -> None:
    appeal = await fresh(house, act)
    for given in WRONG[act, name]:
        answer = await house.tell(way, appeal, act, {**FORMS[act, way], name: given})
        assert (answer.done, set(answer.faults)) == (False, {name}), given
        assert re.search("[а-яіїєґ]", answer.faults[name]), answer.faults
        assert (await house.now(appeal)).version == appeal.version


@pytest.mark.parametrize(("act", "way"), [(act, way) for act, way in FORMS if way != API])
async def test_all_that_is_wrong_in_a_form_is_told_at_once_and_nothing_typed_is_lost(
    house: House, act: str, way: str
) -> None:
    appeal, wrong = (
        await fresh(house, act),
        [name for (of, name) in WRONG if of == act and name != "internal"],
    )
    text = next(name for name in ("text", "reason", "answer") if name in wrong)
    typed = "<b>Стояк & «вентиль»</b>\nдругий рядок" + "я" * 10_000
    given = {**FORMS[act, way], **{name: ["щось"] for name in wrong}, text: [typed]}
    answer = await house.tell(way, appeal, act, given)
    assert set(answer.faults) == set(wrong)
    assert typed in answer.text


@pytest.mark.parametrize("way", WAYS)
async def test_a_text_is_kept_as_all_read_it_and_sent_again_it_is_done_once(house: House, way: str) -> None:
    appeal = await fresh(house, "note")
    unkept = "" if way == API else "\0"  # which a program is told to take out
    said = {**FORMS["note", way], "text": [f" Перший\r\nдругий{unkept} 🚰 "]}
    for _ in range(2):
        answer = await house.tell(way, appeal, "note", said, key="the-same-key")
        if way != ENTERPRISE or not await house.said(appeal):  # an enterprise is told that it was overtaken
            assert answer.done
        if way == ENTERPRISE:
            break
    kept = "\ufffd" if unkept else ""
    assert await house.said(appeal) == [("note", f"Перший\nдругий{kept} 🚰")]


@pytest.mark.parametrize("way", [CENTRE, ENTERPRISE])
async def test_a_form_of_no_page_of_ours_is_refused(house: House, way: str) -> None:
    appeal = await fresh(house, "note")
    person = house.people[way]
    path = f"/appeals/{appeal.number}/acts/note" if way == CENTRE else f"/enterprise/{appeal.number}/note"
    for version in ("", "x", "-1", "0", str(10**30)):
        answer = await person.post(path, {"version": version, "text": "?", "internal": "true"})
        assert answer.status == 400, version
    assert (await house.now(appeal)).version == appeal.version


BOTH_FOLDS = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
"""Half past three in the night on which the clock goes back: the first time, and the second."""


@pytest.mark.parametrize("moment", BOTH_FOLDS)
@pytest.mark.parametrize(
    ("act", "way"), [("ask-extension", ENTERPRISE), ("ask-extension", API), ("extend", CENTRE)]
)
async def test_which_days_can_be_asked_for_is_the_same_in_both_folds_of_the_night(
    house: House, clock: MovedClock, act: str, way: str
) -> None:
    days = clock.now().date()
    appeal = await fresh(
        house,
        act,
        registered_at=clock.now() - timedelta(days=3),
        due_on=days,
        due_at=clock.now() + timedelta(hours=1),
    )
    reason = {"reason": ["Немає труб"]}
    late = await house.tell(way, appeal, act, {"until": [str(days - timedelta(days=1))], **reason})
    assert set(late.faults) == {"until"}
    assert (await house.tell(way, appeal, act, {"until": [str(days)], **reason})).done


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "text/plain; charset=koi9"])
@pytest.mark.parametrize("way", [CENTRE, ENTERPRISE])
async def test_a_form_in_no_encoding_that_we_know_is_refused(house: House, way: str, kind: str) -> None:
    appeal = await fresh(house, "note")
    person = house.people[way]
    path = f"/appeals/{appeal.number}/acts/note" if way == CENTRE else f"/enterprise/{appeal.number}/note"
    named = {"csrf": person.csrf, "version": str(appeal.version), "internal": "true"}
    parts = [(f'form-data; name="{name}"', "text/plain", one.encode()) for name, one in named.items()]
    parts.append(('form-data; name="text"', kind, b"\xd1\xff\xfe"))
    body = b"".join(
        f"--x\r\nContent-Disposition: {called}\r\nContent-Type: {of}\r\n\r\n".encode() + one + b"\r\n"
        for called, of, one in parts
    )
    answer = await person.client.post(
        path,
        data=body + b"--x--\r\n",
        headers={**person.origin, "Content-Type": "multipart/form-data; boundary=x"},
        allow_redirects=False,
    )
    assert answer.status == 400, await answer.text()
    assert (await house.now(appeal)).version == appeal.version
