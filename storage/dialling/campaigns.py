"""Campaigns as people see and steer them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import ColumnElement, bindparam, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import (
    OF_CAMPAIGNS,
    Campaign,
    NewCampaign,
    Person,
    PersonState,
    Progress,
)
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.job_states import UNDER_WAY, JobState
from hotline.dialling.jobs import NewJob
from hotline.errors import NotFound
from storage.core.database import Database
from storage.core.transitions import moving
from storage.dialling.job_rows import in_state, job_values
from storage.dialling.rows import campaign_values, read_campaign, read_person
from storage.tables import call_jobs, campaigns, informing_campaigns

_UNDER_WAY = (CampaignState.RUNNING, CampaignState.PAUSED)
_ADD = insert(campaigns).returning(campaigns)
_ADD_PEOPLE = insert(call_jobs)
_WITH_ORDER = select(campaigns, informing_campaigns.c.order_id).outerjoin(informing_campaigns)
_THIS = _WITH_ORDER.where(campaigns.c.id == bindparam("this"))
_LATEST = (
    _WITH_ORDER.order_by(case((campaigns.c.state.in_(_UNDER_WAY), 0), else_=1), campaigns.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_BY_STATE = select(campaigns.c.state, func.count().label("campaigns")).group_by(campaigns.c.state)
_MOVE = {
    act: moving(campaigns, CAMPAIGN, act, changed_at=bindparam("now"))
    .where(campaigns.c.id == bindparam("this"))
    .returning(campaigns)
    for act in CampaignAct
}
_KIND = select(campaigns.c.kind).where(campaigns.c.id == bindparam("this"))
_STOPPED = select(campaigns.c.id).where(campaigns.c.state == CampaignState.STOPPED.value)
# People who were due when the calls were stopped were not reached.
STANDS_AS: ColumnElement[str] = case(
    (
        in_state(JobState.DUE) & call_jobs.c.campaign_id.in_(_STOPPED),
        PersonState.GIVEN_UP.value,
    ),
    (in_state(*UNDER_WAY), PersonState.CLAIMED.value),
    else_=call_jobs.c.state,
)
"""The `PersonState` of a job of a campaign."""
_STATES = (
    select(STANDS_AS.label("state"), call_jobs.c.result)
    .where(call_jobs.c.campaign_id == bindparam("this"))
    .subquery()
)
_COUNTED = select(_STATES.c.state, _STATES.c.result, func.count().label("people")).group_by(
    _STATES.c.state, _STATES.c.result
)
_PEOPLE = (
    select(call_jobs, STANDS_AS.label("stands_as"))
    .where(call_jobs.c.campaign_id == bindparam("this"))
    .order_by(call_jobs.c.called_at.desc().nulls_last(), call_jobs.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)


@define(eq=False, repr=False)
class StoredCampaigns:
    """`hotline.dialling.campaigns.Campaigns` on a database."""

    _database: Database

    async def add(
        self, new: NewCampaign, people: Sequence[tuple[str, str]], at: datetime, *, user_id: int | None = None
    ) -> Campaign:
        once: dict[str, str] = {}
        for number, about in people:
            once.setdefault(number, about)
        async with self._database.writing() as connection:
            campaign = await keep_campaign(connection, new, CampaignState.DRAFT, at, user_id=user_id)
            await enlist(connection, campaign.id, list(once.items()), at)
        return campaign

    async def find(self, campaign_id: int) -> Campaign | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_THIS, {"this": campaign_id})).mappings().first()
        return read_campaign(row) if row else None

    async def by_state(self) -> Mapping[CampaignState, int]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_BY_STATE)
            return {CampaignState(row.state): row.campaigns for row in rows}

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Campaign]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LATEST, {"most": most, "skipped": skipped})
            return [read_campaign(row) for row in rows.mappings()]

    async def move(self, campaign_id: int, act: CampaignAct, at: datetime) -> Campaign:
        while True:
            async with self._database.writing() as connection:
                asked = {"this": campaign_id, "now": at}
                row = (await connection.execute(_MOVE[act], asked)).mappings().first()
            if row is not None:
                return read_campaign(row)
            now = await self.find(campaign_id)
            if now is None:
                raise NotFound(f"There is no campaign {campaign_id}.")
            CAMPAIGN.after(now.state, act)  # where it is possible by now, somebody was quicker: once more

    async def progress(self, campaign_id: int) -> Progress:
        states: dict[PersonState, int] = {}
        results: dict[Result, int] = {}
        async with self._database.reading() as connection:
            for row in (await connection.execute(_COUNTED, {"this": campaign_id})).mappings():
                state = PersonState(row["state"])
                states[state] = states.get(state, 0) + row["people"]
                if row["result"]:
                    result = Result(row["result"])
                    results[result] = results.get(result, 0) + row["people"]
        return Progress(states=states, results=results)

    async def people(
        self,
        campaign_id: int,
        most: int,
        skipped: int = 0,
        *,
        state: PersonState | None = None,
        result: Result | None = None,
    ) -> Sequence[Person]:
        campaign = await self.find(campaign_id)
        if campaign is None:
            return []
        wanted = _PEOPLE
        if state is not None:
            wanted = wanted.where(STANDS_AS.in_([state.value]))
        if result is not None:
            wanted = wanted.where(call_jobs.c.result == result)
        asked = {"this": campaign_id, "most": most, "skipped": skipped}
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted, asked)
            return [read_person(row, campaign) for row in rows.mappings()]


async def keep_campaign(
    connection: AsyncConnection, new: NewCampaign, state: CampaignState, at: datetime, *, user_id: int | None
) -> Campaign:
    """Keep a campaign without people, in a transaction that goes on."""
    values = campaign_values(new) | {
        "state": state.value,
        "created_at": at,
        "changed_at": at,
        "user_id": user_id,
    }
    return read_campaign((await connection.execute(_ADD, values)).mappings().one())


async def enlist(
    connection: AsyncConnection, campaign_id: int, people: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Have these called: number, and what it is about; none may be there already."""
    kind = Kind((await connection.execute(_KIND, {"this": campaign_id})).scalar_one())
    rows = []
    for number, about in people:
        job = NewJob(source=OF_CAMPAIGNS, number=number, about=about, kind=kind, due_at=at)
        rows.append(job_values(job, at, campaign_id=campaign_id))
    if rows:
        await connection.execute(_ADD_PEOPLE, rows)
