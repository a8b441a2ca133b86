"""The list of automatic calls: one box, parts, and the rest folded; campaigns are few, and looked through."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Any

from aiohttp import web

from cti_server.campaigns.sources import CAMPAIGNS
from cti_server.campaigns.words import KINDS, STATES
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import Read, sifted
from cti_server.frame.lists import (
    MOST_COUNTED,
    Chip,
    Condition,
    Kept,
    Part,
    chips,
    chosen_part,
    conditions,
    without_part,
)
from cti_server.frame.views import KeptList, views_of
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.campaigns import Campaign

PATH = "/campaigns"
FILTERS = ("q", "state", "kind")
VIEWS = KeptList(name="campaigns", path=PATH, filters=FILTERS, see=Permission.SEE_CAMPAIGNS)
PARTS = (
    Part(text=N_("Under way"), query={"state": CampaignState.RUNNING}),
    Part(text=N_("Paused"), query={"state": CampaignState.PAUSED}),
    Part(text=N_("Not started"), query={"state": CampaignState.DRAFT}),
    Part(text=N_("Finished"), query={"state": CampaignState.DONE}),
    Part(text=N_("Stopped"), query={"state": CampaignState.STOPPED}),
)
_LABELS: Mapping[str, str] = {"state": N_("How it stands"), "kind": N_("What they are about")}
_LONGEST = 200


def asked(request: web.Request) -> Kept:
    return {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}


def found(request: web.Request, kept: Kept) -> Read[Campaign]:
    """Make a reader of the campaigns that the filters find."""
    sources = request.app[CAMPAIGNS]

    async def sift(some: Sequence[Campaign]) -> Sequence[Campaign]:
        fit = [one for one in some if _fits(one, kept)]
        return await saying(fit, lambda campaign: campaign.name, kept["q"], sources.lemmas)

    return sifted(sources.campaigns.latest, sift)


def _fits(campaign: Campaign, kept: Kept) -> bool:
    """Tell if a campaign has the chosen state and kind; an unknown value chooses all."""
    return (kept["state"] not in set(CampaignState) or kept["state"] == campaign.state) and (
        kept["kind"] not in KINDS or kept["kind"] == campaign.kind
    )


async def above(request: web.Request, kept: Kept) -> Mapping[str, Any]:
    """Read what stands above the list: chips, what is set, the views."""
    return {
        "kept": kept,
        "chips": await _chips(request, kept),
        "most_counted": MOST_COUNTED,
        "conditions": _conditions(kept, words_of(request)),
        **await views_of(request, VIEWS, kept),
    }


async def _chips(request: web.Request, kept: Kept) -> Sequence[Chip]:
    """Draw the parts, counted while nothing else narrows the list."""
    if VIEWS.narrowed(without_part(PARTS, kept)):
        return chips(PARTS, kept, VIEWS.address, None)
    by_state = await request.app[CAMPAIGNS].campaigns.by_state()
    counts = [by_state.get(CampaignState(one.query["state"]), 0) for one in PARTS]
    return chips(PARTS, kept, VIEWS.address, counts)


def _conditions(kept: Kept, words: NullTranslations) -> Sequence[Condition]:
    states = {str(one): text for one, text in STATES.items()}
    known = {"state": states.get(kept["state"]), "kind": KINDS.get(kept["kind"])}
    return conditions(
        known.items(),
        labels=_LABELS,
        kept=kept,
        address=VIEWS.address,
        words=words,
        part=chosen_part(PARTS, kept),
    )
