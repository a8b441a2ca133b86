"""Updates of requests (mySociety's extension `servicerequestupdates`): what moved, and when."""

from datetime import timedelta

from aiohttp import web

from cti_server.api.language import asked_language
from cti_server.auth.access import open_to_all
from cti_server.frame.language import words
from cti_server.frame.words import APPEAL_STATES
from cti_server.open311.asking import bounds_of, count_in
from cti_server.open311.formats import Value, answer
from cti_server.open311.listing import MOST, by_ids, moment, status_of
from cti_server.open311.sources import OPEN311
from hotline.appeals.handling import Entry


@open_to_all
async def updates(request: web.Request) -> web.Response:
    """Give the changes of state between two moments, the latest first; the words are the state's own."""
    count_in(request)
    since, until = bounds_of(request)
    found = await request.app[OPEN311].change_log.moved(since, until + timedelta(seconds=1), MOST)
    listed = await by_ids(request, list({one.number for one in found}))
    public = {one.appeal.number for one in listed}
    language = asked_language(request)
    told = [_update(one, language) for one in found if one.number in public]
    return answer(request, "service_request_updates", told)


def _update(entry: Entry, language: str) -> Value:
    return {
        "update_id": str(entry.id),
        "service_request_id": entry.number,
        "status": status_of(entry.after),
        "updated_datetime": moment(entry.at),
        "description": words(language).gettext(APPEAL_STATES[entry.after]),
        "media_url": None,
    }
