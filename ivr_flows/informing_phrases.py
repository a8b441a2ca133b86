"""Phrases of the call that informs a person."""

from hotline.dialling.campaigns import Campaign
from hotline.voice.speech import Phrase
from ivr_flows.languages import phrase

WHO_CALLS = phrase("duty-who-calls")
KEYS = phrase("informing-keys")
THANKS = phrase("informing-thanks")
NO_MORE_CALLS = phrase("informing-no-more-calls")

FIXED = (KEYS, THANKS, NO_MORE_CALLS)


def news(campaign: Campaign) -> Phrase:
    """Say the campaign's own text; it is written once, and read in any language of the call."""
    name = campaign.phrase or f"campaign-{campaign.id}"
    return Phrase(name=name, uk=campaign.says, en=campaign.says)
