"""Begins orders whose time has come: enlists their people for calls and notices, batch by batch.

After a crash the next process goes on: the order stores how far the register was read, and a person, a call
and a notice are each stored once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from attrs import define, field
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Streets
from hotline.city.classifier import Urgency
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.enterprises.executors import Executors
from hotline.informing.order_states import ORDER, OrderAct, OrderState
from hotline.informing.orders import PERSON, STANDING, InformingOrder, Way
from hotline.informing.reach import written_by
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.core.transitions import moving
from storage.core.writes import Nothing, Remembered
from storage.delivery.outbox import owe_once
from storage.dialling.campaigns import enlist
from storage.informing.audience import AT_ONCE, AudienceBatch, others, residents
from storage.informing.orders import read_order
from storage.informing.people import add_campaign, going_on, slipped, steer
from storage.tables import call_jobs, informing_campaigns, informing_orders, informing_people, notices

ABOUT = "informing"
_UNDER_WAY = select(informing_orders).where(
    informing_orders.c.state.in_([OrderState.PREPARING, OrderState.APPROVED, OrderState.RUNNING])
)
_MOVED = {"changed_at": bindparam("now"), "version": informing_orders.c.version + 1}
_BEGIN, _RUN, _FINISH = (
    moving(informing_orders, ORDER, act, **_MOVED).where(informing_orders.c.id == bindparam("this"))
    for act in (OrderAct.BEGIN, OrderAct.RUN, OrderAct.FINISH)
)
_PREPARING = (
    informing_orders.c.id == bindparam("this"),
    informing_orders.c.state == OrderState.PREPARING.value,
)
_LOOKED = update(informing_orders).where(*_PREPARING).values(looked_up_to=bindparam("upto"))
_HOW_FAR = select(informing_orders.c.looked_up_to).where(*_PREPARING)
_HELD_BACK = select(informing_orders).where(
    (informing_orders.c.state == OrderState.PAUSED.value)
    | (
        (informing_orders.c.state == OrderState.STOPPED.value)
        & (informing_orders.c.changed_at > bindparam("since"))
    )
)
_CAMPAIGN = select(informing_campaigns.c.campaign_id).where(
    informing_campaigns.c.order_id == bindparam("this")
)
_STILL_HELD_BACK = (
    select(informing_orders)
    .where(
        informing_orders.c.id == bindparam("this"),
        informing_orders.c.state.in_([OrderState.PAUSED.value, OrderState.STOPPED.value]),
    )
    .with_for_update()
)
_ALL_LOOKED_UP = 2**62
_STOPPED_LATELY = timedelta(days=1)
"""By this time after an order was stopped, every hand-over under way has failed or gone."""


@define(eq=False, repr=False)
class InformingPreparing:
    """Brings orders from APPROVED to RUNNING, and from RUNNING to DONE."""

    _database: Database
    _streets: Streets
    _executors: Executors

    _under_way: Remembered[Sequence[InformingOrder]] = field(init=False)
    _none_held_back: Nothing = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._under_way = Remembered(self._database.writes, self._read_under_way, [informing_orders])
        self._none_held_back = Nothing(self._database.writes, [informing_orders])

    async def due(self, at: datetime) -> Sequence[InformingOrder]:
        """List the orders that are due, or whose preparation a crash cut off."""
        return [
            one
            for one in await self._under_way.get()
            if one.state is OrderState.PREPARING or (one.state is OrderState.APPROVED and one.starts_at <= at)
        ]

    async def _read_under_way(self) -> Sequence[InformingOrder]:
        async with self._database.reading() as connection:
            return [read_order(row) for row in (await connection.execute(_UNDER_WAY)).mappings()]

    async def ended(self, at: datetime) -> Sequence[InformingOrder]:
        """List running orders with nobody left to inform, and no standing announcement."""
        running = [one for one in await self._under_way.get() if one.state is OrderState.RUNNING]
        over = [one for one in running if one.until is None or one.until <= at]
        if not over:
            return ()
        async with self._database.reading() as connection:
            return [one for one in over if not await going_on(connection, one)]

    async def done(self, order: InformingOrder, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_FINISH, {"this": order.id, "now": at})

    async def hold_back(self, at: datetime) -> None:
        """Hold back notices of paused or stopped orders that were being sent at that moment."""
        since = at - _STOPPED_LATELY
        held_back = await self._none_held_back.unless(since, partial(self._read_held_back, since))
        if not held_back:
            return
        async with self._database.reading() as connection:
            orders = [one for one in held_back if await slipped(connection, one)]
        for order in orders:
            async with self._database.writing() as connection:
                row = (await connection.execute(_STILL_HELD_BACK, {"this": order.id})).mappings().first()
                if row is not None:
                    held = read_order(row)
                    stopped = held.state is OrderState.STOPPED
                    await steer(connection, held, CampaignAct.STOP if stopped else CampaignAct.PAUSE, at)

    async def _read_held_back(self, since: datetime) -> Sequence[InformingOrder]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HELD_BACK, {"since": since})).mappings()
            return [read_order(row) for row in rows]

    async def prepare(self, order: InformingOrder, at: datetime, sms: Sequence[str]) -> None:
        """Go through the order's audience. When a person or a crash stops it, it ends there.

        `sms` are the beginnings of the numbers to which the city sends short messages.
        """
        campaign_id = await self._begin(order, at)
        gazetteer = await self._streets.gazetteer()
        rest = await others(order.audience, self._executors)
        async with self._database.reading() as connection:
            upto = (await connection.execute(_HOW_FAR, {"this": order.id})).scalar()
            if upto is None:
                return
            if upto != _ALL_LOOKED_UP and not order.ways <= STANDING:
                async for part in residents(connection, order.audience, gazetteer, upto):
                    if not await self._take(order, campaign_id, part, at, sms):
                        return
                    upto = part.looked_up_to
                for first in range(0, len(rest), AT_ONCE):
                    some = AudienceBatch(people=rest[first : first + AT_ONCE], looked_up_to=upto)
                    if not await self._take(order, campaign_id, some, at, sms):
                        return
                await self._take(
                    order, campaign_id, AudienceBatch(people=(), looked_up_to=_ALL_LOOKED_UP), at, sms
                )
        await self._database.count_anew(informing_people, call_jobs, notices)
        async with self._database.writing() as connection:
            if (await connection.execute(_RUN, {"this": order.id, "now": at})).rowcount:
                await steer(connection, order, CampaignAct.START, at)

    async def _begin(self, order: InformingOrder, at: datetime) -> int | None:
        """Give the campaign that calls its people; None where nobody is called."""
        async with self._database.writing() as connection:
            begun = (await connection.execute(_BEGIN, {"this": order.id, "now": at})).rowcount
            if Way.CALL not in order.ways:
                return None
            if begun:
                return await add_campaign(connection, order, CampaignState.DRAFT, at, order.approver_id)
            return int((await connection.execute(_CAMPAIGN, {"this": order.id})).scalar_one())

    async def _take(
        self,
        order: InformingOrder,
        campaign_id: int | None,
        part: AudienceBatch,
        at: datetime,
        sms: Sequence[str],
    ) -> bool:
        """Keep a part in one transaction; False when the order is not being prepared any more."""
        async with self._database.writing() as connection:
            looked = {"this": order.id, "upto": part.looked_up_to}
            if not (await connection.execute(_LOOKED, looked)).rowcount:
                return False
            kept = await self._keep(connection, order, part)
            if campaign_id is not None:
                await self._enlist(connection, campaign_id, kept, at)
            owed = [notice for one in kept for notice in _owed(order, *one, sms)]
            await owe_once(self._database, connection, owed, at)
        return True

    async def _keep(
        self, connection: AsyncConnection, order: InformingOrder, part: AudienceBatch
    ) -> Sequence[tuple[int, str]]:
        """Give the id and the address (number or e-mail) of everybody who was not there before."""
        once: dict[str, str] = {}
        for person in part.people:
            for address in person.numbers:
                once.setdefault(address, person.name)
        rows = [
            {
                "order_id": order.id,
                "name": name,
                "number": None if "@" in address else address,
                "email": address if "@" in address else None,
            }
            for address, name in once.items()
        ]
        if not rows:
            return []
        added = self._database.insert(informing_people).on_conflict_do_nothing()
        returning = added.returning(
            informing_people.c.id, informing_people.c.number, informing_people.c.email
        )
        return [(row.id, row.number or row.email) for row in await connection.execute(returning, rows)]

    async def _enlist(
        self,
        connection: AsyncConnection,
        campaign_id: int,
        kept: Sequence[tuple[int, str]],
        at: datetime,
    ) -> None:
        numbers = {address: str(one) for one, address in kept if "@" not in address}
        await enlist(connection, campaign_id, list(numbers.items()), at)


def _owed(order: InformingOrder, person_id: int, address: str, sms: Sequence[str]) -> Sequence[NewNotice]:
    channel = written_by(order, address, sms)
    if channel is None:
        return []
    facts = notice_facts(
        Language.UKRAINIAN,
        urgency=Urgency.EMERGENCY if order.exempt else Urgency.ORDINARY,
        texts={
            "text": order.text,
            "short": order.short,
            "subject": order.subject,
            "order": f"{order.number} від {order.dated:%d.%m.%Y}",
            "issued_by": order.issued_by,
        },
    )
    return [
        NewNotice(
            matter=order.matter,
            to=f"{PERSON}{person_id}",
            channel=channel,
            address=address,
            about=ABOUT,
            facts=facts,
        )
    ]
