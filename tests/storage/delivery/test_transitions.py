"""What is written of a notice goes by its table, from each state, whatever happens."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from hotline.access.permissions import Role
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.errors import ForbiddenTransition
from storage.delivery.outbox import take_back
from storage.store import Storage
from storage.tables import notices
from tests.storage.conftest import NOON

LATER = NOON + timedelta(minutes=5)
NEW = NewNotice(
    matter="order-1", to="head", channel=Channel.PAGE, address="", about="informing", facts={"urgency": "low"}
)


async def _taken_back(storage: Storage, notice: Notice) -> None:
    async with storage.database.writing() as connection:
        await take_back(connection, [notice.to], LATER)


def _said(event: NoticeEvent) -> Callable[[Storage, Notice], Awaitable[object]]:
    return lambda storage, notice: storage.receipts.settle(notice, LATER, event)


def _decided(event: NoticeEvent) -> Callable[[Storage, Notice], Awaitable[object]]:
    return lambda storage, notice: storage.outbox.decide(notice.id, event, LATER)


def _called(event: NoticeEvent) -> Callable[[Storage, Notice], Awaitable[object]]:
    return lambda storage, notice: storage.outbox.call_over(notice.id, event, LATER, tries=1)


HAPPENS: dict[NoticeEvent, Callable[[Storage, Notice], Awaitable[object]]] = {
    NoticeEvent.CLAIM: lambda storage, _: storage.outbox.claim([Channel.PAGE], LATER),
    NoticeEvent.HAND_OVER: lambda storage, one: storage.outbox.sent(one.id, LATER),
    NoticeEvent.RETRY: lambda storage, one: storage.outbox.failed(
        one.id, LATER, "busy", again_in=timedelta(hours=1)
    ),
    NoticeEvent.GIVE_UP: lambda storage, one: storage.outbox.failed(one.id, LATER, "no", again_in=None),
    NoticeEvent.LOSE: lambda storage, one: storage.outbox.unclear(one.id, LATER, "no answer"),
    NoticeEvent.SEE: lambda storage, one: storage.outbox.seen(one.to, [one.id], LATER, by=1),
    NoticeEvent.UNSEE: lambda storage, one: storage.outbox.unseen(one.to, [one.id], LATER),
    NoticeEvent.TAKE_BACK: _taken_back,
    **{
        event: _said(event)
        for event in (NoticeEvent.CONFIRM, NoticeEvent.DELIVER, NoticeEvent.BOUNCE, NoticeEvent.MISS)
    },
    **{event: _decided(event) for event in (NoticeEvent.DECIDE, NoticeEvent.SEND_AGAIN)},
    **{event: _called(event) for event in (NoticeEvent.CALLED_IN_VAIN, NoticeEvent.NOT_REACHED)},
}


@pytest.mark.parametrize("state", NoticeState)
async def test_a_notice_goes_where_the_table_leads_or_stays(storage: Storage, state: NoticeState) -> None:
    """One notice after the other, each event to its own."""
    await storage.users.add(login="reader", name="Х", role=Role.HEAD, password_hash="x")
    for event in NoticeEvent:
        await storage.outbox.owe([NEW], NOON)
        async with storage.database.writing() as connection:
            await connection.execute(update(notices).values(state=state.value))
            only = (await connection.execute(select(notices.c.id))).scalar_one()
        before = await storage.outbox.find(only)
        assert before is not None
        with suppress(ForbiddenTransition):
            await HAPPENS[event](storage, before)
        then = await storage.outbox.find(only)
        assert then is not None
        assert then.state is NOTICE.table[state].get(event, state), event
        async with storage.database.writing() as connection:
            await connection.execute(delete(notices))


@pytest.mark.parametrize("event", [NoticeEvent.RETRY, NoticeEvent.LOSE])
async def test_what_the_gateway_has_delivered_is_not_sent_again(storage: Storage, event: NoticeEvent) -> None:
    """The word of the gateway comes before that of a hand-over that took too long."""
    await storage.outbox.owe([NEW], NOON)
    async with storage.database.writing() as connection:
        await connection.execute(update(notices).values(state=NoticeState.DELIVERED.value))
    before = await storage.outbox.find(1)
    assert before is not None
    await HAPPENS[event](storage, before)
    assert await storage.outbox.find(1) == before
