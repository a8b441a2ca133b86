"""Notices of an outage's changes to its watchers: which change, when, and the facts in the text.

Each watcher has the version of the outage that they know of. All changes since then become one notice, once
the outage has been left alone for a while; it replaces owed notices that were not sent yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline.city.area_notation import area_text
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.outages.answers import asked
from hotline.outages.outage import Outage, OutageEntry, OutageKind
from hotline.outages.watchers import UNHEARD, Watcher
from hotline.voice.speech import Language

WATCHER = "watcher:"
"""Begins the recipient of a notice: a watcher's id follows."""
PATIENCE = 5
"""An outage that keeps changing is announced after this many times the settling time."""


class OutageChange(StrEnum):
    """The change of an outage since the watcher heard of it. Names the text."""

    NEW = "outage-new"
    """They have not heard of it yet."""
    OVER = "outage-over"
    MOVED = "outage-moved"
    """Its expected end is another."""
    NO_END = "outage-no-end"
    """Its end is not known any more."""
    POSTPONED = "outage-postponed"
    """It has not begun, and its start has moved."""
    CANCELLED = "outage-cancelled"
    REOPENED = "outage-reopened"


WAIT_FOR_THE_MORNING = frozenset({OutageChange.OVER, OutageChange.CANCELLED})
"""Good news of an emergency wakes nobody; that it goes on does."""


def change_since(known: Mapping[str, Any], now: Outage, at: datetime) -> OutageChange | None:
    """Return the change for a watcher who knows `known` (`OutageEntry.facts`); None: nothing new.

    Only the present state counts: an outage moved there and back, or ended and reopened, has not changed.
    """
    was_over = known["ended_at"] is not None
    if was_over or now.over:
        if was_over and now.over:
            return None
        if was_over:
            return OutageChange.REOPENED
        return OutageChange.CANCELLED if now.cancelled else OutageChange.OVER
    if _moment(known["starts_at"]) != now.starts_at and now.starts_at > at:
        return OutageChange.POSTPONED
    if _moment(known["expected_end"]) == now.expected_end:
        return None
    return OutageChange.NO_END if now.expected_end is None else OutageChange.MOVED


def facts_told(outage: Outage, change: OutageChange, language: Language) -> dict[str, Any]:
    """Give the facts of the notice (`notice_facts`): what, back, where, since, until."""
    wakes = outage.kind is OutageKind.EMERGENCY and change not in WAIT_FOR_THE_MORNING
    return notice_facts(
        language,
        urgency=Urgency.EMERGENCY if wakes else Urgency.ORDINARY,
        texts={"where": _where(outage, language)},
        words={"what": f"off-{outage.utility}", "back": f"back-{outage.utility}"},
        moments={"since": outage.starts_at, "until": outage.expected_end},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageHistory:
    """An outage as it is now, with its whole history, the oldest first."""

    outage: Outage
    history: Sequence[OutageEntry]

    def settled(self, known: int, at: datetime, settling: timedelta) -> bool:
        """Whether the outage was left alone long enough to notify a watcher who knows this version.

        A watcher who has not heard of it yet is notified at once.
        """
        if known == UNHEARD:
            return True
        untold = [one.at for one in self.history if one.version > known]
        if not untold:
            return False
        return untold[-1] <= at - settling or untold[0] <= at - PATIENCE * settling

    def owed(self, watcher: Watcher, known: int, at: datetime, *, called_percent: int) -> NewNotice | None:
        """Return the notice owed to a watcher who knows that version; None where nothing is new to them.

        A share of the watchers by short message is called at the end instead, to ask whether it is restored.
        """
        change = self._change(known, at)
        if change is None:
            return None
        facts = facts_told(self.outage, change, watcher.language)
        sampled = (
            change is OutageChange.OVER
            and watcher.channel is Channel.SMS
            and asked(watcher.id, called_percent)
        )
        return NewNotice(
            matter=matter_of(self.outage),
            to=f"{WATCHER}{watcher.id}",
            channel=Channel.CALL if sampled else watcher.channel,
            address=watcher.address,
            about=change,
            facts=facts | {"known": known},
        )

    def _change(self, known: int, at: datetime) -> OutageChange | None:
        if known == UNHEARD:
            return None if self.outage.over else OutageChange.NEW
        return change_since(self._facts(known), self.outage, at)

    def _facts(self, known: int) -> Mapping[str, Any]:
        """The facts of that version; for one older than histories are, that it held and had no end."""
        unrecorded = {"starts_at": self.outage.starts_at.isoformat(), "expected_end": None, "ended_at": None}
        return next((one.facts for one in self.history if one.version == known), unrecorded)


def facts_disputed(outage: Outage, said: int) -> dict[str, Any]:
    """Return the facts for the head's page: how many say that it is not restored."""
    return notice_facts(
        Language.UKRAINIAN,
        texts={"where": _where(outage, Language.UKRAINIAN), "count": str(said)},
        words={"what": f"off-{outage.utility}"},
    )


def matter_of(outage: Outage) -> str:
    """Name the outage as it is now: what a notice is about."""
    return outage_matter(outage.id, outage.version)


def outage_matter(outage_id: int, version: int) -> str:
    """Name an outage as it was in a version."""
    return f"outage-{outage_id}-v{version}"


def outage_of(matter: str) -> tuple[int, int]:
    """Read which outage, in which version, a notice is about (`matter_of`)."""
    _outage, number, version = matter.split("-")
    return int(number), int(version.removeprefix("v"))


def _where(outage: Outage, language: Language) -> str:
    return "; ".join(area_text(area, language.value) for area in outage.areas)


def _moment(iso: str | None) -> datetime | None:
    return None if iso is None else datetime.fromisoformat(iso)
