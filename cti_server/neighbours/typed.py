"""Forms of agreements as typed, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cti_server.frame.language import N_
from cti_server.frame.moments import read_day
from hotline.contact.numbers import e164
from hotline.enterprises.open311 import endpoint_address
from hotline.neighbours.agreement import LONGEST_DOCUMENT, LONGEST_NAME, LONGEST_TERM, Shared

SHARED: Mapping[Shared, str] = {
    Shared.CONTACTS: N_("telephones of those on duty at enterprises"),
    Shared.STREETS: N_("streets of the register"),
}
NO_DUTY_NUMBER = N_("Write the telephone of those on duty, such as +380 44 123 45 67.")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedGiven:
    """An agreement by which our telephone is answered elsewhere."""

    name: str = ""
    document: str = ""
    since: str = ""
    until: str = ""
    hours_since: str = "00:00"
    hours_until: str = "00:00"
    duty: str = ""
    shared: tuple[str, ...] = ("contacts", "streets")

    def faults(self, now: datetime, zone: ZoneInfo) -> Mapping[str, str]:
        return dict(self._faults(now, zone))

    def _faults(self, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
        if not 0 < len(self.name) <= LONGEST_NAME:
            yield "name", N_("Name the other city, in up to 60 letters.")
        if not 0 < len(self.document) <= LONGEST_DOCUMENT:
            yield "document", N_("Write the number and date of the agreement.")
        since, until = self.begins(zone), self.ends(zone)
        if since is None:
            yield "since", N_("Write a day, such as 01.12.2026.")
        if until is None:
            yield "until", N_("Write a day, such as 01.12.2026.")
        elif until <= now or (since is not None and until <= since):
            yield "until", N_("It would be over already.")
        elif since is not None and until - now > LONGEST_TERM:
            yield "until", N_("At most two years ahead: then agree anew.")
        if e164(self.duty) is None:
            yield "duty", NO_DUTY_NUMBER
        for name in ("hours_since", "hours_until"):
            if not clock_of(getattr(self, name)):
                yield name, N_("Write a time, such as 20:00.")

    def begins(self, zone: ZoneInfo) -> datetime | None:
        day = read_day(self.since)
        return datetime.combine(day, time(), zone) if day else None

    def ends(self, zone: ZoneInfo) -> datetime | None:
        """Give the end of the last day."""
        day = read_day(self.until)
        return datetime.combine(day + timedelta(days=1), time(), zone) if day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAnswered:
    """An agreement by which we answer; its terms are those of the other city, which `seen` names."""

    number: str = ""
    address: str = ""
    key: str = ""
    seen: str = ""

    def faults(self, own: str) -> Mapping[str, str]:
        found = {}
        number = e164(self.number)
        if number is None or number == own:
            found["number"] = N_("Write the other city's telephone, such as +380 44 123 45 67.")
        if endpoint_address(self.address) is None:
            found["address"] = N_(
                "Write an address that begins with https://; http:// is for the own network alone."
            )
        if not 0 < len(self.key) <= _LONGEST_KEY:
            found["key"] = N_("Paste the key that the head of the other centre gave you.")
        return found


def clock_of(text: str) -> str:
    """Read a time of the day as it is kept, `20:00`; empty for anything else."""
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else ""
