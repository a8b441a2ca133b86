"""What the pages of automatic calls read and change."""

from dataclasses import dataclass

from aiohttp import web

from hotline.call_attempts import CallAttempts
from hotline.campaigns import Campaigns
from hotline.clock import Clock
from hotline.do_not_call import DoNotCall
from hotline.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSources:
    """Campaigns, what is dialled at this moment, and the list of whom not to call."""

    campaigns: Campaigns
    attempts: CallAttempts
    do_not_call: DoNotCall
    users: Users
    clock: Clock


CAMPAIGNS: web.AppKey[CampaignSources] = web.AppKey("campaigns")
