"""The people of an order: kept once each, called by campaigns, owed notices; and what came of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Subquery,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.delivery.proof import IN_A_FILE
from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import NewCampaign, PersonState
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.job_states import UNENDED
from hotline.informing.orders import PERSON, InformedPerson, InformingOrder, Way
from storage.core.constants import constant
from storage.core.transitions import moving
from storage.dialling.campaigns import STANDS_AS, keep_campaign
from storage.dialling.job_rows import in_state
from storage.informing.heard import heard_by
from storage.tables import call_jobs, campaigns, do_not_call, informing_campaigns, informing_people, notices

AT_ONCE = 500
_OF_ORDER = informing_people.c.order_id == bindparam("this")
_COUNT = select(func.count()).select_from(informing_people).where(_OF_ORDER)
CAMPAIGNS = select(informing_campaigns.c.campaign_id).where(
    informing_campaigns.c.order_id == bindparam("this")
)
_STEER = {
    act: moving(campaigns, CAMPAIGN, act, changed_at=bindparam("now")).where(campaigns.c.id.in_(CAMPAIGNS))
    for act in (CampaignAct.START, CampaignAct.PAUSE, CampaignAct.STOP)
}
BECAUSE = (notices.c.matter == bindparam("because_of"), text("notices.matter <> ''"))  # as the index has it
_OWED = (*BECAUSE, notices.c.state == NoticeState.OWED.value)
_HELD = datetime(9999, 1, 1, tzinfo=UTC)
"""The due date of notices that are held back."""
_NEEDLESS = moving(notices, NOTICE, NoticeEvent.TAKE_BACK, changed_at=bindparam("now")).where(*_OWED)
_HOLD = update(notices).where(*_OWED).values(due_at=bindparam("until"))
_SLIPPED = select(notices.c.id).where(*_OWED, notices.c.due_at < _HELD).limit(1)


def latest_calls(*of: ColumnElement[bool]) -> Subquery:
    """Select each number's call of the order's last campaign; `of` narrows them to some numbers.

    By a window, in one pass however the database counts its rows; a search for a later call of each was one
    through all for each.
    """
    called = (
        select(
            call_jobs.c.number,
            call_jobs.c.about,
            call_jobs.c.result,
            call_jobs.c.call_id,
            call_jobs.c.campaign_id,
            STANDS_AS.label("state"),
            func.max(call_jobs.c.campaign_id).over(partition_by=call_jobs.c.number).label("last_campaign"),
        )
        .where(call_jobs.c.campaign_id.in_(CAMPAIGNS), *of)
        .subquery()
    )
    return select(called).where(called.c.campaign_id == called.c.last_campaign).subquery()


_LATEST = latest_calls()
_CALLS = select(_LATEST.c.state, func.count().label("people")).group_by(_LATEST.c.state)
_GOING_ON = select(
    or_(
        exists().where(
            call_jobs.c.campaign_id.in_(CAMPAIGNS),
            in_state(*UNENDED),
        ),
        exists().where(*BECAUSE, notices.c.state.in_([NoticeState.OWED.value, NoticeState.CLAIMED.value])),
    )
)
_WRITTEN = notices.c.provider_id.startswith(constant(IN_A_FILE))
_NOTICES = (
    select(notices.c.channel, notices.c.state, _WRITTEN.label("written"), func.count().label("people"))
    .where(*BECAUSE)
    .group_by(notices.c.channel, notices.c.state, _WRITTEN)
)
_PAGE = (
    select(informing_people)
    .where(_OF_ORDER, informing_people.c.id > bindparam("behind"))
    .order_by(informing_people.c.id)
    .limit(AT_ONCE)
)
_OF_PAGE = latest_calls(call_jobs.c.number.in_(bindparam("numbers", expanding=True)))
_CALLED = select(
    _OF_PAGE.c.number,
    _OF_PAGE.c.state,
    _OF_PAGE.c.result,
    _OF_PAGE.c.call_id,
    exists().where(do_not_call.c.call_id == _OF_PAGE.c.call_id).label("wants_no_more"),
)
_NOTICED = select(notices.c.recipient, notices.c.channel, notices.c.state, _WRITTEN.label("written")).where(
    *BECAUSE, notices.c.recipient.in_(bindparam("whom", expanding=True))
)


def campaign_of(order: InformingOrder) -> NewCampaign:
    """Make the campaign that calls the order's people."""
    return NewCampaign(
        name=f"{order.subject} (№ {order.number})",
        kind=Kind.INFORMING,
        says=order.text,
        phrase=order.phrase.name,
        exempt=order.exempt,
    )


async def add_campaign(
    connection: AsyncConnection,
    order: InformingOrder,
    state: CampaignState,
    at: datetime,
    user_id: int | None,
) -> int:
    campaign = await keep_campaign(connection, campaign_of(order), state, at, user_id=user_id)
    kept = {"campaign_id": campaign.id, "order_id": order.id}
    await connection.execute(insert(informing_campaigns), kept)
    return campaign.id


async def steer(connection: AsyncConnection, order: InformingOrder, act: CampaignAct, at: datetime) -> None:
    """Let the order's calls and notices go on, wait, or be needless."""
    await connection.execute(_STEER[act], {"this": order.id, "now": at})
    if act is CampaignAct.STOP:
        await connection.execute(_NEEDLESS, {"because_of": order.matter, "now": at})
    else:
        until = at if act is CampaignAct.START else _HELD
        await connection.execute(_HOLD, {"because_of": order.matter, "until": until})


async def slipped(connection: AsyncConnection, order: InformingOrder) -> bool:
    """Whether a notice would still be sent: a hand-over that failed after the order was held is due again."""
    return (await connection.execute(_SLIPPED, {"because_of": order.matter})).first() is not None


async def going_on(connection: AsyncConnection, order: InformingOrder) -> bool:
    """Tell whether somebody is still to be told."""
    asked = {"this": order.id, "because_of": order.matter}
    return bool((await connection.execute(_GOING_ON, asked)).scalar_one())


async def count(connection: AsyncConnection, order_id: int) -> int:
    return int((await connection.execute(_COUNT, {"this": order_id})).scalar_one())


async def calls_by_state(connection: AsyncConnection, order_id: int) -> Sequence[Row[Any]]:
    return (await connection.execute(_CALLS, {"this": order_id})).all()


async def notices_by_state(connection: AsyncConnection, matter: str) -> Sequence[Row[Any]]:
    return (await connection.execute(_NOTICES, {"because_of": matter})).all()


async def everybody(connection: AsyncConnection, order: InformingOrder) -> AsyncIterator[InformedPerson]:
    behind = 0
    while rows := (await connection.execute(_PAGE, {"this": order.id, "behind": behind})).all():
        behind = rows[-1].id
        numbers = [row.number for row in rows if row.number]
        found = await connection.execute(_CALLED, {"this": order.id, "numbers": numbers})
        called = {one.number: one for one in found}
        heard = await heard_by(connection, order, numbers)
        whom = [f"{PERSON}{row.id}" for row in rows]
        sent: dict[str, dict[Way, NoticeState]] = {one: {} for one in whom}
        written: dict[str, set[Way]] = {one: set() for one in whom}
        for one in await connection.execute(_NOTICED, {"because_of": order.matter, "whom": whom}):
            sent[one.recipient][Way(one.channel)] = NoticeState(one.state)
            if one.written:
                written[one.recipient].add(Way(one.channel))
        for row in rows:
            person = _person(row, called.get(row.number), sent[f"{PERSON}{row.id}"])
            lie_in_files = frozenset(written[f"{PERSON}{row.id}"])
            yield replace(person, heard_in=heard.get(row.number), written=lie_in_files)


def _person(row: Row[Any], call: Row[Any] | None, sent: dict[Way, NoticeState]) -> InformedPerson:
    return InformedPerson(
        id=row.id,
        name=row.name,
        number=row.number,
        email=row.email,
        called=PersonState(call.state) if call else None,
        result=Result(call.result) if call and call.result else None,
        call_id=call.call_id if call else None,
        wants_no_more=bool(call and call.wants_no_more),
        notices=sent,
    )
