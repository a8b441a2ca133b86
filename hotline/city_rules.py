"""What a city may decide for itself about its appeals, within the law."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRules:
    """The city's time, and how much patience it has. `timezone` is where calendar days are counted."""

    timezone: ZoneInfo
    check_attempts: int = 3
    """Vain attempts to ask the applicant before a dispatcher may close without their word."""
    dispute_within: timedelta = timedelta(days=30)
    """How long after they confirmed it an applicant may still say that it is not done."""
