"""Lines of files on outages, read and written."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.city.addresses import Gazetteer
from hotline.city.area_notation import areas_text, read_areas
from hotline.city.classifier import Utility
from hotline.intake.executors import Enterprises
from hotline.intake.lines import Cells, Column, LineFault
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
    """Read one line, its times in the city's zone; raises Fault. It has no id yet."""
    starts_at = read_moment(cells.needed("starts"), "starts", zone)
    expected_end, ended_at = _moment(cells, "ends", zone), _moment(cells, "ended", zone)
    entered_at = _moment(cells, "entered", zone) or now
    cancelled = understood("cancelled", cells.text("cancelled"), YesNo, YesNo.NO) is YesNo.YES
    if expected_end and expected_end <= starts_at:
        raise LineFault("ends", BACKWARDS)
    if cancelled and not ended_at:
        raise LineFault("ended", NEEDS_END)
    if ended_at and ended_at < starts_at and not cancelled:
        raise LineFault("ended", BACKWARDS)
    if ended_at and ended_at > now:
        raise LineFault("ended", IN_FUTURE)
    if entered_at > now:
        raise LineFault("entered", IN_FUTURE)
    utility = cells.needed("utility")
    areas = read_areas(cells.needed_whole("areas", LONGEST_AREAS), gazetteer)
    if areas.fault:
        raise LineFault("areas", areas.fault.reason)
    executor = enterprises.named_in(cells)
    return Outage(
        id=0,
        utility=understood("utility", utility, Utility, Utility.OTHER),
        kind=understood("kind", cells.text("kind"), OutageKind, OutageKind.UNPLANNED),
        starts_at=starts_at,
        expected_end=expected_end,
        areas=areas.areas,
        reason=cells.text("reason"),
        order=cells.text("order"),
        executor_id=executor.id if executor else None,
        ended_at=ended_at,
        cancelled=cancelled,
        entered_at=entered_at,
        source=EntrySource.FILE,
    )


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
