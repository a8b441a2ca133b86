"""Two processes on one PostgreSQL: what one is told the other hears, and the exchange is asked from afar."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from hotline.calls.web_calls import WebOrigin
from hotline.dialling.calling_out import CallOut, DeskTalk
from hotline.errors import ForbiddenTransition, TelephonyError
from hotline.events import DispatcherOffered, Event, LineChanged
from hotline.line.line import Dispatcher, Offer
from hotline.line.presence_states import Presence
from hotline.supervision.listening import Mode
from service.node.bus import Bus
from service.processes import exchange as module
from service.processes import post as posts
from service.processes.among import ALONE, Exchange
from service.processes.events import EVENT
from service.processes.processes import Processes, among_processes
from service.processes.roles import Role
from service.processes.wire import written_event
from service.wiring.serve import among
from storage.core.database import open_database
from storage.processes.letters import StoredLetters, Written
from telephony.ari.errors import AriUnavailable
from telephony.desks.guest_phones import NoRoom
from telephony.node.invariant_watch import Defects
from tests.fakes.clock import NOON
from tests.fakes.telephone import FakeTelephone
from tests.storage.conftest import Cluster, cluster, migrated_postgres

__all__ = ["cluster", "migrated_postgres"]
OLENA = Dispatcher(
    id=3, extension="201", name="Олена", secret="s", presence=Presence.READY, reason="", since=NOON
)
OFFER = Offer(call_id="c1", dispatcher=OLENA, attempt=1)
OFFERED = DispatcherOffered(call_id="c1", dispatcher_id=3, number=None, attempt=1, at=NOON)


class FakeExchange(FakeTelephone):
    """An exchange at hand."""

    up = True
    defects = Defects()

    def __init__(self) -> None:
        super().__init__()
        self.rung: list[Offer] = []
        self.hangs = asyncio.Event()
        self.guests: list[str] = []
        self.refuses: TelephonyError | None = None

    def phones(self) -> list[str]:
        return []

    async def alive(self) -> set[str] | None:
        await self.hangs.wait()
        return {"c1"}

    async def can_ring(self, extension: str) -> bool:
        return extension == "201"

    async def ring(self, offer: Offer) -> None:
        self.rung.append(offer)

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        del password, origin
        if self.refuses is not None:
            raise self.refuses
        self.guests.append(name)


@dataclass(kw_only=True)
class Two:
    """A process with the telephone, and one with pages."""

    telephony: Processes
    web: Processes
    here: FakeExchange
    exchange: Exchange
    told_telephony: list[Event]
    told_web: list[Event]
    bus_of_telephony: Bus
    bus_of_web: Bus
    given_back: list[Offer] = field(default_factory=list)


@asynccontextmanager
async def lasting(one: Processes) -> AsyncIterator[None]:
    running = [asyncio.create_task(each) for each in one.lasting().values()]
    try:
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
async def two(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[Two]:
    cluster.empty()
    async with open_database(migrated_postgres) as database, open_database(migrated_postgres) as other:
        telephony = await among_processes(database, frozenset({Role.TELEPHONY, Role.SCHEDULER}))
        web = await among_processes(other, frozenset({Role.WEB}))
        here: FakeExchange = FakeExchange()
        given_back: list[Offer] = []

        async def give_back(offer: Offer) -> None:
            given_back.append(offer)

        told_telephony: list[Event] = []
        told_web: list[Event] = []
        two = Two(
            telephony=telephony,
            web=web,
            here=here,
            exchange=web.exchange(telephony.exchange(here, give_back), give_back),  # type: ignore[arg-type]
            told_telephony=told_telephony,
            told_web=told_web,
            bus_of_telephony=telephony.bus(told_telephony.append),
            bus_of_web=web.bus(told_web.append),
            given_back=given_back,
        )
        async with lasting(telephony), lasting(web):
            yield two


def told(event: Event) -> Written:
    return Written(place=1, kind=EVENT, body=written_event(event))


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


async def test_an_event_is_told_in_both_processes_once(two: Two) -> None:
    event = LineChanged(at=NOON)
    two.bus_of_telephony.tell(OFFERED)
    two.bus_of_web.tell(event)
    await until(lambda: len(two.told_web) == len(two.told_telephony) == 2)
    assert set(two.told_web) == set(two.told_telephony) == {OFFERED, event}


async def test_a_lost_notification_costs_a_second_and_no_event(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two.web.post, "_told", asyncio.Event())  # what the database's word sets is unheard
    two.bus_of_telephony.tell(OFFERED)
    await until(lambda: two.told_web == [OFFERED])


async def test_a_page_asks_the_exchange_of_another_process_and_hears_its_result_or_its_error(
    two: Two,
) -> None:
    exchange, here = two.exchange, two.here
    await until(lambda: exchange.up)
    wanted = CallOut(dispatcher_id=3, user_id=1, number="+380457900001")
    talk = await exchange.call_out(wanted)
    assert (talk, here.called) == (here.talk, [wanted])
    assert isinstance(await exchange.desk_talk(3), DeskTalk)
    assert await exchange.talks_with(3) is None
    assert (await exchange.can_ring("201"), await exchange.can_ring("202")) == (True, False)
    await exchange.ring(OFFER)
    assert here.rung == [OFFER]
    here.engaged = True
    with pytest.raises(ForbiddenTransition, match="consult"):
        await exchange.consult(3, "202")


async def test_who_listens_is_known_without_asking(two: Two) -> None:
    await until(lambda: two.exchange.up)
    await two.exchange.listen_in(5, "c1", Mode.LISTEN)
    await until(lambda: two.exchange.listeners() == two.here.listeners() != ())


async def test_without_a_process_that_has_the_telephone_pages_are_told_so_and_the_caller_waits_on(
    cluster: Cluster, migrated_postgres: str
) -> None:
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        web = await among_processes(database, frozenset({Role.WEB}))
        given_back: list[Offer] = []

        async def give_back(offer: Offer) -> None:
            given_back.append(offer)

        exchange = web.exchange(FakeExchange(), give_back)  # type: ignore[arg-type]
        async with lasting(web):
            with pytest.raises(AriUnavailable):
                await exchange.open_browser_phone("201")
            await exchange.ring(OFFER)
            assert (given_back, exchange.up, await exchange.can_ring("201")) == ([OFFER], False, True)


async def test_of_several_nodes_the_one_is_asked_that_has_the_call_or_the_talk(
    cluster: Cluster, migrated_postgres: str
) -> None:
    cluster.empty()

    async def give_back(_offer: Offer) -> None:
        raise AssertionError

    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_database(migrated_postgres)) for _ in range(3)]
        web = await among_processes(opened[0], frozenset({Role.WEB}))
        nodes = {
            name: await among_processes(one, frozenset({Role.TELEPHONY}), name)
            for name, one in zip("ab", opened[1:], strict=True)
        }
        there = {name: FakeExchange() for name in nodes}
        for name, one in nodes.items():
            one.exchange(there[name], give_back)  # type: ignore[arg-type]
            there[name].hangs.set()
        exchange = web.exchange(FakeExchange(), give_back)  # type: ignore[arg-type]
        for one in (web, *nodes.values()):
            await stack.enter_async_context(lasting(one))
        await until(lambda: web.nodes() == {"a", "b"} and nodes["a"].nodes() == {"b"})

        offer = replace(OFFER, call_id="hotline-b-1.1")
        await exchange.ring(offer)
        assert (there["a"].rung, there["b"].rung) == ([], [offer])
        there["a"].engaged = True  # it refuses, as one does that has no such talk
        await exchange.consult(3, "202")
        assert (there["a"].asked, there["b"].asked) == ([], [("consult", 3, "202")])
        there["a"].engaged = False
        await exchange.stop_listening(3)
        assert [one.asked[-1] for one in there.values()] == [("stop", 3, "")] * 2, "none refuses"
        there["a"].engaged = True
        there["b"].engaged = True
        with pytest.raises(ForbiddenTransition, match="consult"):
            await exchange.consult(3, "202")
        there["a"].engaged = there["b"].engaged = False
        await exchange.call_out(CallOut(dispatcher_id=3, user_id=1, number="+380457900001"))
        assert sorted(len(one.called) for one in there.values()) == [0, 1]
        assert await exchange.alive() == {"c1"}

        await exchange.open_guest("guest-1", "", WebOrigin(page="/"))
        there["a"].refuses = AriUnavailable("Asterisk is away.")
        await exchange.open_guest("guest-2", "", WebOrigin(page="/"))  # the edge goes past one without them
        assert (there["a"].guests, there["b"].guests) == (["guest-1"], ["guest-1", "guest-2"])
        there["b"].refuses = there["a"].refuses
        with pytest.raises(AriUnavailable):
            await exchange.open_guest("guest-3", "", WebOrigin(page="/"))
        there["a"].refuses, there["b"].refuses = None, NoRoom("As many call as may.")
        with pytest.raises(TelephonyError, match="As many"):
            await exchange.open_guest("guest-4", "", WebOrigin(page="/"))


async def test_what_is_asked_too_late_is_not_done(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOO_OLD_SECONDS", -1.0)
    monkeypatch.setattr(module, "ANSWERED_WITHIN", 0.3)
    await until(lambda: two.exchange.up)
    with pytest.raises(AriUnavailable):
        await two.exchange.call_out(CallOut(dispatcher_id=3, user_id=1, number="+380457900001"))
    assert two.here.called == []


async def test_a_slow_answer_holds_up_no_other(two: Two) -> None:
    await until(lambda: two.exchange.up)
    slow = asyncio.create_task(two.exchange.alive())
    assert await two.exchange.can_ring("201")
    two.here.hangs.set()
    assert await slow == {"c1"}


async def test_a_chat_that_another_process_has_changed_is_looked_at_and_a_failure_holds_up_none(
    two: Two,
) -> None:
    looked: list[int] = []

    async def look(chat_id: int) -> None:
        looked.append(chat_id)
        if chat_id == 1:
            raise ValueError(chat_id)

    two.web.follows("chat-changed", look)
    async with lasting(two.web):  # once more, with what it follows
        for chat_id in (1, 2):
            two.telephony.tells("chat-changed")(chat_id)
        await until(lambda: looked[-1:] == [2])
    assert looked == [1, 2]


async def test_background_work_is_known_from_the_process_that_does_it(two: Two) -> None:
    keeps_pace = True
    two.telephony.works("escalation", Role.SCHEDULER, lambda: keeps_pace)
    seen = two.web.works("escalation", Role.SCHEDULER, lambda: False)
    await until(seen)
    keeps_pace = False
    await until(lambda: not seen())


async def test_the_telephone_waits_for_a_screen_of_another_process(two: Two) -> None:
    at_phone, at_page = two.telephony.screens(30.0), two.web.screens(30.0)
    await at_phone.shown(OFFERED)  # nobody has it open: at once
    with at_page.open(3, 1, "uk"):
        await until(lambda: at_phone.shows(3))
        waiting = asyncio.create_task(at_phone.shown(OFFERED))
        await asyncio.sleep(0)
        assert not waiting.done()
        at_page.seen(3, "c1")
        async with asyncio.timeout(20):
            await waiting


async def test_letters_wait_while_the_database_is_away_and_are_read_in_their_order(
    two: Two, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "AGAIN_SECONDS", 0.05)
    cluster.restart()
    for call_id in ("a", "b", "c"):
        two.bus_of_telephony.tell(
            DispatcherOffered(call_id=call_id, dispatcher_id=3, number=None, attempt=1, at=NOON)
        )
    await until(lambda: len(two.told_web) >= 3)
    told = [one.call_id for one in two.told_web if isinstance(one, DispatcherOffered)]
    assert list(dict.fromkeys(told)) == ["a", "b", "c"]


async def test_a_phone_that_is_open_in_another_process_is_found_and_one_that_died_is_not(two: Two) -> None:
    here, there = two.web.phones(), two.telephony.phones()
    assert not await here.is_open(3)
    there._open[3] = object()  # type: ignore[assignment]
    assert await here.is_open(3)
    assert await here.stays_open(3)
    assert not await here.is_open(4)


async def test_what_was_written_before_a_process_began_is_none_of_its_concern(
    cluster: Cluster, migrated_postgres: str
) -> None:
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        letters, heard = StoredLetters(database), list[Event]()
        await letters.send("earlier", [told(LineChanged(at=NOON))])
        web = await among_processes(database, frozenset({Role.WEB}))
        web.bus(heard.append)
        async with lasting(web):
            await letters.send("later", [told(OFFERED)])
            await until(lambda: heard)
        assert heard == [OFFERED]


async def test_a_letter_that_cannot_be_read_holds_up_no_other(two: Two) -> None:
    two.telephony.post.send(EVENT, '{"name": "LineChanged", "event": {"since": 1}}')  # of another version
    two.bus_of_telephony.tell(OFFERED)
    await until(lambda: two.told_web == [OFFERED])


async def test_the_one_service_forgets_what_processes_told_each_other(
    cluster: Cluster, migrated_postgres: str
) -> None:
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        letters = StoredLetters(database)
        await letters.send("earlier", [told(OFFERED)])
        assert await among(database, frozenset()) is ALONE
        assert await letters.after(0) == []
