"""`/report`, the first step: what it is and where. With both the second page follows, by the same address."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.appeals.form.sources import APPEALS
from cti_server.auth.access import public
from cti_server.frame.language import N_
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal import sending
from cti_server.portal.typed import Typed
from hotline.city.classifier import Category, Section, classifier

PATH = "/report"
MOST_FOUND = 6
Sections = Sequence[tuple[Section | None, Sequence[Category]]]
_NOTHING_FOUND = N_("Choose from the list what it is about: we did not understand the words.")


@public
async def page(request: web.Request) -> web.Response:
    """Ask what and where; words that fit several categories ask which of them is meant."""
    typed = Typed.from_query(request.query)
    found: Sequence[Category] = ()
    if not typed.known_category and typed.text:
        found = await request.app[APPEALS].categories.find(typed.text, MOST_FOUND)
        if len(found) == 1:
            typed, found = typed.about(found[0].code), ()
    if typed.known_category and typed.address:
        return await sending.ask(request, typed)
    asked = bool(request.query.get("what") or request.query.get("address"))
    fault = _NOTHING_FOUND if asked and not typed.known_category and not found else ""
    return rendered_page(
        request,
        "portal/where.html.jinja2",
        typed=typed,
        found=found,
        fault=fault,
        sections=offered_sections(),
    )


def offered_sections() -> Sections:
    """Give the categories of which faults are reported, by their sections."""
    known = classifier()
    return [
        (section, [one for one in some if one.code != known.information_request])
        for section, some in known.by_section()
    ]
