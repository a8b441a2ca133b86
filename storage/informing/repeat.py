"""Repeats an order to the people whom it did not reach: another call, or another notice."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Text, bindparam, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.campaigns import PersonState
from hotline.informing.orders import PERSON, InformingOrder, Way
from storage.core.transitions import moving
from storage.dialling.campaigns import enlist
from storage.informing.people import BECAUSE, CAMPAIGNS, add_campaign, latest_calls
from storage.tables import call_jobs, informing_people, notices

_LATEST = latest_calls()
_NOT_REACHED = select(_LATEST.c.number, _LATEST.c.about).where(
    _LATEST.c.state.in_([PersonState.GIVEN_UP.value])
)
_PERSON_ID = cast(func.substr(notices.c.recipient, len(PERSON) + 1), BigInteger)
_CONFIRMED = (
    exists()
    .where(
        informing_people.c.id == _PERSON_ID,
        call_jobs.c.number == informing_people.c.number,
        call_jobs.c.campaign_id.in_(CAMPAIGNS),
        call_jobs.c.state == PersonState.REACHED.value,
    )
    .correlate(notices)
)
_NOT_DELIVERED = (*BECAUSE, notices.c.state == NoticeState.FAILED.value, ~_CONFIRMED)
_COUNT_MESSAGES = (
    select(notices.c.channel, func.count().label("people")).where(*_NOT_DELIVERED).group_by(notices.c.channel)
)
_SEND_AGAIN = moving(
    notices,
    NOTICE,
    NoticeEvent.SEND_AGAIN,
    changed_at=bindparam("now"),
    due_at=bindparam("now"),
    tries=0,
    fault="",
    round=notices.c.round + 1,  # else the gateway takes it for the one that it has seen
).where(*_NOT_DELIVERED, notices.c.channel == bindparam("by", type_=Text))


async def not_delivered(connection: AsyncConnection, order: InformingOrder) -> Mapping[Way, int]:
    """Count what would be sent again, by way; an unsure message may have reached them, and is not."""
    asked = {"this": order.id, "because_of": order.matter}
    return {Way(one.channel): one.people for one in await connection.execute(_COUNT_MESSAGES, asked)}


async def tell_again(
    connection: AsyncConnection, order: InformingOrder, way: Way, at: datetime, user_id: int
) -> int:
    """Send the order again by this way to the people whom it did not reach; returns how many."""
    if way is Way.CALL:
        return await _call_again(connection, order, at, user_id)
    asked = {"this": order.id, "because_of": order.matter, "by": way.value, "now": at}
    return (await connection.execute(_SEND_AGAIN, asked)).rowcount


async def _call_again(connection: AsyncConnection, order: InformingOrder, at: datetime, user_id: int) -> int:
    missed = (await connection.execute(_NOT_REACHED, {"this": order.id})).all()
    if missed:
        campaign_id = await add_campaign(connection, order, CampaignState.RUNNING, at, user_id)
        await enlist(connection, campaign_id, [(one.number, one.about) for one in missed], at)
    return len(missed)
