"""The pages of automatic calls on real storage: a campaign in the middle, and one that is done."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.campaigns.routes import add_campaigns
from cti_server.campaigns.sources import CampaignSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import Campaign, NewCampaign
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import again_at
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.fakes.jobs import carried_out, dialled

WATER = NewCampaign(
    name="Вимкнення води у Київському кварталі",
    kind=Kind.INFORMING,
    says="Завтра з дев'ятої до дванадцятої у Київському кварталі не буде холодної води.",
    most=20,
    per_minute=60,
)
CAME_TO = (
    *(Result.SETTLED, Result.SETTLED, Result.SETTLED, Result.NO_ANSWER, Result.BUSY, Result.SETTLED),
    *(Result.MACHINE, Result.REFUSED, Result.SETTLED, Result.NOT_IN_USE, Result.INTERRUPTED, Result.SETTLED),
)


def campaign_sources(storage: Storage, clock: MovedClock) -> CampaignSources:
    return CampaignSources(
        campaigns=storage.campaigns,
        jobs=storage.call_jobs,
        do_not_call=storage.do_not_call,
        users=storage.users,
        lemmas=storage.lemmas,
        clock=clock,
    )


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_campaigns(made, campaign_sources(storage, clock))
    return made


@pytest.fixture
async def campaign(storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Campaign:
    """Forty people; twelve were called, two are being called."""
    people = [(f"+380671110{at:03}", "") for at in range(40)]
    at = clock.now()
    made = await storage.campaigns.add(WATER, people, at, user_id=users[Role.HEAD].id)
    running = await storage.campaigns.move(made.id, CampaignAct.START, at)
    claimed = await storage.call_jobs.claim(at, len(CAME_TO) + 2)
    for job, result in zip(claimed, CAME_TO, strict=False):
        await carried_out(storage, job, result, at)
    for job in claimed[len(CAME_TO) :]:
        await dialled(storage, job, at)
    return running


async def over(storage: Storage, at: datetime) -> None:
    """The calls that are under way end in vain."""
    for one in await storage.call_jobs.under_way(9):
        await storage.call_jobs.end(one.job.call_id, Result.BUSY, at)
        await storage.call_jobs.follow(one.job.call_id, again_at(at), at)
