"""The filters of the queue, as they stand in the address of the page, and in words."""

from collections.abc import Iterator, Mapping, Sequence

from aiohttp import web

from cti_server.frame.filters import day, period, whole
from cti_server.frame.language import N_
from cti_server.frame.lists import Kept, Part
from cti_server.frame.moments import day_shown
from cti_server.frame.views import KeptList
from cti_server.keys import USER
from cti_server.quality.words import SIGNS, STATES
from hotline.access.permissions import Permission
from hotline.line.line import Dispatcher
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.signs import Sign

PATH = "/quality"
FILTERS = ("state", "dispatcher", "sign", "from", "to", "mine")
VIEWS = KeptList(name="quality", path=PATH, filters=FILTERS, see=Permission.ASSESS_TALKS)
LABELS: Mapping[str, str] = {
    "state": N_("State"),
    "dispatcher": N_("Dispatcher"),
    "sign": N_("Why"),
    "from": N_("Talks from"),
    "to": N_("Talks up to"),
    "mine": N_("State"),
}
PARTS = (
    Part(text=N_("To be assessed"), query={"state": AssessmentState.TO_ASSESS}),
    Part(text=N_("In my hands"), query={"mine": "1"}),
    Part(text=N_("Assessed"), query={"state": "scored"}),
    Part(text=N_("In dispute"), query={"state": AssessmentState.DISPUTED}),
)
SCORED = frozenset({AssessmentState.ASSESSED, AssessmentState.DISPUTED, AssessmentState.DECIDED})


def kept_of(request: web.Request) -> Kept:
    return {name: request.query.get(name, "").strip() for name in FILTERS}


def wanted_of(request: web.Request, kept: Kept) -> AssessmentFilter:
    """Read the filters; days are the city's, and what cannot be read does not filter."""
    since, until = period(request, kept)
    return AssessmentFilter(
        states=_states(kept["state"]),
        dispatcher_id=whole(kept["dispatcher"]),
        sign=Sign(kept["sign"]) if kept["sign"] in set(Sign) else None,
        since=since,
        until=until,
        claimed_by=request[USER].id if kept["mine"] == "1" else None,
    )


def told(kept: Kept, dispatchers: Sequence[Dispatcher]) -> Iterator[tuple[str, str | None]]:
    """Tell each filter that is set in words; None for a value that there is not."""
    known: Mapping[str, Mapping[str, str]] = {
        "state": {**STATES, "scored": N_("Assessed")},
        "dispatcher": {str(one.id): one.name for one in dispatchers},
        "sign": {**SIGNS},
        "mine": {"1": N_("In my hands")},
    }
    for name in FILTERS:
        value = kept[name]
        if name in {"from", "to"}:
            yield name, day_shown(value) if day(value) else None
        else:
            yield name, known[name].get(value)


def _states(text: str) -> frozenset[AssessmentState]:
    if text == "scored":
        return SCORED
    return frozenset({AssessmentState(text)}) if text in set(AssessmentState) else frozenset()
