"""The directory for the hotline: entries found by words or a number, open or closed now, and one of them."""

from typing import Any

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.directory.sources import DIRECTORY
from cti_server.directory.words import DirectoryWords
from cti_server.frame.language import language_of
from cti_server.frame.lists import MOST_COUNTED, Kept, Part, chips, without_part
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city_data.directory import BODY_KINDS
from hotline.dialling.calling_out import is_dialled
from hotline.directory.bodies import bodies_in_force
from hotline.directory.entries import Entry, having
from hotline.errors import NotFound

PATH = "/directory"
LONGEST = 100


@allowed(Permission.SEE_KNOWLEDGE)
async def page(request: web.Request) -> web.Response:
    """`?q=` are words in any form, or a part of a number; `?kind=` is a group."""
    sources = request.app[DIRECTORY]
    kept = {name: request.query.get(name, "").strip()[:LONGEST] for name in ("q", "kind")}
    every = await sources.entries(contacts=request[USER].may(Permission.CALL_OUT))
    found = await having(every, kept["q"], sources.lemmas) if kept["q"] else every
    there, language = {one.kind for one in every}, language_of(request)
    parts = [
        Part(text=one.name(language), query={"kind": one.value}) for one in BODY_KINDS if one.value in there
    ]
    others = without_part(parts, kept)
    await audit(request, Action.SEARCH if kept["q"] else Action.VIEW, "directory", request.query_string)
    return render(
        request,
        "directory/list.html.jinja2",
        found=[one for one in found if _fits(one, kept)],
        kept=kept,
        chips=chips(
            parts, kept, _address, [sum(_fits(e, {**others, **one.query}) for e in found) for one in parts]
        ),
        most_counted=MOST_COUNTED,
        narrowed=any(kept.values()),
        **context(request),
    )


@allowed(Permission.SEE_KNOWLEDGE)
async def one(request: web.Request) -> web.Response:
    """One entry with its people and who stands in for whom."""
    key = request.match_info["key"]
    entry = next((one for one in await request.app[DIRECTORY].entries() if one.key == key), None)
    if entry is None:
        raise NotFound("There is no such entry in the directory.")
    await audit(request, Action.VIEW, f"directory:{key}")
    return render(request, "directory/entry.html.jinja2", one=entry, **context(request))


def context(request: web.Request) -> dict[str, Any]:
    """Give what all templates of the directory have."""
    words = DirectoryWords(bodies_in_force(), request.app[DIRECTORY].local(), language_of(request))
    return {"words": words, "is_dialled": is_dialled}


def _fits(entry: Entry, kept: Kept) -> bool:
    return not kept["kind"] or entry.kind == kept["kind"]


def _address(kept: Kept) -> str:
    return str(URL(PATH).with_query({name: value for name, value in kept.items() if value}))
