"""Pages of a list: a cursor names the item before the next page, even when items arrive meanwhile."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.frame.language import N_

Cursor = Annotated[
    str, Meta(max_length=300, pattern="^[A-Za-z0-9_-]+$", description="`next` of the page before.")
]
Limit = Annotated[int, Meta(ge=1, le=100, description="How many at most.")]
Moment = Annotated[datetime, Meta(tz=True)]
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_WRONG = N_("This is no cursor of ours: send `next` of the page before as it came.")
_T = TypeVar("_T")


class Page(msgspec.Struct, kw_only=True):
    """One page of a list."""

    next: Annotated[str | None, Meta(description="The cursor of the next page; null on the last one.")] = None


class PageCursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The position of a page's last item."""

    at: Moment
    id: Annotated[str, Meta(pattern=r"^[\x20-\x7e]{1,100}$")]


def read_cursor(text: str | None) -> PageCursor | None:
    """Read a cursor; raises Invalid for one that we did not write."""
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        place = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=PageCursor)
    except (msgspec.DecodeError, binascii.Error, UnicodeDecodeError) as error:
        raise Invalid(Fault("query.cursor", _WRONG)) from error
    if within(place.at) != place.at:
        raise Invalid(Fault("query.cursor", _WRONG))
    return place


def next_cursor(found: Sequence[_T], limit: int, place: Callable[[_T], PageCursor]) -> str | None:
    """Write the cursor behind the `limit`-th item; None when there are no more."""
    if len(found) <= limit:
        return None
    return base64.urlsafe_b64encode(msgspec.json.encode(place(found[limit - 1]))).decode().rstrip("=")


def within(moment: datetime | None) -> datetime | None:
    """Bring a moment into the years that every database can compare."""
    return None if moment is None else min(max(moment, _EARLIEST), _LATEST)
