"""Ports of the pages of automatic calls."""

from dataclasses import dataclass

from aiohttp import web

from hotline.access.users import Users
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.dialling.campaigns import Campaigns
from hotline.dialling.jobs import CallJobs
from hotline.people.do_not_call import DoNotCall


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSources:
    """Campaigns, calls under way, and the do-not-call list."""

    campaigns: Campaigns
    jobs: CallJobs
    do_not_call: DoNotCall
    users: Users
    lemmas: Lemmas
    clock: Clock


CAMPAIGNS: web.AppKey[CampaignSources] = web.AppKey("campaigns")
