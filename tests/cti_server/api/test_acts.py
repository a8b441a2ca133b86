"""What other systems do with appeals: an executor's own, and the centre's."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.appeal import AppealState
from hotline.appeals.routing import Rule
from hotline.city.addresses import demo_streets
from hotline.enterprises.executors import Executor
from storage.store import Storage
from tests.cti_server.api.conftest import INTERPRETER, Client, Program, given_appeal, token_of
from tests.cti_server.conftest import MovedClock

Made = dict[str, Any]
UNTIL = "2026-03-20"
"""A day within what the law allows."""


@pytest.fixture
async def water(storage: Storage) -> Executor:
    return await storage.executors.add("КП «Водоканал»", "Водоканал", ())


@pytest.fixture
async def appeal(head: Program, storage: Storage, heat: Executor) -> Made:
    """One that the rules give to the heat supplier."""
    await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("hot-water-*",)))
    key = {"Idempotency-Key": "appeal-0001"}
    made: Made = await (await head.ask("POST", "/appeals", json=given_appeal(), headers=key)).json()
    assert (made["state"], made["executor"]) == ("assigned", "Тепломережі")
    return made


@pytest.fixture
def supplier(programs: Mapping[Role, Program]) -> Program:
    """The heat supplier's own system."""
    return programs[Role.EXECUTOR]


@pytest.fixture
async def rival(
    client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User], water: Executor
) -> Program:
    """Another enterprise's system."""
    user = users[Role.HEAD]
    return await token_of(client, storage, clock, Role.EXECUTOR, user=user, personal=True, executor=water)


async def act(
    program: Program, number: str, name: str, version: int, *, key: str = "", **said: object
) -> aiohttp.ClientResponse:
    headers = {"Idempotency-Key": key or f"{name}-{version:04}"}
    body = {"version": version, **said}
    return await program.ask("POST", f"/appeals/{number}/{name}", json=body, headers=headers)


async def done(program: Program, number: str, name: str, version: int, **said: object) -> Made:
    answer = await act(program, number, name, version, **said)
    assert answer.status == 200, await answer.text()
    line: Made = await answer.json()
    return line


async def refused(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json())["code"]


async def test_an_executors_system_takes_an_appeal_from_acceptance_to_done(
    supplier: Program, head: Program, appeal: Made
) -> None:
    number = appeal["number"]
    assert (await supplier.get("/appeals"))["items"][0]["acts"] == [
        *("accept", "hand-back", "pass-inside", "ask-extension", "note", "ask-back")
    ]
    accepted = await done(supplier, number, "accept", 2)
    assert (accepted["before"], accepted["after"], accepted["version"]) == ("assigned", "accepted", 3)
    await done(supplier, number, "begin-work", 3)
    answer = "Замінили вентиль, вода є"
    await done(supplier, number, "report-done", 4, result="satisfied", answer=answer)
    read = await supplier.get(f"/appeals/{number}")
    assert (read["state"], read["result"], read["answer"], read["acts"]) == (
        *("done", "satisfied", answer),
        ["take-back", "note"],
    )
    lines = (await head.get(f"/appeals/{number}/history"))["items"]
    assert [(one["act"], one["by"], one["after"]) for one in lines] == [
        ("register", "dispatcher", "registered"),
        ("assign", "service", "assigned"),
        ("accept", "executor", "accepted"),
        ("begin-work", "executor", "in-work"),
        ("report-done", "executor", "done"),
    ]
    assert lines[-1]["said"] == answer
    assert (await done(supplier, number, "take-back", 5, reason="Знов тече"))["after"] == "in-work"
    await done(supplier, number, "report-done", 6, result="satisfied", answer=answer)
    returned = await done(head, number, "refuse-done", 7, reason="Вода тече")
    assert (returned["before"], returned["after"]) == ("done", "in-work")


async def test_an_executors_system_is_told_whom_not_to_call(
    head: Program, supplier: Program, appeal: Made
) -> None:
    assert appeal["only_in_writing"] is False
    await done(head, appeal["number"], "amend", 2, reply_by="sms-only", reply_to="+380671234568")
    assert (await supplier.get(f"/appeals/{appeal['number']}"))["only_in_writing"] is True


async def test_an_enterprise_passes_an_appeal_to_one_of_its_own_people(
    supplier: Program, appeal: Made, storage: Storage, heat: Executor
) -> None:
    number = appeal["number"]
    assert (await supplier.get("/colleagues"))["items"] == []
    master = await storage.users.add(
        login="koval", name="Коваль", role=Role.EXECUTOR, password_hash="", executor_id=heat.id
    )
    (colleague,) = (await supplier.get("/colleagues"))["items"]
    assert colleague == {"id": master.id, "name": "Коваль"}
    await done(supplier, number, "pass-inside", 2, assignee_id=master.id, reason="Його дільниця")
    assert (await supplier.get(f"/appeals/{number}"))["assignee_id"] == master.id
    stranger = await act(supplier, number, "pass-inside", 3, assignee_id=supplier.token.user_id)
    assert await refused(stranger) == (422, "invalid")
    await done(supplier, number, "pass-inside", 3, assignee_id=None)
    assert (await supplier.get(f"/appeals/{number}"))["assignee_id"] is None


async def test_an_interpreters_number_is_no_applicants(head: Program) -> None:
    shared, key = given_appeal(number=INTERPRETER), {"Idempotency-Key": "appeal-shared"}
    answer = await head.ask("POST", "/appeals", json=shared, headers=key)
    assert [one["where"] for one in (await answer.json())["errors"]] == ["body.number"]


async def test_the_centre_puts_right_what_was_registered(
    head: Program, supplier: Program, appeal: Made, storage: Storage
) -> None:
    number, quarter = appeal["number"], "Київський квартал"
    await storage.streets.add(demo_streets())
    mended = {"urgency": "emergency", "address": f"{quarter}, 9", "reason": "Помилка"}
    line = await done(head, number, "amend", 2, **mended)
    assert (line["act"], line["internal"]) == ("amend", True)
    now = await head.get(f"/appeals/{number}")
    assert (now["urgency"], now["address"], now["text"]) == ("emergency", f"{quarter}, 9", appeal["text"])
    assert "amend" in now["acts"]
    wrong = ({"reply_by": "sms", "reply_to": to} for to in ("+441632960961", INTERPRETER))
    for said in ({}, {"category": "no-such"}, *wrong):
        assert await refused(await act(head, number, "amend", 3, **said)) == (422, "invalid")
    assert await refused(await act(supplier, number, "amend", 3, text="Ні")) == (403, "forbidden")
    answer = await act(head, number, "amend", 3, details={"gas-told": "yes"}, key="answers-0")
    assert [one["where"] for one in (await answer.json())["errors"]] == ["body.details.gas-told"]
    await done(head, number, "amend", 3, details={"extent": "the whole house"})
    assert [one["code"] for one in (await head.get(f"/appeals/{number}"))["details"]] == ["extent"]


async def test_who_acted_by_which_token_stands_in_the_history_and_the_audit_log(
    supplier: Program, appeal: Made, storage: Storage, heat: Executor
) -> None:
    await done(supplier, appeal["number"], "accept", 2, acknowledged_by="Майстер Коваль")
    entry = (await storage.handling.history(appeal["number"], hidden=True))[-1]
    assert (entry.executor_id, entry.user_id) == (heat.id, supplier.token.user_id)
    assert entry.facts == {"acknowledged_by": "Майстер Коваль", "source": f"token:{supplier.token.id}"}
    found = await storage.audit.find(AuditFilter(action="change", subject="appeal:"), limit=5)
    assert [one.detail for one in found] == [f"token:{supplier.token.id} Система executor; accept"]


async def test_another_enterprises_appeal_is_one_that_does_not_exist(
    rival: Program, appeal: Made, storage: Storage, heat: Executor
) -> None:
    number = appeal["number"]
    assert (await rival.get("/appeals"))["items"] == []
    assert (await rival.get(f"/appeals?executor={heat.id}"))["items"] == []
    for path in (f"/appeals/{number}", f"/appeals/{number}/history"):
        assert await refused(await rival.ask("GET", path)) == (404, "not-found")
    body = {
        "result": "satisfied",
        "answer": "Готово",
        "reason": "Не наше",
        "text": "?",
        "until": "2026-03-20",
    }
    fields = {
        "accept": (),
        "hand-back": ("reason",),
        "begin-work": (),
        "report-done": ("result", "answer"),
        "ask-extension": ("until", "reason"),
        "note": ("text",),
    }
    for version in (1, 2):  # neither an old version nor the present one tells that it is there
        for name, needed in fields.items():
            answer = await act(rival, number, name, version, **{one: body[one] for one in needed})
            assert await refused(answer) == (404, "not-found"), name
            unknown = await act(rival, "2699999", name, version, **{one: body[one] for one in needed})
            assert (await unknown.json())["title"] == (await answer.json())["title"]
    kept = await storage.registry.find(number)
    assert kept is not None
    assert kept.version == 2


async def test_the_same_request_again_is_not_done_again(
    supplier: Program, appeal: Made, storage: Storage
) -> None:
    number = appeal["number"]
    both = await asyncio.gather(*(done(supplier, number, "accept", 2, key="one-0001") for _ in range(4)))
    assert all(one == both[0] for one in both)
    await done(supplier, number, "begin-work", 3)
    assert await done(supplier, number, "accept", 2, key="one-0001") == both[0]
    history = await storage.handling.history(number, hidden=True)
    assert [one.act for one in history] == ["register", "assign", "accept", "begin-work"]


async def test_what_was_handed_back_can_be_asked_again_but_not_seen(
    supplier: Program, appeal: Made, head: Program
) -> None:
    number, reason = appeal["number"], "Будинок на балансі ЖКЦ"
    line = await done(supplier, number, "hand-back", 2, reason=reason, key="back-0001")
    assert line == await done(supplier, number, "hand-back", 2, reason=reason, key="back-0001")
    assert (await supplier.ask("GET", f"/appeals/{number}")).status == 404
    assert await refused(await act(supplier, number, "note", 3, text="?")) == (404, "not-found")
    assert (await head.get(f"/appeals/{number}"))["executor"] is None


async def test_a_key_serves_one_act_only(supplier: Program, appeal: Made) -> None:
    number = appeal["number"]
    await done(supplier, number, "accept", 2, key="same-0001")
    for name, said in (("begin-work", {}), ("accept", {"acknowledged_by": "Інший"})):
        answer = await act(supplier, number, name, 3, key="same-0001", **said)
        assert await refused(answer) == (409, "key-reused")


async def test_whoever_acts_on_an_old_version_is_told_the_present_one(
    supplier: Program, head: Program, appeal: Made, water: Executor, heat: Executor
) -> None:
    number = appeal["number"]
    await done(head, number, "note", 2, text="Мешканці чекають з ранку")
    answer = await act(supplier, number, "accept", 2)
    problem = await answer.json()
    assert (answer.status, problem["code"], problem["version"]) == (409, "overtaken", 3)
    await done(supplier, number, "accept", 3)
    both = await asyncio.gather(
        act(head, number, "assign", 4, executor_id=water.id, reason="Ближче"),
        act(supplier, number, "begin-work", 4),
    )
    assert sorted(one.status for one in both) in ([200, 404], [200, 409])
    assert (await head.get(f"/appeals/{number}"))["executor_id"] in {water.id, heat.id}


async def test_what_the_present_state_forbids_is_refused(supplier: Program, appeal: Made) -> None:
    answer = await act(supplier, appeal["number"], "begin-work", 2)
    assert await refused(answer) == (409, "forbidden-transition")


@pytest.mark.parametrize(
    ("name", "said", "where"),
    [
        ("report-done", {"result": "forwarded", "answer": "Не наше"}, "body.result"),
        ("ask-extension", {"until": "2026-03-01", "reason": "Чекаємо труби"}, "body.until"),
        ("hand-back", {"reason": "  "}, "body.reason"),
        ("accept", {"executor_id": 7}, "body.executor_id"),
    ],
)
async def test_each_fault_names_its_place(
    supplier: Program, appeal: Made, name: str, said: Made, where: str
) -> None:
    number, version = appeal["number"], 2
    if name == "report-done":
        version = (await done(supplier, number, "accept", 2))["version"]
        version = (await done(supplier, number, "begin-work", version))["version"]
    answer = await act(supplier, number, name, version, **said)
    problem = await answer.json()
    assert (answer.status, [one["where"] for one in problem["errors"]]) == (422, [where])


async def test_without_a_key_or_a_version_nothing_is_done(
    supplier: Program, appeal: Made, storage: Storage
) -> None:
    path = f"/appeals/{appeal['number']}/accept"
    keyless = await supplier.ask("POST", path, json={"version": 2})
    assert [one["where"] for one in (await keyless.json())["errors"]] == ["header.Idempotency-Key"]
    blind = await supplier.ask("POST", path, json={}, headers={"Idempotency-Key": "blind-0001"})
    assert [one["where"] for one in (await blind.json())["errors"]] == ["body.version"]
    kept = await storage.registry.find(appeal["number"])
    assert kept is not None
    assert kept.state is AppealState.ASSIGNED


async def test_the_centre_assigns_and_a_closed_enterprise_gets_nothing(
    programs: Mapping[Role, Program], appeal: Made, water: Executor, rival: Program, storage: Storage
) -> None:
    dispatcher, number = programs[Role.DISPATCHER], appeal["number"]
    assert {one["short"] for one in (await dispatcher.get("/executors"))["items"]} == {
        *("Тепломережі", "Водоканал")
    }
    await done(dispatcher, number, "assign", 2, executor_id=water.id, reason="Протікає труба")
    assert (await rival.get(f"/appeals/{number}"))["executor"] == "Водоканал"
    closed = await storage.executors.add("КП «Старе»", "Старе", ())
    await storage.executors.update(type(closed)(id=closed.id, name=closed.name, short="Старе", active=False))
    for executor_id in (closed.id, 9999):
        answer = await act(dispatcher, number, "assign", 3, executor_id=executor_id)
        assert [one["where"] for one in (await answer.json())["errors"]] == ["body.executor_id"]


async def test_a_question_more_time_and_what_the_head_decides(
    supplier: Program, programs: Mapping[Role, Program], head: Program, appeal: Made
) -> None:
    number, dispatcher = appeal["number"], programs[Role.DISPATCHER]
    await done(supplier, number, "ask-back", 2, text="Який під’їзд?")
    await done(dispatcher, number, "answer-back", 3, text="Другий")
    again = await act(dispatcher, number, "answer-back", 4, text="Другий")
    assert await refused(again) == (409, "forbidden-transition")
    await done(supplier, number, "ask-extension", 4, until=UNTIL, reason="Чекаємо труби")
    assert await refused(await act(dispatcher, number, "extend", 5, until=UNTIL, reason="Є підстави")) == (
        *(403, "forbidden"),
    )
    await done(head, number, "refuse-extension", 5, reason="Труби є на складі")
    await done(head, number, "extend", 6, until=UNTIL, reason="Є підстави")
    read = await head.get(f"/appeals/{number}")
    assert (read["extended"], read["due_on"], read["extension_wanted"]) == (True, UNTIL, None)
    line = await done(head, number, "control", 7, on=True, reason="Багато скарг")
    assert (line["act"], line["by"]) == ("control", "head")

    forwarded = await done(dispatcher, number, "forward", 8, to="Облрада", reason="Належить їм")
    assert (forwarded["after"], forwarded["executor_id"]) == ("forwarded", None)
    assert (await supplier.ask("GET", f"/appeals/{number}")).status == 404


async def test_what_many_reported_goes_along_with_one_and_the_head_leaves_one(
    head: Program, appeal: Made
) -> None:
    key = {"Idempotency-Key": "appeal-0002"}
    other = await (await head.ask("POST", "/appeals", json=given_appeal(), headers=key)).json()
    number, version = other["number"], other["version"]
    linked = await done(head, number, "link", version, parent=appeal["number"])
    assert (await head.get(f"/appeals/{number}"))["parent"] == appeal["number"]
    parted = await done(head, number, "unlink", linked["version"], reason="Про інше")
    unknown = await act(head, number, "link", parted["version"], parent="2699999", key="link-9999")
    assert [one["where"] for one in (await unknown.json())["errors"]] == ["body.parent"]
    said = {"ground": "anonymous", "reason": "Без підпису"}
    answer = await act(head, number, "reject", parted["version"], **said)
    assert [one["where"] for one in (await answer.json())["errors"]] == ["body.ground"]


async def test_the_history_hides_what_is_not_for_the_applicant(
    head: Program, masked: Program, appeal: Made
) -> None:
    number = appeal["number"]
    hidden = await done(head, number, "note", 2, text="Заявник грубий")
    assert hidden["internal"] is True
    await done(head, number, "note", 3, text="Бригада виїхала", internal=False)
    lines = (await head.get(f"/appeals/{number}/history"))["items"]
    assert [(one["act"], one["said"]) for one in lines][2:] == [("note", "Бригада виїхала")]
    assert {one["said"] for one in (await masked.get(f"/appeals/{number}/history"))["items"]} == {None}


async def test_an_executors_token_gets_no_ids_of_citizens_and_calls(
    supplier: Program, head: Program, appeal: Made
) -> None:
    path = f"/appeals/{appeal['number']}"
    theirs, ours = await supplier.get(path), await head.get(path)
    assert ours["applicant_id"] is not None
    assert (theirs["applicant_id"], theirs["call_id"]) == (None, None)
    assert theirs["applicant"] == ours["applicant"] == "Марія Демченко"
    for closed in ("/citizens", "/calls", "/line", "/dispatchers", "/executors"):
        assert (await supplier.ask("GET", closed)).status == 403
