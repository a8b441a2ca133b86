"""The monitor of automatic calls: calls under way, the progress of campaigns, and acts on them."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit, audit_watching
from cti_server.auth.access import allowed
from cti_server.campaigns.listing import PATH, above, asked, found
from cti_server.campaigns.sources import CAMPAIGNS
from cti_server.campaigns.words import ACTS, CONTEXT
from cti_server.frame.leafing import leaf_of
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign, PersonState, Progress
from hotline.dialling.dialler import Result
from hotline.errors import ForbiddenTransition, NotFound

SHOWN = 30
"""Campaigns on a page, and calls under way."""
PEOPLE_SHOWN = 100
OFTEN, SELDOM = "2s", "30s"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignProgress:
    """A campaign, how far it is, and what a person may do with it."""

    campaign: Campaign
    progress: Progress

    @property
    def acts(self) -> list[CampaignAct]:
        """Give the acts; of an order's campaign none, for it is held and stopped with its order."""
        if self.campaign.order_id is not None:
            return []
        return [act for act in ACTS if CAMPAIGN.allows(self.campaign.state, act)]

    @property
    def every(self) -> str:
        """How often it is looked at again: more seldom while nothing moves, never once it has ended."""
        state = self.campaign.state
        if state is CampaignState.RUNNING or self.progress.states.get(PersonState.CLAIMED):
            return OFTEN
        return SELDOM if CAMPAIGN.possible(state) else ""


@allowed(Permission.SEE_CAMPAIGNS)
async def listing(request: web.Request) -> web.Response:
    """Show the calls under way, and the campaigns; the page polls."""
    sources = request.app[CAMPAIGNS]
    kept = asked(request)
    leaf = await leaf_of(request, found(request, kept), SHOWN)
    await audit_watching(request, "campaigns", request.query_string)
    standings = [await _standing(request, one) for one in leaf.rows]
    calls = await sources.jobs.under_way(SHOWN)
    every = OFTEN if calls or any(one.every == OFTEN for one in standings) else SELDOM
    context: dict[str, Any] = {"standings": standings, "leaf": leaf, "calls": calls, "every": every}
    return render(request, "campaigns/list.html.jinja2", **CONTEXT, **context, **await above(request, kept))


@allowed(Permission.SEE_CAMPAIGNS)
async def one(request: web.Request) -> web.Response:
    """One campaign; `?state=` and `?result=` choose the people who are shown."""
    return await _show(request, await _campaign(request), late=request.query.get("late") == "yes")


async def _show(
    request: web.Request, campaign: Campaign, *, late: bool = False, status: int = HTTPStatus.OK
) -> web.Response:
    state, result = request.query.get("state", ""), request.query.get("result", "")
    people = partial(
        request.app[CAMPAIGNS].campaigns.people,
        campaign.id,
        state=PersonState(state) if state in set(PersonState) else None,
        result=Result(result) if result in set(Result) else None,
    )
    leaf = await leaf_of(request, people, PEOPLE_SHOWN, f"{PATH}/{campaign.id}")
    await audit_watching(request, f"campaign:{campaign.id}", request.query_string)
    users = {user.id: user.name for user in await request.app[CAMPAIGNS].users.all()}
    return render(
        request,
        "campaigns/one.html.jinja2",
        status=status,
        **CONTEXT,
        standing=await _standing(request, campaign),
        leaf=leaf,
        chosen_state=state,
        chosen_result=result,
        late=late,
        author=users.get(campaign.user_id or 0, ""),
    )


@allowed(Permission.MANAGE_CAMPAIGNS)
async def move(request: web.Request) -> web.Response:
    """Start it, pause it, go on, stop it; what somebody else did meanwhile is shown.

    One of an order is steered with its order alone.
    """
    campaign, form = await _campaign(request), await request.post()
    here, asked = f"{PATH}/{campaign.id}", str(form.get("act", ""))
    if asked not in ACTS:
        raise web.HTTPBadRequest
    if campaign.order_id is not None:
        return await _show(request, campaign, status=HTTPStatus.CONFLICT)
    sources = request.app[CAMPAIGNS]
    try:
        await sources.campaigns.move(campaign.id, CampaignAct(asked), sources.clock.now())
    except ForbiddenTransition:
        return web.Response(status=303, headers={"Location": f"{here}?late=yes"})
    await audit(request, Action.CHANGE, f"campaign:{campaign.id}", asked)
    return web.Response(status=303, headers={"Location": here})


async def _campaign(request: web.Request) -> Campaign:
    found = await request.app[CAMPAIGNS].campaigns.find(int(request.match_info["id"]))
    if found is None:
        raise NotFound(f"There is no campaign {request.match_info['id']}.")
    return found


async def _standing(request: web.Request, campaign: Campaign) -> CampaignProgress:
    return CampaignProgress(
        campaign=campaign, progress=await request.app[CAMPAIGNS].campaigns.progress(campaign.id)
    )
