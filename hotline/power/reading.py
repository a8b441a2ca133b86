"""Reads day schedules in the form that Ukrainian suppliers' data have in practice (`DisconSchedule.fact`).

    {"lastUpdated": "2025-12-07T17:11:37.725Z",
     "fact": {"today": 1765058400, "update": "07.12.2025 17:11",
              "data": {"1765058400": {"GPV1.1": {"1": "yes", "2": "no", …, "24": "mfirst"}}}}}

Hour n is from n−1 to n by the clock. `update` has no zone: it is the city's. Midnights are the supplier's,
whose offset may be wrong by an hour or two.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import msgspec

from hotline.errors import HotlineError
from hotline.power.schedule import HALVES, DaySchedule, Supply, Told

LONGEST_FILE = 2_000_000
"""In bytes; two days of twelve queues have 10,000."""
MOST_QUEUES = 200
MOST_DAYS = 10
LONGEST_QUEUE = 20
AHEAD = timedelta(minutes=10)
"""A moment that lies further in the future is a mistake of somebody's clock."""
_PREFIX = re.compile(r"^\s*GPV\s*", re.IGNORECASE)
_EMERGENCY = {"EmergencyShutdowns": True, "ScheduleApplies": False}
_HALVES: Mapping[str, tuple[Supply, Supply]] = {
    "yes": (Supply.ON, Supply.ON),
    "no": (Supply.OFF, Supply.OFF),
    "maybe": (Supply.MAYBE, Supply.MAYBE),
    "first": (Supply.OFF, Supply.ON),
    "second": (Supply.ON, Supply.OFF),
    "mfirst": (Supply.MAYBE, Supply.ON),
    "msecond": (Supply.ON, Supply.MAYBE),
}
_NOT_KNOWN = (Supply.UNKNOWN, Supply.UNKNOWN)


TOO_LARGE = "It has more than 2 MB: that is no schedule."
NOT_JSON = "It is not JSON: %(why)s."
NO_FACT = "It is no object with `fact` in it."
NO_DATA = "`fact.data` has to name from 1 to %(most)s days."
NO_DAY = "`%(value)s` is no day: a midnight in seconds since 1970 is expected."
NO_QUEUE = "`%(value)s` on %(day)s is no queue with hours."
IN_FUTURE = "Its `update` lies in the future: %(value)s."
REASONS = (TOO_LARGE, NOT_JSON, NO_FACT, NO_DATA, NO_DAY, NO_QUEUE, IN_FUTURE)


class NoSchedule(HotlineError):  # noqa: N818 - reads as what is missing
    """The file has no day schedules of power in it: `fact.data` by day, queue and hour is expected."""

    code = "no-power-schedule"


def read_told(content: bytes, *, heard_at: datetime, zone: tzinfo) -> Told:
    """Read what a source said; raises NoSchedule with what is amiss."""
    if len(content) > LONGEST_FILE:
        raise NoSchedule(TOO_LARGE)
    try:
        whole = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise NoSchedule(NOT_JSON, why=error) from error
    if not isinstance(whole, dict):
        raise NoSchedule(NO_FACT)
    fact = whole.get("fact", whole)
    days = fact.get("data") if isinstance(fact, dict) else None
    if not isinstance(days, dict) or not days or len(days) > MOST_DAYS:
        raise NoSchedule(NO_DATA, most=MOST_DAYS)
    copied_at = _copied_at(whole.get("lastUpdated"))
    made_at = _made_at(fact.get("update"), zone) or copied_at or heard_at
    heard = min(copied_at or heard_at, heard_at)
    if made_at > heard_at + AHEAD:
        raise NoSchedule(IN_FUTURE, value=fact.get("update"))
    strange: set[str] = set()
    read = [
        DaySchedule(queue=queue, day=day, halves=halves, made_at=made_at, heard_at=heard)
        for day, queues in _days(days, zone)
        for queue, halves in _queues(queues, day, strange)
    ]
    return Told(
        schedules=read,
        days=sorted({day for day, _ in _days(days, zone)}),
        made_at=made_at,
        heard_at=heard,
        emergency=_EMERGENCY.get(str(fact.get("status", whole.get("status", "")))),
        strange=sorted(strange)[:MOST_DAYS],
    )


def _days(days: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[date, Mapping[str, Any]]]:
    for midnight, queues in days.items():
        if not midnight.isdecimal() or not isinstance(queues, dict) or len(queues) > MOST_QUEUES:
            raise NoSchedule(NO_DAY, value=midnight[:20])
        try:
            local = datetime.fromtimestamp(int(midnight), UTC).astimezone(zone)
        except (OverflowError, OSError, ValueError) as error:
            raise NoSchedule(NO_DAY, value=midnight[:20]) from error
        yield (local + timedelta(hours=12)).date(), queues  # the nearest midnight: its offset may be wrong


def _queues(
    queues: Mapping[str, Any], day: date, strange: set[str]
) -> Iterator[tuple[str, tuple[Supply, ...]]]:
    for name, hours in queues.items():
        queue = _PREFIX.sub("", name).strip()
        if not queue or len(queue) > LONGEST_QUEUE or not isinstance(hours, dict):
            raise NoSchedule(NO_QUEUE, value=name[:20], day=f"{day:%d.%m.%Y}")
        halves: list[Supply] = []
        for hour in range(1, HALVES // 2 + 1):
            said = hours.get(str(hour))
            both = _HALVES.get(said) if isinstance(said, str) else None
            if both is None and said is not None:
                strange.add(str(said)[:20])
            halves.extend(both or _NOT_KNOWN)
        yield queue, tuple(halves)


def _copied_at(said: object) -> datetime | None:
    """Read `lastUpdated`; None where it is not told, or no moment with a zone."""
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def _made_at(said: object, zone: tzinfo) -> datetime | None:
    """Read `update`, in the city's time; None where it is not told, or another kind of text."""
    try:
        return datetime.strptime(str(said).strip(), "%d.%m.%Y %H:%M").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
