"""Requests as anybody may read them: state, service, times, the enterprise, and words let be published."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiohttp import web

from cti_server.api.language import asked_language
from cti_server.auth.access import open_to_all
from cti_server.frame.language import N_, words
from cti_server.frame.words import APPEAL_STATES
from cti_server.open311.asking import bounds_of, count_in, several_in
from cti_server.open311.faults import Malformed, NotKnown
from cti_server.open311.formats import Value, answer
from cti_server.open311.services import service_of
from cti_server.open311.sources import OPEN311
from hotline.appeals.appeal import ENDED, PENDING, Appeal, AppealKind, AppealState
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order
from hotline.city.classifier import last_known

MOST = 1000
"""Requests of one answer, by the standard."""
_STATUSES = {"open": frozenset(AppealState) - ENDED, "closed": ENDED}
_LONGEST_ID = 12


@open_to_all
async def requests(request: web.Request) -> web.Response:
    """Give the requests that fit, the newest first; ids override all other arguments."""
    count_in(request)
    if ids := several_in(request.query, "service_request_id"):
        found = await by_ids(request, ids)
    else:
        found = await _fitting(request)
    return answer(request, "service_requests", await _written(request, found))


@open_to_all
async def one(request: web.Request) -> web.Response:
    """Give one request, as a list of one; raises NotKnown."""
    count_in(request)
    number = request.match_info["id"]
    found = await by_ids(request, [number])
    if not found:
        raise NotKnown(N_("service_request_id %(number)s was not found."), number=number)
    return answer(request, "service_requests", await _written(request, found))


async def _written(request: web.Request, found: Sequence[ListedAppeal]) -> Sequence[Value]:
    """Write the requests; of the applicant's words those that they and the centre have let be published."""
    texts = await request.app[OPEN311].public_texts.published([one.appeal.number for one in found])
    language = asked_language(request)
    return [_request(one, language, texts.get(one.appeal.number)) for one in found]


def is_public(appeal: Appeal) -> bool:
    """Tell whether programs see the appeal: it has a category, and is no request for public information."""
    return appeal.kind is not AppealKind.INFORMATION_REQUEST and bool(appeal.category)


def status_of(state: AppealState) -> str:
    """Open until the applicant or the centre ended it: an executor's word alone closes nothing."""
    return "closed" if state in ENDED else "open"


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def by_ids(request: web.Request, ids: Sequence[str]) -> Sequence[ListedAppeal]:
    """Find the requests of these ids, in their order; what is none is left out."""
    numbers = [one for one in ids if one.isascii() and one.isdecimal() and len(one) <= _LONGEST_ID]
    found = await request.app[OPEN311].appeal_lists.by_numbers(numbers)
    return [one for one in found if is_public(one.appeal)]


async def _fitting(request: web.Request) -> Sequence[ListedAppeal]:
    since, until = bounds_of(request)
    wanted = AppealFilter(
        states=_states(request),
        categories=frozenset(service_of(one).code for one in several_in(request.query, "service_code")),
        since=since,
        until=until + timedelta(seconds=1),  # "latest" counts; moments of the standard are whole seconds
    )
    lists = request.app[OPEN311].appeal_lists
    found = await lists.find(wanted, order=Order.NEWEST, limit=MOST)
    return [one for one in found if is_public(one.appeal)]


def _states(request: web.Request) -> frozenset[AppealState]:
    asked = [one.lower() for one in several_in(request.query, "status")]
    unknown = [one for one in asked if one not in _STATUSES]
    if unknown:
        raise Malformed(N_("status is open or closed, not %(status)s."), status=unknown[0][:100])
    return frozenset().union(*(_STATUSES[one] for one in asked))


def _request(listed: ListedAppeal, language: str, text: str | None) -> Value:
    appeal, gettext = listed.appeal, words(language).gettext
    service = last_known(appeal.category)
    return {
        "service_request_id": appeal.number,
        "status": status_of(appeal.state),
        "status_notes": gettext(APPEAL_STATES[appeal.state]),
        "service_name": service.name(language) if service else appeal.category,
        "service_code": appeal.category,
        "description": text,
        "agency_responsible": listed.executor or None,
        "service_notice": None,
        "requested_datetime": moment(appeal.registered_at),
        "updated_datetime": moment(appeal.state_since or appeal.registered_at),
        "expected_datetime": moment(appeal.due_at) if appeal.state in PENDING else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
