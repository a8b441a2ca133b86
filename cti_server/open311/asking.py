"""Arguments of requests: the jurisdiction, the count of a network, moments and lists of values."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.api.paging import within
from cti_server.clients import counted_as
from cti_server.frame.language import N_
from cti_server.open311.faults import Malformed, NotKnown
from cti_server.open311.sources import OPEN311
from hotline.foreign_text import storable

SPAN = timedelta(days=90)
_LONGEST = 2000
_MOST = 50
"""Values of one argument."""


def count_in(request: web.Request) -> None:
    """Count a reading; raises TooManyRequests, and NotKnown for a jurisdiction that is not ours."""
    request.app[OPEN311].asked.take(counted_as(request))
    require_jurisdiction(request, request.query)


def require_jurisdiction(request: web.Request, given: Mapping[str, str]) -> None:
    """Refuse another city's; there is one here, so that none has to be named."""
    named, ours = given.get("jurisdiction_id", ""), request.app[OPEN311].jurisdiction
    if named and named.lower().removeprefix("www.") != ours:
        raise NotKnown(
            N_("jurisdiction_id %(named)s was not found: here it is %(ours)s."), named=named[:100], ours=ours
        )


def text_in(given: Mapping[str, str], name: str, longest: int = _LONGEST) -> str:
    """Read an argument; an empty one is as none. Raises Malformed for what cannot be kept."""
    text = given.get(name, "").strip()
    if len(text) > longest or text != storable(text):
        raise Malformed(N_("%(name)s cannot be kept as it is: it is too long, or no text."), name=name)
    return text


def several_in(given: Mapping[str, str], name: str) -> Sequence[str]:
    """Read values divided by commas, each once."""
    found = dict.fromkeys(one.strip() for one in text_in(given, name).split(","))
    if len(found) > _MOST:
        raise Malformed(N_("%(name)s names too many: at most %(most)s."), name=name, most=_MOST)
    return [one for one in found if one]


def moment_in(given: Mapping[str, str], name: str) -> datetime | None:
    """Read a moment with its zone; raises Malformed."""
    text = text_in(given, name, 40).replace(" ", "+")  # a plus that was not escaped
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_moment(name) from error
    if moment.tzinfo is None or "T" not in text:
        raise _no_moment(name)
    return within(moment)


def bounds_of(request: web.Request) -> tuple[datetime, datetime]:
    """Read the range that is asked for: the last 90 days by itself, never more than 90."""
    since, until = (moment_in(request.query, name) for name in ("start_date", "end_date"))
    now = request.app[OPEN311].clock.now()
    if until is None:
        until = now if since is None else min(since + SPAN, max(now, since))
    since = until - SPAN if since is None else since
    if since > until:
        raise Malformed(N_("start_date is after end_date."))
    if until - since > SPAN:
        raise Malformed(N_("start_date and end_date span more than 90 days: ask for them one after another."))
    return since, until


def _no_moment(name: str) -> Malformed:
    return Malformed(N_("%(name)s is a moment with its zone, such as 2026-01-31T08:00:00Z."), name=name)
