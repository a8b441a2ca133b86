"""Rules of a city about its appeals, within the law."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from hotline.city.days_off import days_off
from hotline.city.terms import Deadline, end_of

Hours = tuple[int, int]
"""From and until which hour of the city's clock, 0 to 23; the same twice: none."""
QUIET_AT_NIGHT: Hours = (22, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRules:
    """The city's time, and how much patience it has. `timezone` is where calendar days are counted."""

    timezone: ZoneInfo
    check_attempts: int = 3
    """Vain attempts to ask the applicant before a dispatcher may close without their word."""
    survey_calls: bool = True
    """The hotline itself calls the applicant to ask whether it was done; else dispatchers do."""
    survey_written_for: timedelta = timedelta(hours=20)
    """How long who reported in a chat has to answer there before they are called; zero: they are called."""
    dispute_within: timedelta = timedelta(days=30)
    """How long after they confirmed it an applicant may still say that it is not done."""
    no_back_within: timedelta = timedelta(hours=24)
    """How long after an applicant said that it is not done they may take that back."""
    ends_on_working_days: bool = False
    """A term in days that ends on a day off ends with the next working day (Civil Code, art. 254).

    Law 393/96 counts calendar days: a city that is strict with itself leaves it off.
    """

    menu_known_for: timedelta = timedelta(days=30)
    """The time after a call in which the same number is offered the short form of the menu."""

    reports_for_alert: int = 3
    """This many different people who report the same from one street or quarter raise an alert."""
    reports_within: timedelta = timedelta(minutes=30)
    """Within how long."""
    power_quiet: Hours = QUIET_AT_NIGHT
    """Between which hours nobody is told ahead of the power who has not chosen others."""
    head_email: str = ""
    """The address for e-mail to the head of the centre, besides the page; empty: none."""
    department_email: str = ""
    """The same for the head of the department."""

    def settled(self, term: Deadline) -> Deadline:
        """Give the term as the city ends it; one in hours ends by the clock."""
        if not self.ends_on_working_days or term != end_of(term.due_on, self.timezone):
            return term
        return days_off().moved(term, self.timezone)
