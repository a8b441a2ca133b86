"""The requested part of the list of call-backs, and its state."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from yarl import URL

from hotline.line.callbacks import EVER, Callbacks, HiddenMiss, OwedCallback
from hotline.line.scheduled_callbacks import Scheduled, ScheduledCallbacks

PAGE_ROWS = 50
LATELY = timedelta(days=14)
"""The period that the page shows unless it is asked for all: it cannot read years every few seconds."""
MOST_PAGES = 9999
_FIRST: Mapping[str, int] = {"page": 1, "hidden_page": 1, "ever": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The part of the list: pages count from 1; `ever` includes the calls of all times."""

    page: int
    hidden_page: int
    ever: bool

    def since(self, now: datetime) -> datetime:
        return EVER if self.ever else now - LATELY

    def address(self, **other: int) -> str:
        """Return the address of another part: `page=2`, `hidden_page=2`; this one without any."""
        return str(URL("/calls/missed").with_query(self._query(other)))

    def within(self, path: str) -> str:
        """Add this part to the address of an act, which leads back here."""
        return str(URL(path, encoded=True).with_query(self._query({})))

    def _query(self, other: Mapping[str, int]) -> Mapping[str, str]:
        wanted = {"page": self.page, "hidden_page": self.hidden_page, "ever": int(self.ever), **other}
        return {name: str(value) for name, value in wanted.items() if value != _FIRST[name]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """One part of the list, and whether more is behind it."""

    owed: Sequence[OwedCallback]
    hidden: Sequence[HiddenMiss]
    more: bool
    more_hidden: bool
    due: Sequence[Scheduled]
    """The arranged calls to be made now, on the first page alone; and those that are still to come."""
    later: Sequence[Scheduled]


def read_asked(request: web.Request) -> ListPage:
    return ListPage(
        page=_number(request.query.get("page", "")),
        hidden_page=_number(request.query.get("hidden_page", "")),
        ever=request.query.get("ever") == "1",
    )


async def read_part(
    callbacks: Callbacks, scheduled: ScheduledCallbacks, asked: ListPage, now: datetime
) -> ListPart:
    since = asked.since(now)
    owed = await callbacks.owed(PAGE_ROWS + 1, since, skipped=(asked.page - 1) * PAGE_ROWS)
    hidden = await callbacks.hidden(PAGE_ROWS + 1, since, skipped=(asked.hidden_page - 1) * PAGE_ROWS)
    arranged = await scheduled.waiting(PAGE_ROWS) if asked.page == 1 else ()
    return ListPart(
        owed=owed[:PAGE_ROWS],
        hidden=hidden[:PAGE_ROWS],
        more=len(owed) > PAGE_ROWS,
        more_hidden=len(hidden) > PAGE_ROWS,
        due=[one for one in arranged if one.due_at <= now],
        later=[one for one in arranged if one.due_at > now],
    )


def tag_of(part: ListPart, now: datetime) -> str:
    """Return a tag of the shown list, for `If-None-Match`; an expired claim changes it."""
    claims = [one.claim for one in part.owed] + [one.claim for one in part.due]
    standing = [claim is not None and claim.stands(now) for claim in claims]
    return f'"{hashlib.blake2b(repr((part, standing)).encode(), digest_size=16).hexdigest()}"'


def _number(text: str) -> int:
    """Read a page's number; an unreadable one is the first."""
    return int(text) if text.isdecimal() and 1 <= int(text[:5]) <= MOST_PAGES else 1
