"""What the pages of automatic calls read and change."""

from dataclasses import dataclass

from aiohttp import web

from hotline.access.users import Users
from hotline.clock import Clock
from hotline.dialling.call_attempts import CallAttempts
from hotline.dialling.campaigns import Campaigns
from hotline.people.do_not_call import DoNotCall


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSources:
    """Campaigns, what is dialled at this moment, and the list of whom not to call."""

    campaigns: Campaigns
    attempts: CallAttempts
    do_not_call: DoNotCall
    users: Users
    clock: Clock


CAMPAIGNS: web.AppKey[CampaignSources] = web.AppKey("campaigns")
