"""Papers as files: PDF for people, a workbook for spreadsheets; in the State language, as all papers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cti_server.appeals.papers.office import LANGUAGE, letterhead_of, moment, said
from cti_server.appeals.papers.press import Press
from cti_server.frame.table_files import Row, WorkbookSheet
from cti_server.frame.words import PAPER_NAMES
from cti_server.reports.sections import Section, as_printed, figure, plain, sections
from cti_server.reports.words import DIMENSION_NAMES, MEASURE_NAMES, Speech, as_key
from hotline.reports.built import read_built
from hotline.reports.figures import Span
from hotline.reports.papers import Paper


def spoken(zone: ZoneInfo) -> Speech:
    """Give the language of papers."""
    return Speech(gettext=said, language=LANGUAGE, zone=zone)


def days_text(span: Span) -> str:
    """Write the days of a paper."""
    if span.first == span.last:
        return f"за {span.first:%d.%m.%Y}"
    return f"з {span.first:%d.%m.%Y} до {span.last:%d.%m.%Y}"


def file_name(paper: Paper) -> str:
    """Name its files, in Latin letters."""
    version = f"-v{paper.version}" if paper.version > 1 else ""
    return f"report-{paper.kind.value}-{paper.first}{version}"


async def paper_pdf(press: Press, paper: Paper, now: datetime, zone: ZoneInfo) -> bytes:
    """Print the paper as it stands; raises NotPrinted."""
    title = said(PAPER_NAMES[paper.kind])
    about = [
        f"Складено {moment(paper.made_at, zone)}" + (f", {paper.maker}" if paper.maker else " автоматично")
    ]
    if paper.version > 1:
        about.append(f"Версія {paper.version}, виправлено: {paper.reason}")
    data = {
        "title": title,
        "period": days_text(paper.content.span),
        "about": about,
        "sections": as_printed(sections(paper.content, spoken(zone))),
        "signed": signed_text(paper, zone),
        "digest": paper.digest,
    }
    return await press.print("report", {**letterhead_of(f"Надруковано {moment(now, zone)}"), **data})


def signed_text(paper: Paper, zone: ZoneInfo) -> str:
    """Tell who signed it when; empty while nobody has."""
    return f"Підписано в системі {moment(paper.signed_at, zone)}: {paper.signer}" if paper.signed else ""


def paper_sheets(paper: Paper, zone: ZoneInfo) -> Sequence[WorkbookSheet]:
    """Write each section as a sheet of a workbook."""
    about = (
        f"{said(PAPER_NAMES[paper.kind])} {days_text(paper.content.span)}",
        f"Складено {moment(paper.made_at, zone)}",
        signed_text(paper, zone) or "Не підписано",
    )
    return section_sheets(sections(paper.content, spoken(zone)), about)


def section_sheets(found: Sequence[Section], about: Sequence[str]) -> Sequence[WorkbookSheet]:
    return [
        WorkbookSheet(name=one.title, headings=one.headings, batches=_rows(one), about=about) for one in found
    ]


def built_sheets(built: Mapping[str, Any], zone: ZoneInfo) -> Sequence[WorkbookSheet]:
    """Write a built report as it was counted when its letter came to be owed (`BuiltReports`)."""
    asked = read_built(built["query"])
    speech = spoken(zone)
    section = Section(
        title=said(MEASURE_NAMES[asked.measure.name]),
        headings=[said(DIMENSION_NAMES[asked.by]), said(MEASURE_NAMES[asked.measure.name])],
        rows=[
            [
                plain(speech.group(asked.by, as_key(asked.by, key), name)),
                figure(value, asked.measure.unit, speech),
            ]
            for key, name, value in built["rows"]
        ],
    )
    return section_sheets([section], (str(built["name"]), str(built["days"])))


async def _rows(section: Section) -> AsyncIterator[list[Row]]:
    yield [[cell.cell for cell in row] for row in section.rows]
