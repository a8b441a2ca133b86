"""The search while one types at the desk, and as a page. Each search is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.excerpts import excerpts_of
from cti_server.frame.language import N_, words_of
from cti_server.frame.marks import begun, marks
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.frame.words import APPEAL_STATES, OUTCOMES
from cti_server.keys import USER
from cti_server.search.sources import SEARCHING
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import asked_terms, words
from hotline.contact.numbers import masked
from hotline.desk.search import LONGEST_TEXT, Found, ResultGroup, last_digits
from hotline.meetings.meetings import Meeting

AT_THE_DESK = 6
ON_THE_PAGE = 50
NEEDED = {
    ResultGroup.PEOPLE: Permission.REGISTER_APPEALS,
    ResultGroup.APPEALS: Permission.SEE_APPEALS,
    ResultGroup.CALLS: Permission.SEE_CALLS,
    ResultGroup.TASKS: Permission.SEE_TASKS,
    ResultGroup.MEETINGS: Permission.SEE_MEETINGS,
    ResultGroup.SPOKEN: Permission.HEAR_RECORDINGS,
}
"""The permission that each group of results needs."""
GROUPS: Mapping[ResultGroup, str] = {
    ResultGroup.PEOPLE: N_("People"),
    ResultGroup.APPEALS: N_("Appeals"),
    ResultGroup.CALLS: N_("Calls"),
    ResultGroup.TASKS: N_("Tasks"),
    ResultGroup.MEETINGS: N_("Meetings"),
    ResultGroup.SPOKEN: N_("Said in calls"),
}


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """`?q=` is what to search for."""
    return render(request, "search/page.html.jinja2", **await _find(request, ON_THE_PAGE))


@allowed(Permission.SEE_APPEALS)
async def found(request: web.Request) -> web.Response:
    """The part that is put under the box; with `desk=1` its links leave the desk where it is."""
    at_desk = request.query.get("desk") == "1"
    shown = await _find(request, AT_THE_DESK if at_desk else ON_THE_PAGE)
    return render(request, "search/found.html.jinja2", **(shown | {"at_desk": at_desk}))


async def _find(request: web.Request, limit: int) -> dict[str, Any]:
    text, searching = request.query.get("q", "").strip(), request.app[SEARCHING]
    groups = searched(request[USER])
    result = await searching.search.find(text, groups, limit + 1) if text else Found()
    if ResultGroup.MEETINGS in groups and not last_digits(text):
        result = replace(result, meetings=await _meetings(request, text, limit + 1))
    await _write_down(request, text, result)
    texts = [part for one in result.appeals for part in (one.text, one.address)]
    texts += [one.text for one in result.tasks] + [one.topic for one in result.meetings]
    gettext = words_of(request).gettext
    return {
        "q": text,
        "longest": LONGEST_TEXT,
        "groups": groups,
        "found": result,
        "most": limit,
        "marks": await marks(searching.lemmas, result.terms, texts),
        "excerpts": await excerpts_of(result.spoken, result.terms, searching.lemmas, gettext),
        "names": begun(words(text)),
        "GROUPS": GROUPS,
        "APPEAL_STATES": APPEAL_STATES,
        "OUTCOMES": OUTCOMES,
        "grouped": grouped,
        "masked": masked,
        "at_desk": False,
    }


async def _meetings(request: web.Request, text: str, limit: int) -> Sequence[Meeting]:
    """Find meetings: all of them for who holds them, their own for others."""
    searching, user = request.app[SEARCHING], request[USER]
    whose = None if user.may(Permission.HOLD_MEETINGS) else user.id
    terms = await asked_terms(text[:LONGEST_TEXT], searching.lemmas)
    return await searching.meetings.find(whose, terms, limit)


def searched(user: User) -> list[ResultGroup]:
    """Tell which groups this user may see."""
    return [group for group, permission in NEEDED.items() if user.may(permission)]


async def _write_down(request: web.Request, text: str, result: Found) -> None:
    """Audit the people whose data came onto the screen."""
    if result.nothing:
        return
    shown = [
        *(f"citizen:{one.citizen.id}" for one in result.people),
        *(f"appeal:{one.number}" for one in result.appeals),
        *(f"call:{one.id}" for one in result.calls),
        *(f"task:{one.id}" for one in result.tasks),
        *(f"meeting:{one.id}" for one in result.meetings),
        *(f"transcript:{one.transcript.sound}" for one in result.spoken),
    ]
    await audit(request, Action.SEARCH, "search", f"{text} → {' '.join(shown)}")
