"""The letterhead and footer of every paper: the organisation, and who printed it when.

In the State language.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from cti_server.frame.language import words
from hotline.access.users import User
from hotline.appeals.paperwork import paperwork

LANGUAGE = "uk"
"""Papers of an executive committee are kept in the State language, whatever language the page is in."""


def said(text: str) -> str:
    """Give the Ukrainian words for a text of the code."""
    return words(LANGUAGE).gettext(text)


def moment(at: datetime | None, zone: ZoneInfo, form: str = "%d.%m.%Y %H:%M") -> str:
    """Write a moment in the city's time; empty for none."""
    return "" if at is None else at.astimezone(zone).strftime(form)


def letterhead(user: User, now: datetime, zone: ZoneInfo) -> Mapping[str, object]:
    """Give the parts that `paper.typ` puts on every sheet."""
    return letterhead_of(f"Надруковано {moment(now, zone)}, {user.name}")


def letterhead_of(footer: str) -> Mapping[str, object]:
    """Give the same with this footer: of what the hotline prints by itself."""
    city = paperwork()
    return {
        "organisation": city.organisation,
        "unit": city.unit,
        "head": city.head,
        "case": city.case,
        "footer": footer,
    }
