"""Orders that stand: which callers hear them, in which order, and how often."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from hotline.calls.call import Step
from hotline.city.addresses import Address, Area, Street
from hotline.city.known_places import KnownPlaces
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import InformingOrder
from ivr_flows.greeting import greeting
from ivr_flows.main_menu import main_menu
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.desk import FakeDesk
from tests.fakes.heads_phone import HeadsPhone
from tests.fakes.orders import LASTS, standing_order

QUARTER = "Київський квартал"
CALLER = "+380457900001"
Ordered = Callable[..., Awaitable[InformingOrder]]


class CountedPlaces:
    """The real ones, which tell how often they were asked."""

    def __init__(self, real: KnownPlaces) -> None:
        self._real = real
        self.remember = real.remember
        self.asked = 0

    async def addresses_of(self, number: str | None) -> Sequence[Address]:
        self.asked += 1
        return await self._real.addresses_of(number)


@pytest.fixture
async def ordered(storage: Storage, clock: SetClock) -> Ordered:
    """Make an order that callers hear from now on, in the named streets or in the whole city."""
    await storage.streets.add([Street(name=QUARTER), Street(name="Ризький квартал")])
    await storage.citizens.add("Олена", f"{QUARTER}, 7", [CALLER])

    async def order(text: str, *areas: Area) -> InformingOrder:
        return await standing_order(storage, clock, text, *areas)

    return order


async def test_a_caller_hears_the_citys_message_and_then_each_order(
    city: FlowPorts, ordered: Ordered, phone: HeadsPhone
) -> None:
    by = MessageBy(user_id=phone.head.id)
    message = await city.messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    await city.messages.switch_on(message.id, by)
    first, second = await ordered("Воду кип'ятіть."), await ordered("Завтра збори.")
    call = FakeCall()
    await greeting(call, city)
    names = [message.phrase.name, first.phrase.name, second.phrase.name]
    assert call.heard[-4:] == ["city-message", *names]
    assert call.said[-2:] == ["Воду кип'ятіть.", "Завтра збори."]
    assert call.notes == [
        (Step.INFORMED, {"about": "city-message"}),
        (Step.INFORMED, {"about": "order", "order": first.id}),
        (Step.INFORMED, {"about": "order", "order": second.id}),
    ]


async def test_what_is_for_some_streets_is_heard_only_by_those_who_are_known_to_live_there(
    city: FlowPorts, ordered: Ordered
) -> None:
    near = await ordered("Воду кип'ятіть.", Area(street=QUARTER, first=1, last=9))
    far = await ordered("Збори.", Area(street="Ризький квартал"))
    call, stranger, hidden = FakeCall(), FakeCall(number="+380457900077"), FakeCall(number=None)
    for one in (call, stranger, hidden):
        await greeting(one, city)
    assert near.phrase.name in call.heard
    assert far.phrase.name not in call.heard
    for one in (stranger, hidden):
        assert "city-message" not in one.heard


async def test_where_a_caller_lives_is_looked_up_once_unless_they_add_to_it(
    city: FlowPorts, ordered: Ordered
) -> None:
    await ordered("Збори.", Area(street="Ризький квартал"))
    places = CountedPlaces(city.known_places)
    counted = replace(city, known_places=places)
    call = FakeCall("99")
    await greeting(call, counted)
    await main_menu(call, counted)
    assert places.asked == 1
    call.addresses = None
    await main_menu(call, counted)
    assert places.asked == 2


async def test_stopped_or_past_its_end_nobody_hears_it(
    city: FlowPorts, storage: Storage, clock: SetClock, ordered: Ordered
) -> None:
    over = await ordered("Збори.")
    clock.pass_by(LASTS.total_seconds())
    stopped = await ordered("Воду кип'ятіть.")
    await storage.informing.move(
        stopped, OrderAct.STOP, clock.now(), user_id=stopped.author_id, reason="Усунено"
    )
    await storage.standing_orders.renew()
    call = FakeCall()
    await greeting(call, city)
    assert not {over.phrase.name, stopped.phrase.name} & set(call.heard)


async def test_whoever_waits_already_hears_it_once(city: FlowPorts, ordered: Ordered, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 3
    orders: list[InformingOrder] = []

    async def hold(seconds: float) -> bool:
        if not orders:
            orders.append(await ordered("Воду кип'ятіть.", Area(street=QUARTER)))
        return await desk.hold(seconds)

    call = FakeCall(hold=hold)
    await waiting(call, city)
    assert call.heard.count(orders[0].phrase.name) == 1
