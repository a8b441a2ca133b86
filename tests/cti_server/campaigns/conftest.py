"""The pages of automatic calls on real storage: a campaign in the middle, and one that is done."""

from collections.abc import Mapping

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.campaigns.routes import add_campaigns
from cti_server.campaigns.sources import CampaignSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.users import Role, User
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import Campaign, NewCampaign
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard

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
        attempts=storage.call_attempts,
        do_not_call=storage.do_not_call,
        users=storage.users,
        clock=clock,
    )


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_campaigns(made, campaign_sources(storage, clock))
    return made


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.sign_in(Role.HEAD.value)
    return person


@pytest.fixture
async def campaign(storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Campaign:
    """Forty people; twelve were called, two are being called."""
    people = [(f"+380671110{at:03}", "") for at in range(40)]
    at = clock.now()
    made = await storage.campaigns.add(WATER, people, at, user_id=users[Role.HEAD].id)
    running = await storage.campaigns.move(made.id, CampaignAct.START, at)
    claimed = await storage.campaign_calls.claim(at, len(CAME_TO) + 2)
    for person, result in zip(claimed, CAME_TO, strict=False):
        call_id = f"out-campaign-{person.id}-1-x"
        await storage.campaign_calls.ended(person.id, result, at, attempt=1, call_id=call_id)
    for one in claimed[len(CAME_TO) :]:
        errand = Errand(
            name=f"campaign-{one.id}", attempt=1, claimed_at=at, number=one.number, kind=Kind.INFORMING
        )
        attempt = Attempt(errand, f"out-{errand.call}")
        await storage.call_attempts.claim(attempt, at, since=at, budget=3)
        await storage.call_attempts.dialling(attempt.call_id, at)
    return running
