"""Tasks, orders and requests for information, as programs give, control and answer them."""

import hashlib
import io
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.access.users import AuditFilter, User
from hotline.enterprises.executors import Executor
from hotline.inquiries.inquiries import NewInquiry
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program, given_appeal, token_of
from tests.cti_server.conftest import MovedClock
from tests.storage.pictures import pdf, photo

Made = dict[str, Any]


@pytest.fixture
async def rival(client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Program:
    """Another enterprise's system."""
    water = await storage.executors.add("КП «Водоканал»", "Водоканал", ())
    user = users[Role.HEAD]
    return await token_of(client, storage, clock, Role.EXECUTOR, user=user, personal=True, executor=water)


async def sent(program: Program, path: str, body: Made, *, key: str, status: int = 200) -> Made:
    answer = await program.ask("POST", path, json=body, headers={"Idempotency-Key": key})
    assert answer.status == status, await answer.text()
    made: Made = await answer.json()
    return made


async def refused(program: Program, path: str, body: Made) -> tuple[int, str]:
    answer = await program.ask("POST", path, json=body, headers={"Idempotency-Key": "refused-once"})
    return answer.status, (await answer.json())["code"]


@pytest.fixture
def wanted(users: Mapping[Role, User], heat: Executor, clock: MovedClock) -> Made:
    return {
        "text": "Полагодити насос",
        "responsible": f"executor:{heat.id}",
        "controller": users[Role.HEAD].id,
        "due_at": (clock.now() + timedelta(days=5)).isoformat(),
    }


async def test_a_task_goes_from_an_order_to_off_control_between_two_programs(
    programs: Mapping[Role, Program], rival: Program, storage: Storage, wanted: Made
) -> None:
    head, supplier = programs[Role.HEAD], programs[Role.EXECUTOR]
    parties = (await head.get("/tasks/parties"))["items"]
    assert wanted["responsible"] in {one["party"] for one in parties}
    order = {"kind": "mayor", "number": "17", "dated": "2026-03-01", "title": "Про підготовку"}
    entered = await sent(head, "/directives", order, key="order-17-a", status=201)
    assert await sent(head, "/directives", order, key="order-17-b", status=201) == entered
    point = {**wanted, "directive": entered["id"]}
    task = await sent(head, "/tasks", point, key="point-1-of-17", status=201)
    assert await sent(head, "/tasks", point, key="point-1-of-17", status=201) == task
    assert (task["state"], task["record"], task["kind"]) == ("given", entered["record"], "mayor")
    path = f"/tasks/{task['id']}"
    assert (await rival.get("/tasks"))["items"] == []
    assert (await rival.ask("GET", path)).status == 404
    (theirs,) = (await supplier.get("/tasks"))["items"]
    assert theirs["acts"] == ["accept", "report", "note"]
    await sent(supplier, f"{path}/accept", {"version": 1}, key="accepted-1")
    done = {"version": 2, "said": "Насос замінено"}
    reported = await sent(supplier, f"{path}/report", done, key="reported-1")
    assert (reported["state"], reported["result"]) == ("reported", "Насос замінено")
    assert await sent(supplier, f"{path}/report", done, key="reported-1") == reported
    assert await refused(supplier, f"{path}/take-off", {"version": 3, "said": "Досить"}) == (403, "forbidden")
    assert await refused(head, f"{path}/return", {"version": 2, "said": "Ні"}) == (412, "outdated")
    assert await refused(head, f"{path}/return", {"version": 3, "said": " "}) == (422, "invalid")
    await sent(head, f"{path}/return", {"version": 3, "said": "Не всі"}, key="returned-1")
    later = {**wanted, "version": 4, "text": "Полагодити два насоси", "said": "Знайшли другий"}
    changed = await sent(head, f"{path}/change", later, key="changed-1")
    assert (changed["text"], changed["state"]) == ("Полагодити два насоси", "returned")
    assert await sent(head, f"{path}/change", later, key="changed-1") == changed
    other = {**later, "text": "Полагодити три насоси"}
    assert await refused(head, f"{path}/change", other) == (412, "outdated"), "it is not taken for the first"
    await sent(supplier, f"{path}/report", {"version": 5, "said": "Обидва"}, key="reported-2")
    ended = await sent(head, f"{path}/take-off", {"version": 6, "said": "Перевірено"}, key="taken-off-1")
    assert (ended["state"], ended["acts"]) == ("off-control", ["reopen"])
    lines = (await head.get(f"{path}/history"))["items"]
    assert [(one["event"], one["token_id"]) for one in reversed(lines)] == [
        ("give", head.token.id),
        ("accept", supplier.token.id),
        ("report", supplier.token.id),
        ("return", head.token.id),
        ("change", head.token.id),
        ("report", supplier.token.id),
        ("take-off", head.token.id),
    ]
    found = await storage.audit.find(AuditFilter(action="change", subject="task:"), limit=20)
    assert f"token:{supplier.token.id} Система executor; report" in {one.detail for one in found}


async def test_what_is_wrong_with_a_task_is_told_at_its_place(head: Program, wanted: Made) -> None:
    for changed, where in (
        ({"responsible": "executor:999"}, "body.responsible"),
        ({"controller": 999}, "body.controller"),
        ({"due_at": "2026-01-01T10:00:00Z"}, "body.due_at"),
        ({"text": " "}, "body.text"),
    ):
        answer = await head.ask(
            "POST", "/tasks", json={**wanted, **changed}, headers={"Idempotency-Key": "wrong-once"}
        )
        assert [one["where"] for one in (await answer.json())["errors"]] == [where]


async def test_programs_see_tasks_by_role_and_scope_and_no_words_without_personal_data(
    programs: Mapping[Role, Program], masked: Program, storage: Storage, wanted: Made
) -> None:
    head, observer = programs[Role.HEAD], programs[Role.OBSERVER]
    task = await sent(head, "/tasks", wanted, key="task-to-see", status=201)
    path = f"/tasks/{task['id']}"
    noted = await sent(head, f"{path}/note", {"version": 1, "said": "Про Іваненка"}, key="noted-01")
    assert noted["version"] == 2
    assert (await masked.get(f"{path}/history"))["items"][0]["said"] is None
    assert (await observer.get(path))["result"] is None
    assert (await observer.ask("GET", f"{path}/history")).status == 403
    dispatcher = programs[Role.DISPATCHER]
    assert (await dispatcher.get(path))["acts"] == [], "a token has no work of its own"
    assert await refused(dispatcher, f"{path}/accept", {"version": 2}) == (409, "forbidden-transition")
    await storage.tokens.rescope(head.token.id, [Scope.TASKS_READ])
    assert (await head.get(path))["acts"] == []
    assert await refused(head, f"{path}/note", {"version": 2, "said": "?"}) == (403, "scope-needed")


async def test_an_enterprise_is_asked_answers_and_is_asked_for_more(
    programs: Mapping[Role, Program], rival: Program, masked: Program, heat: Executor
) -> None:
    head, supplier = programs[Role.DISPATCHER], programs[Role.EXECUTOR]
    appeal = await sent(head, "/appeals", given_appeal(), key="appeal-0001", status=201)
    question = {"executor_id": heat.id, "text": "Коли буде вода?", "due": "2026-03-09"}
    about = {**question, "appeals": [appeal["number"]]}
    asked = await sent(head, "/inquiries", about, key="asked-once", status=201)
    assert (await sent(head, "/inquiries", about, key="asked-once", status=201))["id"] == asked["id"]
    path = f"/inquiries/{asked['id']}"
    assert (await rival.get("/inquiries"))["items"] == []
    assert await refused(rival, f"{path}/answer", {"version": 1, "said": "Ні"}) == (404, "not-found")
    (owed,) = (await supplier.get("/inquiries"))["items"]
    assert (owed["acts"], owed["text"], owed["appeals"]) == (["answer"], question["text"], about["appeals"])
    answer = {"version": 1, "said": "Завтра"}
    answered = await sent(supplier, f"{path}/answer", answer, key="answered-1")
    assert (answered["state"], answered["in_time"], answered["acts"]) == ("answered", True, [])
    assert await sent(supplier, f"{path}/answer", answer, key="answered-1") == answered
    assert (await masked.get(path))["answer"] is None
    short = {"version": 2, "said": "О котрій?"}
    assert await refused(head, f"{path}/return", {**short, "due": "2020-01-01"}) == (422, "invalid")
    returned = await sent(head, f"{path}/return", {**short, "due": "2026-03-12"}, key="returned-1")
    assert returned["state"] == "returned"
    assert await sent(head, f"{path}/return", {**short, "due": "2026-03-12"}, key="returned-1") == returned
    assert await refused(head, f"{path}/return", {**short, "due": "2026-03-13"}) == (412, "outdated")
    assert await refused(supplier, f"{path}/answer", answer) == (412, "outdated")
    await sent(supplier, f"{path}/answer", {"version": 3, "said": "О десятій"}, key="answered-2")
    ended = await sent(head, f"{path}/accept", {"version": 4}, key="accepted-1")
    assert (ended["state"], ended["acts"]) == ("accepted", [])
    for wrong in ({"executor_id": 999}, {"due": "2020-01-01"}, {"appeals": ["999999"]}):
        assert await refused(head, "/inquiries", {**question, **wrong}) == (422, "invalid")


async def brought(program: Program, path: str, content: bytes, *, name: str, key: str) -> tuple[int, Made]:
    headers = {"Idempotency-Key": key, "Content-Type": "application/octet-stream"}
    data = io.BytesIO(content)
    answer = await program.ask("POST", f"{path}/files", params={"name": name}, data=data, headers=headers)
    return answer.status, await answer.json()


async def test_files_of_a_task_and_of_an_answer_go_up_and_down(  # noqa: PLR0917 - fixtures
    programs: Mapping[Role, Program],
    rival: Program,
    masked: Program,
    heat: Executor,
    wanted: Made,
    tmp_path: Path,
) -> None:
    head, supplier = programs[Role.HEAD], programs[Role.EXECUTOR]
    task = await sent(head, "/tasks", wanted, key="task-with-files", status=201)
    question = {"executor_id": heat.id, "text": "Чи є акт?", "due": "2026-03-09"}
    asked = await sent(head, "/inquiries", question, key="asked-for-a-paper", status=201)
    for path, seen in ((f"/tasks/{task['id']}", "task"), (f"/inquiries/{asked['id']}", "inquiry")):
        status, paper = await brought(supplier, path, pdf(), name="../Акт.exe", key=f"paper-{seen}")
        assert (status, paper["name"], paper["record"]) == (201, "Акт.pdf", f"{seen}:{path.split('/')[-1]}")
        assert await brought(supplier, path, pdf(), name="../Акт.exe", key=f"paper-{seen}") == (201, paper)
        assert (await brought(supplier, path, pdf(), name="Копія.pdf", key=f"again-{seen}"))[1] == paper
        status, drawn = await brought(supplier, path, photo(), name="IMG_1.jpg", key=f"photo-{seen}")
        assert (status, drawn["kind"]) == (201, "image/jpeg")
        assert (await head.get(f"{path}/files"))["items"] == [paper, drawn]
        whole = await head.ask("GET", f"{path}/files/{drawn['id']}")
        content = await whole.read()
        assert (whole.status, hashlib.sha256(content).hexdigest()) == (200, drawn["sha256"])
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif(), "neither its place nor its owner"
        assert [one["name"] for one in (await masked.get(f"{path}/files"))["items"]] == [None, None]
        assert (await masked.ask("GET", f"{path}/files/{paper['id']}")).status == 403
        assert (await rival.ask("GET", f"{path}/files")).status == 404
        assert (await rival.ask("GET", f"{path}/files/{paper['id']}")).status == 404
        assert (await brought(rival, path, pdf(), name="Чуже.pdf", key=f"theirs-{seen}"))[0] == 404
        other = f"/{path.split('/')[1]}/{int(path.split('/')[2]) + 1}/files/{paper['id']}"
        assert (await head.ask("GET", other)).status == 404, "of that record alone"
        status, problem = await brought(supplier, path, b"<svg/>", name="a.svg", key=f"svg-{seen}")
        assert (status, problem["refusal"]) == (422, "kind")

    await sent(supplier, f"/inquiries/{asked['id']}/answer", {"version": 1, "said": "Є"}, key="answered-f")
    late = await brought(supplier, f"/inquiries/{asked['id']}", pdf(), name="Пізно.pdf", key="late-paper")
    assert (late[0], late[1]["code"]) == (409, "forbidden-transition")
    await sent(head, f"/tasks/{task['id']}/withdraw", {"version": 1, "said": "Досить"}, key="withdrawn-f")
    late = await brought(supplier, f"/tasks/{task['id']}", pdf(), name="Пізно.pdf", key="late-paper-2")
    assert (late[0], late[1]["code"]) == (409, "forbidden-transition")
    lying = [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()]
    assert len(lying) == 6, "a paper, a photo and its small picture for each, and nothing of what was refused"


async def test_a_file_that_comes_slowly_is_not_for_a_task_that_was_withdrawn_meanwhile(
    programs: Mapping[Role, Program], wanted: Made, tmp_path: Path
) -> None:
    head, supplier = programs[Role.HEAD], programs[Role.EXECUTOR]
    task = await sent(head, "/tasks", wanted, key="task-slow-file", status=201)
    path, content = f"/tasks/{task['id']}", pdf()

    async def slowly() -> AsyncIterator[bytes]:
        yield content[:20]
        await sent(head, f"{path}/withdraw", {"version": 1, "said": "Досить"}, key="withdrawn-s")
        yield content[20:]

    headers = {
        "Idempotency-Key": "slow-paper",
        "Content-Type": "application/octet-stream",
        "Content-Length": str(len(content)),
    }
    answer = await supplier.ask(
        "POST", f"{path}/files", params={"name": "Акт.pdf"}, data=slowly(), headers=headers
    )
    assert (answer.status, (await answer.json())["code"]) == (409, "forbidden-transition")
    assert [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()] == []


async def test_an_enterprise_pages_through_all_that_was_ever_asked_of_it(
    programs: Mapping[Role, Program], heat: Executor, storage: Storage, clock: MovedClock
) -> None:
    head, supplier = programs[Role.HEAD], programs[Role.EXECUTOR]
    for number in range(5):
        new = NewInquiry(
            executor_id=heat.id,
            text=f"{number}?",
            appeals=(),
            due_at=clock.now() + timedelta(days=9 - number),
        )
        await storage.inquiries.ask(new, head.token.user_id, clock.now())
    found, cursor = [], {}
    while True:
        page = await supplier.get("/inquiries", params={"limit": "2", **cursor})
        found += [one["text"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == ["4?", "3?", "2?", "1?", "0?"]
    beyond = await supplier.get("/inquiries", params={"cursor": "250"})
    assert beyond == {"next": None, "items": []}
