"""Our city hands appeals over to an enterprise with a hotline of its own, by real HTTP, and reads back."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Dispute
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.enterprises.open311 import TOKEN, Open311Endpoint, Shared
from service.delivery.courier import Books, Courier
from service.node.bus import Bus
from service.open311.carrier import Open311Carrier, to_server
from service.open311.client import Open311Client
from service.wiring.open311 import open311_reading
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.databases import fresh_storage
from tests.fakes.register import MARIA, Register

NUMBER, OTHER = "2600001", "2600002"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class OurCity:
    """Our own storage, in which the first enterprise has an Open311."""

    storage: Storage
    clock: MovedClock
    session: aiohttp.ClientSession

    def __post_init__(self) -> None:
        storage = self.storage
        carrier = Open311Carrier(
            client=Open311Client(self.session),
            executors=storage.executors,
            endpoints=storage.open311_endpoints,
            registry=storage.registry,
            citizens=storage.citizens,
            outbox=storage.outbox,
            zone=KYIV,
        )
        books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=self.clock)
        self.courier = Courier(Channel.OPEN311, carrier, books, to_server)
        self.reading = open311_reading(storage, self.session, Bus(), self.clock)
        self.register = Register(storage, self.clock)

    async def endpoint(self, address: str, *, key: str = "k", **more: object) -> Open311Endpoint:
        """Give the enterprise its Open311."""
        known = await self.storage.executors.all()
        one = known[0] if known else await self.storage.executors.add("КП «УЖКГ»", "УЖКГ", [])
        given = Open311Endpoint(address=address, services={"street-light": "street-light"})
        made = replace(given, **more)
        await self.storage.open311_endpoints.set(one.id, made, key=key, seen=one.open311)
        return made

    async def appeal(self, number: str = NUMBER) -> Appeal:
        return await self.register.appeal(number, AppealState.ASSIGNED)

    async def notice(self, number: str = NUMBER) -> Notice:
        [one] = [one for one in await self.storage.outbox.of_appeal(number) if one.channel is Channel.OPEN311]
        return one


@pytest.fixture
async def ours(clock: MovedClock) -> AsyncIterator[OurCity]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with fresh_storage(clock) as opened, aiohttp.ClientSession(connector=connector) as session:
        yield OurCity(opened, clock, session)


async def test_it_is_filed_there_without_a_person_in_it_and_what_is_closed_there_is_done_here(
    ours: OurCity, client: Client, clock: MovedClock, register: Register, programs: Mapping[Role, Program]
) -> None:
    address = str(client.make_url("/open311/v2"))
    await ours.endpoint(address, key=programs[Role.DISPATCHER].secret, repeatable=True)
    await ours.appeal()
    await ours.courier.round()
    notice = await ours.notice()
    assert notice.state is NoticeState.SENT
    there = await register.now(notice.provider_id)
    assert there.address == "Київський квартал, 7"
    assert there.text.startswith(f"№ {NUMBER}. ")
    assert "під'їзду" not in there.text
    assert (there.applicant_number, there.reply_to) == (None, "")
    [handed] = await ours.storage.open311_endpoints.handed(1)
    assert (handed.number, handed.request_id) == (NUMBER, there.number)

    clock.pass_(minutes=5)
    await register.worked(there.number, AppealState.IN_WORK)
    await ours.reading.round()
    assert (await ours.register.now(NUMBER)).state is AppealState.ASSIGNED, "a machine's word accepts nothing"
    said = [one.said for one in await ours.storage.handling.history(NUMBER, hidden=True)]
    assert "Система підприємства: У роботі" in said

    clock.pass_(minutes=5)
    await register.worked(there.number, AppealState.CLOSED)
    for _ in range(2):
        await ours.reading.round()
    done = await ours.register.now(NUMBER)
    assert (done.state, done.answer[:30]) == (AppealState.DONE, "Система підприємства повідомила"[:30])
    history = await ours.storage.handling.history(NUMBER, hidden=True)
    assert [one.act for one in history].count("report-done") == 1

    clock.pass_(minutes=5)
    dispute = Dispute(by=applicant("letter:1"), at=clock.now())
    await ours.storage.handling.carry_out(NUMBER, dispute, version=None)
    await ours.reading.round()
    assert (await ours.register.now(NUMBER)).state is AppealState.DISPUTED, "the old word is not taken again"


async def test_what_is_not_known_to_have_arrived_goes_again_and_is_one_request(
    ours: OurCity, client: Client, clock: MovedClock, programs: Mapping[Role, Program]
) -> None:
    address = str(client.make_url("/open311/v2"))
    await ours.endpoint(address, key=programs[Role.DISPATCHER].secret, repeatable=True)
    await ours.appeal()
    await ours.courier.round()
    first = await ours.notice()
    async with ours.storage.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE notices SET state = 'unsure', provider_id = ''")
    clock.pass_(minutes=30)
    await ours.courier.round()
    again = await ours.notice()
    assert (again.state, again.provider_id) == (NoticeState.SENT, first.provider_id)


async def test_more_goes_there_only_as_far_as_the_contract_says(
    ours: OurCity, client: Client, storage: Storage, register: Register, programs: Mapping[Role, Program]
) -> None:
    address, key = str(client.make_url("/open311/v2")), programs[Role.DISPATCHER].secret
    await ours.endpoint(address, key=key, shared=Shared.APPLICANT)
    await ours.appeal()
    await ours.courier.round()
    there = await register.now((await ours.notice()).provider_id)
    assert "під'їзду" in there.text
    async with storage.database.reading() as connection:
        contacts = (await connection.exec_driver_sql("SELECT contact FROM resident_reports")).scalars().all()
    assert contacts == [MARIA]


async def test_what_has_no_code_there_or_goes_by_another_law_stays_here(ours: OurCity) -> None:
    await ours.endpoint("https://uzhkg.example/v2", services={"water-none": "1"})
    await ours.appeal()
    present = (await ours.storage.executors.get(1)).open311
    everything = Open311Endpoint(address="https://uzhkg.example/v2", other="1")
    await ours.storage.open311_endpoints.set(1, everything, key=None, seen=present)
    like = await ours.register.appeal("2600003", AppealState.REGISTERED)
    asked = await ours.register.other_address(like, number=OTHER, kind=AppealKind.INFORMATION_REQUEST)
    await ours.register.worked(asked.number, AppealState.ASSIGNED)
    for number in (NUMBER, OTHER):
        told = await ours.storage.outbox.of_appeal(number)
        assert told
        assert Channel.OPEN311 not in {one.channel for one in told}


@pytest.fixture
async def scripted() -> AsyncIterator[Callable[[Answer], Awaitable[str]]]:
    """Begin a server that answers so; gives its address."""
    servers: list[TestServer] = []

    async def begin(answer: Answer) -> str:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", answer)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        return str(servers[-1].make_url("/v2"))

    yield begin
    for one in servers:
        await one.close()


def saying(status: int, text: str, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, text=text, content_type="application/json", headers=headers)

    return answer


@pytest.mark.parametrize(
    ("status", "text", "state"),
    [
        (400, '[{"code": 400, "description": "no such service"}]', NoticeState.FAILED),
        (403, "[]", NoticeState.OWED),
        (503, "", NoticeState.OWED),
        (500, "oops", NoticeState.UNSURE),
        (201, "<html>", NoticeState.UNSURE),
        (201, '[{"service_request_id": null}]', NoticeState.UNSURE),
        (200, "[" * 100_000, NoticeState.UNSURE),
        (201, "x" * (1024 * 1024 + 1), NoticeState.UNSURE),
        (302, "", NoticeState.UNSURE),
    ],
)
async def test_a_wrong_answer_is_no_hand_over_and_others_are_not_held_up(
    ours: OurCity,
    scripted: Callable[[Answer], Awaitable[str]],
    status: int,
    text: str,
    state: NoticeState,
) -> None:
    elsewhere: list[str] = []

    async def asked(request: web.Request) -> web.Response:
        elsewhere.append(request.path)
        return web.Response()

    location = await scripted(asked)
    await ours.endpoint(await scripted(saying(status, text, Location=location)))
    await ours.appeal()
    await ours.courier.round()
    assert (await ours.notice()).state is state
    assert elsewhere == [], "the key goes nowhere else"

    good = await scripted(saying(201, '[{"service_request_id": 77}]'))
    other = await ours.storage.executors.add("КП «Інше»", "Інше", [])
    given = Open311Endpoint(address=good, other="1")
    await ours.storage.open311_endpoints.set(other.id, given, key=None, seen=None)
    await ours.register.assigned(OTHER, other.id)
    await ours.courier.round()
    assert ((await ours.notice(OTHER)).state, (await ours.notice(OTHER)).provider_id) == (
        NoticeState.SENT,
        "77",
    )


async def test_who_is_away_gets_it_later_and_a_token_becomes_an_id(
    ours: OurCity, scripted: Callable[[Answer], Awaitable[str]], clock: MovedClock
) -> None:
    endpoint = await ours.endpoint(f"http://127.0.0.1:{unused_port()}/v2")
    await ours.appeal()
    await ours.courier.round()
    notice = await ours.notice()
    assert (notice.state, notice.fault[:28]) == (NoticeState.OWED, "its Open311 was not reached:")

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.json_response([{"token": "t/1"}], status=201)
        if "tokens" in request.path:
            return web.json_response([{"service_request_id": "A-1", "token": "t/1"}])
        if "servicerequestupdates" in request.path:
            return web.Response(status=404)
        listed = {"service_request_id": request.query["service_request_id"], "status": "closed"}
        return web.json_response([{**listed, "status_notes": "Лампу замінено"}])

    there = await scripted(answer)
    [one] = await ours.storage.executors.all()
    await ours.storage.open311_endpoints.set(
        one.id, replace(endpoint, address=there), key=None, seen=endpoint
    )
    ours = OurCity(ours.storage, clock, ours.session)  # the service was begun anew
    clock.pass_(minutes=2)
    await ours.courier.round()
    assert (await ours.notice()).provider_id == f"{TOKEN}t/1"
    await ours.reading.round()
    assert (await ours.notice()).provider_id == "A-1"
    done = await ours.register.now(NUMBER)
    assert (done.state, "Лампу замінено" in done.answer) == (AppealState.DONE, True)


async def test_an_unsure_one_is_looked_for_by_our_number_and_else_a_person_says(
    ours: OurCity, scripted: Callable[[Answer], Awaitable[str]], clock: MovedClock
) -> None:
    listed: list[dict[str, str]] = [{"service_request_id": "1", "description": ""}]

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=500) if request.method == "POST" else web.json_response(listed)

    await ours.endpoint(await scripted(answer))
    await ours.appeal()
    await ours.courier.round()
    clock.pass_(minutes=2)
    await ours.courier.round()
    assert (await ours.notice()).state is NoticeState.UNSURE, "descriptions are not shown there"
    listed.append({"service_request_id": "2", "description": f"№ {NUMBER}. Ліхтар"})
    clock.pass_(hours=3)
    await ours.courier.round()
    assert ((await ours.notice()).state, (await ours.notice()).provider_id) == (NoticeState.SENT, "2")


async def test_one_filed_hours_after_it_was_owed_is_found_and_not_filed_twice(
    ours: OurCity, scripted: Callable[[Answer], Awaitable[str]], clock: MovedClock
) -> None:
    filed: list[datetime] = []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            filed.append(clock.now())
            return web.Response(status=503 if len(filed) == 1 else 500)
        first, last = (datetime.fromisoformat(request.query[one]) for one in ("start_date", "end_date"))
        kept = [(f"№ {OTHER}. Ліхтар", filed[0]), (f"№ {NUMBER}. Ліхтар", filed[-1])]
        return web.json_response(
            [
                {"service_request_id": str(place), "description": text}
                for place, (text, at) in enumerate(kept)
                if first <= at <= last
            ]
        )

    await ours.endpoint(await scripted(answer))
    await ours.appeal()
    await ours.courier.round()
    clock.pass_(hours=5)
    ours = OurCity(ours.storage, clock, ours.session)  # nothing is left alone any more
    await ours.courier.round()
    assert (await ours.notice()).state is NoticeState.UNSURE
    clock.pass_(minutes=2)
    await ours.courier.round()
    assert ((await ours.notice()).provider_id, len(filed)) == ("1", 2)


async def test_a_server_that_does_not_say_what_it_has_is_not_asked_for_each_request(
    ours: OurCity, scripted: Callable[[Answer], Awaitable[str]], clock: MovedClock
) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.method)
        return web.Response(status=503)

    await ours.endpoint(await scripted(answer))
    for number in (NUMBER, OTHER):
        await ours.appeal(number)
    async with ours.storage.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE notices SET state = 'unsure' WHERE channel = 'open311'")
    clock.pass_(minutes=2)
    await ours.courier.round()
    assert asked == ["GET"], "it would hold up the others for a quarter of a minute each time"
