"""Jobs that are due: the most pressing first, a campaign within its own bounds, nobody twice at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign
from hotline.dialling.job_states import UNDER_WAY, UNENDED, JobState
from storage.core.transitions import moving
from storage.dialling.job_rows import in_state
from storage.dialling.rows import read_campaign
from storage.tables import call_attempts, call_jobs, campaigns

_JOB = call_jobs.c
_MINUTE = timedelta(minutes=1)
_LOOKED_AT = 50
_DUE = in_state(JobState.DUE)
_OTHER = call_jobs.alias("other")
_OTHER_UNDER_WAY = in_state(JobState.CLAIMED, JobState.ADMITTED, JobState.DIALLED, of=_OTHER)
_APART = ~exists().where(
    _OTHER_UNDER_WAY,
    or_(
        _OTHER.c.number == _JOB.number,
        and_(_OTHER.c.about == _JOB.about, _JOB.about != "", _JOB.campaign_id.is_(None)),
    ),
)
# The people of a campaign may all be called about one thing.
_ABOUT_ONE_THING = case((_JOB.campaign_id.is_(None), _JOB.about), else_="").label("about")
_LOOKED_UP = (_JOB.id, _JOB.urgency, _JOB.due_at, _JOB.number, _ABOUT_ONE_THING)
_DUE_NOW = (_DUE, _JOB.campaign_id.is_(None), _JOB.due_at <= bindparam("now"))
_FIRST_DUE = select(func.min(_JOB.due_at)).where(_DUE, _JOB.campaign_id.is_(None))
_MOST_PRESSING = (
    select(*_LOOKED_UP)
    .where(*_DUE_NOW, _APART)
    .order_by(_JOB.urgency, _JOB.due_at, _JOB.id)
    .limit(_LOOKED_AT)
    .with_for_update(skip_locked=True, of=call_jobs)
)

_RUNNING = select(campaigns).where(campaigns.c.state == CampaignState.RUNNING)
_OF_THIS = _JOB.campaign_id == bindparam("this")
_DUE_OF_THIS = (_OF_THIS, _DUE, _JOB.due_at <= bindparam("now"))
_ANY_DUE_OF_THIS = select(_JOB.id).where(*_DUE_OF_THIS).limit(1)
_PEOPLE = (
    select(*_LOOKED_UP)
    .where(*_DUE_OF_THIS, _APART)
    .order_by(_JOB.due_at, _JOB.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=call_jobs)
)
_UNENDED_OF_THIS = select(_JOB.id).where(_OF_THIS, in_state(*UNENDED)).order_by(_JOB.state).limit(1)
_UNDER_WAY_OF_THIS = select(func.count()).where(
    _OF_THIS,
    in_state(*UNENDED),
    in_state(*UNDER_WAY),
)
_NOT_YET_DIALLED = select(func.count()).where(
    _OF_THIS, in_state(*UNENDED), in_state(JobState.CLAIMED, JobState.ADMITTED)
)
_DIALLED_SINCE = (
    select(func.count())
    .select_from(call_attempts)
    .join(call_jobs, _JOB.id == call_attempts.c.job_id)
    .where(_OF_THIS, call_attempts.c.dialled_at > bindparam("since"))
)
_FINISH = moving(campaigns, CAMPAIGN, CampaignAct.FINISH, changed_at=bindparam("now")).where(
    campaigns.c.id == bindparam("this")
)


@dataclass(frozen=True, slots=True)
class Due:
    """What may be called now: jobs by themselves, and people of campaigns."""

    any_job: bool
    campaigns: Sequence[Campaign]

    def __bool__(self) -> bool:
        return self.any_job or bool(self.campaigns)


async def running_campaigns(connection: AsyncConnection) -> Sequence[Campaign]:
    return [read_campaign(row) for row in (await connection.execute(_RUNNING)).mappings()]


async def first_due(connection: AsyncConnection) -> datetime | None:
    """Give when the first of the jobs by themselves is due; None where nothing is owed."""
    due: datetime | None = (await connection.execute(_FIRST_DUE)).scalar()
    return due


async def wanting(
    connection: AsyncConnection, at: datetime, running: Sequence[Campaign]
) -> Sequence[Campaign]:
    """Give the running campaigns for which there is something to do, without keeping any writer waiting."""
    return [one for one in running if await _wants(connection, one, at)]


async def to_claim(connection: AsyncConnection, due: Due, at: datetime, most: int) -> list[int]:
    """Give the ids of at most `most` jobs to be claimed, locked; a campaign without any left is done."""
    found: list[RowMapping] = []
    if due.any_job:
        found += (await connection.execute(_MOST_PRESSING, {"now": at})).mappings().all()
    for campaign in due.campaigns:
        found += await _people(connection, campaign, at, most)
    return _apart(found)[:most]


async def _wants(connection: AsyncConnection, campaign: Campaign, at: datetime) -> bool:
    """Tell whether somebody may be called for it now, or it is done and nobody noted it yet."""
    asked = {"this": campaign.id, "now": at}
    if (await connection.execute(_ANY_DUE_OF_THIS, asked)).first() is not None:
        return await _room(connection, campaign, at, 1) > 0
    return (await connection.execute(_UNENDED_OF_THIS, asked)).first() is None


async def _room(connection: AsyncConnection, campaign: Campaign, at: datetime, most: int) -> int:
    """Give how many of `most` calls it may place now, within its own bounds."""
    this = {"this": campaign.id}
    if campaign.most:
        under_way = (await connection.execute(_UNDER_WAY_OF_THIS, this)).scalar_one()
        most = min(most, campaign.most - under_way)
    if campaign.per_minute:
        asked = {**this, "since": at - _MINUTE}
        of_late = (await connection.execute(_DIALLED_SINCE, asked)).scalar_one()
        of_late += (await connection.execute(_NOT_YET_DIALLED, this)).scalar_one()
        most = min(most, campaign.per_minute - of_late)
    return most


async def _people(
    connection: AsyncConnection, campaign: Campaign, at: datetime, most: int
) -> Sequence[RowMapping]:
    """Find who of a campaign may be called within its own bounds, or note that it is done."""
    most = await _room(connection, campaign, at, most)
    if most <= 0:
        return []
    asked = {"this": campaign.id, "now": at}
    rows = (await connection.execute(_PEOPLE, {**asked, "most": most})).mappings().all()
    if not rows and (await connection.execute(_UNENDED_OF_THIS, asked)).first() is None:
        await connection.execute(_FINISH, asked)
    return rows


def _apart(due: Sequence[RowMapping]) -> list[int]:
    """Leave of each number and each thing only the most pressing: nobody is rung about two things at once."""
    seen: set[str] = set()
    found = []
    for one in sorted(due, key=lambda row: (row["urgency"], row["due_at"], row["id"])):
        keys = {one["number"], one["about"]} - {""}
        if not keys & seen:
            seen |= keys
            found.append(one["id"])
    return found
