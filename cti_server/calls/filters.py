"""The filters of the list of calls, as they stand in the address of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web
from yarl import URL

from cti_server.calls.counted import NAMES, read_counted
from cti_server.frame.filters import moment, period, whole
from cti_server.frame.language import N_
from cti_server.frame.lists import Part
from cti_server.frame.views import KeptList
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.calls.call import Direction, Outcome
from hotline.calls.history import CallFilter, Position
from hotline.contact.numbers import e164

FILTERS = ("from", "to", "number", "direction", "outcome", "dispatcher", "missed", "said", *NAMES)
VIEWS = KeptList(name="calls", path="/calls", filters=FILTERS, see=Permission.SEE_CALLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: as typed, and as understood. `wanted` is None for a number that is none."""

    kept: Mapping[str, str]
    wanted: CallFilter | None
    behind: Position | None


def read_filters(request: web.Request) -> Asked:
    """Read the address; days are the city's, and what cannot be read is not asked for, bar the number."""
    kept = {name: request.query.get(name, "").strip() for name in FILTERS}
    if not request[USER].may(Permission.HEAR_RECORDINGS):
        kept["said"] = ""
    number = e164(kept["number"]) if kept["number"] else None
    since, until = period(request, kept)
    wanted = CallFilter(
        since=since,
        until=until,
        number=number,
        outcome=Outcome(kept["outcome"]) if kept["outcome"] in set(Outcome) else None,
        dispatcher_id=whole(kept["dispatcher"]),
        missed=kept["missed"] == "1",
        direction=Direction(kept["direction"]) if kept["direction"] in set(Direction) else None,
        counted=read_counted(request, kept),
        said=kept["said"],
    )
    misread = bool(kept["number"]) and number is None
    return Asked(kept=kept, wanted=None if misread else wanted, behind=_position(request.query))


def address(path: str, kept: Mapping[str, str], behind: Position | None = None) -> str:
    """Write the address that asks the same, from behind this call on."""
    place = {} if behind is None else {"at": behind.arrived_at.isoformat(), "behind": behind.call_id}
    return str(URL(path).with_query({**{name: value for name, value in kept.items() if value}, **place}))


def parts(today: date) -> Sequence[Part]:
    """Give the parts of the list that are one press away."""
    day = today.isoformat()
    return (
        Part(text=N_("Missed only"), query={"missed": "1"}),
        Part(text=N_("Today"), query={"from": day, "to": day}),
        Part(text=N_("Outgoing calls"), query={"direction": Direction.OUTGOING}),
    )


def _position(query: Mapping[str, str]) -> Position | None:
    at = moment(query.get("at", ""))
    return None if at is None else Position(arrived_at=at, call_id=query.get("behind", ""))
