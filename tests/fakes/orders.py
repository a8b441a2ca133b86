"""Orders that were prepared, approved by a second person, and have begun."""

from datetime import date, timedelta

from hotline.access.permissions import Role
from hotline.city.addresses import Area
from hotline.clock import Clock
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import Audience, InformingOrder, NewOrder, Way
from service.informing.informing import Informing
from storage.store import Storage

LASTS = timedelta(hours=3)


async def standing_order(
    storage: Storage, clock: Clock, text: str, *areas: Area, way: Way = Way.IVR
) -> InformingOrder:
    """Have it told to whoever comes from now on, in these streets or in the whole city."""
    orders, now = storage.informing, clock.now()
    new = NewOrder(
        number="12-р",
        dated=date(2026, 3, 2),
        issued_by="Міський голова",
        subject="Вода",
        text=text,
        ways=frozenset({way}),
        audience=Audience(areas=areas),
        starts_at=now,
        until=now + LASTS,
    )
    heads = {one.login: one.id for one in await storage.users.all()}
    for login in {"first-head", "second-head"} - set(heads):
        added = await storage.users.add(login=login, name=login, role=Role.HEAD, password_hash="x")
        heads[login] = added.id
    order = await orders.add(new, heads["first-head"], now)
    order = await orders.move(order, OrderAct.SUBMIT, now, user_id=order.author_id)
    await orders.move(order, OrderAct.APPROVE, now, user_id=heads["second-head"])
    await Informing(orders, storage.informing_preparing, clock).once()
    await storage.standing_orders.renew()
    return await orders.get(order.id)
