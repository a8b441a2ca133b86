"""Built reports that are sent by themselves: counted when their days are over, once, to set addresses."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.clock import Clock
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.enterprises.executors import Executors
from hotline.isolation import IsolatedItems, repeat
from hotline.reports.built import read_built
from hotline.reports.figures import Figures, Span, in_order
from hotline.reports.making import EVERY_SECONDS, enterprises, group_name
from hotline.reports.papers import PaperKind, days_text, due_spans, letters_to
from hotline.voice.speech import Language

log = logging.getLogger(__name__)

MATTER = "built-"
"""Begins what its letters are about."""
MOST_GROUPS = 200
MOST_SCHEDULES = 20
"""Of one kept report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A kept report (`view_id`) that is sent for each span of the kind, at the hour of the day after it."""

    view_id: int
    kind: PaperKind
    hour: int
    addresses: tuple[str, ...]
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(NewSchedule):
    """A schedule as it is kept, with the report's name and address; `sent_first`: what was sent last."""

    id: int
    name: str
    query: str
    since: datetime
    sent_first: date | None


class Schedules(Protocol):
    """The schedules of kept reports."""

    async def add(self, new: NewSchedule, at: datetime) -> None:
        """Raises NotFound where the user keeps no such report, and AlreadyTaken beyond MOST_SCHEDULES."""
        ...

    async def drop(self, schedule_id: int, user_id: int) -> None:
        """Raises NotFound where it is not the user's own."""
        ...

    async def all(self) -> Sequence[Schedule]: ...

    async def sent(self, schedule_id: int, first: date, owed: Sequence[NewNotice], at: datetime) -> bool:
        """Note the span and owe its letters, in one transaction; False where another process has."""
        ...


@define(eq=False, repr=False)
class BuiltReports:
    """Counts and sends what is due by its schedule."""

    _schedules: Schedules
    _figures: Figures
    _executors: Executors
    _clock: Clock
    _zone: ZoneInfo
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("built report not sent"), init=False)

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.look, every=EVERY_SECONDS, failure="built reports not sent")

    async def look(self) -> None:
        """Send what is due by now; a report that fails holds up no other."""
        for one in await self._schedules.all():
            await self._isolated.do(str(one.id), partial(self._catch_up, one))

    async def _catch_up(self, schedule: Schedule) -> None:
        first = schedule.sent_first
        latest = None if first is None else Span(first=first, last=first)
        for span in due_spans(schedule.kind, self._clock.now(), schedule.hour, self._zone, latest):
            if span.pieces(self._zone)[-1].until > schedule.since:
                await self._send(schedule, span)

    async def _send(self, schedule: Schedule, span: Span) -> None:
        now, built = self._clock.now(), read_built(dict(parse_qsl(schedule.query)))
        span = span.within(built.measure.rows)
        found = await self._figures.count([built.measure], built.asked(span, now, self._zone))
        names = await enterprises(self._executors)
        rows = [
            [str(key), group_name(built.by, key, names), found[key].value(built.measure)]
            for key in in_order(built.by, found)[:MOST_GROUPS]
        ]
        days = days_text(span)
        facts = notice_facts(Language.UKRAINIAN, texts={"name": schedule.name, "days": days})
        facts["built"] = {"query": dict(built.query()), "rows": rows, "days": days, "name": schedule.name}
        owed = letters_to(schedule.addresses, f"{MATTER}{schedule.id}-{span.first}", "built", facts)
        if await self._schedules.sent(schedule.id, span.first, owed, now):
            log.info("built report sent schedule=%d first=%s", schedule.id, span.first)
