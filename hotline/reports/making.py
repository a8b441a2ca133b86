"""Makes papers: counts what they say, and has each made at its hour, once, also after a time away."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.access.users import Users
from hotline.appeals.lists import AppealFilter, AppealLists, Order, TermFilter
from hotline.city.area_notation import area_text
from hotline.city.classifier import ever_known
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.informing.orders import InformingOrders
from hotline.isolation import IsolatedItems
from hotline.outages.outage import Outage, Outages, Position
from hotline.reports.figures import Asked, Figures, Span, in_order
from hotline.reports.measures import MEASURES, Amounts, Dimension, Key, Measure, Rows
from hotline.reports.papers import (
    Content,
    FigureLine,
    GroupLine,
    GroupTable,
    NewPaper,
    OutageLine,
    OverdueLine,
    PaperKind,
    PaperPlan,
    Papers,
    ShiftCounts,
    ToldLine,
    before,
    due_spans,
    year_before,
)
from hotline.reports.rating import OF_CLOSED, STARS, Rated, rated
from hotline.shifts.attendance import Came, PresenceLog, attendances
from hotline.shifts.roster import Roster, monday_of
from hotline.shifts.shift_rules import shift_rules

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
MOST_LINES = 500
"""Of overdue appeals, outages and orders in a paper."""
MOST_GROUPS = 40
LONG_OUTAGE = timedelta(days=60)
"""How long before its start an outage of these days may have been entered."""
FIGURES = (
    *("calls", "self-served", "offered", "answered", "abandoned", "service-level", "mean-wait"),
    *("received", "repeated", "closed", "in-time", "confirmed", "returned", "accepted", "days-to-close"),
    *("owed", "overdue", "breached", "unaccepted", "disputed", "asked", "stars"),
    *("outages", "hours-off", "orders"),
)
TABLES: Sequence[tuple[Dimension, Sequence[str]]] = (
    (Dimension.CHANNEL, ("received", "closed", "in-time")),
    (Dimension.TOPIC, ("received", "closed", "in-time", "days-to-close", "overdue")),
    (Dimension.ENTERPRISE, ("received", "closed", "in-time", "confirmed", "owed", "overdue")),
    (Dimension.TERM, ("received",)),
)
_RATED_FOR = {PaperKind.WEEK, PaperKind.MONTH, PaperKind.QUARTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The stores from which a paper is written."""

    figures: Figures
    lists: AppealLists
    executors: Executors
    outages: Outages
    orders: InformingOrders
    roster: Roster
    presence: PresenceLog
    users: Users


async def enterprises(executors: Executors) -> Mapping[int, str]:
    """Give the short names of all enterprises by their ids."""
    return {one.id: one.short for one in await executors.all()}


async def count_all(
    figures: Figures, measures: Iterable[Measure], asked: Asked
) -> Mapping[Rows, Mapping[Key, Amounts]]:
    """Count measures of several kinds of rows, each kind by itself."""
    by_rows: dict[Rows, list[Measure]] = {}
    for one in measures:
        by_rows.setdefault(one.rows, []).append(one)
    return {rows: await figures.count(wanted, asked) for rows, wanted in by_rows.items()}


async def read_rating(registers: Registers, asked: Asked) -> Sequence[Rated]:
    """Rate the enterprises by what was closed in these days."""
    by_enterprise = Asked(span=asked.span, now=asked.now, zone=asked.zone, by=Dimension.ENTERPRISE)
    closed = await registers.figures.count(OF_CLOSED, by_enterprise)
    surveys = await registers.figures.count([STARS], by_enterprise)
    return rated(closed, surveys, await enterprises(registers.executors))


@define(eq=False, repr=False)
class PaperWriter:
    """Counts what a paper says."""

    _registers: Registers
    _zone: ZoneInfo

    async def write(self, kind: PaperKind, span: Span, now: datetime, previous: Content | None) -> Content:
        """Count it. What is owed was counted before in the `previous` paper alone."""
        asked = Asked(span=span, now=now, zone=self._zone)
        names = await enterprises(self._registers.executors)
        figures = await self._figures(kind, asked, previous)
        return Content(
            kind=kind,
            first=span.first,
            last=span.last,
            as_at=now,
            figures=figures,
            tables=tuple([await self._table(by, of, asked, names) for by, of in TABLES]),
            overdue=await self._overdue(now),
            overdue_in_all=next(one.part for one in figures if one.measure == "overdue"),
            outages=await self._outages(span, names),
            told=await self._told(span),
            shifts=await self._shifts(span, now),
            rating=tuple(await read_rating(self._registers, asked)) if kind in _RATED_FOR else (),
        )

    async def _figures(
        self, kind: PaperKind, asked: Asked, previous: Content | None
    ) -> tuple[FigureLine, ...]:
        measures = [MEASURES[name] for name in FIGURES]
        past = [one for one in measures if one.rows is not Rows.OWED]
        now = await self._whole(measures, asked)
        earlier = await self._whole(past, _of(asked, before(kind, asked.span)))
        last_year = await self._whole(past, _of(asked, year_before(kind, asked.span)))
        owed = {} if previous is None else {one.measure: one.value for one in previous.figures}
        return tuple(
            FigureLine(
                measure=one.name,
                part=now[one.rows].part(one),
                whole=now[one.rows].whole(one),
                value=now[one.rows].value(one),
                before=owed.get(one.name) if one.rows is Rows.OWED else _past(earlier, one),
                year_before=None if one.rows is Rows.OWED else _past(last_year, one),
            )
            for one in measures
        )

    async def _whole(self, measures: Sequence[Measure], asked: Asked) -> Mapping[Rows, Amounts]:
        found = await count_all(self._registers.figures, measures, asked)
        return {rows: next(iter(groups.values()), Amounts()) for rows, groups in found.items()}

    async def _table(
        self, by: Dimension, of: Sequence[str], asked: Asked, names: Mapping[int, str]
    ) -> GroupTable:
        measures = [MEASURES[name] for name in of]
        split = Asked(span=asked.span, now=asked.now, zone=asked.zone, by=by)
        found = await count_all(self._registers.figures, measures, split)
        order = list(dict.fromkeys(key for groups in found.values() for key in in_order(by, groups)))
        return GroupTable(
            by=by.value,
            measures=tuple(of),
            lines=tuple(
                GroupLine(
                    key=str(key),
                    name=group_name(by, key, names),
                    values=tuple(found[one.rows].get(key, Amounts()).value(one) for one in measures),
                )
                for key in order[:MOST_GROUPS]
            ),
            left_out=max(0, len(order) - MOST_GROUPS),
        )

    async def _overdue(self, now: datetime) -> tuple[OverdueLine, ...]:
        wanted = AppealFilter(term=TermFilter(until=now))
        found = await self._registers.lists.find(wanted, order=Order.TERM, limit=MOST_LINES)
        return tuple(
            OverdueLine(
                number=one.appeal.number,
                topic=one.appeal.category,
                enterprise=one.executor,
                due_at=one.appeal.due_at,
                days=(now - one.appeal.due_at).days,
            )
            for one in found
            if one.appeal.due_at is not None
        )

    async def _outages(self, span: Span, names: Mapping[int, str]) -> tuple[OutageLine, ...]:
        return tuple(
            OutageLine(
                utility=one.utility.value,
                works=one.kind.value,
                areas="; ".join(area_text(area) for area in one.areas),
                since=one.starts_at,
                until=one.ended_at,
                enterprise=names.get(one.executor_id or 0, ""),
            )
            for one in await outages_of(self._registers.outages, span, self._zone, MOST_LINES)
        )

    async def _shifts(self, span: Span, now: datetime) -> ShiftCounts | None:
        """Count the shifts that began on these days, by who was there."""
        zone, first, last = self._zone, monday_of(span.first), monday_of(span.last)
        published = await self._registers.roster.published(first, last)
        shifts = [one for one in published if span.first <= one.day <= span.last]
        if not shifts:
            return None
        since, until = min(one.begins(zone) for one in shifts), max(one.ends(zone) for one in shifts)
        spans = await self._registers.presence.spans(since, min(until, now))
        desks = {one.id: one.dispatcher_id for one in await self._registers.users.all()}
        grace = timedelta(minutes=shift_rules().late_minutes)
        found = attendances(shifts, spans, desks, now, zone, grace=grace)
        came = Counter(one.came for one in found)
        return ShiftCounts(
            planned=len(found),
            on_time=came[Came.ON_TIME],
            late=came[Came.LATE],
            absent=came[Came.ABSENT] + came[Came.MISSING],
            left_early=sum(one.left_early_at is not None for one in found),
        )

    async def _told(self, span: Span) -> tuple[ToldLine, ...]:
        pieces = span.pieces(self._zone)
        return tuple(
            ToldLine(
                number=one.number,
                subject=one.subject,
                at=one.decided_at,
                ways=tuple(sorted(way.value for way in one.ways)),
            )
            for one in reversed(await self._registers.orders.latest(MOST_LINES))
            if one.decided_at is not None
            and one.approver_id is not None
            and pieces[0].since <= one.decided_at < pieces[-1].until
        )


async def outages_of(outages: Outages, span: Span, zone: ZoneInfo, most: int) -> Sequence[Outage]:
    """List the outages of these days, less cancelled ones, the earliest first; `most` are looked through."""
    pieces = span.pieces(zone)
    since, until = pieces[0].since, pieces[-1].until
    found = await outages.find(limit=most, since=since - LONG_OUTAGE, behind=Position(until, 0))
    return [
        one
        for one in reversed(found)
        if not one.cancelled and (one.ended_at is None or one.ended_at >= since)
    ]


def group_name(by: Dimension, key: Key, names: Mapping[int, str]) -> str:
    """Give the name of an enterprise or a topic as it is called now; "" for what the pages have words for."""
    if by is Dimension.ENTERPRISE:
        return names.get(int(key), "")
    known = ever_known()
    return known[str(key)].uk if by is Dimension.TOPIC and str(key) in known else ""


def _of(asked: Asked, span: Span) -> Asked:
    return Asked(span=span, now=asked.now, zone=asked.zone)


def _past(found: Mapping[Rows, Amounts], measure: Measure) -> float | None:
    """Give the figure of an earlier span; None where nothing of its kind was counted then."""
    return found[measure.rows].value(measure) if found[measure.rows].parts.total() else None


@define(eq=False, repr=False)
class PaperMaker:
    """Makes each paper at its hour. Two processes that make the same keep one: the database has it once."""

    _papers: Papers
    _writer: PaperWriter
    _clock: Clock
    _zone: ZoneInfo
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("paper not made"), init=False)

    async def look(self) -> None:
        """Make what is due by now and was not made; a kind that fails holds up no other."""
        for plan in (await self._papers.plans()).values():
            if plan.made:
                await self._isolated.do(plan.kind, partial(self._catch_up, plan))

    async def _catch_up(self, plan: PaperPlan) -> None:
        latest = await self._papers.latest(plan.kind)
        known = None if latest is None else Span(first=latest.first, last=latest.last)
        for span in due_spans(plan.kind, self._clock.now(), plan.hour, self._zone, known):
            await self.make(plan, span)

    async def make(
        self, plan: PaperPlan, span: Span, *, version: int = 1, by: int | None = None, reason: str = ""
    ) -> int | None:
        """Make one paper; None when another has made this version of it meanwhile."""
        now = self._clock.now()
        earlier = await self._papers.versions(plan.kind, before(plan.kind, span).first)
        previous = (await self._papers.get(earlier[0].id)).content if earlier else None
        content = await self._writer.write(plan.kind, span, now, previous)
        new = NewPaper(content=content, version=version, made_at=now, made_by=by, reason=reason)
        paper_id = await self._papers.keep(new, plan, self._zone)
        if paper_id is not None:
            log.info("paper made kind=%s first=%s version=%d", plan.kind, span.first, version)
        return paper_id
