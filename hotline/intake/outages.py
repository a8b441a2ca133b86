"""Lines of files on outages, read and written."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from hotline.city.addresses import Area, Gazetteer
from hotline.city.area_notation import areas_text, read_areas
from hotline.city.classifier import Utility
from hotline.intake.executors import Enterprises
from hotline.intake.lines import MISSING, Cells, Column, LineFault, LineFaults
from hotline.intake.moments import moment_text, read_moment
from hotline.intake.words import YesNo, understood, written
from hotline.outages.outage import EntrySource, Outage, OutageKind

WHOLE_CITY = "усе місто"
LONGEST_AREAS = 4000
BACKWARDS = "It would end before it begins."
NEEDS_END = "One that was taken back needs the moment of it in the column of the end."
IN_FUTURE = "It cannot have been entered, nor have ended, in the future."

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


def read_outage(
    cells: Cells, zone: ZoneInfo, gazetteer: Gazetteer, enterprises: Enterprises, now: datetime
) -> Outage:
    """Read one line, its times in the city's zone; raises LineFault with all faults. It has no id yet."""
    faults = LineFaults()
    starts_at = faults.read(lambda: read_moment(cells.needed("starts"), "starts", zone))
    expected_end, ended_at, entered_at = (
        faults.read(partial(_moment, cells, name, zone)) for name in ("ends", "ended", "entered")
    )
    cancelled = faults.read(lambda: understood("cancelled", cells.text("cancelled"), YesNo, YesNo.NO))
    utility = faults.read(lambda: understood("utility", cells.needed("utility"), Utility, Utility.OTHER))
    kind = faults.read(lambda: understood("kind", cells.text("kind"), OutageKind, OutageKind.UNPLANNED))
    areas = _areas(cells, gazetteer, faults)
    reason, order = (faults.read(partial(cells.text, name)) for name in ("reason", "order"))
    executor = faults.read(lambda: enterprises.named_in(cells))
    entered_at = entered_at or now
    off = cancelled is YesNo.YES
    _require_order(faults, starts_at, expected_end, ended_at, cancelled=off, entered_at=entered_at, now=now)
    faults.require_none()
    if starts_at is None or utility is None or kind is None or areas is None:  # told above
        raise LineFault("starts", MISSING)
    return Outage(
        id=0,
        utility=utility,
        kind=kind,
        starts_at=starts_at,
        expected_end=expected_end,
        areas=areas,
        reason=reason or "",
        order=order or "",
        executor_id=executor.id if executor else None,
        ended_at=ended_at,
        cancelled=off,
        entered_at=entered_at,
        source=EntrySource.FILE,
    )


def _areas(cells: Cells, gazetteer: Gazetteer, faults: LineFaults) -> tuple[Area, ...] | None:
    """Read the places; only who writes "the whole city" means it."""
    read = faults.read(lambda: read_areas(cells.needed_whole("areas", LONGEST_AREAS), gazetteer))
    if read is None:
        return None
    for one in read.faults:
        faults.refuse("areas", one.reason, one.line)
    if not read.faults and not read.areas and not read.city_wide:
        faults.refuse("areas", MISSING)
    return read.areas


def _require_order(
    faults: LineFaults,
    starts_at: datetime | None,
    expected_end: datetime | None,
    ended_at: datetime | None,
    *,
    cancelled: bool,
    entered_at: datetime,
    now: datetime,
) -> None:
    """Note the moments that cannot follow on each other so."""
    if expected_end and starts_at and expected_end <= starts_at:
        faults.refuse("ends", BACKWARDS)
    if cancelled and not ended_at:
        faults.refuse("ended", NEEDS_END)
    if ended_at and starts_at and ended_at < starts_at and not cancelled:
        faults.refuse("ended", BACKWARDS)
    if ended_at and ended_at > now:
        faults.refuse("ended", IN_FUTURE)
    if entered_at > now:
        faults.refuse("entered", IN_FUTURE)


def outage_cells(of: Outage, zone: ZoneInfo, enterprise: str) -> Sequence[str]:
    def at(moment: datetime | None) -> str:
        return moment_text(moment, zone) if moment else ""

    areas = areas_text(of.areas).replace("\n", "; ") or WHOLE_CITY
    return (
        *(written(of.utility), written(of.kind), at(of.starts_at), at(of.expected_end), areas),
        *(of.reason, of.order, enterprise, at(of.ended_at)),
        *(written(YesNo.YES) if of.cancelled else "", at(of.entered_at)),
    )


def _moment(cells: Cells, name: str, zone: ZoneInfo) -> datetime | None:
    text = cells.text(name)
    return read_moment(text, name, zone) if text else None
