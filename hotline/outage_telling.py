"""What somebody who asked about an outage is told: which change, and what the text is made of."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.addresses import Area, Side
from hotline.appeals import Urgency
from hotline.outages import Outage, OutageKind
from hotline.plain_facts import plain_facts
from hotline.speech import Language
from hotline.wording import catalogue


class Change(StrEnum):
    """What became of an outage since they heard of it. Names the text."""

    OVER = "outage-over"
    MOVED = "outage-moved"
    """Its expected end is another."""
    NO_END = "outage-no-end"
    """Its end is not known any more."""
    POSTPONED = "outage-postponed"
    """It has not begun, and begins at another time."""
    CANCELLED = "outage-cancelled"
    REOPENED = "outage-reopened"


WAIT_FOR_THE_MORNING = frozenset({Change.OVER, Change.CANCELLED})
"""Good news of an emergency wakes nobody; that it goes on does."""


def change_since(known: Mapping[str, Any], now: Outage, at: datetime) -> Change | None:
    """Tell what to say to whom the outage was as `known` has it (`OutageEntry.facts`); None: nothing new.

    Only what is so now counts: moved there and back, ended and reopened, it is as they know it.
    """
    was_over = known["ended_at"] is not None
    if was_over or now.over:
        if was_over and now.over:
            return None
        if was_over:
            return Change.REOPENED
        return Change.CANCELLED if now.cancelled else Change.OVER
    if _moment(known["starts_at"]) != now.starts_at and now.starts_at > at:
        return Change.POSTPONED
    if _moment(known["expected_end"]) == now.expected_end:
        return None
    return Change.NO_END if now.expected_end is None else Change.MOVED


def facts_told(outage: Outage, change: Change, language: Language) -> dict[str, Any]:
    """Give the facts of the notice (`plain_facts`): what, back, where, since, until."""
    wakes = outage.kind is OutageKind.EMERGENCY and change not in WAIT_FOR_THE_MORNING
    return plain_facts(
        language,
        urgency=Urgency.EMERGENCY if wakes else Urgency.ORDINARY,
        texts={"where": "; ".join(area_text(area, language) for area in outage.areas)},
        words={"what": f"off-{outage.utility}", "back": f"back-{outage.utility}"},
        moments={"since": outage.starts_at, "until": outage.expected_end},
    )


def area_text(area: Area, language: Language) -> str:
    """Write an area as one reads it: `Київський квартал, 1–15, непарні`."""
    parts = [area.street]
    if area.first is not None or area.last is not None:
        first, last = area.first or 1, area.last
        alone = f"{first}{area.letter}"
        parts.append(alone if first == last else f"{first}–{last}" if last else f"{first}…")
    if area.side is not Side.BOTH:
        parts.append(catalogue(language).words[f"side-{area.side}"])
    return ", ".join(parts)


def _moment(iso: str | None) -> datetime | None:
    return None if iso is None else datetime.fromisoformat(iso)
