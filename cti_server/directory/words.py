"""Words of the directory: its groups, hours, and how a body stands at a moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from cti_server.frame.language import N_, words
from cti_server.rules.words import DAYS, days_text
from hotline.city.days_off import days_off
from hotline.city_data.directory import BODY_KINDS
from hotline.directory.bodies import Bodies, Body, BodyKind, Days, Official
from hotline.directory.entries import standing_of
from hotline.directory.hours import Hours, runs
from hotline.shifts.hours import hours_text


@dataclass(frozen=True, slots=True)
class DirectoryWords:
    """Says in one language what the directory holds; `local` is the present moment of the city."""

    bodies: Bodies
    local: datetime
    language: str

    @property
    def gettext(self) -> Callable[[str], str]:
        return words(self.language).gettext

    def group(self, kind: BodyKind) -> str:
        return next(one.name(self.language) for one in BODY_KINDS if one.value == kind)

    def is_open(self, body: Body) -> bool | None:
        """Tell if it works now; None: its hours are not known."""
        found = standing_of(body, days_off(), self.local)
        return found.open if found else None

    def stands(self, body: Body) -> str:
        """Say whether it is open, and when that changes; empty where its hours are not known."""
        found = standing_of(body, days_off(), self.local)
        if found is None:
            return ""
        if found.turns is None:
            return self.gettext("open day and night") if found.open else self.gettext("closed now")
        if found.open and found.turns.date() == self.today:
            return self.gettext("open until %(moment)s") % {"moment": f"{found.turns:%H:%M}"}
        text = N_("open, closes %(moment)s") if found.open else N_("closed, opens %(moment)s")
        return self.gettext(text) % {"moment": self._moment(found.turns)}

    def hours(self, hours: Hours) -> str:
        """Write the hours of the week: `Mon–Thu 08:00–12:00, 12:45–17:00; Fri 08:00–15:45`."""
        if hours.always:
            return self.gettext("day and night")
        return "; ".join(
            f"{days_text(days, self.gettext)} {', '.join(hours_text(*span) for span in spans)}"
            for days, spans in runs(hours)
        )

    def days(self, days: Days) -> str:
        """Write days in a row: `24.12.2026`, `02.01.2027–06.01.2027`."""
        if days.until is None:
            return self.gettext("from %(day)s on") % {"day": f"{days.since:%d.%m.%Y}"}
        if days.until == days.since:
            return f"{days.since:%d.%m.%Y}"
        return f"{days.since:%d.%m.%Y}–{days.until:%d.%m.%Y}"

    def closed_ahead(self, body: Body) -> str:
        """Write the days on which it does not work, that are not over."""
        ahead = [one for one in body.closed if one.until is None or one.until >= self.today]
        return ", ".join(map(self.days, sorted(ahead, key=lambda one: one.since)))

    @property
    def today(self) -> date:
        return self.local.date()

    def away(self, official: Official) -> bool:
        return official.is_away(self.today)

    def acting(self, official: Official) -> Official | None:
        """Find who has the work of somebody who is away."""
        return self.bodies.who_acts(official, self.today)

    def will_be_away(self, official: Official) -> bool:
        return official.away is not None and official.away.since > self.today

    def _moment(self, moment: datetime) -> str:
        ahead = (moment.date() - self.today).days
        if ahead == 0:
            return self.gettext("at %(moment)s") % {"moment": f"{moment:%H:%M}"}
        if ahead == 1:
            return self.gettext("tomorrow at %(moment)s") % {"moment": f"{moment:%H:%M}"}
        day = f"{self.gettext(DAYS[moment.isoweekday()])} {moment:%d.%m}"
        return self.gettext("%(day)s at %(moment)s") % {"day": day, "moment": f"{moment:%H:%M}"}
