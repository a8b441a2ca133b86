"""Wires reports: their pages, what makes papers by itself, and what is attached to their letters."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from attrs import define, field

from cti_server.appeals.papers.press import NotPrinted, Press
from cti_server.frame.table_files import WorkbookFailed, WorkbookSheet, workbook_file
from cti_server.reports.files import built_sheets, file_name, paper_pdf, paper_sheets
from cti_server.reports.sources import ReportSources
from hotline.clock import Clock, SystemClock
from hotline.delivery.handing_over import Attachment, NotTaken
from hotline.delivery.outbox import Notice
from hotline.reports.making import PaperMaker, PaperWriter, Registers
from hotline.reports.papers import MATTER as PAPER
from hotline.reports.papers import Papers
from hotline.reports.schedules import MATTER as BUILT
from hotline.reports.schedules import BuiltReports
from storage.store import Storage

CLOCK = SystemClock()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def registers(storage: Storage) -> Registers:
    return Registers(
        figures=storage.figures,
        lists=storage.appeal_lists,
        executors=storage.executors,
        outages=storage.outages,
        orders=storage.informing,
        roster=storage.roster,
        presence=storage.presence_log,
        users=storage.users,
    )


def paper_maker(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> PaperMaker:
    return PaperMaker(storage.papers, PaperWriter(registers(storage), timezone), clock, timezone)


def built_reports(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> BuiltReports:
    return BuiltReports(storage.schedules, storage.figures, storage.executors, clock, timezone)


def report_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> ReportSources:
    return ReportSources(
        figures=storage.figures,
        papers=storage.papers,
        maker=paper_maker(storage, timezone, clock),
        registers=registers(storage),
        schedules=storage.schedules,
        executors=storage.executors,
        dispatchers=storage.dispatchers,
        lists=storage.appeal_lists,
        registry=storage.registry,
        handling=storage.handling,
        outages=storage.outages,
        streets=storage.streets,
        clock=clock,
        timezone=timezone,
    )


@define(eq=False, repr=False)
class ReportFiles:
    """Makes the files that go with a letter about a report; other letters have none."""

    _papers: Papers
    _clock: Clock
    _zone: ZoneInfo
    _press: Press = field(factory=Press)
    _turn: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(1), init=False)

    async def attached_to(self, notice: Notice) -> Sequence[Attachment]:
        """Make them as they are at this moment: a signature is on them. Raises NotTaken where that fails."""
        try:
            if notice.matter.startswith(PAPER):
                return await self._of_paper(int(notice.matter.removeprefix(PAPER)))
            if notice.matter.startswith(BUILT):
                return [await self._workbook("report", built_sheets(notice.facts["built"], self._zone))]
        except (NotPrinted, WorkbookFailed) as error:
            raise NotTaken(f"its files were not made: {error}") from error
        return ()

    async def _of_paper(self, paper_id: int) -> Sequence[Attachment]:
        paper = await self._papers.get(paper_id)
        made = await paper_pdf(self._press, paper, self._clock.now(), self._zone)
        return [
            Attachment(name=f"{file_name(paper)}.pdf", media_type="application/pdf", content=made),
            await self._workbook(file_name(paper), paper_sheets(paper, self._zone)),
        ]

    async def _workbook(self, name: str, sheets: Sequence[WorkbookSheet]) -> Attachment:
        async with workbook_file(sheets, self._turn) as file:
            content = await asyncio.to_thread(file.read_bytes)
        return Attachment(name=f"{name}.xlsx", media_type=XLSX, content=content)
