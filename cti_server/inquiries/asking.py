"""The form of a request: to which enterprise, what is asked, about which appeals, until when."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.inquiries.inputs import NO_DAY
from cti_server.inquiries.listing import PATH
from cti_server.inquiries.sources import INQUIRIES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city.terms import end_of
from hotline.enterprises.executors import Executor
from hotline.errors import NotFound
from hotline.inquiries.inquiries import LONGEST_TEXT, MOST_APPEALS, NewInquiry

TERM = timedelta(days=5)
"""Until when an answer is asked for unless another day is set."""
LONGEST_TERM = timedelta(days=366)
NO_ENTERPRISE = N_("Choose an enterprise that is not closed.")
NO_TEXT = N_("Write what is asked, in at most 4000 characters.")
NO_APPEAL = N_("Write numbers of appeals only, and such as there are.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the form (`cti_server.frame.forms.read_form`)."""

    executor: int = 0
    text: str = ""
    appeals: str = ""
    due: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers, each once; spaces, commas and № part them."""
        return tuple(dict.fromkeys(one for one in re.split(r"[\s,;№]+", self.appeals) if one))


@allowed(Permission.ASK_ENTERPRISES)
async def new(request: web.Request) -> web.Response:
    """An empty form; `?appeal=` is what it is about, `?executor=` whom it asks."""
    sources = request.app[INQUIRIES]
    due = sources.now().astimezone(sources.timezone).date() + TERM
    typed = Typed(
        executor=whole(request.query.get("executor", "")) or 0,
        appeals=request.query.get("appeal", "")[:12],
        due=day_typed(due),
    )
    return await _show(request, typed)


@allowed(Permission.ASK_ENTERPRISES)
async def ask(request: web.Request) -> web.Response:
    """Send it."""
    sources, typed = request.app[INQUIRIES], read_form(Typed, await request.post())
    now = sources.now()
    due_at = term_typed(typed.due, now, sources.timezone)
    faults = _faults(typed, await open_enterprises(request), due_at)
    if faults or due_at is None:
        return await _show(request, typed, faults)
    asked = NewInquiry(
        executor_id=typed.executor, text=typed.text.strip(), appeals=typed.numbers, due_at=due_at
    )
    try:
        made = await sources.inquiries.ask(asked, request[USER].id, now)
    except NotFound:
        return await _show(request, typed, {"appeals": NO_APPEAL})
    await audit(request, Action.ADD, f"inquiry:{made.id}", " ".join(made.appeals))
    return noted_at(f"{PATH}/{made.id}", Noted.INQUIRY_ASKED)


def term_typed(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Read the last day of a term; None for no day, one that is over, or one beyond the longest term."""
    day = read_day(text)
    return None if day is None else term_of(day, now, zone)


def term_of(day: date, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the end of a term with this last day; None for one that is over, or beyond the longest term."""
    today = now.astimezone(zone).date()
    return end_of(day, zone).due_at if today <= day <= today + LONGEST_TERM else None


async def open_enterprises(request: web.Request) -> Sequence[Executor]:
    return [one for one in await request.app[INQUIRIES].executors.all() if one.active]


def _faults(typed: Typed, known: Sequence[Executor], due_at: datetime | None) -> Mapping[str, str]:
    found = {}
    if typed.executor not in {one.id for one in known}:
        found["executor"] = NO_ENTERPRISE
    if not 0 < len(typed.text.strip()) <= LONGEST_TEXT:
        found["text"] = NO_TEXT
    numbers = typed.numbers
    if len(numbers) > MOST_APPEALS or not all(re.fullmatch("[0-9]{1,12}", one) for one in numbers):
        found["appeals"] = NO_APPEAL
    if due_at is None:
        found["due"] = NO_DAY
    return found


async def _show(request: web.Request, typed: Typed, faults: Mapping[str, str] | None = None) -> web.Response:
    return render(
        request,
        "inquiries/ask.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=typed,
        faults=faults or {},
        enterprises=await open_enterprises(request),
        longest=LONGEST_TEXT,
    )
