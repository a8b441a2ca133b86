"""The requested part of the list of call-backs, and its state."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from yarl import URL

from cti_server.frame.language import N_
from cti_server.frame.lists import Kept, Part
from cti_server.frame.views import KeptList
from hotline.access.permissions import Permission
from hotline.line.callbacks import EVER, OWED_FOR, Callbacks, HiddenMiss, OwedCallback, OwedFilter
from hotline.line.scheduled_callbacks import Scheduled, ScheduledCallbacks

PAGE_ROWS = 50
MOST_PAGES = 9999
_FIRST: Mapping[str, int] = {"page": 1, "hidden_page": 1}
_LONGEST = 40
EMERGENCY, MESSAGE = "emergency", "message"
PARTS = (
    Part(text=N_("Emergencies"), query={"only": EMERGENCY}),
    Part(text=N_("With a message"), query={"only": MESSAGE}),
)
VIEWS = KeptList(
    name="calls-missed", path="/calls/missed", filters=("q", "only", "ever"), see=Permission.SEE_CALLS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The part of the list: pages count from 1.

    `kept` are its filters as typed: digits of the number in `q`, and `ever` for the calls of all times.
    """

    kept: Kept
    page: int = 1
    hidden_page: int = 1

    @property
    def ever(self) -> bool:
        return self.kept["ever"] == "1"

    @property
    def misread(self) -> bool:
        """Whether something without any digit was typed into the box, which looks for numbers alone."""
        return bool(self.kept["q"]) and not self.wanted.digits

    @property
    def wanted(self) -> OwedFilter:
        return wanted_by(self.kept)

    def since(self, now: datetime) -> datetime:
        return EVER if self.ever else now - OWED_FOR

    def address(self, **other: int) -> str:
        """Return the address of another part: `page=2`, `hidden_page=2`; this one without any."""
        return str(URL(VIEWS.path).with_query(self._query(other)))

    def within(self, path: str) -> str:
        """Add this part to the address of an act, which leads back here."""
        return str(URL(path, encoded=True).with_query(self._query({})))

    def _query(self, other: Mapping[str, int]) -> Mapping[str, str]:
        wanted = {"page": self.page, "hidden_page": self.hidden_page, **other}
        leafed = {name: str(value) for name, value in wanted.items() if value != _FIRST[name]}
        return {name: value for name, value in self.kept.items() if value} | leafed


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
        kept={name: request.query.get(name, "").strip()[:_LONGEST] for name in VIEWS.filters},
        page=_number(request.query.get("page", "")),
        hidden_page=_number(request.query.get("hidden_page", "")),
    )


def wanted_by(kept: Kept) -> OwedFilter:
    return OwedFilter(
        digits="".join(one for one in kept["q"] if one.isascii() and one.isdigit()),
        emergency=kept["only"] == EMERGENCY,
        spoken=kept["only"] == MESSAGE,
    )


async def read_part(
    callbacks: Callbacks, scheduled: ScheduledCallbacks, asked: ListPage, now: datetime
) -> ListPart:
    since, wanted = asked.since(now), asked.wanted
    owed = await callbacks.owed(PAGE_ROWS + 1, since, skipped=(asked.page - 1) * PAGE_ROWS, wanted=wanted)
    hidden = await callbacks.hidden(
        PAGE_ROWS + 1, since, skipped=(asked.hidden_page - 1) * PAGE_ROWS, wanted=wanted
    )
    arranged = await scheduled.waiting(PAGE_ROWS) if asked.page == 1 and not asked.kept["only"] else ()
    arranged = [one for one in arranged if wanted.digits in one.about.number]
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
