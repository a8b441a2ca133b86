"""The monitor of automatic calls: what is dialled now, how each campaign stands, and to hold it."""

from dataclasses import dataclass

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.campaigns.sources import CAMPAIGNS
from cti_server.campaigns.words import ACTS, CONTEXT
from cti_server.frame.pages import render
from hotline.campaigns import Campaign, CampaignState, PersonState, Progress, may_become
from hotline.dialler import Result
from hotline.errors import ForbiddenTransition, NotFound
from hotline.users import Permission

PATH = "/campaigns"
SHOWN = 30
"""Campaigns on the page, and calls under way; nobody reads further."""
PEOPLE_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A campaign, how far it is, and what a person may bring it to."""

    campaign: Campaign
    progress: Progress

    @property
    def acts(self) -> list[CampaignState]:
        return [state for state in ACTS if state in may_become(self.campaign.state)]


@allowed(Permission.SEE_CAMPAIGNS)
async def listing(request: web.Request) -> web.Response:
    """What is dialled at this moment, and the campaigns; the page asks for itself anew."""
    sources = request.app[CAMPAIGNS]
    campaigns = await sources.campaigns.latest(SHOWN)
    await audit(request, Action.VIEW, "campaigns")
    return render(
        request,
        "campaigns/list.html.jinja2",
        **CONTEXT,
        standings=[await _standing(request, one) for one in campaigns],
        calls=await sources.attempts.under_way(SHOWN),
    )


@allowed(Permission.SEE_CAMPAIGNS)
async def one(request: web.Request) -> web.Response:
    """One campaign; `?state=` and `?result=` choose the people who are shown."""
    campaign = await _campaign(request)
    state, result = request.query.get("state", ""), request.query.get("result", "")
    people = await request.app[CAMPAIGNS].campaigns.people(
        campaign.id,
        PEOPLE_SHOWN,
        state=PersonState(state) if state in set(PersonState) else None,
        result=Result(result) if result in set(Result) else None,
    )
    await audit(request, Action.VIEW, f"campaign:{campaign.id}", request.query_string)
    users = {user.id: user.name for user in await request.app[CAMPAIGNS].users.all()}
    return render(
        request,
        "campaigns/one.html.jinja2",
        **CONTEXT,
        standing=await _standing(request, campaign),
        people=people,
        chosen_state=state,
        chosen_result=result,
        most=PEOPLE_SHOWN,
        late=request.query.get("late") == "yes",
        author=users.get(campaign.user_id or 0, ""),
    )


@allowed(Permission.MANAGE_CAMPAIGNS)
async def move(request: web.Request) -> web.Response:
    """Start it, pause it, go on, stop it; what somebody else did meanwhile is shown."""
    campaign, form = await _campaign(request), await request.post()
    here, asked = f"{PATH}/{campaign.id}", str(form.get("to", ""))
    if asked not in {state.value for state in ACTS}:
        raise web.HTTPBadRequest
    sources = request.app[CAMPAIGNS]
    try:
        await sources.campaigns.move(campaign.id, CampaignState(asked), sources.clock.now())
    except ForbiddenTransition:
        return web.Response(status=303, headers={"Location": f"{here}?late=yes"})
    await audit(request, Action.CHANGE, f"campaign:{campaign.id}", asked)
    return web.Response(status=303, headers={"Location": here})


async def _campaign(request: web.Request) -> Campaign:
    found = await request.app[CAMPAIGNS].campaigns.find(int(request.match_info["id"]))
    if found is None:
        raise NotFound(f"There is no campaign {request.match_info['id']}.")
    return found


async def _standing(request: web.Request, campaign: Campaign) -> Standing:
    return Standing(campaign=campaign, progress=await request.app[CAMPAIGNS].campaigns.progress(campaign.id))
