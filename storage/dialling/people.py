"""The people of running campaigns: claimed one by one, renewed while they are spoken with, ended once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign, Person, PersonState
from hotline.dialling.dialler import Result, RetryRules
from storage.core.database import Database
from storage.core.transitions import moving
from storage.dialling.rows import read_campaign, read_person
from storage.tables import campaign_people, campaigns

_PEOPLE = campaign_people.c
_MINUTE = timedelta(minutes=1)
_RUNNING = (
    select(campaigns)
    .where(campaigns.c.state == CampaignState.RUNNING)
    .order_by(campaigns.c.urgency, campaigns.c.id)
)
# Said in the words of the partial indexes: none is used for sure for a state that is a parameter.
_STATE_DUE: ColumnElement[str] = literal_column(f"'{PersonState.DUE.value}'")
_STATE_CLAIMED: ColumnElement[str] = literal_column(f"'{PersonState.CLAIMED.value}'")
_IS_DUE = _PEOPLE.state == _STATE_DUE
_CLAIMED = _PEOPLE.state == _STATE_CLAIMED
_IS_UNENDED = _PEOPLE.state.in_([_STATE_DUE, _STATE_CLAIMED])
_OF_THIS = _PEOPLE.campaign_id == bindparam("this")
_UNDER_WAY = select(func.count()).where(_OF_THIS, _IS_UNENDED, _CLAIMED)
_OF_LATE = select(func.count()).where(_OF_THIS, _PEOPLE.called_at > bindparam("since"))
_DUE_NOW = (_OF_THIS, _IS_DUE, _PEOPLE.due_at <= bindparam("now"))
_ANY_DUE = select(_PEOPLE.id).where(*_DUE_NOW).limit(1)
# In the order of its index: without one PostgreSQL reads through everybody who was called.
_UNENDED = select(_PEOPLE.id).where(_OF_THIS, _IS_UNENDED).order_by(_PEOPLE.state).limit(1)
_DUE = (
    select(_PEOPLE.id)
    .where(*_DUE_NOW)
    .order_by(_PEOPLE.due_at, _PEOPLE.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(campaign_people)
    .where(_PEOPLE.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=PersonState.CLAIMED,
        attempt=_PEOPLE.attempt + 1,
        changed_at=bindparam("now"),
        called_at=bindparam("now"),
        called_before=_PEOPLE.called_at,
    )
    .returning(campaign_people)
)
_FINISH = moving(campaigns, CAMPAIGN, CampaignAct.FINISH, changed_at=bindparam("now")).where(
    campaigns.c.id == bindparam("this")
)
_RENEW = (
    update(campaign_people)
    .where(_PEOPLE.id.in_(bindparam("ids", expanding=True)), _CLAIMED)
    .values(changed_at=bindparam("now"))
)
_THIS_CLAIM = (
    _PEOPLE.id == bindparam("person"),
    _PEOPLE.attempt == bindparam("of_attempt"),
    _CLAIMED,
)
_WHOSE = select(campaigns).join_from(campaign_people, campaigns).where(*_THIS_CLAIM)
_END = update(campaign_people).where(*_THIS_CLAIM)
_NOT_CALLED = {"called_at": _PEOPLE.called_before}
_DUE_AGAIN = {
    "state": PersonState.DUE,
    "attempt": _PEOPLE.attempt - 1,
    "changed_at": bindparam("now"),
    **_NOT_CALLED,
}
_GIVE_BACK = _END.values(due_at=bindparam("until"), **_DUE_AGAIN)
_IS_LEFT = (_CLAIMED, _PEOPLE.changed_at < bindparam("before"))
_ANY_LEFT = select(_PEOPLE.id).where(*_IS_LEFT).limit(1)
_LEFT = update(campaign_people).where(*_IS_LEFT).values(**_DUE_AGAIN)


class StoredCampaignCalls:
    """`hotline.dialling.campaigns.CampaignCalls` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, at: datetime, most: int) -> Sequence[Person]:
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            running = [read_campaign(row) for row in (await connection.execute(_RUNNING)).mappings()]
            wanting = [one for one in running if await _wants(connection, one, at)]
        if not wanting:
            return []
        claimed: list[Person] = []
        async with self._database.writing() as connection:
            for campaign in wanting:
                claimed += await _claim(connection, campaign, at, most - len(claimed))
        return claimed

    async def renew(self, person_ids: Sequence[int], at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"ids": person_ids, "now": at})

    async def ended(
        self, person_id: int, result: Result, at: datetime, *, attempt: int, call_id: str
    ) -> None:
        claim = {"person": person_id, "of_attempt": attempt}
        async with self._database.writing() as connection:
            row = (await connection.execute(_WHOSE, claim)).mappings().first()
            if row is None:
                return
            values: dict[str, Any] = {"changed_at": at, "result": result, "call_id": call_id}
            again_in = RetryRules(read_campaign(row).pauses).again_in(result, attempt)
            if result is Result.UNWANTED:
                values |= _NOT_CALLED
            if result is Result.SETTLED:
                values["state"] = PersonState.REACHED
            elif again_in is None:
                values["state"] = PersonState.GIVEN_UP
            else:
                values |= {"state": PersonState.DUE, "due_at": at + again_in}
            await connection.execute(_END.values(**values), claim)

    async def put_off(self, person_id: int, until: datetime, at: datetime, *, attempt: int) -> None:
        back = {"person": person_id, "of_attempt": attempt, "until": until, "now": at}
        async with self._database.writing() as connection:
            await connection.execute(_GIVE_BACK, back)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_LEFT, {"before": renewed_before})).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_LEFT, {"before": renewed_before, "now": at})).rowcount


async def _wants(connection: AsyncConnection, campaign: Campaign, at: datetime) -> bool:
    """Tell whether somebody may be called for it now, or it is done and nobody noted it yet."""
    asked = {"this": campaign.id, "now": at}
    if (await connection.execute(_ANY_DUE, asked)).first() is not None:
        return await _room(connection, campaign, at, 1) > 0
    return (await connection.execute(_UNENDED, asked)).first() is None


async def _room(connection: AsyncConnection, campaign: Campaign, at: datetime, most: int) -> int:
    """Give how many of so many calls it may place now, within its own bounds."""
    this = {"this": campaign.id}
    if campaign.most:
        under_way = (await connection.execute(_UNDER_WAY, this)).scalar_one()
        most = min(most, campaign.most - under_way)
    if campaign.per_minute:
        of_late = (await connection.execute(_OF_LATE, {**this, "since": at - _MINUTE})).scalar_one()
        most = min(most, campaign.per_minute - of_late)
    return most


async def _claim(
    connection: AsyncConnection, campaign: Campaign, at: datetime, most: int
) -> Sequence[Person]:
    """Take people of one campaign within its own bounds, or note that it is done."""
    most = await _room(connection, campaign, at, most)
    if most <= 0:
        return []
    asked = {"this": campaign.id, "now": at}
    ids = (await connection.execute(_DUE, {**asked, "most": most})).scalars().all()
    if not ids:
        if (await connection.execute(_UNENDED, asked)).first() is None:
            await connection.execute(_FINISH, asked)
        return []
    rows = (await connection.execute(_CLAIM, {"ids": ids, "now": at})).mappings()
    return sorted((read_person(row, campaign) for row in rows), key=lambda one: (one.due_at, one.id))
