"""Moments in files: by the city's clocks, unambiguous also in the hour that occurs twice."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hotline.intake.lines import LineFault

NO_DATE = "Write the date as 25.11.2026, with the time as 25.11.2026 14:30."
_MOMENT = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([+-]\d{2}):?(\d{2}))?)?"
)


def read_moment(text: str, column: str, zone: ZoneInfo) -> datetime:
    """Read a moment of the city, or an ISO one; UTC. Raises Fault."""
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
            local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
            if found[7]:
                local = datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M:%S}{found[7]}:{found[8]}")
        else:
            read = datetime.fromisoformat(text)
            local = read if read.tzinfo else read.replace(tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise LineFault(column, NO_DATE) from error


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """Write it to the second; with the hours from UTC where the clocks show the same time twice."""
    local = at.astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    offset = f"{local:%z}"
    return f"{local:%d.%m.%Y %H:%M:%S}" + (f" {offset[:3]}:{offset[3:]}" if twice else "")


def read_day(text: str, column: str) -> date:
    """Read a day such as 25.11.2026; raises Fault."""
    return read_moment(text, column, ZoneInfo("UTC")).date()
