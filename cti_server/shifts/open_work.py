"""Open work of this moment, for a hand-over: each matter by its number or id, without anybody's name."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cti_server.frame.language import N_
from hotline.appeals.control import AppealWaitsFor, Control
from hotline.informing.city_messages import CityMessages
from hotline.informing.orders import STANDING
from hotline.informing.standing_orders import StandingOrders
from hotline.line.callbacks import OWED_FOR, Callbacks
from hotline.line.scheduled_callbacks import ScheduledCallbacks
from hotline.outages.outage import Outages
from hotline.shifts.handovers import OpenItem, OpenKind

MOST = 200
"""Of one kind that are read."""
KINDS: Mapping[OpenKind, tuple[str, str]] = {
    OpenKind.EMERGENCY: (N_("Emergencies that nobody has accepted"), "/appeals/{}"),
    OpenKind.CALLBACK: (N_("Callers to be called back"), "/calls/{}"),
    OpenKind.SCHEDULED: (N_("Calls that were promised"), "/calls/missed"),
    OpenKind.VOICE_MESSAGE: (N_("Voice messages that nobody has heard"), "/calls/{}"),
    OpenKind.OUTAGE: (N_("Outages whose end is not known"), "/outage-register/{}"),
    OpenKind.ORDER: (N_("Orders that are told now"), "/informing/{}"),
    OpenKind.CITY_MESSAGE: (N_("The message to the whole city is on"), "/announcements"),
}
"""In the order of the page: title, and the page of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """The registers that are looked through."""

    control: Control
    callbacks: Callbacks
    scheduled: ScheduledCallbacks
    outages: Outages
    orders: StandingOrders
    messages: CityMessages

    async def now(self, at: datetime) -> Sequence[OpenItem]:
        """Look through them."""
        appeals, calls = [one async for one in self._appeals()], [one async for one in self._calls(at)]
        return [*appeals, *calls, *[one async for one in self._told(at)]]

    async def _appeals(self) -> AsyncIterator[OpenItem]:
        waits = AppealWaitsFor.UNACCEPTED
        for one in await self.control.waiting(waits, attempts=0, limit=MOST):
            appeal = one.listed.appeal
            yield OpenItem(kind=OpenKind.EMERGENCY, subject=appeal.number, at=appeal.registered_at)

    async def _calls(self, at: datetime) -> AsyncIterator[OpenItem]:
        hidden = await self.callbacks.hidden(MOST, at - OWED_FOR)
        owed = await self.callbacks.owed(MOST, at - OWED_FOR)
        for one in owed:
            yield OpenItem(kind=OpenKind.CALLBACK, subject=one.last_call_id, at=one.last_at)
        for call in await self.scheduled.waiting(MOST):
            yield OpenItem(kind=OpenKind.SCHEDULED, subject=str(call.id), at=call.due_at)
        left = [message for one in owed for message in one.messages]
        left += [message for one in hidden for message in one.messages]
        for message in left:
            if message.heard_at is None:
                yield OpenItem(kind=OpenKind.VOICE_MESSAGE, subject=message.call_id, at=message.began_at)

    async def _told(self, at: datetime) -> AsyncIterator[OpenItem]:
        for outage in await self.outages.now(at):
            if outage.expected_end is None:
                yield OpenItem(kind=OpenKind.OUTAGE, subject=str(outage.id), at=outage.starts_at)
        orders = {order.id: order for way in sorted(STANDING) for order in await self.orders.by(way, at)}
        for order in orders.values():
            yield OpenItem(kind=OpenKind.ORDER, subject=str(order.id), at=order.starts_at)
        if message := await self.messages.on(at):
            yield OpenItem(kind=OpenKind.CITY_MESSAGE, subject=str(message.id), at=message.on_since or at)
