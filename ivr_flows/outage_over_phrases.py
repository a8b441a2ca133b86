"""Phrases of the call to a watcher of an outage."""

from datetime import datetime, tzinfo

from hotline.outages.outage import Outage
from hotline.outages.telling import OutageChange
from hotline.voice.speech import Phrase
from ivr_flows.languages import Said, Words, in_both, phrase
from ivr_flows.outage_phrases import until, where

MOST_AREAS = 3
"""The most areas read aloud: watchers know where they live."""

WHO_CALLS = phrase("outage-who-calls")
ASK = phrase("outage-call-ask")
CONFIRM = phrase("outage-call-confirm")
THANKS = phrase("outage-call-thanks")
REGISTERED_LATER = phrase("outage-call-registered-later")
NOTHING = phrase("outage-call-nothing")

FIXED = (WHO_CALLS, ASK, CONFIRM, THANKS, REGISTERED_LATER, NOTHING)
_MOVED = "outage-call-moved"
_TOLD = {
    OutageChange.MOVED: _MOVED,
    OutageChange.NO_END: _MOVED,
    OutageChange.POSTPONED: "outage-call-postponed",
    OutageChange.CANCELLED: "outage-call-cancelled",
    OutageChange.REOPENED: "outage-call-reopened",
}


def news(outage: Outage, change: OutageChange, zone: tzinfo, *, now: datetime) -> Phrase:
    """Say the news of the outage; `now` (aware) decides what is "today"."""
    today, begins = now.astimezone(zone).date(), outage.starts_at.astimezone(zone)

    def text(said: Said, words: Words) -> str:
        told = said[_TOLD.get(change, f"outage-call-back-{outage.utility}")]
        since = f"{words.near_day(begins.date(), today)} {words.at(begins.time())}"
        values = {
            "topic": said[f"outage-call-topic-{outage.utility}"],
            "where": _where(outage, said, words),
            "since": since,
            "until": until(outage, zone, now, said, words),
        }
        return told.format(**values).replace(" .", ".").replace(" :", ":")

    return in_both(f"{change}-{outage.id}-{outage.version}-{today:%m%d}", text)


def registered(number: str) -> Phrase:
    """Say the number of the appeal that was made of "not restored"."""
    return in_both(
        f"outage-call-registered-{number}",
        lambda said, words: said["outage-call-registered"].format(number=words.digits(number)),
    )


def _where(outage: Outage, said: Said, words: Words) -> str:
    """Say where; nothing of many places."""
    if outage.city_wide:
        return said["outage-everywhere"]
    if len(outage.areas) > MOST_AREAS:
        return ""
    return ", ".join(where(area, words) for area in outage.areas)
