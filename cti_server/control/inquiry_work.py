"""Requests for information on the list of what waits: overdue ones, and answers to be read."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from attrs import field, frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import INQUIRIES_PART, TodoQuery
from cti_server.inquiries.listing import names_of, text_of
from cti_server.inquiries.sources import INQUIRIES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.inquiries.inquiries import Inquiry

MOST_ROWS = 50


@frozen(kw_only=True)
class InquiryWork:
    """Requests that wait for the centre; `names` are enterprises by id."""

    found: Sequence[Inquiry] = ()
    names: Mapping[int, str] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.found)


async def inquiry_work(request: web.Request, query: TodoQuery) -> InquiryWork:
    """Read those that wait for this user."""
    found = await _waiting(request, MOST_ROWS) if query.shows(INQUIRIES_PART) else ()
    if not found:
        return InquiryWork()
    names = await names_of(request)
    lemmas = request.app[CONTROL].lemmas
    said = await saying(found, lambda one: text_of(one, names), query.typed, lemmas)
    return InquiryWork(found=said, names=names)


async def count_inquiries(request: web.Request, _part: str, most: int) -> int:
    """Count them, up to `most`."""
    return len(await _waiting(request, most))


async def _waiting(request: web.Request, most: int) -> Sequence[Inquiry]:
    if INQUIRIES not in request.app or not request[USER].may(Permission.ASK_ENTERPRISES):
        return ()
    sources = request.app[INQUIRIES]
    return await sources.inquiries.waiting(sources.now(), most)
