"""Bodies to which the centre answers (regulation 1.3, 6.10): an observer's account belongs to one of them."""

from enum import StrEnum


class Body(StrEnum):
    """The body that an observer reads for; what concerns it stands first on their page."""

    MAYOR = "mayor"
    COUNCIL = "council"
    COMMITTEE = "committee"
    DEPARTMENT = "department"
    """The department of administrative services, to whose head the centre is subordinate."""
