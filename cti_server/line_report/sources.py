"""Ports of the pages of the line's report."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.line.line import Dispatchers
from hotline.line.report import LineReport


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReportSources:
    """What is counted, and the names of those who answer."""

    report: LineReport
    dispatchers: Dispatchers
    clock: Clock
    timezone: ZoneInfo


LINE_REPORT: web.AppKey[LineReportSources] = web.AppKey("line_report")
