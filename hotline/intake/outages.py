"""Lines of files on outages: read into records, and records written as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.city.classifier import Utility
from hotline.intake.lines import Cells, Column, Fault
from hotline.intake.moments import moment_text, read_moment
from hotline.intake.words import YesNo, understood, written
from hotline.outages.outage import OutageKind

WHOLE_CITY = "усе місто"
LONGEST_AREAS = 4000
BACKWARDS = "It would end before it begins."
NEEDS_END = "One that was taken back needs the moment of it in the column of the end."

OUTAGE_COLUMNS = (
    Column(name="utility", uk="Що відключено", en="What is off", needed=True, also=("Послуга", "Ресурс")),
    Column(name="kind", uk="Вид", en="Kind", also=("Вид робіт",)),
    Column(name="starts", uk="Початок", en="Begins", needed=True, also=("Дата початку",)),
    Column(name="ends", uk="Очікуване завершення", en="Expected end", also=("Завершення", "Дата завершення")),
    Column(name="areas", uk="Де", en="Where", needed=True, also=("Адреси", "Адреса")),
    Column(name="reason", uk="Причина", en="Reason"),
    Column(name="order", uk="Розпорядження", en="Order"),
    Column(name="executor", uk="Підприємство", en="Enterprise", also=("Виконавець",)),
    Column(name="ended", uk="Завершено", en="Ended"),
    Column(name="cancelled", uk="Скасовано", en="Taken back"),
    Column(name="entered", uk="Внесено", en="Entered"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRecord:
    """An outage with names for what the register has as ids, its areas as they were typed."""

    utility: Utility
    kind: OutageKind
    starts_at: datetime
    expected_end: datetime | None
    areas: str
    reason: str
    order: str
    executor: str
    ended_at: datetime | None
    cancelled: bool
    entered_at: datetime | None
    """When it was entered elsewhere; None: now."""


def read_outage(cells: Cells, zone: ZoneInfo) -> OutageRecord:
    """Read one line, its times in the city's zone; raises Fault."""
    starts_at = read_moment(cells.needed("starts"), "starts", zone)
    expected_end, ended_at = _moment(cells, "ends", zone), _moment(cells, "ended", zone)
    cancelled = understood("cancelled", cells.text("cancelled"), YesNo, YesNo.NO) is YesNo.YES
    if expected_end and expected_end <= starts_at:
        raise Fault("ends", BACKWARDS)
    if cancelled and not ended_at:
        raise Fault("ended", NEEDS_END)
    if ended_at and ended_at < starts_at and not cancelled:
        raise Fault("ended", BACKWARDS)
    utility = cells.needed("utility")
    return OutageRecord(
        utility=understood("utility", utility, Utility, Utility.OTHER),
        kind=understood("kind", cells.text("kind"), OutageKind, OutageKind.UNPLANNED),
        starts_at=starts_at,
        expected_end=expected_end,
        areas=cells.needed_whole("areas", LONGEST_AREAS),
        reason=cells.text("reason"),
        order=cells.text("order"),
        executor=cells.text("executor"),
        ended_at=ended_at,
        cancelled=cancelled,
        entered_at=_moment(cells, "entered", zone),
    )


def outage_cells(of: OutageRecord, zone: ZoneInfo) -> Sequence[str]:
    def at(moment: datetime | None) -> str:
        return moment_text(moment, zone) if moment else ""

    return (
        *(written(of.utility), written(of.kind), at(of.starts_at), at(of.expected_end), of.areas),
        *(of.reason, of.order, of.executor, at(of.ended_at)),
        *(written(YesNo.YES) if of.cancelled else "", at(of.entered_at)),
    )


def _moment(cells: Cells, name: str, zone: ZoneInfo) -> datetime | None:
    text = cells.text(name)
    return read_moment(text, name, zone) if text else None
