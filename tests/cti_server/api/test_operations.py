import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.api.sources import API
from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step
from hotline.line.line import Dispatcher
from hotline.line.presence_states import CONSULT, Presence
from storage.line.dispatchers import StoredDispatchers
from storage.store import Storage
from tests.cti_server.api.conftest import HOME, NUMBER, Program, given_appeal
from tests.cti_server.conftest import MovedClock

KEY = {"Idempotency-Key": "request-0001"}


async def called(storage: Storage, clock: MovedClock, count: int = 1) -> None:
    for at in range(count):
        call_id = f"hotline-1.{at}"
        arrived = clock.now() + timedelta(minutes=at)
        await storage.calls.open(CallRecord(id=call_id, number=NUMBER, shown=NUMBER, arrived_at=arrived))
        await storage.calls.note(
            JourneyStep(call_id=call_id, number=1, at=arrived, step=Step.PRESSED, detail={"key": "1"})
        )
        await storage.calls.close(call_id, Outcome.ANSWERED_BY_MACHINE, arrived + timedelta(seconds=9))
    await storage.calls.flush()


async def test_calls_come_page_by_page_each_once_the_newest_first(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    await called(storage, clock, 5)
    first = await head.get("/calls?limit=2")
    second = await head.get(f"/calls?limit=2&cursor={first['next']}")
    third = await head.get(f"/calls?limit=2&cursor={second['next']}")
    found = [one["id"] for page in (first, second, third) for one in page["items"]]
    assert found == [f"hotline-1.{at}" for at in (4, 3, 2, 1, 0)]
    assert third["next"] is None


async def test_a_call_shows_its_journey_and_what_is_known_of_its_recordings(
    head: Program, masked: Program, storage: Storage, clock: MovedClock
) -> None:
    await called(storage, clock)
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await storage.calls.keep_recording(
        Recording(
            id="r1",
            call_id="hotline-1.0",
            dispatcher_id=desk.id,
            started_at=clock.now(),
            caller_file="a.wav",
            dispatcher_file="b.wav",
            listening_file="c.wav",
            seconds=12.5,
        )
    )
    call = await head.get("/calls/hotline-1.0")
    assert (call["number"], call["outcome"]) == (NUMBER, "answered-by-machine")
    assert [(one["step"], one["detail"]) for one in call["journey"]] == [("pressed", {"key": "1"})]
    assert [(one["id"], one["seconds"], one["ready"]) for one in call["recordings"]] == [("r1", 12.5, True)]
    without = await masked.get("/calls/hotline-1.0")
    assert without["number"] == "+38045*****12"
    assert [one["detail"] for one in without["journey"]] == [None]


async def test_the_same_request_twice_is_one_appeal(head: Program, storage: Storage) -> None:
    one = given_appeal(publish=True)
    sent = [head.ask("POST", "/appeals", json=one, headers=KEY) for _ in range(3)]
    answers = await asyncio.gather(*sent)
    numbers = {(await one.json())["number"] for one in answers}
    assert [one.status for one in answers] == [201, 201, 201]
    assert len(numbers) == 1
    (waiting,) = await storage.public_texts.waiting(9)
    assert {waiting.number} == numbers
    assert answers[0].headers["Location"] == f"/api/v1/appeals/{numbers.pop()}"
    assert len(await storage.appeals.open_of(NUMBER)) == 1


async def test_a_key_serves_one_request_only(head: Program) -> None:
    await head.ask("POST", "/appeals", json=given_appeal(), headers=KEY)
    answer = await head.ask("POST", "/appeals", json=given_appeal(text="Інше"), headers=KEY)
    assert (answer.status, (await answer.json())["code"]) == (409, "key-reused")
    other = await head.ask("POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": "other-0001"})
    assert other.status == 201


@pytest.mark.parametrize(
    "other",
    [
        {"urgency": "urgent"},
        {"applicant": {"name": "Інша Людина"}},
        {"number": "+380457900099"},
        {"text": "Інше"},
    ],
)
async def test_a_key_belongs_to_the_whole_request(head: Program, other: dict[str, object]) -> None:
    assert (await head.ask("POST", "/appeals", json=given_appeal(), headers=KEY)).status == 201
    answer = await head.ask("POST", "/appeals", json=given_appeal(**other), headers=KEY)
    assert (answer.status, (await answer.json())["code"]) == (409, "key-reused")
    same = dict(reversed(given_appeal().items()))
    assert (await head.ask("POST", "/appeals", json=same, headers=KEY)).status == 201, "in another order"


async def test_a_request_that_was_refused_may_be_mended_and_sent_with_its_key(head: Program) -> None:
    assert (await head.ask("POST", "/appeals", json=given_appeal(text=""), headers=KEY)).status == 422
    assert (await head.ask("POST", "/appeals", json=given_appeal(category="none"), headers=KEY)).status == 422
    assert (await head.ask("POST", "/appeals", json=given_appeal(), headers=KEY)).status == 201


async def test_answers_to_the_questions_of_a_category_are_registered_and_read(head: Program) -> None:
    page = await (await head.ask("GET", "/categories")).json()
    (smell,) = (one for one in page["items"] if one["code"] == "gas-smell")
    where, told = smell["questions"]
    assert (where["asks"], where["needed"], told["options"]) == ("choice", True, [])
    answers = {"extent": "the whole house", "since": "2026-03-01T07:30"}
    wrong = given_appeal(details=answers | {"extent": "the Moon", "gas-told": "yes"})
    refused = await (await head.ask("POST", "/appeals", json=wrong, headers=KEY)).json()
    assert {one["where"] for one in refused["errors"]} == {"body.details.extent", "body.details.gas-told"}
    answer = await head.ask("POST", "/appeals", json=given_appeal(details=answers), headers=KEY)
    assert answer.status == 201
    since, extent = (await answer.json())["details"]
    assert (since["answer"], since["uk"]) == ("2026-03-01T05:30+00:00", "Відколи?")
    assert (extent["answer"], extent["answer_en"]) == ("у всьому будинку", "the whole house")


async def test_a_character_that_cannot_be_kept_is_refused_at_its_place(head: Program) -> None:
    answer = await head.ask("POST", "/appeals", json=given_appeal(text="a\0b"), headers=KEY)
    assert (answer.status, (await answer.json())["errors"][0]["where"]) == (422, "body.text")
    answer = await head.ask("GET", "/appeals?text=a%00b")
    assert (answer.status, (await answer.json())["errors"][0]["where"]) == (422, "query.text")


async def test_a_senders_own_id_belongs_to_one_appeal_and_finds_it(
    head: Program, programs: Mapping[Role, Program]
) -> None:
    body, keys = given_appeal(external_id="CRM/17"), iter(range(10))
    sent = [
        head.ask("POST", "/appeals", json=body, headers={"Idempotency-Key": f"other-000{next(keys)}"})
        for _ in range(3)
    ]
    numbers = {(await (await one).json())["number"] for one in sent}
    assert len(numbers) == 1, "whatever key each was sent with"
    found = await head.get("/appeals?external_id=CRM/17")
    assert [one["number"] for one in found["items"]] == list(numbers)
    assert (await head.get("/appeals?external_id=CRM/18"))["items"] == []
    assert (await programs[Role.DISPATCHER].get("/appeals?external_id=CRM/17"))["items"] == [], "another's id"


async def test_changes_are_followed_place_by_place(
    head: Program, programs: Mapping[Role, Program], clock: MovedClock
) -> None:
    made = [
        await (
            await head.ask(
                "POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": f"key-000{at}"}
            )
        ).json()
        for at in range(2)
    ]
    first = await head.get("/appeals/changes?limit=1")
    assert ([one["number"] for one in first["items"]], first["more"]) == ([made[0]["number"]], True)
    rest = await head.get(f"/appeals/changes?after={first['next']}")
    assert [one["number"] for one in rest["items"]] == [made[1]["number"]]
    clock.pass_(minutes=1)
    note = {"version": 1, "text": "Двері з двору"}
    key = {"Idempotency-Key": "note-0001"}
    assert (
        await head.ask("POST", f"/appeals/{made[0]['number']}/note", json=note, headers=key)
    ).status == 200
    news = await head.get(f"/appeals/changes?after={rest['next']}")
    assert [(one["number"], one["version"]) for one in news["items"]] == [(made[0]["number"], 2)]
    since = clock.now().isoformat().replace("+00:00", "Z")
    assert (await head.get(f"/appeals/changes?changed_since={since}"))["items"] == news["items"]
    assert (await programs[Role.EXECUTOR].get("/appeals/changes"))["items"] == [], "of other enterprises"
    assert (await head.ask("GET", "/appeals/changes?after=soon")).status == 422


async def test_without_a_key_nothing_is_registered(head: Program) -> None:
    answer = await head.ask("POST", "/appeals", json=given_appeal())
    problem = await answer.json()
    assert answer.status == 422
    assert problem["errors"] == [{"where": "header.Idempotency-Key", "reason": "Це поле обов’язкове."}]


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"category": "no-such"}, "body.category"),
        ({"consent": False}, "body.consent"),
        ({"applicant": None}, "body.applicant"),
        ({"applicant": 999_999}, "body"),
        ({"sign": "repeated"}, "body.sign"),
        ({"earlier": "2600001"}, "body"),
        ({"text": "  "}, "body.text"),
        ({"kind": "poem"}, "body.kind"),
        ({"urgent": True}, "body.urgent"),
        ({"applicant": {"name": ""}}, "body.applicant.name"),
    ],
)
async def test_each_fault_names_its_place(head: Program, changed: dict[str, object], where: str) -> None:
    answer = await head.ask("POST", "/appeals", json=given_appeal(**changed), headers=KEY)
    problem = await answer.json()
    assert (answer.status, answer.content_type) == (422, "application/problem+json")
    assert [one["where"] for one in problem["errors"]] == [where]


@pytest.mark.usefixtures("streets")
async def test_a_registered_appeal_is_listed_and_read_and_hides_what_is_personal(
    head: Program, masked: Program
) -> None:
    made = await (await head.ask("POST", "/appeals", json=given_appeal(), headers=KEY)).json()
    assert (made["state"], made["sign"], made["text"]) == (
        "registered",
        "first",
        "Немає гарячої води з ранку",
    )
    assert (await head.get("/appeals?state=registered&category=hot-water-none"))["items"] == [made]
    assert (await head.get("/appeals?state=closed"))["items"] == []
    assert (await head.get("/appeals?due=overdue"))["items"] == []
    assert (await masked.ask("GET", "/appeals?text=%D0%B2%D0%BE%D0%B4%D0%B0")).status == 403
    hidden = await masked.get(f"/appeals/{made['number']}")
    assert [hidden[name] for name in ("text", "address", "applicant_id")] == [None, None, None]
    assert hidden["applicant_number"] == "+38045*****12"


async def test_appeals_come_page_by_page(head: Program) -> None:
    for at in range(3):
        key = {"Idempotency-Key": f"request-{at:04}"}
        await head.ask("POST", "/appeals", json=given_appeal(), headers=key)
    first = await head.get("/appeals?limit=2")
    second = await head.get(f"/appeals?limit=2&cursor={first['next']}")
    assert len(first["items"]) == 2
    assert second["next"] is None
    assert len({one["number"] for one in first["items"] + second["items"]}) == 3


async def entered(head: Program) -> tuple[dict[str, object], str]:
    body = {"name": "Марія Демченко", "address": HOME, "numbers": [NUMBER]}
    answer = await head.ask("POST", "/citizens", json=body, headers=KEY)
    assert answer.status == 201
    return await answer.json(), answer.headers["ETag"]


async def test_a_citizen_is_entered_once_and_found_by_number_and_name(head: Program) -> None:
    maria, _ = await entered(head)
    assert (await entered(head))[0] == maria
    assert (await head.get("/citizens", params={"number": NUMBER}))["items"] == [maria]
    assert (await head.get("/citizens", params={"name": "демч мар"}))["items"] == [maria]
    assert (await head.ask("GET", "/citizens")).status == 422


async def test_a_change_needs_the_state_it_was_made_upon(head: Program) -> None:
    maria, etag = await entered(head)
    path, body = f"/citizens/{maria['id']}", {"name": "Марія Коваль", "address": HOME, "numbers": []}
    assert (await head.ask("PUT", path, json=body)).status == 428
    changed = await head.ask("PUT", path, json=body, headers={"If-Match": etag})
    assert (changed.status, (await changed.json())["name"]) == (200, "Марія Коваль")
    late = await head.ask("PUT", path, json=body, headers={"If-Match": etag})
    assert (late.status, (await late.json())["code"]) == (412, "outdated")
    read = await head.ask("GET", path)
    assert read.headers["ETag"] == changed.headers["ETag"]


async def test_a_roster_makes_a_dispatcher_ready_and_paused_for_a_reason(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    path = f"/dispatchers/{desk.id}/presence"
    ready = await head.ask("PUT", path, json={"presence": "ready"})
    assert (ready.status, (await ready.json())["presence"]) == (200, "ready")
    assert (await head.ask("PUT", path, json={"presence": "paused"})).status == 422
    assert (await head.ask("PUT", path, json={"presence": "paused", "reason": "meal"})).status == 200
    assert (await storage.dispatchers.get(desk.id)).reason == "meal"
    assert (await head.ask("PUT", path, json={"presence": "ready"})).status == 200
    assert await storage.line.engage(desk.id, clock.now(), CONSULT)
    refused = await head.ask("PUT", path, json={"presence": "ready"})
    assert (refused.status, (await refused.json())["code"]) == (409, "forbidden-transition")
    wished = await head.ask("PUT", path, json={"presence": "paused", "reason": "meal"})
    told = await wished.json()
    assert (told["presence"], told["wish"]) == ("talking", {"presence": "paused", "reason": "meal"})
    withdrawn = await (await head.ask("PUT", path, json={"presence": "ready"})).json()
    assert (withdrawn["presence"], withdrawn["wish"]) == ("talking", None)


async def test_a_roster_makes_nobody_ready_whose_phone_cannot_ring(
    head: Program, storage: Storage, phoneless: set[str], clock: MovedClock
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    path = f"/dispatchers/{desk.id}/presence"
    phoneless.add("201")
    refused = await head.ask("PUT", path, json={"presence": "ready"})
    told = await refused.json()
    assert (refused.status, told["code"], told["type"]) == (409, "no-phone", "/api/#no-phone")
    assert (await storage.dispatchers.get(desk.id)).presence is Presence.AWAY
    phoneless.clear()
    assert (await head.ask("PUT", path, json={"presence": "ready"})).status == 200
    phoneless.add("201")
    assert (await head.ask("PUT", path, json={"presence": "paused", "reason": "meal"})).status == 200
    assert await storage.line.engage(desk.id, clock.now(), CONSULT)
    assert (await head.ask("PUT", path, json={"presence": "away"})).status == 200
    assert (await head.ask("PUT", path, json={"presence": "ready"})).status == 200


async def test_programs_are_served_two_at_a_time(
    head: Program, app: web.Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, most, dispatchers = 0, 0, app[API].dispatchers
    whole, together = dispatchers.all, asyncio.Event()

    async def counted(_self: object) -> Sequence[Dispatcher]:
        nonlocal served, most
        served += 1
        most = max(most, served)
        if served > 1:
            together.set()
        await together.wait()  # a quick database would hide that they go in pairs
        found = await whole()
        served -= 1
        return found

    monkeypatch.setattr(StoredDispatchers, "all", counted)
    await asyncio.gather(*(head.get("/dispatchers") for _ in range(12)))
    assert most == 2


async def test_the_line_tells_who_waits_in_the_order_of_service(
    head: Program, masked: Program, storage: Storage, clock: MovedClock
) -> None:
    await called(storage, clock, 2)
    await storage.line.enter("hotline-1.0", at=clock.now(), skill="english", topic="heat")
    await storage.line.enter("hotline-1.1", at=clock.now() + timedelta(seconds=1))
    found = (await head.get("/line"))["items"]
    assert [(one["call_id"], one["state"], one["priority"]) for one in found] == [
        ("hotline-1.0", "waiting", "ordinary"),
        ("hotline-1.1", "waiting", "ordinary"),
    ]
    assert found[0]["number"] == NUMBER
    assert [(one["skill"], one["topic"]) for one in found] == [("english", "heat"), (None, None)]
    assert (await masked.get("/line"))["items"][0]["number"] == "+38045*****12"


@pytest.mark.usefixtures("streets")
async def test_texts_are_tidied_and_the_same_request_is_known_again(head: Program) -> None:
    applicant = {"name": " Марія "}
    body = given_appeal(text=" Немає води\r\nз ранку ", address=" Поліський квартал, 5 ", applicant=applicant)
    key = {"Idempotency-Key": "appeal-0009"}
    both = [await head.ask("POST", "/appeals", json=body, headers=key) for _ in range(2)]
    assert [one.status for one in both] == [201, 201]
    made, again = [await one.json() for one in both]
    assert made == again
    assert (made["text"], made["applicant"]) == ("Немає води\nз ранку", "Марія")
