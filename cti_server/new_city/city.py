"""The step of the city's name: it becomes a version of the city's own documents, like any later one."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.city_data.words import sentence
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, in_setup, noted
from cti_server.new_city.sources import NewCitySources
from hotline.appeals.paperwork import paperwork
from hotline.city_data.working_copy import WorkingCopy, faults_of
from hotline.documents.document import DocumentKind, revision
from hotline.foreign_text import tidied
from hotline.new_city.setup import SetupStep
from hotline.voice.city_name import city_name

FIELDS = ("name", "whose", "en", "organisation")
_SPOKEN = frozenset({SetupStep.VOICE, SetupStep.TRIAL})
"""Done for another name, they have to be done again."""


@in_setup
async def page(request: web.Request) -> web.Response:
    city = city_name()
    typed = dict.fromkeys(FIELDS, "")
    if city.own:
        organisation = paperwork().organisation
        typed = {"name": city.name, "whose": city.whose, "en": city.en, "organisation": organisation}
    return _page(request, typed)


@in_setup
async def save(request: web.Request) -> web.Response:
    """Put the names into force; on to the list."""
    form, sources = await request.post(), request.app[NEW_CITY]
    typed = {name: tidied(str(form.get(name, ""))) for name in FIELDS}
    names = {name: typed[name] for name in FIELDS if name != "organisation"}
    errors = await _put(request, sources, DocumentKind.CITY, names)
    errors |= await _put(request, sources, DocumentKind.PAPERWORK, {"organisation": typed["organisation"]})
    if errors:
        return _page(request, typed, errors)
    await noted(request, SetupStep.CITY, undoing=_SPOKEN)
    raise web.HTTPSeeOther(PATH)


async def _put(
    request: web.Request, sources: NewCitySources, kind: DocumentKind, values: Mapping[str, str]
) -> dict[str, str]:
    """Let the document hold with these values; where it has faults, give them by field and change nothing."""
    documents, now = sources.documents, sources.clock.now()
    copy = WorkingCopy(await documents.present(kind), await documents.draft(kind))
    [row] = copy.rows[""]
    text = copy.written({**copy.rows, "": [{**row, **values}]})
    if faults := [one for one in faults_of(kind, text) if one.field in values]:
        return {one.field: sentence(one, words_of(request).gettext) for one in faults}
    if text == copy.present.text:
        return {}
    draft = await documents.save_draft(kind, text, by=None, at=now, seen=copy.seen)
    seen = revision(copy.present.version, draft)
    await documents.put_into_force(kind, by=None, at=now, note="", seen=seen)
    return {}


def _page(
    request: web.Request, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> web.Response:
    status = 422 if errors else 200
    return render(
        request, "new_city/city.html.jinja2", status=status, typed=typed, errors=errors or {}, root=PATH
    )
