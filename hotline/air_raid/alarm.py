"""The alert that holds at the city, as alerts.in.ua tells of all alerts that are active.

{"alerts": [{"location_title": "Вишгородський район", "location_type": "raion", "location_uid": "…",
"started_at": "2026-12-01T16:05:39.000Z", "finished_at": null, "alert_type": "air_raid"}]}
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from attrs import define, field

from hotline.errors import HotlineError

LONGEST_ANSWER = 2_000_000
"""In bytes; alerts of the whole country at once have 100,000."""
SILENT_AFTER = timedelta(minutes=5)
"""Without an answer for this time nobody knows how it stands."""

NOT_JSON = "It is not JSON: %(why)s."
NO_ALERTS = "It is no object with a list `alerts` in it."
NO_MOMENT = "An alert has no moment in `started_at`: %(value)s."


class NoAlerts(HotlineError):  # noqa: N818 - reads as what is missing
    """The source's answer is none that tells of alerts."""

    code = "no-alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alert at the city. `threats` are the source's own words, such as `air_raid`, in order."""

    since: datetime
    threats: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AirState:
    """The alert that holds (None: no alert), and since when the source has been silent (None: it answers)."""

    alarm: Alarm | None = None
    silent_since: datetime | None = None


CALM = AirState()


def read_alarm(content: bytes, locations: Collection[str]) -> Alarm | None:
    """Find the alert that holds at any of these locations, by name or code; raises NoAlerts."""
    try:
        whole = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise NoAlerts(NOT_JSON, why=error) from error
    alerts = whole.get("alerts") if isinstance(whole, dict) else None
    if not isinstance(alerts, list):
        raise NoAlerts(NO_ALERTS)
    ours = [*_ours(alerts, locations)]
    if not ours:
        return None
    threats = sorted({str(one.get("alert_type", "")) for one in ours})
    return Alarm(since=min(_moment(one.get("started_at")) for one in ours), threats=threats)


def _ours(alerts: Sequence[Any], locations: Collection[str]) -> Iterator[Mapping[str, Any]]:
    for one in alerts:
        if not isinstance(one, dict) or one.get("finished_at"):
            continue
        known_as = {str(one.get("location_title", "")).strip(), str(one.get("location_uid", ""))}
        if not known_as.isdisjoint(locations):
            yield one


def _moment(said: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise NoAlerts(NO_MOMENT, value=str(said)[:40]) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@define(eq=False, repr=False)
class AirRaid:
    """Holds what the source said last. It is asked with each page; nobody asks the source for it."""

    _begun_at: datetime | None = field(default=None, init=False)
    _alarm: Alarm | None = field(default=None, init=False)
    _heard_at: datetime | None = field(default=None, init=False)

    def begins(self, at: datetime) -> None:
        """Note that the source is asked from now on."""
        self._begun_at = at

    def hear(self, alarm: Alarm | None, at: datetime) -> bool:
        """Take what the source says; True where another alert holds than before."""
        changed = alarm != self._alarm
        self._alarm, self._heard_at = alarm, at
        return changed

    def now(self, at: datetime) -> AirState:
        """Tell how it stands; where no source is set nothing is told."""
        last = self._heard_at or self._begun_at
        silent = last is not None and at - last > SILENT_AFTER
        return AirState(alarm=self._alarm, silent_since=last if silent else None)
