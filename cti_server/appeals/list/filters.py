"""Filters of the list of appeals, in the address of the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from aiohttp import web
from yarl import URL

from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.frame.filters import moment, period, whole
from cti_server.frame.lists import COLUMNS
from cti_server.frame.places import place_of
from cti_server.frame.views import KeptList
from hotline.access.permissions import Permission
from hotline.appeals.appeal import ENDED, PENDING, AppealKind, AppealState, Sign
from hotline.appeals.lists import AppealFilter, Due, Order, Position, TermFilter, term
from hotline.city.addresses import Streets
from hotline.city.classifier import Urgency
from hotline.city.search_terms import normalised

PATH = "/appeals"
FILTERS = (
    *("q", "text", "number", "state", "due", "category", "executor", "urgency", "kind", "sign", "address"),
    *("from", "to", "closed-from", "closed-to", "by", "mark", "order", COLUMNS),
)
"""What the address may ask: `q` is the one box, in which a number, an address or words are typed."""
ARRANGING = frozenset({"order", COLUMNS})
"""Of these, what leaves no appeal out."""
VIEWS = KeptList(name="appeals", path=PATH, filters=FILTERS, see=Permission.SEE_APPEALS, arranging=ARRANGING)
OPEN = "open"
"""Stands for every state but the last ones."""
OWED = "owed"
"""Stands for the states in which the work is still owed."""
NOBODY = "none"
"""Stands for appeals that no executor has."""
_LONGEST = 200
_NUMBER = re.compile(r"№?\s*(\d[\d\s]*|[^\W\d_]{1,3}-\d+)")


class Mark(StrEnum):
    """What an appeal stands out by, for those who control."""

    CONTROLLED = "controlled"
    MORE_TIME = "more-time"
    BREACH = "breach"
    TAKEN_DOWN = "taken-down"
    IN_TIME = "in-time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: as typed, and as understood."""

    kept: Mapping[str, str]
    wanted: AppealFilter
    order: Order
    behind: Position | None
    place: str = ""
    """The address that was understood in the box."""


async def read_filters(request: web.Request) -> Asked:
    """Read the address; days are the city's, and what cannot be read is not asked for."""
    streets = request.app[APPEAL_LISTS].streets
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}
    is_number = _NUMBER.fullmatch(kept["q"]) is not None
    found = None if is_number else await place_of(kept["q"], streets)
    place = found.text if found else ""
    wanted = replace(
        understood(request, kept),
        addresses=await _addresses(kept["address"] or place, streets),
        text=kept["text"] or ("" if is_number or place else kept["q"]),
        number=(kept["number"] or (kept["q"] if is_number else "")).lstrip("№ "),
    )
    order = Order(kept["order"]) if kept["order"] in set(Order) else Order.NEWEST
    return Asked(kept=kept, wanted=wanted, order=order, behind=_position(request.query), place=place)


def understood(request: web.Request, kept: Mapping[str, str]) -> AppealFilter:
    """Read what is chosen, and nothing that is typed."""
    since, until = period(request, kept)
    closed_since, closed_until = period(request, {"from": kept["closed-from"], "to": kept["closed-to"]})
    return AppealFilter(
        states=_states(kept["state"]),
        category=kept["category"],
        executor_id=whole(kept["executor"]),
        unassigned=kept["executor"] == NOBODY,
        urgency=Urgency(kept["urgency"]) if kept["urgency"] in set(Urgency) else None,
        kind=AppealKind(kept["kind"]) if kept["kind"] in set(AppealKind) else None,
        sign=Sign(kept["sign"]) if kept["sign"] in set(Sign) else None,
        since=since,
        until=until,
        term=_term(request, kept),
        closed_since=closed_since,
        closed_until=closed_until,
        in_time=kept["mark"] == Mark.IN_TIME,
        controlled=kept["mark"] == Mark.CONTROLLED,
        more_time=kept["mark"] == Mark.MORE_TIME,
        taken_down=kept["mark"] == Mark.TAKEN_DOWN,
        breached_at=request.app[APPEAL_LISTS].clock.now() if kept["mark"] == Mark.BREACH else None,
        registered_by=whole(kept["by"]),
    )


def address(kept: Mapping[str, str], behind: Position | None = None, **changed: str) -> str:
    """Write the address that asks the same, but for what is changed, from behind this appeal on."""
    place = {} if behind is None else {"at": behind.at.isoformat(), "behind": behind.number}
    asked = {name: value for name, value in {**kept, **changed}.items() if value}
    return str(URL(PATH).with_query({**asked, **place}))


def _states(text: str) -> frozenset[AppealState]:
    if text == OPEN:
        return frozenset(AppealState) - ENDED
    if text == OWED:
        return PENDING
    return frozenset({AppealState(text)}) if text in set(AppealState) else frozenset()


def _term(request: web.Request, kept: Mapping[str, str]) -> TermFilter | None:
    sources, text = request.app[APPEAL_LISTS], kept["due"]
    return term(Due(text), sources.clock.now(), sources.timezone) if text in set(Due) else None


async def _addresses(text: str, streets: Streets) -> Sequence[str]:
    """Find the present names of the streets that may be meant, each with the house that was typed."""
    if not normalised(text):
        return ()
    words = text.split()
    at = next((number for number, word in enumerate(words) if number and word[0].isdigit()), len(words))
    street, house = " ".join(words[:at]).rstrip(","), " ".join(words[at:])
    found = await streets.find(street)
    return [f"{one.name} {house}" for one in found] or [text]


def _position(query: Mapping[str, str]) -> Position | None:
    at = moment(query.get("at", ""))
    return None if at is None else Position(at=at, number=query.get("behind", ""))
