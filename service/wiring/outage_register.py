"""Wires the register of outages with the storage; the preview of what callers hear comes from the flows."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cti_server.outages.register.sources import OutageSources
from hotline.clock import Clock
from hotline.outages.outage import Outage
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases
from storage.store import Storage


def outage_sources(storage: Storage, timezone: ZoneInfo, clock: Clock) -> OutageSources:
    def heard(outage: Outage, *, now: datetime) -> Sequence[Phrase]:
        return outage_phrases.whole(outage, timezone, now=max(now, outage.starts_at))

    return OutageSources(
        outages=storage.outages,
        executors=storage.executors,
        streets=storage.streets,
        lemmas=storage.lemmas,
        watch=storage.outage_watch,
        answers=storage.outage_answers,
        heard=heard,
        clock=clock,
        timezone=timezone,
    )
