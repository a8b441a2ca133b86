"""Calls of campaigns: from a campaign's list of people to a telephone, from a key to "reached"."""

import contextlib
from datetime import datetime

from attrs import define, field

from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.dialling.campaigns import OF_CAMPAIGNS, TRIAL, Campaign, Campaigns
from hotline.dialling.dialler import Result, RetryRules
from hotline.dialling.jobs import GIVEN_UP, REACHED, Attempt, Brief, Follows, Job, again_at
from hotline.people.do_not_call import DoNotCall, Unwanted
from hotline.voice.speech import Language, Voice
from ivr_flows.informing_call import informing_call
from ivr_flows.informing_phrases import news
from telephony.voice.engines import SynthesisError


@define(eq=False, repr=False)
class CampaignCalls:
    """Implements `hotline.dialling.jobs.JobSource` on running campaigns."""

    name = OF_CAMPAIGNS

    _campaigns: Campaigns
    _do_not_call: DoNotCall
    _voice: Voice = field(kw_only=True)
    _clock: Clock = field(kw_only=True)

    async def brief(self, job: Job, at: datetime) -> Brief[Campaign] | Follows:  # noqa: ARG002 - a source's
        campaign = await self._campaign(job)
        if campaign is None:
            return GIVEN_UP
        return Brief(number=job.number, about=campaign, exempt=campaign.exempt)

    async def prepare(self, about: Campaign) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(news(about), Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt[Campaign]) -> None:
        """Say the campaign's text. What a key says is on disk before the answer to it is heard.

        It is said to its end though the database has gone: what a key says is written when it is back.
        """
        job = attempt.job

        async def call_no_more() -> None:
            unwanted = Unwanted(number=job.number, reason="", at=self._clock.now(), call_id=call.id)

            async def note() -> None:
                if job.about != TRIAL:
                    await self._do_not_call.add(unwanted)

            await attempt.settle(note)

        text = news(attempt.brief.about)
        await informing_call(call, text, heard=attempt.settle, call_no_more=call_no_more)

    async def after(self, job: Job, result: Result, at: datetime, about: Campaign | None) -> Follows:
        campaign = about or await self._campaign(job)
        if result is Result.SETTLED:
            return REACHED
        again_in = RetryRules(campaign.pauses).again_in(result, job.attempt) if campaign else None
        return GIVEN_UP if again_in is None else again_at(at + again_in)

    async def _campaign(self, job: Job) -> Campaign | None:
        return await self._campaigns.find(job.campaign_id) if job.campaign_id else None
