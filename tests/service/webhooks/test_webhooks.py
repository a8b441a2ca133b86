"""Events on their road to another system that is there, slow, dead, wrong, gone, or not to be reached."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from hotline.access.networks import THIS_MACHINE
from hotline.access.scopes import Scope
from hotline.appeals.acts.keeping import Note
from hotline.calls.call import Outcome
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.events import CallArrived, CallEnded, TalkStarted
from hotline.line.presence_states import Presence
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.webhooks.signing import new_secret
from hotline.webhooks.states import WebhookEvent, WebhookState
from hotline.webhooks.webhook import GIVEN_UP, OVERLAP, PATIENCE, Places
from service.webhooks import carrier, feeding
from service.webhooks.reaching import connector, may_reach
from service.wiring.webhooks import TO_WEBHOOKS
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.webhooks.conftest import webhook_sources_on
from tests.service.delivery.test_mail import certificate, encryption  # noqa: F401 - a fixture

from .conftest import Receiver, Road, opened_road


async def noted(road: Road, number: str) -> None:
    act = Note(by=road.city.dispatcher, at=road.clock.now(), text="Передзвонити")
    await road.storage.handling.carry_out(number, act, version=None)


async def notice_states(road: Road, hook_id: int) -> list[NoticeState]:
    return [one.state for one in await road.storage.webhooks.sent_lately(hook_id)]


async def test_what_happens_arrives_signed_in_order_and_once(road: Road) -> None:
    before = await road.city.enter()
    hook = await road.hook()
    appeal = await road.city.enter(text="Прорив труби")
    await noted(road, appeal.number)
    outage = await road.storage.outages.enter(
        NewOutage(utility=Utility.WATER, kind=OutageKind.EMERGENCY, starts_at=road.clock.now()), By()
    )
    await road.go()
    await road.go(minutes=5)
    told = [(one["type"], one.get("number", one.get("outage_id"))) for one in road.receiver.documents]
    assert sorted(map(str, told)) == sorted(
        map(
            str,
            [
                ("appeal.registered", appeal.number),
                ("appeal.changed", appeal.number),
                ("appeal.changed", appeal.number),
                ("outage.changed", outage.id),
            ],
        )
    )
    assert before.number not in str(told), "it is told of what happens from now on"
    of_appeal = [one for one in road.receiver.documents if "number" in one]
    assert [one["version"] for one in of_appeal] == [1, 2, 3]
    assert [one.get("act") for one in of_appeal] == [None, "assign", "note"]
    assert of_appeal[0]["executor_id"] == road.city.heat.id
    assert "Прорив" not in str(road.receiver.documents), "nobody's words leave the house by this way"
    assert len(set(road.receiver.ids)) == 4
    assert set(await notice_states(road, hook.id)) == {NoticeState.SENT}
    assert all(
        one.channel is not Channel.WEBHOOK for one in await road.storage.outbox.of_appeal(appeal.number)
    )


async def test_the_receiver_proves_by_the_secret_that_it_is_ours_and_by_both_while_one_is_changed(
    road: Road,
) -> None:
    old = await road.hook("appeal.registered")
    await road.city.enter()
    await road.go()
    assert road.signed(old, 0)
    new = await road.storage.webhooks.renew(old.id, new_secret(), old_until=road.clock.now() + OVERLAP)
    await road.city.enter()
    await road.go()
    assert road.signed(old, 1)
    assert road.signed(new, 1)
    road.clock.pass_(days=8)
    await road.city.enter()
    await road.go()
    assert road.signed(new, 2)
    assert not road.signed(old, 2)


async def test_a_token_is_told_by_its_scopes_of_this_moment(road: Road) -> None:
    hook = await road.hook()
    road.receiver.status = 500
    await road.city.enter()
    await road.go()
    tried = len(road.receiver.got)
    await road.storage.tokens.rescope(road.token.id, [Scope.LINE])
    road.receiver.status = 204
    await road.go(hours=1)
    assert len(road.receiver.got) == tried, "what was owed before is not sent either"
    assert NoticeState.FAILED in await notice_states(road, hook.id)
    assert await road.storage.outbox.undecided() == [], "and is nothing for a dispatcher to decide"
    await road.storage.tokens.revoke(road.token.id, road.clock.now())
    await road.city.enter()
    await road.go()
    assert len(road.receiver.got) == tried


@pytest.mark.parametrize("status", [301, 307, 400, 429, 500, 503])
async def test_what_is_not_taken_is_sent_again_with_the_same_id_until_it_is(road: Road, status: int) -> None:
    hook = await road.hook("appeal.registered")
    road.receiver.status, road.receiver.headers = status, {"Location": road.address, "Retry-After": "60"}
    await road.city.enter()
    await road.go()
    assert len(road.receiver.got) == 1, "no redirection is followed, and nothing is tried at once again"
    failing = await road.storage.webhooks.get(hook.id)
    assert (failing.fault, failing.failing_since) == (f"answered {status}", road.clock.now())
    await road.go(seconds=20)
    assert len(road.receiver.got) == 1
    road.receiver.status = 200
    await road.go(minutes=2)
    await road.go(minutes=2)
    assert len(road.receiver.got) == 2
    assert len(set(road.receiver.ids)) == 1
    assert (await road.storage.webhooks.get(hook.id)).failing_since is None


async def test_a_dead_webhook_delays_no_other_fills_no_outbox_and_misses_nothing(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_WAITING", 3)
    dead = await road.hook("appeal.registered", address="http://127.0.0.1:9/hook")
    await road.hook("appeal.registered")
    entered = []
    for _ in range(8):
        entered.append((await road.city.enter()).number)
        await road.go(minutes=1)
    assert [one["number"] for one in road.receiver.documents] == entered
    assert await road.storage.webhooks.waiting(dead.id) == 3
    assert (await road.storage.webhooks.get(dead.id)).fault.startswith("not reached")
    await road.storage.webhooks.move(dead.id, WebhookEvent.END, road.clock.now())
    assert set(await notice_states(road, dead.id)) == {NoticeState.NEEDLESS}


async def test_a_webhook_that_failed_for_long_is_turned_off_told_of_and_resumed_without_a_loss(
    road: Road,
) -> None:
    hook = await road.hook("appeal.registered")
    road.receiver.status = 500
    first = await road.city.enter()
    await road.go()
    await road.go(seconds=PATIENCE.total_seconds())
    assert (await road.storage.webhooks.get(hook.id)).state is WebhookState.FAILED
    (told,) = [one for one in await road.storage.outbox.on_page("head") if one.about == GIVEN_UP]
    assert told.facts["texts"] == {"whose": "Ситуаційний центр", "fault": "answered 500"}
    second = await road.city.enter()
    tried = len(road.receiver.got)
    await road.go(days=5)
    assert len(road.receiver.got) == tried, "it is left alone"
    road.receiver.status, road.receiver.got = 204, []
    await road.storage.webhooks.move(hook.id, WebhookEvent.RESUME, road.clock.now())
    await road.go(minutes=10)
    assert [one["number"] for one in road.receiver.documents] == [first.number, second.number]


async def test_one_that_says_that_it_is_gone_is_turned_off_at_once(road: Road) -> None:
    hook = await road.hook()
    road.receiver.status = 410
    await road.city.enter()
    await road.go()
    assert (await road.storage.webhooks.get(hook.id)).state is WebhookState.FAILED


async def test_a_receiver_that_hangs_is_given_up_for_a_while(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = await road.hook("appeal.registered")
    road.receiver.hang = asyncio.Event()
    await road.city.enter()
    with monkeypatch.context() as impatient:
        impatient.setattr(carrier, "ANSWER_SECONDS", 0.05)
        await road.go()
    assert (await road.storage.webhooks.get(hook.id)).fault == "no answer in time"
    road.receiver.hang.set()
    await road.go(minutes=2)
    assert len(set(road.receiver.ids)) == 1
    assert await notice_states(road, hook.id) == [NoticeState.SENT]


async def test_one_that_hangs_is_waited_for_once_and_not_for_each_thing_that_was_claimed_for_it(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "ANSWER_SECONDS", 0.05)
    hook = await road.hook("appeal.registered")
    road.receiver.hang = asyncio.Event()
    for _ in range(5):
        await road.city.enter()
    await road.go()
    assert len(road.receiver.got) == 1
    road.receiver.hang.set()
    await road.go(minutes=2)
    await road.go(minutes=5)
    assert len(set(road.receiver.ids)) == 5
    assert set(await notice_states(road, hook.id)) == {NoticeState.SENT}


async def test_one_that_is_sent_back_for_long_does_not_fill_the_outbox(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_WAITING", 2)
    monkeypatch.setattr(feeding, "AT_ONCE", 2)
    hook = await road.hook("appeal.registered", "appeal.changed")
    entered = [(await road.city.enter()).number for _ in range(4)]
    for _ in range(5):
        await road.feeding.round()
        assert await road.storage.webhooks.waiting(hook.id) <= 2
    for _ in range(5):
        await road.go()
    assert {one["number"] for one in road.receiver.documents} == set(entered)


async def test_one_that_takes_its_time_keeps_no_other_waiting(road: Road) -> None:
    slow = Receiver(hang=asyncio.Event())
    async with TestServer(slow.app()) as server:
        await road.hook("appeal.registered", address=str(server.make_url("/hook")))
        await road.hook("appeal.registered")
        entered = [(await road.city.enter()).number for _ in range(3)]
        await road.feeding.round()
        courier = road.courier(replace(TO_WEBHOOKS, wait_seconds=0.05))
        while len(road.receiver.got) < len(entered):
            await courier.round()
        assert len(slow.got) == 1, "it has not answered yet, and is told one thing at a time"
        slow.hang.set()
        await courier.finish()
        while await courier.round():
            await courier.finish()
    assert [one["number"] for one in slow.documents] == entered
    assert [one["number"] for one in road.receiver.documents] == entered


async def test_what_goes_on_beside_the_rounds_ends_with_the_courier(road: Road) -> None:
    road.receiver.hang = asyncio.Event()
    hook = await road.hook("appeal.registered")
    await road.city.enter()
    await road.feeding.round()
    courier = road.courier(replace(TO_WEBHOOKS, wait_seconds=0.05))
    await courier.round()
    courier.drop()
    await asyncio.sleep(0)
    assert await notice_states(road, hook.id) == [NoticeState.CLAIMED]
    road.clock.pass_(seconds=1)
    await road.courier().all_died()  # the service that comes after it
    road.receiver.hang.set()
    await road.go(minutes=2)
    assert await notice_states(road, hook.id) == [NoticeState.SENT]


async def test_a_webhook_ends_with_its_token_and_is_turned_off_with_its_makers_right(road: Road) -> None:
    hook = await road.hook()
    maker = await road.storage.users.get(road.city.head.id)
    await road.storage.users.update(replace(maker, active=False))
    await road.go()
    assert (await road.storage.webhooks.get(hook.id)).state is WebhookState.FAILED
    (told,) = [one for one in await road.storage.outbox.on_page("head") if one.about == GIVEN_UP]
    assert told.facts["texts"]["fault"] == feeding.NOT_GOOD
    await road.storage.users.update(maker)
    await road.storage.webhooks.move(hook.id, WebhookEvent.RESUME, road.clock.now())
    await road.storage.tokens.revoke(road.token.id, road.clock.now())
    await road.city.enter()
    await road.go()
    assert await road.storage.webhooks.all() == []
    assert road.receiver.got == []


async def test_calls_and_presence_are_told_by_scope_and_without_anybodys_number(road: Road) -> None:
    at, call = road.clock.now(), "hotline-1.1"
    dispatcher = await road.storage.dispatchers.add("201", "Олена", "secret", frozenset())
    happened = (
        CallArrived(call_id=call, number="+380671234567", at=at),
        TalkStarted(call_id=call, dispatcher_id=dispatcher.id, at=at),
        CallEnded(call_id=call, outcome=Outcome.TALKED, at=at),
    )
    for one in happened:  # nobody has a webhook yet
        road.feeding.hear(one)
    await road.go()
    hook = await road.hook("call.arrived", "call.ended", "presence.changed")
    await road.go()  # from now on it listens
    for one in happened:
        road.feeding.hear(one)
    await road.storage.dispatchers.set_presence(dispatcher.id, Presence.READY, at)
    await road.go()
    told = {one["type"]: one for one in road.receiver.documents}
    assert set(told) == {"call.arrived", "call.ended", "presence.changed"}
    assert [one for one in road.receiver.documents if "call_id" in one] == [
        told["call.arrived"],
        told["call.ended"],
    ]
    assert (told["call.arrived"]["number"], told["call.arrived"]["call_id"]) == (None, call)
    assert told["presence.changed"]["presence"] == "ready"
    assert "1234567" not in str([one.facts for one in await road.storage.webhooks.sent_lately(hook.id)])
    await road.storage.tokens.rescope(road.token.id, [Scope.LINE])
    road.feeding.hear(happened[0])
    await road.storage.dispatchers.set_presence(dispatcher.id, Presence.AWAY, at)
    road.receiver.got.clear()
    await road.go()
    assert [one["type"] for one in road.receiver.documents] == ["presence.changed"]


async def test_calls_of_a_webhook_that_is_behind_are_left_out(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_WAITING", 1)
    hook = await road.hook("call.arrived")
    await road.feeding.round()
    for number in range(3):
        road.feeding.hear(CallArrived(call_id=f"hotline-{number}.1", number=None, at=road.clock.now()))
        await road.feeding.round()
    assert await road.storage.webhooks.waiting(hook.id) == 1


async def test_what_was_being_sent_when_the_service_was_killed_is_sent_again(road: Road) -> None:
    hook = await road.hook("appeal.registered")
    await road.city.enter()
    await road.feeding.round()
    claimed = await road.storage.outbox.claim((Channel.WEBHOOK,), road.clock.now())
    assert [one.to for one in claimed] == [hook.recipient]
    road.clock.pass_(seconds=1)
    await road.courier().all_died()  # the service that comes after it
    await road.go()
    await road.go(minutes=2)
    assert len(road.receiver.got) == 1
    assert await notice_states(road, hook.id) == [NoticeState.SENT]


async def test_what_was_fed_is_not_fed_again_by_a_second_service_or_after_a_replay_of_that_moment(
    road: Road,
) -> None:
    hook = await road.hook("appeal.registered")
    await road.city.enter()
    (seen,) = await road.storage.webhooks.on()
    await road.feeding.round()
    assert not await road.storage.webhooks.feed(seen, [], Places(appeal=99, outage=99), road.clock.now())
    await road.go()
    await road.storage.webhooks.replay(hook.id, Places())
    await road.go()
    assert len(road.receiver.ids) == 2
    assert len(set(road.receiver.ids)) == 1, "the receiver knows by the id what it has"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_nothing_inside_is_reached_by_an_address_or_a_name(
    storage: Storage, clock: MovedClock, name: str
) -> None:
    async with opened_road(storage, clock, networks=()) as road:
        inside = road.address.replace("127.0.0.1", name)
        hook = await road.hook("appeal.registered", address=inside)
        await road.city.enter()
        await road.go()
        assert road.receiver.got == []
        assert "HOTLINE_WEBHOOK_NETWORKS" in (await storage.webhooks.get(hook.id)).fault


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        *(("8.8.8.8", True), ("2606:4700:4700::1111", True), ("127.0.0.9", True)),
        *(("10.0.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False)),
        *(("0.0.0.0", False), ("224.0.0.1", False), ("::ffff:10.0.0.1", False), ("fd00::1", False)),  # noqa: S104
        *(("fe80::1%eth0", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("name", False)),
    ],
)
def test_which_addresses_are_reached(address: str, reached: bool) -> None:  # noqa: FBT001 - a table
    assert may_reach(address, THIS_MACHINE) is reached


async def test_a_strangers_certificate_gets_nothing(road: Road, certificate: Path) -> None:  # noqa: F811
    server = TestServer(road.receiver.app())
    await server.start_server(ssl=encryption(certificate))
    try:
        address = f"https://127.0.0.1:{server.port}/hook"
        hook = await road.hook("appeal.registered", address=address)
        await road.city.enter()
        await road.go()
        assert road.receiver.got == []
        assert (await road.storage.webhooks.get(hook.id)).fault == "its certificate is not trusted"
        trusted = ssl.create_default_context(cafile=certificate)
        async with aiohttp.ClientSession(connector=connector(THIS_MACHINE, ssl=trusted)) as session:
            road.carrier._session = session
            await road.go(minutes=2)
        assert len(road.receiver.got) == 1
    finally:
        await server.close()


async def test_a_test_goes_the_same_road(road: Road) -> None:
    hook = await road.hook()
    await webhook_sources_on(road.storage, road.clock).ping(hook)
    await road.go()
    assert [one["type"] for one in road.receiver.documents] == ["ping"]
    assert road.signed(hook, 0)
