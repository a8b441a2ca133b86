"""A paper in sections: the same tables for its page, its PDF and its workbook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yarl import URL

from cti_server.frame.language import N_
from cti_server.frame.numbers import NOTHING, grouped, tenths
from cti_server.frame.table_files import Cell
from cti_server.frame.words import OUTAGE_KINDS, UTILITIES
from cti_server.informing.words import WAYS
from cti_server.reports.words import (
    DIMENSION_NAMES,
    NOBODYS,
    Speech,
    as_key,
    named_measure,
    value_cell,
    value_text,
)
from hotline.reports.figures import Span
from hotline.reports.measures import MEASURES, Dimension, Unit
from hotline.reports.papers import Content, FigureLine, GroupTable, ShiftCounts
from hotline.reports.rating import FEW, SHARES, Rated


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell as text for people, and as a value for a file."""

    text: str
    cell: Cell
    leads: str = ""
    """The address of what stands behind it, on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled table; `note` stands below it, or instead of rows that there are none of."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Shown]]
    note: str = ""
    wide: int = 0
    """The column that has the most room."""
    texts: int = 1
    """How many columns at the left are texts; the others are figures."""


def plain(text: str) -> Shown:
    return Shown(text=text, cell=text)


def figure(value: float | None, unit: Unit, speech: Speech) -> Shown:
    return Shown(text=value_text(value, unit, speech.language), cell=value_cell(value, unit))


def sections(content: Content, speech: Speech) -> Sequence[Section]:
    """Write what the paper says."""
    return [
        _figures(content, speech),
        *_tables(content, speech),
        *([rating_section(content.rating, speech)] if content.rating else []),
        _overdue(content, speech),
        _outages(content, speech),
        _told(content, speech),
        *([_shifts(content.shifts, speech)] if content.shifts else []),
    ]


def _figures(content: Content, speech: Speech) -> Section:
    gettext = speech.gettext
    return Section(
        title=gettext(N_("Figures")),
        headings=[
            gettext(one)
            for one in (N_("Measure"), N_("These days"), N_("Before"), N_("Difference"), N_("A year before"))
        ],
        rows=[_figure_row(one, speech, content.span) for one in content.figures],
        note=gettext(N_("What is owed is counted as it stood when the paper was made.")),
    )


def _figure_row(line: FigureLine, speech: Speech, span: Span) -> Sequence[Shown]:
    unit, name = MEASURES[line.measure].unit, named_measure(line.measure, speech.gettext)
    days = {"period": "days", "from": span.first.isoformat(), "to": span.last.isoformat()}
    asked = URL().with_query({"measure": line.measure, **days})
    now = figure(line.value, unit, speech)
    if line.whole is not None and line.value is not None:
        of = speech.gettext(N_("%(part)s of %(whole)s")) % {"part": line.part, "whole": line.whole}
        now = Shown(text=f"{now.text} ({of})", cell=now.cell)
    return [
        Shown(text=name, cell=name, leads=f"/reports/build?{asked.query_string}"),
        now,
        figure(line.before, unit, speech),
        _change(line, unit, speech),
        figure(line.year_before, unit, speech),
    ]


def _change(line: FigureLine, unit: Unit, speech: Speech) -> Shown:
    if line.value is None or line.before is None:
        return Shown(text=NOTHING, cell=None)
    change = line.value - line.before
    cell = value_cell(change, unit)
    if not cell:
        return Shown(text="=", cell=0)
    sign = "+" if change > 0 else "−"
    if unit is Unit.SHARE:
        points = tenths(speech.language, abs(change) * 100)
        return Shown(
            text=speech.gettext(N_("%(sign)s%(points)s points")) % {"sign": sign, "points": points}, cell=cell
        )
    return Shown(text=sign + value_text(abs(change), unit, speech.language), cell=cell)


def _tables(content: Content, speech: Speech) -> Iterator[Section]:
    for table in content.tables:
        by = Dimension(table.by)
        measures = [MEASURES[name] for name in table.measures]
        yield Section(
            title=speech.gettext(DIMENSION_NAMES[by]),
            headings=[
                speech.gettext(DIMENSION_NAMES[by]),
                *(named_measure(one.name, speech.gettext) for one in measures),
            ],
            rows=[
                [
                    plain(speech.group(by, as_key(by, line.key), line.name)),
                    *(
                        figure(value, one.unit, speech)
                        for value, one in zip(line.values, measures, strict=True)
                    ),
                ]
                for line in table.lines
            ],
            note=_rest(table, speech),
        )


def _rest(table: GroupTable, speech: Speech) -> str:
    if not table.lines:
        return speech.gettext(N_("Nothing on these days."))
    return speech.gettext(N_("and %(more)s more")) % {"more": table.left_out} if table.left_out else ""


def rating_section(found: Sequence[Rated], speech: Speech) -> Section:
    """Write the rating; every share stands with its count."""
    gettext = speech.gettext
    return Section(
        title=gettext(N_("Rating of enterprises")),
        headings=[
            gettext(one)
            for one in (
                *(N_("Enterprise"), N_("Place"), N_("Mark, of 100"), N_("Appeals closed"), N_("In time")),
                *(N_("Confirmed"), N_("Returned"), N_("Accepted within a day"), N_("Stars")),
            )
        ],
        rows=[
            [
                plain(one.enterprise),
                Shown(text=str(one.place or NOTHING), cell=one.place),
                Shown(text=tenths(speech.language, one.mark * 100), cell=round(one.mark * 100, 1)),
                figure(one.closed, Unit.COUNT, speech),
                *(_of_closed(one, name, speech) for name in SHARES),
                Shown(
                    text=NOTHING
                    if one.stars is None
                    else f"{tenths(speech.language, one.stars)} ({one.stars_given})",
                    cell=value_cell(one.stars, Unit.STARS),
                ),
            ]
            for one in found
        ],
        note=gettext(N_("Who has closed fewer than %(few)s appeals has no place: so few prove nothing."))
        % {"few": FEW},
    )


def _of_closed(one: Rated, name: str, speech: Speech) -> Shown:
    value = one.parts[name] / one.closed
    return Shown(
        text=f"{value_text(value, Unit.SHARE, speech.language)} ({one.parts[name]})",
        cell=value_cell(value, Unit.SHARE),
    )


def _overdue(content: Content, speech: Speech) -> Section:
    gettext, more = speech.gettext, content.overdue_in_all - len(content.overdue)
    note = "" if content.overdue else gettext(N_("Nothing is overdue."))
    if more > 0:
        note = gettext(N_("and %(more)s more")) % {"more": more}
    return Section(
        title=gettext(N_("Overdue, by name")),
        headings=[
            gettext(one)
            for one in (N_("Enterprise"), N_("Appeal"), N_("Topic"), N_("Term"), N_("Days overdue"))
        ],
        rows=[
            [
                plain(one.enterprise or gettext(NOBODYS)),
                Shown(text=grouped(one.number), cell=one.number, leads=f"/appeals/{one.number}"),
                plain(speech.group(Dimension.TOPIC, one.topic)),
                plain(speech.moment(one.due_at)),
                Shown(text=str(one.days), cell=one.days),
            ]
            for one in content.overdue
        ],
        note=note,
        wide=2,
        texts=4,
    )


def _outages(content: Content, speech: Speech) -> Section:
    gettext = speech.gettext
    return Section(
        title=gettext(N_("Outages")),
        headings=[
            gettext(one)
            for one in (
                N_("Utility"),
                N_("Kind of works"),
                N_("Where"),
                N_("Since"),
                N_("Ended at"),
                N_("Enterprise"),
            )
        ],
        rows=[
            [
                plain(gettext(UTILITIES[one.utility])),
                plain(gettext(OUTAGE_KINDS[one.works])),
                plain(one.areas or gettext(N_("The whole city"))),
                plain(speech.moment(one.since)),
                plain(speech.moment(one.until) if one.until else gettext(N_("goes on"))),
                plain(one.enterprise),
            ]
            for one in content.outages
        ],
        note="" if content.outages else gettext(N_("There were none.")),
        wide=2,
        texts=6,
    )


def _told(content: Content, speech: Speech) -> Section:
    gettext = speech.gettext
    return Section(
        title=gettext(N_("What residents were told")),
        headings=[
            gettext(one)
            for one in (N_("Order of the mayor"), N_("Subject of the order"), N_("Approved"), N_("Ways"))
        ],
        rows=[
            [
                plain(one.number),
                plain(one.subject),
                plain(speech.moment(one.at)),
                plain(", ".join(gettext(WAYS[way]) for way in one.ways)),
            ]
            for one in content.told
        ],
        note="" if content.told else gettext(N_("No orders on these days.")),
        wide=1,
        texts=4,
    )


def _shifts(shifts: ShiftCounts, speech: Speech) -> Section:
    """Write how the roster was kept, in figures: who, the head sees on the page of presence."""
    gettext = speech.gettext
    headings = [N_("Shifts"), N_("Came on time"), N_("Came late"), N_("Did not come"), N_("Left early")]
    counts = [shifts.planned, shifts.on_time, shifts.late, shifts.absent, shifts.left_early]
    return Section(
        title=gettext(N_("Shifts of dispatchers")),
        headings=[gettext(one) for one in headings],
        rows=[[figure(one, Unit.COUNT, speech) for one in counts]],
        texts=0,
    )


def as_printed(found: Sequence[Section]) -> Sequence[Mapping[str, object]]:
    """Give the sections as the template of the paper takes them."""
    return [
        {
            "title": one.title,
            "headings": list(one.headings),
            "rows": [[cell.text for cell in row] for row in one.rows],
            "note": one.note,
            "wide": one.wide,
            "texts": one.texts,
        }
        for one in found
    ]
