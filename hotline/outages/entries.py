"""Entries of outages, compared with regulation 4.3: each enterprise's record, and notices of a late one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotline.city.area_notation import area_text
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Recipient
from hotline.enterprises.executors import Executor
from hotline.outages.outage import EntryFlaw, EntrySource, Outage
from hotline.voice.speech import Language

COUNTED_FOR = timedelta(days=30)
TOLD_FOR = timedelta(days=1)
"""The greatest age of a late entry that still causes a notice."""
GRACE = timedelta(minutes=15)
"""Grace after the expected end, without a notice: an enterprise that ends it a little late has not forgotten
it."""
LATE, OVERDUE = "outage-entered-late", "outage-overdue"
"""Subjects of notices; each names its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Entries of one enterprise, or of none: their number and their flaws; `overdue` are so now."""

    executor_id: int | None
    entered: int
    late: int
    missing: int
    short_notice: int
    overdue: int


def entries_of(entered: Iterable[Outage], holding: Iterable[Outage], at: datetime) -> Sequence[Entries]:
    """Count entries and present outages by enterprise; the one with most flaws comes first."""
    lately, now = list(entered), list(holding)
    whose = {one.executor_id for one in [*lately, *now]}
    counted = [_counted(key, lately, now, at) for key in whose]
    found = [one for one in counted if one.entered or one.overdue]
    return sorted(found, key=lambda one: (-one.overdue, -one.missing, -one.late, -one.entered))


def owed_for(outage: Outage, executor: Executor | None, at: datetime) -> Sequence[NewNotice]:
    """Give what the head and the enterprise's managers are owed because of this entry, as it is now."""
    flaws, owed = outage.flaws(at), list[NewNotice]()
    of_late = outage.entered_at > at - TOLD_FOR and outage.source is not EntrySource.FILE
    if EntryFlaw.LATE in flaws and of_late:
        owed += _notices(outage, executor, LATE, f"entry-{outage.id}-late")
    end = outage.expected_end
    if EntryFlaw.OVERDUE in flaws and end and end <= at - GRACE:
        owed += _notices(outage, executor, OVERDUE, f"entry-{outage.id}-overdue-{end:%Y%m%dT%H%M}")
    return owed


def _counted(key: int | None, entered: Sequence[Outage], holding: Sequence[Outage], at: datetime) -> Entries:
    own = [one for one in entered if one.executor_id == key]
    flaws = [flaw for one in own for flaw in one.flaws(one.entered_at)]
    overdue = [one for one in holding if one.executor_id == key and EntryFlaw.OVERDUE in one.flaws(at)]
    return Entries(
        executor_id=key,
        entered=len(own),
        late=flaws.count(EntryFlaw.LATE),
        missing=flaws.count(EntryFlaw.MISSING),
        short_notice=flaws.count(EntryFlaw.SHORT_NOTICE),
        overdue=len(overdue),
    )


def _notices(outage: Outage, executor: Executor | None, about: str, matter: str) -> Sequence[NewNotice]:
    facts = _facts(outage, executor)
    managers = [
        (f"contact:{one.id}", channel, address)
        for one in (executor.managers() if executor else ())
        for channel, address in one.written_ways()
    ]
    return [
        NewNotice(matter=matter, to=to, channel=channel, address=address, about=about, facts=facts)
        for to, channel, address in [(Recipient.HEAD.value, Channel.PAGE, ""), *managers]
    ]


def _facts(outage: Outage, executor: Executor | None) -> dict[str, Any]:
    return notice_facts(
        Language.UKRAINIAN,
        texts={
            "where": "; ".join(area_text(one) for one in outage.areas),
            "whose": executor.short if executor else "",
        },
        words={"what": f"off-{outage.utility}"},
        moments={
            "since": outage.starts_at,
            "until": outage.expected_end,
            "entered": outage.entered_at,
        },
    )
