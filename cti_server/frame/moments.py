"""Moments as an input of the kind datetime-local shows and sends them, in the city's own time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_MOMENT = "%Y-%m-%dT%H:%M"
_LONGEST_MOMENT = 16
_EARLIEST, _LATEST = 2000, 2100


def moment_typed(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(_MOMENT)


def read_moment(text: str, zone: ZoneInfo, stood: datetime | None = None) -> datetime | None:
    """Read what an input of the kind datetime-local sends; None for anything else.

    Text that nobody changed is the moment that `stood` there, also in the hour that the clocks show twice.
    """
    if stood is not None and text == moment_typed(stood, zone):
        return stood
    try:
        at = datetime.strptime(text[:_LONGEST_MOMENT], _MOMENT).replace(tzinfo=zone)
    except ValueError:
        return None
    return at.astimezone(UTC) if _EARLIEST <= at.year <= _LATEST else None
